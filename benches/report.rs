//! The printed tables of figures.

use super::measure::{self, Cost, medians};
use super::options::{HELP, Options, Task};
use super::programs::{Program, programs, write_files};
use super::{chart, memory, table};
use std::path::{Path, PathBuf};

/// The sizes of `--growth`, as multiples of a program's own size.
const GROWTH: [usize; 4] = [1, 2, 4, 8];

/// Runs the task.
pub(crate) fn run(task: &Task) -> Result<(), String> {
    match task {
        Task::Help => println!("{HELP}"),
        Task::Once(words) => measure::once(words)?,
        Task::Chart => {
            chart::draw()?;
            memory::draw()?;
            table::write()?;
        }
        Task::Measure(options) => measure_all(options)?,
    }
    Ok(())
}

fn measure_all(options: &Options) -> Result<(), String> {
    let programs = programs(&options.names, options.tree.as_deref())?;
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let times = if options.growth { &GROWTH[..] } else { &[1] };
    write_files(folder.path(), &programs, times)?;
    if options.growth { growth(options, &programs, folder.path()) } else { costs(options, &programs, folder.path()) }
}

/// The binaries to measure.
fn binaries(options: &Options) -> Vec<&Path> {
    std::iter::once(&options.binary).chain(&options.against).map(PathBuf::as_path).collect()
}

/// The cost of a trivial program, which is the start-up.
fn start_up(options: &Options, runs: usize) -> Result<Vec<Cost>, String> {
    medians(&binaries(options), &["--eval", "--expr", "1"].map(str::to_owned), runs)
}

fn costs(options: &Options, programs: &[Program], files: &Path) -> Result<(), String> {
    println!("{:15} {:>8} {:>10} {:>9}{}", "program", "n", "time", "memory", second_heading(options));
    print_costs("start-up", "", &start_up(options, options.runs)?);
    for program in programs {
        let words = program.words(program.size, files);
        print_costs(&program.name, &program.size.to_string(), &medians(&binaries(options), &words, options.runs)?);
    }
    Ok(())
}

fn second_heading(options: &Options) -> &'static str {
    if options.against.is_some() { "   second:  time    memory   ratios" } else { "" }
}

fn print_costs(name: &str, size: &str, costs: &[Cost]) {
    let figures = |cost: &Cost| format!("{:>7.1} ms {:>6.1} MB", cost.milliseconds, cost.megabytes);
    let shown: Vec<_> = costs.iter().map(figures).collect();
    let ratios = match costs {
        [own, other] => {
            format!("  {:.2} {:.2}", own.milliseconds / other.milliseconds, own.megabytes / other.megabytes)
        }
        _ => String::new(),
    };
    println!("{name:15} {size:>8} {}{ratios}", shown.join("  "));
}

/// Prints the times at growing sizes. A linear cost doubles from column to column.
fn growth(options: &Options, programs: &[Program], files: &Path) -> Result<(), String> {
    let start = start_up(options, options.runs.max(5))?;
    if options.csv {
        println!("program,n,binary,n ms,2n ms,4n ms,8n ms,8n MB");
    } else {
        println!("{:15} {:>8}  milliseconds at n, 2n, 4n, 8n; how often as much at 8n as at n", "program", "n");
    }
    for program in programs {
        let at = |times| medians(&binaries(options), &program.words(program.size * times, files), options.runs);
        let rows = GROWTH.map(at).into_iter().collect::<Result<Vec<_>, _>>()?;
        for (which, start) in start.iter().enumerate() {
            let costs: Vec<Cost> = rows.iter().map(|row| row[which]).collect();
            let times: Vec<f64> = costs.iter().map(|cost| (cost.milliseconds - start.milliseconds).max(0.1)).collect();
            let memory = costs.last().map_or(0.0, |cost| cost.megabytes);
            print_growth(options, program, which, &times, memory);
        }
    }
    Ok(())
}

fn print_growth(options: &Options, program: &Program, which: usize, times: &[f64], memory: f64) {
    let own = if which == 0 { "Nivis" } else { "reference" };
    let Program { name, size, .. } = program;
    if options.csv {
        let times: Vec<_> = times.iter().map(|time| format!("{time:.1}")).collect();
        println!("{name},{size},{own},{},{memory:.0}", times.join(","));
        return;
    }
    let shown: String = times.iter().map(|time| format!("{time:>9.1}")).collect();
    let factor = times[times.len() - 1] / times[0];
    println!("{name:15} {size:>8} {shown}  ×{factor:<5.1}{}", if options.against.is_some() { own } else { "" });
}

//! The cost of a process.
//!
//! The system reports only the total of all ended children of a process. So the runner starts itself once more for
//! each run: that process has one child.

use super::programs::INPUT;
use nix::sys::resource::{Usage, UsageWho, getrusage};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The cost of one run.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cost {
    /// CPU time, including the system's, in milliseconds.
    pub(crate) milliseconds: f64,
    /// Peak memory, in megabytes.
    pub(crate) megabytes: f64,
}

/// Runs a program and prints its cost. This is the task of the process in between.
pub(crate) fn once(words: &[String]) -> Result<(), String> {
    let (program, arguments) = words.split_first().ok_or("nothing to run")?;
    let (program, arguments, input) = match arguments {
        [word, file, rest @ ..] if word == INPUT => {
            let input = File::open(file).map_err(|error| format!("{file}: {error}"))?;
            (repl_of(program), rest, Stdio::from(input))
        }
        _ => (program.into(), arguments, Stdio::null()),
    };
    let output = Command::new(&program)
        .args(arguments)
        // The result of an earlier run must not answer.
        .env("NIX_CONFIG", "eval-cache = false")
        .stdin(input)
        .output()
        .map_err(|error| format!("{}: {error}", program.display()))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).map_err(|error| error.to_string())?;
    println!("{} {}", microseconds(&usage), usage.max_rss());
    Ok(())
}

/// The program that has the REPL: C++ Nix's is beside its evaluator.
fn repl_of(program: &str) -> PathBuf {
    let path = Path::new(program);
    if path.file_name().is_some_and(|name| name == "nix-instantiate") {
        path.with_file_name("nix")
    } else {
        path.into()
    }
}

fn microseconds(usage: &Usage) -> i64 {
    [usage.user_time(), usage.system_time()].iter().map(|time| time.tv_sec() * 1_000_000 + time.tv_usec()).sum()
}

/// One run.
pub(crate) fn run(program: &Path, words: &[String]) -> Result<Cost, String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let output =
        Command::new(own).arg("--once").arg(program).args(words).output().map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout);
    let numbers: Vec<f64> = text.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let [microseconds, memory] = numbers[..] else {
        return Err(String::from_utf8_lossy(&output.stderr).trim().to_owned());
    };
    // Linux counts in KiB, macOS in bytes.
    let unit = if cfg!(target_os = "macos") { 1.0 } else { 1024.0 };
    Ok(Cost { milliseconds: microseconds / 1e3, megabytes: memory * unit / 1e6 })
}

/// The median of each figure over several runs, with the programs in turn, so that changes on the machine affect all
/// of them.
pub(crate) fn medians(programs: &[&Path], words: &[String], runs: usize) -> Result<Vec<Cost>, String> {
    let mut costs = vec![Vec::new(); programs.len()];
    for _ in 0..runs.max(1) {
        for (costs, program) in costs.iter_mut().zip(programs) {
            costs.push(run(program, words)?);
        }
    }
    let median = |costs: &Vec<Cost>| Cost {
        milliseconds: middle(costs.iter().map(|cost| cost.milliseconds).collect()),
        megabytes: middle(costs.iter().map(|cost| cost.megabytes).collect()),
    };
    Ok(costs.iter().map(median).collect())
}

fn middle(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
}

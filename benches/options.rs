//! The arguments after `cargo bench --`.

use std::path::PathBuf;

/// The help text.
pub(crate) const HELP: &str = "\
usage: cargo bench -- [OPTION…] [PROGRAM…]

Runs the programs of benches/programs, or those named, and prints the time of
the processor (the median of the runs) and the peak of the memory.

  --binary PATH   measure this program instead of the one cargo built
  --against PATH  measure a second one in turn, and print the ratios; any
                  program that takes nix-instantiate's words will do
  --tree PATH     run the programs of benches/trees too, with this tree of
                  packages (Nixpkgs) as <nixpkgs>
  --runs N        runs of each program (5)
  --growth        sizes n, 2n, 4n, 8n; start-up is subtracted
  --csv           the figures of --growth as docs/growth.csv has them
  --chart         no runs: draw docs/performance.svg, docs/memory.svg and the
                  tables of docs/performance.md from docs/performance.csv,
                  docs/memory.csv and docs/growth.csv";

/// The task to run.
pub(crate) enum Task {
    /// Print the help.
    Help,
    /// Measure.
    Measure(Options),
    /// Draw the chart and the tables.
    Chart,
    /// Run a program once and print its cost: used when the runner starts itself.
    Once(Vec<String>),
}

/// The options of a measurement.
pub(crate) struct Options {
    pub(crate) binary: PathBuf,
    pub(crate) against: Option<PathBuf>,
    pub(crate) tree: Option<PathBuf>,
    pub(crate) runs: usize,
    pub(crate) growth: bool,
    pub(crate) csv: bool,
    pub(crate) names: Vec<String>,
}

/// Parses the arguments.
pub(crate) fn read(words: impl Iterator<Item = String>) -> Result<Task, String> {
    let mut words = words.peekable();
    if words.next_if(|word| word == "--once").is_some() {
        return Ok(Task::Once(words.collect()));
    }
    let binary = PathBuf::from(env!("CARGO_BIN_EXE_nivis"));
    let mut options =
        Options { binary, against: None, tree: None, runs: 5, growth: false, csv: false, names: Vec::new() };
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("'{word}' needs a value"));
        match word.as_str() {
            "--help" => return Ok(Task::Help),
            "--chart" => return Ok(Task::Chart),
            // Cargo adds it.
            "--bench" => {}
            "--binary" => options.binary = value()?.into(),
            "--against" => options.against = Some(value()?.into()),
            "--tree" => options.tree = Some(value()?.into()),
            "--runs" => options.runs = value()?.parse().map_err(|_| "'--runs' needs a number".to_owned())?,
            "--growth" => options.growth = true,
            "--csv" => options.csv = true,
            flag if flag.starts_with('-') => return Err(format!("unknown option '{flag}'\n\n{HELP}")),
            _ => options.names.push(word),
        }
    }
    Ok(Task::Measure(options))
}

//! Runs each program of `benches/programs` several times and prints the fastest, with the heap it took.
//!
//! `cargo bench` runs all, `cargo bench -- NAME…` some. Wall time moves with the machine's load; to compare two versions count
//! instructions: `valgrind --tool=callgrind target/release/nivis --eval benches/programs/fib.nix`.

#![allow(clippy::print_stdout, clippy::print_stderr)]

use nivis::{Engine, Settings};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const RUNS: usize = 5;

fn programs(wanted: &[String]) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../benches/programs");
    let mut all: Vec<_> = folder.read_dir().into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    all.sort();
    all.retain(|path| wanted.is_empty() || wanted.iter().any(|name| Some(name.as_str()) == name_of(path)));
    all
}

fn name_of(path: &Path) -> Option<&str> {
    path.file_stem()?.to_str()
}

/// Time and heap bytes of one run in a new engine.
fn run(path: &Path) -> Result<(Duration, usize), nivis::Error> {
    let start = Instant::now();
    let mut engine = Engine::new(Settings::default());
    engine.eval_file(path)?;
    Ok((start.elapsed(), engine.heap_bytes()))
}

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    println!("{:12} {:>10} {:>10}", "program", "fastest", "heap");
    for path in programs(&wanted) {
        let name = name_of(&path).unwrap_or_default();
        match (0..RUNS).map(|_| run(&path)).collect::<Result<Vec<_>, _>>() {
            Ok(runs) => {
                let fastest = runs.iter().map(|run| run.0).min().unwrap_or_default();
                let heap = runs.first().map_or(0, |run| run.1);
                println!("{name:12} {:>7.1} ms {:>7.1} MB", fastest.as_secs_f64() * 1e3, heap as f64 / 1e6);
            }
            Err(error) => println!("{name:12} {error}"),
        }
    }
}

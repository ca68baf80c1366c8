//! The benchmark runner: runs each program of `benches/programs`, and prints its CPU time and memory.
//!
//! `cargo bench` runs all of them with the program that cargo built; `cargo bench -- --help` lists its options. Each
//! run is a separate process, so that memory is counted from zero and other binaries can be measured in the same way.

#![allow(clippy::print_stdout, clippy::print_stderr)]

#[cfg(unix)]
mod chart;
#[cfg(unix)]
mod measure;
#[cfg(unix)]
mod memory;
#[cfg(unix)]
mod options;
#[cfg(unix)]
mod programs;
#[cfg(unix)]
mod report;
#[cfg(unix)]
mod table;

#[cfg(unix)]
fn main() -> std::process::ExitCode {
    match options::read(std::env::args().skip(1)).and_then(|task| report::run(&task)) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            std::process::ExitCode::FAILURE
        }
    }
}

#[cfg(not(unix))]
fn main() {
    println!("The benchmarks ask the system what a process cost, which they can do on Unix only.");
}

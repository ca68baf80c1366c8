//! A server in miniature: threads answer requests, each within limits, and take no more memory for the last ones than for the
//! first ones. Prints the resident memory now and then.

#![allow(clippy::print_stdout)]

use nivis::front::{Data, Error, Kind, Nix};
use std::time::Duration;

/// The answer to a request: a number of packages, of which it sums up the sizes.
const PROGRAM: &str = "
    request:
    let
      package = index: {
        name = \"package-${toString index}\";
        size = index * 7;
        tags = builtins.genList (tag: \"tag-${toString (tag + index)}\") 10;
      };
      packages = builtins.genList package request.count;
      total = builtins.foldl' (sum: { size, tags, ... }: sum + size + builtins.length tags) 0 packages;
    in
    \"${request.name}: ${toString total}\"
";

/// The resident memory of this process in MiB, where the system tells it.
fn resident() -> Option<usize> {
    let text = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: usize = text.split_ascii_whitespace().nth(1)?.parse().ok()?;
    Some((pages * 4096) >> 20)
}

/// Answers requests. Some ask for too much, which is their error alone.
fn serve(nix: &Nix, thread: usize) -> Result<(), Error> {
    let mut session = nix.session();
    let answer = session.eval(PROGRAM)?;
    for number in 1..=5_000 {
        let count = if number % 1_000 == 500 { 100_000_000 } else { number % 700 + 300 };
        let request = Data::set([("name", Data::from(format!("request {number}"))), ("count", count.into())]);
        match session.call::<String>(&answer, request) {
            Ok(text) if number % 1_000 == 0 => println!("thread {thread}: {text}, {:?} MiB", resident()),
            Ok(_) => {}
            Err(error) if matches!(error.kind(), Kind::OutOfMemory | Kind::TimedOut) => {
                println!("thread {thread}: request {number}: {error}");
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn main() -> Result<(), Error> {
    let nix = Nix::sandboxed().memory_limit(64 << 20).time_limit(Duration::from_secs(2));
    std::thread::scope(|threads| {
        let nix = &nix;
        let running = [1, 2].map(|thread| threads.spawn(move || serve(nix, thread)));
        running.into_iter().try_for_each(|thread| thread.join().unwrap_or(Ok(())))
    })
}

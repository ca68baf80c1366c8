//! A server in miniature: one engine answers 10,000 requests, and takes no more memory for the last ones than for the
//! first ones. Prints the resident memory now and then.

#![allow(clippy::print_stdout)]

use nivis::{Engine, Result, Settings};

/// What answers a request: a number of packages, of which it sums up the sizes.
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

fn main() -> Result<()> {
    let mut engine = Engine::new(Settings::default());
    let answer = engine.eval_str(PROGRAM)?;
    for number in 1..=10_000 {
        let request = engine.enter(|cx| {
            let (name, count) = (cx.string(format!("request {}", number % 100)), cx.int(number % 700 + 300));
            cx.keep(cx.attrs_of(&[("name", name), ("count", count)]))
        });
        let reply = engine.call(&answer, &[&request])?;
        let text = engine.render(&reply)?;
        if number % 1_000 == 0 {
            let cycles = engine.collection_figures().cycles;
            println!("{text} after {number} requests and {cycles} collections: {:?} MiB", resident());
        }
    }
    Ok(())
}

//! The cost of an evaluation: `NIX_SHOW_STATS=1` for scripts, with C++ Nix's names for what means the same here, and
//! `NIVIS_STATS=1` to find what takes memory.
//!
//! Objects are counted at the end: all that were made or, if the heap was collected, those that are left. What C++ Nix
//! counts while it evaluates (calls, lookups) is left out: counting would cost time, and calls are not the same ones here.

use crate::output::stdio;
use nivis::{Engine, print};
use std::ffi::OsString;
use std::fmt::Write as _;

/// Says what the environment asks for.
pub(crate) fn report(engine: &Engine) {
    if std::env::var_os("NIVIS_STATS").is_some() {
        stdio::eprint_line(table(engine).trim_end());
    }
}

/// Says what `NIX_SHOW_STATS` asks for.
pub(crate) fn show(engine: &Engine) {
    if std::env::var_os("NIX_SHOW_STATS").is_none_or(|value| value == "0") {
        return;
    }
    let text = print::indented_json(json(engine, processor_seconds()).as_bytes());
    match std::env::var_os("NIX_SHOW_STATS_PATH").filter(|path| path != "-") {
        None => stdio::eprint_bytes(&text),
        Some(path) => write(path, &text),
    }
}

fn write(path: OsString, text: &[u8]) {
    if let Err(error) = std::fs::write(&path, [text, b"\n"].concat()) {
        let (path, reason) = (path.display(), stdio::reason(&error));
        stdio::eprint_line(&format!("warning: statistics can't be written to '{path}': {reason}"));
    }
}

fn table(engine: &Engine) -> String {
    let mut text = format!("{:>12} {:>14}  kind\n", "objects", "bytes");
    for count in engine.census().into_iter().filter(|count| count.objects > 0) {
        let _ = writeln!(text, "{:>12} {:>14}  {}", count.objects, count.bytes, count.kind);
    }
    let figures = engine.collection_figures();
    let (cycles, live, freed) = (figures.cycles, figures.live_bytes, figures.freed_bytes);
    let (all, longest) = (figures.time.as_secs_f64(), figures.longest.as_secs_f64());
    let _ = writeln!(
        text,
        "{cycles} collections in {all:.3} s, at most {longest:.3} s; {live} bytes lived, {freed} were freed"
    );
    text
}

/// One object, its names sorted.
fn json(engine: &Engine, seconds: Option<f64>) -> String {
    let census = engine.census();
    let sum = |kinds: &[&str]| {
        let counts = census.iter().filter(|count| kinds.contains(&count.kind));
        counts.fold((0, 0), |(objects, bytes), count| (objects + count.objects, bytes + count.bytes))
    };
    let (lists, list_bytes) = sum(&["list"]);
    let (plain_sets, plain_bytes) = sum(&["set"]);
    let (sets, _) = sum(&["set", "layered set"]);
    let (_, set_bytes) = sum(&["set", "layered set", "shape", "name order"]);
    let (thunks, _) = sum(&["thunk", "delayed call"]);
    let (heap, collections) = (engine.heap_bytes(), engine.collection_figures());
    let (cycles, live, gc) = (collections.cycles, collections.live_bytes, collections.time.as_secs_f64());
    let fraction = seconds.filter(|seconds| *seconds > 0.0).map_or(0.0, |seconds| gc / seconds);
    let cpu = seconds.map(|seconds| format!("\"cpuTime\":{seconds:.2},")).unwrap_or_default();
    let time = seconds.map(|seconds| format!("\"cpu\":{seconds:.2},")).unwrap_or_default();
    format!(
        "{{{cpu}\"gc\":{{\"cycles\":{cycles},\"heapSize\":{heap},\"liveBytes\":{live},\"totalBytes\":{total}}},\
         \"list\":{{\"bytes\":{list_bytes},\"elements\":{elements}}},\"nrThunks\":{thunks},\
         \"sets\":{{\"bytes\":{set_bytes},\"elements\":{attributes},\"number\":{sets}}},\"sizes\":{{\"Value\":8}},\
         \"symbols\":{{\"number\":{symbols}}},\"time\":{{{time}\"gc\":{gc:.2},\"gcFraction\":{fraction:.2}}}}}",
        // A list is a header and its elements; a set a header, its shape and its values.
        elements = list_bytes / 8 - lists,
        attributes = (plain_bytes / 8).saturating_sub(2 * plain_sets),
        symbols = engine.symbol_count(),
        total = heap + collections.freed_bytes,
    )
}

/// The processor time of the program itself, if the system has it.
fn processor_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program, in parentheses, may have spaces. The time is the 12th word after it, in hundredths.
    let words = text.rsplit_once(')')?.1;
    let hundredths: f64 = words.split_ascii_whitespace().nth(11)?.parse().ok()?;
    Some(hundredths / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use nivis::Settings;

    #[test]
    fn objects_are_counted() {
        let mut engine = Engine::new(Settings::default());
        let counted = |engine: &Engine, name: &str| -> Option<usize> {
            let text = json(engine, Some(0.5));
            let rest = text.split(&format!("\"{name}\":")).last()?;
            rest.split([',', '}']).next()?.parse().ok()
        };
        let before = ["elements", "number", "nrThunks"].map(|name| counted(&engine, name));
        assert!(engine.eval_str("{ a = 1 + 1; b = [ 1 2 3 ]; }").is_ok());
        let after = ["elements", "number", "nrThunks"].map(|name| counted(&engine, name));
        assert!(before.iter().chain(&after).all(Option::is_some));
        assert!(after[0] > before[0] && after[2] > before[2], "{before:?} {after:?}");
        assert!(json(&engine, Some(0.5)).starts_with("{\"cpuTime\":0.50,\"gc\":{\"cycles\":0,"));
        assert!(json(&engine, None).starts_with("{\"gc\":{"));
    }
}

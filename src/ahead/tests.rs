//! Tests of lowering ahead: what is followed, and that results are for the same text only.

use super::*;
use crate::ir::Constant;
use std::time::{Duration, Instant};

fn options() -> Options {
    let read: ReadAhead = |path| match path {
        b"/tree/a.nix" => Some(b"import ./folder".to_vec()),
        b"/tree/folder/default.nix" => Some(b"import ../b.nix".to_vec()),
        b"/tree/b.nix" => Some(b"{ x = 1; }".to_vec()),
        b"/tree/wrong.nix" => Some(b"{ x = ".to_vec()),
        _ => None,
    };
    let (home, pipe_operators, lints, encodes) = (None, false, Lints::default(), true);
    let mut names = KnownNames::default();
    names.globals.insert((*b"import").into(), Some(1));
    Options { read, home, pipe_operators, lints, names, encodes }
}

fn unit_of(literals: &[&str]) -> Unit {
    let literal = |text: &&str| Constant::RelativePath(text.as_bytes().into());
    Unit { constants: literals.iter().map(literal).collect(), ..Unit::default() }
}

fn folder() -> Option<Folder> {
    Some(Folder { path: b"/tree".to_vec(), place: b"/tree".to_vec(), within: None })
}

/// True once a file has been lowered from this text.
fn comes(ahead: &LoweringAhead, path: &str, text: &str) -> bool {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(60) {
        // Not `take`: a file that is needed is not lowered ahead any more.
        if ahead.desk.agenda().has(path.as_bytes()) {
            return ahead.take(path.as_bytes(), text.as_bytes()).is_some();
        }
        std::thread::yield_now();
    }
    false
}

#[test]
fn files_that_files_name() {
    let Some(ahead) = LoweringAhead::start(options()) else { return };
    ahead.follow(folder, &unit_of(&["./a.nix", "./missing.nix", "./text.txt"]));
    assert!(comes(&ahead, "/tree/a.nix", "import ./folder"));
    assert!(comes(&ahead, "/tree/folder", "import ../b.nix"), "once `a.nix` is needed");
    assert!(comes(&ahead, "/tree/b.nix", "{ x = 1; }"));
    assert!(ahead.take(b"/tree/a.nix", b"import ./folder").is_none(), "a result is used once");
}

#[test]
fn another_text() {
    let Some(ahead) = LoweringAhead::start(options()) else { return };
    ahead.follow(folder, &unit_of(&["./b.nix"]));
    assert!(!comes(&ahead, "/tree/b.nix", "{ x = 2; }"));
    assert!(ahead.take(b"/tree/wrong.nix", b"{ x = ").is_none());
}

#[test]
fn paths_of_a_limited_evaluation() {
    let within = Some((*b"/tree/sub").into());
    let found = Found::of(&unit_of(&["./sub/a.nix", "./b.nix", "./subway/c.nix"]), || {
        folder().map(|folder| Folder { within, ..folder })
    });
    let series = found.expect("there are paths").series();
    let paths: Vec<_> = series.targets.iter().map(|target| target.path.as_slice()).collect();
    assert_eq!(paths, [b"/tree/sub/a.nix"]);
}

#[test]
fn what_may_be_a_program() {
    let count = |literals: &[&str]| Found::of(&unit_of(literals), folder).map(|found| found.series().targets.len());
    assert_eq!(count(&["./a.nix", "../b", "./.", "../x.y/c"]), Some(4));
    assert_eq!(count(&["./a.patch", "./b.c"]), None);
    assert_eq!(count(&[]), None);
    let many: Vec<String> = (0..5000).map(|number| format!("./{number}.nix")).collect();
    assert_eq!(count(&many.iter().map(String::as_str).collect::<Vec<_>>()), None, "a catalogue");
}

#[test]
fn a_sequence_in_a_large_file() {
    let many: Vec<String> = (0..200).map(|number| format!("./{number}.nix")).collect();
    let found = Found::of(&unit_of(&many.iter().map(String::as_str).collect::<Vec<_>>()), folder);
    let mut series = found.expect("there are paths").series();
    let followed = |series: &mut series::Series| std::iter::from_fn(|| series.next().map(drop)).count();
    assert_eq!(followed(&mut series), 0);
    let table = [(10, 0), (11, 2), (13, 4), (15, 6), (100, 0), (102, 2), (50, 0)];
    for (needed, expected) in table {
        series.need(needed);
        assert_eq!(followed(&mut series), expected, "{needed}");
    }
}

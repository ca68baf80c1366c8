//! Sessions of the REPL: `tests/transcripts/name.in` is the input, `name.out` the output.

use crate::support::{expect, files, neutral, nivis, project, run_with_input};
use libtest_mimic::{Failed, Trial};
use std::path::{Path, PathBuf};

/// One trial per session.
pub(crate) fn trials() -> Vec<Trial> {
    let name = |path: &Path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let trial = |path: PathBuf| Trial::test(format!("transcripts/{}", name(&path)), move || check(&path));
    files(&project().join("tests/transcripts"), ".in").into_iter().map(trial).collect()
}

fn check(path: &Path) -> Result<(), Failed> {
    let mut command = nivis();
    let folder = project().join("tests/transcripts");
    command.arg("repl").current_dir(&folder);
    let output = run_with_input(command, &std::fs::read(path)?)?;
    let both = [output.stdout, b"--- stderr\n".to_vec(), output.stderr].concat();
    expect(&path.with_extension("out"), &neutral(&folder, &both), "the session")
}

//! Sessions of the REPL in `tests/sessions/*.md`: a fence `repl` is a session as displayed, with prompts and answers.
//!
//! The text after `nivis> `, `debug> ` and, on further lines, `     > ` is input; the rest is output. Words after
//! `repl` are flags.

use crate::markdown::{self, Case};
use crate::support::{files, isolated, neutral, project, run_with_input};
use libtest_mimic::{Failed, Trial};
use std::path::Path;
use std::process::Command;

const PROMPTS: [&str; 3] = ["nivis>", "debug>", "     >"];

/// One trial per session; when accepting, one per file.
pub(crate) fn trials() -> Vec<Trial> {
    trials_in("tests/sessions", "sessions")
}

/// The same for the pages in another folder of the project; the trials' names begin with `group`.
pub(crate) fn trials_in(folder: &str, group: &str) -> Vec<Trial> {
    let trials = |path: &Path| markdown::trials(&format!("{group}/{}", markdown::stem(path)), path, run);
    files(&project().join(folder), ".md").iter().flat_map(|path| trials(path)).collect()
}

/// The present text of the session.
fn run(session: &Case, _: &str) -> Result<String, Failed> {
    let folder = tempfile::tempdir()?;
    for (path, contents) in &session.files {
        let path = folder.path().join(path);
        path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        std::fs::write(path, contents)?;
    }
    let lines = session.program.lines();
    let typed = lines.filter_map(|line| PROMPTS.iter().find_map(|prompt| line.strip_prefix(prompt)));
    let typed: String = typed.map(|line| format!("{}\n", line.strip_prefix(' ').unwrap_or(line))).collect();
    let mut command = isolated(Command::new("sh"));
    // Answers and errors in one stream, as on a terminal.
    command.args(["-c", "exec \"$0\" repl $FLAGS 2>&1", env!("CARGO_BIN_EXE_nivis")]);
    command.env("_NIX_TEST_REPL_ECHO", "1").env("FLAGS", session.words.join(" ")).env("EDITOR", "echo");
    command.env("HOME", folder.path()).current_dir(folder.path());
    let output = run_with_input(command, typed.as_bytes())?;
    Ok(String::from_utf8_lossy(&neutral(folder.path(), &output.stdout)).into_owned())
}

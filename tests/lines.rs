//! Command lines in `tests/lines`, with C++ Nix's answers.
//!
//! The files are Markdown. A fence `file PATH` is a file for the lines after it. A fence `console` has lines:
//!
//! ```text
//! $ nix-instantiate --eval -E 'throw "no"'
//! ! error: no
//! ? 1
//! ```
//!
//! After a `$` comes the input of a shell, in a separate folder that is written `/pwd`. The rest was recorded from
//! C++ Nix 2.34.8: standard output as it is, `\ no newline` if its last line has no end, `!` before lines of standard
//! error, and `?` before a status other than 0. For an error with a trace, only the message and its place are kept,
//! without indentation.
//!
//! A line with `# reason` above it differs from C++ Nix, for that reason, and must keep differing.

use crate::support::{cache, difference, failed_at, files, links, neutral, project, with_files};
use libtest_mimic::{Failed, Trial};
use std::path::Path;
use std::process::{Command, Stdio};

#[derive(Clone, Debug)]
struct Line {
    command: String,
    /// Its line in the file, counted from 1.
    number: usize,
    /// The reason for the difference.
    reason: Option<String>,
    recorded: String,
    /// The paths and contents of its files.
    files: Vec<(String, String)>,
}

/// One trial per line.
pub(crate) fn trials() -> Vec<Trial> {
    let all = files(&project().join("tests/lines"), ".md");
    all.iter().flat_map(|path| file_trials(path)).collect()
}

fn file_trials(path: &Path) -> Vec<Trial> {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let trial = |line: Line| {
        let path = path.to_owned();
        Trial::test(format!("lines/{stem}: {}", line.command), move || {
            check(&line).map_err(|failed| failed_at(&path, Some(line.number), failed))
        })
    };
    lines(&text).into_iter().map(trial).collect()
}

fn lines(text: &str) -> Vec<Line> {
    let (mut lines, mut files) = (Vec::new(), Vec::new());
    let mut rest = text.lines().zip(1..);
    while let Some((line, _)) = rest.next() {
        let Some(kind) = line.strip_prefix("```") else { continue };
        let body: Vec<(&str, usize)> = rest.by_ref().take_while(|(line, _)| *line != "```").collect();
        match kind.strip_prefix("file ") {
            Some(path) => files.push((path.to_owned(), body.iter().map(|(line, _)| format!("{line}\n")).collect())),
            None => add_console(&mut lines, &body, &files),
        }
    }
    lines
}

fn add_console(lines: &mut Vec<Line>, body: &[(&str, usize)], files: &[(String, String)]) {
    let mut reason = None;
    for (text, number) in body {
        if let Some(why) = text.strip_prefix("# ") {
            reason = Some(why.to_owned());
        } else if let Some(command) = text.strip_prefix("$ ") {
            let reason = reason.take();
            let (command, number, files) = (command.to_owned(), *number, files.to_vec());
            lines.push(Line { command, number, reason, files, recorded: String::new() });
        } else if let Some(line) = lines.last_mut() {
            line.recorded.push_str(text);
            line.recorded.push('\n');
        }
    }
}

fn check(line: &Line) -> Result<(), Failed> {
    let got = run(line)?;
    let is_same = got == line.recorded;
    match &line.reason {
        None if !is_same => Err(difference(&format!("$ {}", line.command), line.recorded.as_bytes(), got.as_bytes())),
        Some(reason) if is_same => Err(format!("is as in C++ Nix now; its reason was: {reason}").into()),
        _ => Ok(()),
    }
}

/// The present output of the line, in the recorded form.
fn run(line: &Line) -> Result<String, Failed> {
    with_files(&line.files, |folder| run_in(folder, &line.command))
}

fn run_in(folder: &Path, command: &str) -> Result<String, Failed> {
    let output = shell(command, folder).output()?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(&neutral(folder, bytes)).into_owned();
    let mut out = text(&output.stdout);
    if !out.is_empty() && !out.ends_with('\n') {
        out.push_str("\n\\ no newline\n");
    }
    for told in told(&text(&output.stderr)) {
        out.push_str(format!("! {told}").trim_end());
        out.push('\n');
    }
    match output.status.code() {
        Some(0) => {}
        Some(code) => out.push_str(&format!("? {code}\n")),
        None => out.push_str("? killed\n"),
    }
    Ok(out)
}

fn shell(command: &str, folder: &Path) -> Command {
    let path = std::env::var("PATH").unwrap_or_default();
    let mut shell = Command::new("sh");
    shell.args(["-c", command]).current_dir(folder).env_clear();
    shell.env("PATH", format!("{}:{path}", links().display()));
    for (name, place) in [("HOME", "home"), ("NIX_CONF_DIR", "conf"), ("NIX_STATE_DIR", "state")] {
        shell.env(name, folder.join(place));
    }
    shell.env("XDG_CACHE_HOME", cache()).env("NIVIS_OFFLINE", "1");
    shell.env("NIX_CONFIG", "extra-experimental-features = nix-command");
    shell.env("NIX_REMOTE", "dummy://?read-only=false");
    shell.env("LC_ALL", "C").env("NO_COLOR", "1").env("TEST_VAR", "foo");
    shell.stdin(Stdio::null());
    shell
}

/// Standard error without the traces of its last error.
fn told(text: &str) -> Vec<&str> {
    let lines: Vec<&str> = text.lines().collect();
    let is_message = |line: &&str| line.trim().starts_with("error:") && line.trim() != "error:";
    let Some(last) = lines.iter().rposition(is_message) else { return lines };
    let first = lines.iter().position(|line| line.trim() == "error:").map_or(last, |first| first.min(last));
    let message = lines[last..].iter().map(|line| line.trim()).filter(|line| !line.is_empty());
    lines[..first].iter().copied().chain(message).collect()
}

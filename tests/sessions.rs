//! Sessions of the REPL in `tests/sessions/*.md`: a fence `repl` is a session as one sees it, prompts and answers.
//!
//! What follows `nivis> ` and, on further lines, `     > ` is typed; the rest is what the program answers. Words behind `repl`
//! are flags. The heading above names the session. A fence `file PATH` is a file that the sessions below it see.

use crate::support::{accepts, difference, files, isolated, neutral, project, run_with_input};
use libtest_mimic::{Failed, Trial};
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;

const PROMPT: &str = "nivis> ";
const CONTINUATION: &str = "     > ";

struct Session {
    name: String,
    flags: String,
    text: String,
    place: Range<usize>,
    /// Paths and contents of the files that it sees.
    files: Vec<(String, String)>,
}

/// One trial per session; when accepting, one per file.
pub(crate) fn trials() -> Vec<Trial> {
    files(&project().join("tests/sessions"), ".md").into_iter().flat_map(|path| file_trials(&path)).collect()
}

fn file_trials(path: &Path) -> Vec<Trial> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let sessions = sessions(&text);
    if accepts() {
        let path = path.to_owned();
        return vec![Trial::test(format!("sessions/{stem}"), move || accept(&path, &text, sessions))];
    }
    let trial = |session: Session| Trial::test(format!("sessions/{stem}: {}", session.name), move || check(&session));
    sessions.into_iter().map(trial).collect()
}

fn sessions(text: &str) -> Vec<Session> {
    let (mut sessions, mut files) = (Vec::new(), Vec::new());
    let (mut heading, mut in_heading) = (String::new(), false);
    let mut fence: Option<(String, String, Range<usize>)> = None;
    for (event, range) in Parser::new(text).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { .. }) => {
                heading.clear();
                in_heading = true;
            }
            Event::End(TagEnd::Heading(_)) => in_heading = false,
            Event::Text(part) | Event::Code(part) if in_heading => heading.push_str(&part),
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(kind))) => {
                fence = Some((kind.to_string(), String::new(), 0..0));
            }
            Event::Text(part) => {
                if let Some((_, body, place)) = &mut fence {
                    if body.is_empty() {
                        *place = range.clone();
                    }
                    place.end = range.end;
                    body.push_str(&part);
                }
            }
            Event::End(TagEnd::CodeBlock) => {
                let Some((kind, text, place)) = fence.take() else { continue };
                if let Some(path) = kind.strip_prefix("file ") {
                    files.push((path.to_owned(), text));
                } else if let Some(flags) = kind.strip_prefix("repl") {
                    let (name, flags) = (heading.clone(), flags.trim().to_owned());
                    sessions.push(Session { name, flags, text, place, files: files.clone() });
                }
            }
            _ => {}
        }
    }
    sessions
}

/// The session as the program makes it.
fn actual(session: &Session) -> Result<String, Failed> {
    let folder = tempfile::tempdir()?;
    for (path, contents) in &session.files {
        std::fs::write(folder.path().join(path), contents)?;
    }
    let typed: String = session
        .text
        .lines()
        .filter_map(|line| line.strip_prefix(PROMPT.trim_end()).or_else(|| line.strip_prefix(CONTINUATION.trim_end())))
        .map(|line| format!("{}\n", line.strip_prefix(' ').unwrap_or(line)))
        .collect();
    let mut command = isolated(Command::new("sh"));
    // Answers and errors in one stream, as a terminal shows them.
    command.args(["-c", "exec \"$0\" repl $FLAGS 2>&1", env!("CARGO_BIN_EXE_nivis")]);
    command.env("_NIX_TEST_REPL_ECHO", "1").env("FLAGS", &session.flags).env("EDITOR", "echo");
    command.env("HOME", folder.path()).current_dir(folder.path());
    let output = run_with_input(command, typed.as_bytes())?;
    Ok(String::from_utf8_lossy(&neutral(folder.path(), &output.stdout)).into_owned())
}

fn check(session: &Session) -> Result<(), Failed> {
    let got = actual(session)?;
    if got.trim_end() == session.text.trim_end() {
        return Ok(());
    }
    Err(difference("session", session.text.as_bytes(), got.as_bytes()))
}

/// Rewrites the sessions of a file, last first so that places stay right.
fn accept(path: &PathBuf, text: &str, sessions: Vec<Session>) -> Result<(), Failed> {
    let mut new = text.to_owned();
    for session in sessions.iter().rev() {
        new.replace_range(session.place.clone(), &format!("{}\n", actual(session)?.trim_end()));
    }
    Ok(std::fs::write(path, new)?)
}

//! `:e`: a definition in the user's editor. Ctrl-X Ctrl-E: the line that is being typed.

use super::words;
use crate::command_line::words::usage;
use crate::config::files;
use crate::output::stdio;
use crate::prompt::session::{Document, OwnBindings, Reply, Session};

use nivis::{ErrorKind, Result};
use nix::sys::termios::{InputFlags, LocalFlags, OutputFlags, SetArg, tcgetattr, tcsetattr};
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use tempfile::NamedTempFile;

/// Editors that take `+LINE` in front of a file.
const TAKE_LINES: [&str; 7] = ["emacs", "nano", "vim", "kak", "vi", "micro", "hx"];

/// Terminals mark pasted text after the first, and not after the second.
const MARK_PASTES: &str = "\x1b[?2004h";
const LEAVE_PASTES: &str = "\x1b[?2004l";

/// A line that is being typed, after the user has edited it; `None` if it can't be edited.
pub(super) fn edit_line(line: &str) -> Option<String> {
    let terminal = io::stdin();
    let raw = tcgetattr(&terminal).ok()?;
    let mut usual = raw.clone();
    usual.input_flags |= InputFlags::ICRNL | InputFlags::IXON;
    usual.output_flags |= OutputFlags::OPOST;
    usual.local_flags |= LocalFlags::ICANON | LocalFlags::ECHO | LocalFlags::ISIG | LocalFlags::IEXTEN;
    tcsetattr(&terminal, SetArg::TCSADRAIN, &usual).ok()?;
    // Nothing can be done if the terminal does not take this.
    let _ = stdio::print(LEAVE_PASTES.as_bytes());
    let edited = edited(line);
    if let Err(error) = &edited {
        stdio::eprint_line(&format!("\nerror: {error}"));
    }
    let _ = stdio::print(MARK_PASTES.as_bytes());
    tcsetattr(&terminal, SetArg::TCSADRAIN, &raw).ok()?;
    edited.ok()
}

fn edited(line: &str) -> Result<String> {
    let file = copy(format!("{line}\n").as_bytes())?;
    run_on(file.path(), 0)?;
    let text = fs::read(file.path()).map_err(|error| ErrorKind::Io(format!("reading what was edited: {error}")))?;
    Ok(String::from_utf8_lossy(&text).trim_end().to_owned())
}

/// Runs the editor on a document and waits until it ends. If its file is another then, all files are loaded again.
pub(super) fn edit(session: &mut Session<'_>, document: &Document) -> Reply {
    let edited = match &document.place {
        Ok(path) => edit_file(session, Path::new(OsStr::from_bytes(path)), document.line),
        Err(text) => edit_copy(text, document.line),
    };
    edited.unwrap_or_else(Reply::Error)
}

fn edit_file(session: &mut Session<'_>, file: &Path, line: usize) -> Result<Reply> {
    let before = fs::read(file).ok();
    run_on(file, line)?;
    // A directory can't be compared.
    if before.is_some() && fs::read(file).ok() == before {
        return Ok(Reply::Output("The file is unchanged; ':r' reloads everything.".to_owned()));
    }
    let told = Reply::Output("Reloaded everything.".to_owned());
    Ok(Reply::Several(vec![session.reload(OwnBindings::Kept)?, told]))
}

fn edit_copy(text: &[u8], line: usize) -> Result<Reply> {
    let file = copy(text)?;
    run_on(file.path(), line)?;
    let is_changed = fs::read(file.path()).is_ok_and(|after| after != text);
    let told = "This was a copy of your input: the change is not kept.";
    Ok(if is_changed { Reply::Output(told.to_owned()) } else { Reply::Nothing })
}

fn run_on(file: &Path, line: usize) -> Result<()> {
    let editor = ["VISUAL", "EDITOR"].into_iter().find_map(std::env::var_os).unwrap_or_else(|| "vi".into());
    let Some(name) = editor.as_bytes().split(u8::is_ascii_whitespace).find(|word| !word.is_empty()) else {
        return Err(usage("$EDITOR doesn't name a program"));
    };
    let name = String::from_utf8_lossy(name);
    let mut command = words::command(&editor);
    if line > 0 && TAKE_LINES.iter().any(|editor| name.contains(editor)) {
        command.arg(format!("+{line}"));
    }
    let problem = match command.arg(file).status() {
        Ok(status) if status.success() => return Ok(()),
        Ok(status) => status.to_string(),
        Err(error) => error.to_string(),
    };
    Err(ErrorKind::Io(format!("the editor '{name}' could not be run: {problem}")).into())
}

/// A file to look at with this text. It is there as long as the handle.
fn copy(text: &[u8]) -> Result<NamedTempFile> {
    let made = tempfile::Builder::new().prefix("nivis-").suffix(".nix").tempfile();
    let file = made.map_err(|error| files::not_written(&std::env::temp_dir(), &error))?;
    files::write(file.path(), text)?;
    Ok(file)
}

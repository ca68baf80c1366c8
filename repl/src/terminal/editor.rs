//! `:e`: a definition in the user's editor.

use crate::files;
use crate::session::{Document, OwnBindings, Reply, Session};
use nivis::{ErrorKind, Result};
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;
use std::process::Command;
use tempfile::NamedTempFile;

/// Editors that take `+LINE` in front of a file.
const TAKE_LINES: [&str; 7] = ["emacs", "nano", "vim", "kak", "vi", "micro", "hx"];

/// Runs the editor on a document and waits until it ends. Then all files are loaded again, unless what was shown can't have
/// changed.
pub(super) fn edit(session: &mut Session<'_>, document: &Document) -> Reply {
    run(document)
        .and_then(|()| match document.place {
            Ok(_) => session.reload(OwnBindings::Kept),
            Err(_) => Ok(Reply::Nothing),
        })
        .unwrap_or_else(Reply::Error)
}

fn run(document: &Document) -> Result<()> {
    match &document.place {
        Ok(path) => run_on(Path::new(OsStr::from_bytes(path)), document.line),
        Err(text) => run_on(copy(text)?.path(), document.line),
    }
}

fn run_on(file: &Path, line: usize) -> Result<()> {
    let editor = ["VISUAL", "EDITOR"].into_iter().find_map(std::env::var_os).unwrap_or_else(|| "vi".into());
    let words: Vec<OsString> = editor
        .into_vec()
        .split(u8::is_ascii_whitespace)
        .filter(|word| !word.is_empty())
        .map(|word| OsStr::from_bytes(word).to_owned())
        .collect();
    let Some((program, arguments)) = words.split_first() else {
        return Err(ErrorKind::Usage("$EDITOR names no program".to_owned()).into());
    };
    let mut command = Command::new(program);
    command.args(arguments);
    let name = program.to_string_lossy();
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

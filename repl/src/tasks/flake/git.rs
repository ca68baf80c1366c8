//! Runs `git` to add files that were written into a repository.

use nivis::{Error, ErrorKind, Result};
use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// Variables that would lead it to another repository than that of its folder.
const REDIRECTIONS: [&str; 5] =
    ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR"];

/// Runs it in a folder. `words` are the command and its flags, `paths` its files.
///
/// # Errors
/// If it can't be started, or fails.
pub(super) fn run<P: AsRef<OsStr>>(folder: &Path, words: &[&str], paths: &[P], input: Option<&str>) -> Result<()> {
    let failed = |reason: String| -> Error { ErrorKind::Io(format!("git {}: {reason}", words[0])).into() };
    let mut command = Command::new("git");
    for name in REDIRECTIONS {
        command.env_remove(name);
    }
    command.args(["-c", "core.fsmonitor=false", "-C"]).arg(folder).args(words).arg("--").args(paths);
    command.stdout(Stdio::null()).stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() });
    let mut child = command.spawn().map_err(|error| failed(error.to_string()))?;
    if let (Some(text), Some(mut stdin)) = (input, child.stdin.take()) {
        stdin.write_all(text.as_bytes()).map_err(|error| failed(error.to_string()))?;
    }
    let status = child.wait().map_err(|error| failed(error.to_string()))?;
    if status.success() { Ok(()) } else { Err(failed(format!("it failed with {status}"))) }
}

//! `flake clone`: the repository of a flake, or a copy of its tree if it has none.

use super::{command, prefetch};
use crate::command_line::args::Arguments;
use crate::command_line::options::FlakeOptions;
use crate::tasks::outcome::Outcome;
use nivis::codec::lossy;
use nivis::flake_ref::{InputAttr, InputAttrs};
use nivis::store::tree::copy_archive;
use nivis::{Error, ErrorKind, Eval, Result};
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;
use std::process::{Command, Stdio};

/// Clones the flake that the command line names.
///
/// # Errors
/// Fails if no place is given, or the flake can't be fetched or written there.
pub(super) fn perform(cx: &mut Eval<'_>, arguments: &Arguments, options: &FlakeOptions) -> Outcome {
    let destination = options.destination.as_deref().filter(|path| !path.is_empty());
    let destination = cx.absolute(destination.ok_or_else(|| Error::eval("missing flag '--dest'"))?);
    let destination = Path::new(OsStr::from_bytes(&destination));
    let reference = command::reference(cx, command::only_word(arguments)?)?;
    let resolved = prefetch::resolved(cx, reference)?;
    match repository(&resolved.attrs) {
        Some(url) => Ok(clone(&url, &resolved.attrs, destination)?),
        None => copy(cx, &resolved.attrs, destination),
    }
}

fn text<'a>(attrs: &'a InputAttrs, name: &str) -> Option<&'a [u8]> {
    match attrs.get(name.as_bytes()) {
        Some(InputAttr::String(text)) => Some(text),
        _ => None,
    }
}

/// The URL of a repository, for types of inputs that have one.
fn repository(attrs: &InputAttrs) -> Option<Vec<u8>> {
    let (usual_host, ending) = match text(attrs, "type")? {
        b"git" => {
            let url = text(attrs, "url")?;
            let path = url.strip_prefix(b"file:").map(|path| path.strip_prefix(b"//").unwrap_or(path));
            return Some(path.unwrap_or(url).to_vec());
        }
        b"github" => ("github.com", ".git"),
        b"gitlab" => ("gitlab.com", ".git"),
        b"sourcehut" => ("git.sr.ht", ""),
        _ => return None,
    };
    let host = text(attrs, "host").unwrap_or(usual_host.as_bytes());
    let parts = [b"https://", host, b"/", text(attrs, "owner")?, b"/", text(attrs, "repo")?, ending.as_bytes()];
    Some(parts.concat())
}

fn clone(url: &[u8], attrs: &InputAttrs, destination: &Path) -> Result<()> {
    if text(attrs, "rev").is_some() {
        return Err(ErrorKind::Unsupported("cloning a specific revision is not implemented".to_owned()).into());
    }
    let mut command = Command::new("git");
    command.arg("clone");
    if let Some(branch) = text(attrs, "ref") {
        command.arg("--branch").arg(OsStr::from_bytes(branch));
    }
    command.arg("--").arg(OsString::from_vec(url.to_vec())).arg(destination).stdin(Stdio::inherit());
    let failed = |reason: String| -> Error { ErrorKind::Io(format!("git clone: {reason}")).into() };
    let status = command.status().map_err(|error| failed(error.to_string()))?;
    if status.success() { Ok(()) } else { Err(failed(format!("it failed with {status}"))) }
}

fn copy(cx: &mut Eval<'_>, attrs: &InputAttrs, destination: &Path) -> Outcome {
    if destination.symlink_metadata().is_ok() {
        let shown = lossy(destination.as_os_str().as_bytes());
        return Err(Error::eval(format!("cannot clone into existing path \"{shown}\"")).into());
    }
    let tree = cx.fetch_input(attrs, b"source")?;
    copy_archive(cx.io(), &tree.path, destination, &mut |_, _| Ok(true))?;
    Ok(())
}

//! `store add`: a file or folder as an entry.

use crate::command_line::options::StoreOptions;
use crate::command_line::words::usage;
use crate::output::stdio;
use crate::tasks::outcome::Outcome;
use nivis::codec::lossy;
use nivis::{Eval, Result};

/// The entry for a path.
const ENTRY: &[u8] = b"path: name: recursive: builtins.path { path = /. + path; inherit name recursive; }";
/// The same for a text.
const TEXT: &[u8] =
    b"path: name: builtins.toFile name (builtins.unsafeDiscardStringContext (builtins.readFile (/. + path)))";

/// Adds a file or folder, and prints the path of the entry.
///
/// # Errors
/// Fails if it can't be read or written.
pub(super) fn perform(cx: &mut Eval<'_>, word: &[u8], options: &StoreOptions) -> Outcome {
    let path = cx.absolute(word);
    let usual = path.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
    let name = options.name.as_deref().unwrap_or(usual);
    check_algorithm(options)?;
    let (path, name) = (cx.string(&path), cx.string(name));
    let entry = if options.mode.as_deref() == Some(b"text") {
        let function = cx.eval_text(TEXT.into(), &[])?;
        cx.call(function, &[path, name])?
    } else {
        let is_archive = nivis::Value::bool(is_archive(options)?);
        let function = cx.eval_text(ENTRY.into(), &[])?;
        cx.call(function, &[path, name, is_archive])?
    };
    let entry = cx.force_string(entry, "while adding a path to the store")?.as_bytes().to_vec();
    if !options.dry_run {
        cx.write_entry(&entry)?;
    }
    Ok(stdio::print(&[&entry[..], b"\n"].concat())?)
}

fn is_archive(options: &StoreOptions) -> Result<bool> {
    match options.mode.as_deref() {
        None | Some(b"nar") => Ok(true),
        Some(b"flat") => Ok(false),
        Some(other) => Err(usage(format!("'{}' is not a mode that is known here: nar, flat or text", lossy(other)))),
    }
}

/// Entries have the hash that nearly all have.
fn check_algorithm(options: &StoreOptions) -> Result<()> {
    match options.algorithm.as_deref() {
        None | Some(b"sha256") => Ok(()),
        Some(other) => Err(usage(format!("'{}' is not a hash that is made here: sha256", lossy(other)))),
    }
}

//! `store add`: a file or folder as an entry.

use crate::command_line::options::StoreOptions;
use crate::command_line::words::usage;
use crate::output::stdio;
use crate::tasks::outcome::Outcome;
use nivis::codec::lossy;
use nivis::{Eval, Result};

/// The entry for a path.
const ENTRY: &[u8] = b"path: name: recursive: builtins.path { path = /. + path; inherit name recursive; }";

/// Adds a file or folder, and prints the path of the entry.
///
/// # Errors
/// Fails if it can't be read or written.
pub(super) fn perform(cx: &mut Eval<'_>, word: &[u8], options: &StoreOptions) -> Outcome {
    let path = cx.absolute(word);
    let usual = path.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
    let name = options.name.as_deref().unwrap_or(usual);
    let is_archive = is_archive(options)?;
    let function = cx.eval_text(ENTRY.into(), &[])?;
    let arguments = [cx.string(&path), cx.string(name), nivis::Value::bool(is_archive)];
    let entry = cx.call(function, &arguments)?;
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
        Some(other) => Err(usage(format!("'{}' is not a mode that is known here: nar or flat", lossy(other)))),
    }
}

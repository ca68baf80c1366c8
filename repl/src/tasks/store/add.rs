//! `store add`: a file or folder as an entry.

use crate::command_line::options::StoreOptions;
use crate::command_line::words::usage;
use crate::output::stdio;
use crate::tasks::outcome::Outcome;
use nivis::codec::hash::HashAlgorithm;
use nivis::codec::lossy;
use nivis::io::FileType;
use nivis::store::backend::NewEntry;
use nivis::store::content::Method;
use nivis::{ErrorKind, Eval, Result};

/// Adds a file or folder, and prints the path of the entry. A link is added as a link.
///
/// # Errors
/// Fails if it can't be read or written.
pub(super) fn perform(cx: &mut Eval<'_>, word: &[u8], options: &StoreOptions) -> Outcome {
    let path = cx.absolute(word);
    let usual = path.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
    let name = options.name.as_deref().unwrap_or(usual);
    let (method, algorithm) = (method(options)?, algorithm(options)?);
    if method != Method::Archive && cx.file_type(&path)? == Some(FileType::Symlink) {
        return Err(nivis::Error::from(ErrorKind::Io(format!("path '{}' is a symlink", lossy(&path)))).into());
    }
    let entry = cx.path_in_store(&path, method, algorithm, name)?;
    if !options.dry_run {
        cx.add_to_store(&path, &NewEntry { algorithm, ..NewEntry::alone(&entry, method) })?;
    }
    Ok(stdio::print(&[&entry[..], b"\n"].concat())?)
}

fn method(options: &StoreOptions) -> Result<Method> {
    match options.mode.as_deref() {
        None | Some(b"nar") => Ok(Method::Archive),
        Some(b"flat") => Ok(Method::Flat),
        Some(b"text") => Ok(Method::Text),
        Some(other) => Err(usage(format!("'{}' is not a mode that is known here: nar, flat or text", lossy(other)))),
    }
}

fn algorithm(options: &StoreOptions) -> Result<HashAlgorithm> {
    let name = options.algorithm.as_deref().unwrap_or(b"sha256");
    HashAlgorithm::from_name(name).map_err(|error| usage(error.to_string()))
}

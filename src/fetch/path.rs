//! Inputs of type `path`: trees and files that lie on this machine.

use super::{Fetched, Work};
use crate::codec::flake_ref::{Attr, Attrs, input_url};
use crate::error::{Error, ErrorKind, Result};
use crate::lower::canonical;
use crate::store::tree::hash_archive;

/// True for the attributes of a path.
pub fn is_path(input: &Attrs) -> bool {
    input.get(&b"type"[..]) == Some(&Attr::String(b"path".to_vec()))
}

/// Finds the tree or file, hashes it and tells when something in it was last changed, unless that is given.
///
/// # Errors
/// Those of the file system; that the path is relative.
pub fn fetch(work: &Work<'_>, input: &Attrs) -> Result<Fetched> {
    let path = match input.get(&b"path"[..]) {
        Some(Attr::String(path)) if path.starts_with(b"/") => canonical(path),
        _ => return Err(relative(input)),
    };
    let (place, is_source) = match in_store(work, &path) {
        Some(place) => (place, path.ends_with(b"-source")),
        None => (path, false),
    };
    let mut newest = 0;
    let mut look = |path: &[u8]| {
        let modified = work.io.modified(path).ok().flatten();
        newest = newest.max(modified.unwrap_or(0));
        if (work.stop)() { Err(Error::from(ErrorKind::Interrupted)) } else { Ok(true) }
    };
    look(&place)?;
    let hash = hash_archive(work.io, &place, &mut |path, _| look(path))?;
    // Of what was copied into the store before, nobody knows when it was changed.
    let newest = if is_source { 0 } else { u64::try_from(newest).unwrap_or(0) };
    let mut attrs = input.clone();
    attrs.entry(b"lastModified".to_vec()).or_insert(Attr::Int(newest));
    Ok(Fetched { place, selection: None, hash: Some(hash), attrs, fingerprint: None })
}

/// Where an entry of the store lies.
fn in_store(work: &Work<'_>, path: &[u8]) -> Option<Vec<u8>> {
    let name = path.strip_prefix(work.store_dir.as_bytes())?.strip_prefix(b"/")?;
    let is_entry = !name.is_empty() && !name.contains(&b'/');
    is_entry.then(|| work.store.locate(path)).flatten()
}

#[cold]
fn relative(input: &Attrs) -> Error {
    let url = input_url(input).unwrap_or_default();
    Error::eval(format!("cannot fetch input '{url}' because it uses a relative path"))
}

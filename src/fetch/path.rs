//! Inputs of type `path`: trees and files on this machine.

use super::{FetchContext, Fetched};
use crate::codec::hash_format::HashFormat;
use crate::codec::hash_text::hash_to_text;
use crate::error::{Error, ErrorKind, Result};
use crate::flake_ref::{InputAttr, InputAttrs, input_url};
use crate::path::canonical;
use crate::store::tree::hash_archive;

/// True if the attributes have the type `path`.
pub fn is_path(input: &InputAttrs) -> bool {
    input.get(&b"type"[..]) == Some(&InputAttr::String(b"path".to_vec()))
}

/// Finds the tree or file, hashes it, and computes its last modification time unless that is given.
///
/// # Errors
///
/// Fails on file system errors, or if the path is relative.
pub fn fetch(context: &FetchContext<'_>, input: &InputAttrs) -> Result<Fetched> {
    let path = match input.get(&b"path"[..]) {
        Some(InputAttr::String(path)) if path.starts_with(b"/") => canonical(path),
        _ => return Err(relative(input)),
    };
    let name = name_in_store(context, &path);
    let place = name.and_then(|_| context.store.locate(&path)).unwrap_or_else(|| path.clone());
    let mut newest = 0;
    let mut look = |path: &[u8]| {
        let modified = context.io.modified(path).ok().flatten();
        newest = newest.max(modified.unwrap_or(0));
        if (context.stop)() { Err(Error::from(ErrorKind::Interrupted)) } else { Ok(true) }
    };
    look(&place)?;
    let hash = hash_archive(context.io, &place, &mut |path, _| look(path))?;
    // The modification time of a tree that was copied into the store is not known.
    let newest = if name == Some(b"source") { 0 } else { u64::try_from(newest).unwrap_or(0) };
    let mut attrs = input.clone();
    attrs.entry(b"lastModified".to_vec()).or_insert(InputAttr::Int(newest));
    let fingerprint = Some(hash_to_text(&hash, HashFormat::Sri, true));
    Ok(Fetched { place, selection: None, hash: Some(hash), attrs, fingerprint })
}

/// The name of a store entry, without its hash.
fn name_in_store<'p>(context: &FetchContext<'_>, path: &'p [u8]) -> Option<&'p [u8]> {
    let entry = path.strip_prefix(context.store_dir.as_bytes())?.strip_prefix(b"/")?;
    let name = entry.iter().position(|&byte| byte == b'-').map(|dash| &entry[dash + 1..]);
    name.filter(|name| !name.contains(&b'/'))
}

#[cold]
fn relative(input: &InputAttrs) -> Error {
    let url = input_url(input).unwrap_or_default();
    Error::fetch(format!("cannot fetch input '{url}' because it uses a relative path"))
}

//! What stands in for the network: hashes that are known, and local files.

use crate::codec::hash::{Hash, HashAlgorithm};
use crate::codec::hash_format::HashFormat;
use crate::codec::hash_text::{hash_to_text, parse_hash};
use crate::error::{Error, ErrorKind, Result};
use crate::eval::Eval;
use crate::eval::world::Entry;
use crate::store::content::Method;
use crate::store::path::StorePath;

/// What is asked for.
pub(super) struct Wanted<'a> {
    /// Where it would be downloaded from, as messages name it.
    pub(super) url: String,
    /// The name in its store path.
    pub(super) name: &'a [u8],
    /// How it is hashed: a file, or a tree.
    pub(super) method: Method,
    /// The hash that it must have.
    pub(super) expected: Option<Hash>,
    /// Where on this machine it lies, if it is not far away.
    pub(super) here: Option<&'a [u8]>,
}

/// The store path of what is asked for, and its hash.
pub(super) fn fetched(cx: &Eval<'_>, wanted: &Wanted<'_>) -> Result<(StorePath, Hash)> {
    let local = local_copy(cx, wanted).map(|path| cx.resolve_links(&path)).transpose()?;
    let actual = local.as_ref().map(|path| cx.hash_source(path, wanted.method)).transpose()?;
    if let (Some(expected), Some(actual)) = (&wanted.expected, &actual)
        && expected != actual
    {
        return Err(mismatch(wanted, expected, actual));
    }
    let Some(hash) = actual.or_else(|| wanted.expected.clone()) else { return Err(not_downloaded(wanted)) };
    let target = cx.source_path(hash.clone(), wanted.method, wanted.name)?;
    cx.add_entry(&target, local.map_or(Entry::Missing, |path| Entry::Copy(path.into())));
    Ok((target, hash))
}

/// Where the settings say that it lies, or where it is said to lie itself.
fn local_copy(cx: &Eval<'_>, wanted: &Wanted<'_>) -> Option<Vec<u8>> {
    let is_meant = |of: &[u8]| {
        let by_hash =
            || parse_hash(of, Some(HashAlgorithm::Sha256)).ok().is_some_and(|hash| wanted.expected == Some(hash));
        of == wanted.url.as_bytes() || by_hash()
    };
    let named = cx.settings().sources.iter().find(|source| is_meant(&source.of));
    named.map(|source| cx.absolute(&source.path)).or_else(|| wanted.here.map(<[u8]>::to_vec))
}

#[cold]
fn mismatch(wanted: &Wanted<'_>, expected: &Hash, actual: &Hash) -> Error {
    let url = &wanted.url;
    Error::eval(if wanted.method == Method::Flat {
        let text = |hash| hash_to_text(hash, HashFormat::Nix32, true);
        let (expected, actual) = (text(expected), text(actual));
        format!("hash mismatch in file downloaded from '{url}':\n  specified: {expected}\n  got:       {actual}")
    } else {
        let text = |hash| hash_to_text(hash, HashFormat::Sri, true);
        let (expected, actual) = (text(expected), text(actual));
        let query = expected.replace('+', "%2B").replace('=', "%3D");
        format!("NAR hash mismatch in input '{url}?narHash={query}', expected '{expected}' but got '{actual}'")
    })
}

#[cold]
fn not_downloaded(wanted: &Wanted<'_>) -> Error {
    let text =
        format!("cannot download '{}': this evaluator uses no network, and no hash or local copy is given", wanted.url);
    ErrorKind::Unsupported(text).into()
}

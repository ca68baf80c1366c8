//! What stands in for the network: hashes that are known, and local files.

use crate::codec::flake_ref::{Attr, Attrs, file_path, input_url};
use crate::codec::hash::{Hash, HashAlgorithm};
use crate::codec::hash_format::HashFormat;
use crate::codec::hash_text::{hash_to_text, parse_hash};
use crate::error::{Code, Error, ErrorKind, Result};
use crate::eval::Eval;
use crate::eval::world::Entry;
use crate::io::FileType;
use crate::store::content::Method;
use crate::store::path::StorePath;

/// What is asked for.
pub(super) struct Wanted<'a> {
    /// Where it would be downloaded from, as messages name it.
    pub(super) url: &'a str,
    /// What else the settings may call it.
    pub(super) other_names: &'a [Vec<u8>],
    /// How it is hashed: a file, or a tree.
    pub(super) method: Method,
    /// The hash that it must have.
    pub(super) expected: Option<&'a Hash>,
    /// The address of the archive that it is unpacked from, if it is.
    pub(super) archive: Option<&'a [u8]>,
    /// Where on this machine it lies, if it is not far away. A link is taken as a link.
    pub(super) here: Option<&'a [u8]>,
}

/// What stands for it: its hash, and where it lies if that is on this machine.
pub(super) struct Found {
    pub(super) hash: Hash,
    place: Option<Vec<u8>>,
}

impl Found {
    /// The store path that it gets under a name. From then on it can be read there.
    pub(super) fn add(self, cx: &Eval<'_>, method: Method, name: &[u8]) -> Result<StorePath> {
        let target = cx.source_path(self.hash, method, name)?;
        cx.add_entry(&target, self.place.map_or(Entry::Missing, |path| Entry::Copy(path.into(), None)));
        Ok(target)
    }
}

/// Looks for it on this machine, and else believes in the hash that it must have. Whether what was found has that hash is
/// for the caller to see.
pub(super) fn find(cx: &Eval<'_>, wanted: &Wanted<'_>) -> Result<Found> {
    let place = local_copy(cx, wanted)?.or_else(|| wanted.here.map(<[u8]>::to_vec));
    let actual = place.as_ref().map(|path| cx.hash_source(path, wanted.method)).transpose()?;
    match actual.or_else(|| wanted.expected.cloned()) {
        Some(hash) => Ok(Found { hash, place }),
        None => {
            check_archive(cx, wanted)?;
            Err(not_downloaded(wanted.url))
        }
    }
}

/// Whether an archive that should lie on this machine does.
fn check_archive(cx: &Eval<'_>, wanted: &Wanted<'_>) -> Result<()> {
    let Some(path) = wanted.archive.and_then(file_path) else { return Ok(()) };
    let (url, shown) = (wanted.url, String::from_utf8_lossy(&path));
    if !path.starts_with(b"/") {
        let advice = "The 'file' scheme does not support relative paths.";
        return Err(Error::eval(format!("tarball '{url}' must use an absolute path. {advice}")));
    }
    let place = cx.resolve_links(&path)?;
    let problem = match cx.file_type(&place)? {
        None => "does not exist.",
        Some(FileType::Directory) if cx.file_type(&[&place, &b"/.git"[..]].concat())?.is_some() => {
            "is a git repository, not a tarball. Please use `git+file` as the scheme."
        }
        Some(FileType::Directory) => "is a directory, not a file.",
        Some(_) => return Ok(()),
    };
    Err(Error::eval(format!("tarball \"{shown}\" {problem}")))
}

/// Where the settings say that it lies.
pub(super) fn local_copy(cx: &Eval<'_>, wanted: &Wanted<'_>) -> Result<Option<Vec<u8>>> {
    let is_meant = |of: &[u8]| {
        let by_hash = || {
            parse_hash(of, Some(HashAlgorithm::Sha256)).is_ok_and(|hash| wanted.expected.is_some_and(|it| *it == hash))
        };
        of == wanted.url.as_bytes() || wanted.other_names.iter().any(|name| name == of) || by_hash()
    };
    let named = cx.settings().sources.iter().find(|source| is_meant(&source.of));
    named.map(|source| cx.resolve_links(&cx.absolute(&source.path))).transpose()
}

/// What messages call an archive with this hash.
pub(super) fn archive_url(url: &[u8], hash: Option<&Hash>) -> Result<String> {
    let text = |text: &[u8]| Attr::String(text.to_vec());
    let mut attrs = Attrs::from([(b"type".to_vec(), text(b"tarball")), (b"url".to_vec(), text(url))]);
    attrs.extend(hash.map(|hash| (b"narHash".to_vec(), text(hash_to_text(hash, HashFormat::Sri, true).as_bytes()))));
    input_url(&attrs).map_err(|error| Error::eval(error.0))
}

/// The error for a file with another hash than it must have.
#[cold]
pub(super) fn file_mismatch(url: &str, expected: &Hash, actual: &Hash) -> Error {
    let text = |hash| hash_to_text(hash, HashFormat::Nix32, true);
    let (expected, actual) = (text(expected), text(actual));
    let hashes = format!("\n  specified: {expected}\n  got:       {actual}");
    Error::eval(format!("hash mismatch in file downloaded from '{url}':{hashes}")).coded(Code::HASH_MISMATCH)
}

#[cold]
fn not_downloaded(url: &str) -> Error {
    let text = format!("cannot download '{url}': this evaluator uses no network, and no hash or local copy is given");
    ErrorKind::Unsupported(text).into()
}

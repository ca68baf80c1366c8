//! Checks before a fetch.

use crate::codec::hash::Hash;
use crate::codec::hash_format::HashFormat;
use crate::codec::hash_text::hash_to_text;
use crate::error::{Code, Error, Result};
use crate::eval::Eval;
use crate::flake_ref::{InputAttr, InputAttrs, file_path, input_url};
use crate::io::FileType;

/// Checks that an archive with a local address exists. `url` is its name in messages.
pub(super) fn check_archive(cx: &Eval<'_>, url: &str, address: &[u8]) -> Result<()> {
    let Some(path) = file_path(address) else { return Ok(()) };
    let shown = String::from_utf8_lossy(&path);
    if !path.starts_with(b"/") {
        let advice = "The 'file' scheme does not support relative paths.";
        return Err(Error::fetch(format!("tarball '{url}' must use an absolute path. {advice}")));
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
    Err(Error::fetch(format!("tarball \"{shown}\" {problem}")))
}

/// The attributes of the input for an archive with this hash.
pub(super) fn archive_input(url: &[u8], hash: Option<&Hash>) -> InputAttrs {
    let text = |text: &[u8]| InputAttr::String(text.to_vec());
    let mut attrs = InputAttrs::from([(b"type".to_vec(), text(b"tarball")), (b"url".to_vec(), text(url))]);
    attrs.extend(hash.map(|hash| (b"narHash".to_vec(), text(hash_to_text(hash, HashFormat::Sri, true).as_bytes()))));
    attrs
}

/// The name of an input in messages.
pub(super) fn shown_url(attrs: &InputAttrs) -> Result<String> {
    input_url(attrs).map_err(|error| Error::fetch(error.0))
}

/// The error for a file whose hash differs from the expected one.
#[cold]
pub(super) fn file_mismatch(url: &str, expected: &Hash, actual: &Hash) -> Error {
    let text = |hash| hash_to_text(hash, HashFormat::Nix32, true);
    let (expected, actual) = (text(expected), text(actual));
    let hashes = format!("\n  specified: {expected}\n  got:       {actual}");
    Error::eval(format!("hash mismatch in file downloaded from '{url}':{hashes}")).with_code(Code::HASH_MISMATCH)
}

//! The names of branches and tags, and hashes of commits.

use super::Failure;
use crate::codec::hash::{Hash, HashAlgorithm};
use crate::codec::hash_format::HashFormat;
use crate::codec::hash_text::{HashTextError, hash_to_text, parse_hash};

/// True if Git accepts this as the name of a branch or tag.
pub(super) fn is_legal_ref(name: &[u8]) -> bool {
    let is_option = name.starts_with(b"-") && !name.contains(&b'/');
    name != b"@" && !is_option && !name.ends_with(b".") && name.split(|&byte| byte == b'/').all(is_legal_component)
}

fn is_legal_component(component: &[u8]) -> bool {
    let is_forbidden = |byte: &u8| *byte <= b' ' || b"~^:\\?[*\x7f".contains(byte);
    !component.is_empty()
        && !component.starts_with(b".")
        && !component.ends_with(b".lock")
        && !component.iter().any(is_forbidden)
        && !component.windows(2).any(|pair| pair == b".." || pair == b"@{")
}

/// True if a text looks like the name of a branch or tag, by an older, cruder test.
pub(super) fn matches_ref_pattern(name: &[u8]) -> bool {
    name.first().is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'@')
        && name.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_./@+-".contains(byte))
}

/// True if a text is a full SHA-1 hash in base 16.
pub(super) fn is_rev(text: &[u8]) -> bool {
    text.len() == 40 && text.iter().all(u8::is_ascii_hexdigit)
}

/// The digits of a commit's hash: of any algorithm that it names, else SHA-1.
pub(super) fn git_rev(text: &[u8]) -> Result<String, Failure> {
    let hash = match parse_hash(text, None) {
        Err(error @ HashTextError::UnknownAlgorithm(_)) => return Err(Failure::Other(error.to_string())),
        Err(_) => sha1_rev(text)?,
        Ok(hash) => hash,
    };
    Ok(hash_to_text(&hash, HashFormat::Base16, false))
}

/// Reads a SHA-1 hash.
pub(super) fn sha1_rev(text: &[u8]) -> Result<Hash, Failure> {
    parse_hash(text, Some(HashAlgorithm::Sha1)).map_err(|error| Failure::Other(error.to_string()))
}

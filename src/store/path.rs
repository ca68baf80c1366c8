//! Store paths, computed from the kind, hash and name of an item.
//!
//! The digits of the path are a hash of a text, the fingerprint: `kind:sha256:hash:store directory:name`.

use crate::codec::base::{NIX32_DIGITS, encode_base16, encode_nix32};
use crate::codec::hash::{Hash, HashAlgorithm, Hasher};
use crate::error::{Cause, Error, Result};

/// A store path, including the store's directory.
pub type StorePath = Box<[u8]>;

/// The longest name in a store path, in bytes.
pub const LONGEST_NAME: usize = 211;

/// The length of a hash folded for a path, in bytes.
pub const PATH_HASH: usize = 20;

/// The suffix of a derivation's name.
pub const DERIVATION_SUFFIX: &[u8] = b".drv";

/// The fingerprint of a store path, hashed as it is written.
#[derive(Debug)]
pub struct Fingerprint {
    hasher: Hasher,
}

impl Fingerprint {
    /// A fingerprint that begins with a kind: `text`, `source`, or `output:` and a name.
    pub fn new(kind: &[&[u8]]) -> Self {
        let mut hasher = Hasher::new(HashAlgorithm::Sha256);
        for part in kind {
            hasher.update(part);
        }
        Self { hasher }
    }

    /// Adds a referenced path. The paths must be sorted.
    pub fn reference(&mut self, path: &[u8]) {
        self.hasher.update(b":");
        self.hasher.update(path);
    }

    /// The path for the hash of the contents.
    ///
    /// # Errors
    ///
    /// Fails if the name is not allowed in a store path.
    pub fn path(mut self, store_dir: &str, inner: &Hash, name: &[u8]) -> Result<StorePath> {
        let algorithm = inner.algorithm.name().as_bytes();
        let digits = encode_base16(&inner.bytes);
        for part in [b":", algorithm, b":", digits.as_bytes(), b":", store_dir.as_bytes(), b":", name] {
            self.hasher.update(part);
        }
        let digits = encode_nix32(&self.hasher.finish().compressed(PATH_HASH));
        check_name(name).map_err(|reason| invalid_path(&digits, name, &reason))?;
        Ok([store_dir.as_bytes(), b"/", digits.as_bytes(), b"-", name].concat().into())
    }
}

#[cold]
fn invalid_path(digits: &str, name: &[u8], reason: &str) -> Error {
    let name = String::from_utf8_lossy(name);
    Error::eval(format!("path '{digits}-{name}' is not a valid store path: {reason}")).because(Cause::StoreName)
}

/// The path of a file that is addressed by its text and refers to other paths. Every `.drv` file is one.
///
/// # Errors
///
/// Fails if the name is not allowed in a store path.
pub fn text_path<'p>(
    store_dir: &str,
    text_hash: &Hash,
    references: impl IntoIterator<Item = &'p [u8]>,
    name: &[u8],
) -> Result<StorePath> {
    let mut fingerprint = Fingerprint::new(&[b"text"]);
    for path in references {
        fingerprint.reference(path);
    }
    fingerprint.path(store_dir, text_hash, name)
}

/// The path of a derivation's output, from the derivation's hash modulo its outputs.
///
/// # Errors
///
/// Fails if the name is not allowed in a store path.
pub fn output_path(store_dir: &str, modulo: &Hash, derivation_name: &[u8], output: &[u8]) -> Result<StorePath> {
    Fingerprint::new(&[b"output:", output]).path(store_dir, modulo, &output_name(derivation_name, output))
}

/// The name in the path of an output. For `out` it is the derivation's own name.
pub fn output_name(derivation_name: &[u8], output: &[u8]) -> Vec<u8> {
    if output == b"out" { derivation_name.to_vec() } else { [derivation_name, b"-", output].concat() }
}

/// The number of digits in a store path.
pub const DIGITS: usize = 32;

/// The path of the store entry that `path` is or is inside of.
///
/// # Errors
///
/// Fails if the path is not in the store, or if the name of its entry is not allowed in a store path.
pub fn entry<'p>(store_dir: &str, path: &'p [u8]) -> Result<&'p [u8]> {
    let inside = path.strip_prefix(store_dir.as_bytes()).and_then(|rest| rest.strip_prefix(b"/"));
    let inside = inside.filter(|inside| !inside.is_empty()).ok_or_else(|| not_in_store(path))?;
    let base = inside.split(|&byte| byte == b'/').next().unwrap_or_default();
    check_base(base)?;
    Ok(&path[..store_dir.len() + 1 + base.len()])
}

/// Checks the digits and the name of a path without the store's directory.
fn check_base(base: &[u8]) -> Result<()> {
    let shown = String::from_utf8_lossy(base);
    if base.len() < DIGITS + 1 {
        return Err(Error::eval(format!("'{shown}' is too short to be a valid store path")));
    }
    let (digits, name) = base.split_at(DIGITS);
    let Some(name) = name.strip_prefix(b"-") else {
        let reason = "because the hash part is not followed by a '-'";
        return Err(Error::eval(format!("'{shown}' can't name a store path {reason}")));
    };
    if let Some(digit) = digits.iter().find(|digit| !NIX32_DIGITS.contains(digit)) {
        let digit = String::from_utf8_lossy(std::slice::from_ref(digit)).into_owned();
        return Err(Error::eval(format!("store path '{shown}' contains illegal base-32 character '{digit}'")));
    }
    check_name(name).map_err(|reason| Error::eval(format!("path '{shown}' is not a valid store path: {reason}")))
}

#[cold]
fn not_in_store(path: &[u8]) -> Error {
    Error::eval(format!("path '{}' is not in the Nix store", String::from_utf8_lossy(path)))
}

/// The name of a copy of this file or directory in the store.
pub fn source_name(path: &[u8]) -> &[u8] {
    match path.rsplit(|&byte| byte == b'/').next() {
        None | Some(b"") => b"source",
        Some(name) => name,
    }
}

/// Checks that the name is allowed in a store path.
///
/// # Errors
///
/// Fails with C++ Nix's sentence about the invalid name.
pub fn check_name(name: &[u8]) -> std::result::Result<(), String> {
    let shown = String::from_utf8_lossy(name);
    if name.is_empty() {
        return Err("name must not be empty".to_owned());
    }
    if name.len() > LONGEST_NAME {
        return Err(format!("name '{shown}' must be no longer than {LONGEST_NAME} characters"));
    }
    if name == b"." || name == b".." {
        return Err(format!("name '{shown}' is not valid"));
    }
    for start in [".", ".."] {
        if name.strip_prefix(start.as_bytes()).is_some_and(|rest| rest.starts_with(b"-")) {
            return Err(format!("name '{shown}' is not valid: first dash-separated component must not be '{start}'"));
        }
    }
    match name.iter().find(|byte| !is_allowed(**byte)) {
        Some(byte) => {
            let character = String::from_utf8_lossy(std::slice::from_ref(byte)).into_owned();
            Err(format!("name '{shown}' contains illegal character '{character}'"))
        }
        None => Ok(()),
    }
}

fn is_allowed(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.' | b'_' | b'?' | b'=')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::hash::hash_bytes;

    #[test]
    fn names() {
        let long = "a".repeat(212);
        let table = [
            ("a", None),
            (".a", None),
            ("..a", None),
            ("", Some("name must not be empty")),
            ("..", Some("name '..' is not valid")),
            (".-a", Some("name '.-a' is not valid: first dash-separated component must not be '.'")),
            ("..-a", Some("name '..-a' is not valid: first dash-separated component must not be '..'")),
            ("a b", Some("name 'a b' contains illegal character ' '")),
        ];
        for (name, message) in table {
            assert_eq!(check_name(name.as_bytes()).err().as_deref(), message, "{name}");
        }
        assert!(check_name(long.as_bytes()).is_err() && check_name(&long.as_bytes()[1..]).is_ok());
    }

    #[test]
    fn text() {
        let path = text_path("/nix/store", &hash_bytes(HashAlgorithm::Sha256, b"b"), [], b"a").expect("a valid name");
        assert_eq!(String::from_utf8_lossy(&path), "/nix/store/g76zcpqc540lrc8i6g7xy6ip0npn2hnp-a");
    }
}

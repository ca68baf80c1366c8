//! Content-addressed items: sources, and outputs of fixed-output derivations.

use super::path::{Fingerprint, StorePath};
use crate::codec::base::encode_base16;
use crate::codec::hash::{Hash, HashAlgorithm, hash_bytes};
use crate::error::{Error, Result};

/// The way a file or tree is serialized before it is hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// The contents of a file.
    Flat,
    /// The archive of a tree; formerly called `recursive`.
    Archive,
    /// Git's own hash of a tree.
    Git,
    /// The contents of a file that may refer to store paths.
    Text,
}

impl Method {
    /// The method of this name in `outputHashMode`.
    pub fn from_name(name: &[u8]) -> Option<Self> {
        match name {
            b"flat" => Some(Self::Flat),
            b"nar" | b"recursive" => Some(Self::Archive),
            b"git" => Some(Self::Git),
            b"text" => Some(Self::Text),
            _ => None,
        }
    }

    /// The prefix of the algorithm in the text of a derivation.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Flat => "",
            Self::Archive => "r:",
            Self::Git => "git:",
            Self::Text => "text:",
        }
    }
}

/// A content address: a hash and how it was computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentAddress {
    /// The serialization of the contents.
    pub method: Method,
    /// The hash of the bytes.
    pub hash: Hash,
}

impl ContentAddress {
    /// The method and algorithm in the text of a derivation: `r:sha256`.
    pub fn method_and_algorithm(&self) -> String {
        format!("{}{}", self.method.prefix(), self.hash.algorithm.name())
    }

    /// The store path of an item without references.
    ///
    /// # Errors
    ///
    /// Fails if the name is not allowed in a store path, or if the method does not support the algorithm.
    pub fn path(&self, store_dir: &str, name: &[u8]) -> Result<StorePath> {
        self.path_with_references(store_dir, name, &[])
    }

    /// The store path of an item that refers to these entries, which must be sorted.
    ///
    /// # Errors
    ///
    /// Fails like [`ContentAddress::path`], or if such an item must not refer to anything.
    pub fn path_with_references(&self, store_dir: &str, name: &[u8], references: &[StorePath]) -> Result<StorePath> {
        match (self.method, self.hash.algorithm) {
            (Method::Archive, HashAlgorithm::Sha256) => {
                let mut fingerprint = Fingerprint::new(&[b"source"]);
                references.iter().for_each(|path| fingerprint.reference(path));
                fingerprint.path(store_dir, &self.hash, name)
            }
            _ if !references.is_empty() => Err(must_not_refer(name)),
            (Method::Text, HashAlgorithm::Sha256) => Fingerprint::new(&[b"text"]).path(store_dir, &self.hash, name),
            (Method::Text, algorithm) => Err(Error::eval(format!(
                "text-hashed output '{}' must use 'sha256', but uses '{}'",
                String::from_utf8_lossy(name),
                algorithm.name()
            ))),
            (Method::Git, algorithm) if !matches!(algorithm, HashAlgorithm::Sha1 | HashAlgorithm::Sha256) => {
                let algorithm = algorithm.name();
                let text = "Git file ingestion must use SHA-1 or SHA-256 hash, but instead using";
                Err(Error::eval(format!("{text}: {algorithm}")))
            }
            _ => self.fixed_path(store_dir, name),
        }
    }

    fn fixed_path(&self, store_dir: &str, name: &[u8]) -> Result<StorePath> {
        let digits = encode_base16(&self.hash.bytes);
        let text = format!("fixed:out:{}:{digits}:", self.method_and_algorithm());
        let inner = hash_bytes(HashAlgorithm::Sha256, text.as_bytes());
        Fingerprint::new(&[b"output:out"]).path(store_dir, &inner, name)
    }
}

#[cold]
fn must_not_refer(name: &[u8]) -> Error {
    let name = String::from_utf8_lossy(name);
    let advice =
        "You may need to use the 'unsafeDiscardReferences' derivation attribute, see the manual for more details.";
    Error::eval(format!("fixed output derivation '{name}' is not allowed to refer to other store paths.\n{advice}"))
}

//! Flake references, as text and as attributes, with the messages of C++ Nix's errors. Nothing is looked up: no path
//! is read and no registry is consulted.
//!
//! Inputs that need the experimental feature `verified-fetches` (signed Git commits) are refused, as C++ Nix does
//! while the feature is off.

mod attrs;
mod git;
mod git_archive;
pub(crate) mod input;
mod paths;
mod reading;
mod ref_name;
mod reference;
mod registry;
mod schemes;
mod scp;

use std::fmt;

use crate::codec::hash::Hash;
use crate::codec::lossy;
use crate::codec::url::Url;
use crate::error::Error;
pub(crate) use attrs::attrs_of_file;
pub use attrs::{InputAttr, InputAttrs, attrs_from_json, attrs_to_json};
pub use reading::{PathText, Read, Reading, canonical_reference, read, warnings};
pub use reference::FlakeRef;
pub use registry::{Registry, RegistryEntry};

/// The reason why there is no other form; with the whole message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlakeRefError(pub String);

impl fmt::Display for FlakeRefError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for FlakeRefError {}

impl From<FlakeRefError> for Error {
    fn from(error: FlakeRefError) -> Self {
        Self::fetch(error.0)
    }
}

/// The reason why one way to read a reference failed.
#[derive(Debug)]
enum Failure {
    /// The text is not a URL of this kind, but may be a path.
    BadUrl(String),
    /// The text is wrong in every reading.
    Other(String),
}

impl Failure {
    fn into_message(self) -> FlakeRefError {
        match self {
            Self::BadUrl(message) | Self::Other(message) => FlakeRefError(message),
        }
    }
}

/// Parses a flake reference: `nixpkgs/branch`, a URL, or an absolute path.
pub fn parse(text: &[u8]) -> Result<InputAttrs, FlakeRefError> {
    let (attrs, fragment) = match read(text, &Reading::default())? {
        Read::Whole { attrs, fragment } => (attrs, fragment),
        Read::Path(path) => path.at(None)?,
    };
    if fragment.is_empty() {
        return Ok(attrs);
    }
    let (fragment, text) = (lossy(&fragment), lossy(text));
    Err(FlakeRefError(format!("unexpected fragment '{fragment}' in flake reference '{text}'")))
}

/// Parses the URL of an input as `fetchTree` does: no short forms, no leniency with characters, and the fragment is
/// ignored.
pub fn parse_input(text: &[u8]) -> Result<InputAttrs, FlakeRefError> {
    let mut url = Url::parse(text).map_err(FlakeRefError)?;
    url.fragment.clear();
    schemes::attrs_of_url(url, true).map_err(Failure::into_message)
}

/// Checks the attributes of an input, and normalizes those that can be written in more than one way. An unknown type
/// is not an error here, but has no URL.
pub fn check_input(attrs: InputAttrs) -> Result<InputAttrs, FlakeRefError> {
    schemes::check_attrs(attrs).map_err(Failure::into_message)
}

/// The URL of a Git repository that is named by a URL, an absolute path, or `user@host:path`.
pub(crate) fn git_url(text: &[u8]) -> Result<Vec<u8>, FlakeRefError> {
    scp::git_url(text).map(|url| url.render()).map_err(Failure::into_message)
}

/// Makes the URL of checked attributes of an input, as messages show it.
pub fn input_url(attrs: &InputAttrs) -> Result<String, FlakeRefError> {
    schemes::url_of_checked(attrs).map(|url| url.display()).map_err(Failure::into_message)
}

/// The hash of an input's contents, if it is given. An empty one means all zeros.
pub fn input_hash(attrs: &InputAttrs) -> Result<Option<Hash>, FlakeRefError> {
    schemes::nar_hash(attrs).map_err(Failure::into_message)
}

/// The digits of an input's commit, if it is given.
pub fn input_rev(attrs: &InputAttrs) -> Result<Option<String>, FlakeRefError> {
    let rev = attrs::maybe_string(attrs, "rev").and_then(|rev| rev.map(ref_name::git_rev).transpose());
    rev.map_err(Failure::into_message)
}

/// The path that a URL of the scheme `file` names.
pub fn file_path(text: &[u8]) -> Option<Vec<u8>> {
    let url = Url::parse(text).ok().filter(|url| url.scheme == "file")?;
    paths::from_segments(&url.path).ok()
}

/// Makes the URL of a flake reference that is given as attributes.
pub fn print(attrs: &InputAttrs) -> Result<Vec<u8>, FlakeRefError> {
    print_checked(attrs).map_err(Failure::into_message)
}

fn print_checked(attrs: &InputAttrs) -> Result<Vec<u8>, Failure> {
    let dir = attrs::maybe_string(attrs, "dir")?.unwrap_or_default();
    let mut input = attrs.clone();
    input.remove(&b"dir"[..]);
    let mut url = schemes::url_of_attrs(&input)?;
    if !dir.is_empty() {
        url.query.entry(b"dir".to_vec()).or_insert_with(|| dir.to_vec());
    }
    Ok(url.render())
}

#[cfg(test)]
mod tests;

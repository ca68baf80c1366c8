//! A reference to a flake: an input, and the folder in it.

use super::{InputAttr, InputAttrs, canonical_reference, check_input, input, input_rev, parse, print};
use crate::error::Result;

/// A reference to a flake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlakeRef {
    /// The checked attributes of the input, without `dir`.
    pub attrs: InputAttrs,
    /// The folder with `flake.nix`; empty for the root.
    pub subdir: Vec<u8>,
}

impl FlakeRef {
    /// The reference with these attributes, which may include `dir`.
    ///
    /// # Errors
    ///
    /// Fails if they do not describe an input.
    pub fn from_attrs(attrs: InputAttrs) -> Result<Self> {
        let Self { attrs, subdir } = Self::split(attrs);
        Ok(Self { attrs: check_input(attrs)?, subdir })
    }

    /// The reference with checked attributes, which may include `dir`.
    pub(crate) fn split(mut attrs: InputAttrs) -> Self {
        let subdir = match attrs.remove(&b"dir"[..]) {
            Some(InputAttr::String(dir)) => dir,
            _ => Vec::new(),
        };
        Self { attrs, subdir }
    }

    /// Parses a reference in a program or lock file. Relative paths are not allowed.
    ///
    /// # Errors
    ///
    /// Fails if the text is not a reference, or has a fragment.
    pub fn parse(text: &[u8]) -> Result<Self> {
        Ok(Self::split(parse(text)?))
    }

    /// The reference to a name in the registries.
    pub(crate) fn indirect(id: &str) -> Result<Self> {
        let text = |text: &str| InputAttr::String(text.as_bytes().to_vec());
        Self::from_attrs(InputAttrs::from([(b"type".to_vec(), text("indirect")), (b"id".to_vec(), text(id))]))
    }

    /// All attributes, including `dir`.
    pub fn to_attrs(&self) -> InputAttrs {
        let mut attrs = self.attrs.clone();
        if !self.subdir.is_empty() {
            attrs.insert(b"dir".to_vec(), InputAttr::String(self.subdir.clone()));
        }
        attrs
    }

    /// The URL, as messages show it.
    pub fn url(&self) -> String {
        let url = print(&self.to_attrs());
        url.map_or_else(|error| error.0, |url| String::from_utf8_lossy(&url).into_owned())
    }

    /// The canonical form, shared by equal references.
    pub(crate) fn canonical(&self) -> Self {
        Self::split(canonical_reference(self.to_attrs()))
    }

    /// True for a path relative to the flake that contains the reference.
    pub fn is_relative(&self) -> bool {
        input::relative_path(&self.attrs).is_some()
    }

    /// True if it names its tree by a hash or commit, so that it always means the same tree.
    /// `trust_forges`: a commit is enough for an archive from a forge.
    ///
    /// # Errors
    ///
    /// Fails if its attributes are invalid.
    pub fn is_locked(&self, trust_forges: bool) -> Result<bool> {
        input::is_locked(&self.attrs, trust_forges)
    }

    /// The time of the last change of its tree, in seconds since 1970, if the reference has it.
    pub fn last_modified(&self) -> Option<u64> {
        input::number(&self.attrs, "lastModified")
    }

    /// The digits of the commit, if the reference has one.
    pub fn revision(&self) -> Option<String> {
        input_rev(&self.attrs).ok().flatten()
    }
}

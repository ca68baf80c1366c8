//! References to flakes: an input, and the folder in it.

use super::input;
use crate::codec::flake_ref::{self, Attr, Attrs, FlakeRefError, Read, Reading, canonical_reference};
use crate::error::{Error, Result};
use crate::eval::Eval;

/// A reference to a flake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlakeRef {
    /// The checked attributes of the input, without `dir`.
    pub attrs: Attrs,
    /// The folder with `flake.nix`; empty for the root.
    pub subdir: Vec<u8>,
}

pub(super) fn failed(error: FlakeRefError) -> Error {
    Error::fetch(error.0)
}

impl FlakeRef {
    /// The reference with these attributes, which may include `dir`.
    ///
    /// # Errors
    ///
    /// Fails if they do not describe an input.
    pub fn from_attrs(attrs: Attrs) -> Result<Self> {
        let Self { attrs, subdir } = Self::split(attrs);
        Ok(Self { attrs: flake_ref::check_input(attrs).map_err(failed)?, subdir })
    }

    /// The reference with checked attributes, which may include `dir`.
    pub(super) fn split(mut attrs: Attrs) -> Self {
        let subdir = match attrs.remove(&b"dir"[..]) {
            Some(Attr::String(dir)) => dir,
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
        flake_ref::parse(text).map(Self::split).map_err(failed)
    }

    /// Parses the address of an input, which may be a path relative to the flake.
    pub(super) fn parse_input(cx: &Eval<'_>, text: &[u8], is_flake: bool) -> Result<Self> {
        let reading = Reading { base: None, keeps_relative: true, is_tree: is_flake };
        warn_of_parameters(cx, text, &reading);
        let (attrs, fragment) = match flake_ref::read(text, &reading).map_err(failed)? {
            Read::Whole { attrs, fragment } => (attrs, fragment),
            Read::Path(path) => path.at(None).map_err(failed)?,
        };
        without_fragment(text, &fragment)?;
        Ok(Self::split(attrs))
    }

    /// The reference to a name in the registries.
    pub(super) fn indirect(id: &str) -> Result<Self> {
        let text = |text: &str| Attr::String(text.as_bytes().to_vec());
        Self::from_attrs(Attrs::from([(b"type".to_vec(), text("indirect")), (b"id".to_vec(), text(id))]))
    }

    /// All attributes, including `dir`.
    pub fn to_attrs(&self) -> Attrs {
        let mut attrs = self.attrs.clone();
        if !self.subdir.is_empty() {
            attrs.insert(b"dir".to_vec(), Attr::String(self.subdir.clone()));
        }
        attrs
    }

    /// The URL, as messages show it.
    pub fn url(&self) -> String {
        let url = flake_ref::print(&self.to_attrs());
        url.map_or_else(|error| error.0, |url| String::from_utf8_lossy(&url).into_owned())
    }

    /// The canonical form, shared by equal references.
    pub(super) fn canonical(&self) -> Self {
        Self::split(canonical_reference(self.to_attrs()))
    }

    /// True for a path relative to the flake that contains the reference.
    pub fn is_relative(&self) -> bool {
        input::relative_path(&self.attrs).is_some()
    }

    /// True if it names its tree by a hash or commit, so that it always means the same tree.
    ///
    /// # Errors
    ///
    /// Fails if its attributes are invalid.
    pub fn is_locked(&self, cx: &Eval<'_>) -> Result<bool> {
        input::is_locked(&self.attrs, &cx.settings().flakes)
    }

    /// The time of the last change of its tree, in seconds since 1970, if the reference has it.
    pub fn last_modified(&self) -> Option<u64> {
        input::number(&self.attrs, "lastModified")
    }

    /// The digits of the commit, if the reference has one.
    pub fn revision(&self) -> Option<String> {
        flake_ref::input_rev(&self.attrs).ok().flatten()
    }
}

/// Warns about parameters of a reference without `=`.
pub(crate) fn warn_of_parameters(cx: &Eval<'_>, text: &[u8], reading: &Reading<'_>) {
    for warning in flake_ref::warnings(text, reading) {
        cx.warn(&Error::eval(warning));
    }
}

pub(super) fn without_fragment(text: &[u8], fragment: &[u8]) -> Result<()> {
    if fragment.is_empty() {
        return Ok(());
    }
    let [text, fragment] = [text, fragment].map(String::from_utf8_lossy);
    Err(Error::fetch(format!("unexpected fragment '{fragment}' in flake reference '{text}'")))
}

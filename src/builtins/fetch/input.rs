//! Inputs: whether they may be fetched, and their local replacements.

use super::local::check_archive;
use crate::builtins::derivation::require_feature;
use crate::error::{Action, Error, Result, ResultExt, Work};
use crate::eval::Eval;
use crate::eval::host::inputs::{InputTree, Wanted, short_names};
use crate::flake::resolve_indirect;
use crate::flake_ref::{
    FlakeRefError, InputAttr, InputAttrs, check_input, git_url, input::is_locked, input_hash, input_url,
};
use crate::store::content::Method;

/// An input with checked attributes.
pub(super) struct Input {
    attrs: InputAttrs,
    /// Its name in messages.
    url: String,
    /// Its other names in the settings.
    other_names: Vec<Vec<u8>>,
    /// The called builtin.
    fetcher: &'static str,
}

fn eval(error: FlakeRefError) -> Error {
    Error::eval(error.0)
}

impl Input {
    /// The input for the attributes in a program.
    pub(super) fn new(cx: &Eval<'_>, mut attrs: InputAttrs, fetcher: &'static str) -> Result<Self> {
        let text = |name: &str| match attrs.get(name.as_bytes()) {
            Some(InputAttr::String(text)) => Some(text.clone()),
            _ => None,
        };
        if let Some(b"path" | b"indirect" | b"github" | b"gitlab" | b"sourcehut") = text("type").as_deref() {
            require_feature(cx, "flakes", "")?;
        }
        let as_written = text("url");
        if let ("fetchGit", Some(url)) = (fetcher, &as_written) {
            // Errors in the other attributes show it in this form.
            attrs.insert(b"url".to_vec(), InputAttr::String(git_url(url).map_err(eval)?));
        }
        let mut input = Self::checked(check_input(attrs).map_err(eval)?, fetcher)?;
        input.other_names.extend(as_written);
        Ok(input)
    }

    /// The input for checked attributes.
    pub(super) fn checked(attrs: InputAttrs, fetcher: &'static str) -> Result<Self> {
        let url = input_url(&attrs).map_err(eval)?;
        Ok(Self { attrs, url, other_names: Vec::new(), fetcher })
    }

    /// The text of an attribute.
    pub(super) fn text(&self, name: &str) -> Option<&[u8]> {
        match self.attrs.get(name.as_bytes()) {
            Some(InputAttr::String(text)) => Some(text),
            _ => None,
        }
    }

    /// True if an attribute is there and true.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.attrs.get(name.as_bytes()) == Some(&InputAttr::Bool(true))
    }

    /// Its type.
    pub(super) fn kind(&self) -> &[u8] {
        self.text("type").unwrap_or_default()
    }

    /// Fetches it into the store under a name.
    pub(super) fn fetch(&self, cx: &Eval<'_>, name: &[u8]) -> Result<InputTree> {
        cx.check_uri(&self.url)?;
        if !cx.settings().pure && self.lacks_source(cx)? {
            return Self::checked(resolve_indirect(cx, &self.attrs)?, self.fetcher)?.fetch(cx, name);
        }
        self.check_lock(cx)?;
        if self.flag("__final") {
            let url = &self.url;
            return Err(Error::eval(format!("input '{url}' is not allowed to use the '__final' attribute")));
        }
        cx.fetching(|| self.check_place(cx))
            .traced_subject(|| Action::Work(Work::FetchingInput, self.url.as_str().into()))?;
        cx.fetch_input_called(&self.attrs, &self.other_names, name)
    }

    /// True for a registry name without a local replacement in the settings.
    fn lacks_source(&self, cx: &Eval<'_>) -> Result<bool> {
        Ok(self.kind() == b"indirect" && !self.has_local_copy(cx)?)
    }

    /// Checks that pure evaluation may fetch it.
    fn check_lock(&self, cx: &Eval<'_>) -> Result<()> {
        let (url, fetcher) = (&self.url, self.fetcher);
        if !cx.settings().pure || is_locked(&self.attrs, cx.settings().flakes.trust_forges)? {
            return Ok(());
        }
        if input_hash(&self.attrs).map_err(eval)?.is_none() {
            let text = format!("in pure evaluation mode, '{fetcher}' doesn't fetch unlocked input '{url}'");
            return Err(Error::eval(text));
        }
        let problem = "is unlocked (e.g. lacks a Git revision) but is checked by NAR hash";
        let advice = "This is not reproducible and will break after garbage collection or when shared.";
        cx.warn(&Error::eval(format!("Input '{url}' {problem}. {advice}")));
        Ok(())
    }

    /// Checks its location.
    fn check_place(&self, cx: &Eval<'_>) -> Result<()> {
        let url = &self.url;
        if self.lacks_source(cx)? {
            return Err(Error::eval(format!("indirect input '{url}' cannot be fetched directly")));
        }
        match (self.kind(), self.text("path"), self.text("url")) {
            (b"path", Some(path), _) if !path.starts_with(b"/") => {
                Err(Error::eval(format!("cannot fetch input '{url}' because it uses a relative path")))
            }
            (b"tarball", _, Some(address))
                if !self.has_local_copy(cx)? && input_hash(&self.attrs).map_err(eval)?.is_none() =>
            {
                check_archive(cx, url, address)
            }
            _ => Ok(()),
        }
    }

    fn has_local_copy(&self, cx: &Eval<'_>) -> Result<bool> {
        let names = [&self.other_names[..], &short_names(&self.attrs)?].concat();
        let expected = input_hash(&self.attrs).map_err(eval)?;
        let (method, expected) = (Method::Archive, expected.as_ref());
        let wanted = Wanted { url: &self.url, other_names: &names, method, expected, name: b"source" };
        Ok(cx.local_copy(&wanted)?.is_some())
    }
}

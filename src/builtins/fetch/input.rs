//! An input: what is to be fetched. Whether that may be done, and what stands for it here.

use super::local::{Found, Wanted, find, local_copy};
use crate::builtins::derivation::require_feature;
use crate::codec::flake_ref::{Attr, Attrs, FlakeRefError, check_input, file_path, input_hash, input_rev, input_url};
use crate::codec::hash::Hash;
use crate::error::{Error, Result, ResultExt};
use crate::eval::Eval;
use crate::eval::fetch::{tree_mismatch, tree_mismatch_text};
use crate::heap::PosId;
use crate::lower::canonical;
use crate::store::content::Method;

/// What is to be fetched: its attributes, checked.
pub(super) struct Input {
    attrs: Attrs,
    /// What messages call it.
    url: String,
    /// What else the settings may call it.
    other_names: Vec<Vec<u8>>,
    /// The builtin that was called.
    fetcher: &'static str,
}

/// What stands for an input.
pub(super) struct Fetched {
    /// The tree or file.
    pub(super) found: Found,
    /// The digits of its commit, if they are given.
    pub(super) rev: Option<String>,
}

fn eval(error: FlakeRefError) -> Error {
    Error::eval(error.0)
}

impl Input {
    /// The input that attributes describe which a program has written.
    pub(super) fn new(cx: &Eval<'_>, attrs: Attrs, fetcher: &'static str) -> Result<Self> {
        let text = |name: &str| match attrs.get(name.as_bytes()) {
            Some(Attr::String(text)) => Some(text.clone()),
            _ => None,
        };
        if let Some(b"path" | b"indirect" | b"github" | b"gitlab" | b"sourcehut") = text("type").as_deref() {
            require_feature(cx, "flakes", "")?;
        }
        let as_written = text("url");
        let mut input = Self::checked(check_input(attrs).map_err(eval)?, fetcher)?;
        input.other_names.extend(as_written);
        Ok(input)
    }

    /// The input with these attributes, which are checked already.
    pub(super) fn checked(attrs: Attrs, fetcher: &'static str) -> Result<Self> {
        let url = input_url(&attrs).map_err(eval)?;
        let mut short = attrs.clone();
        short.retain(|name, _| !matches!(name.as_slice(), b"narHash" | b"shallow" | b"exportIgnore"));
        let mut other_names = vec![input_url(&short).map_err(eval)?.into_bytes()];
        if let Some(Attr::String(url)) = attrs.get(&b"url"[..]) {
            other_names.push(url.clone());
        }
        Ok(Self { attrs, url, other_names, fetcher })
    }

    /// The text of an attribute.
    pub(super) fn text(&self, name: &str) -> Option<&[u8]> {
        match self.attrs.get(name.as_bytes()) {
            Some(Attr::String(text)) => Some(text),
            _ => None,
        }
    }

    /// The number in an attribute.
    pub(super) fn number(&self, name: &str) -> Option<i64> {
        match self.attrs.get(name.as_bytes()) {
            Some(Attr::Int(int)) => Some(int.cast_signed()),
            _ => None,
        }
    }

    /// True if an attribute is there and true.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.attrs.get(name.as_bytes()) == Some(&Attr::Bool(true))
    }

    /// Its type.
    pub(super) fn kind(&self) -> &[u8] {
        self.text("type").unwrap_or_default()
    }

    /// Finds what stands for it.
    pub(super) fn fetch(&self, cx: &Eval<'_>) -> Result<Fetched> {
        cx.check_uri(&self.url)?;
        self.check_registries(cx)?;
        self.check_lock(cx)?;
        if self.flag("__final") {
            let url = &self.url;
            return Err(Error::eval(format!("input '{url}' is not allowed to use the '__final' attribute")));
        }
        let phrase = || format!("while fetching the input '{}'", self.url);
        let (fetched, expected) = cx.fetching(|| self.find(cx)).traced(PosId(0), phrase)?;
        match expected.filter(|expected| *expected != fetched.found.hash) {
            Some(expected) => Err(self.mismatch(&expected, &fetched.found.hash)),
            None => Ok(fetched),
        }
    }

    /// Whether its name stands for something. There are no registries here, so only the settings can tell.
    fn check_registries(&self, cx: &Eval<'_>) -> Result<()> {
        if cx.settings().pure || !self.lacks_source(cx)? {
            return Ok(());
        }
        Err(Error::eval(format!("cannot find flake '{}' in the flake registries", self.url)))
    }

    /// True for a mere name of which the settings name no local copy.
    fn lacks_source(&self, cx: &Eval<'_>) -> Result<bool> {
        Ok(self.kind() == b"indirect" && local_copy(cx, &self.wanted(None, None))?.is_none())
    }

    /// Whether pure evaluation may fetch it.
    fn check_lock(&self, cx: &Eval<'_>) -> Result<()> {
        let (url, fetcher) = (&self.url, self.fetcher);
        if !cx.settings().pure || self.is_locked()? {
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

    /// True if its attributes determine what is in it.
    fn is_locked(&self) -> Result<bool> {
        let rev = || input_rev(&self.attrs).map_err(eval);
        Ok(match self.kind() {
            b"git" => rev()?.is_some_and(|rev| rev.bytes().any(|digit| digit != b'0')),
            b"github" | b"gitlab" | b"sourcehut" | b"hg" => rev()?.is_some(),
            b"indirect" => false,
            _ => input_hash(&self.attrs).map_err(eval)?.is_some(),
        })
    }

    /// What stands for it, and the hash that it must have.
    fn find(&self, cx: &Eval<'_>) -> Result<(Fetched, Option<Hash>)> {
        if self.lacks_source(cx)? {
            return Err(Error::eval(format!("indirect input '{}' cannot be fetched directly", self.url)));
        }
        let expected = input_hash(&self.attrs).map_err(eval)?;
        let rev = input_rev(&self.attrs).map_err(eval)?;
        let here = self.here(cx)?;
        let found = find(cx, &self.wanted(expected.as_ref(), here.as_deref()))?;
        if let Some(expected) = expected.as_ref().filter(|expected| **expected != found.hash)
            && self.is_download()
        {
            return Err(tree_mismatch(&self.url, expected, &found.hash));
        }
        Ok((Fetched { found, rev }, expected))
    }

    fn wanted<'a>(&'a self, expected: Option<&'a Hash>, here: Option<&'a [u8]>) -> Wanted<'a> {
        let archive = self.text("url").filter(|_| self.kind() == b"tarball");
        Wanted { url: &self.url, other_names: &self.other_names, method: Method::Archive, expected, archive, here }
    }

    /// Where on this machine it lies, if it says so.
    fn here(&self, cx: &Eval<'_>) -> Result<Option<Vec<u8>>> {
        match (self.kind(), self.text("path"), self.text("url")) {
            (b"path", Some(path), _) if path.starts_with(b"/") => Ok(Some(canonical(path))),
            (b"path", ..) => {
                let url = &self.url;
                Err(Error::eval(format!("cannot fetch input '{url}' because it uses a relative path")))
            }
            (b"file", _, Some(url)) => {
                let path = file_path(url).filter(|path| path.starts_with(b"/"));
                path.map(|path| cx.resolve_links(&path)).transpose()
            }
            _ => Ok(None),
        }
    }

    fn is_download(&self) -> bool {
        matches!(self.kind(), b"file" | b"tarball")
    }

    /// The error for another hash than the expected one. C++ Nix confuses the two unless it has downloaded the input.
    #[cold]
    fn mismatch(&self, expected: &Hash, actual: &Hash) -> Error {
        tree_mismatch(&self.url, expected, actual).in_nix_words(tree_mismatch_text(&self.url, actual, expected))
    }
}

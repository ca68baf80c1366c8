//! Inputs as store entries: fetched, already on this machine, or known only by their hash.

use crate::codec::hash::{Hash, HashAlgorithm};
use crate::codec::hash_format::HashFormat;
use crate::codec::hash_text::{hash_to_text, parse_hash};
use crate::error::{self, Action, Code, Error, Result, ResultExt};
use crate::eval::Eval;
use crate::fetch::{Downloaded, Fetch, FetchContext, Fetched};
use crate::flake_ref::{InputAttr, InputAttrs, input_hash, input_rev, input_url};
use crate::heap::ContextId;
use crate::path::canonical;
use crate::record::FetchConsole;
use crate::store::content::{ContentAddress, Method};
use crate::store::path::StorePath;
use crate::store::selection::Selection;
use crate::store::tree::hash_archive;
use crate::world::entries::Entry;
use crate::world::selected::SelectedTree;
use std::sync::Arc;

/// A tree in the store.
#[derive(Clone, Debug)]
pub struct InputTree {
    /// Its path in the store, which is readable from now on.
    pub path: StorePath,
    /// The hash of its archive.
    pub hash: Hash,
    /// Its attributes: those of the input, those that the fetch found, and `narHash`.
    pub attrs: InputAttrs,
    /// A short identifier of the contents, if there is one.
    pub fingerprint: Option<String>,
    /// True if its source was not read: it is a local copy from the settings, or only its hash is known. So `attrs`
    /// may be incomplete.
    pub is_unasked: bool,
}

/// A wanted input, for looking up its replacements.
pub(crate) struct Wanted<'a> {
    /// Its name in messages.
    pub(crate) url: &'a str,
    /// Its other names in the settings.
    pub(crate) other_names: &'a [Vec<u8>],
    /// Its hash method: a file, or a tree.
    pub(crate) method: Method,
    /// The expected hash.
    pub(crate) expected: Option<&'a Hash>,
    /// Its name in the store.
    pub(crate) name: &'a [u8],
}

/// An available input: its hash, and its location if that is on this machine.
pub(crate) struct AvailableInput {
    pub(crate) hash: Hash,
    place: Option<(Vec<u8>, Option<Arc<Selection>>)>,
}

impl From<Downloaded> for AvailableInput {
    fn from(file: Downloaded) -> Self {
        Self { hash: file.hash, place: Some((file.place, None)) }
    }
}

impl AvailableInput {
    /// Adds it to the store under a name, and returns the path, which is readable from now on.
    pub(crate) fn add(self, cx: &Eval<'_>, method: Method, name: &[u8]) -> Result<StorePath> {
        let target = cx.source_path(self.hash, method, name, ContextId::EMPTY)?;
        let entry = self.place.map_or(Entry::Missing, |(place, selection)| Entry::copy(place, selection));
        cx.add_entry(&target, entry);
        Ok(target)
    }
}

impl<'h> Eval<'h> {
    /// Calls `body` with the fetcher; access checks are off meanwhile.
    pub(crate) fn with_fetcher<T>(&self, body: impl FnOnce(&dyn Fetch, &FetchContext<'_>) -> T) -> T {
        let shared = self.shared();
        let store = shared.world.store().backend();
        let stop = || self.poll().is_err();
        let console = FetchConsole { inner: &*shared.console, recorder: shared.recorder.as_deref() };
        let context = FetchContext {
            io: shared.world.outside(),
            console: &console,
            store: &*store,
            store_dir: &self.settings().store_dir,
            stop: &stop,
        };
        self.fetching(|| body(&*shared.fetcher, &context))
    }

    /// Fetches an input with checked attributes into the store under a name. The caller checks whether the fetch is
    /// allowed. With `__final` the attributes are complete, so a tree in the store need not be fetched again.
    ///
    /// # Errors
    ///
    /// Fails on fetch errors, or if the hash is not the expected one.
    pub fn fetch_input(&self, input: &InputAttrs, name: &[u8]) -> Result<InputTree> {
        self.fetch_input_called(input, &[], name)
    }

    /// The same. The settings may list a local copy under these other names too.
    pub(crate) fn fetch_input_called(&self, input: &InputAttrs, names: &[Vec<u8>], name: &[u8]) -> Result<InputTree> {
        let mut input = input.clone();
        let is_final = input.remove(&b"__final"[..]) == Some(InputAttr::Bool(true));
        let url = input_url(&input).map_err(eval)?;
        let other_names = [names, &short_names(&input)?].concat();
        let expected = input_hash(&input).map_err(eval)?;
        let (expected, method) = (expected.as_ref(), Method::Archive);
        let wanted = Wanted { url: &url, other_names: &other_names, method, expected, name };
        let phrase = || Action::Work(error::Work::FetchingInput, url.as_str().into());
        let substitute = self.fetching(|| self.substitute(&wanted, is_final)).traced_subject(phrase)?;
        let (found, mut attrs, fingerprint, is_unasked) = match substitute {
            Some(found) => (found, input.clone(), None, !is_final),
            None => self.fetch_or_trust_hash(&input, &wanted).traced_subject(phrase)?,
        };
        check_tree_hash(&input, &wanted, &found.hash)?;
        input_rev(&input).map_err(eval).traced_subject(phrase)?;
        let shown = shown_place(if is_kind(&input, "tarball") { &input } else { &attrs }, &found, is_final);
        attrs.insert(b"narHash".to_vec(), sri(&found.hash));
        let hash = found.hash.clone();
        let path = found.add(self, method, name)?;
        if let Some(InputAttr::String(folder)) = attrs.get(&b"path"[..]).filter(|_| !is_final)
            && folder.starts_with(b"/")
        {
            self.sources().note_copy(&path, folder);
        }
        if let Some(shown) = shown {
            self.sources().show_tree_as(&path, &shown);
        }
        Ok(InputTree { path, hash, attrs, fingerprint, is_unasked })
    }

    /// The replacement of a wanted input: the local copy in the settings, or else the entry in the store, if
    /// `is_final` says that the hash is enough.
    pub(crate) fn substitute(&self, wanted: &Wanted<'_>, is_final: bool) -> Result<Option<AvailableInput>> {
        if let Some(path) = self.local_copy(wanted)? {
            let hash = self.hash_source(&path, wanted.method)?;
            return Ok(Some(AvailableInput { hash, place: Some((path, None)) }));
        }
        let Some(expected) = wanted.expected.filter(|_| is_final) else { return Ok(None) };
        let content = ContentAddress { method: wanted.method, hash: expected.clone() };
        let path = content.path(&self.settings().store_dir, wanted.name)?;
        let place = self.place_of_entry(&path);
        Ok(place.map(|place| AvailableInput { hash: expected.clone(), place: Some((place, None)) }))
    }

    /// The location of a `path` input in a store entry that this evaluation has created.
    fn own_entry(&self, input: &InputAttrs) -> Option<Vec<u8>> {
        let text = |name: &str| match input.get(name.as_bytes()) {
            Some(InputAttr::String(text)) => Some(text.as_slice()),
            _ => None,
        };
        let path = text("path").filter(|_| text("type") == Some(b"path"))?;
        self.shared().world.store().is_known(path).then(|| canonical(path))
    }

    /// The readable location of a store entry, if there is one.
    fn place_of_entry(&self, path: &[u8]) -> Option<Vec<u8>> {
        let world = &self.shared().world;
        if world.store().has_contents(path) {
            return Some(path.to_vec());
        }
        let is_outside = || matches!(world.outside().status(path), Ok(Some(_)));
        world.store().backend().locate(path).or_else(|| is_outside().then(|| path.to_vec()))
    }

    /// A file or tree on this machine.
    pub(crate) fn found_at(&self, place: Vec<u8>, method: Method) -> Result<AvailableInput> {
        Ok(AvailableInput { hash: self.hash_source(&place, method)?, place: Some((place, None)) })
    }

    /// The expected hash of an input that could not be fetched, unless the fetcher is connected and has really tried.
    pub(crate) fn trust_hash(&self, wanted: &Wanted<'_>, error: Error) -> Result<AvailableInput> {
        match wanted.expected {
            Some(hash) if !self.shared().fetcher.is_connected() => {
                Ok(AvailableInput { hash: hash.clone(), place: None })
            }
            _ => Err(error),
        }
    }

    fn fetch_or_trust_hash(
        &self,
        input: &InputAttrs,
        wanted: &Wanted<'_>,
    ) -> Result<(AvailableInput, InputAttrs, Option<String>, bool)> {
        if let Some(entry) = self.own_entry(input) {
            return Ok((self.found_at(entry, Method::Archive)?, input.clone(), None, false));
        }
        match self.with_fetcher(|fetcher, context| fetcher.tree(context, input)) {
            Ok(fetched) => {
                let hash = self.fetching(|| self.hash_of(&fetched))?;
                check_attributes(input, &fetched.attrs, &hash)?;
                let place = Some((fetched.place, fetched.selection));
                Ok((AvailableInput { hash, place }, fetched.attrs, fetched.fingerprint, false))
            }
            Err(error) => Ok((self.trust_hash(wanted, error)?, input.clone(), None, true)),
        }
    }

    fn hash_of(&self, fetched: &Fetched) -> Result<Hash> {
        match (&fetched.hash, &fetched.selection) {
            (Some(hash), _) => Ok(hash.clone()),
            (None, None) => self.hash_source(&fetched.place, Method::Archive),
            (None, Some(selection)) => {
                let tree = SelectedTree { io: self.shared().world.outside(), place: &fetched.place, selection };
                hash_archive(&tree, &fetched.place, &mut |_, _| self.poll().map(|()| true))
            }
        }
    }

    /// The location of its local copy in the settings.
    pub(crate) fn local_copy(&self, wanted: &Wanted<'_>) -> Result<Option<Vec<u8>>> {
        let is_meant = |of: &[u8]| {
            let by_hash = || {
                parse_hash(of, Some(HashAlgorithm::Sha256))
                    .is_ok_and(|hash| wanted.expected.is_some_and(|it| *it == hash))
            };
            of == wanted.url.as_bytes() || wanted.other_names.iter().any(|name| name == of) || by_hash()
        };
        let named = self.settings().sources.iter().find(|source| is_meant(&source.of));
        named.map(|source| self.resolve_links(&self.absolute(&source.path))).transpose()
    }
}

fn eval(error: crate::flake_ref::FlakeRefError) -> Error {
    Error::fetch(error.0)
}

/// The names of an input in the settings, besides its whole URL.
pub(crate) fn short_names(attrs: &InputAttrs) -> Result<Vec<Vec<u8>>> {
    let mut short = attrs.clone();
    short.retain(|name, _| !matches!(name.as_slice(), b"narHash" | b"shallow" | b"exportIgnore"));
    let mut names = vec![input_url(&short).map_err(eval)?.into_bytes()];
    if let Some(InputAttr::String(url)) = attrs.get(&b"url"[..]) {
        names.push(url.clone());
    }
    Ok(names)
}

/// Checks that the attributes found for a tree match its input.
fn check_attributes(input: &InputAttrs, found: &InputAttrs, hash: &Hash) -> Result<()> {
    let url = || {
        let mut shown = found.clone();
        if is_download(found) {
            shown.insert(b"narHash".to_vec(), sri(hash));
        }
        input_url(&shown).unwrap_or_else(|error| error.0)
    };
    let number = |attrs: &InputAttrs, name: &str| match attrs.get(name.as_bytes()) {
        Some(InputAttr::Int(int)) => Some(*int),
        _ => None,
    };
    for name in ["lastModified", "revCount"] {
        let (wanted, got) = (number(input, name), number(found, name));
        if let Some(wanted) = wanted.filter(|wanted| Some(*wanted) != got) {
            let got = if name == "revCount" { String::new() } else { format!(", got {}", got.unwrap_or_default()) };
            return Err(Error::fetch(format!(
                "'{name}' attribute mismatch in input '{}', expected {wanted}{got}",
                url()
            )));
        }
    }
    let rev = |attrs: &InputAttrs| input_rev(attrs).ok().flatten();
    match rev(input) {
        Some(wanted) if rev(found).as_ref() != Some(&wanted) => {
            Err(Error::fetch(format!("'rev' attribute mismatch in input '{}', expected {wanted}", url())))
        }
        _ => Ok(()),
    }
}

/// Checks that a tree has the expected hash. C++ Nix swaps the two in its message unless it has downloaded the input.
fn check_tree_hash(input: &InputAttrs, wanted: &Wanted<'_>, actual: &Hash) -> Result<()> {
    let Some(expected) = wanted.expected.filter(|expected| *expected != actual) else { return Ok(()) };
    let url = wanted.url;
    let error = tree_mismatch(url, expected, actual);
    if is_download(input) {
        return Err(error).traced_subject(|| Action::Work(error::Work::FetchingInput, url.into()));
    }
    Err(error.in_nix_words(tree_mismatch_text(url, actual, expected)))
}

/// The name of a tree in messages: its location, if people know it there, or its reference. As in C++ Nix, a path on
/// this machine is shown as its path in the store, unless a lock file describes its contents.
fn shown_place(attrs: &InputAttrs, found: &AvailableInput, is_final: bool) -> Option<Vec<u8>> {
    let is_path = is_kind(attrs, "path");
    if is_path && !is_final {
        return None;
    }
    if let Some((place, Some(selection))) = &found.place
        && selection.repository().is_some()
    {
        return Some(place.clone());
    }
    let mut shown = attrs.clone();
    if is_path || is_kind(attrs, "file") {
        shown.insert(b"narHash".to_vec(), sri(&found.hash));
    }
    Some(format!("«{}»", input_url(&shown).ok()?).into_bytes())
}

fn is_download(attrs: &InputAttrs) -> bool {
    is_kind(attrs, "file") || is_kind(attrs, "tarball")
}

fn is_kind(attrs: &InputAttrs, kind: &str) -> bool {
    matches!(attrs.get(&b"type"[..]), Some(InputAttr::String(text)) if text == kind.as_bytes())
}

/// A hash in the form of the attribute `narHash`.
fn sri(hash: &Hash) -> InputAttr {
    InputAttr::String(hash_to_text(hash, HashFormat::Sri, true).into_bytes())
}

/// The error for a tree whose hash differs from the expected one.
#[cold]
pub(crate) fn tree_mismatch(url: &str, expected: &Hash, actual: &Hash) -> Error {
    Error::fetch(tree_mismatch_text(url, expected, actual)).with_code(Code::HASH_MISMATCH)
}

/// C++ Nix's message for a tree whose hash differs from the expected one.
fn tree_mismatch_text(url: &str, expected: &Hash, actual: &Hash) -> String {
    let text = |hash| hash_to_text(hash, HashFormat::Sri, true);
    let (expected, actual) = (text(expected), text(actual));
    format!("NAR hash mismatch in input '{url}', expected '{expected}' but got '{actual}'")
}

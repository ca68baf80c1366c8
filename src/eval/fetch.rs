//! Inputs as entries of the store: what was fetched, lies here already, or is known by its hash.

use super::Eval;
use super::entries::Entry;
use crate::codec::flake_ref::{Attr, Attrs, input_hash, input_url};
use crate::codec::hash::{Hash, HashAlgorithm};
use crate::codec::hash_format::HashFormat;
use crate::codec::hash_text::{hash_to_text, parse_hash};
use crate::error::{self, Action, Code, Error, Result, ResultExt};
use crate::fetch::{Downloaded, Fetch, Fetched, Work};
use crate::lower::canonical;
use crate::store::content::{ContentAddress, Method};
use crate::store::path::StorePath;
use crate::store::selection::Selection;
use crate::store::tree::hash_archive;
use std::sync::Arc;

/// A tree in the store.
#[derive(Clone, Debug)]
pub struct InputTree {
    /// Its path in the store, which can be read from now on.
    pub path: StorePath,
    /// The hash of its archive.
    pub hash: Hash,
    /// What is known of it: the attributes of the input, what fetching found out, and `narHash`.
    pub attrs: Attrs,
    /// What stands for the contents, if something shorter than their hash does.
    pub fingerprint: Option<String>,
    /// Nobody has asked its source: it is a copy that the settings name, or only its hash is known. So `attrs` may lack
    /// something.
    pub is_unasked: bool,
}

/// What is fetched, for looking up what stands in for it.
pub(crate) struct Wanted<'a> {
    /// What messages call it.
    pub(crate) url: &'a str,
    /// What else the settings may call it.
    pub(crate) other_names: &'a [Vec<u8>],
    /// How it is hashed: a file, or a tree.
    pub(crate) method: Method,
    /// The hash that it must have.
    pub(crate) expected: Option<&'a Hash>,
    /// The name that it gets in the store.
    pub(crate) name: &'a [u8],
}

/// What stands for it: its hash, and where it lies if that is on this machine.
pub(crate) struct Found {
    pub(crate) hash: Hash,
    place: Option<(Vec<u8>, Option<Arc<Selection>>)>,
}

impl From<Downloaded> for Found {
    fn from(file: Downloaded) -> Self {
        Self { hash: file.hash, place: Some((file.place, None)) }
    }
}

impl Found {
    /// The store path that it gets under a name. From then on it can be read there.
    pub(crate) fn add(self, cx: &Eval<'_>, method: Method, name: &[u8]) -> Result<StorePath> {
        let target = cx.source_path(self.hash, method, name)?;
        let entry = self.place.map_or(Entry::Missing, |(place, selection)| Entry::copy(place, selection));
        cx.add_entry(&target, entry);
        Ok(target)
    }
}

impl<'h> Eval<'h> {
    /// Does something with who fetches, for which the whole machine may be read.
    pub(crate) fn with_fetcher<T>(&self, body: impl FnOnce(&dyn Fetch, &Work<'_>) -> T) -> T {
        let shared = self.shared();
        let store = shared.io.entries().backend();
        let stop = || self.poll().is_err();
        let work = Work { io: shared.io.outside(), store: &*store, store_dir: &self.settings().store_dir, stop: &stop };
        self.fetching(|| body(&*shared.fetcher, &work))
    }

    /// Fetches an input, whose attributes are checked, and puts it into the store under a name. Whether that may be done is
    /// for the caller to know. With `__final` among them the attributes are all there is to know, so that a tree that the
    /// store has needs not be fetched.
    ///
    /// # Errors
    /// Those of fetching; another hash than the attributes ask for.
    pub fn fetch_input(&self, input: &Attrs, name: &[u8]) -> Result<InputTree> {
        self.fetch_input_called(input, &[], name)
    }

    /// The same. The settings may have a local copy of it by one of these names too.
    pub(crate) fn fetch_input_called(&self, input: &Attrs, names: &[Vec<u8>], name: &[u8]) -> Result<InputTree> {
        let mut input = input.clone();
        let is_final = input.remove(&b"__final"[..]) == Some(Attr::Bool(true));
        let url = input_url(&input).map_err(eval)?;
        let other_names = [names, &short_names(&input)?].concat();
        let expected = input_hash(&input).map_err(eval)?;
        let (expected, method) = (expected.as_ref(), Method::Archive);
        let wanted = Wanted { url: &url, other_names: &other_names, method, expected, name };
        let phrase = || Action::Work(error::Work::FetchingInput, url.as_str().into());
        let standing_in = self.fetching(|| self.stand_in(&wanted, is_final)).traced_subject(phrase)?;
        let (found, mut attrs, fingerprint, is_unasked) = match standing_in {
            Some(found) => (found, input.clone(), None, !is_final),
            None => self.fetch_or_believe(&input, &wanted).traced_subject(phrase)?,
        };
        check_tree_hash(&input, &wanted, &found.hash)?;
        let shown = shown_place(&attrs, &found, is_final);
        attrs.insert(b"narHash".to_vec(), sri(&found.hash));
        let hash = found.hash.clone();
        let path = found.add(self, method, name)?;
        if let Some(shown) = shown {
            self.sources().show_tree_as(&path, &shown);
        }
        Ok(InputTree { path, hash, attrs, fingerprint, is_unasked })
    }

    /// What the settings name in place of what is wanted, or else what the store has, if `is_final` says that it is enough to
    /// know the hash.
    pub(crate) fn stand_in(&self, wanted: &Wanted<'_>, is_final: bool) -> Result<Option<Found>> {
        if let Some(path) = self.local_copy(wanted)? {
            let hash = self.hash_source(&path, wanted.method)?;
            return Ok(Some(Found { hash, place: Some((path, None)) }));
        }
        let Some(expected) = wanted.expected.filter(|_| is_final) else { return Ok(None) };
        let content = ContentAddress { method: wanted.method, hash: expected.clone() };
        let path = content.path(&self.settings().store_dir, wanted.name)?;
        let place = self.place_of_entry(&path);
        Ok(place.map(|place| Found { hash: expected.clone(), place: Some((place, None)) }))
    }

    /// The tree that an input of type `path` is, if that is in an entry of the store which this evaluation has made.
    fn own_entry(&self, input: &Attrs) -> Option<Vec<u8>> {
        let text = |name: &str| match input.get(name.as_bytes()) {
            Some(Attr::String(text)) => Some(text.as_slice()),
            _ => None,
        };
        let path = text("path").filter(|_| text("type") == Some(b"path"))?;
        self.shared().io.entries().is_known(path).then(|| canonical(path))
    }

    /// Where an entry of the store can be read, if it can.
    fn place_of_entry(&self, path: &[u8]) -> Option<Vec<u8>> {
        let world = &self.shared().io;
        if world.entries().has_contents(path) {
            return Some(path.to_vec());
        }
        let is_outside = || matches!(world.outside().status(path), Ok(Some(_)));
        world.entries().backend().locate(path).or_else(|| is_outside().then(|| path.to_vec()))
    }

    /// A file or tree on this machine.
    pub(crate) fn found_at(&self, place: Vec<u8>, method: Method) -> Result<Found> {
        Ok(Found { hash: self.hash_source(&place, method)?, place: Some((place, None)) })
    }

    /// What is known if nothing could be fetched: the hash that it must have, unless somebody has tried in earnest.
    pub(crate) fn believe(&self, wanted: &Wanted<'_>, error: Error) -> Result<Found> {
        match wanted.expected {
            Some(hash) if !self.shared().fetcher.is_connected() => Ok(Found { hash: hash.clone(), place: None }),
            _ => Err(error),
        }
    }

    fn fetch_or_believe(&self, input: &Attrs, wanted: &Wanted<'_>) -> Result<(Found, Attrs, Option<String>, bool)> {
        if let Some(entry) = self.own_entry(input) {
            return Ok((self.found_at(entry, Method::Archive)?, input.clone(), None, false));
        }
        match self.with_fetcher(|fetcher, work| fetcher.tree(work, input)) {
            Ok(fetched) => {
                let hash = self.fetching(|| self.hash_of(&fetched))?;
                check_attributes(input, &fetched.attrs, &hash)?;
                let place = Some((fetched.place, fetched.selection));
                Ok((Found { hash, place }, fetched.attrs, fetched.fingerprint, false))
            }
            Err(error) => Ok((self.believe(wanted, error)?, input.clone(), None, true)),
        }
    }

    fn hash_of(&self, fetched: &Fetched) -> Result<Hash> {
        match (&fetched.hash, &fetched.selection) {
            (Some(hash), _) => Ok(hash.clone()),
            (None, None) => self.hash_source(&fetched.place, Method::Archive),
            (None, Some(selection)) => {
                let start = fetched.place.len() + 1;
                hash_archive(self.io(), &fetched.place, &mut |path, _| {
                    self.poll().map(|()| path.get(start..).is_some_and(|path| selection.has(path)))
                })
            }
        }
    }

    /// Where the settings say that it lies.
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

fn eval(error: crate::codec::flake_ref::FlakeRefError) -> Error {
    Error::fetch(error.0)
}

/// What the settings may call an input besides its whole URL.
pub(crate) fn short_names(attrs: &Attrs) -> Result<Vec<Vec<u8>>> {
    let mut short = attrs.clone();
    short.retain(|name, _| !matches!(name.as_slice(), b"narHash" | b"shallow" | b"exportIgnore"));
    let mut names = vec![input_url(&short).map_err(eval)?.into_bytes()];
    if let Some(Attr::String(url)) = attrs.get(&b"url"[..]) {
        names.push(url.clone());
    }
    Ok(names)
}

/// Whether what was found out of a tree is what its input says of it.
fn check_attributes(input: &Attrs, found: &Attrs, hash: &Hash) -> Result<()> {
    let url = || {
        let mut shown = found.clone();
        if is_download(found) {
            shown.insert(b"narHash".to_vec(), sri(hash));
        }
        input_url(&shown).unwrap_or_else(|error| error.0)
    };
    let number = |attrs: &Attrs, name: &str| match attrs.get(name.as_bytes()) {
        Some(Attr::Int(int)) => Some(*int),
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
    let rev = |attrs: &Attrs| match attrs.get(&b"rev"[..]) {
        Some(Attr::String(digits)) => Some(digits.to_ascii_lowercase()),
        _ => None,
    };
    match rev(input) {
        Some(wanted) if rev(found).as_ref() != Some(&wanted) => {
            let wanted = String::from_utf8_lossy(&wanted);
            Err(Error::fetch(format!("'rev' attribute mismatch in input '{}', expected {wanted}", url())))
        }
        _ => Ok(()),
    }
}

/// Whether a tree has the hash that its input asks for. C++ Nix confuses the two in its message unless it has downloaded the
/// input.
fn check_tree_hash(input: &Attrs, wanted: &Wanted<'_>, actual: &Hash) -> Result<()> {
    let Some(expected) = wanted.expected.filter(|expected| *expected != actual) else { return Ok(()) };
    let url = wanted.url;
    let error = tree_mismatch(url, expected, actual);
    if is_download(input) {
        return Err(error).traced_subject(|| Action::Work(error::Work::FetchingInput, url.into()));
    }
    Err(error.in_nix_words(tree_mismatch_text(url, actual, expected)))
}

/// What messages call a tree: where it lies, if people know it there, or what it was asked by. Paths on this machine are
/// called by their path in the store, as C++ Nix does, unless a lock file says what is there.
fn shown_place(attrs: &Attrs, found: &Found, is_final: bool) -> Option<Vec<u8>> {
    let is_path = attrs.get(&b"type"[..]) == Some(&Attr::String(b"path".to_vec()));
    if is_path && !is_final {
        return None;
    }
    if let Some((place, Some(selection))) = &found.place
        && selection.repository().is_some()
    {
        return Some(place.clone());
    }
    let mut shown = attrs.clone();
    if is_path || is_download(attrs) {
        shown.insert(b"narHash".to_vec(), sri(&found.hash));
    }
    Some(format!("«{}»", input_url(&shown).ok()?).into_bytes())
}

fn is_download(attrs: &Attrs) -> bool {
    matches!(attrs.get(&b"type"[..]), Some(Attr::String(kind)) if kind == b"file" || kind == b"tarball")
}

/// A hash as the attribute `narHash` has it.
fn sri(hash: &Hash) -> Attr {
    Attr::String(hash_to_text(hash, HashFormat::Sri, true).into_bytes())
}

/// The error for a tree with another hash than it must have.
#[cold]
pub(crate) fn tree_mismatch(url: &str, expected: &Hash, actual: &Hash) -> Error {
    Error::fetch(tree_mismatch_text(url, expected, actual)).with_code(Code::HASH_MISMATCH)
}

/// What C++ Nix says of a tree with another hash than it must have.
fn tree_mismatch_text(url: &str, expected: &Hash, actual: &Hash) -> String {
    let text = |hash| hash_to_text(hash, HashFormat::Sri, true);
    let (expected, actual) = (text(expected), text(actual));
    format!("NAR hash mismatch in input '{url}', expected '{expected}' but got '{actual}'")
}

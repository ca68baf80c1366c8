//! Inputs as entries of the store: fetched by whoever fetches for the engine, then readable at their store paths.

use super::Eval;
use super::world::Entry;
use crate::codec::flake_ref::{Attr, Attrs, input_hash, input_url};
use crate::codec::hash::Hash;
use crate::codec::hash_format::HashFormat;
use crate::codec::hash_text::hash_to_text;
use crate::error::{Code, Error, Result, ResultExt};
use crate::fetch::{Fetch, Fetched, Work};
use crate::heap::PosId;
use crate::store::content::Method;
use crate::store::path::StorePath;
use crate::store::tree::hash_archive;

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
}

impl<'h> Eval<'h> {
    /// Does something with who fetches, for which the whole machine may be read.
    pub(crate) fn with_fetcher<T>(&self, body: impl FnOnce(&dyn Fetch, &Work<'_>) -> T) -> T {
        let shared = self.shared();
        let store = shared.io.backend();
        let stop = || self.poll().is_err();
        let work = Work { io: shared.io.outside(), store: &*store, store_dir: &self.settings().store_dir, stop: &stop };
        self.fetching(|| body(&*shared.fetcher, &work))
    }

    /// Fetches an input, whose attributes are checked, and puts it into the store under a name. Whether that may be done is
    /// for the caller to know.
    ///
    /// # Errors
    /// Those of fetching; another hash than the attributes ask for.
    pub fn fetch_input(&self, input: &Attrs, name: &[u8]) -> Result<InputTree> {
        let url = input_url(input).map_err(|error| Error::eval(error.0))?;
        let expected = input_hash(input).map_err(|error| Error::eval(error.0))?;
        let phrase = || format!("while fetching the input '{url}'");
        let fetched = self.with_fetcher(|fetcher, work| fetcher.tree(work, input)).traced(PosId(0), phrase)?;
        let hash = self.hash_of(&fetched).traced(PosId(0), phrase)?;
        if let Some(expected) = expected.filter(|expected| *expected != hash) {
            return Err(tree_mismatch(&url, &expected, &hash));
        }
        let path = self.source_path(hash.clone(), Method::Archive, name)?;
        let mut attrs = fetched.attrs;
        attrs.insert(b"narHash".to_vec(), Attr::String(hash_to_text(&hash, HashFormat::Sri, true).into_bytes()));
        self.add_entry(&path, Entry::Copy(fetched.place.into(), fetched.selection));
        Ok(InputTree { path, hash, attrs, fingerprint: fetched.fingerprint })
    }

    fn hash_of(&self, fetched: &Fetched) -> Result<Hash> {
        match (&fetched.hash, &fetched.selection) {
            (Some(hash), _) => Ok(hash.clone()),
            (None, None) => self.fetching(|| self.hash_source(&fetched.place, Method::Archive)),
            (None, Some(selection)) => self.fetching(|| {
                let start = fetched.place.len() + 1;
                hash_archive(self.io(), &fetched.place, &mut |path, _| {
                    self.poll().map(|()| path.get(start..).is_some_and(|path| selection.has(path)))
                })
            }),
        }
    }
}

/// The error for a tree with another hash than it must have.
#[cold]
pub(crate) fn tree_mismatch(url: &str, expected: &Hash, actual: &Hash) -> Error {
    Error::eval(tree_mismatch_text(url, expected, actual)).coded(Code::HASH_MISMATCH)
}

/// What C++ Nix says of a tree with another hash than it must have.
pub(crate) fn tree_mismatch_text(url: &str, expected: &Hash, actual: &Hash) -> String {
    let text = |hash| hash_to_text(hash, HashFormat::Sri, true);
    let (expected, actual) = (text(expected), text(actual));
    format!("NAR hash mismatch in input '{url}', expected '{expected}' but got '{actual}'")
}

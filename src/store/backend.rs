//! The interface of a store: entries are found, added and built.
//!
//! The paths of entries are logical, for example `/nix/store/…-name`, wherever the store keeps its files.

use super::content::Method;
use super::daemon::types::{BuildMode, BuildResult, DerivedPath, Missing, PathInfo};
use super::path::{DIGITS, StorePath};
use super::staging::Staging;
use crate::codec::hash::HashAlgorithm;
use crate::error::{Error, ErrorKind, Result};
use std::fmt::Debug;
use std::path::Path;
use std::rc::Rc;

/// An entry to add.
#[derive(Clone, Copy, Debug)]
pub struct NewEntry<'e> {
    /// Its path, which the caller has computed from the contents.
    pub path: &'e [u8],
    /// The way from its contents to a hash.
    pub method: Method,
    /// The algorithm of the hash; SHA-256 for texts.
    pub algorithm: HashAlgorithm,
    /// The entries it refers to.
    pub references: &'e [StorePath],
}

impl<'e> NewEntry<'e> {
    /// A file or tree that refers to no other entry and is addressed by SHA-256.
    pub fn alone(path: &'e [u8], method: Method) -> Self {
        Self { path, method, algorithm: HashAlgorithm::Sha256, references: &[] }
    }

    /// The name in its path.
    pub fn name(&self) -> &'e [u8] {
        let base = self.path.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
        base.get(DIGITS + 1..).unwrap_or_default()
    }
}

/// A text to add, for example of a derivation.
#[derive(Clone, Debug)]
pub struct NewText<'t> {
    /// Its path, which the caller has computed from the text.
    pub path: &'t [u8],
    /// The text.
    pub text: &'t [u8],
    /// The entries it refers to.
    pub references: Vec<StorePath>,
}

impl NewText<'_> {
    /// The entry that the text becomes.
    pub fn entry(&self) -> NewEntry<'_> {
        NewEntry { references: &self.references, ..NewEntry::alone(self.path, Method::Text) }
    }
}

/// An output of a derivation, and its path if that is known.
pub type OutputPath = (Box<[u8]>, Option<StorePath>);

/// A store with entries that can be read and added.
///
/// An entry is either whole or absent, whatever happens to the process that adds it, and never changes afterwards.
/// Several processes may add the same entry at once.
pub trait Store: Debug {
    /// The location of an entry on this machine, if the store has it. `entry` is a path directly in the store.
    fn locate(&self, entry: &[u8]) -> Option<Vec<u8>>;

    /// The entries among these that the store lacks. All of these are protected from collection as long as this store
    /// is open.
    ///
    /// # Errors
    ///
    /// Fails if the store cannot be reached.
    fn missing(&self, entries: &[StorePath]) -> Result<Vec<StorePath>> {
        Ok(entries.iter().filter(|entry| self.locate(entry).is_none()).cloned().collect())
    }

    /// A temporary place where an entry is created.
    ///
    /// # Errors
    ///
    /// Fails if the store is not writable.
    fn stage(&self) -> Result<Staging>;

    /// A temporary place for a copy of a folder, which is not in that folder.
    ///
    /// # Errors
    ///
    /// Fails like [`Store::stage`], or if the store has no such place.
    fn stage_apart(&self, _folder: &Path) -> Result<Staging> {
        self.stage()
    }

    /// Turns the staged file or tree into an entry in canonical form: not writable, with fixed times. If the store
    /// already has the entry, that one is kept. Returns its location. Afterwards the staging place can be used again.
    ///
    /// The caller is responsible for contents that match the path.
    ///
    /// # Errors
    ///
    /// Fails on file system errors, or if the store refuses.
    fn publish(&self, staged: &Staging, entry: &NewEntry<'_>) -> Result<Vec<u8>>;

    /// Adds texts without staging them, each after those it refers to. Returns false if this store can't.
    ///
    /// # Errors
    ///
    /// Fails if the store refuses.
    fn add_texts(&self, _texts: &[NewText<'_>]) -> Result<bool> {
        Ok(false)
    }

    /// Sets the question that a store asks while it waits: long work ends with an error once the answer is true.
    fn stop_if(&self, _is_stopped: Rc<dyn Fn() -> bool>) {}

    /// True if the store builds derivations.
    fn can_build(&self) -> bool {
        false
    }

    /// Builds or downloads. The derivations must be in the store.
    ///
    /// # Errors
    ///
    /// Fails if the store does not build, refuses, or cannot be reached. Failed builds may be errors or results.
    fn build(&self, _targets: &[DerivedPath], _mode: BuildMode) -> Result<Vec<BuildResult>> {
        Err(cannot("build"))
    }

    /// Builds or downloads, and reports no results.
    ///
    /// # Errors
    ///
    /// Fails like [`Store::build`], or if a build fails.
    fn build_all(&self, _targets: &[DerivedPath]) -> Result<()> {
        Err(cannot("build"))
    }

    /// The builds and downloads that [`Store::build`] would make.
    ///
    /// # Errors
    ///
    /// Fails if the store does not build, or cannot be reached.
    fn build_plan(&self, _targets: &[DerivedPath]) -> Result<Missing> {
        Err(cannot("build"))
    }

    /// The outputs of a derivation in the store.
    ///
    /// # Errors
    ///
    /// Fails if the store lacks the derivation, or does not know outputs.
    fn outputs(&self, _derivation: &[u8]) -> Result<Vec<OutputPath>> {
        Err(cannot("tell the outputs of derivations"))
    }

    /// The store's knowledge about an entry, if it has it and keeps such knowledge.
    ///
    /// # Errors
    ///
    /// Fails if the store cannot be reached.
    fn info(&self, _entry: &[u8]) -> Result<Option<PathInfo>> {
        Ok(None)
    }

    /// Protects the entry that a link leads to, as long as the link is there. `link` is an absolute path.
    ///
    /// # Errors
    ///
    /// Fails if the store has no roots, or refuses.
    fn add_root(&self, _link: &[u8]) -> Result<()> {
        Err(cannot("protect entries"))
    }
}

#[cold]
fn cannot(what: &str) -> Error {
    ErrorKind::Unsupported(format!("this store cannot {what}; a Nix daemon can")).into()
}

/// A store that only computes paths and keeps nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct ComputeOnly;

impl Store for ComputeOnly {
    fn locate(&self, _: &[u8]) -> Option<Vec<u8>> {
        None
    }

    fn stage(&self) -> Result<Staging> {
        Err(ErrorKind::Unsupported("cannot add to the store: this evaluation has none".to_owned()).into())
    }

    fn publish(&self, _: &Staging, _: &NewEntry<'_>) -> Result<Vec<u8>> {
        self.stage().map(|_| Vec::new())
    }
}

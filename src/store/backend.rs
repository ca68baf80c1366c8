//! The location of store entries: the interface of a store.
//!
//! The paths of entries are logical, for example `/nix/store/…-name`, wherever the store keeps its files.

use super::staging::Staging;
use crate::error::{ErrorKind, Result};
use std::fmt::Debug;

/// A store with entries that can be read and added.
///
/// An entry is either whole or absent, whatever happens to the process that adds it, and never changes afterwards.
/// Several processes may add the same entry at once.
pub trait Store: Debug {
    /// The location of an entry on this machine, if the store has it. `entry` is a path directly in the store.
    fn locate(&self, entry: &[u8]) -> Option<Vec<u8>>;

    /// A temporary place where an entry is created.
    ///
    /// # Errors
    ///
    /// Fails if the store is not writable.
    fn stage(&self) -> Result<Staging>;

    /// Turns the staged file or tree into the entry with this path, in canonical form: not writable, with fixed
    /// times. If the store already has the entry, that one is kept. Returns its location. Afterwards the staging
    /// place can be used again.
    ///
    /// The caller is responsible for contents that match the path.
    ///
    /// # Errors
    ///
    /// Fails on file system errors.
    fn publish(&self, staged: &Staging, entry: &[u8]) -> Result<Vec<u8>>;
}

/// A store that only computes paths and keeps nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct ComputeOnly;

impl Store for ComputeOnly {
    fn locate(&self, _: &[u8]) -> Option<Vec<u8>> {
        None
    }

    fn stage(&self) -> Result<Staging> {
        Err(ErrorKind::Unsupported("cannot add to the store: this evaluator has none".to_owned()).into())
    }

    fn publish(&self, _: &Staging, _: &[u8]) -> Result<Vec<u8>> {
        self.stage().map(|_| Vec::new())
    }
}

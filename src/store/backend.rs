//! Where entries of the store really are: the door behind which a store lies.
//!
//! Paths of entries are logical, as `/nix/store/…-name`, wherever the store keeps its files.

use super::staging::Staging;
use crate::error::{ErrorKind, Result};
use std::fmt::Debug;

/// A store that entries can be read from and added to.
///
/// An entry is whole or isn't there, whatever happens to the process that adds it, and never changes afterwards. Many
/// processes may add the same one at once.
pub trait Store: Debug {
    /// Where on this machine an entry lies, if the store has it. `entry` is a path directly in the store.
    fn locate(&self, entry: &[u8]) -> Option<Vec<u8>>;

    /// A place to make an entry in.
    ///
    /// # Errors
    /// If the store can't be written.
    fn stage(&self) -> Result<Staging>;

    /// Makes what was staged the entry with this path, in canonical form: nothing is writable, and no time is told. If
    /// the store has the entry already, that stays. Returns where it lies. Afterwards something else can be staged there.
    ///
    /// Whether it is what its path says is for the caller to know.
    ///
    /// # Errors
    /// Those of the file system.
    fn publish(&self, staged: &Staging, entry: &[u8]) -> Result<Vec<u8>>;
}

/// No store: paths are computed, and nothing is kept.
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

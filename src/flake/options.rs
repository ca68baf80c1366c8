//! How a flake is to be locked.

use super::manifest::Flake;
use super::path::InputPath;
use super::reference::FlakeRef;
use crate::error::Result;
use crate::eval::Eval;
use std::collections::{BTreeMap, BTreeSet};

/// How a flake is to be locked. The default is what C++ Nix's commands do without flags, except that nobody writes.
#[derive(Clone, Copy)]
pub struct LockOptions<'o> {
    /// Nothing of the lock file that is there counts: `--recreate-lock-file`.
    pub recreate: bool,
    /// The lock file may change. Without, changes that would be written are errors: `--no-update-lock-file`.
    pub may_update: bool,
    /// The lock file is written if it changes. Without, a warning says what would be: `--no-write-lock-file`.
    pub may_write: bool,
    /// That something is not locked well enough to write it down is an error, not a warning: for `nix flake lock`.
    pub fail_on_unlocked: bool,
    /// Whether names are looked up in registries; as the settings say if this doesn't.
    pub use_registries: Option<bool>,
    /// Inputs may be fetched of which neither a commit nor a hash is known.
    pub allow_unlocked: bool,
    /// The lock file is committed where it is written: `--commit-lock-file`.
    pub commit: bool,
    /// Where to read the lock file instead: `--reference-lock-file`.
    pub read_from: Option<&'o [u8]>,
    /// Where to write the lock file instead: `--output-lock-file`.
    pub write_to: Option<&'o [u8]>,
    /// What inputs are replaced by: `--override-input`.
    pub overrides: Option<&'o BTreeMap<InputPath, FlakeRef>>,
    /// Inputs whose locks don't count: those of `nix flake update`.
    pub updates: Option<&'o BTreeSet<InputPath>>,
    /// Who writes lock files. Without, nothing is written, and [`LockedFlake::unwritten`](super::LockedFlake::unwritten)
    /// says what would have been.
    pub writer: Option<&'o dyn LockWriter>,
    /// Called with the flake once it is read, before its inputs are locked.
    pub on_flake: Option<&'o OnFlake>,
}

/// What is done with a flake once it is read.
pub type OnFlake = dyn Fn(&Eval<'_>, &Flake);

impl Default for LockOptions<'_> {
    fn default() -> Self {
        Self {
            recreate: false,
            may_update: true,
            may_write: true,
            fail_on_unlocked: false,
            use_registries: None,
            allow_unlocked: true,
            commit: false,
            read_from: None,
            write_to: None,
            overrides: None,
            updates: None,
            writer: None,
            on_flake: None,
        }
    }
}

impl std::fmt::Debug for LockOptions<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LockOptions").field("recreate", &self.recreate).finish_non_exhaustive()
    }
}

/// A lock file that is to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockWrite {
    /// The flake that it belongs to; `None` if it goes to a file that has nothing to do with it.
    pub flake: Option<FlakeRef>,
    /// Where it goes, an absolute path on this machine.
    pub file: Vec<u8>,
    /// The same below the tree of the flake.
    pub inside: Vec<u8>,
    /// The text.
    pub contents: String,
    /// The message to commit it with, if it is to be committed.
    pub commit_message: Option<String>,
}

/// Who writes lock files.
pub trait LockWriter {
    /// Writes one, and commits it if it has a message.
    ///
    /// # Errors
    /// Those of the file system and of Git.
    fn write(&self, write: &LockWrite) -> Result<()>;
}

//! Options for locking a flake.

use super::manifest::Flake;
use super::path::InputPath;
use crate::error::{Error, Result};
use crate::eval::Eval;
use crate::flake_ref::FlakeRef;
use std::collections::{BTreeMap, BTreeSet};

/// Options for locking a flake. The defaults are those of C++ Nix's commands, but without a writer.
#[derive(Clone, Copy)]
pub struct LockOptions<'o> {
    /// Ignore the existing lock file: `--recreate-lock-file`.
    pub recreate: bool,
    /// The lock file may change. If false, a change that would be written is an error: `--no-update-lock-file`.
    pub may_update: bool,
    /// The lock file is written if it changes. If false, a warning describes the changes: `--no-write-lock-file`.
    pub may_write: bool,
    /// A lock that is not exact enough to be written is an error and not a warning: for `nix flake lock`.
    pub fail_on_unlocked: bool,
    /// Look names up in registries; `None` for the value of the setting.
    pub use_registries: Option<bool>,
    /// Allow fetches of inputs without a known commit or hash.
    pub allow_unlocked: bool,
    /// The flake is evaluated afterwards, as it was before the lock file was written.
    pub keeps_tree: bool,
    /// Commit the lock file after it is written: `--commit-lock-file`.
    pub commit: bool,
    /// Read the lock file from this path instead: `--reference-lock-file`.
    pub read_from: Option<&'o [u8]>,
    /// Write the lock file to this path instead: `--output-lock-file`.
    pub write_to: Option<&'o [u8]>,
    /// The replacements of inputs: `--override-input`.
    pub overrides: Option<&'o BTreeMap<InputPath, FlakeRef>>,
    /// The inputs to update, whose locks are ignored: `nix flake update`.
    pub updates: Option<&'o BTreeSet<InputPath>>,
    /// The writer of lock files. Without one, nothing is written, and
    /// [`LockedFlake::unwritten`](super::LockedFlake::unwritten) has the lock file.
    pub writer: Option<&'o dyn LockWriter>,
    /// Called with the flake once it is read, before its inputs are locked.
    pub on_flake: Option<&'o OnFlake>,
    /// A note on the errors of lock files that may not change.
    pub advice: Option<&'o str>,
}

/// A callback for a flake that was read.
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
            keeps_tree: true,
            commit: false,
            read_from: None,
            write_to: None,
            overrides: None,
            updates: None,
            writer: None,
            on_flake: None,
            advice: None,
        }
    }
}

impl LockOptions<'_> {
    /// Returns the error of a lock file that may not change.
    pub(super) fn refused(&self, message: String) -> Error {
        let error = Error::eval(message);
        match self.advice {
            Some(advice) => error.with_note(advice),
            None => error,
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
    /// The flake that it belongs to; `None` for an unrelated file.
    pub flake: Option<FlakeRef>,
    /// The file to write, as an absolute path on this machine.
    pub file: Vec<u8>,
    /// The path of the file inside the flake's tree.
    pub inside: Vec<u8>,
    /// The text.
    pub contents: String,
    /// The commit message, if it is to be committed.
    pub commit_message: Option<String>,
}

/// A writer of lock files.
pub trait LockWriter {
    /// Writes a lock file, and commits it if there is a message.
    ///
    /// # Errors
    ///
    /// Fails on file system or Git errors.
    fn write(&self, write: &LockWrite) -> Result<()>;
}

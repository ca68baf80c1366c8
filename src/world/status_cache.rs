//! The status of files during one visit to an engine, requested from the system once per file.
//!
//! Only existing files are remembered: a missing one may be created, and is rarely requested. Between two visits to
//! the engine, or while a debugger has stopped, the caller may change files.

use crate::io::{Io, Status};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::{Cell, RefCell};
use std::io;

/// The largest number of remembered files; beyond it all are forgotten. A program may copy a tree of any size.
const MOST: usize = 1 << 14;

/// The status of the machine's files.
#[derive(Default)]
pub(crate) struct StatusCache {
    found: RefCell<FxHashMap<Box<[u8]>, Status>>,
    /// Folders, as programs see them, that are reached through no link.
    straight: RefCell<FxHashSet<Box<[u8]>>>,
    since: Cell<Option<i64>>,
    remembers_nothing: Cell<bool>,
}

impl StatusCache {
    /// The status of a path, without following its last link.
    pub(crate) fn status(&self, outside: &dyn Io, path: &[u8]) -> io::Result<Option<Status>> {
        if let Some(known) = self.found.borrow().get(path) {
            return Ok(Some(*known));
        }
        if self.since.get().is_none() {
            self.since.set(Some(outside.nanoseconds()));
        }
        let status = outside.status(path)?;
        if let Some(status) = status.filter(|_| !self.remembers_nothing.get()) {
            let mut found = self.found.borrow_mut();
            if found.len() >= MOST {
                found.clear();
            }
            found.insert(path.into(), status);
        }
        Ok(status)
    }

    /// True for a folder known to be reached without links.
    pub(crate) fn is_straight(&self, folder: &[u8]) -> bool {
        folder == b"/" || self.straight.borrow().contains(folder)
    }

    /// Records a folder that is reached without links.
    pub(crate) fn add_straight(&self, folder: &[u8]) {
        if !self.remembers_nothing.get() {
            let mut straight = self.straight.borrow_mut();
            if straight.len() >= MOST {
                straight.clear();
            }
            straight.insert(folder.into());
        }
    }

    /// A time before the oldest remembered status, in nanoseconds since 1970.
    pub(crate) fn since(&self) -> Option<i64> {
        self.since.get()
    }

    /// Forgets all files.
    pub(crate) fn forget(&self) {
        self.found.borrow_mut().clear();
        self.straight.borrow_mut().clear();
        self.since.set(None);
    }

    /// Forgets all files, and remembers none from now on.
    pub(crate) fn remember_nothing(&self) {
        self.remembers_nothing.set(true);
        self.forget();
    }
}

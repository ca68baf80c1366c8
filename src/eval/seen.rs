//! What the system said of files during one visit to an engine, so that it is asked once per file.
//!
//! Only what is there is remembered: what is missing may come to be, and nobody asks for it often. Who visits the engine
//! again may have changed files meanwhile, and so may who stops an evaluation with a debugger.

use crate::io::{Io, Status};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::{Cell, RefCell};
use std::io;

/// Most files remembered; then all are forgotten. A program may copy a tree of any size.
const MOST: usize = 1 << 14;

/// What was seen of files that lie outside.
#[derive(Default)]
pub(crate) struct Seen {
    found: RefCell<FxHashMap<Box<[u8]>, Status>>,
    /// Folders, as programs see them, that are reached through no link.
    straight: RefCell<FxHashSet<Box<[u8]>>>,
    since: Cell<Option<i64>>,
    remembers_nothing: Cell<bool>,
}

impl Seen {
    /// What is at a path, its last link not followed.
    pub(super) fn status(&self, outside: &dyn Io, path: &[u8]) -> io::Result<Option<Status>> {
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

    /// True for a folder that was found to be one, with no link on the way.
    pub(super) fn is_straight(&self, folder: &[u8]) -> bool {
        folder == b"/" || self.straight.borrow().contains(folder)
    }

    /// Remembers a folder that is reached through no link.
    pub(super) fn add_straight(&self, folder: &[u8]) {
        if !self.remembers_nothing.get() {
            let mut straight = self.straight.borrow_mut();
            if straight.len() >= MOST {
                straight.clear();
            }
            straight.insert(folder.into());
        }
    }

    /// A time before anything was seen that is remembered, in parts of a billion of a second since 1970.
    pub(super) fn since(&self) -> Option<i64> {
        self.since.get()
    }

    /// Forgets all files.
    pub(crate) fn forget(&self) {
        self.found.borrow_mut().clear();
        self.straight.borrow_mut().clear();
        self.since.set(None);
    }

    /// Forgets all files, now and from now on.
    pub(crate) fn remember_nothing(&self) {
        self.remembers_nothing.set(true);
        self.forget();
    }
}

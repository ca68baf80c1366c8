//! A cache in memory.

use super::{Cache, Entry, Key, StampId};
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

/// A cache in memory, for several engines of one program that read the same files.
#[derive(Debug, Default)]
pub struct MemoryCache {
    files: RefCell<HashMap<Key, File>>,
    stamps: RefCell<HashMap<StampId, Key>>,
    /// The unit of all other files.
    otherwise: Option<Vec<u8>>,
}

#[derive(Debug)]
struct File {
    unit: Vec<u8>,
    text: Arc<[u8]>,
}

impl MemoryCache {
    /// A cache that has the same unit for every file, so that tests can run any unit.
    pub fn of_one_unit(unit: Vec<u8>) -> Self {
        Self { otherwise: Some(unit), ..Self::default() }
    }
}

impl Cache for MemoryCache {
    fn key(&self, stamp: &StampId) -> Option<Key> {
        self.stamps.borrow().get(stamp).copied()
    }

    fn entry<'r>(&self, key: &Key, room: &'r mut Vec<u8>) -> Option<Entry<'r>> {
        /// The length of a text that does not exist.
        const NO_TEXT: u32 = 100;
        let files = self.files.borrow();
        let (unit, text_len) = match files.get(key) {
            Some(file) => (&file.unit, u32::try_from(file.text.len()).ok()?),
            None => (self.otherwise.as_ref()?, NO_TEXT),
        };
        room.clone_from(unit);
        Some(Entry { unit: room, text_len })
    }

    fn text(&self, key: &Key) -> Option<Vec<u8>> {
        self.files.borrow().get(key).map(|file| file.text.to_vec())
    }

    fn add(&self, key: Key, unit: Vec<u8>, text: Arc<[u8]>) {
        if self.otherwise.is_none() {
            self.files.borrow_mut().insert(key, File { unit, text });
        }
    }

    fn add_stamp(&self, stamp: StampId, key: Key) {
        if self.otherwise.is_none() {
            self.stamps.borrow_mut().insert(stamp, key);
        }
    }

    fn refuse(&self, key: &Key) {
        self.files.borrow_mut().remove(key);
    }
}

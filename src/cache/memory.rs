//! A cache in memory.

use super::{Cache, Entry, Key, StampId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Files are forgotten when they and their texts take more than this many bytes.
const MOST_BYTES: usize = 512 << 20;

/// A cache in memory, for several engines of one program that read the same files. In an [`Arc`], threads share it.
#[derive(Debug, Default)]
pub struct MemoryCache {
    files: Mutex<Files>,
    stamps: Mutex<HashMap<StampId, Key>>,
    /// The unit of all other files.
    otherwise: Option<Vec<u8>>,
}

#[derive(Debug, Default)]
struct Files {
    by_key: HashMap<Key, File>,
    bytes: usize,
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

fn locked<T>(table: &Mutex<T>) -> MutexGuard<'_, T> {
    table.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Cache for MemoryCache {
    fn key(&self, stamp: &StampId) -> Option<Key> {
        locked(&self.stamps).get(stamp).copied()
    }

    fn entry<'r>(&self, key: &Key, room: &'r mut Vec<u8>) -> Option<Entry<'r>> {
        /// The length of a text that does not exist.
        const NO_TEXT: u32 = 100;
        let files = locked(&self.files);
        let (unit, text_len) = match files.by_key.get(key) {
            Some(file) => (&file.unit, u32::try_from(file.text.len()).ok()?),
            None => (self.otherwise.as_ref()?, NO_TEXT),
        };
        room.clone_from(unit);
        Some(Entry { unit: room, text_len })
    }

    fn text(&self, key: &Key) -> Option<Vec<u8>> {
        locked(&self.files).by_key.get(key).map(|file| file.text.to_vec())
    }

    fn add(&self, key: Key, unit: Vec<u8>, text: Arc<[u8]>) {
        if self.otherwise.is_none() {
            let mut files = locked(&self.files);
            files.bytes += unit.len() + text.len();
            if files.bytes > MOST_BYTES {
                *files = Files { bytes: unit.len() + text.len(), ..Files::default() };
                locked(&self.stamps).clear();
            }
            files.by_key.insert(key, File { unit, text });
        }
    }

    fn add_stamp(&self, stamp: StampId, key: Key) {
        if self.otherwise.is_none() {
            locked(&self.stamps).insert(stamp, key);
        }
    }

    fn refuse(&self, key: &Key) {
        locked(&self.files).by_key.remove(key);
    }
}

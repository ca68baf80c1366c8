//! Lowered files kept between runs, so that a file is not parsed once per run.
//!
//! ```text
//! stamp of the file ──▶ key ──▶ unit      nothing is read but the unit
//! bytes of the file ──▶ key ──▶ unit      the file is read, not parsed
//! ```
//!
//! A [`Key`] is a digest of the bytes of a file and of everything else that lowering depends on: another text,
//! another build of this library or another setting has another key, so an entry is never out of date. A [`Stamp`](crate::io::Stamp)
//! distinguishes the states of a file without reading it. It is looked up first, and trusted if it is
//! [settled](crate::io::Stamp::is_settled).
//!
//! [`Cache`] is the interface. An engine has a cache only if it is [given one](crate::Engine::with_cache).
//! [`DiskCache`] keeps units on disk, [`MemoryCache`] in memory. Entries are checked before they are used: whatever the cache
//! contains, an evaluation gives the right value.

mod disk;
mod memory;
mod pack;

pub use disk::{Census, DiskCache};
pub use memory::MemoryCache;

use std::fmt::Debug;
use std::sync::Arc;

/// The digest of a text and of everything else that lowering depends on. Texts with the same key are the same text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Key(pub [u8; 32]);

/// A lowered file.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'r> {
    /// The output of [`Unit::encode`](crate::ir::Unit::encode) for the lowered file.
    pub unit: &'r [u8],
    /// The length of the file's text, in bytes.
    pub text_len: u32,
}

/// A cache of lowered files. Nothing here fails: an unreadable entry counts as absent, and a failed write is dropped.
pub trait Cache: Debug {
    /// The key of the file with a stamp.
    fn key(&self, stamp: &StampId) -> Option<Key>;

    /// The entry with a key. It is read into `room`, which may be larger and have any contents.
    fn entry<'r>(&self, key: &Key, room: &'r mut Vec<u8>) -> Option<Entry<'r>>;

    /// The text of the entry with a key.
    fn text(&self, key: &Key) -> Option<Vec<u8>>;

    /// Keeps a unit and the text of its file.
    fn add(&self, key: Key, unit: Vec<u8>, text: Arc<[u8]>);

    /// Records the key of the file with a stamp.
    fn add_stamp(&self, stamp: StampId, key: Key);

    /// Reports that the entry with a key is damaged.
    fn refuse(&self, key: &Key);
}

/// A cache that several threads use.
impl<C: Cache> Cache for Arc<C> {
    fn key(&self, stamp: &StampId) -> Option<Key> {
        (**self).key(stamp)
    }

    fn entry<'r>(&self, key: &Key, room: &'r mut Vec<u8>) -> Option<Entry<'r>> {
        (**self).entry(key, room)
    }

    fn text(&self, key: &Key) -> Option<Vec<u8>> {
        (**self).text(key)
    }

    fn add(&self, key: Key, unit: Vec<u8>, text: Arc<[u8]>) {
        (**self).add(key, unit, text);
    }

    fn add_stamp(&self, stamp: StampId, key: Key) {
        (**self).add_stamp(stamp, key);
    }

    fn refuse(&self, key: &Key) {
        (**self).refuse(key);
    }
}

/// A digest of a [`Stamp`](crate::io::Stamp) and of everything that lowering depends on.
pub type StampId = [u8; 16];

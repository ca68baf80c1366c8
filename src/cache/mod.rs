//! Lowered files kept from one run to the next, so that a file is parsed once and not once per run.
//!
//! ```text
//! stamp of the file ──▶ key ──▶ unit      nothing is read but the unit
//! bytes of the file ──▶ key ──▶ unit      the file is read, not parsed
//! ```
//!
//! A [`Key`] is a digest of the bytes of a file and of everything else that lowering depends on: another text, another
//! build of this library or another setting has another key, so what is found is never out of date. A [`Stamp`] tells a
//! state of a file from its other states without reading it; it is asked for first, and trusted if it is
//! [settled](Stamp::is_settled).
//!
//! [`Cache`] is the door, which an engine has none of unless it is [given one](crate::Engine::with_cache). [`DiskCache`]
//! is what is behind it on a machine with a disk. What comes out of a cache is checked before it is used: whatever is
//! there, an evaluation gives the right value.

mod disk;
mod pack;
mod stamp;

pub use disk::{Census, DiskCache};
pub use stamp::Stamp;

use std::fmt::Debug;
use std::sync::Arc;

/// What stands for one text under all that lowering it depends on. Texts with the same key are the same text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Key(pub [u8; 32]);

/// A lowered file.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'r> {
    /// What [`Unit::encode`](crate::ir::Unit::encode) made of the lowered file.
    pub unit: &'r [u8],
    /// How long the text of the file is.
    pub text_len: u32,
}

/// Where lowered files are kept. Nothing here fails: what can't be had isn't there, and what can't be kept is forgotten.
pub trait Cache: Debug {
    /// The key of the file that has a stamp.
    fn key(&self, stamp: &StampId) -> Option<Key>;

    /// What was kept under a key. It is read into `room`, which may be larger and have anything in it.
    fn entry<'r>(&self, key: &Key, room: &'r mut Vec<u8>) -> Option<Entry<'r>>;

    /// The text that was kept with it.
    fn text(&self, key: &Key) -> Option<Vec<u8>>;

    /// Keeps a unit and the text of its file.
    fn add(&self, key: Key, unit: Vec<u8>, text: Arc<[u8]>);

    /// Keeps that the file with a stamp has a key.
    fn add_stamp(&self, stamp: StampId, key: Key);

    /// Says that what was kept under a key is damaged.
    fn refuse(&self, key: &Key);
}

/// What stands for a [`Stamp`], under all that lowering depends on.
pub type StampId = [u8; 16];

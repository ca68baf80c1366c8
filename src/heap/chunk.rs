//! A chunk: memory from the system for objects, and beside it, from the first collection on, what is known of them.

use super::bitmap::Bitmap;
use super::layout::Object;
use super::pages::Pages;
use std::ptr::NonNull;
use std::sync::atomic::AtomicU64;

/// The size of a line in words: a line is free if no live object has a part in it.
pub(super) const LINE: usize = 16;

/// A run of words in a chunk.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Space {
    pub(super) start: NonNull<AtomicU64>,
    pub(super) words: usize,
}

impl Space {
    pub(super) fn address(self) -> usize {
        self.start.addr().get()
    }

    /// The part from the `from`-th word on, `words` long.
    pub(super) fn part(self, from: usize, words: usize) -> Self {
        let end = from.min(self.words);
        // SAFETY: `end` is at most the number of words from `start` on.
        Self { start: unsafe { self.start.add(end) }, words: words.min(self.words - end) }
    }

    /// Overwrites all words.
    pub(super) fn fill(self, word: u64) {
        for index in 0..self.words {
            // SAFETY: `index` is less than the number of words from `start` on.
            unsafe { self.start.add(index).as_ref() }.store(word, std::sync::atomic::Ordering::Relaxed);
        }
    }

    /// Makes all words zero, when no object has a part in it.
    pub(super) fn clear(self) {
        // SAFETY: the words are in a chunk, and the callers' promise is that no handle leads to them.
        unsafe { std::ptr::write_bytes(self.start.as_ptr(), 0, self.words) };
    }
}

/// A mapping from the system. Each chunk has its own: the allocator would keep and touch more than is requested.
#[derive(Debug)]
pub(super) struct Chunk {
    pub(super) space: Space,
    /// True for a chunk of one object.
    pub(super) is_large: bool,
    /// The words at which objects start: those that lived after the last collection, and those found since.
    pub(super) starts: Bitmap,
    /// The words at which objects start that the running collection has reached.
    pub(super) marks: Bitmap,
    /// The lines in which these have a part.
    pub(super) lines: Bitmap,
    /// The memory that it would lend is in use. Dropping it gives the memory back.
    owner: Pages,
}

impl Chunk {
    /// New memory. `None` if the system has none.
    pub(super) fn map(words: usize, is_large: bool, huge_pages: bool) -> Option<Self> {
        let mut owner = Pages::map(words, huge_pages)?;
        let start = owner.start();
        // Words become pointers again by address alone; see `layout`.
        start.as_ptr().expose_provenance();
        let empty = Bitmap::default;
        let space = Space { start, words };
        Some(Self { space, is_large, starts: empty(), marks: empty(), lines: empty(), owner })
    }

    /// Makes the tables beside the chunk, if there were none.
    pub(super) fn provide_tables(&mut self) {
        let objects = if self.is_large { 1 } else { self.space.words };
        self.starts.provide(objects);
        self.marks.provide(objects);
        if !self.is_large {
            self.lines.provide(self.space.words / LINE);
        }
    }

    /// Gives the pages of some lines, which are free, back to the system. They are zero when they are touched again.
    pub(super) fn release(&self, lines: std::ops::Range<usize>) {
        /// The largest size of usual pages. Shorter ranges are not worth a call of the system.
        const PAGE: usize = 64 << 10;
        let (start, end) = ((lines.start * LINE * 8).next_multiple_of(PAGE), lines.end * LINE * 8 / PAGE * PAGE);
        if start < end {
            self.owner.release(start..end);
        }
    }

    pub(super) fn end(&self) -> usize {
        self.space.address() + self.space.words * 8
    }

    /// The place of an address in the tables. It is in the chunk.
    #[inline]
    pub(super) fn place(&self, address: usize) -> usize {
        if self.is_large { 0 } else { (address - self.space.address()) / 8 }
    }

    /// The object that starts at a place.
    #[inline]
    pub(super) fn object(&self, place: usize) -> Object {
        debug_assert!(place < self.space.words);
        // SAFETY: places in the tables are less than the number of words.
        unsafe { self.space.start.add(place) }
    }
}

//! Marking: finds all objects that can be reached from the roots.
//!
//! References in objects are precise. Words from elsewhere are only candidates: one that is an address in an object,
//! also in its middle, keeps that object.

use super::bitmap::Bitmap;
use super::chunk::{Chunk, LINE};
use super::layout::{self, Object};
use super::trace::{self, Visitor};
use super::{thunk, value};

/// The size of a page of the index, as a power of two.
const PAGE: u32 = 17;
/// The largest number of pages in the index. Chunks that are further apart are found by bisection.
const MOST_PAGES: usize = 1 << 20;
/// The mark of a page before the first chunk.
const NONE: u32 = u32::MAX;

/// From an address to its chunk: for each page the last chunk that starts in it or before.
#[derive(Debug, Default)]
struct Index {
    first_page: usize,
    pages: Vec<u32>,
}

impl Index {
    fn new(chunks: &[Chunk]) -> Self {
        let page = |address: usize| address >> PAGE;
        let (Some(first), Some(last)) = (chunks.first(), chunks.last()) else { return Self::default() };
        let first_page = page(first.space.address());
        let count = page(last.end() - 1) - first_page + 1;
        if count > MOST_PAGES {
            return Self::default();
        }
        let mut pages = Vec::with_capacity(count);
        let mut started = 0;
        for number in first_page..first_page + count {
            while chunks.get(started).is_some_and(|chunk| page(chunk.space.address()) <= number) {
                started += 1;
            }
            pages.push(if started == 0 { NONE } else { started as u32 - 1 });
        }
        Self { first_page, pages }
    }

    /// The number of the chunk that an address is in.
    #[inline]
    fn find(&self, chunks: &[Chunk], address: usize) -> Option<usize> {
        let mut index = if self.pages.is_empty() {
            chunks.partition_point(|chunk| chunk.space.address() <= address).checked_sub(1)?
        } else {
            *self.pages.get((address >> PAGE).wrapping_sub(self.first_page))? as usize
        };
        loop {
            let chunk = chunks.get(index)?;
            if chunk.space.address() <= address {
                return (address < chunk.end()).then_some(index);
            }
            index = index.checked_sub(1)?;
        }
    }
}

/// A running collection.
pub(super) struct Marker<'a> {
    chunks: &'a mut [Chunk],
    index: Index,
    /// Marked objects whose references were not followed yet.
    pending: Vec<Object>,
    /// True if a thunk that is done gives its place to its value.
    shortens: bool,
    /// The numbers of the errors that live thunks remember.
    pub(super) errors: Bitmap,
    /// The words of all marked objects.
    pub(super) live_words: usize,
}

impl<'a> Marker<'a> {
    /// Nothing is marked yet. The chunks are in order, and the starts of objects are noted.
    pub(super) fn new(chunks: &'a mut [Chunk], shortens: bool, errors: usize) -> Self {
        for chunk in chunks.iter_mut() {
            chunk.marks.clear();
            chunk.lines.clear();
        }
        let index = Index::new(chunks);
        Self { chunks, index, pending: Vec::new(), shortens, errors: Bitmap::below(errors), live_words: 0 }
    }

    /// Keeps what a word refers to that may be an address, with or without a tag.
    pub(super) fn candidate(&mut self, word: usize) {
        for address in [word, word >> 8] {
            let Some(index) = self.index.find(self.chunks, address) else { continue };
            let chunk = &mut self.chunks[index];
            let place = chunk.place(address);
            let Some(start) = chunk.starts.last_until(place) else { continue };
            if chunk.marks.contains(start) {
                continue;
            }
            let object = chunk.object(start);
            if chunk.is_large || place - start < trace::words(object) {
                chunk.marks.insert(start);
                self.pending.push(object);
            }
        }
    }

    /// Follows all references from what is marked.
    pub(super) fn finish(&mut self) {
        while let Some(object) = self.pending.pop() {
            let words = trace::visit(object, self);
            self.live_words += words;
            let Some(index) = self.index.find(self.chunks, object.addr().get()) else { continue };
            let chunk = &mut self.chunks[index];
            let first = chunk.place(object.addr().get());
            for line in first / LINE..=(first + words - 1) / LINE {
                chunk.lines.insert(line);
            }
        }
    }
}

impl Visitor for Marker<'_> {
    #[inline]
    fn value(&mut self, word: u64) -> u64 {
        // A thunk that is done is not needed where its value may be held.
        let thunk = value::thunk_of(word).filter(|_| self.shortens);
        let kept = thunk.and_then(thunk::replacement_of).unwrap_or(word);
        self.fixed_value(kept);
        kept
    }

    #[inline]
    fn fixed_value(&mut self, word: u64) {
        if let Some(address) = value::address_in(word) {
            self.object(address);
        }
    }

    #[inline]
    fn object(&mut self, address: u64) {
        let Some(index) = self.index.find(self.chunks, address as usize) else {
            debug_assert!(false, "{address:#x} is in no chunk");
            return;
        };
        let chunk = &mut self.chunks[index];
        let place = chunk.place(address as usize);
        debug_assert!(chunk.starts.contains(place), "no object starts at {address:#x}");
        if chunk.marks.insert(place) {
            self.pending.push(layout::object(address));
        }
    }

    fn error(&mut self, number: u32) {
        self.errors.insert(number as usize);
    }
}

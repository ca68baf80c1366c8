//! A walk over the heap after a collection, in debug builds: every reference in a live object leads to a live object.

use super::chunk::Chunk;
use super::collect::starts_at;
use super::trace::{self, Visitor};
use super::value;

struct Checker<'a> {
    chunks: &'a [Chunk],
    /// The object whose references are checked.
    from: usize,
}

/// Panics with the addresses if a reference leads to no object.
pub(super) fn check(chunks: &[Chunk]) {
    for chunk in chunks {
        for place in chunk.starts.iter() {
            let object = chunk.object(place);
            let mut checker = Checker { chunks, from: object.addr().get() };
            let words = trace::visit(object, &mut checker);
            assert!(place + words <= chunk.space.words, "the object at {:#x} leaves its chunk", checker.from);
        }
    }
}

impl Visitor for Checker<'_> {
    fn value(&mut self, word: u64) -> u64 {
        self.fixed_value(word);
        word
    }

    fn fixed_value(&mut self, word: u64) {
        if let Some(address) = value::address_in(word) {
            self.object(address);
        }
    }

    fn object(&mut self, address: u64) {
        let is_live = starts_at(self.chunks, address as usize);
        assert!(is_live, "the object at {:#x} refers to {address:#x}, where none is", self.from);
    }

    fn error(&mut self, _: u32) {}
}

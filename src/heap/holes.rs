//! Holes: the words of a thunk that it doesn't need any more when it is done, for objects that are made later.
//!
//! A hole is an object of its own ([`Kind::Hole`]), so the heap can still be walked. Its header has its size and, as long
//! as nobody has the hole, the next one of that size. When it is noted where objects start (`Chunks::note_starts`), all holes
//! are forgotten, and the thunks that are there keep their words from then on: the next time only what was handed out
//! meanwhile is looked at.

use super::layout::{self, Kind, Object, header};
use std::cell::Cell;

/// The size in words of the largest hole: no thunk has more captures in its header's words.
const LARGEST: usize = 31;
/// The size of the smallest that an object fits.
pub(super) const SMALLEST: usize = 2;
/// The bits of the size in a header, above the kind. The next hole's address is above these.
const SIZE_BITS: u32 = 5;

/// The holes of a heap.
#[derive(Debug, Default)]
pub(super) struct Holes {
    /// The address of the first of each size, or zero.
    first: [Cell<u64>; LARGEST + 1],
    /// The sizes of which there are any, as bits.
    sizes: Cell<u32>,
}

/// The words of a hole.
pub(super) fn words(object: Object) -> usize {
    (layout::get(object, 0) >> 8) as usize & LARGEST
}

impl Holes {
    /// Adds some words of an object, from the `from`-th on.
    #[inline]
    pub(super) fn add(&self, object: Object, from: usize, words: usize) {
        // SAFETY: the words are part of the object.
        let start = unsafe { object.add(from) };
        let mut next = 0;
        if words >= SMALLEST {
            next = self.first[words].replace(layout::address(start));
            self.sizes.set(self.sizes.get() | 1 << words);
        }
        layout::set(start, 0, header(Kind::Hole, words as u64 | next >> 3 << SIZE_BITS));
    }

    /// Takes the words for an object of this size from the smallest hole that has so many. They have any value.
    #[inline]
    pub(super) fn take(&self, words: usize) -> Option<Object> {
        let fit = if words <= LARGEST { self.sizes.get() >> words } else { 0 };
        (fit != 0).then(|| self.pop(words, words + fit.trailing_zeros() as usize))
    }

    #[inline(never)]
    fn pop(&self, words: usize, size: usize) -> Object {
        let start = layout::object(self.first[size].get());
        let next = layout::get(start, 0) >> (8 + SIZE_BITS) << 3;
        self.first[size].set(next);
        if next == 0 {
            self.sizes.set(self.sizes.get() & !(1 << size));
        }
        if size > words {
            self.add(start, words, size - words);
        }
        start
    }

    /// Forgets all holes.
    pub(super) fn clear(&self) {
        self.sizes.set(0);
        self.first.iter().for_each(|first| first.set(0));
    }
}

#[cfg(test)]
mod tests {
    use crate::heap::{Closure, CodeRef, Heap, StopFlags, Str, Thunk, ThunkKind, Value};

    #[test]
    fn words_of_thunks_that_are_done_are_used_again() {
        Heap::new(usize::MAX, StopFlags::default()).enter(|scope| {
            let code = CodeRef(1);
            let make = |captures: usize| Thunk::with_captures(scope, code, (0..captures).map(|_| Value::NULL));
            let text = Str::plain(scope, b"value");
            for (captures, value, words) in [
                (2, Value::from(text), 2),
                (5, Value::TRUE, 5),
                (31, Value::NULL, 31),
                (5, Value::float(scope, 0.5), 4),
            ] {
                let thunks: Vec<_> = (0..50).map(|_| make(captures)).collect();
                for thunk in &thunks {
                    assert!(thunk.begin());
                    thunk.finish(scope, value);
                }
                let used = scope.heap().used_bytes();
                for _ in 0..50 {
                    let _ = Closure::reserve(scope, code, words - 1);
                }
                assert_eq!(scope.heap().used_bytes(), used, "{captures} captures");
                assert!(thunks.iter().all(|thunk| thunk.value() == Some(value) && thunk.capture(1) == Value::NULL));
            }
            let (noted, other) = (make(5), make(5));
            assert!(other.begin());
            other.finish(scope, Value::TRUE);
            scope.heap().census();
            assert!(noted.begin());
            noted.finish(scope, Value::TRUE);
            let used = scope.heap().used_bytes();
            let _ = (Closure::reserve(scope, code, 4), Closure::reserve(scope, code, 4));
            assert_eq!(scope.heap().used_bytes(), used + 2 * 5 * 8, "what was noted is not used again");
            let (watched, other) = (make(5), make(5));
            watched.keep_captures();
            assert!(watched.begin());
            watched.finish(scope, Value::TRUE);
            assert_eq!((watched.captures(), watched.value()), (5, Some(Value::TRUE)));
            assert!(matches!(
                (watched.kind(), other.kind()),
                (ThunkKind::Code(CodeRef(1)), ThunkKind::Code(CodeRef(1)))
            ));
        });
    }
}

//! Lists: a length and that many values. The evaluator's own tuples (constants, shared captures) are lists too.
//!
//! The elements follow the header or, for a list marked as a piece, are elsewhere in the heap.

use super::brand::{Brand, Scope};
use super::layout::{self, Kind, Object, header};
use super::value::Value;
use std::marker::PhantomData;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

/// A list in the heap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct List<'h> {
    object: Object,
    brand: Brand<'h>,
}

/// A mark next to the kind: the list has a home, see [`List::settle`].
const SETTLED: u64 = 0x20;
/// A mark: the list was made by extending another, and was not extended itself.
const LONGER: u64 = 0x40;
/// A mark: the elements are elsewhere. Word 1 has their address, word 2 the object that contains them, word 3 their
/// number. The length in the header is 0, so that reading an element of any other list does not need to test this
/// mark.
const PIECE: u64 = 0x80;

const START: usize = 1;
const OWNER: usize = 2;
const LENGTH: usize = 3;
/// The payload words of a piece.
const PIECE_WORDS: usize = 3;

/// From this length on, parts of lists share their elements.
const SHARED: usize = 32;

impl<'h> List<'h> {
    #[inline]
    pub(super) fn new(object: Object) -> Self {
        Self { object, brand: PhantomData }
    }

    #[inline]
    pub(super) fn object(self) -> Object {
        self.object
    }

    /// A list of the items. If the iterator ends early, the rest is `null`; further items are dropped.
    pub fn from_values(scope: Scope<'h>, items: impl ExactSizeIterator<Item = Value<'h>>) -> Self {
        let mut builder = ListBuilder::new(scope, items.len());
        for item in items {
            builder.push(item.settled());
        }
        builder.finish()
    }

    /// A part of this list; empty if the range is invalid. The elements of a long part are shared.
    pub fn part(self, scope: Scope<'h>, range: Range<usize>) -> Self {
        let range = if range.start <= range.end && range.end <= self.len() { range } else { 0..0 };
        if range.len() < SHARED {
            let mut builder = ListBuilder::new(scope, range.len());
            builder.extend(self, range);
            return builder.finish();
        }
        let owner = if self.is_piece() { layout::get(self.object, OWNER) } else { layout::address(self.object) };
        Self::piece(scope, self.element(range.start), range.len(), owner)
    }

    /// A list of `len` elements that are already in the heap from `start` on, in the object at the address `owner`.
    pub(super) fn piece(scope: Scope<'h>, start: *mut AtomicU64, len: usize, owner: u64) -> Self {
        let object = layout::allocate(scope, header(Kind::List, 0) | PIECE, PIECE_WORDS);
        layout::set(object, START, start.expose_provenance() as u64);
        layout::set(object, OWNER, owner);
        layout::set(object, LENGTH, len as u64);
        Self::new(object)
    }

    /// The number of elements.
    #[inline]
    pub fn len(self) -> usize {
        match self.own_len() {
            0 if self.is_piece() => layout::get(self.object, LENGTH) as usize,
            len => len,
        }
    }

    /// The number of elements after the header: all or, in a piece, none.
    #[inline]
    fn own_len(self) -> usize {
        (layout::get(self.object, 0) >> 8) as usize
    }

    /// True for `[ ]`.
    #[inline]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    #[inline]
    fn is_piece(self) -> bool {
        layout::get(self.object, 0) & PIECE != 0
    }

    /// The object with the elements of a piece.
    pub(super) fn owner(self) -> Option<Object> {
        self.is_piece().then(|| layout::object(layout::get(self.object, OWNER)))
    }

    /// True for a list that was made by extending another, and was not extended itself.
    pub(super) fn is_longer(self) -> bool {
        layout::get(self.object, 0) & LONGER != 0
    }

    pub(super) fn mark_longer(self, longer: bool) {
        let rest = layout::get(self.object, 0) & !LONGER;
        layout::set(self.object, 0, if longer { rest | LONGER } else { rest });
    }

    /// Marks the list as held by a place: a variable, an attribute, an element or a thunk. Returns true if it was not
    /// yet.
    ///
    /// The first place is the list's home; in all others, the thunk in them stands for it. See "Observable identity" in
    /// `heap/thunk.rs`.
    #[inline]
    pub(crate) fn settle(self) -> bool {
        let header = layout::get(self.object, 0);
        if header & SETTLED != 0 {
            return false;
        }
        layout::set(self.object, 0, header | SETTLED);
        true
    }

    /// Words of payload.
    pub(super) fn payload(self) -> usize {
        if self.is_piece() { PIECE_WORDS } else { self.own_len() }
    }

    /// The address of the element at `index`, or one past the last.
    #[inline]
    pub(super) fn element(self, index: usize) -> *mut AtomicU64 {
        let first = if self.is_piece() {
            std::ptr::with_exposed_provenance_mut::<AtomicU64>(layout::get(self.object, START) as usize)
        } else {
            self.own_element(0)
        };
        // SAFETY: `len` words follow `first`, in this object or the one that owns them, and callers keep `index` to that.
        unsafe { first.add(index) }
    }

    /// The address of the element at `index` in a list that isn't a piece, or one past the last.
    #[inline]
    fn own_element(self, index: usize) -> *mut AtomicU64 {
        // SAFETY: `own_len` words follow the header, and callers keep `index` to that.
        unsafe { self.object.as_ptr().add(1 + index) }
    }

    /// The element at `index`, counting from 0.
    #[inline]
    pub fn get(self, index: usize) -> Option<Value<'h>> {
        if index < self.own_len() { Some(read(self.own_element(index))) } else { self.get_elsewhere(index) }
    }

    /// The same for a piece; `None` for other lists.
    #[cold]
    fn get_elsewhere(self, index: usize) -> Option<Value<'h>> {
        (self.is_piece() && index < self.len()).then(|| read(self.element(index)))
    }

    /// Replaces the element at `index` by its value. Does nothing past the end.
    #[inline]
    pub fn write_back(self, index: usize, value: Value<'h>) {
        if index < self.own_len() {
            write(self.own_element(index), value.word());
        } else {
            self.write_back_elsewhere(index, value);
        }
    }

    /// The same for a piece; does nothing for other lists.
    #[cold]
    fn write_back_elsewhere(self, index: usize, value: Value<'h>) {
        if self.is_piece() && index < self.len() {
            write(self.element(index), value.word());
        }
    }

    /// The elements, first to last.
    #[inline]
    pub fn iter(self) -> impl ExactSizeIterator<Item = Value<'h>> + DoubleEndedIterator {
        let first = self.element(0);
        // SAFETY: indices are less than `len`, as `element` requires.
        (0..self.len()).map(move |index| read(unsafe { first.add(index) }))
    }
}

/// Reads an element.
#[inline]
fn read<'h>(element: *mut AtomicU64) -> Value<'h> {
    // SAFETY: callers give elements of lists, which are words of objects in a heap that is still borrowed.
    Value::from_word(unsafe { (*element).load(Ordering::Relaxed) })
}

#[inline]
fn write(element: *mut AtomicU64, word: u64) {
    // SAFETY: as in `read`; the store is atomic, so shared handles make no data race.
    unsafe { (*element).store(word, Ordering::Relaxed) }
}

/// Copies a part of a list to the words from `target` on, of which there must be enough.
pub(super) fn copy(list: List<'_>, range: Range<usize>, target: *mut AtomicU64) {
    let source = list.element(range.start);
    for index in 0..range.len() {
        // SAFETY: `index` is less than the number of words, and than the length of the part, as the callers see to.
        unsafe { write(target.add(index), read(source.add(index)).word()) };
    }
}

/// A list under construction, of a known length. It is not shared yet, so unfilled places may stay unwritten.
#[derive(Debug)]
pub struct ListBuilder<'h> {
    list: List<'h>,
    filled: usize,
}

impl<'h> ListBuilder<'h> {
    /// A list of `len` elements.
    pub fn new(scope: Scope<'h>, len: usize) -> Self {
        let object = layout::allocate(scope, header(Kind::List, len as u64), len);
        Self { list: List::new(object), filled: 0 }
    }

    /// Fills the next place. Surplus items are dropped.
    #[inline]
    pub fn push(&mut self, value: Value<'h>) {
        if self.filled < self.list.own_len() {
            layout::set(self.list.object, 1 + self.filled, value.word());
        }
        self.filled += 1;
    }

    /// Fills the next places with a part of another list.
    pub fn extend(&mut self, list: List<'h>, range: Range<usize>) {
        let end = range.end.min(list.len());
        let range = range.start.min(end)..end;
        let range = range.start..range.start + range.len().min(self.list.own_len().saturating_sub(self.filled));
        copy(list, range.clone(), self.list.own_element(self.filled.min(self.list.own_len())));
        self.filled += range.len();
    }

    /// The list, with `null` in the places that were not filled.
    #[inline]
    pub fn finish(self) -> List<'h> {
        for index in self.filled..self.list.own_len() {
            layout::set(self.list.object, 1 + index, Value::NULL.word());
        }
        self.list
    }
}

//! Lists: a length and that many values. The evaluator's own tuples (constants, shared captures) are lists too.

use super::brand::{Brand, Scope};
use super::layout::{self, Kind, Object, header};
use super::value::Value;
use std::marker::PhantomData;

/// A list in the heap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct List<'h> {
    object: Object,
    brand: Brand<'h>,
}

impl<'h> List<'h> {
    #[inline]
    pub(super) fn new(object: Object) -> Self {
        Self { object, brand: PhantomData }
    }

    #[inline]
    pub(super) fn object(self) -> Object {
        self.object
    }

    /// A list of the items. An iterator that ends early leaves `null` in the rest; one that is longer is cut.
    pub fn from_values(scope: Scope<'h>, items: impl ExactSizeIterator<Item = Value<'h>>) -> Self {
        let mut builder = ListBuilder::new(scope, items.len());
        for item in items {
            builder.push(item);
        }
        builder.finish()
    }

    /// Number of elements.
    #[inline]
    pub fn len(self) -> usize {
        (layout::get(self.object, 0) >> 8) as usize
    }

    /// True for `[ ]`.
    #[inline]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The element at `index`, counting from 0.
    #[inline]
    pub fn get(self, index: usize) -> Option<Value<'h>> {
        (index < self.len()).then(|| Value::from_word(layout::get(self.object, 1 + index)))
    }

    /// Puts the value that the element at `index` turned out to be in its place. Nothing happens past the end.
    #[inline]
    pub fn update(self, index: usize, value: Value<'h>) {
        if index < self.len() {
            layout::set(self.object, 1 + index, value.word());
        }
    }

    /// The elements, first to last.
    pub fn iter(self) -> impl ExactSizeIterator<Item = Value<'h>> + DoubleEndedIterator {
        (0..self.len()).map(move |index| Value::from_word(layout::get(self.object, 1 + index)))
    }
}

/// A list under construction, of a length known beforehand. Nobody else sees it, so what isn't filled yet can stay unwritten.
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

    /// Fills the next place. What doesn't fit is dropped.
    #[inline]
    pub fn push(&mut self, value: Value<'h>) {
        self.list.update(self.filled, value);
        self.filled += 1;
    }

    /// Fills the next places with a part of another list.
    pub fn extend(&mut self, list: List<'h>, range: std::ops::Range<usize>) {
        let range = range.start..range.end.min(list.len());
        let first = self.filled;
        let len = range.len().min(self.list.len().saturating_sub(first));
        for index in 0..len {
            layout::set(self.list.object, 1 + first + index, layout::get(list.object, 1 + range.start + index));
        }
        self.filled += len;
    }

    /// The list, with `null` in the places that were not filled.
    #[inline]
    pub fn finish(self) -> List<'h> {
        for index in self.filled..self.list.len() {
            self.list.update(index, Value::NULL);
        }
        self.list
    }
}

//! Shapes: the names of an attribute set, in symbol order, and the positions of their definitions. Sets share them.

use super::brand::{Brand, Scope};
use super::layout::{self, Kind, Object, header};
use std::marker::PhantomData;

/// An interned name. Symbols are ordered by age: a name met earlier is smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol(pub u32);

/// A place in some source text, as an offset into the concatenation of all texts; 0 is "nowhere".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct PosId(pub u32);

impl PosId {
    /// Nowhere.
    pub const NONE: Self = Self(0);
}

/// Up to this many keys are searched linearly, more by bisection.
pub(super) const LINEAR: usize = 8;
pub(super) const NAME_ORDER: usize = 1;
const KEYS: usize = 2;
const HAS_POSITIONS: u64 = 1 << 32;

/// The shape that a name of a merged shape comes from, and its index there.
#[derive(Clone, Copy)]
pub(super) enum Origin {
    Left(usize),
    Right(usize),
}

impl Origin {
    /// Its item in two lists; 0 past their ends.
    #[inline]
    fn pick(self, lists: (&[u32], &[u32])) -> u32 {
        let found = match self {
            Self::Left(index) => lists.0.get(index),
            Self::Right(index) => lists.1.get(index),
        };
        found.copied().unwrap_or(0)
    }
}

/// The ranges between the removed ones of `len` indices.
pub(super) fn runs(len: usize, removed: &[usize]) -> impl Iterator<Item = std::ops::Range<usize>> {
    let starts = std::iter::once(0).chain(removed.iter().map(|index| index + 1));
    starts.zip(removed.iter().copied().chain(std::iter::once(len))).map(|(start, end)| start..end)
}

/// The names and positions of a set, shared by all sets created at one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shape<'h> {
    object: Object,
    brand: Brand<'h>,
}

impl<'h> Shape<'h> {
    #[inline]
    pub(super) fn new(object: Object) -> Self {
        Self { object, brand: PhantomData }
    }

    #[inline]
    pub(super) fn object(self) -> Object {
        self.object
    }

    /// A shape of these keys, which the caller has sorted by symbol and freed of duplicates.
    pub fn from_sorted(scope: Scope<'h>, keys: impl ExactSizeIterator<Item = (Symbol, PosId)> + Clone) -> Self {
        debug_assert!(keys.clone().is_sorted_by(|a, b| a.0 < b.0));
        let len = keys.len();
        let positions = keys.clone().any(|(_, position)| position.0 != 0);
        let (object, words) = Self::reserve(scope, len, positions);
        layout::write_u32s(object, KEYS, keys.clone().take(len).map(|(symbol, _)| symbol.0));
        if positions {
            layout::write_u32s(object, KEYS + words, keys.take(len).map(|(_, position)| position.0));
        }
        Self::new(object)
    }

    /// The shape without the keys at these indices, which are in order.
    pub(super) fn without(self, scope: Scope<'h>, removed: &[usize]) -> Self {
        let (len, positions) = (self.len().saturating_sub(removed.len()), self.has_positions());
        let (object, words) = Self::reserve(scope, len, positions);
        let kept = |list: &'h [u32]| runs(self.len(), removed).filter_map(|run| list.get(run)).flatten().copied();
        layout::write_u32s(object, KEYS, kept(self.keys()).take(len));
        if positions {
            layout::write_u32s(object, KEYS + words, kept(self.positions()).take(len));
        }
        Self::new(object)
    }

    /// The payload words.
    pub(super) fn payload(self) -> usize {
        1 + self.len().div_ceil(2) * if self.has_positions() { 2 } else { 1 }
    }

    /// All names of `left // right`, with the right one's positions where both have a name.
    pub fn merged_keys(self, right: Self) -> Vec<(Symbol, PosId)> {
        let mut merged = Vec::with_capacity(self.len() + right.len());
        let (keys, positions) = ((self.keys(), right.keys()), (self.positions(), right.positions()));
        self.walk_with(right, |origin| merged.push((Symbol(origin.pick(keys)), PosId(origin.pick(positions)))));
        merged
    }

    /// An unwritten shape, and the number of words of its keys.
    fn reserve(scope: Scope<'h>, len: usize, positions: bool) -> (Object, usize) {
        let words = len.div_ceil(2);
        let flags = if positions { HAS_POSITIONS } else { 0 };
        let payload = 1 + words * if positions { 2 } else { 1 };
        (layout::allocate(scope, header(Kind::Shape, len as u64 | flags), payload), words)
    }

    /// The keys, in order.
    #[inline]
    pub(super) fn keys(self) -> &'h [u32] {
        layout::read_u32s(self.object, KEYS, self.len())
    }

    /// The positions in order of the keys; empty if there are none.
    #[inline]
    fn positions(self) -> &'h [u32] {
        let len = self.len();
        if self.has_positions() { layout::read_u32s(self.object, KEYS + len.div_ceil(2), len) } else { &[] }
    }

    /// Visits the names of both shapes in order. For a name in both, only the right one.
    #[inline]
    pub(super) fn walk_with(self, right: Self, mut visit: impl FnMut(Origin)) {
        let (left, right) = (self.keys(), right.keys());
        let (mut left_index, mut right_index) = (0, 0);
        while let (Some(below), Some(above)) = (left.get(left_index), right.get(right_index)) {
            if below < above {
                visit(Origin::Left(left_index));
                left_index += 1;
            } else {
                left_index += usize::from(below == above);
                visit(Origin::Right(right_index));
                right_index += 1;
            }
        }
        (left_index..left.len()).for_each(|index| visit(Origin::Left(index)));
        (right_index..right.len()).for_each(|index| visit(Origin::Right(index)));
    }

    #[inline]
    fn has_positions(self) -> bool {
        layout::get(self.object, 0) >> 8 & HAS_POSITIONS != 0
    }

    /// The number of names.
    #[inline]
    pub fn len(self) -> usize {
        (layout::get(self.object, 0) >> 8 & 0xffff_ffff) as usize
    }

    /// True for the shape of `{ }`.
    #[inline]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The name at `index` in symbol order.
    #[inline]
    pub fn key(self, index: usize) -> Option<Symbol> {
        self.keys().get(index).copied().map(Symbol)
    }

    /// The position of the definition of the name at `index`.
    #[inline]
    pub fn position(self, index: usize) -> PosId {
        PosId(self.positions().get(index).copied().unwrap_or(0))
    }

    /// The index of a name.
    #[inline]
    pub fn find(self, symbol: Symbol) -> Option<usize> {
        let keys = self.keys();
        if keys.len() <= LINEAR {
            return keys.iter().position(|&key| key == symbol.0);
        }
        keys.binary_search(&symbol.0).ok()
    }

    /// The names and positions in symbol order.
    pub fn iter(self) -> impl ExactSizeIterator<Item = (Symbol, PosId)> + Clone {
        (0..self.len()).map(move |index| (Symbol(self.keys()[index]), self.position(index)))
    }

    /// The indices in order of the names' bytes, computed on the first call.
    pub fn name_order(self, scope: Scope<'h>) -> impl ExactSizeIterator<Item = usize> + Clone {
        let mut order = layout::get(self.object, NAME_ORDER);
        if order == 0 {
            order = layout::address(self.compute_name_order(scope));
            layout::set(self.object, NAME_ORDER, order);
        }
        let indices = layout::object(order);
        layout::read_u32s(indices, 1, self.len()).iter().map(|&index| index as usize)
    }

    fn compute_name_order(self, scope: Scope<'h>) -> Object {
        let keys = self.keys();
        let mut order: Vec<u32> = (0..keys.len() as u32).collect();
        order.sort_unstable_by_key(|&index| scope.symbol_name(Symbol(keys[index as usize])).as_bytes());
        let object = layout::allocate(scope, header(Kind::Indices, order.len() as u64), order.len().div_ceil(2));
        layout::write_u32s(object, 1, order.into_iter());
        object
    }
}

//! Shapes: the names of an attribute set, in symbol order, and where each was defined. Sets share them.

use super::brand::{Brand, Scope};
use super::layout::{self, Kind, Object, header};
use std::cmp::Ordering;
use std::marker::PhantomData;

/// An interned name. Symbols compare by age: a name met earlier is smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Symbol(pub u32);

/// A place in some source text, as an offset into all of them laid end to end; 0 is "nowhere".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct PosId(pub u32);

/// Keys up to this number are searched one by one, more by halving.
const LINEAR: usize = 8;
const NAME_ORDER: usize = 1;
const KEYS: usize = 2;
const HAS_POSITIONS: u64 = 1 << 32;

/// Names and positions of a set, shared by all sets made at one place.
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
        let words = len.div_ceil(2);
        let flags = if positions { HAS_POSITIONS } else { 0 };
        let payload = 1 + words * if positions { 2 } else { 1 };
        let object = layout::allocate(scope, header(Kind::Shape, len as u64 | flags), payload);
        for (index, (symbol, position)) in keys.take(len).enumerate() {
            layout::set_u32(object, KEYS, index, symbol.0);
            if positions {
                layout::set_u32(object, KEYS + words, index, position.0);
            }
        }
        Self::new(object)
    }

    /// Number of names.
    #[inline]
    pub fn len(self) -> usize {
        (layout::get(self.object, 0) >> 8 & 0xffff_ffff) as usize
    }

    /// True for the shape of `{ }`.
    #[inline]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    #[inline]
    fn raw_key(self, index: usize) -> u32 {
        layout::get_u32(self.object, KEYS, index)
    }

    /// The name at `index` in symbol order.
    #[inline]
    pub fn key(self, index: usize) -> Option<Symbol> {
        (index < self.len()).then(|| Symbol(self.raw_key(index)))
    }

    /// Where the name at `index` was defined.
    #[inline]
    pub fn position(self, index: usize) -> PosId {
        let len = self.len();
        if index >= len || layout::get(self.object, 0) >> 8 & HAS_POSITIONS == 0 {
            return PosId(0);
        }
        PosId(layout::get_u32(self.object, KEYS + len.div_ceil(2), index))
    }

    /// The index of a name.
    #[inline]
    pub fn find(self, symbol: Symbol) -> Option<usize> {
        let len = self.len();
        if len <= LINEAR {
            return (0..len).find(|&index| self.raw_key(index) == symbol.0);
        }
        let (mut low, mut high) = (0, len);
        while low < high {
            let middle = (low + high) / 2;
            match self.raw_key(middle).cmp(&symbol.0) {
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
                Ordering::Equal => return Some(middle),
            }
        }
        None
    }

    /// The names and positions in symbol order.
    pub fn iter(self) -> impl ExactSizeIterator<Item = (Symbol, PosId)> + Clone {
        (0..self.len()).map(move |index| (Symbol(self.raw_key(index)), self.position(index)))
    }

    /// The indices in order of the names' bytes, computed at the first call.
    pub fn name_order(self, scope: Scope<'h>) -> impl ExactSizeIterator<Item = usize> + Clone {
        let mut order = layout::get(self.object, NAME_ORDER);
        if order == 0 {
            order = layout::address(self.compute_name_order(scope));
            layout::set(self.object, NAME_ORDER, order);
        }
        let indices = layout::object(order);
        (0..self.len()).map(move |index| layout::get_u32(indices, 1, index) as usize)
    }

    fn compute_name_order(self, scope: Scope<'h>) -> Object {
        let mut order: Vec<u32> = (0..self.len() as u32).collect();
        order.sort_unstable_by_key(|&index| scope.symbol_name(Symbol(self.raw_key(index as usize))).as_bytes());
        let object = layout::allocate(scope, header(Kind::Indices, order.len() as u64), order.len().div_ceil(2));
        for (place, index) in order.into_iter().enumerate() {
            layout::set_u32(object, 1, place, index);
        }
        object
    }
}

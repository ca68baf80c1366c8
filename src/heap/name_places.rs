//! Where names were found in shapes, or that they were not: most are looked for again and again.

use super::shape::{LINEAR, Shape, Symbol};
use super::{Scope, layout};
use std::cell::Cell;

/// The table has this many bits of a hash.
const BITS: u32 = 9;
/// An odd number whose multiples differ in their upper bits.
const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;
/// Names with larger numbers are not remembered. Addresses have 48 bits, the lowest three of which are zero.
const NAME_BITS: u32 = 19;
/// The index of a name that the shape lacks.
const ABSENT: u32 = u32::MAX;

/// For each hash, the question that was answered last: shape and name. A collection forgets all, since addresses are
/// used again.
#[derive(Debug)]
pub(super) struct NamePlaces(Box<[Cell<(u64, u32)>]>);

impl Default for NamePlaces {
    fn default() -> Self {
        Self(vec![Cell::new((0, ABSENT)); 1 << BITS].into())
    }
}

impl NamePlaces {
    pub(super) fn clear(&self) {
        self.0.iter().for_each(|place| place.set((0, ABSENT)));
    }
}

impl<'h> Shape<'h> {
    /// The index of a name, as [`Shape::find`] finds it.
    #[inline]
    pub(super) fn find_again(self, scope: Scope<'h>, symbol: Symbol) -> Option<usize> {
        if symbol.0 >> NAME_BITS != 0 || self.len() <= LINEAR / 2 {
            return self.find(symbol);
        }
        let question = layout::address(self.object()) >> 3 << NAME_BITS | u64::from(symbol.0);
        let hash = question.wrapping_mul(MULTIPLIER) >> (64 - BITS);
        let place = &scope.heap().name_places.0[hash as usize];
        let (asked, mut index) = place.get();
        if asked != question {
            index = self.find(symbol).map_or(ABSENT, |index| index as u32);
            place.set((question, index));
        }
        (index != ABSENT).then_some(index as usize)
    }
}

#[cfg(test)]
mod tests {
    use crate::heap::{Attrs, Heap, PosId, Shape, StopFlags, Symbol};

    #[test]
    fn names_are_found_again_after_a_collection() {
        let mut heap = Heap::new(usize::MAX, StopFlags::default());
        for round in 0..3u32 {
            heap.enter(|scope| {
                // Shapes of another round may have been where these are.
                for index in 0..100u32 {
                    let names = (0..10u32).map(|name| (Symbol(name * (round + 1) + index), PosId(1)));
                    let set = Attrs::reserve(scope, Shape::from_sorted(scope, names));
                    for name in (0..40).map(Symbol) {
                        let found = set.find_again(scope, name).map(|found| found.1);
                        assert_eq!(found, set.find(name).map(|found| found.1));
                        assert_eq!(found, set.find_again(scope, name).map(|found| found.1));
                    }
                }
            });
            heap.collect_between_visits(0, false);
        }
    }
}

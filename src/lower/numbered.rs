//! Items numbered in the order of their first occurrence.

use rustc_hash::FxHashMap;
use std::hash::Hash;

/// Up to this many items, a linear search is cheaper than a table.
const SEARCHED: usize = 32;

/// A list without duplicates. Most are short: code captures 1.4 values on average.
#[derive(Debug)]
pub(super) struct Numbered<T> {
    items: Vec<T>,
    /// The number of each item, once there are many.
    numbers: FxHashMap<T, u32>,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self { items: Vec::new(), numbers: FxHashMap::default() }
    }
}

impl<T: Copy + Eq + Hash> Numbered<T> {
    /// The number of an item. A new item gets the last number.
    pub(super) fn number(&mut self, item: T) -> u32 {
        if let Some(known) = self.find(item) {
            return known;
        }
        let number = self.items.len() as u32;
        self.items.push(item);
        if self.items.len() > SEARCHED {
            let unnumbered = self.items.iter().enumerate().skip(self.numbers.len());
            self.numbers.extend(unnumbered.map(|(index, item)| (*item, index as u32)));
        }
        number
    }

    fn find(&self, item: T) -> Option<u32> {
        if self.items.len() <= SEARCHED {
            return self.items.iter().position(|known| *known == item).map(|index| index as u32);
        }
        self.numbers.get(&item).copied()
    }

    /// All items in order.
    pub(super) fn into_items(self) -> Vec<T> {
        self.items
    }
}

//! Many short sequences in little memory.

/// Concatenated sequences, numbered in the order of their addition. No file has 4 GiB.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Runs<T> {
    items: Vec<T>,
    /// The end of each sequence, which is the start of the next.
    ends: Vec<u32>,
}

/// Concatenated texts.
pub type Texts = Runs<u8>;

impl<T> Default for Runs<T> {
    fn default() -> Self {
        Self { items: Vec::new(), ends: Vec::new() }
    }
}

impl<T> Runs<T> {
    /// Sequences of these lengths, one after the other.
    pub(super) fn of(items: Vec<T>, lengths: impl Iterator<Item = u32>) -> Self {
        let ends = lengths.scan(0, |end: &mut u32, length| {
            *end = end.saturating_add(length);
            Some(*end)
        });
        Self { items, ends: ends.collect() }
    }

    /// Adds a sequence.
    pub fn push(&mut self, items: impl IntoIterator<Item = T>) {
        self.items.extend(items);
        self.ends.push(u32::try_from(self.items.len()).unwrap_or(u32::MAX));
    }

    /// The number of sequences.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// True if there are no sequences.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The sequence with a number; empty if there is none.
    pub fn get(&self, index: usize) -> &[T] {
        let start = index.checked_sub(1).map_or(0, |before| self.ends.get(before).copied().unwrap_or_default());
        let end = self.ends.get(index).copied().unwrap_or_default();
        self.items.get(start as usize..end as usize).unwrap_or_default()
    }

    /// All sequences in order.
    pub fn iter(&self) -> impl Iterator<Item = &[T]> {
        (0..self.len()).map(|index| self.get(index))
    }

    /// The items of all sequences.
    pub fn items(&self) -> &[T] {
        &self.items
    }

    /// The size in memory, in bytes.
    pub(super) fn size(&self) -> usize {
        size_of_val(self.items.as_slice()) + size_of_val(self.ends.as_slice())
    }
}

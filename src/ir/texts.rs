//! Many short texts that take little memory.

/// Texts laid end to end, numbered in the order in which they came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    bytes: Vec<u8>,
    /// Where each text ends, which is where the next begins.
    ends: Vec<usize>,
}

impl Texts {
    /// Texts of these lengths, one after the other.
    pub(super) fn of(bytes: &[u8], lengths: impl Iterator<Item = u32>) -> Self {
        let ends = lengths.scan(0, |end: &mut usize, length| {
            *end = end.saturating_add(length as usize);
            Some(*end)
        });
        Self { bytes: bytes.to_vec(), ends: ends.collect() }
    }

    /// Adds a text.
    pub fn push(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(text);
        self.ends.push(self.bytes.len());
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// True if there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The text with a number; empty if there is none.
    pub fn get(&self, index: usize) -> &[u8] {
        let start = index.checked_sub(1).map_or(0, |before| self.ends.get(before).copied().unwrap_or_default());
        self.ends.get(index).and_then(|end| self.bytes.get(start..*end)).unwrap_or_default()
    }

    /// All texts in order.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len()).map(|index| self.get(index))
    }

    /// Bytes that they take.
    pub(super) fn size(&self) -> usize {
        self.bytes.len() + size_of_val(self.ends.as_slice())
    }
}

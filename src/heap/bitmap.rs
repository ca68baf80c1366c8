//! Sets of small numbers: the words of a chunk at which objects start, the lines that are in use.

/// A set of numbers below a limit.
#[derive(Debug, Default)]
pub(super) struct Bitmap(Vec<u64>);

impl Bitmap {
    /// An empty set of numbers below `limit`.
    pub(super) fn below(limit: usize) -> Self {
        Self(vec![0; limit.div_ceil(64)])
    }

    /// Adds a number. Returns false if it was there already, or is beyond the limit.
    #[inline]
    pub(super) fn insert(&mut self, number: usize) -> bool {
        let Some(word) = self.0.get_mut(number / 64) else { return false };
        let bit = 1 << (number % 64);
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }

    #[inline]
    pub(super) fn contains(&self, number: usize) -> bool {
        self.0.get(number / 64).is_some_and(|word| word >> (number % 64) & 1 != 0)
    }

    pub(super) fn clear(&mut self) {
        self.0.fill(0);
    }

    /// Makes room for numbers below `limit`, if there was none.
    pub(super) fn provide(&mut self, limit: usize) {
        if self.0.is_empty() {
            *self = Self::below(limit);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// The largest member up to `number`.
    pub(super) fn last_until(&self, number: usize) -> Option<usize> {
        let mut index = number / 64;
        let mut word = self.0.get(index)? & (u64::MAX >> (63 - number % 64));
        while word == 0 {
            index = index.checked_sub(1)?;
            word = self.0[index];
        }
        Some(index * 64 + 63 - word.leading_zeros() as usize)
    }

    /// The members, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().flat_map(|(index, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros() as usize)?;
                rest &= rest - 1;
                Some(index * 64 + bit)
            })
        })
    }

    /// The ranges below `limit` of numbers that are not members.
    pub(super) fn gaps(&self, limit: usize) -> impl Iterator<Item = std::ops::Range<usize>> {
        let mut members = self.iter();
        let mut start = Some(0);
        std::iter::from_fn(move || {
            loop {
                let from = start?;
                let end = members.next();
                start = end.map(|end| end + 1);
                let range = from..end.unwrap_or(limit);
                if !range.is_empty() {
                    return Some(range);
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_and_gaps_are_found() {
        let mut set = Bitmap::below(200);
        for number in [3, 4, 64, 130, 199] {
            assert!(set.insert(number) && !set.insert(number));
        }
        assert!(!set.insert(300));
        assert_eq!(set.iter().collect::<Vec<_>>(), [3, 4, 64, 130, 199]);
        assert_eq!(set.gaps(200).collect::<Vec<_>>(), [0..3, 5..64, 65..130, 131..199]);
        assert_eq!(
            [2, 3, 63, 64, 129, 198].map(|n| set.last_until(n)),
            [None, Some(3), Some(4), Some(64), Some(64), Some(130)]
        );
        assert!(set.contains(130) && !set.contains(131));
        set.clear();
        assert!(set.is_empty() && set.gaps(70).eq(std::iter::once(0..70)));
    }
}

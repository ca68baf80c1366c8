//! Peeksort: a stable merge sort that finds sorted runs, outwards from the middle.
//!
//! A comparison may fail, print, or contradict another one, so a Nix program can see which comparisons are made and
//! in which order. They are those of C++ Nix since 2.30: Munro and Wild, "Nearly-Optimal Mergesorts" (2018), with
//! insertion sort for pieces of up to 16. Whatever the comparisons return, the result is a permutation of the items.

/// Pieces up to this size are sorted by insertion.
const SMALL: usize = 16;

/// Sorts `items`; `less(a, b)` is true if `a` must come before `b`. Stops at the first error.
pub(super) fn peeksort<T: Copy, E>(items: &mut [T], less: impl FnMut(T, T) -> Result<bool, E>) -> Result<(), E> {
    let len = items.len();
    if len < 2 {
        return Ok(());
    }
    Peeksort { items, spare: Vec::with_capacity(len), less }.sort(Piece {
        begin: 0,
        end: len,
        left_end: 0,
        right_begin: len,
    })
}

/// A part of the items in which `begin..left_end` and `right_begin..end` are known to be sorted.
#[derive(Clone, Copy)]
struct Piece {
    begin: usize,
    end: usize,
    left_end: usize,
    right_begin: usize,
}

struct Peeksort<'a, T, F> {
    items: &'a mut [T],
    /// Space for the items that are being merged.
    spare: Vec<T>,
    less: F,
}

impl<T: Copy, E, F: FnMut(T, T) -> Result<bool, E>> Peeksort<'_, T, F> {
    /// True if the item at `left` must come before the one at `right`.
    fn less(&mut self, left: usize, right: usize) -> Result<bool, E> {
        (self.less)(self.items[left], self.items[right])
    }

    /// Recursion halves a piece at least every second time, so it is shallow.
    fn sort(&mut self, piece: Piece) -> Result<(), E> {
        let Piece { begin, end, left_end, right_begin } = piece;
        if left_end == end || right_begin == begin {
            return Ok(());
        }
        if end - begin <= SMALL {
            return self.insertion_sort(begin, end);
        }
        let middle = begin + (end - begin) / 2;
        if middle <= left_end {
            self.sort(Piece { begin: left_end, left_end: left_end + 1, ..piece })?;
            return self.merge(begin, left_end, end);
        }
        if middle >= right_begin {
            self.sort(Piece { end: right_begin, right_begin: right_begin - 1, ..piece })?;
            return self.merge(begin, right_begin, end);
        }
        self.split_at_run(piece, middle)
    }

    /// Splits at the end nearer to the middle of the run there, sorts both sides and merges them.
    fn split_at_run(&mut self, piece: Piece, middle: usize) -> Result<(), E> {
        let Piece { begin, end, .. } = piece;
        let (run, run_end) = self.run_around(piece, middle)?;
        if run == begin && run_end == end {
            return Ok(());
        }
        if middle - run < run_end - middle {
            self.sort(Piece { end: run, right_begin: run.saturating_sub(1), ..piece })?;
            self.sort(Piece { begin: run, left_end: run_end, ..piece })?;
            self.merge(begin, run, end)
        } else {
            self.sort(Piece { end: run_end, right_begin: run, ..piece })?;
            self.sort(Piece { begin: run_end, left_end: run_end + 1, ..piece })?;
            self.merge(begin, run_end, end)
        }
    }

    /// The run that contains the item before the middle, between the known runs. A descending one is reversed.
    fn run_around(&mut self, piece: Piece, middle: usize) -> Result<(usize, usize), E> {
        let falling = self.less(middle, middle - 1)?;
        let mut run = middle - 1;
        while run > piece.left_end && self.less(run, run - 1)? == falling {
            run -= 1;
        }
        let mut run_end = middle;
        while run_end < piece.right_begin && self.less(run_end, run_end - 1)? == falling {
            run_end += 1;
        }
        if falling {
            self.items[run..run_end].reverse();
        }
        Ok((run, run_end))
    }

    fn insertion_sort(&mut self, begin: usize, end: usize) -> Result<(), E> {
        for next in begin + 1..end {
            let mut place = next;
            while place > begin && self.less(place, place - 1)? {
                self.items.swap(place, place - 1);
                place -= 1;
            }
        }
        Ok(())
    }

    /// Merges two adjacent sorted runs. Of equal items the left one comes first.
    fn merge(&mut self, begin: usize, middle: usize, end: usize) -> Result<(), E> {
        self.spare.clear();
        self.spare.extend_from_slice(&self.items[begin..end]);
        let (mut left, mut right) = (0, middle - begin);
        let (left_end, right_end) = (right, end - begin);
        let mut output = begin;
        while left < left_end && right < right_end {
            let take_right = (self.less)(self.spare[right], self.spare[left])?;
            let source = if take_right { &mut right } else { &mut left };
            self.items[output] = self.spare[*source];
            *source += 1;
            output += 1;
        }
        // The rest of the right side is already in place.
        self.items[output..output + left_end - left].copy_from_slice(&self.spare[left..left_end]);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::peeksort;

    /// Pseudorandom numbers, the same each time.
    fn scattered(count: u64) -> Vec<(u64, u64)> {
        (0..count).map(|index| (index * 7919 % 31, index)).collect()
    }

    #[test]
    fn sorts_stably() {
        for count in 0..200 {
            let mut sorted = scattered(count);
            let mut expected = sorted.clone();
            expected.sort_by_key(|item| item.0);
            let done: Result<(), ()> = peeksort(&mut sorted, |left, right| Ok(left.0 < right.0));
            assert_eq!((done, sorted), (Ok(()), expected));
        }
    }

    #[test]
    fn runs_are_found() {
        let mut falling: Vec<u32> = (0..1000).rev().collect();
        let mut comparisons = 0;
        let done: Result<(), ()> = peeksort(&mut falling, |left, right| {
            comparisons += 1;
            Ok(left < right)
        });
        assert!(done.is_ok() && falling.is_sorted());
        assert_eq!(comparisons, 1000);
    }

    #[test]
    fn contradictions_lose_nothing() {
        let mut items = scattered(500);
        let mut calls = 0_u64;
        let done: Result<(), ()> = peeksort(&mut items, |_, _| {
            calls += 1;
            Ok(calls * 7919 % 31 < 15)
        });
        items.sort_by_key(|item| item.1);
        assert_eq!((done, items), (Ok(()), scattered(500)));
    }

    #[test]
    fn an_error_ends_it() {
        let result = peeksort(&mut scattered(100), |left, _| if left.1 == 50 { Err("no") } else { Ok(false) });
        assert_eq!(result, Err("no"));
    }
}

//! Runs of free words, between what lived through a collection.

use super::chunk::{LINE, Space};

/// Shorter runs are not used.
pub(super) const SHORTEST_RUN: usize = 2 * LINE;
/// A run of this many words or more is wide: objects that don't fit each run are put there.
const WIDE: usize = 1 << 10;
/// The number of wide runs that are looked at for one object.
const RUNS_TRIED: usize = 16;

/// The free runs of a heap, the next one last.
#[derive(Debug, Default)]
pub(super) struct Runs {
    narrow: Vec<Space>,
    wide: Vec<Space>,
}

impl Runs {
    /// Adds a run, unless it is too short.
    pub(super) fn push(&mut self, run: Space) {
        match run.words {
            WIDE.. => self.wide.push(run),
            SHORTEST_RUN.. => self.narrow.push(run),
            _ => {}
        }
    }

    /// Takes a run of any length.
    pub(super) fn take_any(&mut self) -> Option<Space> {
        self.narrow.pop().or_else(|| self.wide.pop())
    }

    /// Takes a wide run with room for `words` words.
    pub(super) fn take_wide(&mut self, words: usize) -> Option<Space> {
        let fits = self.wide.iter().rev().take(RUNS_TRIED).position(|run| run.words >= words)?;
        Some(self.wide.remove(self.wide.len() - 1 - fits))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.narrow.is_empty() && self.wide.is_empty()
    }

    /// The bytes of all of them.
    pub(super) fn bytes(&self) -> usize {
        self.iter().map(|run| run.words * 8).sum()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Space> {
        self.narrow.iter().chain(&self.wide)
    }

    /// Makes the first run the next.
    pub(super) fn reverse(&mut self) {
        self.narrow.reverse();
        self.wide.reverse();
    }

    pub(super) fn clear(&mut self) {
        self.narrow.clear();
        self.wide.clear();
    }
}

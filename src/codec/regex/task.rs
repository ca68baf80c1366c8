//! The state of a walk through a program: the tasks that remain, and the matches found.

use super::Groups;
use super::program::StateId;

/// The end of a group that has not matched.
const UNMATCHED: usize = usize::MAX;

/// A task for the end of the current path.
#[derive(Clone, Debug)]
pub(super) enum Task {
    /// Unless there was a match, continue here.
    Otherwise {
        state: StateId,
        at: usize,
    },
    /// Unless there was a match, continue at the places before `high` down to `low`.
    OtherwiseEarlier {
        state: StateId,
        low: usize,
        high: usize,
    },
    /// Continue here, whether or not there was a match.
    Also {
        state: StateId,
        at: usize,
    },
    /// Also counts an earlier match, if this is true.
    OrBefore(bool),
    RestoreStart {
        group: u32,
        start: usize,
    },
    RestoreEnd {
        group: u32,
        end: usize,
    },
    RestoreRounds {
        counter: u32,
        rounds: Rounds,
    },
    Remember(MemoryKey),
}

/// The number of rounds that a repetition has begun at a place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Rounds {
    pub(super) at: usize,
    pub(super) count: u8,
}

/// State, place, and the counters of the state's cycles at that place.
pub(super) type MemoryKey = (StateId, usize, u64);

/// The start and end of each group of the current path; group 0 is the whole match.
#[derive(Clone, Debug)]
pub(super) struct GroupPlaces {
    pub(super) starts: Vec<usize>,
    pub(super) ends: Vec<usize>,
}

impl GroupPlaces {
    pub(super) fn new(group_count: usize) -> Self {
        Self { starts: vec![0; group_count + 1], ends: vec![UNMATCHED; group_count + 1] }
    }

    pub(super) fn copy_from(&mut self, other: &Self) {
        self.starts.copy_from_slice(&other.starts);
        self.ends.copy_from_slice(&other.ends);
    }

    pub(super) fn clear(&mut self) {
        self.ends.fill(UNMATCHED);
    }

    pub(super) fn to_groups(&self) -> Groups {
        let place = |(&start, &end): (&usize, &usize)| (end != UNMATCHED).then_some(start..end);
        self.starts.iter().zip(&self.ends).skip(1).map(place).collect()
    }
}

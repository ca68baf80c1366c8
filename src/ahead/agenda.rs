//! The order of the files to lower, and the files that wait to be needed.

use super::Lowered;
use super::series::{Found, Series, Target};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::VecDeque;

/// The largest number of files that wait to be needed, and of the bytes of their texts.
const MOST_WAITING: usize = 256;
const MOST_BYTES: usize = 16 << 20;

/// The work to do, and its results.
#[derive(Debug, Default)]
pub(super) struct Agenda {
    /// The paths that were found in files that were needed.
    found: Vec<Found>,
    series: Vec<Series>,
    /// The series to be followed, the most urgent one last.
    open: Vec<usize>,
    /// The places of paths in series.
    places: FxHashMap<Vec<u8>, (usize, usize)>,
    /// The paths that were followed or needed.
    seen: FxHashSet<Vec<u8>>,
    running: Option<Vec<u8>>,
    waiting: FxHashMap<Vec<u8>, Lowered>,
    /// The paths of `waiting` and of some that were taken, oldest first.
    order: VecDeque<Vec<u8>>,
    bytes: usize,
    has_ended: bool,
}

/// The next step of the thread.
#[derive(Debug)]
pub(super) enum Work {
    /// Make a series of what was found.
    Find(Found),
    Lower(Target),
    End,
}

/// The names that a path may have in a series: a folder stands for the file `default.nix` in it.
fn names(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    [Some(path), path.strip_suffix(b"/default.nix")].into_iter().flatten()
}

impl Agenda {
    /// Adds the paths in a file that was needed.
    pub(super) fn find(&mut self, found: Found) {
        self.found.push(found);
    }

    /// The next thing to do, if there is any.
    pub(super) fn next(&mut self) -> Option<Work> {
        if self.has_ended {
            return Some(Work::End);
        }
        if let Some(found) = self.found.pop() {
            return Some(Work::Find(found));
        }
        while let Some(index) = self.open.last() {
            while let Some(target) = self.series[*index].next() {
                if self.seen.insert(target.path.clone()) {
                    self.running = Some(target.path.clone());
                    return Some(Work::Lower(target.clone()));
                }
            }
            self.open.pop();
        }
        None
    }

    /// Adds a series.
    pub(super) fn add(&mut self, series: Series) {
        let index = self.series.len();
        for (place, target) in series.targets.iter().enumerate() {
            self.places.entry(target.path.clone()).or_insert((index, place));
        }
        self.series.push(series);
        self.open.push(index);
    }

    /// Notes the result for the file that was being lowered.
    pub(super) fn done(&mut self, lowered: Option<Lowered>) {
        let Some((path, lowered)) = self.running.take().zip(lowered) else { return };
        self.bytes += lowered.text.len();
        self.order.push_back(path.clone());
        self.waiting.insert(path, lowered);
        while self.waiting.len() > MOST_WAITING || self.bytes > MOST_BYTES {
            let Some(oldest) = self.order.pop_front() else { break };
            self.remove(&oldest);
        }
    }

    fn remove(&mut self, path: &[u8]) -> Option<Lowered> {
        let lowered = self.waiting.remove(path)?;
        self.bytes -= lowered.text.len();
        Some(lowered)
    }

    /// Notes that a file is needed. True if there may be more to do because of that.
    pub(super) fn need(&mut self, path: &[u8]) -> bool {
        let mut is_in_series = false;
        for name in names(path) {
            self.seen.insert(name.to_vec());
            if let Some((index, place)) = self.places.remove(name) {
                self.series[index].need(place);
                self.open.push(index);
                is_in_series = true;
            }
        }
        is_in_series
    }

    /// The result for a file, or none; nothing if the file is being lowered.
    pub(super) fn take(&mut self, path: &[u8]) -> Option<Option<Lowered>> {
        if names(path).any(|name| self.running.as_deref() == Some(name)) {
            return None;
        }
        Some(names(path).find_map(|name| self.remove(name)))
    }

    /// True if the file at a path waits to be needed.
    #[cfg(test)]
    pub(super) fn has(&self, path: &[u8]) -> bool {
        self.waiting.contains_key(path)
    }

    /// Ends the work.
    pub(super) fn end(&mut self) {
        self.has_ended = true;
    }
}

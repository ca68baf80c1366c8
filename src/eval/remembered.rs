//! The errors of failed thunks, by number. A collection forgets those of thunks that nothing refers to.

use crate::error::Error;
use crate::heap::{LiveErrors, Scope};

/// The table of errors.
#[derive(Debug, Default)]
pub(crate) struct Remembered {
    /// With the bytes that each counts towards the memory limit. `None` for a number to be used again.
    errors: Vec<Option<(Error, usize)>>,
    free: Vec<u32>,
}

impl Remembered {
    /// Stores an error. Returns its number.
    pub(crate) fn add(&mut self, scope: Scope<'_>, error: Error) -> u32 {
        let bytes = error.bytes();
        scope.count_bytes(bytes);
        let entry = Some((error, bytes));
        if let Some(number) = self.free.pop() {
            self.errors[number as usize] = entry;
            return number;
        }
        self.errors.push(entry);
        (self.errors.len() - 1) as u32
    }

    /// The error with a number.
    pub(crate) fn get(&self, number: u32) -> Option<&Error> {
        self.errors.get(number as usize)?.as_ref().map(|(error, _)| error)
    }

    /// All numbers are below this one.
    pub(crate) fn limit(&self) -> usize {
        self.errors.len()
    }

    /// Forgets all errors but these. Returns the bytes that count no longer.
    pub(crate) fn forget_all_but(&mut self, live: &LiveErrors) -> usize {
        let mut bytes = 0;
        for (number, entry) in self.errors.iter_mut().enumerate() {
            if entry.is_some() && !live.contains(number) {
                bytes += entry.take().map_or(0, |(_, bytes)| bytes);
                self.free.push(number as u32);
            }
        }
        bytes
    }

    /// The number of errors, and their size in bytes.
    pub(crate) fn census(&self) -> (usize, usize) {
        let errors = self.errors.iter().flatten();
        (errors.clone().count(), errors.map(|(error, _)| error.bytes()).sum())
    }
}

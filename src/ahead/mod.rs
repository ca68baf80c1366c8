//! Files lowered ahead of time, on another core.
//!
//! A file names others: `import ./x.nix`, `callPackage ./x { }`. A thread reads, parses and lowers these while the
//! evaluation goes on. A result is used only for a file that the evaluation itself has read, with the same text. So neither
//! programs nor users nor the record of a run can see whether a file was lowered ahead.
//!
//! `agenda` decides which files are worth it, `worker` lowers them one after the other.

mod agenda;
mod names;
mod series;
#[cfg(test)]
mod tests;
mod worker;

pub(crate) use names::KnownNames;
pub(crate) use series::Folder;

use crate::cores;
use crate::io::ReadAhead;
use crate::ir::Unit;
use crate::settings::Lints;
use agenda::Agenda;
use series::Found;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// Everything that lowering depends on besides the text of a file.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) read: ReadAhead,
    /// The directory for `~/`.
    pub(crate) home: Option<Vec<u8>>,
    pub(crate) pipe_operators: bool,
    pub(crate) lints: Lints,
    /// The language's own names.
    pub(crate) names: KnownNames,
    /// True if units will be kept, so that they are encoded too.
    pub(crate) encodes: bool,
}

/// A file lowered ahead.
#[derive(Debug)]
pub(crate) struct Lowered {
    text: Vec<u8>,
    pub(crate) unit: Unit,
    /// The encoded unit, if units are kept.
    pub(crate) encoded: Option<Vec<u8>>,
    /// The paths in it, which are followed once it is needed.
    found: Option<Found>,
}

/// A thread that lowers files, and its results. The thread ends when this is dropped.
#[derive(Debug)]
pub(crate) struct LoweringAhead {
    desk: Arc<Desk>,
}

/// The state that both threads share.
#[derive(Debug, Default)]
struct Desk {
    agenda: Mutex<Agenda>,
    changed: Condvar,
}

impl Desk {
    fn agenda(&self) -> MutexGuard<'_, Agenda> {
        self.agenda.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the agenda, and wakes the other thread if that says so.
    fn change<T>(&self, body: impl FnOnce(&mut Agenda) -> (T, bool)) -> T {
        let (result, is_news) = body(&mut self.agenda());
        if is_news {
            self.changed.notify_all();
        }
        result
    }

    /// Waits until the agenda has an answer.
    fn wait_for<T>(&self, mut body: impl FnMut(&mut Agenda) -> Option<T>) -> T {
        let mut agenda = self.agenda();
        loop {
            if let Some(found) = body(&mut agenda) {
                return found;
            }
            agenda = self.changed.wait(agenda).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl LoweringAhead {
    /// Starts the thread. `None` if there can be none, or if there is no core for it.
    pub(crate) fn start(options: Options) -> Option<Self> {
        if !cores::are_several() {
            return None;
        }
        let desk = Arc::default();
        worker::start(Arc::clone(&desk), options)?;
        Some(Self { desk })
    }

    /// Follows the paths in a file that was lowered by the evaluation.
    pub(crate) fn follow(&self, folder: impl FnOnce() -> Option<Folder>, unit: &Unit) {
        if let Some(found) = Found::of(unit, folder) {
            self.desk.change(|agenda| (agenda.find(found), true));
        }
    }

    /// The file at a path that is needed now, if it was lowered from this text. Waits for it if it is being lowered.
    pub(crate) fn take(&self, path: &[u8], text: &[u8]) -> Option<Lowered> {
        self.desk.change(|agenda| ((), agenda.need(path)));
        let lowered = self.desk.wait_for(|agenda| agenda.take(path));
        let mut lowered = lowered.filter(|lowered| lowered.text == text)?;
        if let Some(found) = lowered.found.take() {
            self.desk.change(|agenda| (agenda.find(found), true));
        }
        Some(lowered)
    }
}

impl Drop for LoweringAhead {
    fn drop(&mut self) {
        self.desk.change(|agenda| (agenda.end(), true));
    }
}

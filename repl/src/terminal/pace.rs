//! The pace of keys: which of them a hand pressed, and which came with a pasted text.
//!
//! Terminals mark what is pasted, unless they don't know how, or a program such as an editor sends the text. Then it comes
//! as keys, but faster than anybody types.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A key that comes later after the last one was dealt with was pressed. Keys that are held down repeat every 30 ms.
const PAUSE: Duration = Duration::from_millis(10);
/// This many keys without a pause are a pasted text.
const PASTED: usize = 64;

/// How fast keys come.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// When the last key had been dealt with.
    ready: Mutex<Option<Instant>>,
    /// How many keys came without a pause.
    run: AtomicUsize,
}

impl Pace {
    /// A key came.
    pub(super) fn key(&self) {
        let ready = *self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        let follows = ready.is_some_and(|ready| ready.elapsed() < PAUSE);
        let run = if follows { self.run.load(Ordering::Relaxed).saturating_add(1) } else { 0 };
        self.run.store(run, Ordering::Relaxed);
    }

    /// What was to be done about the last key is done.
    pub(super) fn ready(&self) {
        *self.ready.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// True while a pasted text comes in.
    pub(super) fn is_paste(&self) -> bool {
        self.run.load(Ordering::Relaxed) >= PASTED
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_keys_without_a_pause_are_pasted() {
        let pace = Pace::default();
        let press = || {
            pace.key();
            pace.ready();
        };
        (0..PASTED).for_each(|_| press());
        assert!(!pace.is_paste());
        press();
        assert!(pace.is_paste());
        std::thread::sleep(PAUSE);
        press();
        assert!(!pace.is_paste());
    }
}

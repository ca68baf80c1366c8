//! The pace of keys: which of them a hand pressed, and which came with a pasted text.
//!
//! Terminals mark pasted text, unless they don't know how, or a program such as an editor sends it. Then it comes as
//! keys, but faster than anybody types.

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use std::io;
use std::os::fd::AsFd;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A key that comes later after the last one was dealt with was pressed. Keys that are held down repeat every 30 ms.
const PAUSE: Duration = Duration::from_millis(10);
/// A pasted text has ended after this. It may be drawn slowly, and the machine may have other things to do.
const END: Duration = Duration::from_millis(100);
/// This many keys without a pause are a pasted text.
const PASTED: usize = 64;

/// The pace of keys.
#[derive(Debug, Default)]
pub(super) struct Pace(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// When the last key had been dealt with.
    ready: Option<Instant>,
    /// The number of keys that came without a pause.
    run: usize,
}

impl Pace {
    /// A key came; `more` if others wait already.
    pub(super) fn key(&self, more: bool) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let pause = if state.run < PASTED { PAUSE } else { END };
        let follows = more || state.ready.is_some_and(|ready| ready.elapsed() < pause);
        state.run = if follows { state.run.saturating_add(1) } else { 0 };
    }

    /// Notes that the last key has been dealt with.
    pub(super) fn ready(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).ready = Some(Instant::now());
    }

    /// True while a pasted text comes in.
    pub(super) fn is_paste(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).run >= PASTED
    }
}

/// True if keys wait that the line editor hasn't taken yet.
pub(super) fn keys_wait() -> bool {
    let stdin = io::stdin();
    let mut stdin = [PollFd::new(stdin.as_fd(), PollFlags::POLLIN)];
    poll(&mut stdin, PollTimeout::ZERO).is_ok_and(|count| count > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_keys_without_a_pause_are_pasted() {
        let pace = Pace::default();
        let press = |more| {
            pace.key(more);
            pace.ready();
        };
        press(false);
        (1..PASTED).for_each(|_| press(true));
        assert!(!pace.is_paste());
        press(true);
        assert!(pace.is_paste());
        std::thread::sleep(PAUSE);
        press(true);
        assert!(pace.is_paste());
        std::thread::sleep(END);
        press(false);
        assert!(!pace.is_paste());
    }
}

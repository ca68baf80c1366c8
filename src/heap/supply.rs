//! Chunks whose pages another core has touched already.
//!
//! The system provides a page when it is touched first, which takes a fifth of the time of a large evaluation. With more
//! than one core, a thread maps the next chunk and touches it while the evaluation fills the current one. Where threads
//! cannot be started there is no supply, and nothing else changes.

use super::pages::Pages;
use crate::cores;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

/// Chunks of one size, made one ahead. The thread ends after its supply is dropped, or when the system has no memory.
#[derive(Debug)]
pub(super) struct Supply {
    chunks: Receiver<Pages>,
}

impl Supply {
    /// Starts to make chunks of so many words. `None` if there can be no thread, or if there is no core for it.
    pub(super) fn start(words: usize) -> Option<Self> {
        if !cores::are_several() {
            return None;
        }
        const STACK: usize = 64 << 10;
        // Without a buffer no more than one chunk waits.
        let (sender, chunks) = sync_channel(0);
        let supply = move || while Pages::touched(words).is_some_and(|chunk| sender.send(chunk).is_ok()) {};
        thread::Builder::new().name("memory".to_owned()).stack_size(STACK).spawn(supply).ok()?;
        Some(Self { chunks })
    }

    /// The next chunk, if it is ready.
    pub(super) fn take(&self) -> Option<Pages> {
        self.chunks.try_recv().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    #[test]
    fn a_chunk_is_ready_after_a_while() {
        const WORDS: usize = 64 << 10;
        let Some(supply) = Supply::start(WORDS) else { return };
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(60) {
            if let Some(chunk) = supply.take() {
                assert_eq!(chunk.words(), WORDS);
                assert!(chunk.is_zero());
                return;
            }
            thread::yield_now();
        }
        panic!("no chunk within a minute");
    }
}

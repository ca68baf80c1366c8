//! Ctrl-C while something is done once: the evaluation ends with an error that says where it was.

use nivis::Engine;
use std::io::{self, IsTerminal};
use std::thread;
use std::time::Duration;

/// The time that an evaluation may take to notice.
const PATIENCE: Duration = Duration::from_secs(2);
/// The status to exit with if it doesn't.
const INTERRUPTED: i32 = 130;

/// Makes Ctrl-C end what the engine evaluates. Only a terminal has that key, and without one nothing is set up: the thread
/// that waits for it would cost more than a small evaluation.
pub(crate) fn end_evaluations(engine: &Engine) {
    if !io::stdin().is_terminal() && !io::stderr().is_terminal() {
        return;
    }
    let stop = engine.stop_flags();
    // Without a handler Ctrl-C ends the program at once.
    let _ = ctrlc::set_handler(move || {
        stop.interrupt();
        thread::sleep(PATIENCE);
        std::process::exit(INTERRUPTED);
    });
}

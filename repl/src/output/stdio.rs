//! The only place that writes to standard output and standard error.

use crate::output::progress;
use crate::output::style::wants_colour;
use nivis::codec::terminal::{shown, visible};
pub(crate) use nivis::io::reason;
use std::io::{self, ErrorKind, Write};

/// The status of a program that failed.
pub(crate) const FAILED: i32 = 1;

/// Writes to standard output at once.
///
/// # Errors
/// Fails if standard output can't be written.
pub(crate) fn print(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()
}

/// Writes to standard output as the last thing the program does, and gives the status to exit with.
pub(crate) fn print_or_fail(bytes: &[u8]) -> i32 {
    match print(bytes) {
        Ok(()) => 0,
        Err(error) => failure(&error),
    }
}

/// Writes a message for people, no value, to standard output.
///
/// # Errors
/// Fails if standard output can't be written.
pub(crate) fn say(text: &str) -> io::Result<()> {
    print(visible(text, wants_colour(&io::stdout())).as_bytes())
}

/// Writes a line to standard error. A failure is ignored: there is no place to report it.
pub(crate) fn eprint_line(text: &str) {
    eprint_bytes(text.as_bytes());
}

/// The same for bytes that may not be UTF-8. Everything for standard error goes through here, also what programs and servers
/// wrote: of escape sequences only colours pass, and only to a terminal.
pub(crate) fn eprint_bytes(text: &[u8]) {
    let mut line = shown(text, wants_colour(&io::stderr()));
    line.push(b'\n');
    let _ = progress::aside(|| io::stderr().lock().write_all(&line));
}

/// The status to exit with when standard output could not be written. A reader that went away early, as `head` does,
/// has all it wanted: that is not a failure.
pub(crate) fn failure(error: &io::Error) -> i32 {
    if error.kind() == ErrorKind::BrokenPipe {
        return 0;
    }
    eprint_line(&format!("error: writing to standard output: {}", reason(error)));
    1
}

//! The only place that writes to standard output and standard error.

use crate::output::style::{MAGENTA, PLAIN, wants_colour};
use crate::output::{log_records, progress};
use nivis::Error;
use nivis::codec::terminal::{shown, visible};
pub(crate) use nivis::io::reason;
use nivis::source::Sources;
use std::io::{self, ErrorKind, Write};
use std::sync::{Mutex, PoisonError};

/// The status of a program that failed.
pub(crate) const FAILED: i32 = 1;

/// The standard streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    Output,
    Error,
}

/// Copies of all writes, in order.
pub(crate) type Tape = Vec<(Stream, Vec<u8>)>;

/// Longer tapes are dropped, in bytes.
const LONGEST_TAPE: usize = 4 << 20;

static TAPE: Mutex<Option<Tape>> = Mutex::new(None);

/// Starts to keep a copy of what is written.
pub(crate) fn start_tape() {
    *TAPE.lock().unwrap_or_else(PoisonError::into_inner) = Some(Tape::new());
}

/// Ends the tape that [`start_tape`] began and returns it, unless it became too long.
pub(crate) fn take_tape() -> Option<Tape> {
    TAPE.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// Writes what a tape has.
///
/// # Errors
/// Fails if standard output can't be written.
pub(crate) fn play(tape: &Tape) -> io::Result<()> {
    tape.iter().try_for_each(|(stream, bytes)| match stream {
        Stream::Output => print(bytes),
        Stream::Error => io::stderr().lock().write_all(bytes).or(Ok(())),
    })
}

fn keep_on_tape(stream: Stream, bytes: &[u8]) {
    let mut kept = TAPE.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(tape) = &mut *kept else { return };
    match tape.last_mut() {
        Some((last, text)) if *last == stream => text.extend_from_slice(bytes),
        _ => tape.push((stream, bytes.to_vec())),
    }
    if tape.iter().map(|(_, text)| text.len()).sum::<usize>() > LONGEST_TAPE {
        *kept = None;
    }
}

/// Writes to standard output at once.
///
/// # Errors
/// Fails if standard output can't be written.
pub(crate) fn print(bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()?;
    keep_on_tape(Stream::Output, bytes);
    Ok(())
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

/// Writes an error, given its text.
pub(crate) fn eprint_error(text: &str, error: &Error, sources: &Sources) {
    if log_records::are_wanted() {
        return log_records::error(text, error, sources);
    }
    eprint_line(text);
}

/// Writes a warning.
pub(crate) fn eprint_warning(text: &str) {
    if log_records::are_wanted() {
        return log_records::message(log_records::WARNING, format!("{MAGENTA}warning:{PLAIN} {text}").as_bytes());
    }
    eprint_line(&format!("warning: {text}"));
}

/// The same for bytes that may not be UTF-8. Everything for standard error goes through here, also what programs and servers
/// wrote: of escape sequences only colours pass, and only to a terminal.
pub(crate) fn eprint_bytes(text: &[u8]) {
    if log_records::are_wanted() {
        return log_records::message(log_records::USUAL, text);
    }
    let mut line = shown(text, wants_colour(&io::stderr()));
    line.push(b'\n');
    keep_on_tape(Stream::Error, &line);
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

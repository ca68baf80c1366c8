//! Messages at run time: traces and warnings.

use crate::error::Error;
use crate::source::Sources;

/// A message to show at once.
#[derive(Clone, Copy, Debug)]
pub enum Message<'a> {
    /// The text of `builtins.trace`.
    Trace(&'a [u8]),
    /// The text of `builtins.warn`.
    Warn(&'a [u8]),
    /// A requested note on calls or files.
    Note(&'a [u8]),
    /// A warning of the evaluator itself, shown like an error.
    Warning(&'a Error, &'a Sources),
    /// A warning that C++ Nix does not have; it is not shown in C++ Nix's style.
    Advice(&'a Error, &'a Sources),
}

/// A destination of messages.
pub trait Console {
    /// Shows a trace, a warning or a note.
    fn message(&self, message: &Message<'_>);

    /// Shows the progress of a long operation, at most ten times a second. Quick operations do not report any.
    fn progress(&self, _: &Progress<'_>) {}
}

/// Shows nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Console for Silent {
    fn message(&self, _: &Message<'_>) {}
}

/// The progress of a long operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress<'p> {
    /// The operation, for example the address of a download.
    pub what: &'p str,
    /// The number of bytes done.
    pub done: u64,
    /// The total number of bytes, if it is known.
    pub total: Option<u64>,
    /// True for the last report.
    pub is_finished: bool,
}

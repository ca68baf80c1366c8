//! The outcome of a task.

use nivis::Error;
use std::io;

/// Why a task was not finished.
pub(crate) enum Failure {
    /// The program has no value.
    Program(Error),
    /// Builds failed; the program ends with this status.
    Builds(Error, i32),
    /// Its value can't be written.
    Output(io::Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Program(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// The outcome of a task: its output has been printed, or it failed.
pub(crate) type Outcome = Result<(), Failure>;

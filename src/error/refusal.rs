//! Errors of the outside world that are no errors of the file system: something that the program may not look at.

use super::{Code, Error, ErrorKind};
use std::fmt;
use std::io;

/// What the program may not look at, and why.
#[derive(Debug)]
pub(crate) struct Refusal {
    message: String,
}

impl Refusal {
    /// An error with this message, among those of the file system.
    pub(crate) fn error(message: String) -> io::Error {
        io::Error::other(Self { message })
    }

    /// The error for the program, if this is one that [`Refusal::error`] made.
    pub(crate) fn found_in(error: &io::Error) -> Option<Error> {
        let refusal = error.get_ref()?.downcast_ref::<Self>()?;
        Some(Error::from(ErrorKind::Io(refusal.message.clone())).with_code(Code::FORBIDDEN))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}

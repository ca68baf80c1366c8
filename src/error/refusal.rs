//! Errors of the outside world other than those of the file system: forbidden paths.

use super::{Cause, Code, Error, ErrorKind};
use std::fmt;
use std::io;

/// A forbidden access, with the reason.
#[derive(Debug)]
pub(crate) struct Refusal {
    message: String,
    cause: Cause,
}

impl Refusal {
    /// An I/O error with this message and cause.
    pub(crate) fn error(message: String, cause: Cause) -> io::Error {
        io::Error::other(Self { message, cause })
    }

    /// The error for the program, if this one is from [`Refusal::error`].
    pub(crate) fn found_in(error: &io::Error) -> Option<Error> {
        let refusal = error.get_ref()?.downcast_ref::<Self>()?;
        let error = Error::from(ErrorKind::Io(refusal.message.clone())).with_code(Code::FORBIDDEN);
        Some(if refusal.cause == Cause::Unspecified { error } else { error.because(refusal.cause.clone()) })
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refusal {}

//! Words of a command line as text, and the errors about them.

use nivis::{Error, ErrorKind};

/// An error of the command line.
pub(crate) fn usage(message: impl Into<String>) -> Error {
    ErrorKind::Usage(message.into()).into()
}

/// A word as text; bytes that are not UTF-8 are lost.
pub(crate) fn lossy(word: Option<Vec<u8>>) -> String {
    String::from_utf8_lossy(&word.unwrap_or_default()).into_owned()
}

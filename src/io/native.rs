//! Differences between systems: paths as bytes, the modes and identities of files, links.
//!
//! A system that is not a Unix has no modes and no links here, and its paths are UTF-8.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::path::Path;

#[cfg(not(unix))]
mod other;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
use other as system;
#[cfg(unix)]
use unix as system;

pub(crate) use system::{
    create_private_dir, identity, is_executable, link, new_file, read_exact_at, set_file_mode, set_mode, stamp,
};

/// The system's form of a path or name.
pub(crate) fn os_text(bytes: &[u8]) -> Cow<'_, OsStr> {
    system::os_text(bytes)
}

/// The system's path of these bytes.
pub(crate) fn os_path(bytes: &[u8]) -> Cow<'_, Path> {
    match os_text(bytes) {
        Cow::Borrowed(text) => Cow::Borrowed(Path::new(text)),
        Cow::Owned(text) => Cow::Owned(text.into()),
    }
}

/// The bytes of a path or name of the system.
pub(crate) fn bytes_of(text: impl Into<OsString>) -> Vec<u8> {
    text.into().into_encoded_bytes()
}

//! Unpacking.
use crate::error::{ErrorKind, Result};
use std::path::{Path, PathBuf};

/// What was unpacked.
#[derive(Debug)]
pub struct Unpacked {
    /// Where.
    pub root: PathBuf,
    /// When it was changed last.
    pub last_modified: u64,
}

/// Unpacks.
///
/// # Errors
/// Always, yet.
pub fn unpack(_: &Path, _: &Path, _: &dyn Fn() -> bool) -> Result<Unpacked> {
    Err(ErrorKind::Unsupported("unpacking is not supported yet".to_owned()).into())
}

//! `--drv-dir DIR`: the derivations that were computed, as files.

use crate::files;
use nivis::Result;
use nivis::store::path::StorePath;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Writes derivations into a directory, which is made if it isn't there. Each file is named as in the store, and has the
/// same bytes.
///
/// # Errors
/// Those of writing.
pub(crate) fn write(texts: impl IntoIterator<Item = (StorePath, Box<[u8]>)>, directory: &[u8]) -> Result<()> {
    let directory = Path::new(OsStr::from_bytes(directory));
    files::make_directories(directory)?;
    for (path, text) in texts {
        let name = path.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
        files::write(directory.join(OsStr::from_bytes(name)), text)?;
    }
    Ok(())
}

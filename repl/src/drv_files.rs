//! `--drv-dir DIR`: the derivations that were computed, as files.

use nivis::store::path::StorePath;
use nivis::{Error, ErrorKind, Result};
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Writes derivations into a directory, which is made if it isn't there. Each file is named as in the store, and has the
/// same bytes.
///
/// # Errors
/// Those of writing.
pub(crate) fn write(texts: impl IntoIterator<Item = (StorePath, Box<[u8]>)>, directory: &[u8]) -> Result<()> {
    let directory = Path::new(OsStr::from_bytes(directory));
    fs::create_dir_all(directory).map_err(|error| failure(directory, &error))?;
    for (path, text) in texts {
        let name = path.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
        let file = directory.join(OsStr::from_bytes(name));
        fs::write(&file, text).map_err(|error| failure(&file, &error))?;
    }
    Ok(())
}

fn failure(path: &Path, error: &io::Error) -> Error {
    ErrorKind::Io(format!("writing '{}': {error}", path.display())).into()
}

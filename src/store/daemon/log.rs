//! Logs of builds. The protocol has no request for them: they are files of this machine.

use crate::error::Result;
use crate::io::native::os_path;
use crate::store::folder::disk_error;
use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The number of characters of a name that are a folder's name.
const FOLDER_NAME: usize = 2;

/// The log of a derivation's last build, if `folder` has one: `drvs/ab/cdef….drv`, plain or with `.bz2`.
///
/// # Errors
///
/// Fails if the file is there and cannot be read.
pub fn read(folder: &Path, derivation: &[u8]) -> Result<Option<Vec<u8>>> {
    let name = derivation.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
    let (start, rest) = name.split_at(FOLDER_NAME.min(name.len()));
    let plain = folder.join("drvs").join(os_path(start)).join(os_path(rest));
    if let Some(text) = contents(&plain)? {
        return Ok(Some(text));
    }
    let compressed = PathBuf::from([plain.as_os_str(), OsStr::new(".bz2")].join(OsStr::new("")));
    contents(&compressed)?.map(|bytes| decompressed(&bytes, &compressed)).transpose()
}

fn contents(path: &Path) -> Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(disk_error("reading", path, &error)),
    }
}

#[cfg(feature = "fetch")]
fn decompressed(bytes: &[u8], path: &Path) -> Result<Vec<u8>> {
    use std::io::Read;

    let mut text = Vec::new();
    let read = bzip2::read::BzDecoder::new(bytes).read_to_end(&mut text);
    read.map(|_| text).map_err(|error| disk_error("reading", path, &error))
}

#[cfg(not(feature = "fetch"))]
fn decompressed(_: &[u8], path: &Path) -> Result<Vec<u8>> {
    Err(disk_error("reading", path, &ErrorKind::Unsupported.into()))
}

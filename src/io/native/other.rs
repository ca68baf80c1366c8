//! The same elsewhere, as far as the standard library goes.

use crate::io::Stamp;
use std::borrow::Cow;
use std::ffi::OsStr;
use std::fs::{self, File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

pub(super) fn os_text(bytes: &[u8]) -> Cow<'_, OsStr> {
    match String::from_utf8_lossy(bytes) {
        Cow::Borrowed(text) => Cow::Borrowed(OsStr::new(text)),
        Cow::Owned(text) => Cow::Owned(text.into()),
    }
}

/// Always false: there are no modes.
pub(crate) fn is_executable(_: &Metadata) -> bool {
    false
}

/// Does nothing: there are no modes.
pub(crate) fn set_mode(_: &Path, _: u32) -> io::Result<()> {
    Ok(())
}

/// Does nothing: there are no modes.
pub(crate) fn set_file_mode(_: &File, _: u32) -> io::Result<()> {
    Ok(())
}

/// Its size and time, as files have no numbers.
pub(crate) fn identity(file: &Metadata) -> (u64, u64) {
    (file.len(), stamp(file).modified as u64)
}

/// The state of a file or folder.
pub(crate) fn stamp(file: &Metadata) -> Stamp {
    let since = |time: SystemTime| time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos() as i64);
    let modified = file.modified().map_or(0, since);
    Stamp { device: 0, inode: 0, size: file.len(), modified, changed: modified }
}

/// Fails: there are no links.
pub(crate) fn link(_: &[u8], _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Creates a file that is not there yet.
pub(crate) fn new_file(path: &Path, _: u32) -> io::Result<File> {
    File::create_new(path)
}

/// Reads from an offset until the buffer is full.
pub(crate) fn read_exact_at(mut file: &File, buffer: &mut [u8], offset: u64) -> io::Result<()> {
    file.seek(SeekFrom::Start(offset))?;
    file.read_exact(buffer)
}

/// Creates a folder, and those above it.
pub(crate) fn create_private_dir(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

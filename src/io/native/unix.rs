//! The same on a Unix.

use crate::io::Stamp;
use std::borrow::Cow;
use std::ffi::OsStr;
use std::fs::{self, File, Metadata, Permissions};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, FileExt, MetadataExt, OpenOptionsExt, PermissionsExt, symlink};
use std::path::Path;

pub(super) fn os_text(bytes: &[u8]) -> Cow<'_, OsStr> {
    Cow::Borrowed(OsStr::from_bytes(bytes))
}

/// True for a file that its owner may execute.
pub(crate) fn is_executable(file: &Metadata) -> bool {
    file.permissions().mode() & 0o100 != 0
}

/// Changes the mode of a file or folder.
pub(crate) fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
    fs::set_permissions(path, Permissions::from_mode(mode))
}

/// Changes the mode of an open file.
pub(crate) fn set_file_mode(file: &File, mode: u32) -> io::Result<()> {
    file.set_permissions(Permissions::from_mode(mode))
}

/// The device and the number of a file on it.
pub(crate) fn identity(file: &Metadata) -> (u64, u64) {
    (file.dev(), file.ino())
}

/// The state of a file or folder.
pub(crate) fn stamp(file: &Metadata) -> Stamp {
    let time = |seconds: i64, nanoseconds: i64| seconds.saturating_mul(1_000_000_000).saturating_add(nanoseconds);
    let (device, inode) = identity(file);
    Stamp {
        device,
        inode,
        size: file.len(),
        modified: time(file.mtime(), file.mtime_nsec()),
        changed: time(file.ctime(), file.ctime_nsec()),
    }
}

/// Makes a link with this text.
pub(crate) fn link(target: &[u8], place: &Path) -> io::Result<()> {
    symlink(OsStr::from_bytes(target), place)
}

/// Creates a file that is not there yet.
pub(crate) fn new_file(path: &Path, mode: u32) -> io::Result<File> {
    fs::OpenOptions::new().write(true).create_new(true).mode(mode).open(path)
}

/// Reads from an offset until the buffer is full.
pub(crate) fn read_exact_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<()> {
    file.read_exact_at(buffer, offset)
}

/// Creates a folder, and those above it, that others cannot read.
pub(crate) fn create_private_dir(folder: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

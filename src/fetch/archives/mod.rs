//! Unpacks downloaded archives into folders.
//!
//! The format is detected from the contents, never from the name: first the compression, possibly in several layers,
//! then tar or zip. Only what a store keeps counts: contents, the executable bit, links, folders. Both formats are
//! parsed by hand (`tar`, `zip`), because hashes depend on which entry wins, how names are read and which archives
//! are refused. Only `tree` touches the folder, and it never leaves it.

mod path;
mod streams;
mod tar;
mod tree;
mod watch;
mod zip;

#[cfg(test)]
mod tests;

use crate::error::{Error, ErrorKind, Result};
use crate::io::reason;
use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use streams::{Layers, Source};
use tree::Tree;
use watch::{Ahead, Watch, Watched};

/// The result of unpacking an archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unpacked {
    /// The root folder of the tree: the folder that the archive was unpacked into, or its only entry if that is a
    /// folder.
    pub root: PathBuf,
    /// The newest modification time in the archive, in seconds since 1970; 0 if all are older.
    pub last_modified: u64,
}

/// The endings of addresses that are taken for archives.
const ENDINGS: &[&str] = &[".zip", ".tar", ".tgz", ".tar.gz", ".tar.xz", ".tar.bz2", ".tar.zst"];

/// The number of bytes read at once.
const CHUNK: usize = 256 << 10;

/// True if the path of an address, without query and fragment, ends like an archive's.
pub fn has_archive_name(path: &str) -> bool {
    ENDINGS.iter().any(|ending| path.ends_with(ending))
}

/// Unpacks the archive in the file `archive` into the existing, empty folder `into`. `stop` is called regularly; it
/// returns true to cancel. No other process may write into the folder meanwhile. After an error some files may exist;
/// the caller removes them.
///
/// # Errors
///
/// Fails if the file is not an archive, is damaged or truncated, or has an unsupported format or entry; on file
/// system errors; and with [`ErrorKind::Interrupted`] once `stop` returns true.
pub fn unpack(archive: &Path, into: &Path, stop: &dyn Fn() -> bool) -> Result<Unpacked> {
    let watch = Watch::new(stop);
    let unpacked = unpack_watched(archive, into, &watch);
    unpacked.map_err(|error| if watch.has_stopped() { ErrorKind::Interrupted.into() } else { error })
}

fn unpack_watched(archive: &Path, into: &Path, watch: &Watch<'_>) -> Result<Unpacked> {
    let opened = |error: io::Error| refused_file(archive, &error);
    let file = File::open(archive).map_err(opened)?;
    let source: Source = Box::new(BufReader::with_capacity(CHUNK, watch.file(file)));
    let layers = Layers::found_in(source).map_err(|error| unopened(&error))?;
    let mut tree = Tree::new(into, watch);
    if layers.head().is_empty() {
        return tree.finish();
    }
    if tar::is_start(layers.head()) {
        if layers.count() == 0 {
            tar::unpack(&mut Watched::new(layers.into_source(), watch), &mut tree)?;
        } else {
            tar::unpack(&mut Ahead::new(layers.into_source(), watch)?, &mut tree)?;
        }
        return tree.finish();
    }
    if layers.count() > 0 {
        return Err(unrecognized());
    }
    let file = File::open(archive).map_err(opened)?;
    let mut file = BufReader::with_capacity(CHUNK, watch.file(file));
    let entries = zip::entries(&mut file)?.ok_or_else(unrecognized)?;
    zip::unpack(&mut file, &entries, &mut tree)?;
    tree.finish()
}

#[cold]
fn unrecognized() -> Error {
    unopened(&io::Error::other("Unrecognized archive format"))
}

#[cold]
fn unopened(error: &io::Error) -> Error {
    Error::fetch(format!("Failed to open archive ({})", reason(error)))
}

#[cold]
fn refused_file(path: &Path, error: &io::Error) -> Error {
    ErrorKind::Io(format!("opening file '{}': {}", path.display(), reason(error))).into()
}

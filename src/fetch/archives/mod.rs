//! In: an archive as it was downloaded. Out: its files in a folder.
//!
//! An archive is told by its contents, never by its name: first what it is compressed with, possibly several times, then
//! whether it is a tar or a zip. Of an archive counts what a store keeps: contents, whether a file is executable, links,
//! folders. Both formats are read by hand (`tar`, `zip`), because which entry wins, what a name means and which archives
//! are refused decides about hashes; `tree` is the only one that touches the folder, and never leaves it.

mod path;
mod streams;
mod tar;
mod tree;
mod watch;
mod zip;

#[cfg(test)]
mod tests;

use crate::error::{Error, ErrorKind, Result};
use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use streams::{Layers, Source};
use tree::Tree;
use watch::{Ahead, Watch, Watched};

/// What an archive was unpacked to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unpacked {
    /// The folder that is the tree's root: the one that the archive was unpacked into, or what is in it if that is one
    /// folder and nothing else.
    pub root: PathBuf,
    /// Seconds since 1970: the newest modification time in the archive, or 0 if all are older.
    pub last_modified: u64,
}

/// Endings of addresses that are archives' without anybody saying so.
const ENDINGS: &[&str] = &[".zip", ".tar", ".tgz", ".tar.gz", ".tar.xz", ".tar.bz2", ".tar.zst"];

/// How much is read at once.
const CHUNK: usize = 256 << 10;

/// True if an address ends like an archive's. It is the address's path that is asked for, without query and fragment.
pub fn has_archive_name(path: &str) -> bool {
    ENDINGS.iter().any(|ending| path.ends_with(ending))
}

/// Unpacks the archive in the file `archive` into the existing, empty folder `into`. Now and then `stop` is asked whether
/// to go on. Nobody else may write into the folder meanwhile. After an error some of the files are there, and are the
/// caller's to remove.
///
/// # Errors
/// Archives that are none, damaged, cut off, or of a kind or with entries that can't be; those of the file system; and
/// [`ErrorKind::Interrupted`] once `stop` says true.
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

/// What an error of the system says, without its number.
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_owned()
}

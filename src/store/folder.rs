//! A store in a folder, with C++ Nix's layout for `--store FOLDER`: the entry `/nix/store/x` is `FOLDER/nix/store/x`.
//!
//! Like [`SystemIo`](crate::io::SystemIo) for files, it implements an interface for the real disk. Entries are
//! created in `FOLDER/nix/var/nivis/staging`, next to the store's own folder, and then renamed.

use super::backend::{NewEntry, Store};
use super::staging::{Staging, remove_abandoned};
use crate::error::{Error, ErrorKind, Result};
use crate::io::native::{self, bytes_of, os_path};
use crate::io::reason;
use std::cell::Cell;
use std::fs::{self, FileTimes};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// A store in a folder. The folder is created when the first entry is added.
#[derive(Debug)]
pub struct FolderStore {
    folder: PathBuf,
    /// The logical directory of the store, for example `/nix/store`.
    store_dir: String,
    /// True once the staging folder exists and leftovers of other processes are removed.
    is_ready: Cell<bool>,
}

impl FolderStore {
    /// The store in a folder. Its entries have the logical directory `store_dir`.
    pub fn at(folder: impl Into<PathBuf>, store_dir: &str) -> Self {
        Self { folder: folder.into(), store_dir: store_dir.to_owned(), is_ready: Cell::new(false) }
    }

    /// The real location of an entry, whether it exists or not.
    fn real(&self, path: &[u8]) -> PathBuf {
        self.folder.join(os_path(path.strip_prefix(b"/").unwrap_or(path)))
    }

    fn staging_folder(&self) -> Result<PathBuf> {
        let entries = self.real(self.store_dir.as_bytes());
        let folder = entries.parent().unwrap_or(&self.folder).join("var/nivis/staging");
        if !self.is_ready.get() {
            for needed in [&folder, &entries] {
                fs::create_dir_all(needed).map_err(|error| disk_error("creating directory", needed, &error))?;
            }
            remove_abandoned(&folder);
            self.is_ready.set(true);
        }
        Ok(folder)
    }
}

impl Store for FolderStore {
    fn locate(&self, entry: &[u8]) -> Option<Vec<u8>> {
        let real = self.real(entry);
        real.symlink_metadata().is_ok().then(|| bytes_of(real))
    }

    fn stage(&self) -> Result<Staging> {
        Staging::new(&self.staging_folder()?)
    }

    fn stage_apart(&self, folder: &Path) -> Result<Staging> {
        if self.folder.starts_with(folder) {
            let (folder, store) = (folder.display(), self.folder.display());
            let text = format!("cannot copy '{folder}' into the store, which is inside of it at '{store}'");
            return Err(ErrorKind::Unsupported(text).into());
        }
        self.stage()
    }

    fn publish(&self, staged: &Staging, entry: &NewEntry<'_>) -> Result<Vec<u8>> {
        let real = self.real(entry.path);
        if real.symlink_metadata().is_ok() {
            staged.clear();
        } else {
            canonicalise(staged.place())?;
            match fs::rename(staged.place(), &real) {
                Ok(()) => seal(&real)?,
                // Another process was faster.
                Err(_) if real.symlink_metadata().is_ok() => staged.clear(),
                Err(error) => return Err(disk_error("renaming to", &real, &error)),
            }
        }
        Ok(bytes_of(real))
    }
}

/// Removes write permission and times, except for the root folder itself, which could not be renamed.
fn canonicalise(place: &Path) -> Result<()> {
    let mut pending = vec![place.to_path_buf()];
    while let Some(path) = pending.pop() {
        let metadata = path.symlink_metadata().map_err(|error| disk_error("getting status of", &path, &error))?;
        if metadata.is_dir() {
            let entries = fs::read_dir(&path).map_err(|error| disk_error("reading directory", &path, &error))?;
            pending.extend(entries.flatten().map(|entry| entry.path()));
        }
        if !(metadata.is_dir() && path == place) {
            seal(&path)?;
        }
    }
    Ok(())
}

/// Removes write permission and times from a file or folder. Links are unchanged.
fn seal(path: &Path) -> Result<()> {
    let metadata = path.symlink_metadata().map_err(|error| disk_error("getting status of", path, &error))?;
    if metadata.is_symlink() {
        return Ok(());
    }
    let is_executable = metadata.is_dir() || native::is_executable(&metadata);
    let set = || -> io::Result<()> {
        let file = fs::File::open(path)?;
        let second = SystemTime::UNIX_EPOCH + Duration::from_secs(1);
        file.set_times(FileTimes::new().set_modified(second).set_accessed(second))?;
        native::set_file_mode(&file, if is_executable { 0o555 } else { 0o444 })
    };
    set().map_err(|error| disk_error("changing the mode of", path, &error))
}

/// The error for a failed disk operation.
#[cold]
pub(crate) fn disk_error(doing: &str, path: &Path, error: &io::Error) -> Error {
    ErrorKind::Io(format!("{doing} '{}': {}", path.display(), reason(error))).into()
}

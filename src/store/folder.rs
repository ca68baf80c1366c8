//! A store in a folder, laid out as C++ Nix does for `--store FOLDER`: the entry `/nix/store/x` is `FOLDER/nix/store/x`.
//!
//! As [`SystemIo`](crate::io::SystemIo) does for files, it does here what the rest of the library leaves to a door.
//! Entries are made in `FOLDER/nix/var/nivis/staging`, beside the store's own folder, and then renamed.

use super::backend::Store;
use super::staging::{Staging, remove_abandoned};
use crate::error::{Error, ErrorKind, Result};
use std::cell::Cell;
use std::ffi::OsStr;
use std::fs::{self, FileTimes, Permissions};
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// A store in a folder, which need not be there before something is added.
#[derive(Debug)]
pub struct FolderStore {
    folder: PathBuf,
    /// The logical directory of the store, as `/nix/store`.
    store_dir: String,
    /// Everything for staging is there, and what others left is gone.
    is_ready: Cell<bool>,
}

impl FolderStore {
    /// The store in a folder, whose entries are called as those of `store_dir`.
    pub fn at(folder: impl Into<PathBuf>, store_dir: &str) -> Self {
        Self { folder: folder.into(), store_dir: store_dir.to_owned(), is_ready: Cell::new(false) }
    }

    /// Where an entry lies, or would.
    fn real(&self, path: &[u8]) -> PathBuf {
        self.folder.join(OsStr::from_bytes(path.strip_prefix(b"/").unwrap_or(path)))
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
        real.symlink_metadata().is_ok().then(|| real.into_os_string().into_vec())
    }

    fn stage(&self) -> Result<Staging> {
        Staging::new(&self.staging_folder()?)
    }

    fn publish(&self, staged: &Staging, entry: &[u8]) -> Result<Vec<u8>> {
        let real = self.real(entry);
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
        Ok(real.into_os_string().into_vec())
    }
}

/// Takes writing from all and times away, except from the folder at the top: it could not be renamed.
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

/// Takes writing and times away from one file or folder. Links stay as they are.
fn seal(path: &Path) -> Result<()> {
    let metadata = path.symlink_metadata().map_err(|error| disk_error("getting status of", path, &error))?;
    if metadata.is_symlink() {
        return Ok(());
    }
    let is_executable = metadata.is_dir() || metadata.permissions().mode() & 0o100 != 0;
    let set = || -> io::Result<()> {
        let file = fs::File::open(path)?;
        let second = SystemTime::UNIX_EPOCH + Duration::from_secs(1);
        file.set_times(FileTimes::new().set_modified(second).set_accessed(second))?;
        file.set_permissions(Permissions::from_mode(if is_executable { 0o555 } else { 0o444 }))
    };
    set().map_err(|error| disk_error("changing the mode of", path, &error))
}

/// The error of something that the disk refuses.
#[cold]
pub(crate) fn disk_error(doing: &str, path: &Path, error: &io::Error) -> Error {
    let reason = error.to_string();
    let reason = reason.split(" (os error").next().unwrap_or_default();
    ErrorKind::Io(format!("{doing} '{}': {reason}", path.display())).into()
}

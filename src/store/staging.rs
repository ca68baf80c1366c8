//! A temporary place for a store entry in the making.

use crate::error::Result;
use crate::io::native;
use crate::store::folder::disk_error;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// An unused name in its own folder, on the same disk as the store. Files created there are removed on drop, unless
/// they became an entry. If the process is killed, the next process removes them.
#[derive(Debug)]
pub struct Staging {
    folder: PathBuf,
    place: PathBuf,
    lock_file: PathBuf,
    /// Held while this exists: unlocked files are leftovers of killed processes.
    _lock: File,
}

impl Staging {
    /// A staging folder for a store that can't hold unfinished entries, inside a folder that is made if need be.
    pub(super) fn beside(parent: &Path) -> Result<Self> {
        fs::create_dir_all(parent).map_err(|error| disk_error("creating directory", parent, &error))?;
        remove_abandoned(parent);
        Self::new(parent)
    }

    /// Like [`Staging::beside`], but not inside the folder that is to be copied.
    pub(super) fn apart(parent: &Path, copied: &Path) -> Result<Self> {
        if parent.starts_with(copied) { Self::new(&std::env::temp_dir()) } else { Self::beside(parent) }
    }

    /// A staging folder inside an existing folder.
    pub(super) fn new(parent: &Path) -> Result<Self> {
        for number in 0_u32.. {
            let name = format!("{}-{number}", std::process::id());
            let lock_file = parent.join(format!("{name}.lock"));
            let lock = match File::create_new(&lock_file) {
                Ok(lock) => lock,
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => continue,
                Err(error) => return Err(disk_error("creating file", &lock_file, &error)),
            };
            lock.lock().map_err(|error| disk_error("locking", &lock_file, &error))?;
            if !is_at(&lock, &lock_file) {
                // Another process has cleaned up in between.
                continue;
            }
            let folder = parent.join(name);
            match fs::create_dir(&folder) {
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => continue,
                made => made.map_err(|error| disk_error("creating directory", &folder, &error))?,
            }
            return Ok(Self { place: folder.join("entry"), folder, lock_file, _lock: lock });
        }
        unreachable_name(parent)
    }

    /// The path at which to create the file, folder or link. Nothing is there yet.
    pub fn place(&self) -> &Path {
        &self.place
    }

    /// Creates a file with these contents.
    ///
    /// # Errors
    ///
    /// Fails on write errors.
    pub fn write(&self, contents: &[u8]) -> Result<()> {
        fs::write(&self.place, contents).map_err(|error| disk_error("writing", &self.place, &error))
    }

    /// Removes the executable bits of the created file.
    ///
    /// # Errors
    ///
    /// Fails on file system errors.
    pub fn make_plain(&self) -> Result<()> {
        native::set_mode(&self.place, 0o644).map_err(|error| disk_error("changing the mode of", &self.place, &error))
    }

    /// Replaces the staged item by the file or folder at this path inside it.
    ///
    /// # Errors
    ///
    /// Fails if it cannot be moved.
    pub fn narrow(&mut self, inside: &Path) -> Result<()> {
        if inside == self.place {
            return Ok(());
        }
        let narrowed = self.folder.join("inner");
        fs::rename(inside, &narrowed).map_err(|error| disk_error("renaming", inside, &error))?;
        self.place = narrowed;
        Ok(())
    }
}

impl Staging {
    /// Removes the staged item.
    pub(super) fn clear(&self) {
        if fs::remove_file(&self.place).is_err() {
            remove_all(&self.place);
        }
    }
}

/// True if an open file is the file at a path.
fn is_at(file: &File, path: &Path) -> bool {
    let own = file.metadata().map(|metadata| native::identity(&metadata));
    let there = path.metadata().map(|metadata| native::identity(&metadata));
    matches!((own, there), (Ok(own), Ok(there)) if own == there)
}

fn unreachable_name(parent: &Path) -> Result<Staging> {
    let error = std::io::Error::from(std::io::ErrorKind::AlreadyExists);
    Err(disk_error("creating a file in", parent, &error))
}

impl Drop for Staging {
    fn drop(&mut self) {
        remove_all(&self.folder);
        let _ = fs::remove_file(&self.lock_file);
    }
}

/// Removes the leftovers of killed processes in a staging folder.
pub(super) fn remove_abandoned(parent: &Path) {
    let Ok(entries) = fs::read_dir(parent) else { return };
    for entry in entries.flatten() {
        let lock_file = entry.path();
        if lock_file.extension().is_none_or(|extension| extension != "lock") {
            continue;
        }
        let is_abandoned = File::open(&lock_file).is_ok_and(|file| file.try_lock().is_ok());
        if is_abandoned {
            remove_all(&lock_file.with_extension(""));
            let _ = fs::remove_file(&lock_file);
        }
    }
}

/// Removes a folder with its contents, including folders without write permission.
fn remove_all(folder: &Path) {
    if fs::remove_dir_all(folder).is_ok() || !folder.exists() {
        return;
    }
    make_writable(folder);
    let _ = fs::remove_dir_all(folder);
}

fn make_writable(folder: &Path) {
    let mut pending = vec![folder.to_path_buf()];
    while let Some(folder) = pending.pop() {
        let _ = native::set_mode(&folder, 0o755);
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        pending.extend(entries.flatten().filter(|it| it.file_type().is_ok_and(|it| it.is_dir())).map(|it| it.path()));
    }
}

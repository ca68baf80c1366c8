//! Writes the files of archives. The only folders it trusts are those it created itself. No path is followed through
//! a link: a parent is a folder that this created, or that the system reports as a folder.

use super::path::{InnerPath, is_git_folder, prefixes};
use super::watch::Watch;
use super::{Unpacked, reason};
use crate::codec::lossy;
use crate::error::{Error, ErrorKind, Result};
use crate::source::Place;
use std::collections::{BTreeMap, HashSet};
use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// The files of an archive being unpacked.
pub(super) struct Tree<'t> {
    into: &'t Path,
    watch: &'t Watch<'t>,
    /// The folders known to exist. An archive's author cannot predict the hash function.
    folders: HashSet<Vec<u8>>,
    /// Created when all files exist: C++ Nix uses this order, which decides whether links to links exist.
    hard_links: BTreeMap<Vec<u8>, (InnerPath, InnerPath)>,
    last_modified: i64,
}

impl<'t> Tree<'t> {
    pub(super) fn new(into: &'t Path, watch: &'t Watch<'t>) -> Self {
        Self { into, watch, folders: HashSet::new(), hard_links: BTreeMap::new(), last_modified: 0 }
    }

    /// Fails if the unpacking should stop. Called wherever much is done without reading the archive.
    pub(super) fn check_stop(&self) -> Result<()> {
        self.watch.check().map_err(|_| ErrorKind::Interrupted.into())
    }

    /// Records the modification time of an entry.
    pub(super) fn modified(&mut self, seconds: i64) {
        self.last_modified = self.last_modified.max(seconds);
    }

    /// Creates a folder, which may exist already.
    pub(super) fn folder(&mut self, name: &[u8]) -> Result<()> {
        let path = InnerPath::new(name);
        if self.folders.contains(path.bytes()) || path.is_root() {
            return Ok(());
        }
        self.enter_parent(&path)?;
        if !self.make_folder(path.bytes())? {
            // A file or link: the folder replaces it.
            self.clear(&path)?;
            if !self.make_folder(path.bytes())? {
                return Err(not_a_folder(&path));
            }
        }
        Ok(())
    }

    /// Creates an empty file to write to; it replaces an existing one.
    pub(super) fn file(&mut self, name: &[u8], is_executable: bool) -> Result<File> {
        let path = self.place(name)?;
        let mode = if is_executable { 0o755 } else { 0o644 };
        self.replace(&path, "creating file", |place| {
            OpenOptions::new().write(true).create_new(true).mode(mode).open(place)
        })
    }

    /// Creates a symbolic link; it replaces an existing file.
    pub(super) fn symlink(&mut self, name: &[u8], target: &[u8]) -> Result<()> {
        let path = self.place(name)?;
        if target.is_empty() {
            return Err(Error::fetch(format!(
                "link '{}' in tarball leads nowhere: its target is empty",
                lossy(path.bytes())
            )));
        }
        let target = OsStr::from_bytes(target);
        self.replace(&path, "creating symlink", |place| std::os::unix::fs::symlink(target, place))
    }

    /// Records a hard link, created once all files exist.
    pub(super) fn hard_link(&mut self, name: &[u8], target: &[u8]) {
        let path = InnerPath::new(name);
        self.hard_links.insert(path.order(), (path, InnerPath::new(target)));
    }

    /// Creates the hard links, and returns the root of the tree.
    pub(super) fn finish(mut self) -> Result<Unpacked> {
        for (path, target) in std::mem::take(&mut self.hard_links).into_values() {
            self.check_stop()?;
            let message = || {
                format!("while creating a hard link from '/{}' to '/{}'", lossy(path.bytes()), lossy(target.bytes()))
            };
            self.link(&path, &target).map_err(|error| error.traced_always(Place::NOWHERE, message()))?;
        }
        let last_modified = u64::try_from(self.last_modified).unwrap_or_default();
        let root = only_folder(self.into).map_err(|error| failed("reading directory", self.into, &error))?;
        Ok(Unpacked { root: root.unwrap_or_else(|| self.into.to_owned()), last_modified })
    }

    fn link(&mut self, path: &InnerPath, target: &InnerPath) -> Result<()> {
        if target.is_root() {
            return Ok(());
        }
        let kind = self.find(target)?;
        if kind.is_dir() {
            return Err(Error::fetch("cannot create a hard link to a directory"));
        }
        if path == target {
            return Ok(());
        }
        let path = self.place(path.bytes())?;
        let original = self.outer(target.bytes());
        self.replace(&path, "creating hard link", |place| {
            fs::hard_link(&original, place).or_else(|error| match error.kind() {
                io::ErrorKind::AlreadyExists | io::ErrorKind::NotFound => Err(error),
                // Too many links, or a file system without hard links.
                _ if kind.is_symlink() => std::os::unix::fs::symlink(fs::read_link(&original)?, place),
                _ => fs::copy(&original, place).map(|_| ()),
            })
        })
    }

    /// The type of the file at a path that leads through no links.
    fn find(&self, path: &InnerPath) -> Result<fs::FileType> {
        let missing = || Error::fetch(format!("path '/{}' does not exist", lossy(path.bytes())));
        let (parent, _) = path.split();
        if !self.folders.contains(parent) {
            for prefix in prefixes(parent) {
                if !self.kind(prefix)?.ok_or_else(missing)?.is_dir() {
                    return Err(Error::fetch(format!("path '/{}' has a non-directory parent", lossy(path.bytes()))));
                }
            }
        }
        self.kind(path.bytes())?.ok_or_else(missing)
    }

    fn kind(&self, path: &[u8]) -> Result<Option<fs::FileType>> {
        let path = self.outer(path);
        match fs::symlink_metadata(&path) {
            Ok(status) => Ok(Some(status.file_type())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed("getting status of", &path, &error)),
        }
    }

    /// The path of an entry that is not a folder, with its parent created.
    fn place(&mut self, name: &[u8]) -> Result<InnerPath> {
        let path = InnerPath::new(name);
        if path.is_root() {
            return Err(Error::fetch("cannot create a file at the root of the git repository"));
        }
        self.enter_parent(&path)?;
        self.check_name(path.bytes())?;
        Ok(path)
    }

    /// Creates the parent folders of an entry that the archive does not list.
    fn enter_parent(&mut self, path: &InnerPath) -> Result<()> {
        let (parent, _) = path.split();
        if parent.is_empty() || self.folders.contains(parent) {
            return Ok(());
        }
        for prefix in prefixes(parent) {
            if !self.folders.contains(prefix) && !self.make_folder(prefix)? {
                return Err(not_a_folder(path));
            }
        }
        Ok(())
    }

    /// Creates a folder whose parent exists. Returns false if something other than a folder is there.
    fn make_folder(&mut self, path: &[u8]) -> Result<bool> {
        self.check_name(path)?;
        let place = self.outer(path);
        match fs::create_dir(&place) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                if !self.kind(path)?.is_some_and(|kind| kind.is_dir()) {
                    return Ok(false);
                }
            }
            Err(error) => return Err(failed("creating directory", &place, &error)),
        }
        self.folders.insert(path.to_owned());
        Ok(true)
    }

    /// Creates a file that must be new; an existing one is removed first.
    fn replace<T>(&mut self, path: &InnerPath, doing: &str, make: impl Fn(&Path) -> io::Result<T>) -> Result<T> {
        let place = self.outer(path.bytes());
        let mut made = make(&place);
        if made.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::AlreadyExists) {
            self.clear(path)?;
            made = make(&place);
        }
        made.map_err(|error| failed(doing, &place, &error))
    }

    /// Removes a file, a link or an empty folder.
    fn clear(&mut self, path: &InnerPath) -> Result<()> {
        let place = self.outer(path.bytes());
        let is_folder = self.kind(path.bytes())?.is_some_and(|kind| kind.is_dir());
        if !is_folder {
            return fs::remove_file(&place).map_err(|error| failed("removing file", &place, &error));
        }
        // Forgets all folders, since a file system may know this one by other names too.
        self.folders.clear();
        fs::remove_dir(&place).map_err(|error| match error.kind() {
            io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::AlreadyExists => {
                Error::fetch(format!("cannot create '{}', conflicting non-empty directory", lossy(path.bytes())))
            }
            _ => failed("removing directory", &place, &error),
        })
    }

    fn check_name(&self, path: &[u8]) -> Result<()> {
        let name = path.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
        if is_git_folder(name) {
            let (path, name) = (lossy(path), lossy(name));
            return Err(Error::fetch(format!(
                "file '{path}' in tarball has an invalid name for a tree entry - {name}"
            )));
        }
        Ok(())
    }

    fn outer(&self, path: &[u8]) -> PathBuf {
        self.into.join(OsStr::from_bytes(path))
    }
}

/// The only entry of a folder, if that is itself a folder.
fn only_folder(folder: &Path) -> io::Result<Option<PathBuf>> {
    let mut entries = fs::read_dir(folder)?;
    let (Some(first), None) = (entries.next(), entries.next()) else { return Ok(None) };
    let first = first?;
    Ok(first.file_type()?.is_dir().then(|| first.path()))
}

#[cold]
fn not_a_folder(path: &InnerPath) -> Error {
    Error::fetch(format!("parent of '{}' is not a directory", lossy(path.bytes())))
}

#[cold]
fn failed(doing: &str, path: &Path, error: &io::Error) -> Error {
    ErrorKind::Io(format!("{doing} '{}': {}", path.display(), reason(error))).into()
}

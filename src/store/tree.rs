//! Files and directories: the hash of an archive, or of a file's contents, and copies.

use super::archive::{ArchiveHasher, ArchiveSink, ArchiveWriter};
use super::content::Method;
use super::folder::disk_error;
use crate::codec::hash::{Hash, HashAlgorithm, Hasher};
use crate::error::{Cause, Error, ErrorKind, Refusal, Result};
use crate::io::native::{self, os_path};
use crate::io::{FileType, Io, Status, reason};
use crate::source::shown_path;
use std::cell::RefCell;
use std::fs;
use std::io::Write;
use std::path::Path;

/// A filter for the entries of directories. It gets the path and type of an entry.
pub type Filter<'f> = &'f mut dyn FnMut(&[u8], FileType) -> Result<bool>;

/// The hash of the archive of a file or tree. Links are not followed.
///
/// # Errors
///
/// Fails on file system errors, if the filter fails, or if a file is neither regular nor a link nor a directory.
pub fn hash_archive(io: &dyn Io, path: &[u8], filter: Filter<'_>) -> Result<Hash> {
    walk(io, path, filter, None)
}

/// The hash of a file or tree by any method but Git's, with any algorithm.
///
/// # Errors
///
/// Fails on file system errors, or if a file is not a regular one where the method needs that.
pub fn hash_of(io: &dyn Io, path: &[u8], method: Method, algorithm: HashAlgorithm) -> Result<Hash> {
    let mut hasher = Hasher::new(algorithm);
    match method {
        Method::Archive => write_archive(io, path, &mut |bytes| {
            hasher.update(bytes);
            Ok(())
        })?,
        Method::Flat | Method::Text => hash_contents(io, path, &mut hasher)?,
        Method::Git => return Err(ErrorKind::Unsupported("hashes of Git's are not made here".to_owned()).into()),
    }
    Ok(hasher.finish())
}

/// Copies a file or tree to a path where nothing exists yet, and returns the hash of the archive of the copy:
/// contents, links, and executable bits.
///
/// # Errors
///
/// Fails like [`hash_archive`], or on write errors.
pub fn copy_archive(io: &dyn Io, path: &[u8], target: &Path, filter: Filter<'_>) -> Result<Hash> {
    walk(io, path, filter, Some(Copy { source: path.len(), target }))
}

/// Writes the archive of a file or tree, piece by piece. Links are not followed.
///
/// # Errors
///
/// Fails like [`hash_archive`], or if `write` fails.
pub fn write_archive(io: &dyn Io, path: &[u8], write: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
    let status = status(io, path)?;
    let failure = RefCell::new(None);
    let sink = Forward { write, failure: &failure };
    // A failure of the sink ends the walk at the next entry.
    let mut filter = |_: &[u8], _| failure.take().map_or(Ok(true), Err);
    let mut walk = Walk { io, filter: &mut filter, archive: ArchiveWriter::into(sink), copy: None };
    walk.node(path, status.kind)?;
    walk.archive.end_archive();
    failure.take().map_or(Ok(()), Err)
}

/// Passes the bytes of an archive on until that fails.
struct Forward<'f> {
    write: &'f mut dyn FnMut(&[u8]) -> Result<()>,
    failure: &'f RefCell<Option<Error>>,
}

impl ArchiveSink for Forward<'_> {
    fn write(&mut self, bytes: &[u8]) {
        if self.failure.borrow().is_none()
            && let Err(error) = (self.write)(bytes)
        {
            self.failure.replace(Some(error));
        }
    }
}

fn walk(io: &dyn Io, path: &[u8], filter: Filter<'_>, copy: Option<Copy<'_>>) -> Result<Hash> {
    let status = status(io, path)?;
    let mut walk = Walk { io, filter, archive: ArchiveHasher::new(), copy };
    walk.node(path, status.kind)?;
    Ok(walk.archive.finish())
}

/// The target of a copy.
struct Copy<'c> {
    /// The length of the copied root's path.
    source: usize,
    target: &'c Path,
}

impl Copy<'_> {
    /// Creates the copy of the file at a path with `make`.
    fn make(&self, path: &[u8], make: impl FnOnce(&Path) -> std::io::Result<()>) -> Result<()> {
        let below = path.get(self.source..).unwrap_or_default();
        let below = below.strip_prefix(b"/").unwrap_or(below);
        let target = if below.is_empty() { self.target.to_path_buf() } else { self.target.join(os_path(below)) };
        make(&target).map_err(|error| disk_error("writing", &target, &error))
    }
}

/// Creates a new file.
fn new_file(target: &Path, is_executable: bool) -> std::io::Result<fs::File> {
    let mode = if is_executable { 0o755 } else { 0o644 };
    native::new_file(target, mode)
}

/// The hash of a file's contents.
///
/// # Errors
///
/// Fails on file system errors, or if the path is not a regular file.
pub fn hash_file(io: &dyn Io, path: &[u8]) -> Result<Hash> {
    let mut hasher = Hasher::new(HashAlgorithm::Sha256);
    hash_contents(io, path, &mut hasher)?;
    Ok(hasher.finish())
}

fn hash_contents(io: &dyn Io, path: &[u8], hasher: &mut Hasher) -> Result<()> {
    match status(io, path)?.kind {
        FileType::Regular => {
            let read = io.read_in_pieces(path, &mut |_, piece| {
                hasher.update(piece);
                Ok(())
            });
            read.map_err(|error| io_error("opening", path, &error))
        }
        _ => Err(ErrorKind::Io(format!("file '{}' is not a regular file", String::from_utf8_lossy(path))).into()),
    }
}

struct Walk<'w, S> {
    io: &'w dyn Io,
    filter: Filter<'w>,
    archive: ArchiveWriter<S>,
    copy: Option<Copy<'w>>,
}

impl<S: ArchiveSink> Walk<'_, S> {
    fn node(&mut self, path: &[u8], kind: FileType) -> Result<()> {
        match kind {
            FileType::Regular => {
                let is_executable = status(self.io, path)?.is_executable;
                self.file(path, is_executable)?;
            }
            FileType::Symlink => {
                let target = self.io.read_link(path);
                let target = target.map_err(|error| io_error("reading symbolic link", path, &error))?;
                self.archive.link(&target);
                self.copied(path, |link| native::link(&target, link))?;
            }
            FileType::Directory => return self.directory(path),
            FileType::Unknown => return Err(unsupported(path)),
        }
        Ok(())
    }

    fn file(&mut self, path: &[u8], is_executable: bool) -> Result<()> {
        let mut copy = None;
        self.copied(path, |target| {
            copy = Some(new_file(target, is_executable)?);
            Ok(())
        })?;
        let (mut begun, archive) = (None, &mut self.archive);
        let read = self.io.read_in_pieces(path, &mut |length, piece| {
            if begun.replace(length).is_none() {
                archive.begin_file(length, is_executable);
            }
            archive.piece(piece);
            copy.as_mut().map_or(Ok(()), |copy| copy.write_all(piece))
        });
        read.map_err(|error| io_error("opening", path, &error))?;
        archive.end_file(begun.unwrap_or_default());
        Ok(())
    }

    fn copied(&self, path: &[u8], make: impl FnOnce(&Path) -> std::io::Result<()>) -> Result<()> {
        self.copy.as_ref().map_or(Ok(()), |copy| copy.make(path, make))
    }

    fn directory(&mut self, path: &[u8]) -> Result<()> {
        let entries = self.io.read_dir(path);
        let mut entries = entries.map_err(|error| io_error("opening directory", path, &error))?;
        entries.sort_unstable_by(|left, right| left.0.cmp(&right.0));
        self.archive.begin_directory();
        self.copied(path, |target| fs::create_dir(target))?;
        for (name, kind) in entries {
            let child = [path.strip_suffix(b"/").unwrap_or(path), b"/", &name].concat();
            if (self.filter)(&child, kind)? {
                self.archive.begin_entry(&name);
                self.node(&child, kind)?;
                self.archive.end();
            }
        }
        self.archive.end();
        Ok(())
    }
}

fn status(io: &dyn Io, path: &[u8]) -> Result<Status> {
    let found = io.status(path).map_err(|error| io_error("getting status of", path, &error))?;
    found.ok_or_else(|| missing(path))
}

#[cold]
fn unsupported(path: &[u8]) -> Error {
    ErrorKind::Io(format!("file '{}' has an unsupported type", String::from_utf8_lossy(path))).into()
}

#[cold]
fn missing(path: &[u8]) -> Error {
    let text = format!("path '{}' does not exist", String::from_utf8_lossy(&shown_path(path)));
    Error::from(ErrorKind::Io(text)).because(Cause::MissingFile(path.into()))
}

#[cold]
fn io_error(doing: &str, path: &[u8], error: &std::io::Error) -> Error {
    if let Some(refusal) = Refusal::found_in(error) {
        return refusal;
    }
    ErrorKind::Io(format!("{doing} '{}': {}", String::from_utf8_lossy(path), reason(error))).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::base::encode_base64;
    use crate::io::MemoryIo;

    #[test]
    fn trees() {
        let io = MemoryIo::default().with_file("/d/a", "1").with_file("/d/b/c", "2");
        let hash = |keep: &dyn Fn(&[u8]) -> bool| {
            let hash = hash_archive(&io, b"/d", &mut |path, _| Ok(keep(path))).expect("a readable tree");
            encode_base64(&hash.bytes)
        };
        assert_eq!(hash(&|_| true), "l8su7DiUHZLWrvwUSvDsi7n91HSmAbbcj+1WUlNSt1I=");
        assert_eq!(hash(&|path| path != b"/d/b"), "pZAX/+IqMtBbfP2rR9FXbyV6VBz6ySj6pywSQVa3TzA=");
        assert!(hash_file(&io, b"/d").is_err());
    }
}

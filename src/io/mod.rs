//! The only doors out of the library: [`Io`] for files, the environment and the clock, [`Console`] for the messages that a
//! program prints.
//!
//! The evaluator caches what it reads by itself; an [`Io`] need not.

mod console;
mod memory;
pub(crate) mod native;
mod stamp;
mod system;

pub use console::{Console, Message, Progress, Silent};
pub use memory::MemoryIo;
pub use stamp::Stamp;
pub use system::SystemIo;

use std::io;

/// The type of a directory entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileType {
    /// A regular file.
    Regular,
    /// A directory.
    Directory,
    /// A symbolic link.
    Symlink,
    /// A device, socket or pipe.
    Unknown,
}

impl FileType {
    /// The name in `readDir`'s result.
    pub fn name(self) -> &'static str {
        match self {
            Self::Regular => "regular",
            Self::Directory => "directory",
            Self::Symlink => "symlink",
            Self::Unknown => "unknown",
        }
    }
}

/// The system's text of an error, without its number.
pub fn reason(error: &io::Error) -> String {
    let mut text = error.to_string();
    text.truncate(text.find(" (os error").unwrap_or(text.len()));
    text
}

/// The system's metadata of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// The type of the file.
    pub kind: FileType,
    /// True for a regular file that its owner may execute.
    pub is_executable: bool,
    /// A stamp that distinguishes the states of a regular file; `None` if there is none.
    pub stamp: Option<Stamp>,
}

impl From<FileType> for Status {
    /// A status with only the type.
    fn from(kind: FileType) -> Self {
        Self { kind, is_executable: false, stamp: None }
    }
}

/// A receiver of a file in pieces: it gets the length of the file, and a piece.
pub type TakePiece<'t> = &'t mut dyn FnMut(u64, &[u8]) -> io::Result<()>;

/// True for the names in a folder that belong to a tree.
pub type IsTracked<'t> = &'t mut dyn FnMut(&[u8]) -> bool;

/// A reader of files on other threads: the contents of a regular file of usual size, links followed. For other files, and
/// if the file cannot be read, `None`; it never waits for a pipe.
pub type ReadAhead = fn(&[u8]) -> Option<Vec<u8>>;

/// Everything outside the program. Paths are absolute, and are bytes, as in Nix. Methods must not panic: values that are
/// being computed meanwhile would seem to need themselves from then on.
pub trait Io {
    /// The contents of a file, links followed.
    ///
    /// # Errors
    ///
    /// Fails on file system errors.
    fn read_file(&self, path: &[u8]) -> io::Result<Vec<u8>>;

    /// Reads a file in pieces, links followed, for files that need not fit into memory. `take` gets the length of the
    /// file, and the next piece; once for an empty file.
    ///
    /// # Errors
    ///
    /// Fails on file system errors, if `take` fails, or if the file became shorter meanwhile.
    fn read_in_pieces(&self, path: &[u8], take: TakePiece<'_>) -> io::Result<()> {
        let contents = self.read_file(path)?;
        take(contents.len() as u64, &contents)
    }

    /// A reader of the same files, for threads that prepare what may be needed. It is not an observation: the evaluation
    /// still reads every file that it needs. `None` if files may not be read ahead.
    fn read_ahead(&self) -> Option<ReadAhead> {
        None
    }

    /// The names and types of a directory's entries, in any order.
    ///
    /// # Errors
    ///
    /// Fails on file system errors.
    fn read_dir(&self, path: &[u8]) -> io::Result<Vec<(Vec<u8>, FileType)>>;

    /// The same for a folder of a tree whose files are [observed](Self::observe) all: others don't count.
    ///
    /// # Errors
    ///
    /// Fails on file system errors.
    fn read_tracked_dir(&self, path: &[u8], is_tracked: IsTracked<'_>) -> io::Result<Vec<(Vec<u8>, FileType)>> {
        let mut entries = self.read_dir(path)?;
        entries.retain(|(name, _)| is_tracked(name));
        Ok(entries)
    }

    /// The status of a path, without following its last link. `None` if nothing exists there.
    ///
    /// # Errors
    ///
    /// Fails on file system errors other than "not found" and "not a directory".
    fn status(&self, path: &[u8]) -> io::Result<Option<Status>>;

    /// The stamp of the file or folder that a path leads to, links followed. `None` if there is none, as for a pipe.
    ///
    /// # Errors
    ///
    /// Fails on file system errors, and if nothing exists there.
    fn stamp(&self, path: &[u8]) -> io::Result<Option<Stamp>> {
        self.status(path)?.map(|status| status.stamp).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// The target of a symbolic link.
    ///
    /// # Errors
    ///
    /// Fails on file system errors.
    fn read_link(&self, path: &[u8]) -> io::Result<Vec<u8>>;

    /// The time of the last change at a path, without following its last link, in seconds since 1970; `None` if it is
    /// not known.
    ///
    /// # Errors
    ///
    /// Fails on file system errors.
    fn modified(&self, path: &[u8]) -> io::Result<Option<i64>> {
        let stamp = self.status(path)?.and_then(|status| status.stamp);
        Ok(stamp.map(|stamp| stamp.modified.div_euclid(1_000_000_000)))
    }

    /// An environment variable.
    fn variable(&self, name: &[u8]) -> Option<Vec<u8>>;

    /// The time, in seconds since 1970.
    fn now(&self) -> i64;

    /// The time, in nanoseconds since 1970.
    fn nanoseconds(&self) -> i64 {
        self.now().saturating_mul(1_000_000_000)
    }

    /// True before this time, in seconds since 1970. Less is learned from it than from [`Io::now`].
    fn is_before(&self, time: i64) -> bool {
        self.now() < time
    }

    /// The directory that relative paths start from.
    fn current_dir(&self) -> Vec<u8>;

    /// The evaluation relies on the contents of a file that had this stamp, without reading it.
    fn rely_on(&self, _path: &[u8], _stamp: Stamp) {}

    /// A result depends on what is at this path, without following its last link, although somebody else reads it: a
    /// program, or a cache.
    fn observe(&self, _path: &[u8]) {}

    /// A result depends on something that no method here asks for, such as the answer of a server, or has an effect.
    fn ask_elsewhere(&self) {}
}

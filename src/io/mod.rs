//! The only doors out of the library: [`Io`] for files, the environment and the clock, [`Console`] for the messages that a
//! program prints.
//!
//! The evaluator caches what it reads by itself; an [`Io`] need not.

mod console;
mod memory;
mod stamp;
mod system;

pub(crate) use console::CountedConsole;
pub use console::{Console, Message, Progress, Silent};
pub use memory::MemoryIo;
pub use stamp::Stamp;
pub use system::SystemIo;

use std::io;

/// What a directory entry is.
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
    /// The name `readDir` gives it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Regular => "regular",
            Self::Directory => "directory",
            Self::Symlink => "symlink",
            Self::Unknown => "unknown",
        }
    }
}

/// What the system says of what is at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// What is there.
    pub kind: FileType,
    /// True for a regular file that its owner may execute.
    pub is_executable: bool,
    /// What tells the state that a regular file is in from its other states; `None` if nothing does.
    pub stamp: Option<Stamp>,
}

impl From<FileType> for Status {
    /// Nothing more is known.
    fn from(kind: FileType) -> Self {
        Self { kind, is_executable: false, stamp: None }
    }
}

/// Who takes a file in pieces: how long it is, and a piece.
pub type TakePiece<'t> = &'t mut dyn FnMut(u64, &[u8]) -> io::Result<()>;

/// Everything outside the program. Paths are absolute and are bytes, as Nix has them.
pub trait Io {
    /// The contents of a file, links followed.
    ///
    /// # Errors
    /// Those of the file system.
    fn read_file(&self, path: &[u8]) -> io::Result<Vec<u8>>;

    /// The contents of a file in pieces, links followed, for files that need not fit into memory. `take` gets how long the file
    /// is, and the next piece; once for an empty file.
    ///
    /// # Errors
    /// Those of the file system, and of `take`; that the file became shorter meanwhile.
    fn read_in_pieces(&self, path: &[u8], take: TakePiece<'_>) -> io::Result<()> {
        let contents = self.read_file(path)?;
        take(contents.len() as u64, &contents)
    }

    /// Names and types of a directory's entries, in any order.
    ///
    /// # Errors
    /// Those of the file system.
    fn read_dir(&self, path: &[u8]) -> io::Result<Vec<(Vec<u8>, FileType)>>;

    /// What is at a path, its last link not followed. `None` if nothing is there.
    ///
    /// # Errors
    /// Those of the file system, "not found" and "not a directory" excepted.
    fn status(&self, path: &[u8]) -> io::Result<Option<Status>>;

    /// Where a symbolic link points.
    ///
    /// # Errors
    /// Those of the file system.
    fn read_link(&self, path: &[u8]) -> io::Result<Vec<u8>>;

    /// When what is at a path was last changed, its last link not followed, in seconds since 1970; `None` if nobody knows.
    ///
    /// # Errors
    /// Those of the file system.
    fn modified(&self, path: &[u8]) -> io::Result<Option<i64>> {
        let stamp = self.status(path)?.and_then(|status| status.stamp);
        Ok(stamp.map(|stamp| stamp.modified.div_euclid(1_000_000_000)))
    }

    /// An environment variable.
    fn variable(&self, name: &[u8]) -> Option<Vec<u8>>;

    /// Seconds since 1970.
    fn now(&self) -> i64;

    /// The same, in parts of a billion.
    fn nanoseconds(&self) -> i64 {
        self.now().saturating_mul(1_000_000_000)
    }

    /// The directory that relative paths start from.
    fn current_dir(&self) -> Vec<u8>;
}

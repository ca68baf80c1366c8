//! The world of a sandboxed session.

use crate::io::{FileType, Io, MemoryIo, Stamp, Status, SystemIo, TakePiece};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

/// The files that programs can read.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum Files {
    /// None.
    #[default]
    Nothing,
    /// Files in memory: absolute paths with `/`, and contents.
    Memory(Vec<(String, String)>),
    /// These files and folders of the machine, and what is in them. Links in them are followed only to what is among
    /// them too. Relative paths in texts start from the first.
    Folders(Vec<PathBuf>),
    /// All files of the machine.
    Everything,
}

/// The files that all sessions of a configuration see, prepared once.
#[derive(Clone, Debug)]
pub(super) enum World {
    /// The machine.
    Machine,
    /// Chosen files, no environment, no clock.
    Sandbox {
        /// Files in memory in place of the machine's.
        memory: Option<Arc<MemoryIo>>,
        /// The folder that relative paths start from.
        folder: Vec<u8>,
    },
}

/// The `Io` of a sandbox: files in memory, or the machine's.
struct Sandbox {
    memory: Option<Arc<MemoryIo>>,
    folder: Vec<u8>,
}

impl World {
    pub(super) fn io(&self) -> Box<dyn Io> {
        match self {
            Self::Machine => Box::new(SystemIo),
            Self::Sandbox { memory, folder } => Box::new(Sandbox { memory: memory.clone(), folder: folder.clone() }),
        }
    }
}

impl Sandbox {
    fn files(&self) -> &dyn Io {
        match &self.memory {
            Some(files) => &**files,
            None => &SystemIo,
        }
    }
}

impl Io for Sandbox {
    fn read_file(&self, path: &[u8]) -> io::Result<Vec<u8>> {
        self.files().read_file(path)
    }

    fn read_in_pieces(&self, path: &[u8], take: TakePiece<'_>) -> io::Result<()> {
        self.files().read_in_pieces(path, take)
    }

    fn read_dir(&self, path: &[u8]) -> io::Result<Vec<(Vec<u8>, FileType)>> {
        self.files().read_dir(path)
    }

    fn status(&self, path: &[u8]) -> io::Result<Option<Status>> {
        self.files().status(path)
    }

    fn stamp(&self, path: &[u8]) -> io::Result<Option<Stamp>> {
        self.files().stamp(path)
    }

    fn read_link(&self, path: &[u8]) -> io::Result<Vec<u8>> {
        self.files().read_link(path)
    }

    fn modified(&self, path: &[u8]) -> io::Result<Option<i64>> {
        self.files().modified(path)
    }

    fn variable(&self, _: &[u8]) -> Option<Vec<u8>> {
        None
    }

    fn now(&self) -> i64 {
        0
    }

    fn current_dir(&self) -> Vec<u8> {
        self.folder.clone()
    }
}

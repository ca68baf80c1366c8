//! A folder of which only a selection of files is seen.

use crate::io::{FileType, Io, Status, TakePiece};
use crate::store::selection::Selection;
use std::io;

/// The files of a folder that a selection has, by their real paths.
pub(crate) struct SelectedTree<'t> {
    pub(crate) io: &'t dyn Io,
    /// The folder.
    pub(crate) place: &'t [u8],
    pub(crate) selection: &'t Selection,
}

impl Io for SelectedTree<'_> {
    fn read_file(&self, path: &[u8]) -> io::Result<Vec<u8>> {
        self.io.read_file(path)
    }

    fn read_in_pieces(&self, path: &[u8], take: TakePiece<'_>) -> io::Result<()> {
        self.io.read_in_pieces(path, take)
    }

    fn read_dir(&self, path: &[u8]) -> io::Result<Vec<(Vec<u8>, FileType)>> {
        let mut below = [path.get(self.place.len() + 1..).unwrap_or_default(), b"/"].concat();
        below.drain(..usize::from(below == b"/"));
        let start = below.len();
        let mut has = |name: &[u8]| {
            below.truncate(start);
            below.extend_from_slice(name);
            self.selection.has(&below)
        };
        if self.selection.repository().is_some() {
            return self.io.read_tracked_dir(path, &mut has);
        }
        let mut entries = self.io.read_dir(path)?;
        entries.retain(|(name, _)| has(name));
        Ok(entries)
    }

    fn status(&self, path: &[u8]) -> io::Result<Option<Status>> {
        self.io.status(path)
    }

    fn read_link(&self, path: &[u8]) -> io::Result<Vec<u8>> {
        self.io.read_link(path)
    }

    fn variable(&self, name: &[u8]) -> Option<Vec<u8>> {
        self.io.variable(name)
    }

    fn now(&self) -> i64 {
        self.io.now()
    }

    fn current_dir(&self) -> Vec<u8> {
        self.io.current_dir()
    }
}

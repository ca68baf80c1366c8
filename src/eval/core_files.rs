//! Files that come with the language: `<nix/fetchurl.nix>`. They lie in a folder that no machine has, below all others.

use crate::io::{FileType, Io};
use std::io;

/// The folder of these files.
const FOLDER: &[u8] = b"/<nix>";

const FETCHURL: &[u8] = include_bytes!("fetchurl.nix");

/// The path of what `<nix/…>` names, if it isn't in the search path.
pub(super) fn core_path(name: &[u8]) -> Option<Vec<u8>> {
    Some([FOLDER, b"/", name.strip_prefix(b"nix/")?].concat())
}

/// The outside world with these files in it.
pub(super) struct WithCoreFiles(pub(super) Box<dyn Io>);

/// One of these files, or none at a path that only they could have.
fn core_file(path: &[u8]) -> Option<io::Result<&'static [u8]>> {
    let name = path.strip_prefix(FOLDER)?.strip_prefix(b"/")?;
    Some(if name == b"fetchurl.nix" { Ok(FETCHURL) } else { Err(io::ErrorKind::NotFound.into()) })
}

impl Io for WithCoreFiles {
    fn read_file(&self, path: &[u8]) -> io::Result<Vec<u8>> {
        match core_file(path) {
            Some(file) => file.map(<[u8]>::to_vec),
            None => self.0.read_file(path),
        }
    }

    fn read_dir(&self, path: &[u8]) -> io::Result<Vec<(Vec<u8>, FileType)>> {
        if path == FOLDER {
            return Ok(vec![(b"fetchurl.nix".to_vec(), FileType::Regular)]);
        }
        self.0.read_dir(path)
    }

    fn file_type(&self, path: &[u8]) -> io::Result<Option<FileType>> {
        match core_file(path) {
            Some(file) => Ok(file.is_ok().then_some(FileType::Regular)),
            None if path == FOLDER => Ok(Some(FileType::Directory)),
            None => self.0.file_type(path),
        }
    }

    fn is_executable(&self, path: &[u8]) -> io::Result<bool> {
        if core_file(path).is_some() { Ok(false) } else { self.0.is_executable(path) }
    }

    fn read_link(&self, path: &[u8]) -> io::Result<Vec<u8>> {
        self.0.read_link(path)
    }

    fn variable(&self, name: &[u8]) -> Option<Vec<u8>> {
        self.0.variable(name)
    }

    fn now(&self) -> i64 {
        self.0.now()
    }

    fn current_dir(&self) -> Vec<u8> {
        self.0.current_dir()
    }

    fn message(&self, line: &[u8]) {
        self.0.message(line);
    }
}

//! The outside world as programs see it: the machine's files, those that come with the language (`<nix/fetchurl.nix>`),
//! and local copies in the place of what would have been fetched.

use crate::io::{FileType, Io};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::io;

/// The folder of the files that come with the language; no machine has it.
const FOLDER: &[u8] = b"/<nix>";

const FETCHURL: &[u8] = include_bytes!("fetchurl.nix");

/// The path of what `<nix/…>` names, if it isn't in the search path.
pub(super) fn core_path(name: &[u8]) -> Option<Vec<u8>> {
    Some([FOLDER, b"/", name.strip_prefix(b"nix/")?].concat())
}

/// One of the files that come with the language, or none at a path that only they could have.
fn core_file(path: &[u8]) -> Option<io::Result<&'static [u8]>> {
    let name = path.strip_prefix(FOLDER)?.strip_prefix(b"/")?;
    Some(if name == b"fetchurl.nix" { Ok(FETCHURL) } else { Err(io::ErrorKind::NotFound.into()) })
}

/// The outside world, with these files in it.
pub(crate) struct World {
    outside: Box<dyn Io>,
    /// Paths of the store that were fetched, and their local copies. `None` if there is no copy.
    mounts: RefCell<FxHashMap<Box<[u8]>, Option<Vec<u8>>>>,
}

impl World {
    pub(super) fn new(outside: Box<dyn Io>) -> Self {
        Self { outside, mounts: RefCell::default() }
    }

    /// Has a store path read from a local copy. Without one it is read as it is if it is there; if it isn't, reading it is
    /// an error of its own.
    pub(super) fn mount(&self, path: &[u8], copy: Option<Vec<u8>>) {
        let is_there = || matches!(self.outside.file_type(path), Ok(Some(_)));
        if copy.is_some() || !is_there() {
            self.mounts.borrow_mut().insert(path.into(), copy);
        }
    }

    /// Runs `read` on a path where it really is.
    fn at<T>(&self, path: &[u8], read: impl FnOnce(&dyn Io, &[u8]) -> io::Result<T>) -> io::Result<T> {
        let mounts = self.mounts.borrow();
        if mounts.is_empty() {
            return read(&*self.outside, path);
        }
        let ends = memchr::memchr_iter(b'/', path).chain([path.len()]);
        let found = ends.filter_map(|end| Some((mounts.get(&path[..end])?, &path[end..]))).next();
        match found {
            None => read(&*self.outside, path),
            Some((Some(copy), rest)) => read(&*self.outside, &[copy, rest].concat()),
            Some((None, _)) => Err(io::Error::other("it was not fetched; a local copy can be given with --source")),
        }
    }
}

impl Io for World {
    fn read_file(&self, path: &[u8]) -> io::Result<Vec<u8>> {
        match core_file(path) {
            Some(file) => file.map(<[u8]>::to_vec),
            None => self.at(path, |io, path| io.read_file(path)),
        }
    }

    fn read_dir(&self, path: &[u8]) -> io::Result<Vec<(Vec<u8>, FileType)>> {
        if path == FOLDER {
            return Ok(vec![(b"fetchurl.nix".to_vec(), FileType::Regular)]);
        }
        self.at(path, |io, path| io.read_dir(path))
    }

    fn file_type(&self, path: &[u8]) -> io::Result<Option<FileType>> {
        match core_file(path) {
            Some(file) => Ok(file.is_ok().then_some(FileType::Regular)),
            None if path == FOLDER => Ok(Some(FileType::Directory)),
            None => self.at(path, |io, path| io.file_type(path)),
        }
    }

    fn is_executable(&self, path: &[u8]) -> io::Result<bool> {
        if core_file(path).is_some() { Ok(false) } else { self.at(path, |io, path| io.is_executable(path)) }
    }

    fn read_link(&self, path: &[u8]) -> io::Result<Vec<u8>> {
        self.at(path, |io, path| io.read_link(path))
    }

    fn variable(&self, name: &[u8]) -> Option<Vec<u8>> {
        self.outside.variable(name)
    }

    fn now(&self) -> i64 {
        self.outside.now()
    }

    fn current_dir(&self) -> Vec<u8> {
        self.outside.current_dir()
    }

    fn message(&self, line: &[u8]) {
        self.outside.message(line);
    }
}

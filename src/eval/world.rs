//! The outside world as programs see it: the machine's files, those that come with the language (`<nix/fetchurl.nix>`), and
//! entries of the store that this evaluation made or fetched and that lie elsewhere, or nowhere.

use crate::io::{FileType, Io};
use crate::report::Message;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::cell::RefCell;
use std::io;
use std::sync::Arc;

/// The folder of the files that come with the language; no machine has it.
const FOLDER: &[u8] = b"/<nix>";

const FETCHURL: &[u8] = include_bytes!("fetchurl.nix");

/// The path of what `<nix/…>` names, if it isn't in the search path.
pub(super) fn core_path(name: &[u8]) -> Option<Vec<u8>> {
    Some([FOLDER, b"/", name.strip_prefix(b"nix/")?].concat())
}

/// What an entry of the store is.
pub(crate) enum Entry {
    /// A copy of a file or directory that lies here.
    Copy(Box<[u8]>),
    /// A file with these contents.
    Contents(Arc<[u8]>),
    /// Something that should have been fetched, and wasn't.
    Missing,
}

/// Where something really is.
enum Place<'p> {
    Outside(Cow<'p, [u8]>),
    Contents(Arc<[u8]>),
    /// The folder of the files that come with the language.
    CoreFolder,
    /// Nothing is there, and nothing can be.
    Nowhere,
    Missing,
}

/// The outside world, with these files in it.
pub(crate) struct World {
    outside: Box<dyn Io>,
    entries: RefCell<FxHashMap<Box<[u8]>, Entry>>,
}

impl World {
    pub(super) fn new(outside: Box<dyn Io>) -> Self {
        Self { outside, entries: RefCell::default() }
    }

    /// Adds an entry of the store, unless the machine has it.
    pub(super) fn add(&self, path: &[u8], entry: Entry) {
        if matches!(entry, Entry::Copy(_)) || !matches!(self.outside.file_type(path), Ok(Some(_))) {
            self.entries.borrow_mut().insert(path.into(), entry);
        }
    }

    fn place<'p>(&self, path: &'p [u8]) -> Place<'p> {
        match path.strip_prefix(FOLDER) {
            Some(b"") => return Place::CoreFolder,
            Some(b"/fetchurl.nix") => return Place::Contents(FETCHURL.into()),
            Some(rest) if rest.starts_with(b"/") => return Place::Nowhere,
            _ => {}
        }
        let entries = self.entries.borrow();
        if entries.is_empty() {
            return Place::Outside(Cow::Borrowed(path));
        }
        let ends = memchr::memchr_iter(b'/', path).chain([path.len()]);
        let found = ends.filter_map(|end| Some((entries.get(&path[..end])?, &path[end..]))).next();
        match found {
            None => Place::Outside(Cow::Borrowed(path)),
            Some((Entry::Copy(copy), rest)) => Place::Outside(Cow::Owned([copy, rest].concat())),
            Some((Entry::Contents(contents), b"")) => Place::Contents(Arc::clone(contents)),
            Some((Entry::Contents(_), _)) => Place::Nowhere,
            Some((Entry::Missing, _)) => Place::Missing,
        }
    }
}

fn not_found<T>() -> io::Result<T> {
    Err(io::ErrorKind::NotFound.into())
}

fn not_fetched<T>() -> io::Result<T> {
    Err(io::Error::other("it was not fetched; a local copy can be given with --source"))
}

impl Io for World {
    fn read_file(&self, path: &[u8]) -> io::Result<Vec<u8>> {
        match self.place(path) {
            Place::Outside(path) => self.outside.read_file(&path),
            Place::Contents(contents) => Ok(contents.to_vec()),
            Place::CoreFolder => Err(io::ErrorKind::IsADirectory.into()),
            Place::Nowhere => not_found(),
            Place::Missing => not_fetched(),
        }
    }

    fn read_dir(&self, path: &[u8]) -> io::Result<Vec<(Vec<u8>, FileType)>> {
        match self.place(path) {
            Place::Outside(path) => self.outside.read_dir(&path),
            Place::CoreFolder => Ok(vec![(b"fetchurl.nix".to_vec(), FileType::Regular)]),
            Place::Contents(_) => Err(io::ErrorKind::NotADirectory.into()),
            Place::Nowhere => not_found(),
            Place::Missing => not_fetched(),
        }
    }

    fn file_type(&self, path: &[u8]) -> io::Result<Option<FileType>> {
        match self.place(path) {
            Place::Outside(path) => self.outside.file_type(&path),
            Place::Contents(_) => Ok(Some(FileType::Regular)),
            Place::CoreFolder => Ok(Some(FileType::Directory)),
            Place::Nowhere => Ok(None),
            Place::Missing => not_fetched(),
        }
    }

    fn is_executable(&self, path: &[u8]) -> io::Result<bool> {
        match self.place(path) {
            Place::Outside(path) => self.outside.is_executable(&path),
            Place::Contents(_) | Place::CoreFolder => Ok(false),
            Place::Nowhere => not_found(),
            Place::Missing => not_fetched(),
        }
    }

    fn read_link(&self, path: &[u8]) -> io::Result<Vec<u8>> {
        match self.place(path) {
            Place::Outside(path) => self.outside.read_link(&path),
            Place::Contents(_) | Place::CoreFolder => Err(io::ErrorKind::InvalidInput.into()),
            Place::Nowhere => not_found(),
            Place::Missing => not_fetched(),
        }
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

    fn message(&self, message: &Message<'_>) {
        self.outside.message(message);
    }
}

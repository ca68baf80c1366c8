//! The store as a program sees it: entries that the evaluation has created or fetched, which may be elsewhere or
//! nowhere on disk, and those in the engine's store.

use crate::io::{FileType, Io};
use crate::store::backend::{ComputeOnly, Store};
use crate::store::selection::Selection;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::io;
use std::rc::Rc;
use std::sync::Arc;

/// A store entry of this evaluation.
pub(crate) enum Entry {
    /// A copy of a file or directory elsewhere.
    Copy(Copied),
    /// A file with these contents.
    Contents(Arc<[u8]>),
    /// An entry that should have been fetched, and was not.
    Missing,
}

impl Entry {
    /// A copy of the file or directory at a path, or of a selection of its files.
    pub(crate) fn copy(place: impl Into<Box<[u8]>>, files: Option<Arc<Selection>>) -> Self {
        Self::Copy(Copied::new(place.into(), files))
    }
}

/// A file or directory elsewhere, or a selection of its files.
pub(crate) struct Copied {
    place: Box<[u8]>,
    files: Option<Arc<Selection>>,
    /// The length of the path of the folder that `files` belongs to: the place itself, or a parent folder, whose
    /// other copies share the selection.
    root: usize,
}

impl Copied {
    fn new(place: Box<[u8]>, files: Option<Arc<Selection>>) -> Self {
        let root = place.len();
        Self { place, files, root }
    }

    /// The copy of the file at `rest` in this one.
    fn below(&self, rest: &[u8]) -> Self {
        Self { place: self.at(rest).into(), files: self.files.clone(), root: self.root }
    }

    /// The real path of the file at `rest` in it.
    fn at(&self, rest: &[u8]) -> Vec<u8> {
        [self.place.strip_suffix(b"/").unwrap_or(&self.place), rest].concat()
    }

    /// True if the file at a real path belongs to it.
    fn has(&self, path: &[u8]) -> bool {
        self.files.as_ref().is_none_or(|files| files.has(without_slash(path.get(self.root..).unwrap_or_default())))
    }

    /// The folder of its Git repository, if it is a tree of one.
    fn repository(&self) -> Option<&[u8]> {
        self.files.as_ref().filter(|_| self.root == self.place.len())?.repository()
    }
}

/// An entry that is a text.
pub(crate) type TextEntry = (Box<[u8]>, Arc<[u8]>);

/// The real location of a file.
pub(crate) enum Location<'p> {
    Outside(Cow<'p, [u8]>),
    Contents(Arc<[u8]>),
    /// The folder of the files that come with the language.
    CoreFolder,
    /// Nothing exists there, or ever can.
    Nowhere,
    Missing,
}

/// The reason why a file is not in a tree that was taken from a Git repository.
pub(crate) struct OutsideOfGit {
    /// The folder of the repository.
    pub(crate) repository: Vec<u8>,
    /// The path in it.
    pub(crate) file: Vec<u8>,
    /// True if the file exists, but Git does not track it.
    pub(crate) is_there: bool,
}

/// The real locations of entries, by their paths.
type Locations = FxHashMap<Box<[u8]>, Box<[u8]>>;

/// The store as a program sees it.
pub(crate) struct StoreView {
    /// The prefix of their paths.
    prefix: Vec<u8>,
    /// The entries created by this evaluation.
    made: RefCell<FxHashMap<Box<[u8]>, Entry>>,
    /// The store with all other entries.
    backend: RefCell<Rc<dyn Store>>,
    /// The locations of entries in that store, as far as they were looked up.
    located: RefCell<Locations>,
    remembers_nothing: Cell<bool>,
}

impl StoreView {
    /// No entries, and no store.
    pub(crate) fn new(store_dir: &str) -> Self {
        Self {
            prefix: [store_dir.as_bytes(), b"/"].concat(),
            made: RefCell::default(),
            backend: RefCell::new(Rc::new(ComputeOnly)),
            located: RefCell::default(),
            remembers_nothing: Cell::new(false),
        }
    }

    /// The underlying store.
    pub(crate) fn backend(&self) -> Rc<dyn Store> {
        Rc::clone(&self.backend.borrow())
    }

    /// Sets the underlying store.
    pub(crate) fn set_backend(&self, store: Rc<dyn Store>) {
        self.located.borrow_mut().clear();
        *self.backend.borrow_mut() = store;
    }

    /// Looks entries up again each time.
    pub(crate) fn remember_nothing(&self) {
        self.remembers_nothing.set(true);
        self.located.borrow_mut().clear();
    }

    /// The path of the entry that a path is in, and the rest, which is empty or begins with a slash. `None` outside
    /// of the store.
    fn split<'p>(&self, path: &'p [u8]) -> Option<(&'p [u8], &'p [u8])> {
        let inside = path.strip_prefix(&self.prefix[..])?;
        Some(path.split_at(self.prefix.len() + memchr::memchr(b'/', inside).unwrap_or(inside.len())))
    }

    /// The length of the path of the entry that a path is in, if this evaluation has created it.
    pub(crate) fn entry_length(&self, path: &[u8]) -> Option<usize> {
        let (entry, _) = self.split(path)?;
        self.made.borrow().contains_key(entry).then_some(entry.len())
    }

    /// Adds an entry, unless the machine has it.
    pub(crate) fn add(&self, path: &[u8], entry: Entry, outside: &dyn Io) {
        // A file system request takes longer than keeping a text of up to this length.
        const SHORT: usize = 4096;
        // A path determines its contents, and programs add the same files again and again.
        let is_needed = match &entry {
            Entry::Copy(..) => true,
            Entry::Contents(text) if text.len() <= SHORT => !self.has_contents(path),
            _ => !self.has_contents(path) && !matches!(outside.status(path), Ok(Some(_))),
        };
        if is_needed {
            let entry = self.grounded(entry);
            self.made.borrow_mut().insert(path.into(), entry);
        }
    }

    /// Resolves a copy of a store path to its real location.
    fn grounded(&self, entry: Entry) -> Entry {
        let Entry::Copy(copied) = entry else { return entry };
        let Some((around, rest)) = self.split(&copied.place) else { return Entry::Copy(copied) };
        match self.made.borrow().get(around) {
            Some(Entry::Contents(contents)) if rest.is_empty() => return Entry::Contents(Arc::clone(contents)),
            // A selection inside another one contains only files of that one.
            Some(Entry::Copy(outer)) => match copied.files {
                Some(files) => return Entry::copy(outer.at(rest), Some(files)),
                None => return Entry::Copy(outer.below(rest)),
            },
            _ => {}
        }
        match self.place(&copied.place) {
            Location::Outside(real) => Entry::copy(real.into_owned(), copied.files),
            _ => Entry::Copy(copied),
        }
    }

    /// The real location of a path. Links are not followed.
    pub(crate) fn place<'p>(&self, path: &'p [u8]) -> Location<'p> {
        let Some((entry, rest)) = self.split(path) else { return Location::Outside(Cow::Borrowed(path)) };
        match self.made.borrow().get(entry) {
            None => self.located(path, entry, rest),
            Some(Entry::Copy(copied)) => {
                let real = copied.at(rest);
                if copied.has(&real) { Location::Outside(Cow::Owned(real)) } else { Location::Nowhere }
            }
            Some(Entry::Contents(contents)) if rest.is_empty() => Location::Contents(Arc::clone(contents)),
            Some(Entry::Contents(_)) => Location::Nowhere,
            Some(Entry::Missing) => Location::Missing,
        }
    }

    /// The real location of a file in an entry that this evaluation has not created.
    fn located<'p>(&self, path: &'p [u8], entry: &[u8], rest: &[u8]) -> Location<'p> {
        if let Some(real) = self.located.borrow().get(entry) {
            return Location::Outside(Cow::Owned([real, rest].concat()));
        }
        let Some(real) = self.backend.borrow().locate(entry) else { return Location::Outside(Cow::Borrowed(path)) };
        let place = [&real, rest].concat();
        if !self.remembers_nothing.get() {
            self.located.borrow_mut().insert(entry.into(), real.into());
        }
        Location::Outside(Cow::Owned(place))
    }

    /// True if this evaluation has created, or fetched, the entry that a path is in.
    pub(crate) fn is_made_here(&self, path: &[u8]) -> bool {
        self.split(path).is_some_and(|(entry, _)| self.made.borrow().contains_key(entry))
    }

    /// True for a file in a copy of a file or folder elsewhere.
    pub(crate) fn is_in_copy(&self, path: &[u8]) -> bool {
        let is_copy = |entry: &[u8]| matches!(self.made.borrow().get(entry), Some(Entry::Copy(..)));
        self.split(path).is_some_and(|(entry, _)| is_copy(entry))
    }

    /// True if this evaluation knows the contents of an entry, whether the store has the entry or not.
    pub(crate) fn has_contents(&self, entry: &[u8]) -> bool {
        matches!(self.made.borrow().get(entry), Some(Entry::Copy(..) | Entry::Contents(_)))
    }

    /// True if this evaluation knows the contents of the entry that a path is in.
    pub(crate) fn is_known(&self, path: &[u8]) -> bool {
        self.split(path).is_some_and(|(entry, _)| self.has_contents(entry))
    }

    /// The entries that are texts.
    pub(crate) fn texts(&self) -> Vec<TextEntry> {
        let made = self.made.borrow();
        let texts = made.iter().filter_map(|(path, entry)| match entry {
            Entry::Contents(contents) => Some((path.clone(), Arc::clone(contents))),
            _ => None,
        });
        texts.collect()
    }

    /// The text of an entry.
    pub(crate) fn text(&self, entry: &[u8]) -> Option<Arc<[u8]>> {
        match self.made.borrow().get(entry) {
            Some(Entry::Contents(contents)) => Some(Arc::clone(contents)),
            _ => None,
        }
    }

    /// The names in a folder that belong to its entry. `place` is where the folder really is.
    pub(crate) fn list(&self, folder: &[u8], place: &[u8], outside: &dyn Io) -> io::Result<Vec<(Vec<u8>, FileType)>> {
        let made = self.made.borrow();
        let entry = self.split(folder).and_then(|(entry, _)| made.get(entry));
        let Some(Entry::Copy(copied)) = entry else { return outside.read_dir(place) };
        let mut path = [place, b"/"].concat();
        let start = path.len();
        let mut belongs = |name: &[u8]| {
            path.truncate(start);
            path.extend_from_slice(name);
            copied.has(&path)
        };
        if copied.files.as_ref().is_some_and(|files| files.repository().is_some()) {
            return outside.read_tracked_dir(place, &mut belongs);
        }
        let mut entries = outside.read_dir(place)?;
        entries.retain(|(name, _)| belongs(name));
        Ok(entries)
    }

    /// The reason why a file is missing, if Git is the reason.
    pub(crate) fn outside_of_git(&self, path: &[u8], outside: &dyn Io) -> Option<OutsideOfGit> {
        let (entry, rest) = self.split(path)?;
        let made = self.made.borrow();
        let Some(Entry::Copy(copied)) = made.get(entry) else { return None };
        let (repository, file) = (copied.repository()?.to_vec(), without_slash(rest).to_vec());
        let is_there = matches!(outside.status(&copied.at(rest)), Ok(Some(_)));
        Some(OutsideOfGit { repository, file, is_there })
    }
}

fn without_slash(rest: &[u8]) -> &[u8] {
    rest.strip_prefix(b"/").unwrap_or(rest)
}

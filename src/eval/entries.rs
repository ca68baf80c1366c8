//! What a program sees at paths of the store: entries that the evaluation has made or fetched, which may lie elsewhere or
//! nowhere, and those that the engine's store has.

use crate::io::{FileType, Io};
use crate::store::backend::{ComputeOnly, Store};
use crate::store::selection::Selection;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

/// What an entry of the store is.
pub(crate) enum Entry {
    /// A copy of what lies elsewhere.
    Copy(Copied),
    /// A file with these contents.
    Contents(Arc<[u8]>),
    /// Something that should have been fetched, and wasn't.
    Missing,
}

impl Entry {
    /// A copy of a file or directory that lies at a path, or of some of the files in it.
    pub(crate) fn copy(place: impl Into<Box<[u8]>>, files: Option<Arc<Selection>>) -> Self {
        Self::Copy(Copied::new(place.into(), files))
    }
}

/// A file or directory that lies elsewhere, or some of the files in it.
pub(crate) struct Copied {
    place: Box<[u8]>,
    files: Option<Arc<Selection>>,
    /// The length of the path of the folder that `files` belongs to: the place, or a folder around it, whose other copies
    /// share the selection.
    root: usize,
}

impl Copied {
    fn new(place: Box<[u8]>, files: Option<Arc<Selection>>) -> Self {
        let root = place.len();
        Self { place, files, root }
    }

    /// A copy of what is at `rest` in this one.
    fn below(&self, rest: &[u8]) -> Self {
        Self { place: self.at(rest).into(), files: self.files.clone(), root: self.root }
    }

    /// Where what is at `rest` in it lies.
    fn at(&self, rest: &[u8]) -> Vec<u8> {
        [self.place.strip_suffix(b"/").unwrap_or(&self.place), rest].concat()
    }

    /// True if what lies at a path in the place belongs to it.
    fn has(&self, path: &[u8]) -> bool {
        self.files.as_ref().is_none_or(|files| files.has(without_slash(path.get(self.root..).unwrap_or_default())))
    }

    /// The folder of the Git repository of which it is the tree.
    fn repository(&self) -> Option<&[u8]> {
        self.files.as_ref().filter(|_| self.root == self.place.len())?.repository()
    }
}

/// An entry that is a text.
pub(super) type TextEntry = (Box<[u8]>, Arc<[u8]>);

/// Where something really is.
pub(super) enum Place<'p> {
    Outside(Cow<'p, [u8]>),
    Contents(Arc<[u8]>),
    /// The folder of the files that come with the language.
    CoreFolder,
    /// Nothing is there, and nothing can be.
    Nowhere,
    Missing,
}

/// Why a file is not in a tree that was taken from a Git repository.
pub(super) struct OutsideOfGit {
    /// The folder of the repository.
    pub(super) repository: Vec<u8>,
    /// The path in it.
    pub(super) file: Vec<u8>,
    /// The file is there, and Git doesn't know it.
    pub(super) is_there: bool,
}

/// Where entries lie, by their paths.
type Locations = FxHashMap<Box<[u8]>, Box<[u8]>>;

/// All entries.
pub(crate) struct Entries {
    /// What their paths begin with.
    prefix: Vec<u8>,
    /// Those that this evaluation has made.
    made: RefCell<FxHashMap<Box<[u8]>, Entry>>,
    /// Where others lie.
    backend: RefCell<Rc<dyn Store>>,
    /// Where those of them lie that were asked for.
    located: RefCell<Locations>,
}

impl Entries {
    /// None, in no store.
    pub(super) fn new(store_dir: &str) -> Self {
        Self {
            prefix: [store_dir.as_bytes(), b"/"].concat(),
            made: RefCell::default(),
            backend: RefCell::new(Rc::new(ComputeOnly)),
            located: RefCell::default(),
        }
    }

    /// The store behind the entries.
    pub(crate) fn backend(&self) -> Rc<dyn Store> {
        Rc::clone(&self.backend.borrow())
    }

    /// Puts a store behind the entries.
    pub(crate) fn set_backend(&self, store: Rc<dyn Store>) {
        self.located.borrow_mut().clear();
        *self.backend.borrow_mut() = store;
    }

    /// The path of the entry that a path is in, and the rest, which is empty or begins with a slash. None outside of the
    /// store.
    fn split<'p>(&self, path: &'p [u8]) -> Option<(&'p [u8], &'p [u8])> {
        let inside = path.strip_prefix(&self.prefix[..])?;
        Some(path.split_at(self.prefix.len() + memchr::memchr(b'/', inside).unwrap_or(inside.len())))
    }

    /// The length of the path of the entry that a path is in, if this evaluation has made that.
    pub(super) fn entry_length(&self, path: &[u8]) -> Option<usize> {
        let (entry, _) = self.split(path)?;
        self.made.borrow().contains_key(entry).then_some(entry.len())
    }

    /// Adds an entry, unless the machine has it.
    pub(super) fn add(&self, path: &[u8], entry: Entry, outside: &dyn Io) {
        // Asking the machine for a file takes longer than keeping a text of this length.
        const SHORT: usize = 4096;
        // A path says what is there, and programs add the same files again and again.
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

    /// An entry, told by where it really lies: what it is a copy of may be in an entry itself.
    fn grounded(&self, entry: Entry) -> Entry {
        let Entry::Copy(copied) = entry else { return entry };
        let Some((around, rest)) = self.split(&copied.place) else { return Entry::Copy(copied) };
        match self.made.borrow().get(around) {
            Some(Entry::Contents(contents)) if rest.is_empty() => return Entry::Contents(Arc::clone(contents)),
            // What was selected inside of a selection, was among what that has.
            Some(Entry::Copy(outer)) => match copied.files {
                Some(files) => return Entry::copy(outer.at(rest), Some(files)),
                None => return Entry::Copy(outer.below(rest)),
            },
            _ => {}
        }
        match self.place(&copied.place) {
            Place::Outside(real) => Entry::copy(real.into_owned(), copied.files),
            _ => Entry::Copy(copied),
        }
    }

    /// Where a path leads. Links are not followed.
    pub(super) fn place<'p>(&self, path: &'p [u8]) -> Place<'p> {
        let Some((entry, rest)) = self.split(path) else { return Place::Outside(Cow::Borrowed(path)) };
        match self.made.borrow().get(entry) {
            None => self.located(path, entry, rest),
            Some(Entry::Copy(copied)) => {
                let real = copied.at(rest);
                if copied.has(&real) { Place::Outside(Cow::Owned(real)) } else { Place::Nowhere }
            }
            Some(Entry::Contents(contents)) if rest.is_empty() => Place::Contents(Arc::clone(contents)),
            Some(Entry::Contents(_)) => Place::Nowhere,
            Some(Entry::Missing) => Place::Missing,
        }
    }

    /// Where something lies in an entry that this evaluation has not made.
    fn located<'p>(&self, path: &'p [u8], entry: &[u8], rest: &[u8]) -> Place<'p> {
        if let Some(real) = self.located.borrow().get(entry) {
            return Place::Outside(Cow::Owned([real, rest].concat()));
        }
        let Some(real) = self.backend.borrow().locate(entry) else { return Place::Outside(Cow::Borrowed(path)) };
        let place = [&real, rest].concat();
        self.located.borrow_mut().insert(entry.into(), real.into());
        Place::Outside(Cow::Owned(place))
    }

    /// True if this evaluation has made, or fetched, the entry that a path is in.
    pub(super) fn is_made_here(&self, path: &[u8]) -> bool {
        self.split(path).is_some_and(|(entry, _)| self.made.borrow().contains_key(entry))
    }

    /// True for what is in a copy of a file or folder that lies elsewhere.
    pub(super) fn is_in_copy(&self, path: &[u8]) -> bool {
        let is_copy = |entry: &[u8]| matches!(self.made.borrow().get(entry), Some(Entry::Copy(..)));
        self.split(path).is_some_and(|(entry, _)| is_copy(entry))
    }

    /// True if this evaluation knows what an entry has in it, whether the store has the entry or not.
    pub(super) fn has_contents(&self, entry: &[u8]) -> bool {
        matches!(self.made.borrow().get(entry), Some(Entry::Copy(..) | Entry::Contents(_)))
    }

    /// True if this evaluation knows what is in the entry that a path is in.
    pub(super) fn is_known(&self, path: &[u8]) -> bool {
        self.split(path).is_some_and(|(entry, _)| self.has_contents(entry))
    }

    /// The entries that are texts.
    pub(super) fn texts(&self) -> Vec<TextEntry> {
        let made = self.made.borrow();
        let texts = made.iter().filter_map(|(path, entry)| match entry {
            Entry::Contents(contents) => Some((path.clone(), Arc::clone(contents))),
            _ => None,
        });
        texts.collect()
    }

    /// The text that an entry is.
    pub(super) fn text(&self, entry: &[u8]) -> Option<Arc<[u8]>> {
        match self.made.borrow().get(entry) {
            Some(Entry::Contents(contents)) => Some(Arc::clone(contents)),
            _ => None,
        }
    }

    /// Leaves only those children of a folder that belong to the entry that it is in.
    pub(super) fn select(&self, folder: &[u8], children: &mut Vec<(Vec<u8>, FileType)>) {
        let Some((entry, rest)) = self.split(folder) else { return };
        if let Some(Entry::Copy(copied)) = self.made.borrow().get(entry) {
            let mut path = [&copied.at(rest), &b"/"[..]].concat();
            let start = path.len();
            children.retain(|(name, _)| {
                path.truncate(start);
                path.extend_from_slice(name);
                copied.has(&path)
            });
        }
    }

    /// Why a file is missing, if that is for Git to know.
    pub(super) fn outside_of_git(&self, path: &[u8], outside: &dyn Io) -> Option<OutsideOfGit> {
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

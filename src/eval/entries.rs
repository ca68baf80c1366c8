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
    /// A copy of a file or directory that lies here, or of some of the files in it.
    Copy(Box<[u8]>, Option<Arc<Selection>>),
    /// A file with these contents.
    Contents(Arc<[u8]>),
    /// Something that should have been fetched, and wasn't.
    Missing,
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
        let Entry::Copy(place, selection) = entry else { return entry };
        let Some((around, rest)) = self.split(&place) else { return Entry::Copy(place, selection) };
        match self.made.borrow().get(around) {
            Some(Entry::Contents(contents)) if rest.is_empty() => return Entry::Contents(Arc::clone(contents)),
            Some(Entry::Copy(real, of_around)) => {
                let below = || of_around.as_ref().map(|all| Arc::new(all.below(without_slash(rest))));
                return Entry::Copy([real, rest].concat().into(), selection.or_else(below));
            }
            _ => {}
        }
        match self.place(&place) {
            Place::Outside(real) => Entry::Copy(real.into_owned().into(), selection),
            _ => Entry::Copy(place, selection),
        }
    }

    /// Where a path leads. Links are not followed.
    pub(super) fn place<'p>(&self, path: &'p [u8]) -> Place<'p> {
        let Some((entry, rest)) = self.split(path) else { return Place::Outside(Cow::Borrowed(path)) };
        match self.made.borrow().get(entry) {
            None => self.located(path, entry, rest),
            Some(Entry::Copy(_, Some(selection))) if !selection.has(without_slash(rest)) => Place::Nowhere,
            Some(Entry::Copy(real, _)) => Place::Outside(Cow::Owned([real, rest].concat())),
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
        if let Some(Entry::Copy(_, Some(selection))) = self.made.borrow().get(entry) {
            let folder = without_slash(rest);
            let below = |name: &[u8]| if folder.is_empty() { name.to_vec() } else { [folder, b"/", name].concat() };
            children.retain(|(name, _)| selection.has(&below(name)));
        }
    }

    /// Why a file is missing, if that is for Git to know.
    pub(super) fn outside_of_git(&self, path: &[u8], outside: &dyn Io) -> Option<OutsideOfGit> {
        let (entry, rest) = self.split(path)?;
        let made = self.made.borrow();
        let Some(Entry::Copy(real, Some(selection))) = made.get(entry) else { return None };
        let is_there = matches!(outside.status(&[real, rest].concat()), Ok(Some(_)));
        let (repository, file) = (selection.repository()?.to_vec(), without_slash(rest).to_vec());
        Some(OutsideOfGit { repository, file, is_there })
    }
}

fn without_slash(rest: &[u8]) -> &[u8] {
    rest.strip_prefix(b"/").unwrap_or(rest)
}

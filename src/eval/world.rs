//! The outside world as programs see it: the machine's files, those that come with the language (`<nix/fetchurl.nix>`), and
//! entries of the store that this evaluation made or fetched and that lie elsewhere, or nowhere.

use super::Settings;
use super::access::Access;
use super::seen::Seen;
use crate::error::{Refusal, Result};
use crate::io::{FileType, Io, Status, TakePiece};
use crate::lower::canonical;
use crate::report::Message;
use crate::source::CORE_FOLDER;
use crate::store::backend::{ComputeOnly, Store};
use crate::store::selection::Selection;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::io;
use std::rc::Rc;
use std::sync::Arc;

const FETCHURL: &[u8] = include_bytes!("fetchurl.nix");

/// The path of what `<nix/…>` names, if it isn't in the search path.
pub(super) fn core_path(name: &[u8]) -> Option<Vec<u8>> {
    Some([CORE_FOLDER, b"/", name.strip_prefix(b"nix/")?].concat())
}

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
    seen: Seen,
    access: Access,
    /// What all entries' paths begin with.
    store: Vec<u8>,
    /// Where entries lie that this evaluation has not made.
    backend: RefCell<Rc<dyn Store>>,
    /// Those of them that were asked for.
    located: RefCell<Locations>,
    /// While something is fetched: its address was checked, and the program sees only what it is put into the store as.
    fetching: Cell<bool>,
    /// Messages shown so far.
    messages: Cell<usize>,
    entries: RefCell<FxHashMap<Box<[u8]>, Entry>>,
}

/// Where entries really lie.
type Locations = FxHashMap<Box<[u8]>, Box<[u8]>>;

/// Links followed on the way to one file before giving up.
const MOST_LINKS: usize = 1000;

impl World {
    pub(super) fn new(outside: Box<dyn Io>, settings: &Settings) -> Self {
        Self {
            access: Access::new(settings, &*outside),
            store: [settings.store_dir.as_bytes(), b"/"].concat(),
            backend: RefCell::new(Rc::new(ComputeOnly)),
            located: RefCell::default(),
            outside,
            seen: Seen::default(),
            fetching: Cell::new(false),
            messages: Cell::new(0),
            entries: RefCell::default(),
        }
    }

    /// What was seen of the machine's files.
    pub(crate) fn seen(&self) -> &Seen {
        &self.seen
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

    /// How many messages were shown so far.
    pub(super) fn message_count(&self) -> usize {
        self.messages.get()
    }

    /// The world outside, without the store.
    pub(crate) fn outside(&self) -> &dyn Io {
        &*self.outside
    }

    /// The entries that are texts.
    pub(super) fn text_entries(&self) -> Vec<TextEntry> {
        let entries = self.entries.borrow();
        let texts = entries.iter().filter_map(|(path, entry)| match entry {
            Entry::Contents(contents) => Some((path.clone(), Arc::clone(contents))),
            _ => None,
        });
        texts.collect()
    }

    /// The text that an entry of the store is.
    pub(super) fn text_entry(&self, entry: &[u8]) -> Option<Arc<[u8]>> {
        match self.entries.borrow().get(entry) {
            Some(Entry::Contents(contents)) => Some(Arc::clone(contents)),
            _ => None,
        }
    }

    /// True if this evaluation knows what an entry of the store has in it, whether the store has the entry or not.
    pub(super) fn has_contents(&self, entry: &[u8]) -> bool {
        matches!(self.entries.borrow().get(entry), Some(Entry::Copy(..) | Entry::Contents(_)))
    }

    /// Adds an entry of the store, unless the machine has it.
    pub(super) fn add(&self, path: &[u8], entry: Entry) {
        let is_copy = matches!(entry, Entry::Copy(..));
        // A path says what is there, and programs add the same files again and again.
        let is_known = matches!(self.entries.borrow().get(path), Some(Entry::Copy(..) | Entry::Contents(_)));
        let entry = match entry {
            Entry::Copy(place, selection) => self.grounded(place, selection),
            other => other,
        };
        if is_copy || (!is_known && !matches!(self.outside.status(path), Ok(Some(_)))) {
            self.entries.borrow_mut().insert(path.into(), entry);
        }
    }

    /// Why a file is not in a tree that was taken from a Git repository: its folder, the path in it, and whether the file is
    /// there and Git doesn't know it.
    pub(super) fn outside_of_git(&self, path: &[u8]) -> Option<(Vec<u8>, Vec<u8>, bool)> {
        let inside = path.strip_prefix(&self.store[..])?;
        let end = self.store.len() + memchr::memchr(b'/', inside)?;
        let entries = self.entries.borrow();
        let Some(Entry::Copy(real, Some(selection))) = entries.get(&path[..end]) else { return None };
        let (repository, file) = (selection.repository()?, &path[end + 1..]);
        let is_there = matches!(self.outside.status(&[real, &path[end..]].concat()), Ok(Some(_)));
        Some((repository.to_vec(), file.to_vec(), is_there))
    }

    /// An entry that is a copy, told by where that really lies: what is copied may be in an entry itself.
    fn grounded(&self, place: Box<[u8]>, selection: Option<Arc<Selection>>) -> Entry {
        let Some(inside) = place.strip_prefix(&self.store[..]) else { return Entry::Copy(place, selection) };
        let end = self.store.len() + memchr::memchr(b'/', inside).unwrap_or(inside.len());
        let rest = place[end..].strip_prefix(b"/").unwrap_or_default();
        match self.entries.borrow().get(&place[..end]) {
            Some(Entry::Contents(contents)) if rest.is_empty() => return Entry::Contents(Arc::clone(contents)),
            Some(Entry::Copy(real, around)) => {
                let own = || around.as_ref().map(|around| Arc::new(around.below(rest)));
                return Entry::Copy([real, &place[end..]].concat().into(), selection.or_else(own));
            }
            _ => {}
        }
        match self.place(&place) {
            Place::Outside(real) => Entry::Copy(real.into_owned().into(), selection),
            _ => Entry::Copy(place.clone(), selection),
        }
    }

    fn place<'p>(&self, path: &'p [u8]) -> Place<'p> {
        match path.strip_prefix(CORE_FOLDER) {
            Some(b"") => return Place::CoreFolder,
            Some(b"/fetchurl.nix") => return Place::Contents(FETCHURL.into()),
            Some(rest) if rest.starts_with(b"/") => return Place::Nowhere,
            _ => {}
        }
        let Some(inside) = path.strip_prefix(&self.store[..]) else { return Place::Outside(Cow::Borrowed(path)) };
        let end = self.store.len() + memchr::memchr(b'/', inside).unwrap_or(inside.len());
        let entries = self.entries.borrow();
        match entries.get(&path[..end]).map(|entry| (entry, &path[end..])) {
            None => self.located(path, end),
            Some((Entry::Copy(copy, selection), rest)) => match selection {
                Some(selection) if !selection.has(rest.strip_prefix(b"/").unwrap_or(rest)) => Place::Nowhere,
                _ => Place::Outside(Cow::Owned([copy, rest].concat())),
            },
            Some((Entry::Contents(contents), b"")) => Place::Contents(Arc::clone(contents)),
            Some((Entry::Contents(_), _)) => Place::Nowhere,
            Some((Entry::Missing, _)) => Place::Missing,
        }
    }
}

impl World {
    /// Where something lies in an entry, the first `end` bytes of its path, that this evaluation has not made.
    fn located<'p>(&self, path: &'p [u8], end: usize) -> Place<'p> {
        let (entry, rest) = path.split_at(end);
        if let Some(real) = self.located.borrow().get(entry) {
            return Place::Outside(Cow::Owned([real, rest].concat()));
        }
        match self.backend.borrow().locate(entry) {
            None => Place::Outside(Cow::Borrowed(path)),
            Some(real) => {
                let place = [&real, rest].concat();
                self.located.borrow_mut().insert(entry.into(), real.into());
                Place::Outside(Cow::Owned(place))
            }
        }
    }

    /// True if this evaluation has made, or fetched, the entry of the store that a path is in.
    fn is_made_here(&self, path: &[u8]) -> bool {
        if path == CORE_FOLDER || path.strip_prefix(CORE_FOLDER).is_some_and(|rest| rest.starts_with(b"/")) {
            return true;
        }
        let Some(inside) = path.strip_prefix(&self.store[..]) else { return false };
        let end = self.store.len() + memchr::memchr(b'/', inside).unwrap_or(inside.len());
        self.entries.borrow().contains_key(&path[..end])
    }
}

/// How a path is used: with its last link followed, or not.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Followed,
    Kept,
}

impl World {
    /// The path with the links in it followed as the program sees them, where that may differ from how the machine does:
    /// among what was put into the store, which may leave out some of what lies beside it. Also where not everything may be
    /// read; then it is an error if the path, or what links make of it, may not be.
    fn open<'p>(&self, path: &'p [u8], last: Last) -> io::Result<Cow<'p, [u8]>> {
        let is_limited = self.is_limited();
        let mut path = Cow::Borrowed(path);
        if !is_limited && !self.is_in_copy(&path) {
            return Ok(path);
        }
        for _ in 0..MOST_LINKS {
            if is_limited && !self.allows(&path) {
                return Err(self.access.refusal(&path));
            }
            match self.without_first_link(&path, last)? {
                None => return Ok(path),
                Some(next) => path = Cow::Owned(next),
            }
        }
        Err(io::Error::other("too many symbolic links"))
    }

    /// True for what is in a copy of a file or folder that lies elsewhere.
    fn is_in_copy(&self, path: &[u8]) -> bool {
        let Some(inside) = path.strip_prefix(&self.store[..]) else { return false };
        let end = self.store.len() + memchr::memchr(b'/', inside).unwrap_or(inside.len());
        matches!(self.entries.borrow().get(&path[..end]), Some(Entry::Copy(..)))
    }

    fn is_limited(&self) -> bool {
        !matches!(self.access, Access::Everything) && !self.fetching.get()
    }

    /// Does something for which the whole machine may be read, and during which no program runs.
    pub(super) fn fetch<T>(&self, body: impl FnOnce() -> T) -> T {
        let before = self.fetching.replace(true);
        let result = body();
        self.fetching.set(before);
        result
    }

    /// An error if a path may not be read, whatever is there.
    pub(super) fn check_path(&self, path: &[u8]) -> Result<()> {
        let refused = self.is_limited() && !self.allows(path);
        let refusal = refused.then(|| Refusal::found_in(&self.access.refusal(path))).flatten();
        refusal.map_or(Ok(()), Err)
    }

    fn allows(&self, path: &[u8]) -> bool {
        // The store's folders lead to what the evaluation has put into it.
        self.access.allows(path) || self.is_made_here(path)
    }

    /// The path with the first link in it replaced by its target.
    fn without_first_link(&self, path: &[u8], last: Last) -> io::Result<Option<Vec<u8>>> {
        let ends = memchr::memchr_iter(b'/', path).skip(1).chain((last == Last::Followed).then_some(path.len()));
        for end in ends {
            let (link, rest) = path.split_at(end);
            if self.unchecked_status(link)?.is_none_or(|found| found.kind != FileType::Symlink) {
                continue;
            }
            let Place::Outside(place) = self.place(link) else { continue };
            let target = self.outside.read_link(&place)?;
            let parent = &link[..link.iter().rposition(|&byte| byte == b'/').unwrap_or(0)];
            let start = if target.starts_with(b"/") { &b""[..] } else { parent };
            return Ok(Some(canonical(&[start, b"/", &target, rest].concat())));
        }
        Ok(None)
    }

    fn unchecked_status(&self, path: &[u8]) -> io::Result<Option<Status>> {
        match self.place(path) {
            Place::Outside(path) => self.seen.status(&*self.outside, &path),
            Place::Contents(_) => Ok(Some(FileType::Regular.into())),
            Place::CoreFolder => Ok(Some(FileType::Directory.into())),
            Place::Nowhere => Ok(None),
            Place::Missing => not_fetched(),
        }
    }
}

impl World {
    /// Leaves only what belongs to the entry of the store that a path is in.
    fn select(&self, path: &[u8], children: &mut Vec<(Vec<u8>, FileType)>) {
        let Some(inside) = path.strip_prefix(&self.store[..]) else { return };
        let end = self.store.len() + memchr::memchr(b'/', inside).unwrap_or(inside.len());
        if let Some(Entry::Copy(_, Some(selection))) = self.entries.borrow().get(&path[..end]) {
            let folder = &path[end..];
            let folder = folder.strip_prefix(b"/").unwrap_or(folder);
            let below = |name: &[u8]| if folder.is_empty() { name.to_vec() } else { [folder, b"/", name].concat() };
            children.retain(|(name, _)| selection.has(&below(name)));
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
        match self.place(&self.open(path, Last::Followed)?) {
            Place::Outside(path) => self.outside.read_file(&path),
            Place::Contents(contents) => Ok(contents.to_vec()),
            Place::CoreFolder => Err(io::ErrorKind::IsADirectory.into()),
            Place::Nowhere => not_found(),
            Place::Missing => not_fetched(),
        }
    }

    fn read_in_pieces(&self, path: &[u8], take: TakePiece<'_>) -> io::Result<()> {
        let opened = self.open(path, Last::Followed)?;
        match self.place(&opened) {
            Place::Outside(place) => self.outside.read_in_pieces(&place, take),
            _ => {
                let contents = self.read_file(path)?;
                take(contents.len() as u64, &contents)
            }
        }
    }

    fn read_dir(&self, path: &[u8]) -> io::Result<Vec<(Vec<u8>, FileType)>> {
        let path = &*self.open(path, Last::Followed)?;
        let is_allowed = |name: &[u8]| self.allows(&[path.strip_suffix(b"/").unwrap_or(path), b"/", name].concat());
        match self.place(path) {
            Place::Outside(place) => {
                let mut entries = self.outside.read_dir(&place)?;
                if self.is_limited() {
                    entries.retain(|(name, _)| is_allowed(name));
                }
                self.select(path, &mut entries);
                Ok(entries)
            }
            Place::CoreFolder => Ok(vec![(b"fetchurl.nix".to_vec(), FileType::Regular)]),
            Place::Contents(_) => Err(io::ErrorKind::NotADirectory.into()),
            Place::Nowhere => not_found(),
            Place::Missing => not_fetched(),
        }
    }

    fn status(&self, path: &[u8]) -> io::Result<Option<Status>> {
        self.unchecked_status(&self.open(path, Last::Kept)?)
    }

    fn read_link(&self, path: &[u8]) -> io::Result<Vec<u8>> {
        match self.place(&self.open(path, Last::Kept)?) {
            Place::Outside(path) => self.outside.read_link(&path),
            Place::Contents(_) | Place::CoreFolder => Err(io::ErrorKind::InvalidInput.into()),
            Place::Nowhere => not_found(),
            Place::Missing => not_fetched(),
        }
    }

    fn variable(&self, name: &[u8]) -> Option<Vec<u8>> {
        match self.access {
            Access::Everything => self.outside.variable(name),
            Access::Only { .. } => None,
        }
    }

    fn now(&self) -> i64 {
        self.outside.now()
    }

    fn nanoseconds(&self) -> i64 {
        self.outside.nanoseconds()
    }

    fn current_dir(&self) -> Vec<u8> {
        self.outside.current_dir()
    }

    fn message(&self, message: &Message<'_>) {
        self.messages.set(self.messages.get() + 1);
        self.outside.message(message);
    }
}

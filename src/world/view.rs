//! The outside world as programs see it: the machine's files, those that come with the language
//! (`<nix/fetchurl.nix>`), and store entries that this evaluation created or fetched, which may be elsewhere or
//! nowhere on disk.

use super::access::{Access, allows_uri};
use super::entries::{Entry, Location, OutsideOfGit, StoreView};
use super::status_cache::StatusCache;
use crate::error::{Code, Error, Refusal, Result};
use crate::flake_ref::file_path;
use crate::io::{FileType, Io, Stamp, Status, TakePiece};
use crate::path::{MOST_LINKS, canonical, link_target, parent};
use crate::settings::Settings;
use crate::source::CORE_FOLDER;
use std::borrow::Cow;
use std::cell::Cell;
use std::io;

const FETCHURL: &[u8] = include_bytes!("fetchurl.nix");

/// The path for `<nix/…>`, if it isn't in the search path.
pub(crate) fn core_path(name: &[u8]) -> Option<Vec<u8>> {
    let inside = canonical(&[b"/", name.strip_prefix(b"nix/")?].concat());
    Some([CORE_FOLDER, inside.strip_suffix(b"/").unwrap_or(&inside)].concat())
}

/// The outside world, including these files.
pub(crate) struct WorldView {
    outside: Box<dyn Io>,
    statuses: StatusCache,
    access: Access,
    /// The addresses that may be fetched, if they are limited.
    allowed_uris: Option<Vec<String>>,
    /// True during a fetch: its address was checked, and the program sees only the result in the store.
    fetching: Cell<bool>,
    store: StoreView,
}

impl WorldView {
    pub(crate) fn new(outside: Box<dyn Io>, settings: &Settings) -> Self {
        Self {
            access: Access::new(settings, &*outside),
            allowed_uris: settings.restricted.then(|| settings.allowed_uris.clone()),
            store: StoreView::new(&settings.store_dir),
            outside,
            statuses: StatusCache::default(),
            fetching: Cell::new(false),
        }
    }

    /// The remembered status of the machine's files.
    pub(crate) fn statuses(&self) -> &StatusCache {
        &self.statuses
    }

    /// Asks the machine and the store again each time.
    pub(crate) fn remember_nothing(&self) {
        self.statuses.remember_nothing();
        self.store.remember_nothing();
    }

    /// The store entries of this evaluation, and the store itself.
    pub(crate) fn store(&self) -> &StoreView {
        &self.store
    }

    /// The world outside, without the store.
    pub(crate) fn outside(&self) -> &dyn Io {
        &*self.outside
    }

    /// Adds an entry of the store, unless the machine has it.
    pub(crate) fn add(&self, path: &[u8], entry: Entry) {
        self.store.add(path, entry, &*self.outside);
    }

    /// The reason why a file is missing, if Git is the reason.
    pub(crate) fn outside_of_git(&self, path: &[u8]) -> Option<OutsideOfGit> {
        self.store.outside_of_git(path, &*self.outside)
    }

    /// The evaluation relies on the contents of a file that had this stamp, without reading it.
    pub(crate) fn rely_on(&self, path: &[u8], stamp: Stamp) {
        if let Location::Outside(place) = self.place(path) {
            self.outside.rely_on(&place, stamp);
        }
    }

    /// The place of a file on this machine, and the path that others must be below to be read ahead of time with it;
    /// `None` if none may.
    pub(crate) fn place_ahead(&self, path: &[u8]) -> Option<(Vec<u8>, Option<Vec<u8>>)> {
        let Location::Outside(place) = self.place(path) else { return None };
        let within = if self.is_limited() { Some(path[..self.store.entry_length(path)?].to_vec()) } else { None };
        Some((place.into_owned(), within))
    }

    fn place<'p>(&self, path: &'p [u8]) -> Location<'p> {
        match path.strip_prefix(CORE_FOLDER) {
            Some(b"") => Location::CoreFolder,
            Some(b"/fetchurl.nix") => Location::Contents(FETCHURL.into()),
            Some(rest) if rest.starts_with(b"/") => Location::Nowhere,
            _ => self.store.place(path),
        }
    }
}

/// The use of a path: with its last link followed, or not.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Followed,
    Kept,
}

impl WorldView {
    /// The path with its links followed as the program sees them. This may differ from the system's view in store
    /// entries, which may leave out files next to them, and if read access is limited; then it fails if the path, or
    /// its target, is forbidden.
    fn open<'p>(&self, path: &'p [u8], last: Last) -> io::Result<Cow<'p, [u8]>> {
        let is_limited = self.is_limited();
        let mut path = Cow::Borrowed(path);
        if !is_limited && !self.store.is_in_copy(&path) {
            return Ok(path);
        }
        for _ in 0..MOST_LINKS {
            if is_limited && !self.allows(&path) {
                return Err(self.access.refusal(&path));
            }
            match self.without_first_link(&path, last)? {
                None => {
                    self.remember_folder(&path)?;
                    return Ok(path);
                }
                Some(next) => path = Cow::Owned(next),
            }
        }
        Err(io::Error::other("too many symbolic links"))
    }

    fn is_limited(&self) -> bool {
        !matches!(self.access, Access::Everything) && !self.fetching.get()
    }

    /// Runs `body` with access to the whole machine. No program runs meanwhile.
    pub(crate) fn fetch<T>(&self, body: impl FnOnce() -> T) -> T {
        let before = self.fetching.replace(true);
        let result = body();
        self.fetching.set(before);
        result
    }

    /// Fails if a path is forbidden, whether it exists or not.
    fn check_path(&self, path: &[u8]) -> Result<()> {
        let refused = self.is_limited() && !self.allows(path);
        let refusal = refused.then(|| Refusal::found_in(&self.access.refusal(path))).flatten();
        refusal.map_or(Ok(()), Err)
    }

    /// Checks that the settings allow fetches from this address. A path or `file:` address must be among the readable
    /// files.
    ///
    /// # Errors
    ///
    /// Fails with C++ Nix's `access to URI '…' is forbidden in restricted mode`.
    pub(crate) fn check_uri(&self, uri: &str) -> Result<()> {
        if self.allowed_uris.as_ref().is_none_or(|allowed| allows_uri(allowed, uri)) {
            return Ok(());
        }
        let path = if uri.starts_with('/') { Some(uri.as_bytes().to_vec()) } else { file_path(uri.as_bytes()) };
        if let Some(path) = path {
            return self.check_path(&canonical(&path));
        }
        let text = format!("access to URI '{uri}' is forbidden in restricted mode");
        Err(Error::eval(text).with_code(Code::FORBIDDEN))
    }

    fn allows(&self, path: &[u8]) -> bool {
        // The store's folders lead to the entries of the evaluation.
        self.access.allows(path) || self.store.is_made_here(path) || is_core(path)
    }

    /// The path with its first link replaced by its target.
    fn without_first_link(&self, path: &[u8], last: Last) -> io::Result<Option<Vec<u8>>> {
        let folder = parent(path);
        let start = if self.statuses.is_straight(folder) {
            folder.len() + 1
        } else {
            // For a program the store's folder exists and is not a link.
            self.store.entry_length(path).unwrap_or(1)
        };
        let slashes = memchr::memchr_iter(b'/', &path[start.min(path.len())..]).map(|slash| start + slash);
        let ends = slashes.chain((last == Last::Followed).then_some(path.len()));
        for end in ends {
            let (link, rest) = path.split_at(end);
            if self.unchecked_status(link)?.is_none_or(|found| found.kind != FileType::Symlink) {
                continue;
            }
            let Location::Outside(place) = self.place(link) else { continue };
            let target = self.outside.read_link(&place)?;
            return Ok(Some(canonical(&[&link_target(link, &target), rest].concat())));
        }
        Ok(None)
    }

    /// Records that no link leads to the folder of a path without links, unless that folder may still be created.
    fn remember_folder(&self, path: &[u8]) -> io::Result<()> {
        let (folder, is_entry) = (parent(path), self.store.entry_length(path) == Some(path.len()));
        if !is_entry
            && !self.statuses.is_straight(folder)
            && self.unchecked_status(folder)?.is_some_and(|found| found.kind == FileType::Directory)
        {
            self.statuses.add_straight(folder);
        }
        Ok(())
    }

    fn unchecked_status(&self, path: &[u8]) -> io::Result<Option<Status>> {
        match self.place(path) {
            Location::Outside(path) => self.statuses.status(&*self.outside, &path),
            Location::Contents(_) => Ok(Some(FileType::Regular.into())),
            Location::CoreFolder => Ok(Some(FileType::Directory.into())),
            Location::Nowhere => Ok(None),
            Location::Missing => not_fetched(),
        }
    }
}

/// True for the folder of the files that come with the language, and everything in it.
fn is_core(path: &[u8]) -> bool {
    path.strip_prefix(CORE_FOLDER).is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
}

fn not_found<T>() -> io::Result<T> {
    Err(io::ErrorKind::NotFound.into())
}

fn not_fetched<T>() -> io::Result<T> {
    Err(io::Error::other("it was not fetched; a local copy can be given with --source"))
}

impl Io for WorldView {
    fn read_file(&self, path: &[u8]) -> io::Result<Vec<u8>> {
        match self.place(&self.open(path, Last::Followed)?) {
            Location::Outside(path) => self.outside.read_file(&path),
            Location::Contents(contents) => Ok(contents.to_vec()),
            Location::CoreFolder => Err(io::ErrorKind::IsADirectory.into()),
            Location::Nowhere => not_found(),
            Location::Missing => not_fetched(),
        }
    }

    fn read_in_pieces(&self, path: &[u8], take: TakePiece<'_>) -> io::Result<()> {
        let opened = self.open(path, Last::Followed)?;
        match self.place(&opened) {
            Location::Outside(place) => self.outside.read_in_pieces(&place, take),
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
            Location::Outside(place) => {
                let mut entries = self.store.list(path, &place, &*self.outside)?;
                if self.is_limited() {
                    entries.retain(|(name, _)| is_allowed(name));
                }
                Ok(entries)
            }
            Location::CoreFolder => Ok(vec![(b"fetchurl.nix".to_vec(), FileType::Regular)]),
            Location::Contents(_) => Err(io::ErrorKind::NotADirectory.into()),
            Location::Nowhere => not_found(),
            Location::Missing => not_fetched(),
        }
    }

    fn status(&self, path: &[u8]) -> io::Result<Option<Status>> {
        self.unchecked_status(&self.open(path, Last::Kept)?)
    }

    fn read_link(&self, path: &[u8]) -> io::Result<Vec<u8>> {
        match self.place(&self.open(path, Last::Kept)?) {
            Location::Outside(path) => self.outside.read_link(&path),
            Location::Contents(_) | Location::CoreFolder => Err(io::ErrorKind::InvalidInput.into()),
            Location::Nowhere => not_found(),
            Location::Missing => not_fetched(),
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
}

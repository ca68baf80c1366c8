//! A cache in a folder. Like [`SystemIo`](crate::io::SystemIo) for files, it implements an interface for the real
//! disk.
//!
//! The folder contains packs. A run opens them when it evaluates its first file, and writes new entries as one more
//! pack when it ends. A pack is written under a temporary name first, so that it is either whole or absent. Packs
//! that are not much larger than the new one are merged into it, which keeps their number low: each is at least twice
//! as large as all smaller ones together. When all packs together exceed the limit, the largest one, which has the
//! oldest entries, is deleted. Runs that end at once wait for each other, and leave out entries that another has
//! written meanwhile.

use super::pack::{Contents, Pack};
use super::{Cache, Entry, Key, StampId};
use crate::io::native::create_private_dir;
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The size limit of all packs, in bytes.
const LIMIT: u64 = 512 << 20;
/// The largest number of bytes kept in memory before they are written.
const MOST_PENDING: usize = 64 << 20;
/// The time that a run waits for other writers. A stopped process must not stop all others.
const PATIENCE: Duration = Duration::from_secs(1);
/// A temporary file older than this will not be finished.
const ABANDONED: Duration = Duration::from_secs(3600);
/// The file name ending with the version of the format: packs of other versions belong to other programs.
const PACK: &str = "pack1";
const UNFINISHED: &str = "new";

/// A cache of lowered files in a folder.
#[derive(Debug)]
pub struct DiskCache {
    folder: PathBuf,
    limit: u64,
    state: RefCell<State>,
}

/// The contents of a cache in a folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Census {
    /// The number of packs.
    pub packs: usize,
    /// The number of lowered files in them.
    pub entries: usize,
    /// Their size, in bytes.
    pub bytes: u64,
}

#[derive(Debug, Default)]
struct State {
    /// The packs, once they are opened.
    packs: Option<Vec<Open>>,
    new: FxHashMap<Key, (Vec<u8>, Arc<[u8]>)>,
    new_bytes: usize,
    stamps: FxHashMap<StampId, Key>,
}

#[derive(Debug)]
struct Open {
    path: PathBuf,
    /// `None` if the file is not a pack.
    pack: Option<Pack>,
    is_damaged: bool,
}

impl Open {
    fn sound(&self) -> Option<&Pack> {
        self.pack.as_ref().filter(|_| !self.is_damaged)
    }
}

impl DiskCache {
    /// The cache in a folder, which need not exist. Nothing is opened before it is needed.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), limit: LIMIT, state: RefCell::default() }
    }

    /// The same cache with this size limit, in bytes.
    pub fn with_limit(mut self, bytes: u64) -> Self {
        self.limit = bytes;
        self
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Counts the contents of the folder.
    pub fn census(&self) -> Census {
        let packs = open_all(&self.folder);
        let entries = packs.iter().filter_map(Open::sound).map(|pack| pack.entries().len()).sum();
        let bytes = packs.iter().filter_map(|open| fs::metadata(&open.path).ok()).map(|file| file.len()).sum();
        Census { packs: packs.len(), entries, bytes }
    }

    /// Removes all packs and unfinished files of the folder.
    ///
    /// # Errors
    ///
    /// Fails if a file cannot be removed.
    pub fn clear(&self) -> io::Result<()> {
        let unfinished = files(&self.folder, UNFINISHED);
        files(&self.folder, PACK).chain(unfinished).try_for_each(|path| match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        })
    }

    /// Writes the new entries. They are dropped on errors, since a cache is not essential.
    ///
    /// # Errors
    ///
    /// Fails on write errors; callers may ignore them.
    pub fn save(&self) -> io::Result<()> {
        let State { packs, new, stamps, .. } = std::mem::take(&mut *self.state.borrow_mut());
        let damaged = packs.into_iter().flatten().filter(|open| open.is_damaged).map(|open| open.path).collect();
        let saving = Saving { folder: &self.folder, limit: self.limit, damaged };
        if new.is_empty() && stamps.is_empty() && saving.damaged.is_empty() {
            return Ok(());
        }
        saving.save(&new, &stamps)
    }

    fn with_packs<T>(&self, body: impl FnOnce(&mut Vec<Open>) -> T) -> T {
        let mut state = self.state.borrow_mut();
        body(state.packs.get_or_insert_with(|| open_all(&self.folder)))
    }
}

impl Cache for DiskCache {
    fn key(&self, stamp: &StampId) -> Option<Key> {
        let pending = self.state.borrow().stamps.get(stamp).copied();
        pending
            .or_else(|| self.with_packs(|packs| packs.iter().filter_map(Open::sound).find_map(|pack| pack.key(stamp))))
    }

    fn entry<'r>(&self, key: &Key, room: &'r mut Vec<u8>) -> Option<Entry<'r>> {
        if let Some((unit, text)) = self.state.borrow().new.get(key) {
            room.clone_from(unit);
            return Some(Entry { unit: room, text_len: text.len() as u32 });
        }
        let (unit_len, text_len) = self.with_packs(|packs| {
            packs.iter_mut().find_map(|open| {
                let pack = open.sound()?;
                let found = pack.unit(&pack.row(key)?, room);
                open.is_damaged = found.is_none();
                found
            })
        })?;
        Some(Entry { unit: room.get(..unit_len)?, text_len })
    }

    fn text(&self, key: &Key) -> Option<Vec<u8>> {
        if let Some((_, text)) = self.state.borrow().new.get(key) {
            return Some(text.to_vec());
        }
        let text = |pack: &Pack| pack.text(&pack.row(key)?);
        self.with_packs(|packs| packs.iter().filter_map(Open::sound).find_map(text))
    }

    fn add(&self, key: Key, unit: Vec<u8>, text: Arc<[u8]>) {
        let mut state = self.state.borrow_mut();
        state.new_bytes += unit.len() + text.len();
        state.new.insert(key, (unit, text));
        let is_much = state.new_bytes > MOST_PENDING;
        drop(state);
        if is_much {
            let _ = self.save();
        }
    }

    fn add_stamp(&self, stamp: StampId, key: Key) {
        self.state.borrow_mut().stamps.insert(stamp, key);
    }

    fn refuse(&self, key: &Key) {
        let mut state = self.state.borrow_mut();
        state.new.remove(key);
        for open in state.packs.iter_mut().flatten() {
            open.is_damaged |= open.pack.as_ref().is_some_and(|pack| pack.row(key).is_some());
        }
    }
}

/// A single write of the new entries.
struct Saving<'a> {
    folder: &'a Path,
    limit: u64,
    damaged: Vec<PathBuf>,
}

impl Saving<'_> {
    fn save(&self, new: &FxHashMap<Key, (Vec<u8>, Arc<[u8]>)>, stamps: &FxHashMap<StampId, Key>) -> io::Result<()> {
        make_folder(self.folder)?;
        // The lock is released when the file is closed.
        let _lock = lock(self.folder);
        let all = open_all(self.folder);
        let (sound, unsound): (Vec<&Open>, Vec<&Open>) =
            all.iter().partition(|open| open.sound().is_some() && !self.damaged.contains(&open.path));
        let mut packs: Vec<(&Path, &Pack)> =
            sound.iter().filter_map(|open| Some((&*open.path, open.sound()?))).collect();
        let mut contents = Contents::default();
        for (key, (unit, text)) in new {
            if !packs.iter().any(|(_, pack)| pack.row(key).is_some()) {
                contents.add(*key, unit, text);
            }
        }
        let is_known = |stamp: &StampId| packs.iter().any(|(_, pack)| pack.key(stamp).is_some());
        contents.stamps.extend(stamps.iter().filter(|(stamp, _)| !is_known(stamp)).map(|(stamp, key)| (*stamp, *key)));
        let mut replaced: Vec<&Path> = unsound.iter().map(|open| &*open.path).collect();
        if !contents.is_empty() {
            packs.sort_by_key(|(_, pack)| pack.size);
            replaced.extend(absorb(&mut contents, &mut packs));
            replaced.extend(make_room(&contents, &mut packs, self.limit));
            if contents.size() <= self.limit {
                self.write(contents)?;
            }
        }
        replaced.iter().for_each(|path| drop(fs::remove_file(path)));
        remove_abandoned(self.folder);
        Ok(())
    }

    /// Writes a pack under a name that no other run uses.
    fn write(&self, contents: Contents<'_>) -> io::Result<()> {
        let time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        let name = self.folder.join(format!("{time:x}-{:x}", std::process::id()));
        let unfinished = name.with_extension(UNFINISHED);
        let written = File::create_new(&unfinished)
            .and_then(|file| contents.write(&file))
            .and_then(|()| fs::rename(&unfinished, name.with_extension(PACK)));
        if written.is_err() {
            let _ = fs::remove_file(&unfinished);
        }
        written
    }
}

/// Merges the packs that are not much larger than the new one, smallest first.
fn absorb<'p>(contents: &mut Contents<'p>, packs: &mut Vec<(&'p Path, &'p Pack)>) -> Vec<&'p Path> {
    let mut absorbed = Vec::new();
    while let Some((path, pack)) = packs.first().copied()
        && pack.size <= contents.size() * 2
    {
        contents.add_pack(pack);
        absorbed.push(path);
        packs.remove(0);
    }
    absorbed
}

/// Deletes the largest packs until the rest fits into the limit.
fn make_room<'p>(contents: &Contents<'_>, packs: &mut Vec<(&'p Path, &'p Pack)>, limit: u64) -> Vec<&'p Path> {
    let mut given_up = Vec::new();
    while packs.iter().map(|(_, pack)| pack.size).sum::<u64>() + contents.size() > limit {
        let Some((path, _)) = packs.pop() else { break };
        given_up.push(path);
    }
    given_up
}

/// All packs in a folder. If another run has just merged a pack into a new one, the folder is read again.
fn open_all(folder: &Path) -> Vec<Open> {
    const TRIES: usize = 3;
    let mut opened = Vec::new();
    for _ in 0..TRIES {
        opened.clear();
        let mut is_gone = false;
        for path in files(folder, PACK) {
            match Pack::open(&path) {
                Ok(pack) => opened.push(Open { path, is_damaged: pack.is_none(), pack }),
                Err(error) => is_gone |= error.kind() == io::ErrorKind::NotFound,
            }
        }
        if !is_gone {
            break;
        }
    }
    opened
}

fn files(folder: &Path, extension: &'static str) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.filter(move |path| path.extension().is_some_and(|found| found == extension))
}

/// The folder is private: its files decide what programs evaluate to.
fn make_folder(folder: &Path) -> io::Result<()> {
    create_private_dir(folder)
}

/// Waits for its turn; continues without a lock on file systems that have none.
fn lock(folder: &Path) -> Option<File> {
    const PAUSE: Duration = Duration::from_millis(5);
    let file = File::create(folder.join("lock")).ok()?;
    let mut waited = Duration::ZERO;
    while let Err(fs::TryLockError::WouldBlock) = file.try_lock() {
        if waited >= PATIENCE {
            return None;
        }
        std::thread::sleep(PAUSE);
        waited += PAUSE;
    }
    Some(file)
}

fn remove_abandoned(folder: &Path) {
    let is_old = |path: &PathBuf| {
        let modified = fs::metadata(path).and_then(|file| file.modified());
        modified.is_ok_and(|time| time.elapsed().is_ok_and(|age| age > ABANDONED))
    };
    files(folder, UNFINISHED).filter(is_old).for_each(|path| drop(fs::remove_file(path)));
}

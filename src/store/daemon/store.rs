//! The daemon's store, as the evaluator sees it.

use super::address::DaemonAddress;
use super::client::{Client, Listener};
use super::types::{BuildMode, BuildResult, ClientOptions, DerivedPath, Missing, PathInfo, Version};
use super::upload::Contents;
use crate::error::{Cause, Error, ErrorKind, Result};
use crate::io::SystemIo;
use crate::store::backend::{NewEntry, NewText, OutputPath, Store};
use crate::store::content::Method;
use crate::store::folder::disk_error;
use crate::store::path::StorePath;
use crate::store::staging::Staging;
use crate::store::tree::write_archive;
use rustc_hash::FxHashSet;
use std::cell::RefCell;
use std::ffi::OsStr;
use std::fmt::{self, Debug};
use std::fs::File;
use std::io::Read;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::thread;
use std::time::Duration;

/// Contents are read in pieces of this size, in bytes.
const PIECE: usize = 64 << 10;

/// The pauses between attempts to be greeted.
const PAUSES: [Duration; 3] = [Duration::from_millis(20), Duration::from_millis(100), Duration::from_millis(500)];

/// The store of a daemon. The connection is opened when it is first needed, and lasts as long as the store: what
/// was added stays protected from collection until then.
pub struct DaemonStore {
    address: DaemonAddress,
    newest: Version,
    options: ClientOptions,
    listener: Rc<dyn Listener>,
    /// The folder that the paths of entries begin at on this machine; `/` unless the store is elsewhere.
    root: PathBuf,
    /// The folder where trees are made before they are sent.
    staging: PathBuf,
    is_stopped: RefCell<Rc<dyn Fn() -> bool>>,
    client: RefCell<Option<Client>>,
    /// The protected entries, which a new connection protects again.
    protected: RefCell<Vec<StorePath>>,
    /// The entries that are known to be valid.
    valid: RefCell<FxHashSet<StorePath>>,
}

impl Debug for DaemonStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("DaemonStore").field("address", &self.address).field("root", &self.root).finish()
    }
}

impl DaemonStore {
    /// The store of the daemon at an address. Trees are made in the folder `staging` before they are sent.
    pub fn at(address: DaemonAddress, staging: impl Into<PathBuf>, listener: Rc<dyn Listener>) -> Self {
        Self {
            address,
            newest: Version::NEWEST,
            options: ClientOptions::default(),
            listener,
            root: "/".into(),
            staging: staging.into(),
            is_stopped: RefCell::new(Rc::new(|| false)),
            client: RefCell::default(),
            protected: RefCell::default(),
            valid: RefCell::default(),
        }
    }

    /// Sets the folder where the paths of entries begin, as `root` in the address of a store.
    #[must_use]
    pub fn with_root(mut self, root: impl Into<PathBuf>) -> Self {
        self.root = root.into();
        self
    }

    /// Sets the newest version of the protocol to speak.
    #[must_use]
    pub fn with_newest_version(mut self, newest: Version) -> Self {
        self.newest = newest;
        self
    }

    /// Sets the options that the daemon gets.
    #[must_use]
    pub fn with_options(mut self, options: ClientOptions) -> Self {
        self.options = options;
        self
    }

    /// Calls `ask` with the connection.
    ///
    /// # Errors
    ///
    /// Fails if there is no daemon, or if `ask` fails.
    pub fn with_client<T>(&self, ask: impl FnOnce(&mut Client) -> Result<T>) -> Result<T> {
        let mut slot = self.client.borrow_mut();
        let mut client = match slot.take() {
            Some(client) => client,
            None => self.connected()?,
        };
        let answer = ask(&mut client);
        // After an error it is not sure what the daemon takes the next bytes for.
        if answer.is_ok() {
            *slot = Some(client);
        }
        answer
    }

    fn connected(&self) -> Result<Client> {
        let mut client = self.greeted()?;
        client.set_options(&self.options)?;
        let protected = self.protected.borrow();
        client.add_temporary_roots(&protected)?;
        Ok(client)
    }

    /// A new connection. A daemon that finds its database busy ends one before it greets, so a few are tried.
    fn greeted(&self) -> Result<Client> {
        let mut pauses = PAUSES.iter();
        loop {
            let (listener, is_stopped) = (Rc::clone(&self.listener), Rc::clone(&self.is_stopped.borrow()));
            match Client::connect(&self.address, self.newest, listener, is_stopped) {
                Err(error) if *error.cause() == Cause::Disconnected => match pauses.next() {
                    Some(pause) => thread::sleep(*pause),
                    None => return Err(error),
                },
                greeted => return greeted,
            }
        }
    }

    /// The real location of an entry, whether it exists or not.
    fn real(&self, path: &[u8]) -> PathBuf {
        self.root.join(OsStr::from_bytes(path.strip_prefix(b"/").unwrap_or(path)))
    }

    fn is_valid(&self, entry: &[u8]) -> bool {
        if self.valid.borrow().contains(entry) {
            return true;
        }
        let is_valid = self.with_client(|client| client.is_valid(entry)).unwrap_or(false);
        if is_valid {
            self.valid.borrow_mut().insert(entry.into());
        }
        is_valid
    }

    /// Adds an entry whose contents `write` writes.
    fn add(&self, entry: &NewEntry<'_>, write: Contents<'_>) -> Result<()> {
        let path = self.with_client(|client| client.add(entry, write))?;
        self.has_added(entry.path, path)
    }

    /// Records an entry that was added, if it is where it should be.
    fn has_added(&self, expected: &[u8], path: StorePath) -> Result<()> {
        if *path != *expected {
            return Err(other_path(expected, &path));
        }
        self.protected.borrow_mut().push(path.clone());
        self.valid.borrow_mut().insert(path);
        Ok(())
    }
}

impl Store for DaemonStore {
    fn locate(&self, entry: &[u8]) -> Option<Vec<u8>> {
        let real = self.real(entry);
        // A leftover of a failed build lies there too, but is not valid.
        let is_there = real.symlink_metadata().is_ok() && self.is_valid(entry);
        is_there.then(|| real.into_os_string().into_vec())
    }

    fn missing(&self, entries: &[StorePath]) -> Result<Vec<StorePath>> {
        if entries.is_empty() {
            return Ok(Vec::new());
        }
        let valid = self.with_client(|client| {
            client.add_temporary_roots(entries)?;
            client.valid_paths(entries, false)
        })?;
        self.protected.borrow_mut().extend_from_slice(entries);
        self.valid.borrow_mut().extend(valid);
        let valid = self.valid.borrow();
        Ok(entries.iter().filter(|entry| !valid.contains(*entry)).cloned().collect())
    }

    fn stage(&self) -> Result<Staging> {
        Staging::beside(&self.staging)
    }

    fn stage_apart(&self, folder: &Path) -> Result<Staging> {
        Staging::apart(&self.staging, folder)
    }

    fn publish(&self, staged: &Staging, entry: &NewEntry<'_>) -> Result<Vec<u8>> {
        if !self.is_valid(entry.path) {
            let place = staged.place();
            self.add(entry, &mut |write| match entry.method {
                Method::Flat | Method::Text => write_file(place, write),
                _ => write_archive(&SystemIo, place.as_os_str().as_bytes(), write),
            })?;
        }
        staged.clear();
        Ok(self.real(entry.path).into_os_string().into_vec())
    }

    fn add_texts(&self, texts: &[NewText<'_>]) -> Result<bool> {
        let paths = self.with_client(|client| client.add_texts(texts))?;
        texts.iter().zip(paths).try_for_each(|(text, path)| self.has_added(text.path, path))?;
        Ok(true)
    }

    fn stop_if(&self, is_stopped: Rc<dyn Fn() -> bool>) {
        self.is_stopped.replace(is_stopped);
    }

    fn can_build(&self) -> bool {
        true
    }

    fn build(&self, targets: &[DerivedPath], mode: BuildMode) -> Result<Vec<BuildResult>> {
        self.with_client(|client| client.build(targets, mode))
    }

    fn build_all(&self, targets: &[DerivedPath]) -> Result<()> {
        self.with_client(|client| client.build_all(targets))
    }

    fn build_plan(&self, targets: &[DerivedPath]) -> Result<Missing> {
        self.with_client(|client| client.missing(targets))
    }

    fn outputs(&self, derivation: &[u8]) -> Result<Vec<OutputPath>> {
        self.with_client(|client| client.outputs(derivation))
    }

    fn info(&self, entry: &[u8]) -> Result<Option<PathInfo>> {
        self.with_client(|client| client.path_info(entry))
    }

    fn add_root(&self, link: &[u8]) -> Result<()> {
        self.with_client(|client| client.add_indirect_root(link))
    }
}

/// Writes the contents of a file, piece by piece.
fn write_file(place: &Path, write: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<()> {
    let mut file = File::open(place).map_err(|error| disk_error("opening", place, &error))?;
    let mut buffer = vec![0; PIECE];
    loop {
        match file.read(&mut buffer).map_err(|error| disk_error("reading", place, &error))? {
            0 => return Ok(()),
            length => write(&buffer[..length])?,
        }
    }
}

#[cold]
fn other_path(expected: &[u8], got: &[u8]) -> Error {
    let (expected, got) = (String::from_utf8_lossy(expected), String::from_utf8_lossy(got));
    ErrorKind::Store(format!("the daemon's store has put '{expected}' at '{got}'")).into()
}

//! Fetching from local servers: results, caching, and failures of servers and networks.

#[path = "fetch/downloads.rs"]
mod downloads;
#[path = "fetch/keeping.rs"]
mod keeping;
#[path = "fetch/server.rs"]
mod server;
#[path = "fetch/trees.rs"]
mod trees;

use libtest_mimic::{Failed, Trial};
use nivis::Result;
use nivis::fetch::options::FetchOptions;
use nivis::fetch::system::SystemFetcher;
use nivis::fetch::{Downloaded, Fetch, FetchContext, Fetched};
use nivis::flake_ref::InputAttrs;
use nivis::io::{Console, FileType, Io, MemoryIo, Message, Progress, Status};
use nivis::store::folder::FolderStore;
use std::cell::{Cell, RefCell};
use std::io;
use std::path::Path;
use tempfile::TempDir;

type Outcome = std::result::Result<(), Failed>;

/// One trial per case.
pub(crate) fn trials() -> Vec<Trial> {
    let rows = downloads::CASES.iter().chain(keeping::CASES).chain(trees::CASES);
    rows.map(|(name, case)| Trial::test(format!("fetch/{name}"), case)).collect()
}

fn check<T: std::fmt::Debug + PartialEq>(got: T, wanted: T) -> Outcome {
    if got == wanted { Ok(()) } else { Err(format!("wanted {wanted:?}, got {got:?}").into()) }
}

/// A world without files whose clock can be set.
#[derive(Debug, Default)]
struct World {
    memory: MemoryIo,
    messages: RefCell<Vec<String>>,
    now: Cell<i64>,
    progress: RefCell<Vec<(u64, bool)>>,
}

impl Io for World {
    fn read_file(&self, path: &[u8]) -> io::Result<Vec<u8>> {
        self.memory.read_file(path)
    }
    fn read_dir(&self, path: &[u8]) -> io::Result<Vec<(Vec<u8>, FileType)>> {
        self.memory.read_dir(path)
    }
    fn status(&self, path: &[u8]) -> io::Result<Option<Status>> {
        self.memory.status(path)
    }
    fn read_link(&self, path: &[u8]) -> io::Result<Vec<u8>> {
        self.memory.read_link(path)
    }
    fn variable(&self, name: &[u8]) -> Option<Vec<u8>> {
        self.memory.variable(name)
    }
    fn now(&self) -> i64 {
        self.now.get()
    }
    fn current_dir(&self) -> Vec<u8> {
        self.memory.current_dir()
    }
}

impl Console for World {
    fn message(&self, message: &Message<'_>) {
        self.messages.borrow_mut().push(String::from_utf8_lossy(&message.plain(false)).into_owned());
    }
    fn progress(&self, progress: &Progress<'_>) {
        self.progress.borrow_mut().push((progress.done, progress.is_finished));
    }
}

/// A place to fetch to.
struct Place {
    folder: TempDir,
    world: World,
    options: FetchOptions,
}

impl Place {
    /// Tries end soon, and follow each other at once.
    fn new() -> std::result::Result<Self, Failed> {
        let folder = tempfile::tempdir()?;
        let mut options = FetchOptions::new(folder.path().join("cache"));
        options.retry_delay = 0;
        options.retry_delay_rate_limited = 0;
        Ok(Self { folder, world: World::default(), options })
    }

    fn fetcher(&self) -> SystemFetcher {
        SystemFetcher::new(self.options.clone())
    }

    fn with<T>(&self, body: impl FnOnce(&FetchContext<'_>) -> T) -> T {
        self.with_stop(&|| false, body)
    }

    fn with_stop<T>(&self, stop: &dyn Fn() -> bool, body: impl FnOnce(&FetchContext<'_>) -> T) -> T {
        let store = FolderStore::at(self.folder.path().join("root"), "/nix/store");
        body(&FetchContext { io: &self.world, console: &self.world, store: &store, store_dir: "/nix/store", stop })
    }

    fn file(&self, url: &str) -> Result<Downloaded> {
        self.with(|context| self.fetcher().file(context, url, b"x"))
    }

    fn tree(&self, input: &InputAttrs) -> Result<Fetched> {
        self.with(|context| self.fetcher().tree(context, input))
    }

    /// The contents of the file at an address, or the message of the error.
    fn text(&self, url: &str) -> String {
        match self.file(url) {
            Ok(downloaded) => {
                String::from_utf8_lossy(&std::fs::read(path(&downloaded.place)).unwrap_or_default()).into_owned()
            }
            Err(error) => error.to_string(),
        }
    }
}

fn path(bytes: &[u8]) -> &Path {
    use std::os::unix::ffi::OsStrExt;
    Path::new(std::ffi::OsStr::from_bytes(bytes))
}

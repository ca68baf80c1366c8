//! The only door out of the library: files, environment, clock, and the messages a program prints.
//!
//! The evaluator caches what it reads by itself; an [`Io`] need not.

use crate::cache::Stamp;
use crate::heap::fallible;
use crate::report::Message;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// What a directory entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileType {
    /// A regular file.
    Regular,
    /// A directory.
    Directory,
    /// A symbolic link.
    Symlink,
    /// A device, socket or pipe.
    Unknown,
}

impl FileType {
    /// The name `readDir` gives it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Regular => "regular",
            Self::Directory => "directory",
            Self::Symlink => "symlink",
            Self::Unknown => "unknown",
        }
    }
}

/// What the system says of what is at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// What is there.
    pub kind: FileType,
    /// True for a regular file that its owner may execute.
    pub is_executable: bool,
    /// What tells the state that a regular file is in from its other states; `None` if nothing does.
    pub stamp: Option<Stamp>,
}

impl From<FileType> for Status {
    /// Nothing more is known.
    fn from(kind: FileType) -> Self {
        Self { kind, is_executable: false, stamp: None }
    }
}

/// Who takes a file in pieces: how long it is, and a piece.
pub type TakePiece<'t> = &'t mut dyn FnMut(u64, &[u8]) -> io::Result<()>;

/// Everything outside the program. Paths are absolute and are bytes, as Nix has them.
pub trait Io {
    /// The contents of a file, links followed.
    ///
    /// # Errors
    /// Those of the file system.
    fn read_file(&self, path: &[u8]) -> io::Result<Vec<u8>>;

    /// The contents of a file in pieces, links followed, for files that need not fit into memory. `take` gets how long the file
    /// is, and the next piece; once for an empty file.
    ///
    /// # Errors
    /// Those of the file system, and of `take`; that the file became shorter meanwhile.
    fn read_in_pieces(&self, path: &[u8], take: TakePiece<'_>) -> io::Result<()> {
        let contents = self.read_file(path)?;
        take(contents.len() as u64, &contents)
    }

    /// Names and types of a directory's entries, in any order.
    ///
    /// # Errors
    /// Those of the file system.
    fn read_dir(&self, path: &[u8]) -> io::Result<Vec<(Vec<u8>, FileType)>>;

    /// What is at a path, its last link not followed. `None` if nothing is there.
    ///
    /// # Errors
    /// Those of the file system, "not found" and "not a directory" excepted.
    fn status(&self, path: &[u8]) -> io::Result<Option<Status>>;

    /// Where a symbolic link points.
    ///
    /// # Errors
    /// Those of the file system.
    fn read_link(&self, path: &[u8]) -> io::Result<Vec<u8>>;

    /// When what is at a path was last changed, its last link not followed, in seconds since 1970; `None` if nobody knows.
    ///
    /// # Errors
    /// Those of the file system.
    fn modified(&self, path: &[u8]) -> io::Result<Option<i64>> {
        let stamp = self.status(path)?.and_then(|status| status.stamp);
        Ok(stamp.map(|stamp| stamp.modified.div_euclid(1_000_000_000)))
    }

    /// An environment variable.
    fn variable(&self, name: &[u8]) -> Option<Vec<u8>>;

    /// Seconds since 1970.
    fn now(&self) -> i64;

    /// The same, in parts of a billion.
    fn nanoseconds(&self) -> i64 {
        self.now().saturating_mul(1_000_000_000)
    }

    /// The directory that relative paths start from.
    fn current_dir(&self) -> Vec<u8>;

    /// Shows a trace or a warning.
    fn message(&self, message: &Message<'_>);

    /// Hears how far something is that takes long, at most ten times a second. What is quick is never told of.
    fn progress(&self, _: &Progress<'_>) {}
}

/// How far something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress<'p> {
    /// What is being done, as the address of a download.
    pub what: &'p str,
    /// Bytes that are done.
    pub done: u64,
    /// Bytes in all, if that is known.
    pub total: Option<u64>,
    /// This is the last that is heard of it.
    pub is_finished: bool,
}

/// The machine's own files, environment, clock and standard error.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemIo;

fn os(path: &[u8]) -> &Path {
    Path::new(OsStr::from_bytes(path))
}

fn type_of(kind: std::fs::FileType) -> FileType {
    if kind.is_file() {
        FileType::Regular
    } else if kind.is_dir() {
        FileType::Directory
    } else if kind.is_symlink() {
        FileType::Symlink
    } else {
        FileType::Unknown
    }
}

fn status_of(file: &Metadata) -> Status {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let time = |seconds: i64, nanoseconds: i64| seconds.saturating_mul(1_000_000_000).saturating_add(nanoseconds);
    let stamp = || Stamp {
        device: file.dev(),
        inode: file.ino(),
        size: file.len(),
        modified: time(file.mtime(), file.mtime_nsec()),
        changed: time(file.ctime(), file.ctime_nsec()),
    };
    Status {
        kind: type_of(file.file_type()),
        is_executable: file.is_file() && file.permissions().mode() & 0o100 != 0,
        stamp: file.is_file().then(stamp),
    }
}

/// The contents of a file that was opened; none of what is no regular file.
fn whole(mut file: File, status: &Metadata) -> io::Result<Vec<u8>> {
    let mut contents = Vec::new();
    if status.is_file() {
        let length = usize::try_from(status.len()).unwrap_or(usize::MAX);
        fallible(|| contents.try_reserve_exact(length))?;
        contents.resize(length, 0);
        let filled = fill(&mut file, &mut contents)?;
        contents.truncate(filled);
        if filled == length {
            // Without asking again how long it is.
            file.take(u64::MAX).read_to_end(&mut contents)?;
        }
    }
    Ok(contents)
}

/// Reads until a buffer is full or a file ends, and gives how much that was.
fn fill(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(length) => filled += length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

impl Io for SystemIo {
    /// Regular files to their end, whatever size they have: those of `/proc` and `/sys` only say one. What never ends, such as
    /// a device, is empty.
    fn read_file(&self, path: &[u8]) -> io::Result<Vec<u8>> {
        let file = File::open(os(path))?;
        let status = file.metadata()?;
        whole(file, &status)
    }

    fn read_in_pieces(&self, path: &[u8], take: TakePiece<'_>) -> io::Result<()> {
        const PIECE: u64 = 1 << 20;
        let mut file = File::open(os(path))?;
        let status = file.metadata()?;
        let length = status.len();
        if length <= PIECE {
            let contents = whole(file, &status)?;
            return take(contents.len() as u64, &contents);
        }
        let mut piece = vec![0; PIECE as usize];
        let mut left = length;
        while left > 0 {
            let size = usize::try_from(left.min(PIECE)).unwrap_or_default();
            file.read_exact(&mut piece[..size]).map_err(|error| match error.kind() {
                io::ErrorKind::UnexpectedEof => io::Error::new(error.kind(), "unexpected end-of-file"),
                _ => error,
            })?;
            take(length, &piece[..size])?;
            left -= size as u64;
        }
        Ok(())
    }

    fn read_dir(&self, path: &[u8]) -> io::Result<Vec<(Vec<u8>, FileType)>> {
        let entry = |entry: io::Result<std::fs::DirEntry>| {
            let entry = entry?;
            Ok((entry.file_name().into_vec(), type_of(entry.file_type()?)))
        };
        std::fs::read_dir(os(path))?.map(entry).collect()
    }

    fn status(&self, path: &[u8]) -> io::Result<Option<Status>> {
        match std::fs::symlink_metadata(os(path)) {
            Ok(metadata) => Ok(Some(status_of(&metadata))),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn modified(&self, path: &[u8]) -> io::Result<Option<i64>> {
        use std::os::unix::fs::MetadataExt;
        std::fs::symlink_metadata(os(path)).map(|metadata| Some(metadata.mtime()))
    }

    fn read_link(&self, path: &[u8]) -> io::Result<Vec<u8>> {
        Ok(std::fs::read_link(os(path))?.into_os_string().into_vec())
    }

    fn variable(&self, name: &[u8]) -> Option<Vec<u8>> {
        std::env::var_os(OsStr::from_bytes(name)).map(OsStringExt::into_vec)
    }

    fn now(&self) -> i64 {
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() as i64)
    }

    fn nanoseconds(&self) -> i64 {
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos() as i64)
    }

    fn current_dir(&self) -> Vec<u8> {
        std::env::current_dir().map_or_else(|_| b"/".to_vec(), |path| path.into_os_string().into_vec())
    }

    fn message(&self, message: &Message<'_>) {
        use io::{IsTerminal, Write};
        let mut text = message.plain(io::stderr().is_terminal());
        if text.is_empty() && matches!(message, Message::Advice(..)) {
            return;
        }
        text.push(b'\n');
        // A closed standard error is no reason to stop evaluating.
        let _ = io::stderr().lock().write_all(&text);
    }
}

/// Files in memory: for tests, and for programs that must not touch the machine.
#[derive(Debug, Default)]
pub struct MemoryIo {
    files: BTreeMap<Vec<u8>, Vec<u8>>,
    variables: BTreeMap<Vec<u8>, Vec<u8>>,
    messages: RefCell<Vec<Vec<u8>>>,
}

impl MemoryIo {
    /// The same with one more file, by absolute path.
    pub fn with_file(mut self, path: &str, contents: &str) -> Self {
        self.files.insert(path.as_bytes().to_vec(), contents.as_bytes().to_vec());
        self
    }

    /// The same with one more environment variable.
    pub fn with_variable(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.as_bytes().to_vec(), value.as_bytes().to_vec());
        self
    }

    /// The messages shown so far.
    pub fn messages(&self) -> Vec<String> {
        self.messages.borrow().iter().map(|line| String::from_utf8_lossy(line).into_owned()).collect()
    }

    fn below<'a>(&'a self, path: &[u8]) -> impl Iterator<Item = (&'a [u8], bool)> + use<'a> {
        let mut prefix = path.to_vec();
        if !prefix.ends_with(b"/") {
            prefix.push(b'/');
        }
        self.files.keys().filter_map(move |file| {
            let rest = file.strip_prefix(prefix.as_slice())?;
            let mut parts = rest.splitn(2, |&byte| byte == b'/');
            Some((parts.next()?, parts.next().is_some()))
        })
    }
}

impl Io for MemoryIo {
    fn read_file(&self, path: &[u8]) -> io::Result<Vec<u8>> {
        self.files.get(path).cloned().ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }

    fn read_dir(&self, path: &[u8]) -> io::Result<Vec<(Vec<u8>, FileType)>> {
        let mut entries = BTreeMap::new();
        for (name, nested) in self.below(path) {
            entries.insert(name.to_vec(), if nested { FileType::Directory } else { FileType::Regular });
        }
        if entries.is_empty() {
            return Err(io::ErrorKind::NotFound.into());
        }
        Ok(entries.into_iter().collect())
    }

    fn status(&self, path: &[u8]) -> io::Result<Option<Status>> {
        if self.files.contains_key(path) {
            return Ok(Some(FileType::Regular.into()));
        }
        Ok(self.below(path).next().map(|_| FileType::Directory.into()))
    }

    fn read_link(&self, _path: &[u8]) -> io::Result<Vec<u8>> {
        Err(io::ErrorKind::InvalidInput.into())
    }

    fn variable(&self, name: &[u8]) -> Option<Vec<u8>> {
        self.variables.get(name).cloned()
    }

    fn now(&self) -> i64 {
        0
    }

    fn current_dir(&self) -> Vec<u8> {
        b"/".to_vec()
    }

    fn message(&self, message: &Message<'_>) {
        self.messages.borrow_mut().push(message.plain(false));
    }
}

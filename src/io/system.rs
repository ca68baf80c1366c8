//! The machine's own files, environment and clock.

use super::native::{bytes_of, is_executable, os_path, os_text, stamp as stamp_of};
use super::{FileType, Io, ReadAhead, Stamp, Status, TakePiece};
use crate::heap::fallible;
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::time::{SystemTime, UNIX_EPOCH};

/// The machine's own files, environment and clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemIo;

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
    Status {
        kind: type_of(file.file_type()),
        is_executable: file.is_file() && is_executable(file),
        stamp: file.is_file().then(|| stamp_of(file)),
    }
}

/// The contents of an opened file; empty if it is not a regular file.
fn whole(mut file: File, status: &Metadata) -> io::Result<Vec<u8>> {
    let mut contents = Vec::new();
    if status.is_file() {
        let length = usize::try_from(status.len()).unwrap_or(usize::MAX);
        fallible(|| contents.try_reserve_exact(length))?;
        contents.resize(length, 0);
        let filled = fill(&mut file, &mut contents)?;
        contents.truncate(filled);
        if filled == length {
            // Without another request for the length.
            file.take(u64::MAX).read_to_end(&mut contents)?;
        }
    }
    Ok(contents)
}

/// Reads until a buffer is full or a file ends, and returns the number of bytes.
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
    /// Reads regular files to their end, whatever their reported size: files in `/proc` and `/sys` report a wrong
    /// one. A file without an end, such as a device, is empty.
    fn read_file(&self, path: &[u8]) -> io::Result<Vec<u8>> {
        let file = File::open(os_path(path))?;
        let status = file.metadata()?;
        whole(file, &status)
    }

    fn read_in_pieces(&self, path: &[u8], take: TakePiece<'_>) -> io::Result<()> {
        const PIECE: u64 = 1 << 20;
        let mut file = File::open(os_path(path))?;
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

    fn read_ahead(&self) -> Option<ReadAhead> {
        /// The size of the largest file that is read, in bytes.
        const LARGEST: u64 = 256 << 10;
        Some(|path| {
            let is_usual = std::fs::metadata(os_path(path)).is_ok_and(|file| file.is_file() && file.len() <= LARGEST);
            is_usual.then(|| SystemIo.read_file(path).ok()).flatten()
        })
    }

    fn read_dir(&self, path: &[u8]) -> io::Result<Vec<(Vec<u8>, FileType)>> {
        let entry = |entry: io::Result<std::fs::DirEntry>| {
            let entry = entry?;
            Ok((bytes_of(entry.file_name()), type_of(entry.file_type()?)))
        };
        std::fs::read_dir(os_path(path))?.map(entry).collect()
    }

    fn status(&self, path: &[u8]) -> io::Result<Option<Status>> {
        match std::fs::symlink_metadata(os_path(path)) {
            Ok(metadata) => Ok(Some(status_of(&metadata))),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn stamp(&self, path: &[u8]) -> io::Result<Option<Stamp>> {
        let file = std::fs::metadata(os_path(path))?;
        Ok((file.is_file() || file.is_dir()).then(|| stamp_of(&file)))
    }

    fn modified(&self, path: &[u8]) -> io::Result<Option<i64>> {
        let metadata = std::fs::symlink_metadata(os_path(path))?;
        Ok(Some(stamp_of(&metadata).modified.div_euclid(1_000_000_000)))
    }

    fn read_link(&self, path: &[u8]) -> io::Result<Vec<u8>> {
        Ok(bytes_of(std::fs::read_link(os_path(path))?))
    }

    fn variable(&self, name: &[u8]) -> Option<Vec<u8>> {
        std::env::var_os(os_text(name)).map(bytes_of)
    }

    fn now(&self) -> i64 {
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() as i64)
    }

    fn nanoseconds(&self) -> i64 {
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos() as i64)
    }

    fn current_dir(&self) -> Vec<u8> {
        std::env::current_dir().map_or_else(|_| b"/".to_vec(), bytes_of)
    }
}

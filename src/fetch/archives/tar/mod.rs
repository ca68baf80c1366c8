//! Reads tar archives: POSIX with extended headers, GNU, and old ones. It is as lenient as libarchive, with which C++
//! Nix reads archives.

mod entry;
mod header;
mod pax;
mod sparse;

use super::reason;
use super::tree::Tree;
use crate::error::{Error, Result};
use entry::{Entry, Kind, Reader};
use header::BLOCK;
use std::fs::File;
use std::io::{self, BufRead, Seek, SeekFrom, Write};

/// True if these first bytes begin a tar archive.
pub(super) fn is_start(head: &[u8]) -> bool {
    head.first_chunk::<BLOCK>().is_some_and(|block| header::is_zero(block) || header::is_header(block))
}

/// Unpacks an archive, and reads the rest of the stream too, so that damage there is found.
pub(super) fn unpack(source: &mut dyn BufRead, tree: &mut Tree<'_>) -> Result<()> {
    let mut reader = Reader::new(source);
    while let Some(mut entry) = reader.next().map_err(|error| nameless(&error))? {
        tree.check_stop()?;
        tree.modified(entry.modified);
        unpack_entry(&mut reader, &mut entry, tree)?;
        let rest = entry.stored.saturating_add(entry.padding);
        reader.skip(rest).map_err(|error| unreadable(&error))?;
    }
    reader.skip_all().map_err(|error| unreadable(&error))
}

fn unpack_entry(reader: &mut Reader<'_>, entry: &mut Entry, tree: &mut Tree<'_>) -> Result<()> {
    match entry.kind {
        Kind::HardLink => tree.hard_link(&entry.name, &entry.link),
        Kind::Folder => tree.folder(&entry.name)?,
        Kind::Link => tree.symlink(&entry.name, &entry.link)?,
        Kind::File => {
            let mut file = tree.file(&entry.name, entry.is_executable)?;
            return copy(reader, entry, &mut file).map_err(|error| unreadable(&error));
        }
        Kind::Other(kind) => {
            let name = String::from_utf8_lossy(&entry.name);
            return Err(Error::fetch(format!("file '{name}' in tarball has unsupported file type {kind}")));
        }
    }
    Ok(())
}

/// Writes a file's contents. Holes are not written, so they cost nothing whatever their size.
fn copy(reader: &mut Reader<'_>, entry: &mut Entry, file: &mut File) -> io::Result<()> {
    let mut position = 0;
    for piece in std::mem::take(&mut entry.pieces) {
        let length = piece.length.min(entry.stored);
        if piece.length == 0 {
            continue;
        }
        if length == 0 {
            break;
        }
        entry.stored -= length;
        if piece.is_hole {
            reader.skip(length)?;
            continue;
        }
        if piece.offset < position {
            return Err(out_of_order());
        }
        if piece.offset > position {
            file.seek(SeekFrom::Start(piece.offset))?;
        }
        reader.copy(length, file)?;
        position = piece.offset + length;
    }
    if entry.size < position {
        return Err(out_of_order());
    }
    if entry.size > position { file.set_len(entry.size) } else { file.flush() }
}

#[cold]
fn out_of_order() -> io::Error {
    io::Error::other("Encountered out-of-order sparse blocks")
}

#[cold]
fn nameless(error: &io::Error) -> Error {
    Error::fetch(format!("cannot get archive member name: {}", reason(error)))
}

#[cold]
pub(super) fn unreadable(error: &io::Error) -> Error {
    Error::fetch(format!("cannot read file from tarball: {}", reason(error)))
}

//! The contents of an entry: decompressed, counted and checked.

use super::Entry;
use super::fields::{short, word};
use crate::error::Result;
use crate::fetch::archives::CHUNK;
use crate::fetch::archives::tar::unreadable;
use crate::fetch::archives::tree::Tree;
use bzip2::bufread::BzDecoder;
use flate2::bufread::DeflateDecoder;
use lzma_rust2::{LzmaReader, XzReader};
use ruzstd::decoding::StreamingDecoder;
use std::fs::File;
use std::io::{self, BufRead, Read, Take, Write};

/// The memory limit of a dictionary, in KiB.
const MOST_MEMORY: u32 = 2 << 20;

/// Writes the contents of an entry to a file, and checks regularly for an interruption.
pub(super) fn copy(source: &mut impl BufRead, entry: &Entry, file: &mut File, tree: &Tree<'_>) -> Result<()> {
    let mut stored = source.take(entry.stored);
    let mut decoder = decoder(&mut stored, entry).map_err(|error| unreadable(&error))?;
    let mut buffer = vec![0; CHUNK.min(usize::try_from(entry.size).unwrap_or(CHUNK).max(4096))];
    let mut sum = crc32fast::Hasher::new();
    let mut size = 0_u64;
    loop {
        let count = decoder.read(&mut buffer).map_err(|error| unreadable(&damaged(&error)))?;
        if count == 0 {
            break;
        }
        tree.check_stop()?;
        sum.update(&buffer[..count]);
        size += count as u64;
        if size > entry.size {
            break;
        }
        file.write_all(&buffer[..count]).map_err(|error| unreadable(&error))?;
    }
    drop(decoder);
    check(entry, size, sum.finalize(), stored.limit()).map_err(|error| unreadable(&error))
}

/// The contents of an entry of at most `most` bytes.
pub(super) fn read(source: &mut impl BufRead, entry: &Entry, most: u64) -> io::Result<Vec<u8>> {
    let mut stored = source.take(entry.stored);
    let mut contents = Vec::new();
    decoder(&mut stored, entry)?.take(most).read_to_end(&mut contents)?;
    check(entry, contents.len() as u64, crc32fast::hash(&contents), stored.limit())?;
    Ok(contents)
}

fn decoder<'s, R: BufRead>(stored: &'s mut Take<&mut R>, entry: &Entry) -> io::Result<Box<dyn Read + 's>> {
    if entry.is_encrypted {
        return Err(io::Error::other("Passphrase required for this entry"));
    }
    Ok(match entry.method {
        0 => Box::new(stored),
        8 => Box::new(DeflateDecoder::new(stored)),
        12 => Box::new(BzDecoder::new(stored)),
        14 => lzma(stored, entry.size)?,
        93 => Box::new(StreamingDecoder::new(stored).map_err(io::Error::other)?),
        95 => Box::new(XzReader::new_mem_limit(stored, true, MOST_MEMORY)),
        method => return Err(io::Error::other(format!("Unsupported ZIP compression method ({method})"))),
    })
}

/// The data begins with a version, the length of its properties, and the properties.
fn lzma<'s, R: BufRead>(stored: &'s mut Take<&mut R>, size: u64) -> io::Result<Box<dyn Read + 's>> {
    let mut head = [0; 9];
    stored.read_exact(&mut head)?;
    let dictionary = word(&head, 5);
    if short(&head, 2) != 5 || dictionary / 1024 > MOST_MEMORY {
        return Err(io::Error::other("Invalid LZMA data"));
    }
    Ok(Box::new(LzmaReader::new_with_props(stored, size, head[4], dictionary, None)?))
}

/// Compares the data with the sizes and the checksum in the headers.
fn check(entry: &Entry, size: u64, sum: u32, left: u64) -> io::Result<()> {
    if size > entry.size {
        let promised = entry.size;
        return Err(io::Error::other(format!(
            "ZIP uncompressed data is larger than the declared entry size (read at least {size}, expected {promised})"
        )));
    }
    if size < entry.size || left > 0 {
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "Truncated ZIP file data"));
    }
    if sum != entry.checksum {
        return Err(io::Error::other(format!("ZIP bad CRC: {sum:#x} should be {:#x}", entry.checksum)));
    }
    Ok(())
}

#[cold]
fn damaged(error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("damaged ZIP data: {error}"))
}

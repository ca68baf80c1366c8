//! Sparse files: the parts of them that an archive stores.

use super::header::{decimal, number};
use std::io;

/// The largest number of pieces of a file; each takes 17 bytes of memory.
const MOST_PIECES: usize = 1 << 20;
/// The longest sparse file: holes cost nothing here, but every reader of the file reads them too.
pub(super) const LONGEST: u64 = 64 << 30;
/// The size of each of a piece's two numbers in GNU's headers, in bytes.
const FIELD: usize = 12;

/// A part of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) offset: u64,
    pub(super) length: u64,
    /// True if it is in the archive but ignored.
    pub(super) is_hole: bool,
}

/// Adds a piece.
pub(super) fn add(pieces: &mut Vec<Piece>, offset: i64, length: i64, is_hole: bool) -> io::Result<()> {
    let (Ok(offset), Ok(length)) = (u64::try_from(offset), u64::try_from(length)) else { return Err(malformed()) };
    if offset.checked_add(length).is_none_or(|end| end > LONGEST) || pieces.len() == MOST_PIECES {
        return Err(malformed());
    }
    pieces.push(Piece { offset, length, is_hole });
    Ok(())
}

/// Adds the pieces of a GNU header, as many as there are.
pub(super) fn add_fields(pieces: &mut Vec<Piece>, fields: &[u8]) -> io::Result<()> {
    for field in fields.chunks_exact(2 * FIELD) {
        if field[0] == 0 {
            break;
        }
        add(pieces, number(&field[..FIELD]), number(&field[FIELD..]), false)?;
    }
    Ok(())
}

/// Adds `offset,length,offset,length`. The first item that is not a number and everything after it are ignored.
pub(super) fn add_map(pieces: &mut Vec<Piece>, map: &[u8]) -> io::Result<()> {
    let mut numbers = map.split(|byte| *byte == b',');
    while let (Some(offset), Some(length)) = (numbers.next(), numbers.next()) {
        if !offset.iter().chain(length).all(u8::is_ascii_digit) {
            break;
        }
        add(pieces, decimal(offset), decimal(length), false)?;
    }
    Ok(())
}

/// Adds Solaris' ` end end end`: the ends of holes and data in turn, beginning with a hole. Both are in the archive.
pub(super) fn add_holes(pieces: &mut Vec<Piece>, ends: &[u8]) -> io::Result<()> {
    let Some(ends) = ends.strip_prefix(b" ") else { return Ok(()) };
    let (mut start, mut is_hole) = (0, true);
    for end in ends.split(|byte| *byte == b' ') {
        if !end.iter().all(u8::is_ascii_digit) {
            break;
        }
        let end = decimal(end);
        if start < end {
            add(pieces, start, end - start, is_hole)?;
        }
        (start, is_hole) = (end, !is_hole);
    }
    Ok(())
}

#[cold]
fn malformed() -> io::Error {
    io::Error::other("Malformed sparse map data")
}

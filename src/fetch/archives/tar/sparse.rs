//! Sparse files: which parts of them an archive has.

use super::header::{decimal, number};
use std::io;

/// The most pieces that a file may have; each is 17 bytes of memory.
const MOST_PIECES: usize = 1 << 20;
/// The longest sparse file: holes cost nothing here, but whoever reads the file reads them too.
pub(super) const LONGEST: u64 = 64 << 30;
/// Bytes that GNU's headers spend on a piece: two numbers.
const FIELD: usize = 12;

/// A part of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) offset: u64,
    pub(super) length: u64,
    /// It is in the archive, but doesn't count.
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

/// Adds the pieces of a GNU header, as far as there are any.
pub(super) fn add_fields(pieces: &mut Vec<Piece>, fields: &[u8]) -> io::Result<()> {
    for field in fields.chunks_exact(2 * FIELD) {
        if field[0] == 0 {
            break;
        }
        add(pieces, number(&field[..FIELD]), number(&field[FIELD..]), false)?;
    }
    Ok(())
}

/// Adds `offset,length,offset,length`; what is no number, and all after it, doesn't count.
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

/// Adds Solaris' ` end end end`: where data and holes end in turn, beginning with a hole; both are in the archive.
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

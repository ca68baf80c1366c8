//! The central directory: found from the end of the file, since a zip may have anything before it.

use super::fields::{CENTRAL, Header, long, short, word};
use std::io::{self, BufRead, Read, Seek, SeekFrom};

/// The number of bytes at the end of a file that are searched for the end record, whose comment may be long.
const TAIL: u64 = 16 << 10;
/// The lengths of the end record, of the locator before it if there is a 64-bit one, and of the 64-bit one.
const END: usize = 22;
const LOCATOR: usize = 20;
const LONG_END: usize = 56;
/// The signatures that end a central directory.
const ENDS: [&[u8; 4]; 2] = [b"PK\x05\x06", b"PK\x06\x06"];

/// The central directory's information on an entry, as far as the entry does not have it.
#[derive(Clone, Copy, Debug)]
pub(in crate::fetch::archives) struct Listed {
    /// The offset of its header.
    pub(super) offset: u64,
    /// 0 if it has none.
    pub(super) mode: u32,
    pub(super) checksum: u32,
    pub(super) stored: u64,
    pub(super) size: u64,
}

/// The location of a directory: as recorded, and as computed from the file's end.
struct Location {
    told: u64,
    found: u64,
}

/// All entries by their position in the file; `None` if the file is not a zip.
pub(super) fn entries(file: &mut (impl BufRead + Seek)) -> io::Result<Option<Vec<Listed>>> {
    let Some(location) = locate(file)? else { return Ok(None) };
    let start = seek_directory(file, location.found)?;
    // Data before a zip makes all its offsets too small.
    let correction = start.wrapping_sub(location.told);
    let mut entries = Vec::new();
    while let Some(listed) = read_entry(file, correction)? {
        entries.push(listed);
    }
    // Of two entries at one position the first counts.
    entries.sort_by_key(|listed| listed.offset);
    entries.dedup_by_key(|listed| listed.offset);
    Ok(Some(entries))
}

fn locate(file: &mut (impl BufRead + Seek)) -> io::Result<Option<Location>> {
    let length = file.seek(SeekFrom::End(0))?;
    let start = length.saturating_sub(TAIL);
    file.seek(SeekFrom::Start(start))?;
    let mut tail = Vec::new();
    file.take(TAIL).read_to_end(&mut tail)?;
    let mut candidates = tail.windows(4).take(tail.len().saturating_sub(END - 1));
    let Some(at) = candidates.rposition(|bytes| bytes == ENDS[0]) else { return Ok(None) };
    let before = at.checked_sub(LOCATOR).and_then(|before| tail.get(before..at));
    if let Some(locator) = before.filter(|locator| locator.starts_with(b"PK\x06\x07"))
        && let Some(location) = locate_long(file, locator)?
    {
        return Ok(Some(location));
    }
    Ok(read_end(&tail[at..], start + at as u64))
}

/// Parses the end record at `position`.
fn read_end(record: &[u8], position: u64) -> Option<Location> {
    let (size, told) = (u64::from(word(record, 12)), u64::from(word(record, 16)));
    let is_whole = short(record, 4) == 0 && short(record, 6) == 0 && short(record, 8) == short(record, 10);
    (is_whole && told + size <= position).then(|| Location { told, found: position - size })
}

fn locate_long(file: &mut (impl BufRead + Seek), locator: &[u8]) -> io::Result<Option<Location>> {
    if word(locator, 4) != 0 || word(locator, 16) != 1 {
        return Ok(None);
    }
    file.seek(SeekFrom::Start(long(locator, 8)))?;
    let mut record = Vec::new();
    file.take(LONG_END as u64).read_to_end(&mut record)?;
    let is_whole = record.len() == LONG_END
        && word(&record, 16) == 0
        && word(&record, 20) == 0
        && long(&record, 24) == long(&record, 32);
    let told = long(&record, 48);
    Ok(is_whole.then_some(Location { told, found: told }))
}

/// Seeks to the directory: the first header of its kind from there on.
fn seek_directory(file: &mut (impl BufRead + Seek), from: u64) -> io::Result<u64> {
    file.seek(SeekFrom::Start(from))?;
    let mut last = [0; 4];
    for at in from.. {
        let mut byte = [0];
        file.read_exact(&mut byte).map_err(|_| truncated())?;
        last = [last[1], last[2], last[3], byte[0]];
        if &last == b"PK\x01\x02" || ENDS.contains(&&last) {
            return file.seek(SeekFrom::Start(at - 3));
        }
    }
    Err(truncated())
}

fn read_entry(file: &mut (impl BufRead + Seek), correction: u64) -> io::Result<Option<Listed>> {
    let mut bytes = [0; CENTRAL];
    file.read_exact(&mut bytes[..4]).map_err(|_| truncated())?;
    if ENDS.iter().any(|end| bytes.starts_with(*end)) {
        return Ok(None);
    }
    if !bytes.starts_with(b"PK\x01\x02") {
        return Err(io::Error::other("Invalid central directory signature"));
    }
    file.read_exact(&mut bytes[4..]).map_err(|_| truncated())?;
    let mut header = Header::central(&bytes).ok_or_else(truncated)?;
    let mut extra = vec![0; header.extra_length];
    file.seek_relative(header.name_length as i64)?;
    file.read_exact(&mut extra).map_err(|_| truncated())?;
    header.read_extra(&extra, b"")?;
    file.seek_relative(header.comment_length as i64)?;
    Ok(Some(Listed {
        offset: header.offset.wrapping_add(correction),
        mode: mode(&header),
        checksum: header.checksum,
        stored: header.stored,
        size: header.size,
    }))
}

/// The mode for the attributes.
fn mode(header: &Header) -> u32 {
    match header.system {
        3 => header.attributes >> 16,
        0 if header.attributes & 0x10 != 0 => super::FOLDER | 0o775,
        0 => super::FILE | super::USUAL_MODE,
        _ => 0,
    }
}

#[cold]
fn truncated() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "Truncated ZIP file header")
}

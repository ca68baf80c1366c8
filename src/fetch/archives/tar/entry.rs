//! Entries: one or more headers. The last is the entry's own; the ones before extend it.

use super::header::{self, BLOCK, Block, Format};
use super::pax::Extended;
use super::sparse::{self, Piece};
use std::fs::File;
use std::io::{self, BufRead, Read, Write};

/// The longest name in its own header.
const LONGEST_NAME: u64 = 1 << 20;
/// The largest extended header that is read.
const LARGEST_EXTENDED: u64 = 16 << 20;
/// The largest accepted entry.
const LARGEST: i64 = (1 << 60) - 1;
/// The bits of a mode for the file type.
const KIND_BITS: u32 = 0o170_000;
/// The longest line of numbers before a sparse file's contents.
const LONGEST_NUMBER: u64 = 100;

/// A member of an archive.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: Vec<u8>,
    /// The target of a link.
    pub(super) link: Vec<u8>,
    pub(super) kind: Kind,
    pub(super) is_executable: bool,
    pub(super) modified: i64,
    /// The number of its bytes still to be read, and the padding that fills the last block.
    pub(super) stored: u64,
    pub(super) padding: u64,
    /// The size of the file.
    pub(super) size: u64,
    /// The stored parts of the file.
    pub(super) pieces: Vec<Piece>,
}

/// The type of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Folder,
    Link,
    HardLink,
    /// With the file type bits of its mode.
    Other(u32),
}

/// Reads entries.
pub(super) struct Reader<'r> {
    source: &'r mut dyn BufRead,
    format: Format,
}

impl<'r> Reader<'r> {
    pub(super) fn new(source: &'r mut dyn BufRead) -> Self {
        Self { source, format: Format::Old }
    }

    /// The next entry, before its contents are read.
    pub(super) fn next(&mut self) -> io::Result<Option<Entry>> {
        let mut extended = Extended::default();
        let mut seen = Vec::new();
        loop {
            // An archive ends in blocks of zeros; missing ones are accepted.
            let block = match self.block()? {
                None if needs_entry(&seen) => return Err(damaged("end-of-archive within a sequence of headers")),
                None => return Ok(None),
                Some(block) if header::is_zero(&block) => return Ok(None),
                Some(block) => block,
            };
            if !header::has_right_sum(&block) {
                return Err(damaged("bad header checksum"));
            }
            let kind = block[header::KIND];
            if !matches!(kind, b'A' | b'g' | b'K' | b'L' | b'V' | b'X' | b'x') {
                return self.entry(&block, extended).map(Some);
            }
            let kind = if kind == b'X' { b'x' } else { kind };
            if matches!(kind, b'A' | b'g' | b'x') && seen.contains(&kind) {
                return Err(io::Error::other(format!("Redundant '{}' header", char::from(kind))));
            }
            if !seen.contains(&kind) {
                seen.push(kind);
            }
            self.format = if matches!(kind, b'K' | b'L' | b'V') { Format::Gnu } else { Format::Pax };
            self.extension(kind, &block, &mut extended)?;
        }
    }

    /// A header with properties of the next entry.
    fn extension(&mut self, kind: u8, block: &Block, extended: &mut Extended) -> io::Result<()> {
        let size = size(header::number(&block[header::SIZE]))?;
        if size == 0 && matches!(kind, b'g' | b'x') {
            return Err(io::Error::other("Invalid empty pax extended header"));
        }
        let (longest, needs_whole) = match kind {
            b'x' => (LARGEST_EXTENDED, true),
            b'K' | b'L' => (LONGEST_NAME, false),
            // Global headers, volume names and access lists are ignored.
            _ => (0, false),
        };
        if size > longest {
            if needs_whole {
                return Err(io::Error::other(format!("pax extension header has invalid size: {size}")));
            }
            return self.skip(size + header::padding(size));
        }
        let mut body = Vec::new();
        (&mut self.source).take(size).read_to_end(&mut body)?;
        if (body.len() as u64) < size {
            return Err(truncated("reading metadata"));
        }
        self.skip(header::padding(size))?;
        match kind {
            b'x' => extended.read(&body)?,
            b'L' => extended.name = header::text(&body).to_vec(),
            _ => extended.link = header::text(&body).to_vec(),
        }
        Ok(())
    }

    fn entry(&mut self, block: &Block, mut extended: Extended) -> io::Result<Entry> {
        let told = header::format(block);
        if !(told == Format::Posix && self.format == Format::Pax) {
            self.format = told;
        }
        if told == Format::Gnu {
            self.gnu_fields(block, &mut extended)?;
        }
        let mode = header::number(&block[header::MODE]).cast_unsigned() as u32;
        let own_size = extended.size.map_or_else(|| size(header::number(&block[header::SIZE])), Ok)?;
        let (stored, on_disk) = sizes(&extended, own_size);
        let mut entry = Entry {
            name: name(block, told, &mut extended),
            kind: kind(block[header::KIND], mode, &extended),
            link: std::mem::take(&mut extended.link),
            is_executable: mode & 0o100 != 0,
            modified: extended.modified.unwrap_or_else(|| header::number(&block[header::MODIFIED])),
            stored,
            padding: 0,
            size: on_disk,
            pieces: std::mem::take(&mut extended.pieces),
        };
        if matches!(entry.kind, Kind::Link | Kind::HardLink) && entry.link.is_empty() {
            entry.link = header::text(&block[header::LINK]).to_vec();
        }
        if has_no_contents(block[header::KIND], self.format) {
            entry.stored = 0;
        }
        entry.padding = header::padding(entry.stored);
        if entry.kind == Kind::File && entry.name.ends_with(b"/") {
            (entry.kind, entry.stored, entry.padding) = (Kind::Folder, 0, 0);
        }
        self.map(block[header::KIND], &extended, &mut entry)?;
        Ok(entry)
    }

    /// The fields that GNU's headers have in place of POSIX's name prefix.
    fn gnu_fields(&mut self, block: &Block, extended: &mut Extended) -> io::Result<()> {
        if block[header::REAL_SIZE.start] != 0 {
            extended.real_size = Some(size(header::number(&block[header::REAL_SIZE]))?);
        }
        if block[header::PIECES.start] == 0 {
            return Ok(());
        }
        sparse::add_fields(&mut extended.pieces, &block[header::PIECES])?;
        let mut has_more = block[header::HAS_MORE_PIECES] != 0;
        while has_more {
            let more = self.block()?.ok_or_else(|| truncated("reading sparse file data"))?;
            sparse::add_fields(&mut extended.pieces, &more[..BLOCK - 8])?;
            has_more = more[BLOCK - 8] != 0;
        }
        Ok(())
    }

    /// Reads the map of the file's stored pieces.
    fn map(&mut self, kind: u8, extended: &Extended, entry: &mut Entry) -> io::Result<()> {
        if extended.is_sparse && matches!(kind, b'S' | b'0') {
            match extended.version {
                (0, 0 | 1) => {}
                (1, 0) => self.stored_map(entry)?,
                _ => return Err(io::Error::other("Unrecognized GNU sparse file format")),
            }
        }
        if entry.pieces.is_empty() {
            entry.pieces.push(Piece { offset: 0, length: entry.stored, is_hole: false });
        }
        Ok(())
    }

    /// Reads the map before the contents: decimal numbers, one per line, padded to whole blocks.
    fn stored_map(&mut self, entry: &mut Entry) -> io::Result<()> {
        entry.pieces.clear();
        let whole = entry.stored;
        let count = self.line_number(&mut entry.stored)?;
        for _ in 0..count {
            let (offset, length) = (self.line_number(&mut entry.stored)?, self.line_number(&mut entry.stored)?);
            sparse::add(&mut entry.pieces, offset, length, false)?;
        }
        let rest = header::padding(whole - entry.stored);
        entry.stored = entry.stored.checked_sub(rest).ok_or_else(|| io::Error::other("Malformed sparse map data"))?;
        self.skip(rest)
    }

    fn line_number(&mut self, stored: &mut u64) -> io::Result<i64> {
        loop {
            let mut line = Vec::new();
            (&mut self.source).take(LONGEST_NUMBER.min(*stored)).read_until(b'\n', &mut line)?;
            *stored = stored.saturating_sub(line.len() as u64);
            let Some(text) = line.strip_suffix(b"\n") else { return Err(io::Error::other("Line too long")) };
            if text.starts_with(b"#") {
                continue;
            }
            if !text.iter().all(u8::is_ascii_digit) {
                return Err(io::Error::other("Malformed sparse map data"));
            }
            return Ok(header::decimal(text));
        }
    }

    /// The next block, or `None` at the end.
    fn block(&mut self) -> io::Result<Option<Block>> {
        let mut block = [0; BLOCK];
        let mut filled = 0;
        while filled < BLOCK {
            let ready = self.source.fill_buf()?;
            if ready.is_empty() {
                break;
            }
            let count = ready.len().min(BLOCK - filled);
            block[filled..filled + count].copy_from_slice(&ready[..count]);
            self.source.consume(count);
            filled += count;
        }
        match filled {
            0 => Ok(None),
            BLOCK => Ok(Some(block)),
            _ => Err(truncated("reading next header")),
        }
    }

    /// Copies bytes of the archive to a file.
    pub(super) fn copy(&mut self, count: u64, file: &mut File) -> io::Result<()> {
        self.pass(count, "reading data", |bytes| file.write_all(bytes))
    }

    /// Skips bytes.
    pub(super) fn skip(&mut self, count: u64) -> io::Result<()> {
        self.pass(count, "skipping data", |_| Ok(()))
    }

    /// Skips the rest.
    pub(super) fn skip_all(&mut self) -> io::Result<()> {
        loop {
            let count = self.source.fill_buf()?.len();
            if count == 0 {
                return Ok(());
            }
            self.source.consume(count);
        }
    }

    fn pass(&mut self, count: u64, doing: &str, mut each: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        let mut left = count;
        while left > 0 {
            let ready = self.source.fill_buf()?;
            if ready.is_empty() {
                return Err(truncated(doing));
            }
            let take = usize::try_from(left).map_or(ready.len(), |left| left.min(ready.len()));
            each(&ready[..take])?;
            self.source.consume(take);
            left -= take as u64;
        }
        Ok(())
    }
}

/// True if there were headers that require an entry after them.
fn needs_entry(seen: &[u8]) -> bool {
    seen.iter().any(|kind| !matches!(kind, b'V' | b'g'))
}

fn size(number: i64) -> io::Result<u64> {
    match u64::try_from(number) {
        Ok(size) if number <= LARGEST => Ok(size),
        Ok(_) => Err(io::Error::other("Tar entry size overflow")),
        Err(_) => Err(io::Error::other("Tar entry has negative file size")),
    }
}

/// The number of bytes in the archive, and the size of the file. GNU's versions use one key for both.
fn sizes(extended: &Extended, own: u64) -> (u64, u64) {
    let major = extended.version.0;
    let stored = extended.sparse_size.filter(|_| major == 1).unwrap_or(own);
    let sparse = extended.sparse_size.filter(|_| major == 0);
    (stored, extended.real_size.or(sparse).or(extended.star_size).unwrap_or(own))
}

fn name(block: &Block, format: Format, extended: &mut Extended) -> Vec<u8> {
    if !extended.name.is_empty() {
        return std::mem::take(&mut extended.name);
    }
    let mut name = Vec::new();
    if format == Format::Posix && block[header::PREFIX.start] != 0 {
        name.extend_from_slice(header::text(&block[header::PREFIX]));
        if !name.ends_with(b"/") {
            name.push(b'/');
        }
    }
    name.extend_from_slice(header::text(&block[header::NAME]));
    name
}

fn kind(told: u8, mode: u32, extended: &Extended) -> Kind {
    match told {
        b'2' => Kind::Link,
        // Every other entry with a link target is a link.
        b'1' => Kind::HardLink,
        _ if !extended.link.is_empty() => Kind::HardLink,
        b'3' => Kind::Other(0o020_000),
        b'4' => Kind::Other(0o060_000),
        b'5' | b'D' => Kind::Folder,
        b'6' => Kind::Other(0o010_000),
        // The rest of a file that begins in another archive.
        b'M' => match mode & KIND_BITS {
            0o100_000 => Kind::File,
            0o040_000 => Kind::Folder,
            other => Kind::Other(other),
        },
        _ => Kind::File,
    }
}

/// True for entries without contents, whatever their size field says. Hard links have contents only in archives with
/// extended headers.
fn has_no_contents(told: u8, format: Format) -> bool {
    matches!(told, b'2'..=b'6') || (told == b'1' && format != Format::Pax)
}

#[cold]
fn damaged(why: &str) -> io::Error {
    io::Error::other(format!("Damaged tar archive ({why})"))
}

#[cold]
fn truncated(doing: &str) -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, format!("Truncated tar archive detected while {doing}"))
}

//! One file of a [`DiskCache`](super::DiskCache). It is written once, under a temporary name, and never changed.
//!
//! | part | bytes |
//! |---|---|
//! | `nivis-ir`; version of this format; number of entries; number of stamps; checksum of the next two parts | 8, 4, 4, 4, 8 |
//! | entries, sorted: key, start and length of unit, length of text, checksum of key and unit | 32, 8, 4, 4, 8 each |
//! | stamps, sorted: digest of the stamp, key | 16, 32 each |
//! | units, each followed by its text | |
//!
//! Numbers have the lowest byte first. The head and the two tables are read when the pack is opened, and a unit when
//! it is requested. Files are not mapped: another process could end this one by shortening a mapped file. The text
//! needs no checksum: its key is its digest.

use super::{Key, StampId};
use crate::io::native::read_exact_at;
use rustc_hash::FxHasher;
use std::fs::File;
use std::hash::Hasher;
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::Arc;

const MAGIC: &[u8; 8] = b"nivis-ir";
const VERSION: u32 = 1;
const HEAD: usize = 28;
const ROW: usize = 56;
const STAMP_ROW: usize = 48;
/// Larger files are not packs: reading one must not use up the memory.
const LARGEST: u64 = 1 << 30;

/// A checksum against random damage. It does not protect against intent: such a person could write a whole cache.
fn checksum(parts: [&[u8]; 2]) -> u64 {
    let mut hasher = FxHasher::default();
    parts.iter().for_each(|part| hasher.write(part));
    hasher.finish()
}

/// A row of the table of entries.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) key: Key,
    start: u64,
    unit_len: u32,
    text_len: u32,
    checksum: u64,
}

impl Row {
    fn of(bytes: &[u8; ROW]) -> Self {
        let mut rest = &bytes[..];
        Self {
            key: Key(take(&mut rest)),
            start: u64::from_le_bytes(take(&mut rest)),
            unit_len: u32::from_le_bytes(take(&mut rest)),
            text_len: u32::from_le_bytes(take(&mut rest)),
            checksum: u64::from_le_bytes(take(&mut rest)),
        }
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.key.0);
        out.extend_from_slice(&self.start.to_le_bytes());
        out.extend_from_slice(&self.unit_len.to_le_bytes());
        out.extend_from_slice(&self.text_len.to_le_bytes());
        out.extend_from_slice(&self.checksum.to_le_bytes());
    }

    /// The length of the unit and the text, in bytes.
    fn len(&self) -> u64 {
        u64::from(self.unit_len) + u64::from(self.text_len)
    }
}

/// Takes the first bytes, with zeros past the end.
fn take<const N: usize>(rest: &mut &[u8]) -> [u8; N] {
    let Some((first, behind)) = rest.split_first_chunk::<N>() else { return [0; N] };
    *rest = behind;
    *first
}

/// An open pack.
#[derive(Debug)]
pub(super) struct Pack {
    file: File,
    /// The size of the whole file, in bytes.
    pub(super) size: u64,
    tables: Vec<u8>,
    entries: usize,
}

impl Pack {
    /// Opens a pack; `None` if the file is damaged or not a pack.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be read.
    pub(super) fn open(path: &Path) -> io::Result<Option<Self>> {
        let mut file = File::open(path)?;
        let size = file.metadata()?.len();
        let mut head = [0; HEAD];
        if file.read_exact(&mut head).is_err() {
            return Ok(None);
        }
        let mut rest = &head[..];
        let magic = take::<8>(&mut rest);
        let [version, entries, stamps] = [(); 3].map(|()| u32::from_le_bytes(take(&mut rest)));
        let expected = u64::from_le_bytes(take(&mut rest));
        let len = u64::from(entries) * ROW as u64 + u64::from(stamps) * STAMP_ROW as u64;
        if &magic != MAGIC || version != VERSION || len > size || size > LARGEST {
            return Ok(None);
        }
        let mut tables = vec![0; len as usize];
        if file.read_exact(&mut tables).is_err() || checksum([&head[..HEAD - 8], &tables]) != expected {
            return Ok(None);
        }
        Ok(Some(Self { file, size, tables, entries: entries as usize }))
    }

    fn rows(&self) -> &[[u8; ROW]] {
        self.tables.get(..self.entries * ROW).unwrap_or_default().as_chunks().0
    }

    fn stamp_rows(&self) -> &[[u8; STAMP_ROW]] {
        self.tables.get(self.entries * ROW..).unwrap_or_default().as_chunks().0
    }

    pub(super) fn entries(&self) -> impl ExactSizeIterator<Item = Row> + '_ {
        self.rows().iter().map(Row::of)
    }

    pub(super) fn stamps(&self) -> impl ExactSizeIterator<Item = (StampId, Key)> + '_ {
        self.stamp_rows().iter().map(|row| {
            let mut rest = &row[..];
            (take(&mut rest), Key(take(&mut rest)))
        })
    }

    /// The row with a key.
    pub(super) fn row(&self, key: &Key) -> Option<Row> {
        let rows = self.rows();
        let index = rows.binary_search_by(|row| row[..32].cmp(&key.0)).ok()?;
        rows.get(index).map(Row::of)
    }

    /// The key of the file with a stamp.
    pub(super) fn key(&self, stamp: &StampId) -> Option<Key> {
        let rows = self.stamp_rows();
        let index = rows.binary_search_by(|row| row[..16].cmp(stamp)).ok()?;
        Some(Key(take(&mut rows.get(index)?.get(16..)?)))
    }

    /// Reads the unit of a row to the beginning of `room`, and returns the lengths of unit and text; `None` if the
    /// unit is damaged.
    pub(super) fn unit(&self, row: &Row, room: &mut Vec<u8>) -> Option<(usize, u32)> {
        let unit = self.read(row.start, row.unit_len, room)?;
        (checksum([&row.key.0, unit]) == row.checksum).then_some((unit.len(), row.text_len))
    }

    /// The text of a row. It may be damaged.
    pub(super) fn text(&self, row: &Row) -> Option<Vec<u8>> {
        let mut text = Vec::new();
        self.read(row.start.checked_add(u64::from(row.unit_len))?, row.text_len, &mut text)?;
        Some(text)
    }

    /// Reads into the beginning of `room`, which grows if necessary.
    fn read<'r>(&self, start: u64, len: u32, room: &'r mut Vec<u8>) -> Option<&'r [u8]> {
        if start.checked_add(u64::from(len))? > self.size {
            return None;
        }
        let len = len as usize;
        if room.len() < len {
            room.resize(len, 0);
        }
        let bytes = room.get_mut(..len)?;
        read_exact_at(&self.file, bytes, start).ok()?;
        Some(bytes)
    }
}

/// The contents of a pack being written: new entries, and those of other packs.
#[derive(Debug, Default)]
pub(super) struct Contents<'p> {
    entries: Vec<(Row, Origin<'p>)>,
    pub(super) stamps: Vec<(StampId, Key)>,
}

#[derive(Debug)]
enum Origin<'p> {
    New(&'p [u8], &'p Arc<[u8]>),
    Pack(&'p Pack, u64),
}

impl<'p> Contents<'p> {
    /// Adds a unit and its text.
    pub(super) fn add(&mut self, key: Key, unit: &'p [u8], text: &'p Arc<[u8]>) {
        let (Ok(unit_len), Ok(text_len)) = (u32::try_from(unit.len()), u32::try_from(text.len())) else { return };
        let row = Row { key, start: 0, unit_len, text_len, checksum: checksum([&key.0, unit]) };
        self.entries.push((row, Origin::New(unit, text)));
    }

    /// Adds all entries of a pack.
    pub(super) fn add_pack(&mut self, pack: &'p Pack) {
        let is_inside = |row: &Row| row.start.checked_add(row.len()).is_some_and(|end| end <= pack.size);
        self.entries.extend(pack.entries().filter(is_inside).map(|row| (row, Origin::Pack(pack, row.start))));
        self.stamps.extend(pack.stamps());
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.stamps.is_empty()
    }

    /// The approximate size of the pack, in bytes.
    pub(super) fn size(&self) -> u64 {
        let tables = HEAD + self.entries.len() * ROW + self.stamps.len() * STAMP_ROW;
        tables as u64 + self.entries.iter().map(|(row, _)| row.len()).sum::<u64>()
    }

    /// Writes the pack.
    ///
    /// # Errors
    ///
    /// Fails on write errors, or if another pack cannot be read.
    pub(super) fn write(mut self, file: &File) -> io::Result<()> {
        self.entries.sort_by_key(|(row, _)| row.key);
        self.entries.dedup_by_key(|(row, _)| row.key);
        self.stamps.sort_unstable();
        self.stamps.dedup_by_key(|(stamp, _)| *stamp);
        let mut tables = Vec::new();
        let mut start = (HEAD + self.entries.len() * ROW + self.stamps.len() * STAMP_ROW) as u64;
        for (row, _) in &mut self.entries {
            row.start = start;
            start += row.len();
            row.write(&mut tables);
        }
        for (stamp, key) in &self.stamps {
            tables.extend_from_slice(stamp);
            tables.extend_from_slice(&key.0);
        }
        let mut out = io::BufWriter::with_capacity(1 << 18, file);
        let head = head(self.entries.len(), self.stamps.len(), &tables)?;
        out.write_all(&head)?;
        out.write_all(&tables)?;
        for (row, origin) in &self.entries {
            match origin {
                Origin::New(unit, text) => {
                    out.write_all(unit)?;
                    out.write_all(text)?;
                }
                Origin::Pack(pack, start) => {
                    let mut bytes = vec![0; row.len() as usize];
                    read_exact_at(&pack.file, &mut bytes, *start)?;
                    out.write_all(&bytes)?;
                }
            }
        }
        out.flush()
    }
}

fn head(entries: usize, stamps: usize, tables: &[u8]) -> io::Result<Vec<u8>> {
    let mut head = MAGIC.to_vec();
    head.extend_from_slice(&VERSION.to_le_bytes());
    for count in [entries, stamps] {
        let count = u32::try_from(count).map_err(|_| io::ErrorKind::FileTooLarge)?;
        head.extend_from_slice(&count.to_le_bytes());
    }
    let checksum = checksum([&head, tables]);
    head.extend_from_slice(&checksum.to_le_bytes());
    Ok(head)
}

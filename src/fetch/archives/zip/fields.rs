//! The headers of a zip archive, byte by byte, and the extra fields that extend them.

use crate::codec::date::Moment;
use std::io;

/// The lengths of the header before an entry's contents, and of one in the central directory.
pub(super) const LOCAL: usize = 30;
pub(super) const CENTRAL: usize = 46;

/// The flag bits of an encrypted entry.
const ENCRYPTED: u16 = 1 | 1 << 6;
/// The value of a size or offset that is in a 64-bit extra field instead.
const ELSEWHERE: u64 = u32::MAX as u64;

/// The fields that both kinds of headers have.
#[derive(Debug)]
pub(super) struct Header {
    /// The system that made it: 0 is DOS, 3 is Unix.
    pub(super) system: u8,
    pub(super) is_encrypted: bool,
    pub(super) method: u16,
    pub(super) modified: i64,
    pub(super) checksum: u32,
    pub(super) stored: u64,
    pub(super) size: u64,
    pub(super) name_length: usize,
    pub(super) extra_length: usize,
    /// Only in the central directory: the length of the comment, the mode or attributes, and the offset of the entry.
    pub(super) comment_length: usize,
    pub(super) attributes: u32,
    pub(super) offset: u64,
}

/// Two bytes of a header; 0 beyond its end.
pub(super) fn short(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |bytes| u16::from_le_bytes(*bytes))
}

/// Four bytes.
pub(super) fn word(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

/// Eight bytes.
pub(super) fn long(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

impl Header {
    /// A header before contents, if this is one.
    pub(super) fn local(bytes: &[u8; LOCAL]) -> Option<Self> {
        bytes.starts_with(b"PK\x03\x04").then(|| Self::common(bytes[5], &bytes[6..]))
    }

    /// A header of the central directory, if this is one.
    pub(super) fn central(bytes: &[u8; CENTRAL]) -> Option<Self> {
        bytes.starts_with(b"PK\x01\x02").then(|| Self {
            comment_length: usize::from(short(bytes, 32)),
            attributes: word(bytes, 38),
            offset: u64::from(word(bytes, 42)),
            ..Self::common(bytes[5], &bytes[8..])
        })
    }

    /// The fields that both kinds have, from the flags on.
    fn common(system: u8, bytes: &[u8]) -> Self {
        Self {
            system,
            is_encrypted: short(bytes, 0) & ENCRYPTED != 0,
            method: short(bytes, 2),
            modified: dos_time(short(bytes, 4), short(bytes, 6)),
            checksum: word(bytes, 8),
            stored: u64::from(word(bytes, 12)),
            size: u64::from(word(bytes, 16)),
            name_length: usize::from(short(bytes, 20)),
            extra_length: usize::from(short(bytes, 22)),
            comment_length: 0,
            attributes: 0,
            offset: 0,
        }
    }

    /// Reads the extra fields: 64-bit sizes, times in seconds. Returns a better name if there is one.
    pub(super) fn read_extra(&mut self, extra: &[u8], name: &[u8]) -> io::Result<Option<Vec<u8>>> {
        let mut better = None;
        let mut rest = extra;
        while rest.len() >= 4 {
            let (id, length) = (short(rest, 0), usize::from(short(rest, 2)));
            let Some((field, after)) = rest[4..].split_at_checked(length) else {
                return Err(io::Error::other(format!(
                    "Extra data overflow: Need {length} bytes but only found {} bytes",
                    rest.len() - 4
                )));
            };
            rest = after;
            match id {
                0x0001 => self.read_long(field)?,
                0x000d if length >= 12 => self.modified = i64::from(word(field, 4)),
                0x5455 if length >= 5 && field[0] & 1 != 0 => self.modified = i64::from(word(field, 1)),
                0x5855 if length >= 8 => self.modified = i64::from(word(field, 4)),
                0x7075 if length >= 5 && crc32fast::hash(name) == word(field, 1) => better = Some(field[5..].to_vec()),
                _ => {}
            }
        }
        Ok(better)
    }

    /// The numbers that were too large for their place.
    fn read_long(&mut self, field: &[u8]) -> io::Result<()> {
        let mut numbers = field.chunks_exact(8).map(|number| long(number, 0));
        for place in [&mut self.size, &mut self.stored, &mut self.offset] {
            if *place == ELSEWHERE {
                let number = numbers.next().filter(|number| i64::try_from(*number).is_ok());
                *place = number.ok_or_else(|| io::Error::other("Malformed 64-bit size"))?;
            }
        }
        Ok(())
    }
}

/// A DOS time in seconds since 1970. It has no time zone and is read as UTC.
fn dos_time(time: u16, date: u16) -> i64 {
    let [time, date] = [i64::from(time), i64::from(date)];
    let (hour, minute, second) = (time >> 11, time >> 5 & 63, (time & 31) * 2);
    let (year, month, day) = (1980 + (date >> 9), date >> 5 & 15, date & 31);
    Moment { year, month, day, hour, minute, second }.seconds()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        assert_eq!(dos_time(0, 33), 315_532_800, "1980 began");
        assert_eq!(dos_time(7 << 11 | 8 << 5 | 5, 40 << 9 | 5 << 5 | 6), 1_588_748_890);
        assert_eq!(dos_time(0, 20 << 9 | 3 << 5 | 1), 951_868_800, "after a leap day");
        assert_eq!(dos_time(0, 0), 312_768_000, "no day of no month is the last of November");
    }
}

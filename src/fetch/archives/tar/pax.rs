//! Extended headers: lines of `length key=value` before an entry, with values that its own header can't hold.

use super::header::decimal;
use super::sparse::{self, LONGEST, Piece};
use std::io;

/// The longest path in an extended header; longer ones are ignored.
const LONGEST_PATH: usize = 1 << 20;

/// The values for the next entry from extended headers and from GNU's.
#[derive(Debug, Default)]
pub(super) struct Extended {
    pub(super) name: Vec<u8>,
    pub(super) link: Vec<u8>,
    pub(super) modified: Option<i64>,
    /// The size in the archive, in bytes.
    pub(super) size: Option<u64>,
    /// The size of a sparse file on disk, in bytes.
    pub(super) sparse_size: Option<u64>,
    pub(super) real_size: Option<u64>,
    pub(super) star_size: Option<u64>,
    /// True for GNU's sparse formats.
    pub(super) is_sparse: bool,
    pub(super) version: (i64, i64),
    pub(super) pieces: Vec<Piece>,
    /// The first number of a piece whose second is still missing.
    offset: Option<i64>,
    length: Option<i64>,
}

impl Extended {
    /// Reads an extended header. A malformed line and everything after it are ignored.
    pub(super) fn read(&mut self, header: &[u8]) -> io::Result<()> {
        let (mut path, mut sparse_name) = (Vec::new(), Vec::new());
        let mut rest = header;
        while let Some((key, value, after)) = line(rest) {
            rest = after;
            match key {
                b"path" if value.len() <= LONGEST_PATH => path = value.to_vec(),
                b"GNU.sparse.name" if value.len() <= LONGEST_PATH => sparse_name = value.to_vec(),
                b"linkpath" if value.len() <= LONGEST_PATH && !value.is_empty() => self.link = value.to_vec(),
                b"mtime" => self.modified = time(value).or(self.modified),
                b"size" => self.size = size(value).or(self.size),
                b"SCHILY.realsize" => self.star_size = size(value).filter(|size| *size <= LONGEST).or(self.star_size),
                b"SUN.holesdata" => sparse::add_holes(&mut self.pieces, value)?,
                _ => self.read_sparse(key, value)?,
            }
        }
        // A sparse file's usual name is only for programs that don't know sparse files.
        let name = if sparse_name.is_empty() { path } else { sparse_name };
        if !name.is_empty() {
            self.name = name;
        }
        Ok(())
    }

    fn read_sparse(&mut self, key: &[u8], value: &[u8]) -> io::Result<()> {
        let Some(key) = key.strip_prefix(b"GNU.sparse") else { return Ok(()) };
        if !key.is_empty() && !key.starts_with(b".") {
            return Ok(());
        }
        self.is_sparse = true;
        let small = || Some(decimal(value)).filter(|number| (0..=10).contains(number));
        match key {
            b".numblocks" => (self.offset, self.length, self.version) = (None, None, (0, 0)),
            b".offset" => self.offset = Some(decimal(value)),
            b".numbytes" => self.length = Some(decimal(value)),
            b".size" => self.sparse_size = size(value).or(self.sparse_size),
            b".realsize" => self.real_size = size(value).filter(|size| *size <= LONGEST).or(self.real_size),
            b".major" => self.version.0 = small().unwrap_or(self.version.0),
            b".minor" => self.version.1 = small().unwrap_or(self.version.1),
            b".map" => {
                self.version = (0, 1);
                sparse::add_map(&mut self.pieces, value)?;
            }
            _ => {}
        }
        if let (Some(offset), Some(length)) = (self.offset, self.length) {
            sparse::add(&mut self.pieces, offset, length, false)?;
            (self.offset, self.length) = (None, None);
        }
        Ok(())
    }
}

/// The key and value of the first line, and the text after it.
fn line(text: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let space = text.iter().take(10).position(|byte| *byte == b' ')?;
    let length = &text[..space];
    if !length.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let length = usize::try_from(decimal(length)).ok()?;
    let (line, rest) = text.split_at_checked(length)?;
    let line = line.get(space + 1..)?.strip_suffix(b"\n")?;
    let equals = line.iter().position(|byte| *byte == b'=')?;
    (equals > 0).then(|| (&line[..equals], &line[equals + 1..], rest))
}

fn size(value: &[u8]) -> Option<u64> {
    let number = decimal(value);
    u64::try_from(number).ok().filter(|_| value.len() <= 64 && number != i64::MAX)
}

/// Seconds: a decimal number whose fraction is ignored, but must be valid.
fn time(value: &[u8]) -> Option<i64> {
    let digits = value.strip_prefix(b"-").unwrap_or(value);
    let (whole, fraction) = match digits.iter().position(|byte| *byte == b'.') {
        Some(point) => (&digits[..point], &digits[point + 1..]),
        None => (digits, &[][..]),
    };
    let are_digits = whole.iter().chain(fraction).all(u8::is_ascii_digit) && value.len() <= 64;
    let seconds = whole
        .iter()
        .try_fold(0_i64, |seconds, digit| seconds.checked_mul(10)?.checked_add(i64::from(digit.wrapping_sub(b'0'))));
    let seconds = seconds.filter(|_| are_digits)?;
    Some(if digits.len() < value.len() { -seconds } else { seconds })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        assert_eq!(line(b"10 path=a\nrest"), Some((&b"path"[..], &b"a"[..], &b"rest"[..])));
        assert_eq!(line(b"11 path=\n\n\nx"), Some((&b"path"[..], &b"\n\n"[..], &b"x"[..])));
        for malformed in
            [&b""[..], b"10 path=ab", b"99 path=a\n", b"x path=a\n", b"5 =a\n", b"10path=abc\n", b"0 a=b\n"]
        {
            assert_eq!(line(malformed), None, "{}", String::from_utf8_lossy(malformed));
        }
    }

    #[test]
    fn times() {
        let cases: &[(&[u8], Option<i64>)] = &[
            (b"1600000000", Some(1_600_000_000)),
            (b"1600000000.987654321", Some(1_600_000_000)),
            (b"-7.5", Some(-7)),
            (b"", Some(0)),
            (b"soon", None),
            (b"1.x", None),
            (b"99999999999999999999", None),
        ];
        for (value, seconds) in cases {
            assert_eq!(time(value), *seconds, "{}", String::from_utf8_lossy(value));
        }
    }
}

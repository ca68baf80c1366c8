//! One block of 512 bytes: its fields, and the encodings of numbers.

use std::ops::Range;

/// The block size of an archive, in bytes.
pub(super) const BLOCK: usize = 512;

/// A block that may be a header.
pub(super) type Block = [u8; BLOCK];

pub(super) const NAME: Range<usize> = 0..100;
pub(super) const MODE: Range<usize> = 100..108;
const USER: Range<usize> = 108..116;
const GROUP: Range<usize> = 116..124;
pub(super) const SIZE: Range<usize> = 124..136;
pub(super) const MODIFIED: Range<usize> = 136..148;
const CHECKSUM: Range<usize> = 148..156;
pub(super) const KIND: usize = 156;
pub(super) const LINK: Range<usize> = 157..257;
const MAGIC: Range<usize> = 257..265;
const DEVICE_MAJOR: Range<usize> = 329..337;
const DEVICE_MINOR: Range<usize> = 337..345;
/// POSIX headers: the part before the name.
pub(super) const PREFIX: Range<usize> = 345..500;
/// GNU headers: pieces of a sparse file, whether there are more, and its size.
pub(super) const PIECES: Range<usize> = 386..482;
pub(super) const HAS_MORE_PIECES: usize = 482;
pub(super) const REAL_SIZE: Range<usize> = 483..495;

/// The format of an archive, as far as it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Old,
    Posix,
    Gnu,
    /// With extended headers: the format from the first of them on.
    Pax,
}

/// The format of a block, by its magic bytes.
pub(super) fn format(block: &Block) -> Format {
    match &block[MAGIC] {
        b"ustar  \0" => Format::Gnu,
        magic if magic.starts_with(b"ustar") => Format::Posix,
        _ => Format::Old,
    }
}

/// True for the end block of an archive.
pub(super) fn is_zero(block: &Block) -> bool {
    block.iter().all(|byte| *byte == 0)
}

/// True for a block that may begin an archive.
pub(super) fn is_header(block: &Block) -> bool {
    let numbers = [MODE, USER, GROUP, MODIFIED, SIZE, DEVICE_MAJOR, DEVICE_MINOR];
    let kind = block[KIND];
    has_right_sum(block)
        && (kind == 0 || kind.is_ascii_alphanumeric())
        && numbers.into_iter().all(|field| is_number(&block[field]))
}

/// True if a block's checksum matches its bytes, either unsigned or signed: old programs summed signed bytes.
pub(super) fn has_right_sum(block: &Block) -> bool {
    if !block[CHECKSUM].iter().all(|byte| matches!(byte, b' ' | 0 | b'0'..=b'7')) {
        return false;
    }
    let told = number(&block[CHECKSUM]);
    let others = || block[..CHECKSUM.start].iter().chain(&block[CHECKSUM.end..]);
    let spaces = i64::from(b' ') * 8;
    told == spaces + others().map(|byte| i64::from(*byte)).sum::<i64>()
        || told == spaces + others().map(|byte| i64::from(byte.cast_signed())).sum::<i64>()
}

fn is_number(field: &[u8]) -> bool {
    if matches!(field.first(), None | Some(0 | 128 | 255)) {
        return true;
    }
    let digits = field.trim_ascii_start();
    let rest = digits.iter().position(|byte| !matches!(byte, b'0'..=b'7')).map_or(&[][..], |end| &digits[end..]);
    rest.iter().all(|byte| matches!(byte, b' ' | 0))
}

/// A number: octal, or binary if the first bit is set.
pub(super) fn number(field: &[u8]) -> i64 {
    match field.first() {
        Some(first) if first & 0x80 != 0 => binary(field),
        _ => digits(field, 8),
    }
}

/// A decimal number of an extended header.
pub(super) fn decimal(text: &[u8]) -> i64 {
    digits(text, 10)
}

/// The number at the beginning, limited to the largest one.
fn digits(text: &[u8], base: u8) -> i64 {
    let start = text.iter().position(|byte| !matches!(byte, b' ' | b'\t')).unwrap_or(text.len());
    let (sign, text) = match text[start..].split_first() {
        Some((b'-', rest)) => (-1, rest),
        _ => (1, &text[start..]),
    };
    let mut value = 0_i64;
    for byte in text {
        let digit = byte.wrapping_sub(b'0');
        if digit >= base {
            break;
        }
        let next = value.checked_mul(i64::from(base)).and_then(|value| value.checked_add(sign * i64::from(digit)));
        let Some(next) = next else { return if sign < 0 { i64::MIN } else { i64::MAX } };
        value = next;
    }
    value
}

/// A signed binary number; the first bit is only a marker.
fn binary(field: &[u8]) -> i64 {
    let is_negative = field.first().is_some_and(|first| first & 0x40 != 0);
    let filler = if is_negative { 0xff } else { 0 };
    let mut bytes = field.to_vec();
    if let Some(first) = bytes.first_mut() {
        *first = if is_negative { *first | 0x80 } else { *first & 0x7f };
    }
    let limit = if is_negative { i64::MIN } else { i64::MAX };
    let split = bytes.len().saturating_sub(8);
    let (high, low) = bytes.split_at(split);
    let fits = high.iter().all(|byte| *byte == filler) && low.first().is_some_and(|first| (first ^ filler) & 0x80 == 0);
    if !fits {
        return limit;
    }
    let mut word = [filler; 8];
    word[8 - low.len()..].copy_from_slice(low);
    i64::from_be_bytes(word)
}

/// A text: up to its NUL, or the whole field.
pub(super) fn text(field: &[u8]) -> &[u8] {
    field.split(|byte| *byte == 0).next().unwrap_or_default()
}

/// The number of bytes that fill up the last block.
pub(super) fn padding(size: u64) -> u64 {
    size.wrapping_neg() % BLOCK as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        let cases: &[(&[u8], i64)] = &[
            (b"0000644\0", 0o644),
            (b"  755 \0\0", 0o755),
            (b"        ", 0),
            (b"12345670123", 0o12345670123),
            (b"777777777777777777777777", i64::MAX),
            (b"\x80\0\0\0\0\0\0\0\0\0\x01\0", 256),
            (b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xfb", -5),
            (b"\x80\0\0\x01\0\0\0\0\0\0\0\0", i64::MAX),
            (b"\xff\xff\xff\0\xff\xff\xff\xff\xff\xff\xff\xfb", i64::MIN),
            (b"\x80\x01", 1),
            (b"", 0),
        ];
        for (field, value) in cases {
            assert_eq!(number(field), *value, "{field:?}");
        }
        assert_eq!(decimal(b"1089"), 1089);
        assert_eq!(decimal(b"-12x"), -12);
        assert_eq!((padding(0), padding(1), padding(512), padding(513)), (0, 511, 0, 511));
    }
}

//! Base 16, Nix's base 32, and base 64, with Nix's leniency: base 64 may lack padding, contain newlines and end early
//! at a `=`.

use data_encoding::{BASE64, HEXLOWER, HEXLOWER_PERMISSIVE};

/// The digits of Nix's base 32, in order; `e`, `o`, `t` and `u` are not among them.
pub const NIX32_DIGITS: &[u8; 32] = b"0123456789abcdfghijklmnpqrsvwxyz";

/// A text that is not a valid encoding of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidDigit;

/// Two lower case hexadecimal digits for every byte.
pub fn encode_base16(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}

/// The bytes of an even number of hexadecimal digits, in either case.
pub fn decode_base16(text: &[u8]) -> Result<Vec<u8>, InvalidDigit> {
    HEXLOWER_PERMISSIVE.decode(text).map_err(|_| InvalidDigit)
}

/// The number of digits [`encode_nix32`] makes of this many bytes.
pub fn nix32_length(bytes: usize) -> usize {
    (bytes * 8).div_ceil(5)
}

/// The bytes as one little-endian number, five bits to the digit, most significant digit first.
pub fn encode_nix32(bytes: &[u8]) -> String {
    let mut digits = vec![NIX32_DIGITS[0]; nix32_length(bytes.len())];
    // Five bytes give eight digits.
    for (five, eight) in bytes.chunks(5).zip(digits.rchunks_mut(8)) {
        let mut number = [0; 8];
        number[..five.len()].copy_from_slice(five);
        let number = u64::from_le_bytes(number);
        for (place, digit) in eight.iter_mut().rev().enumerate() {
            *digit = NIX32_DIGITS[(number >> (5 * place) & 31) as usize];
        }
    }
    String::from_utf8(digits).unwrap_or_default()
}

/// The bytes of a Nix base 32 number. Bits that do not fill a byte make one more byte only when set, so a
/// text that overflows its digest shows in the length.
pub fn decode_nix32(text: &[u8]) -> Result<Vec<u8>, InvalidDigit> {
    let mut bytes: Vec<u8> = Vec::with_capacity(text.len() * 5 / 8 + 1);
    for (place, digit) in text.iter().rev().enumerate() {
        let value = NIX32_DIGITS.iter().position(|known| known == digit).ok_or(InvalidDigit)?;
        let (index, shift) = (place * 5 / 8, place * 5 % 8);
        let [low, high] = ((value as u16) << shift).to_le_bytes();
        bytes.resize(bytes.len().max(index + 1 + usize::from(high != 0)), 0);
        bytes[index] |= low;
        if high != 0 {
            bytes[index + 1] |= high;
        }
    }
    Ok(bytes)
}

/// The number of characters [`encode_base64`] makes of this many bytes.
pub fn base64_length(bytes: usize) -> usize {
    bytes.div_ceil(3) * 4
}

/// Standard base 64 with padding.
pub fn encode_base64(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

/// The bytes of base 64 text up to the first `=`, newlines skipped; bits short of a byte are dropped.
pub fn decode_base64(text: &[u8]) -> Result<Vec<u8>, InvalidDigit> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    let (mut pending, mut count) = (0_u32, 0);
    for &digit in text.iter().take_while(|digit| **digit != b'=').filter(|digit| **digit != b'\n') {
        pending = pending << 6 | u32::from(base64_digit(digit).ok_or(InvalidDigit)?);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((pending >> count) as u8);
        }
    }
    Ok(bytes)
}

fn base64_digit(digit: u8) -> Option<u8> {
    match digit {
        b'A'..=b'Z' => Some(digit - b'A'),
        b'a'..=b'z' => Some(digit - b'a' + 26),
        b'0'..=b'9' => Some(digit - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nix32() {
        let digest = b"\xd4\x1d\x8c\xd9\x8f\x00\xb2\x04\xe9\x80\x09\x98\xec\xf8\x42\x7e";
        let table: [(&[u8], &str); 4] =
            [(b"", ""), (b"\0", "00"), (b"\xff", "7z"), (digest, "3y8bwfr609h3lh9ch0izcqq7fl")];
        for (bytes, text) in table {
            assert_eq!(encode_nix32(bytes), text);
            assert_eq!(decode_nix32(text.as_bytes()), Ok(bytes.to_vec()));
            assert_eq!(nix32_length(bytes.len()), text.len());
        }
        assert_eq!(decode_nix32(b"zz"), Ok(vec![0xff, 3]));
        assert_eq!(decode_nix32(b"0e"), Err(InvalidDigit));
    }

    #[test]
    fn base16_and_base64() {
        assert_eq!(encode_base16(b"\x00\xaf"), "00af");
        assert_eq!(decode_base16(b"00Af"), Ok(vec![0, 0xaf]));
        assert_eq!(decode_base16(b"0"), Err(InvalidDigit));
        assert_eq!(encode_base64(b"abcd"), "YWJjZA==");
        for text in ["YWJjZA==", "YWJjZA", "YWJj\nZA=junk*"] {
            assert_eq!(decode_base64(text.as_bytes()), Ok(b"abcd".to_vec()));
        }
        assert_eq!(decode_base64(b"YW*j"), Err(InvalidDigit));
        assert_eq!(base64_length(32), 44);
    }
}

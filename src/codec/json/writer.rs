//! The JSON string of a byte string, or the place where it is not UTF-8.

use std::fmt;

/// A byte string that is not UTF-8 and so has no JSON form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidUtf8 {
    /// The byte at this index is not valid there.
    Byte {
        /// Index in the string.
        index: usize,
        /// The byte there.
        byte: u8,
    },
    /// The string ends within a character; with its last byte.
    Incomplete(u8),
}

impl fmt::Display for InvalidUtf8 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[json.exception.type_error.316] ")?;
        match self {
            Self::Byte { index, byte } => write!(formatter, "invalid UTF-8 byte at index {index}: 0x{byte:02X}"),
            Self::Incomplete(byte) => write!(formatter, "incomplete UTF-8 string; last byte: 0x{byte:02X}"),
        }
    }
}

impl std::error::Error for InvalidUtf8 {}

/// Appends the JSON string `"…"` of `bytes`. `"`, `\` and control characters below space are escaped, with the short
/// escapes where they exist; all other bytes are kept. If the bytes are not UTF-8, returns an error and appends
/// nothing.
pub fn write_json_string(out: &mut Vec<u8>, bytes: &[u8]) -> Result<(), InvalidUtf8> {
    check_utf8(bytes)?;
    out.reserve(bytes.len() + 2);
    out.push(b'"');
    let mut rest = bytes;
    while let Some(length) = rest.iter().position(|byte| matches!(byte, 0..=31 | b'"' | b'\\')) {
        out.extend(&rest[..length]);
        write_escape(out, rest[length]);
        rest = &rest[length + 1..];
    }
    out.extend(rest);
    out.push(b'"');
    Ok(())
}

/// The output that nlohmann's library has already written when it finds that a string is not UTF-8. It writes whole
/// buffers.
pub fn written_of_invalid(bytes: &[u8]) -> Vec<u8> {
    const BUFFER: usize = 512;
    const ROOM: usize = 13;
    let valid = bytes.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    let (mut written, mut buffer) = (Vec::new(), Vec::new());
    for character in valid.chars() {
        match u8::try_from(character) {
            Ok(byte @ (0..=31 | b'"' | b'\\')) => write_escape(&mut buffer, byte),
            _ => buffer.extend(character.encode_utf8(&mut [0; 4]).as_bytes()),
        }
        if BUFFER - buffer.len() < ROOM {
            written.append(&mut buffer);
        }
    }
    written
}

fn write_escape(out: &mut Vec<u8>, byte: u8) {
    let letter = match byte {
        b'"' | b'\\' => byte,
        8 => b'b',
        9 => b't',
        10 => b'n',
        12 => b'f',
        13 => b'r',
        _ => {
            out.extend(format!("\\u{byte:04x}").into_bytes());
            return;
        }
    };
    out.extend([b'\\', letter]);
}

fn check_utf8(bytes: &[u8]) -> Result<(), InvalidUtf8> {
    let Err(error) = std::str::from_utf8(bytes) else {
        return Ok(());
    };
    let start = error.valid_up_to();
    let Some(length) = error.error_len() else {
        return Err(InvalidUtf8::Incomplete(bytes.last().copied().unwrap_or(0)));
    };
    // A byte that cannot begin a character is itself wrong. After a byte that can, the first byte that does not fit
    // is wrong.
    let is_lead = matches!(bytes[start], 0xc2..=0xf4);
    let index = if is_lead { start + length } else { start };
    Err(InvalidUtf8::Byte { index, byte: bytes[index] })
}

//! JSON strings: the text after an opening quote, or the error in it.

use super::lexer::{Lexer, Scanned, Token};

/// ASCII names of the control characters.
const CONTROL_NAMES: [&str; 32] = [
    "NUL", "SOH", "STX", "ETX", "EOT", "ENQ", "ACK", "BEL", "BS", "HT", "LF", "VT", "FF", "CR", "SO", "SI", "DLE",
    "DC1", "DC2", "DC3", "DC4", "NAK", "SYN", "ETB", "CAN", "EM", "SUB", "ESC", "FS", "GS", "RS", "US",
];

impl Lexer<'_> {
    /// The string whose opening quote has been read.
    pub(super) fn string(&mut self) -> Token {
        self.token_start = self.read - 1;
        let mut value = Vec::new();
        loop {
            let plain = |byte: &&u8| matches!(**byte, b' '..=b'~' | 127) && !matches!(**byte, b'"' | b'\\');
            let rest = &self.text[self.read..];
            let length = rest.iter().take_while(plain).count();
            value.extend(&rest[..length]);
            self.read += length;
            let result = match self.get() {
                Some(b'"') => return Token::String(value),
                None => Err("missing closing quote".to_owned()),
                Some(b'\\') => self.escape(&mut value).map_err(str::to_owned),
                Some(control @ 0..=31) => Err(control_message(control)),
                Some(lead) => self.multi_byte(lead, &mut value).map_err(str::to_owned),
            };
            if let Err(error) = result {
                return Token::Error(format!("invalid string: {error}"));
            }
        }
    }

    /// The rest of a UTF-8 sequence. Its second byte shows whether it is an overlong form or a surrogate.
    fn multi_byte(&mut self, lead: u8, value: &mut Vec<u8>) -> Scanned<()> {
        let (length, second) = match lead {
            0xc2..=0xdf => (2, 0x80..=0xbf),
            0xe0 => (3, 0xa0..=0xbf),
            0xed => (3, 0x80..=0x9f),
            0xe1..=0xef => (3, 0x80..=0xbf),
            0xf0 => (4, 0x90..=0xbf),
            0xf1..=0xf3 => (4, 0x80..=0xbf),
            0xf4 => (4, 0x80..=0x8f),
            _ => return Err("ill-formed UTF-8 byte"),
        };
        value.push(lead);
        for index in 1..length {
            let allowed = if index == 1 { second.clone() } else { 0x80..=0xbf };
            let byte = self.get().filter(|byte| allowed.contains(byte)).ok_or("ill-formed UTF-8 byte")?;
            value.push(byte);
        }
        Ok(())
    }

    fn escape(&mut self, value: &mut Vec<u8>) -> Scanned<()> {
        let byte = match self.get() {
            Some(byte @ (b'"' | b'\\' | b'/')) => byte,
            Some(b'b') => 8,
            Some(b'f') => 12,
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(b'u') => {
                let character = self.unicode_escape()?;
                value.extend(character.encode_utf8(&mut [0; 4]).as_bytes());
                return Ok(());
            }
            _ => return Err("forbidden character after backslash"),
        };
        value.push(byte);
        Ok(())
    }

    /// The character of one `\u` escape, or of a pair of them.
    fn unicode_escape(&mut self) -> Scanned<char> {
        const NO_LOW: &str = "surrogate U+D800..U+DBFF must be followed by U+DC00..U+DFFF";
        const NO_HIGH: &str = "surrogate U+DC00..U+DFFF must follow U+D800..U+DBFF";
        let first = self.code_unit()?;
        if !(0xd800..0xdc00).contains(&first) {
            return char::from_u32(first).ok_or(NO_HIGH);
        }
        if self.get() != Some(b'\\') || self.get() != Some(b'u') {
            return Err(NO_LOW);
        }
        let second = self.code_unit()?;
        if !(0xdc00..0xe000).contains(&second) {
            return Err(NO_LOW);
        }
        char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00)).ok_or(NO_LOW)
    }

    fn code_unit(&mut self) -> Scanned<u32> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = self.get().and_then(|byte| char::from(byte).to_digit(16));
            unit = unit << 4 | digit.ok_or("'\\u' must be followed by 4 hex digits")?;
        }
        Ok(unit)
    }
}

fn control_message(control: u8) -> String {
    let name = CONTROL_NAMES[usize::from(control)];
    let short = match control {
        8 => " or \\b",
        9 => " or \\t",
        10 => " or \\n",
        12 => " or \\f",
        13 => " or \\r",
        _ => "",
    };
    format!("control character U+{control:04X} ({name}) must be escaped to \\u{control:04X}{short}")
}

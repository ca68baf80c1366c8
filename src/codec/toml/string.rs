//! TOML strings, from their opening quote on.

use super::TomlError;
use super::report::{Span, report_named};
use super::scanner::Scanner;

/// The four kinds of quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quoted {
    Basic,
    Literal,
    MultiLineBasic,
    MultiLineLiteral,
}

impl Quoted {
    fn quote(self) -> u8 {
        if self.has_escapes() { b'"' } else { b'\'' }
    }

    fn has_escapes(self) -> bool {
        matches!(self, Self::Basic | Self::MultiLineBasic)
    }

    fn is_multi_line(self) -> bool {
        matches!(self, Self::MultiLineBasic | Self::MultiLineLiteral)
    }

    fn error_name(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Literal => "literal",
            Self::MultiLineBasic => "ml_basic",
            Self::MultiLineLiteral => "ml_literal",
        }
    }
}

impl Scanner<'_> {
    /// The string at the current place, which has a quote.
    pub(super) fn string(&mut self) -> Result<Vec<u8>, TomlError> {
        let kind = match self.rest() {
            [b'"', b'"', b'"', ..] => Quoted::MultiLineBasic,
            [b'\'', b'\'', b'\'', ..] => Quoted::MultiLineLiteral,
            [b'"', ..] => Quoted::Basic,
            _ => Quoted::Literal,
        };
        self.quoted(kind)
    }

    /// The string of this kind at the current place. A syntax error anywhere in it comes before an error in the value
    /// of an escape.
    pub(super) fn quoted(&mut self, kind: Quoted) -> Result<Vec<u8>, TomlError> {
        let quotes = if kind.is_multi_line() { 3 } else { 1 };
        let opening = self.at;
        self.at += quotes;
        if kind.is_multi_line() {
            self.take_newline();
        }
        let start = self.at;
        while self.take_content(kind) || (kind.is_multi_line() && self.take_inner_quotes(kind)) {}
        let closing = vec![kind.quote(); quotes];
        if !self.take(&closing) {
            let title = format!("toml::parse_{}_string: invalid string format", kind.error_name());
            let error = self.error(&title, &format!("expected {}", String::from_utf8_lossy(&closing)));
            self.at = opening;
            return Err(error);
        }
        // Up to two more quotes belong to the string.
        if kind.is_multi_line() {
            let quote = kind.quote();
            self.at += self.rest().iter().take(2).take_while(|byte| **byte == quote).count();
        }
        let content = &self.text[start..self.at - quotes];
        if kind.has_escapes() { unescape(content) } else { Ok(content.to_vec()) }
    }

    fn take_content(&mut self, kind: Quoted) -> bool {
        let quote = kind.quote();
        let plain = |byte: u8| matches!(byte, b'\t' | b' '..=b'~') && byte != quote;
        self.take_while(|byte| plain(byte) && !(kind.has_escapes() && byte == b'\\')) > 0
            || self.take_non_ascii()
            || (kind.is_multi_line() && self.take_newline())
            || (kind.has_escapes() && self.take_escape(kind))
    }

    fn take_escape(&mut self, kind: Quoted) -> bool {
        let start = self.at;
        if !self.take(b"\\") {
            return false;
        }
        let digits = match self.peek() {
            Some(b'"' | b'\\' | b'b' | b'f' | b'n' | b'r' | b't') => 0,
            Some(b'u') => 4,
            Some(b'U') => 8,
            _ => {
                self.skip_blanks();
                if kind.is_multi_line() && self.take_newline() {
                    return true;
                }
                self.at = start;
                return false;
            }
        };
        self.at += 1;
        let hexadecimal = self.rest().iter().take(digits).take_while(|byte| byte.is_ascii_hexdigit()).count();
        self.at = if hexadecimal == digits { self.at + digits } else { start };
        hexadecimal == digits
    }

    /// One or two quotes within a string; something else must follow them.
    fn take_inner_quotes(&mut self, kind: Quoted) -> bool {
        let start = self.at;
        let quotes = self.take_while(|byte| byte == kind.quote());
        if matches!(quotes, 1 | 2) && self.take_content(kind) {
            return true;
        }
        self.at = start;
        false
    }
}

/// The value of a string whose escapes have the right form.
fn unescape(content: &[u8]) -> Result<Vec<u8>, TomlError> {
    let mut value = Vec::with_capacity(content.len());
    let mut rest = content;
    while let Some(plain) = memchr::memchr(b'\\', rest) {
        value.extend(&rest[..plain]);
        let escape = &rest[plain..];
        let (byte, length) = match escape.get(1) {
            Some(b'b') => (8, 2),
            Some(b'f') => (12, 2),
            Some(b'n') => (b'\n', 2),
            Some(b'r') => (b'\r', 2),
            Some(b't') => (b'\t', 2),
            Some(quoted @ (b'"' | b'\\')) => (*quoted, 2),
            Some(b'u') => {
                rest = unescape_character(&mut value, escape, 6)?;
                continue;
            }
            Some(b'U') => {
                rest = unescape_character(&mut value, escape, 10)?;
                continue;
            }
            _ => {
                let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
                rest = &escape[1..];
                rest = &rest[rest.iter().take_while(|byte| blank(byte)).count()..];
                continue;
            }
        };
        value.push(byte);
        rest = &escape[length..];
    }
    value.extend(rest);
    Ok(value)
}

/// Appends the character of `\uXXXX` or `\UXXXXXXXX`, and returns the text after it.
fn unescape_character<'a>(value: &mut Vec<u8>, escape: &'a [u8], length: usize) -> Result<&'a [u8], TomlError> {
    let digits = escape.get(2..length).unwrap_or_default();
    let code = digits.iter().fold(0_u32, |code, digit| code << 4 | char::from(*digit).to_digit(16).unwrap_or(0));
    let Some(character) = char::from_u32(code) else {
        let (title, remark) = if code < 0x10_000 {
            ("[0xD800, 0xDFFF] is not a valid UTF-8", "here")
        } else {
            ("input codepoint is too large.", "must be in range [0x00, 0x10FFFF]")
        };
        let title = format!("toml::parse_utf8_codepoint: {title}");
        return Err(report_named("internal temporary", escape, &title, &[(Span::new(1, length), remark)], ""));
    };
    value.extend(character.encode_utf8(&mut [0; 4]).as_bytes());
    Ok(&escape[length..])
}

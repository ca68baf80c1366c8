//! The scanner of a TOML document: a place in the text, the tokens around values, and reports of missing tokens.

use super::TomlError;
use super::report::{Span, report};
use super::string::Quoted;

const KEY_HINT: &str = "Hint: non-ASCII scripts are allowed in toml v1.1.0, but not in v1.0.0.\n";

/// The largest number of errors shown for a document. For each one, lines are counted from the beginning.
pub(super) const MOST_ERRORS: usize = 1000;

/// A dotted key and its place.
pub(super) struct Key {
    pub(super) parts: Vec<Vec<u8>>,
    pub(super) span: Span,
}

pub(super) struct Scanner<'text> {
    pub(super) text: &'text [u8],
    pub(super) at: usize,
    /// The errors so far that reading recovered from.
    pub(super) errors: Vec<TomlError>,
    /// The line to which reading last went back, to read an entry where an array was expected.
    pub(super) went_back_to: Option<usize>,
}

impl<'text> Scanner<'text> {
    pub(super) fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    pub(super) fn rest(&self) -> &'text [u8] {
        &self.text[self.at..]
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.text.len()
    }

    pub(super) fn take(&mut self, literal: &[u8]) -> bool {
        let found = self.rest().starts_with(literal);
        self.at += if found { literal.len() } else { 0 };
        found
    }

    pub(super) fn take_while(&mut self, condition: impl Fn(u8) -> bool) -> usize {
        let length = self.rest().iter().take_while(|byte| condition(**byte)).count();
        self.at += length;
        length
    }

    pub(super) fn skip_blanks(&mut self) {
        self.take_while(|byte| matches!(byte, b' ' | b'\t'));
    }

    pub(super) fn take_newline(&mut self) -> bool {
        self.take(b"\n") || self.take(b"\r\n")
    }

    /// A report with a mark at the current place.
    pub(super) fn error(&self, title: &str, remark: &str) -> TomlError {
        self.error_at(self.at, title, remark, "")
    }

    pub(super) fn error_at(&self, at: usize, title: &str, remark: &str, hints: &str) -> TomlError {
        if self.errors.len() >= MOST_ERRORS {
            return TomlError(String::new());
        }
        report(self.text, title, &[(Span::point(self.text, at), remark)], hints)
    }

    /// Takes one character beyond ASCII, if it is valid UTF-8.
    pub(super) fn take_non_ascii(&mut self) -> bool {
        let length = match self.peek() {
            Some(0xc2..=0xdf) => 2,
            Some(0xe0..=0xef) => 3,
            Some(0xf0..=0xf4) => 4,
            _ => return false,
        };
        let valid = self.rest().get(..length).is_some_and(|bytes| std::str::from_utf8(bytes).is_ok());
        self.at += if valid { length } else { 0 };
        valid
    }

    /// The text of a comment from its `#` to the end of the line, without the newline.
    fn skip_comment_text(&mut self) -> bool {
        if !self.take(b"#") {
            return false;
        }
        while self.take_while(|byte| matches!(byte, b'\t' | b' '..=b'~')) > 0 || self.take_non_ascii() {}
        true
    }

    /// Skips spaces, newlines and whole comment lines. Returns true if there were newlines.
    pub(super) fn skip_lines(&mut self) -> bool {
        let mut newlines = false;
        loop {
            self.skip_blanks();
            let start = self.at;
            self.skip_comment_text();
            if !self.take_newline() {
                self.at = start;
                return newlines;
            }
            newlines = true;
        }
    }

    /// Skips a comment with its newline, if there is one after spaces. A wrong comment is reported and does not
    /// count.
    pub(super) fn skip_comment(&mut self) -> bool {
        let start = self.at;
        self.skip_blanks();
        if !self.skip_comment_text() {
            self.at = start;
            return false;
        }
        if self.is_at_end() || self.take_newline() {
            return true;
        }
        let newline = memchr::memchr(b'\n', &self.text[self.at + 1..]);
        let next_line = newline.map_or(self.text.len(), |index| self.at + index + 2);
        let title = "toml::parse_comment_line: newline (LF / CRLF) or EOF is expected";
        let hint = "Hint: most of the control characters are not allowed in comments";
        self.report(self.error_at(next_line, title, "but got this", hint));
        self.at = next_line;
        false
    }

    /// A key and the `=` after it.
    pub(super) fn key_and_separator(&mut self) -> Result<Key, TomlError> {
        let key = self.key()?;
        self.skip_blanks();
        if !self.take(b"=") {
            let title = "toml::parse_key_value_pair: invalid key value separator `=`";
            return Err(self.error(title, "expected ="));
        }
        self.skip_blanks();
        Ok(key)
    }

    /// A key with all its dotted parts.
    pub(super) fn key(&mut self) -> Result<Key, TomlError> {
        let start = self.at;
        let mut parts = vec![self.simple_key()?];
        loop {
            let end = self.at;
            self.skip_blanks();
            if !self.take(b".") {
                self.at = end;
                return Ok(Key { parts, span: Span::new(start, end) });
            }
            self.skip_blanks();
            parts.push(self.simple_key()?);
        }
    }

    fn simple_key(&mut self) -> Result<Vec<u8>, TomlError> {
        match self.peek() {
            Some(b'"') => return self.quoted(Quoted::Basic),
            Some(b'\'') => return self.quoted(Quoted::Literal),
            _ => {}
        }
        let start = self.at;
        if self.take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')) > 0 {
            return Ok(self.text[start..self.at].to_vec());
        }
        let title = "toml::parse_simple_key: invalid key: key must be \"quoted\", 'quoted-literal', or bare key.";
        Err(self.error_at(self.at, title, "expected alpha [a-zA-Z], digit [0-9], -, or _", KEY_HINT))
    }

    /// The key of a `[table]` or `[[array of tables]]`, with a span that includes the brackets, and which of the two
    /// it is.
    pub(super) fn table_header(&mut self) -> Result<(Key, bool), TomlError> {
        let start = self.at;
        let of_tables = self.take(b"[[");
        let (closing, title): (&[u8], _) = if of_tables {
            (b"]]", "toml::parse_file: invalid array-table key")
        } else {
            self.take(b"[");
            (b"]", "toml::parse_file: invalid table key")
        };
        self.skip_blanks();
        let key_start = self.at;
        let Ok(mut key) = self.key() else {
            return Err(self.header_key_error(key_start, title, closing));
        };
        self.skip_blanks();
        if !self.take(closing) {
            return Err(self.error(title, &format!("expected {}", String::from_utf8_lossy(closing))));
        }
        key.span = Span::new(start, self.at);
        Ok((key, of_tables))
    }

    /// The error in a header: there is no key, or something other than the closing bracket follows it.
    fn header_key_error(&mut self, key_start: usize, title: &str, closing: &[u8]) -> TomlError {
        self.at = key_start;
        if self.simple_key().is_err() {
            let remark = "expected basic key([a-zA-Z0-9_-]) or quoted key(\" or ')";
            return self.error_at(key_start, title, remark, "");
        }
        self.error(title, &format!("expected {}", String::from_utf8_lossy(closing)))
    }

    /// The newline that must follow a header, or a comment.
    pub(super) fn end_of_header(&mut self) -> Result<(), TomlError> {
        let errors = self.errors.len();
        if self.skip_comment() {
            return Ok(());
        }
        if self.errors.len() > errors
            && let Some(error) = self.errors.pop()
        {
            return Err(error);
        }
        self.skip_blanks();
        if self.is_at_end() || self.take_newline() {
            return Ok(());
        }
        let title = "toml::parse_file: newline (or EOF) expected";
        Err(self.error(title, "expected 0x0a(LINE FEED) or \r\n"))
    }
}

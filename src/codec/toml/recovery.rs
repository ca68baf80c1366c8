//! Recovery: the place where toml11 continues after an error to find more errors.

use super::TomlError;
use super::scanner::Scanner;

/// The kind of text being skipped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Brackets {
    Array,
    Table,
}

impl Scanner<'_> {
    /// Keeps an error for the final report.
    pub(super) fn report(&mut self, error: TomlError) {
        self.errors.push(error);
    }

    /// The text of all errors, if there are any.
    pub(super) fn all_errors(&self) -> Option<TomlError> {
        let all: String = self.errors.iter().map(|error| error.0.as_str()).collect();
        (!self.errors.is_empty()).then_some(TomlError(all))
    }

    fn skip_to(&mut self, ends: &[u8]) {
        self.take_while(|byte| !ends.contains(&byte));
    }

    /// Recovers after a wrong array element. Returns true if the skipped text looks like a value, so that the array
    /// continues.
    pub(super) fn skip_element(&mut self) -> bool {
        let before = self.at;
        self.skip_value();
        self.at != before && !self.is_at_end() && self.peek() != Some(b']')
    }

    /// Recovers after a wrong entry of an inline table. Returns the error that ends the table.
    pub(super) fn after_failed_entry(&mut self, error: TomlError) -> TomlError {
        self.report(error);
        self.skip_to(b"}\n");
        self.end_of_failed_table()
    }

    /// Recovers after an entry of an inline table that could not be added. Returns the error that ends the table.
    pub(super) fn after_failed_insertion(&mut self, error: TomlError) -> TomlError {
        self.report(error);
        self.skip_to(b",}\n");
        match self.peek() {
            Some(b',') => match self.key_and_separator() {
                Err(error) => self.after_failed_entry(error),
                Ok(_) => self.end_of_failed_table(),
            },
            Some(b'\n') => self.no_separator(),
            _ => self.end_of_failed_table(),
        }
    }

    fn end_of_failed_table(&mut self) -> TomlError {
        if self.take(b"}")
            && let Some(last) = self.errors.pop()
        {
            return last;
        }
        self.error("toml::parse_inline_table: missing closing bracket `}`", "expected `}`, reached line end")
    }

    /// The error after an entry of an inline table without a comma or the end.
    pub(super) fn no_separator(&self) -> TomlError {
        self.error("toml::parse_inline_table: expected value-separator `,` or closing `}`", "here")
    }

    /// Recovers after a wrong entry.
    pub(super) fn skip_entry(&mut self) {
        self.skip_to(b"=\n");
        if self.peek() == Some(b'=') {
            self.skip_value();
        }
    }

    /// Skips to the beginning of the next line that is a header. A header directly after an empty line is
    /// missed.
    pub(super) fn skip_to_header(&mut self) {
        while !self.is_at_end() {
            if self.take(b"\n") {
                let line = self.at;
                self.skip_blanks();
                if self.is_at_header() {
                    self.at = line;
                    return;
                }
            }
            self.at = (self.at + 1).min(self.text.len());
        }
    }

    /// True if there is a whole header here.
    fn is_at_header(&mut self) -> bool {
        let start = self.at;
        let found = self.peek() == Some(b'[') && self.table_header().is_ok();
        self.at = start;
        found
    }

    fn skip_value(&mut self) {
        match self.peek() {
            Some(quote @ (b'"' | b'\'')) => self.skip_string(quote),
            Some(b'[') => self.skip_brackets(Brackets::Array),
            Some(b'{') => self.skip_brackets(Brackets::Table),
            _ => self.skip_to(b"\n,]}"),
        }
    }

    /// Skips to the end of a string: its quotes, or the end of the line if they are not triple.
    fn skip_string(&mut self, quote: u8) {
        let triple = [quote; 3];
        if self.take(&triple) {
            let end = memchr::memmem::find(self.rest(), &triple).map_or(self.text.len(), |end| self.at + end + 3);
            self.at = end;
            return;
        }
        self.at += 1;
        self.skip_to(&[quote, b'\n']);
        self.at = (self.at + 1).min(self.text.len());
    }

    /// Skips to the bracket that ends an array or inline table, without it, or to a line that is a header or an
    /// entry.
    fn skip_brackets(&mut self, outermost: Brackets) {
        let mut open = vec![outermost];
        self.at += 1;
        while let (Some(innermost), Some(byte)) = (open.last().copied(), self.peek()) {
            match byte {
                b'"' | b'\'' => self.skip_string(byte),
                b'#' => self.skip_to(b"\n"),
                b'[' if self.is_at_header() => return,
                b'=' if innermost == Brackets::Array => {
                    let line = memchr::memrchr(b'\n', &self.text[..self.at]).map_or(0, |newline| newline + 1);
                    // Not twice to the same line: that would never end.
                    if self.went_back_to.replace(line) != Some(line) {
                        self.at = line;
                    }
                    return;
                }
                b'[' | b'{' => {
                    let next = if byte == b'[' { Brackets::Array } else { Brackets::Table };
                    if next != innermost {
                        open.push(next);
                    }
                    self.at += 1;
                }
                b']' if innermost == Brackets::Array => self.close(&mut open),
                b'}' | b'\n' if innermost == Brackets::Table => self.close(&mut open),
                _ => self.at += 1,
            }
        }
    }

    /// Leaves the innermost brackets. The bracket that ends the outermost ones stays.
    fn close(&mut self, open: &mut Vec<Brackets>) {
        open.pop();
        if !open.is_empty() {
            self.at += 1;
        }
    }
}

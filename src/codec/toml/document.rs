//! The tree of a whole TOML document.

use super::scanner::{Key, MOST_ERRORS, Scanner};
use super::tables::{Insertion, NodeId, ROOT, Tables};
use super::{Toml, TomlError};

/// The table of the whole document.
pub fn parse_toml(text: &[u8]) -> Result<Toml, TomlError> {
    let mut text = text.to_vec();
    if !matches!(text.last(), None | Some(b'\n' | b'\r')) {
        text.push(b'\n');
    }
    let start = if text.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let scanner = Scanner { text: &text, at: start, errors: Vec::new(), went_back_to: None };
    let mut document = Document { scanner, tables: Tables::new(&text) };
    document.read();
    match document.scanner.all_errors() {
        Some(errors) => Err(errors),
        None => document.tables.into_tree(),
    }
}

struct Document<'text> {
    scanner: Scanner<'text>,
    tables: Tables<'text>,
}

impl Document<'_> {
    fn read(&mut self) {
        self.skip_first_comments();
        self.table(ROOT);
        loop {
            self.scanner.skip_lines();
            if self.scanner.is_at_end() || self.scanner.errors.len() >= MOST_ERRORS {
                return;
            }
            match self.header() {
                Ok((key, insertion)) => self.table_of(&key, insertion),
                Err(error) => self.give_up_table(error),
            }
        }
    }

    fn skip_first_comments(&mut self) {
        loop {
            let (start, errors) = (self.scanner.at, self.scanner.errors.len());
            if !self.scanner.skip_comment() {
                if self.scanner.errors.len() > errors {
                    self.scanner.at = start;
                }
                return;
            }
        }
    }

    fn header(&mut self) -> Result<(Key, Insertion), TomlError> {
        let (key, of_tables) = self.scanner.table_header()?;
        self.scanner.end_of_header()?;
        Ok((key, if of_tables { Insertion::ArrayTable } else { Insertion::Table }))
    }

    /// The table of a header. If the table can't be added, its entries are still read to find their errors.
    fn table_of(&mut self, key: &Key, insertion: Insertion) {
        let table = match self.tables.insert(ROOT, &key.parts, key.span, insertion) {
            Ok(table) => table,
            Err(error) => {
                self.scanner.report(error);
                self.tables.add_inline_table()
            }
        };
        self.table(table);
    }

    fn table(&mut self, table: NodeId) {
        let errors = self.scanner.errors.len();
        match self.entries(table) {
            Err(error) => self.give_up_table(error),
            // After a table with errors, toml11 skips to the next header once more.
            Ok(()) if self.scanner.errors.len() > errors => self.scanner.skip_to_header(),
            Ok(()) => {}
        }
    }

    fn give_up_table(&mut self, error: TomlError) {
        self.scanner.report(error);
        self.scanner.skip_to_header();
    }

    /// The entries of a table up to the next header.
    fn entries(&mut self, table: NodeId) -> Result<(), TomlError> {
        let mut newline = true;
        loop {
            let start = self.scanner.at;
            newline |= self.scanner.skip_lines();
            match self.scanner.peek() {
                None => return Ok(()),
                _ if self.scanner.errors.len() >= MOST_ERRORS => return Ok(()),
                Some(b'[') => {
                    self.scanner.at = start;
                    return Ok(());
                }
                Some(_) if !newline => {
                    let title = "toml::parse_table: newline (LF / CRLF) or EOF is expected";
                    return Err(self.scanner.error(title, "here"));
                }
                Some(_) => {}
            }
            newline = false;
            match self.entry() {
                Ok((key, value)) => {
                    newline = self.scanner.skip_comment();
                    let inserted = self.tables.insert(table, &key.parts, key.span, Insertion::Value(value));
                    inserted.map_or_else(|error| self.scanner.report(error), |_| ());
                }
                Err(error) => {
                    self.scanner.report(error);
                    self.scanner.skip_entry();
                }
            }
        }
    }

    fn entry(&mut self) -> Result<(Key, NodeId), TomlError> {
        let key = self.scanner.key_and_separator()?;
        let value = self.scanner.value(&mut self.tables)?;
        Ok((key, value))
    }
}

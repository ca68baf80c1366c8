//! In: the text of a document. Out: its tree.

use super::scanner::Scanner;
use super::tables::{Insertion, NodeId, ROOT, Tables};
use super::{Toml, TomlError};

/// The table of the whole document.
pub fn parse_toml(text: &[u8]) -> Result<Toml, TomlError> {
    let mut text = text.to_vec();
    if !matches!(text.last(), None | Some(b'\n' | b'\r')) {
        text.push(b'\n');
    }
    let start = if text.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let mut document = Document { scanner: Scanner { text: &text, at: start }, tables: Tables::new(&text) };
    document.read()?;
    document.tables.into_tree()
}

struct Document<'text> {
    scanner: Scanner<'text>,
    tables: Tables<'text>,
}

impl Document<'_> {
    fn read(&mut self) -> Result<(), TomlError> {
        while self.scanner.skip_comment()? {}
        self.entries(ROOT)?;
        loop {
            self.scanner.skip_lines();
            if self.scanner.is_at_end() {
                return Ok(());
            }
            let (key, of_tables) = self.scanner.table_header()?;
            self.scanner.end_of_header()?;
            let insertion = if of_tables { Insertion::ArrayTable } else { Insertion::Table };
            let table = self.tables.insert(ROOT, &key.parts, key.span, insertion)?;
            self.entries(table)?;
        }
    }

    /// The entries of a table up to the next header.
    fn entries(&mut self, table: NodeId) -> Result<(), TomlError> {
        let mut newline = true;
        loop {
            let start = self.scanner.at;
            newline |= self.scanner.skip_lines();
            match self.scanner.peek() {
                None => return Ok(()),
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
            let key = self.scanner.key_and_separator()?;
            let value = self.scanner.value(&mut self.tables)?;
            newline = self.scanner.skip_comment()?;
            self.tables.insert(table, &key.parts, key.span, Insertion::Value(value))?;
        }
    }
}

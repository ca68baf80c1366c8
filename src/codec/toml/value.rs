//! In: the place of a value. Out: its node; arrays and inline tables are read without recursion.

use super::TomlError;
use super::report::Span;
use super::scanner::{Key, Scanner};
use super::tables::{Insertion, NodeId, Tables};

/// An array or inline table whose end has not been read.
enum Open {
    Array {
        start: usize,
        elements: Vec<NodeId>,
    },
    /// With the key whose value comes next.
    Table {
        start: usize,
        table: NodeId,
        key: Key,
    },
}

impl Scanner<'_> {
    /// The value at the current place.
    pub(super) fn value(&mut self, tables: &mut Tables<'_>) -> Result<NodeId, TomlError> {
        let mut open = Vec::new();
        loop {
            let mut complete = self.begin_value(tables, &mut open)?;
            while let Some(value) = complete {
                complete = match open.pop() {
                    None => return Ok(value),
                    Some(Open::Array { start, mut elements }) => {
                        elements.push(value);
                        self.after_element(tables, &mut open, start, elements)?
                    }
                    Some(Open::Table { start, table, key }) => {
                        tables.insert(table, &key.parts, key.span, Insertion::Value(value))?;
                        self.after_entry(tables, &mut open, start, table)?
                    }
                };
            }
        }
    }

    /// Reads a value that has no parts, or the start of one that has.
    fn begin_value(&mut self, tables: &mut Tables<'_>, open: &mut Vec<Open>) -> Result<Option<NodeId>, TomlError> {
        let start = self.at;
        match self.peek() {
            Some(b'[') => {
                self.at += 1;
                self.skip_lines();
                self.next_element(tables, open, start, Vec::new(), true)
            }
            Some(b'{') => {
                self.at += 1;
                self.skip_blanks();
                let table = tables.add_inline_table();
                if self.take(b"}") {
                    tables.set_span(table, Span::new(start, self.at));
                    return Ok(Some(table));
                }
                let key = self.key_and_separator()?;
                open.push(Open::Table { start, table, key });
                Ok(None)
            }
            Some(b'"' | b'\'') => {
                let text = self.string()?;
                Ok(Some(tables.add_scalar(Span::new(start, self.at), super::Toml::String(text))))
            }
            _ => {
                let value = self.scalar()?;
                Ok(Some(tables.add_scalar(Span::new(start, self.at), value)))
            }
        }
    }

    fn after_element(
        &mut self,
        tables: &mut Tables<'_>,
        open: &mut Vec<Open>,
        start: usize,
        elements: Vec<NodeId>,
    ) -> Result<Option<NodeId>, TomlError> {
        self.skip_lines();
        let comma = self.take(b",");
        self.skip_comment()?;
        if comma {
            self.skip_lines();
        }
        self.next_element(tables, open, start, elements, comma)
    }

    /// Ends the array, or leaves it open for one more element.
    fn next_element(
        &mut self,
        tables: &mut Tables<'_>,
        open: &mut Vec<Open>,
        start: usize,
        elements: Vec<NodeId>,
        comma: bool,
    ) -> Result<Option<NodeId>, TomlError> {
        if self.take(b"]") {
            return Ok(Some(tables.add_array(Span::new(start, self.at), elements)));
        }
        if self.is_at_end() {
            let title = "toml::parse_array: missing closing bracket `]`";
            return Err(self.error(title, "expected `]`, reached EOF"));
        }
        if !comma {
            let title = "toml::parse_array: expected value-separator `,` or closing `]`";
            return Err(self.error(title, "here"));
        }
        open.push(Open::Array { start, elements });
        Ok(None)
    }

    /// Ends the inline table, or reads the next key.
    fn after_entry(
        &mut self,
        tables: &mut Tables<'_>,
        open: &mut Vec<Open>,
        start: usize,
        table: NodeId,
    ) -> Result<Option<NodeId>, TomlError> {
        self.skip_blanks();
        let comma = self.take(b",");
        if comma {
            self.skip_blanks();
        }
        if self.peek() == Some(b'}') {
            if comma {
                let title = "toml::parse_inline_table: trailing comma is not allowed in TOML-v1.0.0)";
                return Err(self.error(title, "here"));
            }
            self.at += 1;
            tables.set_span(table, Span::new(start, self.at));
            return Ok(Some(table));
        }
        if !comma {
            let title = "toml::parse_inline_table: expected value-separator `,` or closing `}`";
            return Err(self.error(title, "here"));
        }
        let key = self.key_and_separator()?;
        open.push(Open::Table { start, table, key });
        Ok(None)
    }
}

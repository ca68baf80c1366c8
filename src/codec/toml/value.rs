//! TOML values. Arrays and inline tables are read without recursion.

use super::TomlError;
use super::report::Span;
use super::scanner::{Key, Scanner};
use super::tables::{Insertion, NodeId, Tables};

/// An array or inline table whose end has not been read.
enum Open {
    /// With the number of errors before it.
    Array { start: usize, errors: usize, elements: Vec<NodeId> },
    /// With the key of the next value.
    Table { start: usize, table: NodeId, key: Key },
}

impl Scanner<'_> {
    /// The value at the current place.
    pub(super) fn value(&mut self, tables: &mut Tables<'_>) -> Result<NodeId, TomlError> {
        let mut open = Vec::new();
        let mut step = self.begin_value(tables, &mut open);
        loop {
            step = match (step, open.pop()) {
                (Ok(Some(value)), None) => return Ok(value),
                (Err(error), None) => return Err(error),
                (Ok(Some(value)), Some(Open::Array { start, errors, mut elements })) => {
                    elements.push(value);
                    self.after_element(tables, &mut open, (start, errors), elements)
                }
                (Ok(Some(value)), Some(Open::Table { start, table, key })) => {
                    match tables.insert(table, &key.parts, key.span, Insertion::Value(value)) {
                        Ok(_) => self.after_entry(tables, &mut open, start, table),
                        Err(error) => Err(self.after_failed_insertion(error)),
                    }
                }
                (Err(error), Some(Open::Array { start, errors, elements })) => {
                    self.report(error);
                    if self.skip_element() {
                        open.push(Open::Array { start, errors, elements });
                        self.begin_value(tables, &mut open)
                    } else {
                        self.end_of_array(tables, (start, errors), elements)
                    }
                }
                (Err(error), Some(Open::Table { .. })) => Err(self.after_failed_entry(error)),
                (Ok(None), innermost) => {
                    open.extend(innermost);
                    self.begin_value(tables, &mut open)
                }
            };
        }
    }

    /// Reads a value without parts, or the start of one with parts.
    fn begin_value(&mut self, tables: &mut Tables<'_>, open: &mut Vec<Open>) -> Result<Option<NodeId>, TomlError> {
        let start = self.at;
        match self.peek() {
            Some(b'[') => {
                self.at += 1;
                self.skip_lines();
                self.next_element(tables, open, (start, self.errors.len()), Vec::new(), true)
            }
            Some(b'{') => {
                self.at += 1;
                self.skip_blanks();
                let table = tables.add_inline_table();
                if self.take(b"}") {
                    tables.set_span(table, Span::new(start, self.at));
                    return Ok(Some(table));
                }
                self.next_entry(open, start, table)
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
        array: (usize, usize),
        elements: Vec<NodeId>,
    ) -> Result<Option<NodeId>, TomlError> {
        self.skip_lines();
        let comma = self.take(b",");
        self.skip_comment();
        if comma {
            self.skip_lines();
        }
        self.next_element(tables, open, array, elements, comma)
    }

    /// Ends the array, or leaves it open for one more element.
    fn next_element(
        &mut self,
        tables: &mut Tables<'_>,
        open: &mut Vec<Open>,
        (start, errors): (usize, usize),
        elements: Vec<NodeId>,
        comma: bool,
    ) -> Result<Option<NodeId>, TomlError> {
        if self.is_at_end() || self.peek() == Some(b']') {
            return self.end_of_array(tables, (start, errors), elements);
        }
        if !comma {
            let title = "toml::parse_array: expected value-separator `,` or closing `]`";
            return Err(self.error(title, "here"));
        }
        open.push(Open::Array { start, errors, elements });
        Ok(None)
    }

    /// Ends the array. An array with errors is itself an error: its last error is reported once more.
    fn end_of_array(
        &mut self,
        tables: &mut Tables<'_>,
        (start, errors): (usize, usize),
        elements: Vec<NodeId>,
    ) -> Result<Option<NodeId>, TomlError> {
        if !self.take(b"]") {
            let title = "toml::parse_array: missing closing bracket `]`";
            return Err(self.error(title, "expected `]`, reached EOF"));
        }
        match self.errors.get(errors..).and_then(<[_]>::last) {
            Some(last) => Err(last.clone()),
            None => Ok(Some(tables.add_array(Span::new(start, self.at), elements))),
        }
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
            return Err(self.no_separator());
        }
        self.next_entry(open, start, table)
    }

    /// Reads the key of the next entry.
    fn next_entry(&mut self, open: &mut Vec<Open>, start: usize, table: NodeId) -> Result<Option<NodeId>, TomlError> {
        match self.key_and_separator() {
            Ok(key) => {
                open.push(Open::Table { start, table, key });
                Ok(None)
            }
            Err(error) => Err(self.after_failed_entry(error)),
        }
    }
}

//! TOML tables: keys and values are added in the order of the document, under toml11's rules for extending tables.

use rustc_hash::FxHashMap;

use super::report::{Span, report};
use super::{Toml, TomlError};

pub(super) type NodeId = usize;

/// The origin of a table, which decides where it may be extended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TableKind {
    /// Created by its own header.
    Header,
    /// Created by the header of a table below it.
    Implicit,
    /// Created by a dotted key.
    Dotted,
    Inline,
}

pub(super) enum Content {
    Scalar(Toml),
    Array { elements: Vec<NodeId>, of_tables: bool },
    Table { entries: FxHashMap<Vec<u8>, NodeId>, kind: TableKind },
}

pub(super) struct Node {
    span: Span,
    pub(super) content: Content,
}

/// The item inserted under a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Insertion {
    /// The value of `a.b = …`.
    Value(NodeId),
    /// The table of `[a.b]`.
    Table,
    /// One more table of `[[a.b]]`.
    ArrayTable,
}

pub(super) struct Tables<'text> {
    text: &'text [u8],
    pub(super) nodes: Vec<Node>,
}

pub(super) const ROOT: NodeId = 0;

impl<'text> Tables<'text> {
    pub(super) fn new(text: &'text [u8]) -> Self {
        let mut tables = Self { text, nodes: Vec::new() };
        tables.add_table(Span::new(0, 0), TableKind::Header);
        tables
    }

    fn add(&mut self, span: Span, content: Content) -> NodeId {
        self.nodes.push(Node { span, content });
        self.nodes.len() - 1
    }

    fn add_table(&mut self, span: Span, kind: TableKind) -> NodeId {
        self.add(span, Content::Table { entries: FxHashMap::default(), kind })
    }

    pub(super) fn add_scalar(&mut self, span: Span, value: Toml) -> NodeId {
        self.add(span, Content::Scalar(value))
    }

    pub(super) fn add_array(&mut self, span: Span, elements: Vec<NodeId>) -> NodeId {
        self.add(span, Content::Array { elements, of_tables: false })
    }

    pub(super) fn add_inline_table(&mut self) -> NodeId {
        self.add_table(Span::new(0, 0), TableKind::Inline)
    }

    pub(super) fn set_span(&mut self, id: NodeId, span: Span) {
        self.nodes[id].span = span;
    }

    /// Inserts under a dotted key below `table`, and returns the node that is there afterwards.
    pub(super) fn insert(
        &mut self,
        table: NodeId,
        key: &[Vec<u8>],
        span: Span,
        insertion: Insertion,
    ) -> Result<NodeId, TomlError> {
        let (last, path) = key.split_last().expect("a key has at least one part");
        let mut current = table;
        for part in path {
            current = self.descend(current, part, span, insertion)?;
        }
        match (self.entry(current, last), insertion) {
            (None, Insertion::Value(value)) => Ok(self.put(current, last, value)),
            (None, Insertion::Table) => {
                let table = self.add_table(span, TableKind::Header);
                Ok(self.put(current, last, table))
            }
            (None, Insertion::ArrayTable) => {
                let table = self.add_table(span, TableKind::Header);
                let array = self.add(span, Content::Array { elements: vec![table], of_tables: true });
                self.put(current, last, array);
                Ok(table)
            }
            (Some(found), Insertion::Value(_)) => Err(self.conflict(
                (span, "inserting this"),
                "toml::insert_value: failed to insert a value, value already exists",
                (found, "but value already exists"),
            )),
            (Some(found), Insertion::Table) => self.reopen(found, span),
            (Some(found), Insertion::ArrayTable) => self.append_table(found, span),
        }
    }

    fn entry(&self, table: NodeId, name: &[u8]) -> Option<NodeId> {
        match &self.nodes[table].content {
            Content::Table { entries, .. } => entries.get(name).copied(),
            _ => None,
        }
    }

    fn put(&mut self, table: NodeId, name: &[u8], value: NodeId) -> NodeId {
        if let Content::Table { entries, .. } = &mut self.nodes[table].content {
            entries.insert(name.to_vec(), value);
        }
        value
    }

    /// The table that a part of a key leads to; a new one if there is none.
    fn descend(&mut self, table: NodeId, name: &[u8], span: Span, insertion: Insertion) -> Result<NodeId, TomlError> {
        let dotted = matches!(insertion, Insertion::Value(_));
        let Some(found) = self.entry(table, name) else {
            let kind = if dotted { TableKind::Dotted } else { TableKind::Implicit };
            let new = self.add_table(span, kind);
            return Ok(self.put(table, name, new));
        };
        let is_table = |id: &NodeId| matches!(self.nodes[*id].content, Content::Table { .. });
        let (title, remark, found_remark) = match &self.nodes[found].content {
            Content::Table { kind: TableKind::Inline, .. } => {
                (": failed to insert a value: inline table is immutable", "inserting this", "to this table")
            }
            Content::Table { kind, .. } if dotted && *kind != TableKind::Dotted => (
                ": reopening a table using dotted keys",
                "dotted key cannot reopen a table",
                "this table is already closed",
            ),
            Content::Table { .. } => return Ok(found),
            Content::Array { elements, of_tables } if !elements.is_empty() && elements.iter().all(is_table) => {
                match elements.last() {
                    _ if !of_tables => {
                        (":inline array of tables are immutable", "inserting this", "inline array of tables")
                    }
                    _ if dotted => {
                        (":dotted key cannot reopen an array-of-tables", "inserting this", "to this array-of-tables.")
                    }
                    last => return Ok(last.copied().unwrap_or(found)),
                }
            }
            _ => (
                ": failed to insert a value, value already exists",
                "while inserting this",
                "non-table value already exists",
            ),
        };
        Err(self.conflict((span, remark), &format!("toml::insert_value{title}"), (found, found_remark)))
    }

    /// Adds a header for a table that exists. The table must come only from headers of tables below it.
    fn reopen(&mut self, found: NodeId, span: Span) -> Result<NodeId, TomlError> {
        if let Content::Table { kind: kind @ TableKind::Implicit, .. } = &mut self.nodes[found].content {
            *kind = TableKind::Header;
            self.nodes[found].span = span;
            return Ok(found);
        }
        Err(self.conflict(
            (span, "inserting this"),
            "toml::insert_value: failed to insert a table, table already defined",
            (found, "this table is explicitly defined"),
        ))
    }

    fn append_table(&mut self, found: NodeId, span: Span) -> Result<NodeId, TomlError> {
        let is_table = |id: &NodeId| matches!(self.nodes[*id].content, Content::Table { .. });
        let (title, remark) = match &self.nodes[found].content {
            Content::Array { of_tables: true, .. } => {
                let table = self.add_table(span, TableKind::Header);
                if let Content::Array { elements, .. } = &mut self.nodes[found].content {
                    elements.push(table);
                }
                return Ok(table);
            }
            Content::Array { elements, .. } if !elements.is_empty() && elements.iter().all(is_table) => {
                ("failed to insert a table, inline array of tables is immutable", "this is inline array-of-tables")
            }
            _ => ("failed to insert an array of tables, value already exists", "non-table value already exists"),
        };
        let title = format!("toml::insert_value: {title}");
        Err(self.conflict((span, "while inserting this"), &title, (found, remark)))
    }

    fn conflict(&self, inserted: (Span, &str), title: &str, found: (NodeId, &str)) -> TomlError {
        let found = (self.nodes[found.0].span, found.1);
        report(self.text, title, &[inserted, found], "")
    }
}

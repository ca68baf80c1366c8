//! In: JSON text. Out: its value as a tree, or the error Nix shows; and, the other way, JSON strings
//! ([`write_json_string`]). Accepted is what the nlohmann library accepts: one value as in RFC 8259, with an
//! optional byte order mark, whose strings are valid UTF-8 and without NUL.
//!
//! Any depth is fine: reading and dropping a tree use no recursion. Its `Debug` and `PartialEq` do.

mod lexer;
mod reader;
mod string;
mod writer;

use std::fmt;

pub use reader::parse_json;
pub use writer::{InvalidUtf8, write_json_string, written_of_invalid};

/// A JSON value. As it has a `Drop`, take its parts out with `std::mem::take` rather than by moving them.
#[derive(Debug, PartialEq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number without fraction and exponent that fits.
    Int(i64),
    /// Any other number; always finite.
    Float(f64),
    /// A string, valid UTF-8 without NUL.
    String(Vec<u8>),
    /// The elements in order.
    Array(Vec<Json>),
    /// The members sorted by name; of members with one name, the last one.
    Object(Vec<(Vec<u8>, Json)>),
}

impl Json {
    fn move_children(&mut self, target: &mut Vec<Self>) {
        match self {
            Self::Array(elements) => target.append(elements),
            Self::Object(members) => target.extend(members.drain(..).map(|(_, value)| value)),
            _ => {}
        }
    }
}

impl Drop for Json {
    fn drop(&mut self) {
        let mut children = Vec::new();
        self.move_children(&mut children);
        while let Some(mut child) = children.pop() {
            child.move_children(&mut children);
        }
    }
}

/// Why a text has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JsonError {
    /// The text is not JSON, or holds a number that no double can; with the whole message.
    Parse(String),
    /// An integer that fits in 64 bits only without sign. (Larger ones are floats.)
    IntegerRange(u64),
    /// A string or member name with a NUL in it.
    NulByte(Vec<u8>),
}

impl fmt::Display for JsonError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Parse(message) => formatter.write_str(message),
            Self::IntegerRange(value) => {
                write!(formatter, "unsigned json number {value} outside of Nix integer range")
            }
            Self::NulByte(text) => write!(
                formatter,
                "input string '{}' cannot be represented as Nix string because it contains null bytes",
                String::from_utf8_lossy(text).replace('\0', "\u{2400}")
            ),
        }
    }
}

impl std::error::Error for JsonError {}

#[cfg(test)]
mod tests;

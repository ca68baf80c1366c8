//! JSON: a reader, which gives the value of a text as a tree or the error that C++ Nix shows, and a writer of strings
//! ([`write_json_string`]). The reader accepts what the nlohmann library accepts: one value as in RFC 8259, with an
//! optional byte order mark, whose strings are valid UTF-8 without NUL.
//!
//! Any depth is fine: reading and dropping a tree use no recursion. Its `Debug` and `PartialEq` do.

mod lexer;
mod reader;
mod string;
mod writer;

use std::fmt;

pub use reader::parse_json;
pub use writer::{InvalidUtf8, write_json_string, written_of_invalid};

/// A JSON value. It implements `Drop`, so take its parts out with `std::mem::take` instead of moving them.
#[derive(Debug, PartialEq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number without a fraction or exponent that fits in 64 signed bits.
    Int(i64),
    /// Any other number; always finite.
    Float(f64),
    /// A string, valid UTF-8 without NUL.
    String(Vec<u8>),
    /// The elements in order.
    Array(Vec<Json>),
    /// The members sorted by name. If several have the same name, the last one counts.
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

/// The reason why a text has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JsonError {
    /// The text is not JSON, or has a number that does not fit in a double.
    Parse {
        /// The kind of error in C++ Nix's JSON library, for example `parse_error.101`.
        kind: &'static str,
        /// The reason.
        reason: String,
    },
    /// An integer that fits in 64 bits only without a sign. Larger ones are floats.
    IntegerRange(u64),
    /// A string or member name with a NUL in it.
    NulByte(Vec<u8>),
}

impl fmt::Display for JsonError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Parse { kind, reason } => write!(formatter, "[json.exception.{kind}] {reason}"),
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

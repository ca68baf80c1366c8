//! A reader of TOML 1.0: the value of a document as a tree, or all errors as the toml11 library reports them, with
//! the lines and remarks on them. TOML 1.1 syntax is rejected, as in C++ Nix. Any depth is fine: reading and dropping
//! a tree use no recursion. Its `Debug` and `PartialEq` do.

mod date;
mod document;
mod number;
mod recovery;
mod report;
mod scanner;
mod string;
mod tables;
mod tree;
mod value;

use std::fmt;

pub use document::parse_toml;

/// A TOML value. It implements `Drop`, so take its parts out with `std::mem::take` instead of moving them.
#[derive(Debug, PartialEq)]
pub enum Toml {
    /// `true` or `false`.
    Bool(bool),
    /// A number without a fraction or exponent.
    Int(i64),
    /// Any other number, including infinities and NaN.
    Float(f64),
    /// A string, valid UTF-8 without NUL.
    String(Vec<u8>),
    /// A date, a time, or both, in C++ Nix's form: `T` between them, fractions of three, six or nine digits, the
    /// offset as `Z` or `+01:00`. Without its experimental feature, C++ Nix refuses these values with
    /// [`TIMESTAMPS_DISABLED`].
    Timestamp(String),
    /// The elements in order.
    Array(Vec<Toml>),
    /// The entries sorted by name.
    Table(Vec<(Vec<u8>, Toml)>),
}

/// The message, after `while parsing TOML: `, for a timestamp while the feature is off.
pub const TIMESTAMPS_DISABLED: &str = "Dates and times are not supported";

impl Toml {
    fn move_children(&mut self, target: &mut Vec<Self>) {
        match self {
            Self::Array(elements) => target.append(elements),
            Self::Table(entries) => target.extend(entries.drain(..).map(|(_, value)| value)),
            _ => {}
        }
    }
}

impl Drop for Toml {
    fn drop(&mut self) {
        let mut children = Vec::new();
        self.move_children(&mut children);
        while let Some(mut child) = children.pop() {
            child.move_children(&mut children);
        }
    }
}

/// The reason why a document has no value: the message that C++ Nix shows after `while parsing TOML: `. It has
/// several lines, and ends in a newline if the error has a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TomlError(pub String);

impl fmt::Display for TomlError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for TomlError {}

#[cfg(test)]
mod tests;

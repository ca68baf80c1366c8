//! Text in, syntax tree and errors out.
//!
//! The tree is a rowan green tree with the kinds and the shape of rnix. Parsing never fails: a text that is not Nix
//! gives a tree and one [`SyntaxError`]. Example: `{ a = 1 }` gives the error `syntax error, unexpected '}', expecting
//! ';'` at its closing brace.
//!
//! rnix parses what it reads as C++ Nix does, which is nearly everything. What it refuses, and what it may read
//! differently or slowly, such as large texts, goes to the exact parser (`exact.rs`), which follows Nix's grammar with the same kind of
//! table as C++ Nix, finds the same errors, and makes the same tree as rnix. Offsets in the tree are offsets in the
//! source.

pub mod brackets;
pub(crate) mod calls;
pub mod documentation;
pub mod literals;
pub mod locate;
pub mod mend;
pub mod selection;
pub mod strings;
pub(crate) mod tree;

mod agree;
mod automaton;
mod builder;
mod bytes;
mod exact;
mod grammar;
mod lexer;
mod rules;
mod scan;
mod table;
mod terminals;
mod words;

use std::borrow::Cow;

use rowan::{GreenNode, NodeOrToken};

use crate::source::Span;
use exact::Start;

/// What [`parse`] gives: a tree, and the error if the text is not Nix.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The root of the tree, of kind `NODE_ROOT`. Its text is that of the source, but with stand-ins for bytes that are
    /// not UTF-8. If there is an error, its tokens are good for highlighting, and nothing else is.
    ///
    /// The tree can be as deep as the text is long. A clone of it that outlives this `Parsed` must be dropped on a large
    /// stack.
    pub root: GreenNode,
    /// Empty if the text is Nix. C++ Nix stops at the first error, and so there is at most one.
    pub errors: Vec<SyntaxError>,
    height: u32,
}

impl Parsed {
    /// The place in the source of a place in the tree: the same place, since the source is never edited.
    pub fn original(&self, offset_in_tree: u32) -> u32 {
        offset_in_tree
    }

    /// How many levels of nodes the tree has. Whoever recurses over it knows what it needs.
    pub fn height(&self) -> u32 {
        self.height
    }
}

/// A deep tree is taken apart from the root down: to drop it as it is would overflow the stack.
impl Drop for Parsed {
    fn drop(&mut self) {
        const DEEP: u32 = 512;
        if self.height <= DEEP {
            return;
        }
        let empty = GreenNode::new(self.root.kind(), []);
        let mut pending = vec![std::mem::replace(&mut self.root, empty)];
        while let Some(node) = pending.pop() {
            pending.extend(node.children().filter_map(NodeOrToken::into_node).map(ToOwned::to_owned));
        }
    }
}

/// Why a text is not Nix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// The unexpected token; its start is where Nix points. It is empty at the end of the text.
    pub span: Span,
    /// The message of C++ Nix.
    pub message: String,
    /// More text could mend it: the text ended too early.
    pub incomplete: bool,
}

/// Longer texts are parsed by the exact parser alone: it takes two thirds of rnix's time, once its table is built.
const USUAL: usize = 256 << 10;

/// Parses an expression.
pub fn parse(source: &[u8]) -> Parsed {
    let text = text(source);
    let usual = Some(&text).filter(|text| text.len() <= USUAL);
    usual.and_then(|text| with_rnix(text)).unwrap_or_else(|| exact::parse(&text, Start::Expression))
}

/// Parses bindings without braces, such as `a = 1; inherit b;`, which a REPL accepts.
///
/// The root holds a `NODE_ATTR_SET` with the bindings.
pub fn parse_bindings(source: &[u8]) -> Parsed {
    exact::parse(&text(source), Start::Bindings)
}

/// Parses bindings whose last semicolon may be missing.
pub fn parse_unclosed_bindings(text: &[u8]) -> Parsed {
    let parsed = parse_bindings(text);
    if parsed.errors.is_empty() {
        return parsed;
    }
    // On a line of its own if the text ends in a comment.
    let closed = [&b";"[..], b"\n;"].map(|end| parse_bindings(&[text, end].concat()));
    closed.into_iter().find(|closed| closed.errors.is_empty()).unwrap_or(parsed)
}

/// Whether the text is the beginning of something valid, so that a REPL should ask for another line.
pub fn is_incomplete(source: &[u8]) -> bool {
    parse(source).errors.first().is_some_and(|error| error.incomplete)
}

/// The source as text. A byte that is not UTF-8 has a stand-in: strings and comments may hold it, nothing else may.
/// Offsets have 32 bits; what lies beyond them is cut off.
fn text(source: &[u8]) -> Cow<'_, str> {
    const STAND_IN: &str = "\u{1a}";
    let source = &source[..source.len().min(i32::MAX as usize)];
    if let Ok(text) = std::str::from_utf8(source) {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(source.len());
    for chunk in source.utf8_chunks() {
        text += chunk.valid();
        text += &STAND_IN.repeat(chunk.invalid().len());
    }
    Cow::Owned(text)
}

/// The tree of rnix, if rnix can be relied on for this text.
fn with_rnix(text: &str) -> Option<Parsed> {
    /// More than rnix uses for a text that `scan.rs` lets pass.
    const STACK: usize = 4 << 20;
    if !scan::suits_rnix(text) {
        return None;
    }
    stacker::maybe_grow(STACK, STACK, || {
        let parse = rnix::Root::parse(text);
        if !parse.errors().is_empty() {
            return None;
        }
        let root = parse.syntax().green().to_owned();
        let height = agree::height_if_agreed(&root)?;
        Some(Parsed { root, errors: Vec::new(), height })
    })
}

#[cfg(test)]
mod tests;

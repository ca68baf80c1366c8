//! From text to a syntax tree and its errors.
//!
//! The tree is a rowan green tree with the kinds and the shape of rnix. Parsing never fails: an invalid text gives a
//! tree and one [`SyntaxError`]. Example: `{ a = 1 }` gives the error `syntax error, unexpected '}', expecting ';'`
//! at its closing brace.
//!
//! rnix parses the texts that it reads like C++ Nix, which are nearly all. Texts that it refuses, or may read
//! differently or slowly, such as large ones, go to the exact parser (`lalr.rs`). That parser follows Nix's grammar
//! with the same kind of table as C++ Nix, finds the same errors, and creates the same tree as rnix. Offsets in the
//! tree are offsets in the source.

pub mod brackets;
pub(crate) mod calls;
pub mod documentation;
pub mod literals;
pub mod locate;
pub mod recovery;
pub(crate) mod rewrite;
pub mod selection;
pub mod strings;
pub(crate) mod tree;

mod automaton;
mod builder;
mod bytes;
mod grammar;
mod lalr;
mod lexer;
mod lexer_modes;
mod rnix_check;
mod rnix_precheck;
mod rules;
mod table;
mod terminals;

use std::borrow::Cow;

use rowan::{GreenNode, NodeOrToken};

use crate::source::Span;
use lalr::Start;

/// The result of [`parse`]: a tree, and the error if the text is not valid Nix.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The root of the tree, of kind `NODE_ROOT`. Its text is the text of the source, with placeholders for bytes
    /// that are not UTF-8. If there is an error, only its tokens are useful, for highlighting.
    ///
    /// The tree can be as deep as the text is long. A clone of it that outlives this `Parsed` must be dropped on a
    /// large stack.
    pub root: GreenNode,
    /// Empty if the text is valid. C++ Nix stops at the first error, so there is at most one.
    pub errors: Vec<SyntaxError>,
    height: u32,
}

impl Parsed {
    /// The offset in the source for an offset in the tree: the same one, since the source is never edited.
    pub fn original(&self, offset_in_tree: u32) -> u32 {
        offset_in_tree
    }

    /// The number of levels of the tree, for sizing the stack of a recursive walk.
    pub fn height(&self) -> u32 {
        self.height
    }
}

/// A deep tree is dismantled from the root: dropping it as a whole would overflow the stack.
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

/// The reason why a text is not valid Nix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// The unexpected token; its start is C++ Nix's position. It is empty at the end of the text.
    pub span: Span,
    /// The mistake.
    pub fault: Fault,
    /// True if the text ended too early, so that more text could complete it.
    pub incomplete: bool,
}

/// The mistake in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// There is no place for a token.
    Unexpected {
        /// Its name in C++ Nix's messages: `end of file`, `identifier`, `'else'`, …
        token: &'static str,
        /// The names of the tokens that have a place there; empty if they are more than four.
        expected: Vec<&'static str>,
    },
    /// A path ends with a slash.
    TrailingSlash,
    /// A literal has no value; C++ Nix's message.
    Literal(String),
}

impl SyntaxError {
    /// C++ Nix's message.
    pub fn message(&self) -> String {
        match &self.fault {
            Fault::Unexpected { token, expected } if expected.is_empty() => format!("syntax error, unexpected {token}"),
            Fault::Unexpected { token, expected } => {
                format!("syntax error, unexpected {token}, expecting {}", expected.join(" or "))
            }
            Fault::TrailingSlash => "path has a trailing slash".to_owned(),
            Fault::Literal(message) => message.clone(),
        }
    }

    /// The name of the token that has no place, if that is the fault.
    pub fn unexpected(&self) -> Option<&'static str> {
        match &self.fault {
            Fault::Unexpected { token, .. } => Some(token),
            _ => None,
        }
    }

    /// The names of the tokens that have a place there, if they are four at most.
    pub fn expected(&self) -> &[&'static str] {
        match &self.fault {
            Fault::Unexpected { expected, .. } => expected,
            _ => &[],
        }
    }

    /// True if the end of the text has no place.
    pub fn is_at_end(&self) -> bool {
        self.unexpected() == Some(terminals::END)
    }
}

/// Longer texts are parsed by the exact parser alone: it takes two thirds of rnix's time, once its table is built. In
/// bytes.
const USUAL: usize = 256 << 10;

/// Parses an expression.
pub fn parse(source: &[u8]) -> Parsed {
    let text = text(source);
    let usual = Some(&text).filter(|text| text.len() <= USUAL);
    usual.and_then(|text| with_rnix(text)).unwrap_or_else(|| lalr::parse(&text, Start::Expression))
}

/// Parses bindings without braces, such as `a = 1; inherit b;`, which a REPL accepts.
///
/// The root holds a `NODE_ATTR_SET` with the bindings.
pub fn parse_bindings(source: &[u8]) -> Parsed {
    lalr::parse(&text(source), Start::Bindings)
}

/// Parses bindings whose last semicolon may be missing.
pub fn parse_unclosed_bindings(text: &[u8]) -> Parsed {
    unclosed(text, Start::Bindings)
}

/// The same for bindings that see each other, as if `rec` stood before them.
pub fn parse_recursive_bindings(text: &[u8]) -> Parsed {
    unclosed(text, Start::RecursiveBindings)
}

fn unclosed(source: &[u8], start: Start) -> Parsed {
    let parse = |source: &[u8]| lalr::parse(&text(source), start);
    let parsed = parse(source);
    if parsed.errors.is_empty() {
        return parsed;
    }
    // On a separate line in case the text ends in a comment.
    let closed = [&b";"[..], b"\n;"].map(|end| parse(&[source, end].concat()));
    closed.into_iter().find(|closed| closed.errors.is_empty()).unwrap_or(parsed)
}

/// True if the text is the beginning of a valid one, so that a REPL should ask for another line.
pub fn is_incomplete(source: &[u8]) -> bool {
    parse(source).errors.first().is_some_and(|error| error.incomplete)
}

/// The text before the NUL byte that ends it: as in C++ Nix, one outside of strings and comments.
pub fn before_nul(text: &str) -> &str {
    if memchr::memchr(0, text.as_bytes()).is_none() {
        return text;
    }
    let mut lexer = lexer::Lexer::new(text.as_bytes());
    while lexer.next().terminal != terminals::Terminal::End {}
    &text[..lexer.at]
}

/// The source as text. A byte that is not UTF-8 is replaced: strings and comments may contain it, nothing else may.
/// Offsets have 32 bits; text beyond them is cut off.
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

/// The tree of rnix, if rnix is reliable for this text.
fn with_rnix(text: &str) -> Option<Parsed> {
    /// More than rnix uses for a text that `rnix_precheck.rs` accepts, in bytes.
    const STACK: usize = 4 << 20;
    if !rnix_precheck::suits_rnix(text) {
        return None;
    }
    crate::stack::maybe_grow(STACK, STACK, || {
        let parse = rnix::Root::parse(text);
        if !parse.errors().is_empty() {
            return None;
        }
        let root = parse.syntax().green().to_owned();
        let height = rnix_check::height_if_agreed(&root)?;
        Some(Parsed { root, errors: Vec::new(), height })
    })
}

#[cfg(test)]
mod tests;

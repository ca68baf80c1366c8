//! Numbers, strings and paths.

use super::Show;
use crate::codec::nix_string::write_string_literal;
use crate::codec::number::float_to_stream_text;
use crate::lower::names::token_of;
use crate::lower::{canonical, strings};
use crate::syntax::literals;
use crate::syntax::strings::{OwnedPiece, Piece, indented};
use crate::syntax::tree::{Element, Node};
use rnix::SyntaxKind::*;

impl<'t> Show<'t> {
    pub(super) fn literal(&mut self, node: Node<'t>) {
        let Some(token) = node.first_token() else { return };
        let number = match token.kind {
            TOKEN_INTEGER => literals::integer(token.text).map(|value| value.to_string()),
            TOKEN_FLOAT => literals::float(token.text).map(float_to_stream_text),
            _ => return write_string_literal(&mut self.out, token.text.as_bytes()),
        };
        self.text(number.as_deref().unwrap_or(token.text));
    }

    /// A string. `''${"a"}''` is shown as what it holds if that is a constant string.
    pub(super) fn string(&mut self, node: Node<'t>) {
        let (mut inner, mut levels) = (node, 0);
        while let Some(only) = self.only_interpolation(inner) {
            inner = only.unwrapped();
            levels += 1;
        }
        if levels == 0 {
            return self.plain_string(node);
        }
        let levels = if self.is_constant_string(inner) { 0 } else { levels };
        self.text(&"(".repeat(levels));
        self.expr(inner);
        self.text(&")".repeat(levels));
    }

    /// The `e` of `''${e}''`.
    fn only_interpolation(&self, node: Node<'t>) -> Option<Node<'t>> {
        if node.kind() != NODE_STRING || !is_indented(node) {
            return None;
        }
        match self.pieces(node).as_slice() {
            [OwnedPiece::Interpolation(inner)] => Some(*inner),
            _ => None,
        }
    }

    fn is_constant_string(&self, node: Node<'t>) -> bool {
        match node.kind() {
            NODE_STRING => matches!(self.pieces(node).as_slice(), [] | [OwnedPiece::Text(_)]),
            _ => token_of(node, TOKEN_URI).is_some(),
        }
    }

    fn plain_string(&mut self, node: Node<'t>) {
        match self.pieces(node).as_slice() {
            [] => write_string_literal(&mut self.out, b""),
            [OwnedPiece::Text(text)] => write_string_literal(&mut self.out, text),
            pieces => self.concatenation(pieces),
        }
    }

    fn concatenation(&mut self, pieces: &[OwnedPiece<Node<'t>>]) {
        for (index, piece) in pieces.iter().enumerate() {
            self.text(if index == 0 { "(" } else { " + " });
            match piece {
                OwnedPiece::Text(text) => write_string_literal(&mut self.out, text),
                OwnedPiece::Interpolation(inner) => self.expr(*inner),
            }
        }
        self.text(")");
    }

    /// The pieces of a string. The escapes of an indented string are pieces of their own, as they are in C++ Nix.
    fn pieces(&self, node: Node<'t>) -> Vec<OwnedPiece<Node<'t>>> {
        if !is_indented(node) {
            return strings::pieces(node, self.lowering.source);
        }
        let raw = node.children().filter_map(|child| match child {
            Element::Token(token) if token.kind == TOKEN_STRING_CONTENT => {
                let span = token.span();
                self.lowering.source.get(span.start as usize..span.end as usize).map(Piece::Text)
            }
            Element::Node(inner) => inner.nodes().next().map(Piece::Interpolation),
            Element::Token(_) => None,
        });
        indented(raw.collect())
    }

    pub(super) fn path(&mut self, node: Node<'t>) {
        let is_interpolated = node.nodes().next().is_some();
        self.text(if is_interpolated { "(" } else { "" });
        for (index, element) in node.children().enumerate() {
            self.text(if index > 0 { " + " } else { "" });
            match element {
                Element::Token(token) if index == 0 => self.path_start(token.text),
                Element::Token(token) => write_string_literal(&mut self.out, token.text.as_bytes()),
                Element::Node(inner) => inner.nodes().for_each(|inner| self.expr(inner)),
            }
        }
        self.text(if is_interpolated { ")" } else { "" });
    }

    /// The literal that a path begins with, made absolute. A path in the home directory keeps its `.` and `..`.
    fn path_start(&mut self, literal: &str) {
        let options = self.lowering.options;
        if let Some(rest) = literal.strip_prefix('~') {
            self.out.extend_from_slice(options.home.unwrap_or_default());
            return self.text(rest);
        }
        let directory = if literal.starts_with('/') { b"" } else { options.directory };
        self.out.extend(canonical(&[directory, b"/", literal.as_bytes()].concat()));
        if literal.len() > 1 && literal.ends_with('/') {
            self.text("/");
        }
    }
}

fn is_indented(string: Node<'_>) -> bool {
    string.first_token().is_some_and(|token| token.text == "''")
}

//! Numbers, strings and paths.

use super::Show;
use crate::codec::nix_string::write_string_literal;
use crate::codec::number::float_to_stream_text;
use crate::lower::strings;
use crate::path::canonical;
use crate::syntax::literals;
use crate::syntax::strings::OwnedPiece;
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

    /// Shows a string. If `''${"a"}''` contains only a constant string, that string is shown.
    pub(super) fn string(&mut self, node: Node<'t>) {
        if let Some(text) = strings::constant_string(node, self.lowering.source) {
            return write_string_literal(&mut self.out, &text);
        }
        let (mut inner, mut levels) = (node, 0);
        while let Some(only) = self.only_interpolation(inner) {
            inner = only.unwrapped();
            levels += 1;
        }
        if levels == 0 {
            return self.concatenation(&self.pieces(node));
        }
        self.text(&"(".repeat(levels));
        self.expr(inner);
        self.text(&")".repeat(levels));
    }

    /// The `e` of `''${e}''`.
    fn only_interpolation(&self, node: Node<'t>) -> Option<Node<'t>> {
        if node.kind() != NODE_STRING || !strings::is_indented(node) {
            return None;
        }
        match self.pieces(node).as_slice() {
            [OwnedPiece::Interpolation(inner)] => Some(*inner),
            _ => None,
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

    fn pieces(&self, node: Node<'t>) -> Vec<OwnedPiece<Node<'t>>> {
        strings::parser_pieces(node, self.lowering.source)
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

    /// Shows the literal that begins a path, made absolute. A path in the home directory keeps its `.` and `..`.
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

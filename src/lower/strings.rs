//! Strings, attribute names and paths: the text between the quotes, as constants and parts.

use super::Lowering;
use crate::ir::{Constant, Expr, Operand, OperandKind};
use crate::path::canonical;
use crate::syntax::strings::{OwnedPiece, Piece, indented, join, unescape};
use crate::syntax::tree::{Element, Node, Token};
use rnix::SyntaxKind::*;
use std::borrow::Cow;

/// The name of a path's attribute, unless it is computed: `a`, `"a"`, `${"a"}`.
pub(super) fn constant_name<'t>(attribute: Node<'t>, source: &[u8]) -> Option<Cow<'t, [u8]>> {
    match attribute.kind() {
        NODE_IDENT => attribute.first_token().map(|token| Cow::Borrowed(token.text.as_bytes())),
        NODE_STRING => constant_string(attribute, source),
        NODE_DYNAMIC => constant_string(attribute.nodes().next()?, source),
        _ => None,
    }
}

/// The text of an expression that is a constant string to C++ Nix's parser: `"a"`, `''a''`, `''${"a"}''`, a URL. A
/// string with an escape, such as `''a''$b''`, is put together when it is evaluated.
pub(super) fn constant_string<'t>(node: Node<'t>, source: &[u8]) -> Option<Cow<'t, [u8]>> {
    let mut node = node.unwrapped();
    loop {
        if node.kind() != NODE_STRING {
            let url = node.first_token().filter(|token| node.kind() == NODE_LITERAL && token.kind == TOKEN_URI);
            return url.map(|token| Cow::Borrowed(token.text.as_bytes()));
        }
        let mut pieces = parser_pieces(node, source);
        match (pieces.len(), pieces.pop()) {
            (0, _) => return Some(Cow::Borrowed(b"")),
            (1, Some(OwnedPiece::Text(text))) => return Some(Cow::Owned(text)),
            (1, Some(OwnedPiece::Interpolation(only))) if is_indented(node) => node = only.unwrapped(),
            _ => return None,
        }
    }
}

pub(super) fn is_indented(string: Node<'_>) -> bool {
    string.first_token().is_some_and(|token| token.text == "''")
}

/// The pieces of a string node, decoded.
fn pieces<'t>(node: Node<'t>, source: &[u8]) -> Vec<OwnedPiece<Node<'t>>> {
    join(parser_pieces(node, source))
}

/// The pieces as in C++ Nix's parser: an escape of an indented string is a separate piece.
pub(super) fn parser_pieces<'t>(node: Node<'t>, source: &[u8]) -> Vec<OwnedPiece<Node<'t>>> {
    let raw = node.children().filter_map(|child| match child {
        Element::Token(token) if token.kind == TOKEN_STRING_CONTENT => {
            let span = token.span();
            source.get(span.start as usize..span.end as usize).map(Piece::Text)
        }
        Element::Node(node) if node.kind() == NODE_INTERPOL => node.nodes().next().map(Piece::Interpolation),
        _ => None,
    });
    if is_indented(node) {
        return indented(raw.collect());
    }
    let decode = |piece| match piece {
        Piece::Text(text) => {
            let mut bytes = Vec::with_capacity(text.len());
            unescape(text, &mut bytes);
            OwnedPiece::Text(bytes)
        }
        Piece::Interpolation(node) => OwnedPiece::Interpolation(node),
    };
    raw.map(decode).collect()
}

/// The absolute path of a literal in a folder. A slash at its end is kept: a computed part follows.
pub(crate) fn path_literal(folder: &[u8], literal: &[u8]) -> Vec<u8> {
    let mut path = canonical(&[folder, b"/", literal].concat());
    if literal.len() > 1 && literal.ends_with(b"/") && path != b"/" {
        path.push(b'/');
    }
    path
}

impl<'t> Lowering<'t> {
    /// Lowers a string: to a constant, or to parts that are put together later.
    pub(super) fn string(&mut self, node: Node<'t>) -> Operand {
        self.lint_indented_string(node);
        let pieces = pieces(node, self.source);
        self.check_no_nul(node, &pieces);
        match pieces.as_slice() {
            [] => self.constant(Constant::String(Box::default())),
            [OwnedPiece::Text(text)] => self.constant(Constant::String(text.as_slice().into())),
            _ => {
                let parts = pieces.into_iter().map(|piece| self.string_part(piece)).collect();
                let words = self.words(parts);
                self.push(Expr::Interpolate(words), node.span())
            }
        }
    }

    fn check_no_nul(&mut self, node: Node<'t>, pieces: &[OwnedPiece<Node<'t>>]) {
        for piece in pieces {
            if let OwnedPiece::Text(text) = piece
                && text.contains(&0)
            {
                let shown = String::from_utf8_lossy(text).replace('\0', "␀");
                self.syntax_error(
                    node.span(),
                    format!(
                        "input string '{shown}' cannot be represented as Nix string because it contains null bytes"
                    ),
                );
            }
        }
    }

    fn string_part(&mut self, piece: OwnedPiece<Node<'t>>) -> Operand {
        match piece {
            OwnedPiece::Text(text) => self.constant(Constant::String(text.into())),
            OwnedPiece::Interpolation(node) => self.interpolated(node),
        }
    }

    /// The expression in `${…}`. Constants among the parts are text, so a constant here gets its own node.
    fn interpolated(&mut self, node: Node<'t>) -> Operand {
        match self.strict(node) {
            operand if matches!(operand.kind(), OperandKind::Constant(_)) => {
                self.push(Expr::Operand(operand), node.span())
            }
            operand => operand,
        }
    }

    /// A path: `./a`, `/a`, `~/a`, or with interpolation.
    pub(super) fn path(&mut self, node: Node<'t>) -> Operand {
        let mut elements = node.children();
        let Some(Element::Token(first)) = elements.next() else { return self.null() };
        self.check_path(node, first);
        let rest: Vec<_> = elements.collect();
        let start = self.path_start(first.text, rest.is_empty());
        if rest.is_empty() {
            return self.constant(start);
        }
        let mut parts = vec![self.constant(start)];
        for element in rest {
            parts.push(match element {
                Element::Token(token) => self.constant(Constant::String(token.text.as_bytes().into())),
                Element::Node(node) => match node.nodes().next() {
                    Some(inner) => self.interpolated(inner),
                    None => self.null(),
                },
            });
        }
        let words = self.words(parts);
        self.push(Expr::InterpolatePath(words), node.span())
    }

    /// Checks a path that starts with a token.
    pub(super) fn check_path(&mut self, node: Node<'t>, first: Token<'t>) {
        if first.text.starts_with('~') && self.options.home.is_none() {
            self.syntax_error(node.span(), format!("the path '{}' can not be resolved in pure mode", first.text));
        }
        self.lint_path(first.span(), first.text);
    }

    fn path_start(&mut self, literal: &str, is_whole: bool) -> Constant {
        if let Some(rest) = literal.strip_prefix('~') {
            let path = [self.options.home.unwrap_or_default(), rest.as_bytes()].concat();
            // C++ Nix does not normalize the part after the home directory.
            return Constant::Path(if is_whole { path.into() } else { path_literal(b"", &path).into() });
        }
        if literal.starts_with('/') {
            return Constant::Path(path_literal(b"", literal.as_bytes()).into());
        }
        Constant::RelativePath(literal.as_bytes().into())
    }

    /// `<nixpkgs>`: a call of `__findFile __nixPath "nixpkgs"`, whatever these names mean here.
    pub(super) fn search_path(&mut self, node: Node<'t>) -> Operand {
        let text = node.first_token().map_or("", |token| token.text);
        let name = text.trim_start_matches('<').trim_end_matches('>');
        let function = self.special_name("__findFile", node.span());
        let path = self.special_name("__nixPath", node.span());
        let name = self.constant(Constant::String(name.as_bytes().into()));
        self.call(function, vec![path, name], node.span())
    }

    pub(super) fn null(&mut self) -> Operand {
        let name = self.names.add(Cow::Borrowed(b"null"));
        self.constant(Constant::Global(name))
    }

    pub(super) fn constant(&mut self, constant: Constant) -> Operand {
        let key = super::ConstantKey::of(&constant);
        if let Some(index) = self.constants.get(&key) {
            return Operand::new(OperandKind::Constant(*index));
        }
        let index = self.unit.constants.len() as u32;
        self.unit.constants.push(constant);
        self.constants.insert(key, index);
        Operand::new(OperandKind::Constant(index))
    }
}

//! Strings, attribute names and paths: what stands between the quotes, as constants and parts.

use super::{Lowering, canonical};
use crate::ir::{Constant, Expr, Operand, Source};
use crate::source::Span;
use crate::syntax::strings::{OwnedPiece, Piece, indented, join, unescape};
use crate::syntax::tree::{Element, Node};
use rnix::SyntaxKind::*;
use std::borrow::Cow;

/// The name that an attribute of a path is, unless it is computed: `a`, `"a"`, `${"a"}`.
pub(super) fn constant_name<'t>(attribute: Node<'t>, source: &'t [u8]) -> Option<Cow<'t, [u8]>> {
    match attribute.kind() {
        NODE_IDENT => attribute.first_token().map(|token| Cow::Borrowed(token.text.as_bytes())),
        NODE_STRING => constant_string(attribute, source).map(Cow::Owned),
        NODE_DYNAMIC => {
            let inner = attribute.nodes().next()?.unwrapped();
            (inner.kind() == NODE_STRING).then(|| constant_string(inner, source)).flatten().map(Cow::Owned)
        }
        _ => None,
    }
}

/// The value of a string without interpolation.
pub(super) fn constant_string(node: Node<'_>, source: &[u8]) -> Option<Vec<u8>> {
    let mut decoded = pieces(node, source);
    match (decoded.len(), decoded.pop()) {
        (0, _) => Some(Vec::new()),
        (1, Some(OwnedPiece::Text(text))) => Some(text),
        _ => None,
    }
}

/// True if a string is one text for C++ Nix. An indented one with escapes is put together there, when it is needed.
pub(super) fn is_one_text(node: Node<'_>, source: &[u8]) -> bool {
    matches!(split_pieces(node, source)[..], [] | [OwnedPiece::Text(_)])
}

/// The pieces of a string node, decoded.
pub(super) fn pieces<'t>(node: Node<'t>, source: &[u8]) -> Vec<OwnedPiece<Node<'t>>> {
    join(split_pieces(node, source))
}

/// The same as C++ Nix splits them.
fn split_pieces<'t>(node: Node<'t>, source: &[u8]) -> Vec<OwnedPiece<Node<'t>>> {
    let is_indented = node.first_token().is_some_and(|token| token.text == "''");
    let raw = node.children().filter_map(|child| match child {
        Element::Token(token) if token.kind == TOKEN_STRING_CONTENT => {
            let span = token.span();
            source.get(span.start as usize..span.end as usize).map(Piece::Text)
        }
        Element::Node(node) if node.kind() == NODE_INTERPOL => node.nodes().next().map(Piece::Interpolation),
        _ => None,
    });
    if is_indented {
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

/// The path that a literal means in a folder. A slash at its end stays: something computed follows.
pub(crate) fn path_literal(folder: &[u8], literal: &[u8]) -> Vec<u8> {
    let mut path = canonical(&[folder, b"/", literal].concat());
    if literal.len() > 1 && literal.ends_with(b"/") && path != b"/" {
        path.push(b'/');
    }
    path
}

impl<'t> Lowering<'t> {
    /// A string: a constant, or its parts to be put together.
    pub(super) fn string(&mut self, node: Node<'t>) -> Operand {
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

    /// The expression in `${…}`. Constants among the parts are text, so a constant here gets a node of its own.
    fn interpolated(&mut self, node: Node<'t>) -> Operand {
        match self.strict(node) {
            operand if matches!(operand.source(), Source::Constant(_)) => {
                self.push(Expr::Operand(operand), node.span())
            }
            operand => operand,
        }
    }

    /// A path: `./a`, `/a`, `~/a`, or with interpolation.
    pub(super) fn path(&mut self, node: Node<'t>) -> Operand {
        let mut elements = node.children();
        let Some(Element::Token(first)) = elements.next() else { return self.null() };
        self.lint_path(first.span(), first.text);
        let rest: Vec<_> = elements.collect();
        let start = self.path_start(first.text, rest.is_empty(), node.span());
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

    fn path_start(&mut self, literal: &str, is_whole: bool, span: Span) -> Constant {
        if let Some(rest) = literal.strip_prefix('~') {
            if self.options.home.is_none() {
                self.syntax_error(span, format!("the path '{literal}' can not be resolved in pure mode"));
            }
            let path = [self.options.home.unwrap_or_default(), rest.as_bytes()].concat();
            // C++ Nix leaves what follows the home directory as it stands.
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
            return Operand::new(Source::Constant(*index));
        }
        let index = self.unit.constants.len() as u32;
        self.unit.constants.push(constant);
        self.constants.insert(key, index);
        Operand::new(Source::Constant(index))
    }
}

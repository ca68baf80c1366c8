//! A light view of the green tree: nodes with their offsets. It avoids the red tree, which costs a third of parsing.

use crate::source::Span;
use rnix::{NixLanguage, SyntaxKind};
use rowan::{GreenNodeData, Language, NodeOrToken};

/// A node and its offset.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node<'t> {
    green: &'t GreenNodeData,
    pub(crate) start: u32,
}

/// A token and its offset.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token<'t> {
    pub(crate) kind: SyntaxKind,
    pub(crate) text: &'t str,
    pub(crate) start: u32,
}

/// A child of a node.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Element<'t> {
    Node(Node<'t>),
    Token(Token<'t>),
}

impl Token<'_> {
    pub(crate) fn span(&self) -> Span {
        Span::new(self.start, self.start + self.text.len() as u32)
    }
}

impl<'t> Node<'t> {
    pub(crate) fn root(green: &'t GreenNodeData) -> Self {
        Self { green, start: 0 }
    }

    pub(crate) fn kind(self) -> SyntaxKind {
        NixLanguage::kind_from_raw(self.green.kind())
    }

    pub(crate) fn span(self) -> Span {
        Span::new(self.start, self.start + u32::from(self.green.text_len()))
    }

    /// All children, including comments and white space.
    pub(crate) fn children(self) -> impl Iterator<Item = Element<'t>> {
        let mut offset = self.start;
        self.green.children().map(move |child| {
            let start = offset;
            match child {
                NodeOrToken::Node(green) => {
                    offset += u32::from(green.text_len());
                    Element::Node(Node { green, start })
                }
                NodeOrToken::Token(token) => {
                    offset += u32::from(token.text_len());
                    Element::Token(Token { kind: NixLanguage::kind_from_raw(token.kind()), text: token.text(), start })
                }
            }
        })
    }

    /// Children that are nodes.
    pub(crate) fn nodes(self) -> impl Iterator<Item = Node<'t>> {
        self.children().filter_map(|child| match child {
            Element::Node(node) => Some(node),
            Element::Token(_) => None,
        })
    }

    /// Children that are tokens other than comments and white space.
    pub(crate) fn tokens(self) -> impl Iterator<Item = Token<'t>> {
        self.children().filter_map(|child| match child {
            Element::Token(token) if !token.kind.is_trivia() => Some(token),
            _ => None,
        })
    }

    /// The first child of this kind.
    pub(crate) fn child(self, kind: SyntaxKind) -> Option<Node<'t>> {
        self.nodes().find(|node| node.kind() == kind)
    }

    /// True if a token of this kind is among the children.
    pub(crate) fn has_token(self, kind: SyntaxKind) -> bool {
        self.tokens().any(|token| token.kind == kind)
    }

    /// The text of the first token: the name of an identifier, the digits of a number.
    pub(crate) fn first_token(self) -> Option<Token<'t>> {
        self.tokens().next()
    }

    /// The node inside its parentheses.
    pub(crate) fn unwrapped(self) -> Node<'t> {
        let mut node = self;
        while matches!(node.kind(), SyntaxKind::NODE_PAREN | SyntaxKind::NODE_ROOT) {
            match node.nodes().next() {
                Some(inner) => node = inner,
                None => break,
            }
        }
        node
    }
}

//! Builds tree nodes from completed rules.
//!
//! The elements of the tree are in one list. Completing the rule of `f x` replaces the last three elements (`f`, a
//! space, `x`) by one `NODE_APPLY`. Nothing here recurses, and nodes are not interned, so depth costs nothing. Only
//! the nodes of a name are shared with recent nodes of the same name.

use rnix::SyntaxKind::{self, *};
use rowan::{GreenNode, GreenNodeData, GreenToken, GreenTokenData, NodeOrToken};
use rustc_hash::FxHashMap;

use super::rules::{Group, Shape, Symbol};

type Element = NodeOrToken<GreenNode, GreenToken>;

/// The elements that are not yet in a node.
pub(super) struct Builder<'a> {
    text: &'a str,
    elements: Vec<Element>,
    /// For each element, its number of levels.
    heights: Vec<u32>,
    tokens: FxHashMap<(SyntaxKind, &'a str), GreenToken>,
    /// Recent nodes of single names, each at its [`slot`].
    recent: Vec<Option<GreenNode>>,
    /// The length of the text in the elements, in bytes.
    used: usize,
}

/// The elements of a symbol: from `start` up to, not including, `end`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extent {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) symbol: Symbol,
}

impl<'a> Builder<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            elements: Vec::new(),
            heights: Vec::new(),
            tokens: FxHashMap::default(),
            recent: vec![None; RECENT],
            used: 0,
        }
    }

    /// The number of elements.
    pub(super) fn length(&self) -> usize {
        self.elements.len()
    }

    /// The length of the text in the elements, in bytes.
    pub(super) fn text_length(&self) -> usize {
        self.used
    }

    /// Adds the token with the text from `start` to `end`.
    pub(super) fn token(&mut self, kind: SyntaxKind, start: usize, end: usize) {
        let text = self.text.get(start..end).unwrap_or_default();
        let token = if is_mostly_new(kind) {
            GreenToken::new(raw(kind), text)
        } else {
            self.tokens.entry((kind, text)).or_insert_with(|| GreenToken::new(raw(kind), text)).clone()
        };
        self.elements.push(NodeOrToken::Token(token));
        self.heights.push(0);
        self.used = end;
    }

    /// Wraps the elements from `start` to `end` in a node.
    pub(super) fn wrap(&mut self, kind: SyntaxKind, start: usize, end: usize) {
        // An attribute path also stands for nested sets, which have no nodes.
        let names = if kind == NODE_ATTRPATH { end - start } else { 0 };
        let height = 1 + names as u32 + self.heights[start..end].iter().max().copied().unwrap_or(0);
        let is_last = end == self.elements.len();
        let node = NodeOrToken::Node(self.node(kind, start, end));
        if is_last {
            self.elements.push(node);
            self.heights.truncate(start);
            self.heights.push(height);
        } else {
            self.elements.insert(start, node);
            self.heights.splice(start..end, [height]);
        }
    }

    /// Creates a node of these elements and removes them from the list.
    fn node(&mut self, kind: SyntaxKind, start: usize, end: usize) -> GreenNode {
        if !matches!(kind, NODE_IDENT | NODE_IDENT_PARAM) || end - start != 1 {
            return GreenNode::new(raw(kind), self.elements.drain(start..end));
        }
        let only = match &self.elements[start] {
            NodeOrToken::Node(node) => address(NodeOrToken::Node(node)),
            NodeOrToken::Token(token) => address(NodeOrToken::Token(token)),
        };
        let recent = &mut self.recent[slot(only)];
        let is_like = |node: &&GreenNode| node.kind() == raw(kind) && node.children().map(address).eq([only]);
        if let Some(node) = recent.as_ref().filter(is_like) {
            let node = node.clone();
            self.elements.remove(start);
            return node;
        }
        let node = GreenNode::new(raw(kind), self.elements.drain(start..end));
        *recent = Some(node.clone());
        node
    }

    /// Wraps a group of the symbols of a rule, and adjusts their extents.
    pub(super) fn group(&mut self, group: &Group, symbols: &mut [Extent]) {
        let (start, end) = (symbols[group.first].start, symbols[group.last].end);
        let kind = self.kind(group.shape, start);
        self.wrap(kind, start, end);
        let removed = end - start - 1;
        symbols[group.last].end = start + 1;
        for later in &mut symbols[group.last + 1..] {
            later.start -= removed;
            later.end -= removed;
        }
    }

    fn kind(&mut self, shape: Shape, start: usize) -> SyntaxKind {
        let Some(NodeOrToken::Token(token)) = self.elements.get(start) else {
            return if let Shape::Node(kind) = shape { kind } else { NODE_ERROR };
        };
        match shape {
            Shape::Node(kind) => kind,
            Shape::Path if token.kind() == raw(TOKEN_PATH_ABS) => NODE_PATH_ABS,
            Shape::Path if token.kind() == raw(TOKEN_PATH_HOME) => NODE_PATH_HOME,
            Shape::Path => NODE_PATH_REL,
            Shape::Variable if token.text() == "__curPos" => {
                self.elements[start] = NodeOrToken::Token(GreenToken::new(raw(TOKEN_CUR_POS), "__curPos"));
                NODE_CUR_POS
            }
            Shape::Identifier if token.kind() == raw(TOKEN_OR) => {
                self.elements[start] = NodeOrToken::Token(GreenToken::new(raw(TOKEN_IDENT), "or"));
                NODE_IDENT
            }
            Shape::Identifier | Shape::Variable => NODE_IDENT,
        }
    }

    /// Wraps everything in a root node.
    pub(super) fn finish(mut self) -> (GreenNode, u32) {
        let height = 1 + self.heights.iter().copied().max().unwrap_or(0);
        (GreenNode::new(raw(NODE_ROOT), self.elements.drain(..)), height)
    }
}

/// The number of remembered nodes.
const RECENT: usize = 256;

/// The address of an element.
fn address(element: NodeOrToken<&GreenNodeData, &GreenTokenData>) -> usize {
    match element {
        NodeOrToken::Node(node) => std::ptr::from_ref(node).addr(),
        NodeOrToken::Token(token) => std::ptr::from_ref(token).addr(),
    }
}

/// The slot for the node of an element at this address.
fn slot(address: usize) -> usize {
    (address >> 4 ^ address >> 12) % RECENT
}

fn raw(kind: SyntaxKind) -> rowan::SyntaxKind {
    rowan::SyntaxKind(kind as u16)
}

/// True for tokens that are rarely equal to an earlier one.
fn is_mostly_new(kind: SyntaxKind) -> bool {
    matches!(kind, TOKEN_STRING_CONTENT | TOKEN_INTEGER | TOKEN_FLOAT | TOKEN_COMMENT | TOKEN_URI | TOKEN_ERROR)
}

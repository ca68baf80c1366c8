//! The names of a file, numbered in the order in which C++ Nix's parser creates its symbols.
//!
//! The order is visible, because sets iterate in it. C++ Nix interns a name when a grammar rule is complete, so in
//! `x: y` it meets `y` before `x`. The walk here follows the rules in the same way, before anything is lowered.

use super::{Options, strings};
use crate::ir::{Name, Texts};
use crate::syntax::tree::{Element, Node};
use rnix::SyntaxKind::{self, *};
use rustc_hash::FxHashMap;
use std::borrow::Cow;

/// Names in order, with the way back from text to name.
#[derive(Debug, Default)]
pub(super) struct Names<'t> {
    numbers: FxHashMap<Cow<'t, [u8]>, Name>,
    texts: Texts,
}

impl<'t> Names<'t> {
    /// The names of a tree.
    pub(super) fn of(root: Node<'t>, source: &'t [u8], stack_floor: usize) -> Self {
        let mut names = Self::default();
        // Real files have a new name every 30 bytes or more; growing the table costs more than its unused slots.
        names.numbers.reserve((source.len() / 64).min(4096));
        Walk { names: &mut names, source, stack_floor, stop: u32::MAX }.node(root);
        names
    }

    /// The names that the parser has met when it stops at an offset.
    pub(super) fn until(root: Node<'t>, source: &'t [u8], stack_floor: usize, stop: u32) -> Self {
        let mut names = Self::default();
        Walk { names: &mut names, source, stack_floor, stop }.node(root);
        names
    }

    /// The names of a tree, numbered in symbol order: existing symbols come first.
    pub(super) fn in_order(root: Node<'t>, source: &'t [u8], options: Options<'_>) -> Self {
        let met = Self::of(root, source, options.stack_floor);
        let mut texts: Vec<_> = met.numbers.into_iter().collect();
        texts.sort_by_key(|(text, name)| {
            let known = options.scope.rank(text);
            (known.is_none(), known.unwrap_or(name.0))
        });
        let mut names = Self::default();
        for (text, _) in texts {
            names.add(text);
        }
        names
    }

    /// The name with this text, numbered last if it is new.
    pub(super) fn add(&mut self, text: Cow<'t, [u8]>) -> Name {
        if let Some(name) = self.numbers.get(&text) {
            return *name;
        }
        let name = Name(self.texts.len() as u32);
        self.texts.push(text.iter().copied());
        self.numbers.insert(text, name);
        name
    }

    /// The name with this text, if the file has it.
    pub(super) fn find(&self, text: &[u8]) -> Option<Name> {
        self.numbers.get(text).copied()
    }

    /// The text of a name.
    pub(super) fn text(&self, name: Name) -> &[u8] {
        self.texts.get(name.0 as usize)
    }

    /// All texts in order.
    pub(super) fn into_texts(self) -> Texts {
        self.texts
    }
}

struct Walk<'a, 't> {
    names: &'a mut Names<'t>,
    source: &'t [u8],
    stack_floor: usize,
    /// Text from this offset on is not read.
    stop: u32,
}

impl<'t> Walk<'_, 't> {
    fn node(&mut self, node: Node<'t>) {
        // Lowering goes as deep as this, and reports when it is too deep.
        if crate::stack::stack_address() < self.stack_floor || node.start >= self.stop {
            return;
        }
        match node.kind() {
            NODE_IDENT => self.ident(node),
            NODE_LAMBDA => self.lambda(node),
            NODE_ATTRPATH | NODE_INHERIT => self.attributes(node),
            NODE_BIN_OP | NODE_APPLY | NODE_HAS_ATTR | NODE_SELECT => self.left_nested(node),
            NODE_PAT_ENTRY => self.formal(node),
            // The text after a syntax error is never read.
            NODE_ERROR => {}
            _ => self.children(node),
        }
    }

    fn children(&mut self, node: Node<'t>) {
        for child in node.nodes() {
            self.node(child);
        }
    }

    /// Walks a chain such as `a + b + c` in a loop: it is nested on the left and may be long.
    fn left_nested(&mut self, node: Node<'t>) {
        let mut rights = Vec::new();
        let mut left = node;
        while matches!(left.kind(), NODE_BIN_OP | NODE_APPLY | NODE_HAS_ATTR | NODE_SELECT) {
            let mut nodes = left.nodes();
            let Some(first) = nodes.next() else { break };
            rights.push(nodes.collect::<Vec<_>>());
            left = first;
        }
        self.node(left);
        for right in rights.into_iter().rev().flatten() {
            self.node(right);
        }
    }

    fn ident(&mut self, node: Node<'t>) {
        if let Some(token) = node.first_token() {
            self.names.add(Cow::Borrowed(token.text.as_bytes()));
        }
    }

    /// In `x: …` the parameter comes after the body; the names of a pattern come before it.
    fn lambda(&mut self, node: Node<'t>) {
        let mut nodes = node.nodes();
        let (parameter, body) = (nodes.next(), nodes.next());
        let is_pattern = parameter.is_some_and(|parameter| parameter.kind() == NODE_PATTERN);
        if let (true, Some(pattern)) = (is_pattern, parameter) {
            pattern.nodes().filter(|child| child.kind() == NODE_PAT_ENTRY).for_each(|entry| self.node(entry));
        }
        if let Some(body) = body {
            self.node(body);
        }
        let after = if is_pattern { parameter.and_then(|pattern| pattern.child(NODE_PAT_BIND)) } else { parameter };
        if let Some(after) = after.filter(|_| node.span().end <= self.stop) {
            self.children(after);
        }
    }

    /// `a ? default`: the default is complete before the formal is.
    fn formal(&mut self, node: Node<'t>) {
        let mut nodes = node.nodes();
        let name = nodes.next();
        for default in nodes {
            self.node(default);
        }
        if let Some(name) = name {
            self.node(name);
        }
    }

    fn attributes(&mut self, node: Node<'t>) {
        for child in node.nodes() {
            match strings::constant_name(child, self.source) {
                Some(name) => {
                    self.names.add(name);
                }
                None => self.node(child),
            }
        }
    }
}

/// True if the node is one part of an attribute path.
pub(super) fn is_attribute(kind: SyntaxKind) -> bool {
    matches!(kind, NODE_IDENT | NODE_STRING | NODE_DYNAMIC)
}

/// The first token of a kind among the children.
pub(super) fn token_of<'t>(node: Node<'t>, kind: SyntaxKind) -> Option<crate::syntax::tree::Token<'t>> {
    node.children().find_map(|child| match child {
        Element::Token(token) if token.kind == kind => Some(token),
        _ => None,
    })
}

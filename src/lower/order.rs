//! The error that C++ Nix reports first in an invalid text.
//!
//! Its parser reports an error in a construct when the construct is complete: in `{ a = 1; a = 2; ] }` the duplicate
//! attribute before the bracket. After the whole text is read, it looks for undefined variables, within a set in
//! symbol order. Lowering uses a different order, so when it finds an error, the tree is walked again here.

use super::bindings::{Definition, Definitions};
use super::functions::is_or;
use super::names::{Names, is_attribute};
use super::{LowerError, Lowering, Options};
use crate::ir::{Name, Texts, Warning};
use crate::syntax::Parsed;
use crate::syntax::tree::{Element, Node, Token};
use rnix::SyntaxKind::*;
use rustc_hash::FxHashMap;

/// The stack that must be left before the walk goes one level deeper, in bytes.
const STACK_LEFT: usize = 128 << 10;
/// The stack that is added when less is left, in bytes.
const STACK_ADDED: usize = 4 << 20;

/// The parser's results for a text: warnings, and the error at which it stops.
#[derive(Clone, Debug, Default)]
pub struct Complaints {
    /// The warnings before the error.
    pub warnings: Vec<Warning>,
    /// The error.
    pub error: Option<LowerError>,
    /// The names that are symbols at that point, in the order in which they became symbols.
    pub names: Box<Texts>,
}

/// The warnings and the error of a text up to its syntax error, or for the whole text if it has none.
pub fn complaints(parsed: &Parsed, source: &[u8], options: Options<'_>) -> Complaints {
    let root = Node::root(&parsed.root);
    let names = Names::in_order(root, source, options);
    let mut parser = Parser { lowering: Lowering::new(parsed, source, options, names), stop: None };
    parser.node(root);
    let names = Names::until(root, source, options.stack_floor, parser.stop.unwrap_or(u32::MAX));
    let Lowering { unit, syntax_errors, .. } = parser.lowering;
    Complaints { warnings: unit.warnings, error: syntax_errors.into_iter().next(), names: names.into_texts().into() }
}

/// The first undefined variable that C++ Nix reports.
pub(super) fn first_undefined(
    parsed: &Parsed,
    source: &[u8],
    options: Options<'_>,
    undefined: Vec<LowerError>,
) -> Option<LowerError> {
    let root = Node::root(&parsed.root);
    let names = Names::in_order(root, source, options);
    let starts = undefined.iter().enumerate().rev().map(|(index, error)| (error.span.start, index)).collect();
    let mut binder = Binder { lowering: Lowering::new(parsed, source, options, names), starts, first: None };
    binder.node(root);
    let first = binder.first.unwrap_or_default();
    undefined.into_iter().nth(first)
}

/// A walk over a tree in the order in which the parser completes its nodes, up to the first error.
struct Parser<'t> {
    lowering: Lowering<'t>,
    /// The end of the text that was read when an error was found.
    stop: Option<u32>,
}

impl<'t> Parser<'t> {
    fn has_stopped(&self) -> bool {
        !self.lowering.syntax_errors.is_empty()
    }

    fn node(&mut self, node: Node<'t>) {
        crate::stack::maybe_grow(STACK_LEFT, STACK_ADDED, || match node.kind() {
            NODE_ATTR_SET | NODE_LEGACY_LET | NODE_LET_IN => self.definitions(node),
            NODE_ERROR => self.unexpected(node),
            _ => self.children(node, Self::completed_child),
        });
        if !self.has_stopped() {
            self.completed(node);
            self.note_stop(node.span().end);
        }
    }

    /// Records how far the text was read, if an error was found just now.
    fn note_stop(&mut self, end: u32) {
        if self.has_stopped() {
            self.stop.get_or_insert(end);
        }
    }

    /// Walks the children of a node, and calls `completed` for each.
    fn children(&mut self, node: Node<'t>, mut completed: impl FnMut(&mut Self, Node<'t>, Node<'t>)) {
        for child in node.children() {
            match child {
                Element::Token(token) => {
                    self.token(node, token);
                    self.note_stop(token.start);
                }
                Element::Node(child) => {
                    self.node(child);
                    if !self.has_stopped() {
                        completed(self, node, child);
                        self.note_stop(child.span().end);
                    }
                }
            }
            if self.has_stopped() {
                return;
            }
        }
    }

    fn token(&mut self, parent: Node<'t>, token: Token<'t>) {
        match token.kind {
            TOKEN_PIPE_LEFT | TOKEN_PIPE_RIGHT => self.lowering.check_pipe(token),
            TOKEN_URI => self.lowering.lint_url(token.span(), token.text),
            TOKEN_PATH_ABS | TOKEN_PATH_REL | TOKEN_PATH_HOME if token.start == parent.start => {
                self.lowering.check_path(parent, token);
            }
            _ => {}
        }
    }

    /// The lexer stops at a token before the parser finds that it is unexpected.
    fn unexpected(&mut self, node: Node<'t>) {
        let error = self.lowering.parsed.errors.first();
        if let Some(token) = node.first_token().filter(|token| error.is_some_and(|error| error.span == token.span())) {
            self.token(node, token);
        }
    }

    fn definitions(&mut self, node: Node<'t>) {
        let mut set = Definitions::default();
        self.children(node, |this, _, child| this.lowering.add_definition(&mut set, child));
        if node.kind() == NODE_LET_IN && !self.has_stopped() {
            self.lowering.check_let(node, &set);
        }
    }

    fn completed_child(&mut self, node: Node<'t>, child: Node<'t>) {
        match node.kind() {
            NODE_LIST => self.lowering.warn_of_cursed_or(child),
            NODE_INHERIT if is_attribute(child.kind()) => {
                self.lowering.inherited_name(child);
            }
            _ => {}
        }
    }

    fn completed(&mut self, node: Node<'t>) {
        match node.kind() {
            NODE_STRING => self.lowering.lint_indented_string(node),
            NODE_LAMBDA => {
                if let Some(pattern) = node.child(NODE_PATTERN) {
                    self.lowering.check_formals(pattern);
                }
            }
            NODE_APPLY | NODE_SELECT => {
                let is_argument = |index| index == if node.kind() == NODE_APPLY { 1 } else { 2 };
                let last = node.nodes().enumerate().find(|(index, _)| is_argument(*index));
                if let Some((_, last)) = last {
                    self.lowering.warn_of_cursed_or(last);
                }
            }
            _ => {}
        }
    }
}

/// A walk over a tree in the order in which C++ Nix binds its variables, up to the first undefined one.
struct Binder<'t> {
    lowering: Lowering<'t>,
    /// The undefined variables by their offsets.
    starts: FxHashMap<u32, usize>,
    first: Option<usize>,
}

impl<'t> Binder<'t> {
    fn node(&mut self, node: Node<'t>) {
        if self.first.is_none() {
            crate::stack::maybe_grow(STACK_LEFT, STACK_ADDED, || self.within(node));
        }
    }

    fn nodes(&mut self, nodes: impl IntoIterator<Item = Node<'t>>) {
        nodes.into_iter().for_each(|node| self.node(node));
    }

    fn within(&mut self, node: Node<'t>) {
        match node.kind() {
            NODE_IDENT => self.variable(node.start),
            NODE_ATTR_SET | NODE_LEGACY_LET | NODE_LET_IN => {
                let definitions = self.lowering.definitions(node);
                self.set(definitions);
                if node.kind() == NODE_LET_IN {
                    self.nodes(node.nodes().last());
                }
            }
            NODE_LAMBDA => self.lambda(node),
            NODE_APPLY => self.application(node),
            NODE_BIN_OP => self.operation(node),
            // The default before the path.
            NODE_SELECT => {
                self.nodes(node.nodes().filter(|child| child.kind() != NODE_ATTRPATH));
                self.nodes(node.child(NODE_ATTRPATH));
            }
            NODE_ATTRPATH => self.nodes(node.nodes().filter(|part| part.kind() != NODE_IDENT)),
            _ => self.nodes(node.nodes()),
        }
    }

    fn variable(&mut self, start: u32) {
        if self.first.is_none() {
            self.first = self.starts.get(&start).copied();
        }
    }

    fn application(&mut self, node: Node<'t>) {
        for child in node.nodes() {
            if is_or(child) { self.variable(node.start) } else { self.node(child) }
        }
    }

    fn operation(&mut self, node: Node<'t>) {
        let mut operands: Vec<_> = node.nodes().collect();
        // These become calls of the right operand, or evaluate it first.
        let is_swapped = [TOKEN_PIPE_RIGHT, TOKEN_MORE, TOKEN_LESS_OR_EQ].into_iter().any(|kind| node.has_token(kind));
        if is_swapped {
            operands.reverse();
        }
        self.nodes(operands);
    }

    fn lambda(&mut self, node: Node<'t>) {
        let mut nodes = node.nodes();
        let entries = nodes.next().into_iter().flat_map(Node::nodes).filter(|child| child.kind() == NODE_PAT_ENTRY);
        let mut defaults: Vec<(Name, Node<'t>)> = Vec::new();
        for entry in entries {
            let mut parts = entry.nodes();
            if let (Some(name), Some(default)) = (parts.next().and_then(Node::first_token), parts.next()) {
                defaults.push((self.lowering.names.add(name.text.as_bytes().into()), default));
            }
        }
        defaults.sort_by_key(|(name, _)| *name);
        self.nodes(defaults.into_iter().map(|(_, default)| default));
        self.nodes(nodes);
    }

    fn set(&mut self, definitions: Definitions<'t>) {
        let Definitions { mut attributes, dynamic, inherit_from, .. } = definitions;
        self.nodes(inherit_from);
        attributes.sort_by_key(|attribute| attribute.name);
        for attribute in attributes {
            match attribute.definition {
                Definition::Inherit => self.variable(attribute.start),
                definition => self.definition(definition),
            }
        }
        for attribute in dynamic {
            self.node(attribute.name);
            self.definition(attribute.definition);
        }
    }

    fn definition(&mut self, definition: Definition<'t>) {
        match definition {
            Definition::Expression(node) | Definition::Literal(node) => self.node(node),
            Definition::Set(set) if self.first.is_none() => {
                crate::stack::maybe_grow(STACK_LEFT, STACK_ADDED, || self.set(*set));
            }
            _ => {}
        }
    }
}

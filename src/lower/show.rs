//! A program as text, as `nix-instantiate --parse` prints it: without syntactic sugar, operations in parentheses,
//! paths absolute.
//!
//! `a: { y = a - 1; x.b = a.c or 2; }` is shown as `(a: { x = { b = (a).c or (2); }; y = (__sub a 1); })`.
//!
//! Definitions are gathered and merged by `bindings.rs`, so a set is shown as it is evaluated. As in C++ Nix's
//! parser, a call of a call is one call: `(a - b) c` is `(__sub a b c)`.

mod literals;
mod names;
#[cfg(test)]
mod tests;

use super::names::Names;
use super::{Lowering, Options, Outer, OuterScope};
use crate::codec::nix_string::write_string_literal;
use crate::settings::Lints;
use crate::syntax::calls::{application, is_call};
use crate::syntax::tree::Node;
use crate::syntax::{Parsed, parse};
use rnix::SyntaxKind::{self, *};

/// The stack that must be left before the walk goes one level deeper, in bytes.
const STACK_LEFT: usize = 64 << 10;
/// The stack that is added when less is left, in bytes.
const STACK_ADDED: usize = 1 << 20;

/// Shows a program that [`lower`](super::lower) accepts.
pub fn show_program(parsed: &Parsed, source: &[u8], options: Options<'_>) -> Vec<u8> {
    let mut show = Show::new(parsed, source, options);
    show.expr(Node::root(&parsed.root));
    show.out
}

/// Shows the condition of the assertion whose source is `text`, as in the message about its failure.
///
/// `directory` is the start of its relative paths. Paths in the home directory are shown with their `~`.
pub fn show_assertion(text: &[u8], directory: &[u8]) -> Vec<u8> {
    show_part(text, directory, |assertion| assertion.nodes().next())
}

/// Shows an expression, as in messages about it.
pub fn show_expression(text: &[u8], directory: &[u8]) -> Vec<u8> {
    show_part(text, directory, |whole| Some(whole))
}

fn show_part(text: &[u8], directory: &[u8], part: impl FnOnce(Node<'_>) -> Option<Node<'_>>) -> Vec<u8> {
    let parsed = parse(text);
    let options = Options {
        directory,
        home: Some(b"~"),
        pipe_operators: true,
        lints: Lints::default(),
        scope: &Nothing,
        steps: Default::default(),
        stack_floor: 0,
    };
    let mut show = Show::new(&parsed, text, options);
    let whole = Node::root(&parsed.root).unwrapped();
    show.expr(part(whole).unwrap_or(whole));
    show.out
}

/// A scope without names: this room looks none up.
struct Nothing;

impl OuterScope for Nothing {
    fn outer(&self, _name: &[u8]) -> Option<Outer> {
        None
    }

    fn rank(&self, _name: &[u8]) -> Option<u32> {
        None
    }

    fn names(&self) -> Vec<Vec<u8>> {
        Vec::new()
    }

    fn global_arity(&self, _name: &[u8]) -> Option<usize> {
        None
    }

    fn builtin_arity(&self, _name: &[u8]) -> Option<usize> {
        None
    }
}

struct Show<'t> {
    /// Gathers definitions; nothing is lowered.
    lowering: Lowering<'t>,
    out: Vec<u8>,
}

impl<'t> Show<'t> {
    fn new(parsed: &'t Parsed, source: &'t [u8], options: Options<'t>) -> Self {
        let lowering = Lowering::new(parsed, source, options, Names::default());
        Self { lowering, out: Vec::new() }
    }

    fn text(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    /// An expression between two texts.
    fn between(&mut self, before: &str, node: Node<'t>, after: &str) {
        self.text(before);
        self.expr(node);
        self.text(after);
    }

    fn expr(&mut self, node: Node<'t>) {
        crate::stack::maybe_grow(STACK_LEFT, STACK_ADDED, || self.unwrapped(node.unwrapped()));
    }

    fn unwrapped(&mut self, node: Node<'t>) {
        if is_call(node) {
            self.text("(");
            self.call(node);
            return self.text(")");
        }
        let mut nodes = node.nodes();
        match (node.kind(), nodes.next(), nodes.next(), nodes.next()) {
            (NODE_LITERAL, ..) => self.literal(node),
            (NODE_STRING, ..) => self.string(node),
            (NODE_PATH_REL | NODE_PATH_ABS | NODE_PATH_HOME, ..) => self.path(node),
            (NODE_LIST, ..) => self.list(node),
            (NODE_ATTR_SET | NODE_LET_IN | NODE_LEGACY_LET, ..) => self.definitions(node),
            (NODE_LAMBDA, Some(parameter), Some(body), _) => self.lambda(parameter, body),
            (NODE_SELECT, Some(base), Some(path), default) => self.select(base, path, default),
            (NODE_HAS_ATTR, Some(base), Some(path), _) => self.has_attr(base, path),
            (NODE_BIN_OP, Some(left), Some(right), _) => self.binary(node, left, right),
            (NODE_UNARY_OP, Some(operand), ..) => self.between("(! ", operand, ")"),
            (NODE_IF_ELSE, Some(condition), Some(then), Some(otherwise)) => {
                self.between("(if ", condition, " then ");
                self.between("", then, " else ");
                self.between("", otherwise, ")");
            }
            (NODE_ASSERT, Some(condition), Some(body), _) => {
                self.between("assert ", condition, "; ");
                self.expr(body);
            }
            (NODE_WITH, Some(set), Some(body), _) => {
                self.between("(with ", set, "; ");
                self.between("", body, ")");
            }
            _ => self.text(node.first_token().map_or("", |token| token.text)),
        }
    }

    /// `f a b` of `(f a b)`, so that more arguments can follow.
    fn call(&mut self, node: Node<'t>) {
        if let Some((function, argument)) = application(node) {
            return self.apply(function, argument);
        }
        let mut nodes = node.nodes();
        let token = node.first_token();
        match (node.kind(), nodes.next(), nodes.next()) {
            (NODE_UNARY_OP, Some(operand), _) => self.between("__sub 0 ", operand, ""),
            (NODE_BIN_OP, Some(left), Some(right)) => match token.map(|token| token.kind) {
                Some(TOKEN_MORE) => self.call_function("__lessThan ", right, left),
                Some(kind) => self.call_function(function_of(kind).unwrap_or_default(), left, right),
                None => {}
            },
            _ => {
                let name = token.map_or("", |token| token.text).trim_start_matches('<').trim_end_matches('>');
                self.text("__findFile __nixPath ");
                write_string_literal(&mut self.out, name.as_bytes());
            }
        }
    }

    fn apply(&mut self, function: Node<'t>, argument: Node<'t>) {
        let function = function.unwrapped();
        if is_call(function) {
            crate::stack::maybe_grow(STACK_LEFT, STACK_ADDED, || self.call(function));
        } else {
            self.expr(function);
        }
        self.between(" ", argument, "");
    }

    fn call_function(&mut self, name: &str, first: Node<'t>, second: Node<'t>) {
        self.between(name, first, " ");
        self.expr(second);
    }

    fn binary(&mut self, node: Node<'t>, left: Node<'t>, right: Node<'t>) {
        let Some(token) = node.first_token() else { return };
        let (first, second) = match token.kind {
            TOKEN_LESS_OR_EQ => (right, left),
            TOKEN_MORE_OR_EQ => (left, right),
            _ => {
                self.between("(", left, " ");
                self.text(token.text);
                return self.between(" ", right, ")");
            }
        };
        self.call_function("(! (__lessThan ", first, second);
        self.text("))");
    }

    fn list(&mut self, node: Node<'t>) {
        self.text("[ ");
        for item in node.nodes() {
            self.between("(", item, ") ");
        }
        self.text("]");
    }

    fn select(&mut self, base: Node<'t>, path: Node<'t>, default: Option<Node<'t>>) {
        self.between("(", base, ").");
        self.attribute_path(path);
        if let Some(default) = default {
            self.between(" or (", default, ")");
        }
    }

    fn has_attr(&mut self, base: Node<'t>, path: Node<'t>) {
        self.between("((", base, ") ? ");
        self.attribute_path(path);
        self.text(")");
    }
}

/// The function for an operator, and a space.
fn function_of(operator: SyntaxKind) -> Option<&'static str> {
    match operator {
        TOKEN_SUB => Some("__sub "),
        TOKEN_MUL => Some("__mul "),
        TOKEN_DIV => Some("__div "),
        TOKEN_LESS => Some("__lessThan "),
        _ => None,
    }
}

//! The places of expressions, found by an offset and a [`Part`].
//!
//! The IR keeps one offset per node. Other places in an error, such as the left operand of the `+` at an offset, are
//! looked up in a tree of the text, which is parsed again when the first error in it is shown.
//!
//! Example: in `1 + (f x)`, [`Part::Right`] of the offset of `+` is `f x`, and [`Part::RightSide`] is `(f x)`.

use super::calls::{application, innermost_call};
use super::tree::{Element, Node};
use super::{Parsed, parse, parse_bindings};
use crate::source::{Part, Span};
use rnix::SyntaxKind::{self, *};

/// A parsed text for looking up places in it.
#[derive(Debug)]
pub struct Outline {
    parsed: Parsed,
}

impl Outline {
    /// Parses a text: an expression, or the bindings of a REPL's line.
    pub fn of(text: &[u8]) -> Self {
        let parsed = parse(text);
        let is_expression = parsed.errors.is_empty();
        Self { parsed: if is_expression { parsed } else { parse_bindings(text) } }
    }

    /// The text of a part of the expression at `offset`. For [`Part::Here`], the text of the whole expression.
    ///
    /// C++ Nix's position of the expression may be inside this text, for an operator: see [`LocatedPart::at`].
    pub fn find(&self, offset: u32, part: Part) -> Option<LocatedPart> {
        Walk::new(self).find(offset, part)
    }

    /// The node of a part of the expression at `offset`.
    pub(crate) fn node(&self, offset: u32, part: Part) -> Option<Node<'_>> {
        let span = self.find(offset, part)?.span;
        let path = self.path_to(span.start);
        path.iter().copied().find(|node| node.span() == span && node.kind() != NODE_ROOT)
    }

    /// The node with exactly this text.
    pub(crate) fn node_of(&self, span: Span) -> Option<Node<'_>> {
        self.path_to(span.start).into_iter().find(|node| node.span() == span && node.kind() != NODE_ROOT)
    }

    /// The value of the attribute whose name is at an offset, or an element of the lists that it is: the first number
    /// counts in the outermost. Elsewhere than in an attribute's name, the whole expression counts as the value.
    pub(crate) fn bound_value(&self, offset: u32, elements: &[u32]) -> Option<Span> {
        let path = self.path_to(offset);
        let mut value = match path.iter().rposition(|node| node.kind() == NODE_ATTRPATH) {
            Some(names) => {
                let (names, binding) = (path[names], path[names.checked_sub(1)?]);
                let is_last = names.nodes().last().is_some_and(|last| contains(last, offset));
                binding.nodes().nth(1).filter(|_| is_last && binding.kind() == NODE_ATTRPATH_VALUE)?
            }
            None if path.iter().any(|node| node.kind() == NODE_INHERIT) => return None,
            None => path.first()?.nodes().next()?,
        };
        for element in elements {
            let list = value.unwrapped();
            if list.kind() != NODE_LIST {
                break;
            }
            value = list.nodes().nth(*element as usize)?;
        }
        Some(value.unwrapped().span())
    }

    /// The definition of the variable at an offset: its name, and its value if that is an expression.
    pub fn definition(&self, offset: u32) -> Option<Definition> {
        let path = self.path_to(offset);
        let name = path.last().filter(|node| node.kind() == NODE_IDENT)?.first_token()?.text;
        self.definition_of(name, offset)
    }

    /// The definition that a variable of this name would have at an offset.
    pub(crate) fn definition_of(&self, name: &str, offset: u32) -> Option<Definition> {
        self.path_to(offset).iter().rev().find_map(|scope| defined_in(*scope, name, offset))
    }

    /// The nodes around the token that begins at `offset`, outermost first.
    pub(crate) fn path_to(&self, offset: u32) -> Vec<Node<'_>> {
        let mut walk = Walk::new(self);
        walk.go_to(offset);
        walk.path
    }
}

/// The text of the definition or function around an offset: `x = 1;`, or the whole function that begins there.
pub fn definition_around(text: &[u8], offset: u32) -> Option<Span> {
    let outline = Outline::of(text);
    let path = outline.path_to(offset);
    let is_start = |node: &&Node<'_>| {
        let begins = node.start == offset || node.span().start == offset;
        begins && matches!(node.kind(), NODE_ATTRPATH_VALUE | NODE_LAMBDA | NODE_INHERIT)
    };
    // A function with the name that it is defined as.
    let named = path.iter().find(|node| {
        let is_value = || node.nodes().nth(1).is_some_and(|value| value.unwrapped().start == offset);
        node.kind() == NODE_ATTRPATH_VALUE && is_value()
    });
    let definition = named.or_else(|| path.iter().find(is_start)).or_else(|| {
        path.iter().rev().find(|node| matches!(node.kind(), NODE_ATTRPATH_VALUE | NODE_LAMBDA | NODE_INHERIT))
    });
    definition.map(|node| node.span())
}

/// A cursor for many lookups in one text. Moving to a nearby place is cheap at any depth.
#[derive(Debug)]
pub(crate) struct Walk<'o> {
    /// The nodes around the latest place, outermost first.
    path: Vec<Node<'o>>,
}

impl<'o> Walk<'o> {
    pub(crate) fn new(outline: &'o Outline) -> Self {
        Self { path: vec![Node::root(&outline.parsed.root)] }
    }

    /// Like [`Outline::find`].
    pub(crate) fn find(&mut self, offset: u32, part: Part) -> Option<LocatedPart> {
        self.go_to(offset);
        if let Part::With(index) = part {
            return with_around(&self.path, offset, usize::from(index));
        }
        let mut around = self.path.iter().rev().copied().skip_while(|node| !has_part(*node, offset, part));
        let node = around.next()?;
        // Three expressions begin at the start of `a.b c`; `a.b` is the most useful one.
        let is_whole = |outer: &Node<'_>| part == Part::Here && outer.start == offset && outer.kind() == NODE_SELECT;
        found(around.next().filter(is_whole).unwrap_or(node), part)
    }

    fn go_to(&mut self, offset: u32) {
        while self.path.len() > 1 && self.path.last().is_some_and(|node| !contains(*node, offset)) {
            self.path.pop();
        }
        while let Some(next) = self.path.last().and_then(|node| child_at(*node, offset)) {
            self.path.push(next);
        }
    }
}

/// The place of a variable's definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Definition {
    /// The name.
    pub name: Span,
    /// The value; `None` for a parameter.
    pub value: Option<Span>,
}

/// The definition of a name that a node brings into scope at an offset.
fn defined_in(scope: Node<'_>, name: &str, offset: u32) -> Option<Definition> {
    match scope.kind() {
        NODE_LET_IN => bound_in(scope, name),
        NODE_ATTR_SET if scope.has_token(TOKEN_REC) => bound_in(scope, name),
        NODE_LAMBDA => {
            let parameter = scope.nodes().next()?;
            let is_named = |node: &Node<'_>| node.first_token().is_some_and(|token| token.text == name);
            let body_or_default = parameter.kind() == NODE_PATTERN || offset >= parameter.span().end;
            let formal = |entry: Node<'_>| entry.nodes().next().filter(is_named).map(Node::span);
            let found = match parameter.kind() {
                NODE_PATTERN => parameter.nodes().find_map(|entry| match entry.kind() {
                    NODE_PAT_ENTRY | NODE_PAT_BIND => formal(entry),
                    _ => None,
                }),
                _ => parameter.nodes().chain([parameter]).find(is_named).map(Node::span),
            };
            found.filter(|_| body_or_default).map(|name| Definition { name, value: None })
        }
        _ => None,
    }
}

/// The definition of a name among the bindings of a set or `let`.
pub(crate) fn bound_in(set: Node<'_>, name: &str) -> Option<Definition> {
    set.nodes().find_map(|binding| match binding.kind() {
        NODE_ATTRPATH_VALUE => {
            let mut nodes = binding.nodes();
            let (path, value) = (nodes.next()?, nodes.next()?);
            let mut parts = path.nodes();
            let first = parts.next().filter(|part| part.first_token().is_some_and(|token| token.text == name))?;
            let whole = parts.next().is_none().then(|| value.span());
            Some(Definition { name: first.span(), value: whole })
        }
        NODE_INHERIT => {
            let is_it =
                |part: &Node<'_>| part.kind() == NODE_IDENT && part.first_token().is_some_and(|t| t.text == name);
            binding.nodes().find(is_it).map(|part| Definition { name: part.span(), value: None })
        }
        _ => None,
    })
}

/// A place in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocatedPart {
    /// Its whole text.
    pub span: Span,
    /// C++ Nix's position; `None` for expressions without one, such as numbers.
    pub at: Option<u32>,
}

fn child_at(node: Node<'_>, offset: u32) -> Option<Node<'_>> {
    node.nodes().find(|child| contains(*child, offset))
}

fn contains(node: Node<'_>, offset: u32) -> bool {
    node.span().start <= offset && offset < node.span().end
}

/// True if the node has this part.
fn has_part(node: Node<'_>, offset: u32, part: Part) -> bool {
    let kind = node.kind();
    let starts_here = node.start == offset;
    match part {
        Part::Here | Part::Open => starts_here || (kind == NODE_BIN_OP && sign(node) == Some(offset)),
        Part::Left | Part::Right | Part::LeftSide | Part::RightSide => {
            matches!(kind, NODE_BIN_OP | NODE_HAS_ATTR) && sign(node) == Some(offset)
        }
        Part::Operand => kind == NODE_UNARY_OP && starts_here,
        Part::Condition => matches!(kind, NODE_IF_ELSE | NODE_ASSERT) && starts_here,
        Part::Then | Part::Otherwise => kind == NODE_IF_ELSE && starts_here,
        Part::Body => matches!(kind, NODE_LAMBDA | NODE_LET_IN | NODE_WITH | NODE_ASSERT | NODE_ROOT) && starts_here,
        Part::Base if application(node).is_some() => position(node) == Some(offset),
        Part::Base => matches!(kind, NODE_SELECT | NODE_HAS_ATTR) && starts_here,
        Part::Default => kind == NODE_SELECT && starts_here,
        Part::Or => starts_here && variable_or(node).is_some(),
        Part::Name(_) => matches!(kind, NODE_SELECT | NODE_HAS_ATTR) && starts_here,
        Part::With(_) => false,
        Part::Piece(_) | Part::Inside(_) => {
            matches!(kind, NODE_STRING | NODE_PATH_ABS | NODE_PATH_REL | NODE_PATH_HOME) && starts_here
        }
    }
}

/// The `with` whose body contains the offset: the nearest, or one further out.
fn with_around(path: &[Node<'_>], offset: u32, index: usize) -> Option<LocatedPart> {
    let is_around = |node: &Node<'_>| {
        node.kind() == NODE_WITH && node.nodes().nth(1).is_some_and(|body| body.span().start <= offset)
    };
    path.iter().rev().copied().filter(is_around).nth(index).map(expression)
}

/// The offset of an operator's sign.
fn sign(node: Node<'_>) -> Option<u32> {
    node.tokens().next().map(|token| token.start)
}

fn found(node: Node<'_>, part: Part) -> Option<LocatedPart> {
    let nth = |index: usize| node.nodes().nth(index).map(expression);
    let whole = |index: usize| {
        let side = node.nodes().nth(index)?;
        Some(LocatedPart { span: side.span(), at: Some(side.start) })
    };
    match part {
        Part::Here | Part::Open => Some(expression(node)),
        Part::Left | Part::Operand | Part::Condition => nth(0),
        Part::Right | Part::Then => nth(1),
        Part::Otherwise | Part::Default => nth(2),
        Part::Or => Some(LocatedPart { span: variable_or(node)?.span(), at: Some(node.start) }),
        Part::LeftSide => whole(0),
        Part::RightSide => whole(1),
        Part::Body => Some(expression(innermost_body(node)?)),
        Part::With(_) => None,
        Part::Base => Some(expression(leftmost(node))),
        Part::Name(index) => {
            let path = node.child(NODE_ATTRPATH)?;
            let name = path.nodes().nth(usize::from(index))?;
            Some(expression(if name.kind() == NODE_DYNAMIC { name.nodes().next()? } else { name }))
        }
        Part::Piece(index) => {
            let span = interpolation(node, index)?.span();
            Some(LocatedPart { span, at: Some(span.start) })
        }
        Part::Inside(index) => Some(expression(interpolation(node, index)?.nodes().next()?)),
    }
}

/// The `or` of `f or`.
fn variable_or(node: Node<'_>) -> Option<Node<'_>> {
    let argument = node.nodes().nth(1).filter(|_| node.kind() == NODE_APPLY)?;
    argument.first_token().is_some_and(|token| token.text == "or").then_some(argument)
}

/// The body after all parameters: `x: y: b` is evaluated as one function.
fn innermost_body(node: Node<'_>) -> Option<Node<'_>> {
    let mut body = node.nodes().last()?;
    while node.kind() == NODE_LAMBDA && body.unwrapped().kind() == NODE_LAMBDA {
        body = body.unwrapped().nodes().last()?;
    }
    Some(body)
}

/// The function of `f a b`, the set of `a.b`.
fn leftmost(node: Node<'_>) -> Node<'_> {
    if let Some((function, _)) = application(node).filter(|_| node.kind() == NODE_BIN_OP) {
        return function;
    }
    let mut left = node;
    while let Some(next) = left.nodes().next() {
        left = next;
        if node.kind() != NODE_APPLY || left.kind() != NODE_APPLY {
            break;
        }
    }
    left
}

fn interpolation(node: Node<'_>, index: u16) -> Option<Node<'_>> {
    node.nodes().filter(|child| child.kind() == NODE_INTERPOL).nth(usize::from(index))
}

fn expression(node: Node<'_>) -> LocatedPart {
    let inner = node.unwrapped();
    LocatedPart { span: inner.span(), at: position(inner) }
}

/// C++ Nix's position of an expression: `Expr::getPos`.
pub(crate) fn position(node: Node<'_>) -> Option<u32> {
    let mut node = node.unwrapped();
    // In a loop, since nested lists may be deeper than the stack.
    while matches!(node.kind(), NODE_HAS_ATTR | NODE_LIST)
        || (node.kind() == NODE_UNARY_OP && node.has_token(TOKEN_INVERT))
    {
        node = node.nodes().next()?.unwrapped();
    }
    let node = innermost_call(node);
    match node.kind() {
        NODE_BIN_OP => sign(node),
        NODE_LET_IN | NODE_LITERAL => None,
        NODE_STRING => string_position(node),
        kind if is_plain_path(kind) => node.child(NODE_INTERPOL).map(|_| node.start),
        _ => Some(node.start),
    }
}

fn is_plain_path(kind: SyntaxKind) -> bool {
    matches!(kind, NODE_PATH_ABS | NODE_PATH_REL | NODE_PATH_HOME)
}

/// A string without interpolation has no position. One with interpolation begins after its quote, an indented one at
/// its quotes.
fn string_position(node: Node<'_>) -> Option<u32> {
    node.child(NODE_INTERPOL)?;
    let quote = node.children().find_map(|child| match child {
        Element::Token(token) => Some(token.text),
        Element::Node(_) => None,
    })?;
    Some(if quote == "\"" { node.start + 1 } else { node.start })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_found() {
        let table = [
            ("1 + (f x)", 2, Part::Right, "f x", Some(5)),
            ("1 + (f x)", 2, Part::RightSide, "(f x)", Some(4)),
            ("(a + b) == c", 8, Part::Left, "a + b", Some(3)),
            ("if (!a) then b else c", 0, Part::Condition, "!a", Some(5)),
            ("if a then b else c", 0, Part::Otherwise, "c", Some(17)),
            ("x: y: (x)", 0, Part::Body, "x", Some(7)),
            ("(f a) b", 1, Part::Base, "f", Some(1)),
            ("(1 - 2) 3", 3, Part::Base, "1 - 2", Some(3)),
            ("3 |> -1", 5, Part::Base, "-1", Some(5)),
            ("f a b", 0, Part::Base, "f", Some(0)),
            ("a.b.${c}.d", 0, Part::Name(1), "c", Some(6)),
            ("a.b or d", 0, Part::Default, "d", Some(7)),
            ("a (b or)", 3, Part::Or, "or", Some(3)),
            ("\"x${a}y${b}\"", 0, Part::Piece(1), "${b}", Some(7)),
            ("\"x${a}y${b}\"", 0, Part::Inside(1), "b", Some(9)),
            ("8 ++ 1", 2, Part::Right, "1", None),
            ("[ a ] ++ b", 6, Part::Left, "[ a ]", Some(2)),
            ("let x = 1; in x", 0, Part::Body, "x", Some(14)),
            ("with a; with b; x", 16, Part::With(1), "with a; with b; x", Some(0)),
        ];
        for (text, offset, part, expected, at) in table {
            let found = Outline::of(text.as_bytes()).find(offset, part);
            let shown = found.map(|found| (&text[found.span.start as usize..found.span.end as usize], found.at));
            assert_eq!(shown, Some((expected, at)), "{text}: {part:?}");
        }
    }
}

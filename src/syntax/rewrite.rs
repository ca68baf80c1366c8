//! The text of an expression with other texts in place of some variables and subexpressions.
//!
//! The result means the same wherever it stands: parentheses are added where the new text needs them, and left out
//! where the old ones are no longer needed. Comments and line breaks become spaces.

use super::calls::application;
use super::tree::{Element, Node, Token};
use crate::source::Span;
use rnix::SyntaxKind::*;

/// The binding strength of an expression; the tightest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Bond {
    /// A name, a number, a string, a list, a set, a selection.
    Atom,
    /// A call.
    Call,
    /// An operator.
    Operator,
    /// A function, `if`, `let`, `with` or `assert`: it goes on to the right as far as it can.
    Open,
}

/// The text of an expression.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    pub(crate) text: String,
    pub(crate) bond: Bond,
}

impl Piece {
    pub(crate) fn atom(text: impl Into<String>) -> Self {
        Self { text: text.into(), bond: Bond::Atom }
    }

    /// The text where only so loose an expression may stand.
    pub(crate) fn within(self, loosest: Bond) -> String {
        if self.bond <= loosest { self.text } else { format!("({})", self.text) }
    }
}

/// The source of new texts.
pub(crate) trait Rewriter {
    /// The text in place of the expression with this span.
    fn expression(&mut self, span: Span) -> Option<Piece>;
    /// The text in place of a variable that nothing inside of the printed expression binds. `bound` are the names that
    /// are bound there.
    fn variable(&mut self, name: &str, bound: &[String]) -> Option<Piece>;
}

/// The innermost expression with this span, without the parentheses around it.
pub(crate) fn expression_at(root: Node<'_>, span: Span) -> Option<Node<'_>> {
    let mut node = root.unwrapped();
    loop {
        if node.span() == span {
            return Some(node);
        }
        let covers = |inner: &Node<'_>| inner.start <= span.start && span.end <= inner.span().end;
        node = node.nodes().find(covers)?.unwrapped();
    }
}

/// The function of a call and its arguments, however the applications are nested.
pub(crate) fn call_parts(node: Node<'_>) -> Option<(Node<'_>, Vec<Node<'_>>)> {
    let (mut function, mut arguments) = (node, Vec::new());
    while let Some((left, right)) = application(function) {
        arguments.push(right);
        function = left.unwrapped();
    }
    arguments.reverse();
    (!arguments.is_empty()).then_some((function, arguments))
}

/// The number of parameters of `x: y: …`; 0 if it is not a function.
pub(crate) fn parameter_count(node: Node<'_>) -> usize {
    let (mut node, mut count) = (node, 0);
    while node.kind() == NODE_LAMBDA {
        count += 1;
        let Some(body) = node.nodes().last() else { break };
        node = body.unwrapped();
    }
    count
}

/// The name, if the expression is a variable.
pub(crate) fn variable_name(node: Node<'_>) -> Option<&str> {
    node.first_token().filter(|_| node.kind() == NODE_IDENT).map(|token| token.text)
}

/// The way from an expression to one inside of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Into the body of a function.
    Function,
    /// To the part whose value is the value of the whole: a branch, or the body of a `let`.
    Tail,
    /// To another part.
    Part,
}

/// The way from an expression to one with this span inside of it.
pub(crate) fn way_to(outer: Node<'_>, span: Span) -> Option<Way> {
    let (mut node, mut way) = (outer, Way::Tail);
    while node.span() != span {
        let covers = |inner: &Node<'_>| inner.start <= span.start && span.end <= inner.span().end;
        let (index, inner) = node.nodes().enumerate().find(|(_, inner)| covers(inner))?;
        let is_tail = match node.kind() {
            NODE_LAMBDA => return Some(Way::Function),
            NODE_PAREN | NODE_ROOT => true,
            NODE_LET_IN | NODE_ASSERT => node.nodes().last().is_some_and(|last| last.span() == inner.span()),
            NODE_IF_ELSE => index > 0,
            NODE_SELECT => index == 2,
            _ => false,
        };
        if !is_tail {
            way = Way::Part;
        }
        node = inner;
    }
    Some(way)
}

/// The new text of an expression.
pub(crate) fn rewritten(node: Node<'_>, rewriter: &mut dyn Rewriter) -> Piece {
    let mut writer = Writer { rewriter, bound: Vec::new(), out: String::new() };
    if let Some(piece) = writer.variable(node.unwrapped()) {
        return piece;
    }
    writer.own(node.unwrapped());
    Piece { text: writer.out.trim().to_owned(), bond: bond_of(node) }
}

fn bond_of(node: Node<'_>) -> Bond {
    match node.unwrapped().kind() {
        NODE_APPLY => Bond::Call,
        NODE_BIN_OP | NODE_UNARY_OP | NODE_HAS_ATTR => Bond::Operator,
        NODE_LAMBDA | NODE_IF_ELSE | NODE_LET_IN | NODE_WITH | NODE_ASSERT => Bond::Open,
        _ => Bond::Atom,
    }
}

struct Writer<'r> {
    rewriter: &'r mut dyn Rewriter,
    bound: Vec<String>,
    out: String,
}

impl Writer<'_> {
    /// An expression where only so loose a one may stand.
    fn expression(&mut self, node: Node<'_>, loosest: Bond) {
        let inner = node.unwrapped();
        let piece = self.rewriter.expression(inner.span()).or_else(|| self.variable(inner));
        if let Some(piece) = piece {
            // Parentheses that were there stay, unless they have become needless.
            let loosest = if inner.span() == node.span() { loosest } else { Bond::Atom };
            self.out += &piece.within(loosest);
        } else if inner.kind() == node.kind() {
            self.own(node);
        } else {
            self.out.push('(');
            self.own(inner);
            self.out.push(')');
        }
    }

    fn variable(&mut self, node: Node<'_>) -> Option<Piece> {
        let name = variable_name(node)?;
        if self.bound.iter().any(|bound| bound == name) { None } else { self.rewriter.variable(name, &self.bound) }
    }

    /// An expression whose text is its own, but for its parts.
    fn own(&mut self, node: Node<'_>) {
        let outer = self.bound.len();
        match node.kind() {
            NODE_LAMBDA => self.function(node),
            NODE_LET_IN | NODE_LEGACY_LET => self.definitions(node, true),
            NODE_ATTR_SET => self.definitions(node, node.has_token(TOKEN_REC)),
            NODE_APPLY => self.parts(node, &[Bond::Call, Bond::Atom]),
            NODE_LIST | NODE_SELECT => self.parts(node, &[Bond::Atom]),
            NODE_BIN_OP | NODE_UNARY_OP | NODE_HAS_ATTR => self.parts(node, &[Bond::Call]),
            NODE_STRING | NODE_PATH_REL | NODE_PATH_ABS | NODE_PATH_HOME => self.text(node),
            _ => self.parts(node, &[Bond::Open]),
        }
        self.bound.truncate(outer);
    }

    /// The children in turn; expressions among them may be as loose as this, the last one also for those after it.
    fn parts(&mut self, node: Node<'_>, loosest: &[Bond]) {
        let mut expressions = 0;
        for child in node.children() {
            match child {
                Element::Token(token) => self.token(token),
                Element::Node(inner) => match inner.kind() {
                    NODE_ATTRPATH => self.path(inner),
                    _ => {
                        let index = expressions.min(loosest.len() - 1);
                        expressions += 1;
                        self.expression(inner, loosest[index]);
                    }
                },
            }
        }
    }

    fn token(&mut self, token: Token<'_>) {
        if !token.kind.is_trivia() {
            self.out += token.text;
        } else if !self.out.ends_with([' ', '\n']) {
            self.out.push(' ');
        }
    }

    /// A text with interpolations.
    fn text(&mut self, node: Node<'_>) {
        for child in node.children() {
            match child {
                Element::Token(token) => self.out += token.text,
                Element::Node(inner) => self.parts(inner, &[Bond::Open]),
            }
        }
    }

    /// An attribute path: only its computed names are expressions.
    fn path(&mut self, path: Node<'_>) {
        for child in path.children() {
            match child {
                Element::Token(token) => self.token(token),
                Element::Node(inner) => self.attribute(inner),
            }
        }
    }

    fn attribute(&mut self, name: Node<'_>) {
        match name.kind() {
            NODE_DYNAMIC => self.parts(name, &[Bond::Open]),
            NODE_STRING => self.text(name),
            _ => self.out += name.first_token().map_or("", |token| token.text),
        }
    }

    fn function(&mut self, node: Node<'_>) {
        let Some(parameter) = node.nodes().next() else { return };
        self.bound.extend(parameter_names(parameter));
        let mut is_parameter = true;
        for child in node.children() {
            match child {
                Element::Token(token) => self.token(token),
                Element::Node(parameter) if is_parameter => {
                    is_parameter = false;
                    self.parameter(parameter);
                }
                Element::Node(body) => self.expression(body, Bond::Open),
            }
        }
    }

    fn parameter(&mut self, parameter: Node<'_>) {
        for child in parameter.children() {
            match child {
                Element::Token(token) => self.token(token),
                Element::Node(entry) if entry.kind() == NODE_PAT_ENTRY => self.formal(entry),
                Element::Node(other) => self.parameter(other),
            }
        }
    }

    fn formal(&mut self, entry: Node<'_>) {
        let mut is_name = true;
        for child in entry.children() {
            match child {
                Element::Token(token) => self.token(token),
                Element::Node(name) if is_name => {
                    is_name = false;
                    self.attribute(name);
                }
                Element::Node(default) => self.expression(default, Bond::Open),
            }
        }
    }

    /// A set or `let`; its names may be in scope inside of it.
    fn definitions(&mut self, node: Node<'_>, is_recursive: bool) {
        let around = self.bound.len();
        if is_recursive {
            self.bound.extend(node.nodes().flat_map(defined_names));
        }
        for child in node.children() {
            match child {
                Element::Token(token) => self.token(token),
                Element::Node(inner) => match inner.kind() {
                    NODE_INHERIT => self.inherit(inner, around),
                    NODE_ATTRPATH_VALUE => self.parts(inner, &[Bond::Open]),
                    _ => self.expression(inner, Bond::Open),
                },
            }
        }
    }

    /// `inherit a b;`, where a name with another text becomes a definition. The names are those around the set.
    fn inherit(&mut self, node: Node<'_>, around: usize) {
        if let Some(from) = node.child(NODE_INHERIT_FROM) {
            self.out += "inherit (";
            if let Some(from) = from.nodes().next() {
                self.expression(from, Bond::Open);
            }
            self.out.push(')');
            for name in node.nodes().filter(|name| name.kind() != NODE_INHERIT_FROM) {
                self.out.push(' ');
                self.attribute(name);
            }
            self.out.push(';');
            return;
        }
        let inside = self.bound.split_off(around);
        for (index, name) in node.nodes().enumerate() {
            if index > 0 {
                self.out.push(' ');
            }
            match self.variable(name) {
                None => {
                    self.out += "inherit ";
                    self.attribute(name);
                    self.out.push(';');
                }
                Some(piece) if Some(piece.text.as_str()) == name.first_token().map(|token| token.text) => {
                    self.out += &format!("inherit {};", piece.text);
                }
                Some(piece) => {
                    self.attribute(name);
                    self.out += &format!(" = {};", piece.text);
                }
            }
        }
        self.bound.extend(inside);
    }
}

/// The names that a parameter binds.
fn parameter_names(parameter: Node<'_>) -> Vec<String> {
    if parameter.kind() == NODE_PATTERN {
        let entries = parameter.nodes().filter(|entry| matches!(entry.kind(), NODE_PAT_ENTRY | NODE_PAT_BIND));
        return entries.filter_map(|entry| name_of(entry.nodes().next()?)).collect();
    }
    name_of(parameter).into_iter().collect()
}

fn name_of(node: Node<'_>) -> Option<String> {
    let holder = if node.kind() == NODE_IDENT { node } else { node.child(NODE_IDENT)? };
    holder.first_token().map(|token| token.text.to_owned())
}

/// The names that a definition of a `let` or `rec` set binds.
fn defined_names(definition: Node<'_>) -> Vec<String> {
    match definition.kind() {
        NODE_ATTRPATH_VALUE => {
            let first = definition.child(NODE_ATTRPATH).and_then(|path| path.nodes().next());
            first.and_then(plain_name).into_iter().collect()
        }
        NODE_INHERIT => definition.nodes().filter_map(plain_name).collect(),
        _ => Vec::new(),
    }
}

/// A name, also one in quotes.
fn plain_name(node: Node<'_>) -> Option<String> {
    match node.kind() {
        NODE_IDENT => name_of(node),
        NODE_STRING => {
            let text = node.tokens().filter(|token| token.kind == TOKEN_STRING_CONTENT).map(|token| token.text);
            Some(text.collect())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Replaces `x` by `1 + 2` and `y` by `y'`.
    struct Fixed;

    impl Rewriter for Fixed {
        fn expression(&mut self, _: Span) -> Option<Piece> {
            None
        }

        fn variable(&mut self, name: &str, _: &[String]) -> Option<Piece> {
            match name {
                "x" => Some(Piece { text: "1 + 2".to_owned(), bond: Bond::Operator }),
                "y" => Some(Piece::atom("y'")),
                _ => None,
            }
        }
    }

    #[test]
    fn variables_are_replaced_where_they_are_free() {
        let table = [
            ("x * y", "(1 + 2) * y'"),
            ("f x [ x y ]", "f (1 + 2) [ (1 + 2) y' ]"),
            ("x: x + y", "x: x + y'"),
            ("{ x, z ? y }: x", "{ x, z ? y' }: x"),
            ("let x = y; in x", "let x = y'; in x"),
            ("{ x = x; inherit y z; }", "{ x = 1 + 2; y = y'; inherit z; }"),
            ("rec { x = 1; z = x; }", "rec { x = 1; z = x; }"),
            ("\"a${x}b\"", "\"a${1 + 2}b\""),
            ("(x)", "1 + 2"),
            ("(a: a) y # why\n", "(a: a) y'"),
            ("z.x.${y}.\"x\"", "z.x.${y'}.\"x\""),
            ("inherit", "inherit"),
        ];
        for (text, expected) in table {
            let parsed = crate::syntax::parse(text.as_bytes());
            if parsed.errors.is_empty() {
                assert_eq!(rewritten(Node::root(&parsed.root), &mut Fixed).text, expected, "{text}");
            }
        }
    }
}

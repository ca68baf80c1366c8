//! Expressions: one function, or one arm, per kind of syntax node.

use super::names::is_attribute;
use super::steps::in_slots;
use super::{Lowering, Role};
use crate::ir::{BinaryOp, Constant, Expr, ExprId, Name, Operand, OperandKind, PathId, PathPart, StepKind};
use crate::source::Span;
use crate::syntax::literals;
use crate::syntax::tree::{Node, Token};
use rnix::SyntaxKind::{self, *};

impl<'t> Lowering<'t> {
    /// Lowers an expression whose value is needed now.
    pub(super) fn strict(&mut self, node: Node<'t>) -> Operand {
        self.strict_named(node, None)
    }

    /// Like [`Lowering::strict`]; a function gets this name.
    pub(super) fn strict_named(&mut self, node: Node<'t>, name: Option<Name>) -> Operand {
        let node = node.unwrapped();
        if crate::stack::stack_address() < self.options.stack_floor {
            self.syntax_error(node.span(), "expression nested too deeply".into());
            return self.null();
        }
        let operand = self.expression(node, name);
        if self.shows_expressions() { self.expression_step(operand, node.span()) } else { operand }
    }

    fn expression(&mut self, node: Node<'t>, name: Option<Name>) -> Operand {
        match node.kind() {
            NODE_IDENT => self.identifier(node),
            NODE_LITERAL => self.literal(node),
            NODE_STRING => self.string(node),
            NODE_PATH_REL | NODE_PATH_ABS | NODE_PATH_HOME => self.path(node),
            NODE_PATH_SEARCH => self.search_path(node),
            NODE_LIST => self.list(node),
            NODE_ATTR_SET => {
                let definitions = self.definitions(node);
                self.set(definitions, node.span())
            }
            NODE_LET_IN => self.let_in(node),
            NODE_LEGACY_LET => self.legacy_let(node),
            NODE_LAMBDA => self.lambda(node, name),
            NODE_APPLY => self.apply(node),
            NODE_SELECT => self.select(node),
            NODE_HAS_ATTR => self.has_attr(node),
            NODE_BIN_OP => self.binary(node),
            NODE_UNARY_OP => self.unary(node),
            NODE_IF_ELSE => self.if_else(node),
            NODE_ASSERT => self.assert(node),
            NODE_WITH => self.with(node),
            NODE_CUR_POS => self.push(Expr::CurPos, node.span()),
            _ => self.null(),
        }
    }

    /// Lowers an expression whose value may never be needed.
    pub(super) fn delayed(&mut self, node: Node<'t>, role: Role, name: Option<Name>) -> Operand {
        let inner = node.unwrapped();
        match inner.kind() {
            NODE_IDENT => self.delayed_identifier(inner),
            NODE_LITERAL | NODE_PATH_REL | NODE_PATH_ABS | NODE_PATH_HOME if is_plain(inner) => self.strict(inner),
            NODE_STRING => match super::strings::constant_string(inner, self.source) {
                Some(text) => {
                    self.lint_indented_string(inner);
                    self.constant(Constant::String(text.into()))
                }
                None => self.thunk(inner.span(), |this| this.string(inner)),
            },
            NODE_LIST if inner.nodes().next().is_none() => self.constant(Constant::EmptyList),
            NODE_LAMBDA if role == Role::Argument => self.lambda(inner, name),
            NODE_BIN_OP | NODE_SELECT if role == Role::Argument => self.maybe_ahead(inner),
            _ => self.thunk(inner.span(), |this| this.strict_named(inner, name)),
        }
    }

    fn delayed_identifier(&mut self, node: Node<'t>) -> Operand {
        match node.first_token() {
            Some(token) if token.text != "__curPos" => {
                let name = self.names.add(token.text.as_bytes().into());
                self.delayed_variable(name, node.span())
            }
            _ => self.thunk(node.span(), |this| this.identifier(node)),
        }
    }

    /// Lowers an argument such as `n - 1` or `x.a`. If its operands are already values when it is passed, it is
    /// computed at once.
    fn maybe_ahead(&mut self, node: Node<'t>) -> Operand {
        let late = self.thunk(node.span(), |this| this.strict(node));
        if self.has_steps() {
            return late;
        }
        let Some(ahead) = self.ahead(node) else { return late };
        match late.kind() {
            OperandKind::Expr(late) => self.push(Expr::Speculate { ahead, late }, node.span()),
            _ => late,
        }
    }

    fn ahead(&mut self, node: Node<'t>) -> Option<ExprId> {
        let mut nodes = node.nodes().map(Node::unwrapped);
        let (left, right) = (nodes.next()?, nodes.next()?);
        // This node is lowered twice, so it must be small: no default, no computed name.
        let is_plain_path = || right.nodes().count() == 1 && right.child(NODE_IDENT).is_some();
        if node.kind() == NODE_SELECT && (nodes.next().is_some() || !is_plain_path()) {
            return None;
        }
        let simple = |node: Node<'_>| matches!(node.kind(), NODE_IDENT | NODE_LITERAL);
        if !simple(left) || (node.kind() == NODE_BIN_OP && !simple(right)) {
            return None;
        }
        let mark = self.unit.exprs.len();
        let operand = self.strict(node);
        let is_leaf = self.unit.exprs.len() == mark + 1;
        match (operand.kind(), self.unit.exprs.last()) {
            (OperandKind::Expr(id), Some(Expr::Binary { op, .. })) if is_leaf && op.is_total_on_integers() => Some(id),
            (OperandKind::Expr(id), Some(Expr::Select { path, .. })) if is_leaf && self.is_single(*path) => Some(id),
            _ => {
                self.take_back(mark);
                None
            }
        }
    }

    fn is_single(&self, path: PathId) -> bool {
        self.unit.words[path.0 as usize] == 1 && self.unit.words[path.0 as usize + 1] & 1 == 0
    }

    fn identifier(&mut self, node: Node<'t>) -> Operand {
        let Some(token) = node.first_token() else { return self.null() };
        if token.text == "__curPos" {
            return self.push(Expr::CurPos, node.span());
        }
        let name = self.names.add(token.text.as_bytes().into());
        self.variable(name, node.span())
    }

    fn literal(&mut self, node: Node<'t>) -> Operand {
        let Some(token) = node.first_token() else { return self.null() };
        if token.kind == TOKEN_URI {
            self.lint_url(token.span(), token.text);
        }
        let constant = match token.kind {
            TOKEN_INTEGER => literals::integer(token.text).map(Constant::Int),
            TOKEN_FLOAT => literals::float(token.text).map(Constant::Float),
            _ => Ok(Constant::String(token.text.as_bytes().into())),
        };
        match constant {
            Ok(constant) => self.constant(constant),
            Err(message) => {
                self.syntax_error(token.span(), message);
                self.null()
            }
        }
    }

    fn list(&mut self, node: Node<'t>) -> Operand {
        let mut before: Option<Node<'t>> = None;
        let mut items = Vec::new();
        for item in node.nodes() {
            if let Some(before) = before.replace(item) {
                self.warn_of_dotted_number(before, item);
            }
            items.push(self.delayed(item, Role::Member, None));
            self.warn_of_cursed_or(item);
        }
        if items.is_empty() {
            return self.constant(Constant::EmptyList);
        }
        let words = self.words(items);
        self.push(Expr::List(words), node.span())
    }

    fn select(&mut self, node: Node<'t>) -> Operand {
        let mut nodes = node.nodes();
        let (Some(base), Some(path), default) = (nodes.next(), nodes.next(), nodes.next()) else { return self.null() };
        let base = self.strict(base);
        let parts = self.attribute_path(path);
        if let ([PathPart::Name(name)], None) = (parts.as_slice(), default)
            && let Some(builtin) = self.builtin_constant(base, *name)
        {
            return builtin;
        }
        let path = self.path_words(&parts);
        let selection = match default {
            None => self.push(Expr::Select { base, path }, node.span()),
            Some(default) => {
                self.warn_of_cursed_or(default);
                let default = self.strict(default);
                self.push(Expr::SelectOr { base, path, default }, node.span())
            }
        };
        self.step_at(StepKind::Select(path), selection, node.span())
    }

    /// `base.name`
    pub(super) fn select_name(&mut self, base: Operand, name: Name, span: Span) -> Operand {
        let path = self.path_words(&[PathPart::Name(name)]);
        let selection = self.push(Expr::Select { base, path }, span);
        self.step_at(StepKind::Select(path), selection, span)
    }

    fn attribute_path(&mut self, path: Node<'t>) -> Vec<PathPart> {
        let parts: Vec<_> = path.nodes().filter(|part| is_attribute(part.kind())).collect();
        parts
            .into_iter()
            .map(|part| match self.known_name(part) {
                Some(name) => PathPart::Name(name),
                None => PathPart::Dynamic(self.dynamic_name(part)),
            })
            .collect()
    }

    fn path_words(&mut self, parts: &[PathPart]) -> PathId {
        let id = PathId(self.unit.words.len() as u32);
        self.unit.words.push(parts.len() as u32);
        self.unit.words.extend(parts.iter().map(|part| part.to_word()));
        id
    }

    fn has_attr(&mut self, node: Node<'t>) -> Operand {
        let mut nodes = node.nodes();
        let (Some(base), Some(path)) = (nodes.next(), nodes.next()) else { return self.null() };
        let base = self.strict(base);
        let parts = self.attribute_path(path);
        let path = self.path_words(&parts);
        self.push(Expr::HasAttr { base, path }, node.span())
    }

    fn binary(&mut self, node: Node<'t>) -> Operand {
        let mut nodes = node.nodes();
        let (Some(left), Some(right)) = (nodes.next(), nodes.next()) else { return self.null() };
        let Some(token) = node.first_token() else { return self.null() };
        match token.kind {
            TOKEN_PIPE_RIGHT | TOKEN_PIPE_LEFT => self.apply(node),
            kind => match operator(kind) {
                Some(op) => self.operator(op, left, right, token),
                None => self.logic(kind, left, right, token),
            },
        }
    }

    /// Refuses pipes unless the feature is enabled.
    pub(super) fn check_pipe(&mut self, token: Token<'t>) {
        if !self.options.pipe_operators {
            let message = "experimental Nix feature 'pipe-operators' is disabled; add '--extra-experimental-features \
                           pipe-operators' to enable it";
            self.syntax_error(token.span(), message.into());
        }
    }

    fn logic(&mut self, kind: SyntaxKind, left: Node<'t>, right: Node<'t>, token: Token<'t>) -> Operand {
        let (left, right) = (self.strict(left), self.strict(right));
        let expr = match kind {
            TOKEN_AND_AND => Expr::And(left, right),
            TOKEN_OR_OR => Expr::Or(left, right),
            _ => Expr::Implies(left, right),
        };
        self.push(expr, token.span())
    }

    fn operator(&mut self, op: BinaryOp, left: Node<'t>, right: Node<'t>, token: Token<'t>) -> Operand {
        if let Some(function) = op.function_name()
            && self.is_shadowed(function)
        {
            return self.shadowed_operator(op, function, left, right, token);
        }
        let (left, right) = (self.strict(left), self.strict(right));
        self.push(Expr::Binary { op, left, right }, token.span())
    }

    /// `a - b` where the program defines `__sub` itself: a call of `__sub`.
    fn shadowed_operator(
        &mut self,
        op: BinaryOp,
        function: &'static str,
        left: Node<'t>,
        right: Node<'t>,
        token: Token<'t>,
    ) -> Operand {
        let function = self.special_name(function, token.span());
        let left = self.delayed(left, Role::Argument, None);
        let right = self.delayed(right, Role::Argument, None);
        let is_swapped = matches!(op, BinaryOp::Greater | BinaryOp::LessOrEqual);
        let arguments = if is_swapped { vec![right, left] } else { vec![left, right] };
        let result = self.call(function, arguments, token.span());
        if matches!(op, BinaryOp::LessOrEqual | BinaryOp::GreaterOrEqual) {
            return self.push(Expr::Not(result), token.span());
        }
        result
    }

    fn unary(&mut self, node: Node<'t>) -> Operand {
        let (Some(token), Some(operand)) = (node.first_token(), node.nodes().next()) else { return self.null() };
        if token.kind == TOKEN_INVERT {
            let operand = self.strict(operand);
            return self.push(Expr::Not(operand), node.span());
        }
        if self.is_shadowed("__sub") {
            let function = self.special_name("__sub", token.span());
            let zero = self.constant(Constant::Int(0));
            let operand = self.delayed(operand, Role::Argument, None);
            return self.call(function, vec![zero, operand], token.span());
        }
        let operand = self.strict(operand);
        self.push(Expr::Negate(operand), node.span())
    }

    fn if_else(&mut self, node: Node<'t>) -> Operand {
        let mut nodes = node.nodes();
        let (Some(condition), Some(then), Some(otherwise)) = (nodes.next(), nodes.next(), nodes.next()) else {
            return self.null();
        };
        let condition = self.strict(condition);
        let then = self.strict(then);
        let otherwise = self.strict(otherwise);
        self.push(Expr::If { condition, then, otherwise }, node.span())
    }

    fn assert(&mut self, node: Node<'t>) -> Operand {
        let mut nodes = node.nodes();
        let (Some(condition), Some(body)) = (nodes.next(), nodes.next()) else { return self.null() };
        let condition = self.strict(condition);
        let body = self.strict(body);
        let end = self.original(node.span().end);
        self.push(Expr::Assert { condition, body, end }, node.span())
    }

    fn with(&mut self, node: Node<'t>) -> Operand {
        let mut nodes = node.nodes();
        let (Some(set), Some(body)) = (nodes.next(), nodes.next()) else { return self.null() };
        let namespace = self.delayed(set, Role::Binding, None);
        let mark = self.slot_mark();
        let slot = self.builder().new_slot();
        let level = self.level();
        self.scopes.push(super::scope::Scope::With { level, slot });
        let body = if self.has_steps() {
            let with = self.names.add(super::steps::WITH.into());
            let (opened, body) = self.in_environments(vec![in_slots([(with, slot)])], |this| {
                let body = this.strict(body);
                this.scope_step(body, node.span())
            });
            self.bind(opened, body, node.span())
        } else {
            self.inside_with(node, body)
        };
        self.scopes.pop();
        self.release_slots(mark);
        self.push(Expr::With { slot, namespace, body }, node.span())
    }

    /// Lowers the body of a `with` in its scope.
    fn inside_with(&mut self, node: Node<'t>, body: Node<'t>) -> Operand {
        let Some(namespace) = self.gathered_withs(node.span()) else { return self.strict(body) };
        let slot = self.builder().new_slot();
        let level = self.level();
        self.scopes.push(super::scope::Scope::Withs { level, slot });
        let body = self.strict(body);
        self.scopes.pop();
        self.push(Expr::With { slot, namespace, body }, node.span())
    }
}

/// True for a path without interpolation and for every other literal.
fn is_plain(node: Node<'_>) -> bool {
    node.nodes().next().is_none()
}

fn operator(kind: SyntaxKind) -> Option<BinaryOp> {
    Some(match kind {
        TOKEN_ADD => BinaryOp::Add,
        TOKEN_SUB => BinaryOp::Sub,
        TOKEN_MUL => BinaryOp::Mul,
        TOKEN_DIV => BinaryOp::Div,
        TOKEN_LESS => BinaryOp::Less,
        TOKEN_MORE => BinaryOp::Greater,
        TOKEN_LESS_OR_EQ => BinaryOp::LessOrEqual,
        TOKEN_MORE_OR_EQ => BinaryOp::GreaterOrEqual,
        TOKEN_EQUAL => BinaryOp::Equal,
        TOKEN_NOT_EQUAL => BinaryOp::NotEqual,
        TOKEN_CONCAT => BinaryOp::Concat,
        TOKEN_UPDATE => BinaryOp::Update,
        _ => return None,
    })
}

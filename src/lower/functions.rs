//! Functions and calls.
//!
//! `x: y: body` is one function of two parameters. A pattern is always the last parameter: it must be matched as soon
//! as its argument is there, and not when further arguments arrive.

use super::names::token_of;
use super::scope::Binding;
use super::steps::in_slots;
use super::{LowerError, LowerMessage, Lowering, Outer, Role};
use crate::ir::{CodeId, Constant, Expr, Formal, Lambda, Name, Operand, OperandKind, Parameter, Pattern, StepKind};
use crate::source::Span;
use crate::syntax::calls::{application, is_call};
use crate::syntax::locate::position;
use crate::syntax::tree::Node;
use rnix::SyntaxKind::*;
use rustc_hash::{FxHashMap, FxHashSet};

/// The largest number of parameters of one function; with more, it is a function that returns a function.
const MOST_PARAMETERS: usize = 8;

/// The largest number of names in the pattern of one function, C++ Nix's limit.
const MOST_FORMALS: usize = 65_535;

impl<'t> Lowering<'t> {
    /// `x: …` or `{ a, b }: …`
    pub(super) fn lambda(&mut self, node: Node<'t>, name: Option<Name>) -> Operand {
        let code = self.begin_code();
        let mut scope = FxHashMap::default();
        let mut parameters = Vec::new();
        let mut bound: Vec<Vec<(Name, u32)>> = Vec::new();
        let mut pattern = None;
        let mut body = Some(node);
        let mut innermost = node.start;
        while let Some(lambda) = body.filter(|body| body.kind() == NODE_LAMBDA && parameters.len() < MOST_PARAMETERS) {
            let slot = self.builder().new_slot();
            let mut nodes = lambda.nodes();
            let Some(parameter) = nodes.next() else { break };
            body = nodes.next().map(Node::unwrapped);
            let name = self.parameter_name(parameter);
            if let Some(name) = name {
                scope.insert(name, Binding::Slot(slot));
            }
            if self.has_steps() {
                bound.push(name.map(|name| (name, slot)).into_iter().collect());
            }
            innermost = lambda.start;
            parameters.push(Parameter { name, start: self.original(lambda.start) });
            if parameter.kind() == NODE_PATTERN {
                pattern = Some((parameter, name));
                break;
            }
        }
        let formals = pattern.map(|(node, argument)| (node, self.formal_slots(node, argument, &mut scope)));
        if let (Some(last), Some((_, formals))) = (bound.last_mut(), &formals) {
            last.extend(formals.iter().map(|(formal, _)| (formal.name, formal.slot)));
        }
        let lambda = self.in_scope(scope, |this| {
            let pattern = formals.map(|(node, formals)| this.pattern(node, formals));
            // Each parameter has its own scope, as in C++ Nix.
            let groups = bound.into_iter().map(in_slots).collect();
            let (opened, body) = this.in_environments(groups, |this| {
                let body = match body {
                    // A returned function gets the name of the function that returns it.
                    Some(body) => this.strict_named(body, name),
                    None => this.null(),
                };
                this.step(StepKind::Function(name), body, node.span(), Some(innermost))
            });
            let body = this.bind(opened, body, node.span());
            (body, Lambda { name, parameters, pattern })
        });
        self.end_code(code, lambda.0, Some(lambda.1), node.span());
        self.push(Expr::Lambda(code), node.span())
    }

    fn parameter_name(&mut self, node: Node<'t>) -> Option<Name> {
        let holder = if node.kind() == NODE_PATTERN { node.child(NODE_PAT_BIND)? } else { node };
        let token = holder.child(NODE_IDENT)?.first_token()?;
        Some(self.names.add(token.text.as_bytes().into()))
    }

    fn formal_slots(
        &mut self,
        pattern: Node<'t>,
        argument: Option<Name>,
        scope: &mut FxHashMap<Name, Binding>,
    ) -> Vec<(Formal, Option<Node<'t>>)> {
        let mut formals: Vec<(Formal, Option<Node<'t>>)> = Vec::new();
        let mut seen: FxHashSet<Name> = argument.into_iter().collect();
        let mut is_refused = false;
        for entry in pattern.nodes().filter(|entry| entry.kind() == NODE_PAT_ENTRY) {
            let mut nodes = entry.nodes();
            let Some(token) = nodes.next().and_then(Node::first_token) else { continue };
            let name = self.names.add(token.text.as_bytes().into());
            if !seen.insert(name) {
                is_refused = true;
                continue;
            }
            let slot = self.builder().new_slot();
            scope.insert(name, Binding::Slot(slot));
            let start = self.original(token.start);
            formals.push((Formal { name, slot, default: None, start }, nodes.next()));
        }
        if is_refused || formals.len() > MOST_FORMALS {
            self.check_formals(pattern);
        }
        formals
    }

    /// Checks that formals have different names and that there are not too many.
    pub(super) fn check_formals(&mut self, pattern: Node<'t>) {
        let mut formals = Vec::new();
        for entry in pattern.nodes().filter(|entry| entry.kind() == NODE_PAT_ENTRY) {
            if let Some(token) = entry.nodes().next().and_then(Node::first_token) {
                formals.push((self.names.add(token.text.as_bytes().into()), token));
            }
        }
        formals.sort_by_key(|(name, token)| (*name, token.start));
        let repeated = formals.windows(2).find(|pair| pair[0].0 == pair[1].0).map(|pair| pair[1].1);
        let argument = pattern.child(NODE_PAT_BIND).and_then(|_| self.parameter_name(pattern));
        let shared = formals.iter().find(|(name, _)| Some(*name) == argument).map(|(_, token)| *token);
        if let Some(token) = repeated {
            self.duplicate_formal(token.span(), token.text);
        } else if let Some(token) = shared {
            self.duplicate_formal(pattern.span(), token.text);
        } else if formals.len() > MOST_FORMALS {
            let message = format!("too many formal arguments, implementation supports at most {MOST_FORMALS}");
            self.syntax_error(pattern.span(), message);
        }
    }

    fn duplicate_formal(&mut self, span: Span, name: &str) {
        let message = LowerMessage::DuplicateFormal(name.to_owned());
        self.syntax_errors.push(LowerError { span: self.original_span(span), message });
    }

    fn pattern(&mut self, node: Node<'t>, formals: Vec<(Formal, Option<Node<'t>>)>) -> Pattern {
        let mut formals = formals;
        formals.sort_by_key(|(formal, _)| formal.name);
        let mut lowered = Vec::with_capacity(formals.len());
        let mut later: FxHashSet<u32> = formals.iter().map(|(formal, _)| formal.slot).collect();
        for (mut formal, default) in formals {
            formal.default = default.map(|node| self.default(node, formal.name, &later));
            later.remove(&formal.slot);
            lowered.push(formal);
        }
        Pattern { formals: lowered, ellipsis: token_of(node, TOKEN_ELLIPSIS).is_some() }
    }

    /// Lowers a default. If it is only the name of itself or of a later formal, it is delayed until that one has its
    /// value.
    fn default(&mut self, node: Node<'t>, name: Name, later: &FxHashSet<u32>) -> Operand {
        if self.has_steps() && !Self::is_plain_default(node) {
            return self.thunk(node.unwrapped().span(), |this| this.strict_in_scope(node, Some(name)));
        }
        let value = self.delayed(node, Role::Binding, Some(name));
        match value.kind() {
            OperandKind::Local(slot) if later.contains(&slot) => self.thunk(node.span(), |this| this.strict(node)),
            _ => value,
        }
    }

    /// `f a b`: all arguments at once, however the applications are nested.
    pub(super) fn apply(&mut self, node: Node<'t>) -> Operand {
        let mut arguments = Vec::new();
        let mut function = node;
        let mut start = node.start;
        while let Some((left, right)) = application(function) {
            self.check_application(function, left, right);
            arguments.push((function.start, right));
            start = if function.kind() == NODE_APPLY { function.start } else { position(function).unwrap_or(start) };
            function = left.unwrapped();
        }
        if is_call(function) {
            start = position(function).unwrap_or(start);
        }
        let callee = self.strict(function);
        let arguments = arguments.into_iter().rev().map(|(start, argument)| self.argument(argument, start)).collect();
        self.call(callee, arguments, Span::new(start, node.span().end))
    }

    fn check_application(&mut self, node: Node<'t>, function: Node<'t>, argument: Node<'t>) {
        if node.kind() == NODE_BIN_OP {
            if let Some(token) = node.first_token() {
                self.check_pipe(token);
            }
            return;
        }
        self.warn_of_cursed_or(argument);
        // If `xs` is not a function, the error itself mentions `xs.0`.
        if matches!(function.unwrapped().kind(), NODE_APPLY | NODE_LAMBDA) {
            self.warn_of_dotted_number(function, argument);
        }
    }

    /// An argument of the application that begins at `start`, which is C++ Nix's position of an `or`.
    fn argument(&mut self, node: Node<'t>, start: u32) -> Operand {
        if is_or(node) {
            let name = self.names.add(b"or".as_slice().into());
            return self.delayed_variable(name, Span::new(start, node.span().end));
        }
        self.delayed(node, Role::Argument, None)
    }

    /// A call of an operand with delayed arguments.
    pub(super) fn call(&mut self, function: Operand, arguments: Vec<Operand>, span: Span) -> Operand {
        let builtin = self.known_builtin(function, arguments.len());
        let arguments = self.words(arguments);
        let call = match builtin {
            Some(builtin) => self.push(Expr::CallBuiltin { builtin, arguments }, span),
            None => self.push(Expr::Call { function, arguments }, span),
        };
        self.step_at(StepKind::Call, call, span)
    }

    /// The constant of a builtin that takes exactly this many arguments.
    fn known_builtin(&self, function: Operand, count: usize) -> Option<u32> {
        let OperandKind::Constant(index) = function.kind() else { return None };
        let arity = match &self.unit.constants[index as usize] {
            Constant::Global(name) => self.options.scope.global_arity(self.names.text(*name)),
            Constant::Builtin(name) => self.options.scope.builtin_arity(self.names.text(*name)),
            _ => None,
        };
        (arity == Some(count)).then_some(index)
    }

    /// `builtins.map`, if `builtins` is the language's own and contains the name.
    pub(super) fn builtin_constant(&mut self, base: Operand, name: Name) -> Option<Operand> {
        let OperandKind::Constant(index) = base.kind() else { return None };
        let is_builtins = match &self.unit.constants[index as usize] {
            Constant::Global(global) => self.names.text(*global) == b"builtins",
            _ => false,
        };
        let scope = self.options.scope;
        let known = is_builtins
            && matches!(scope.outer(b"builtins"), Some(Outer::Global))
            && scope.builtin_arity(self.names.text(name)).is_some();
        known.then(|| self.constant(Constant::Builtin(name)))
    }

    /// A thunk whose code is lowered by `body`.
    pub(super) fn thunk(&mut self, span: Span, body: impl FnOnce(&mut Self) -> Operand) -> Operand {
        let code = self.begin_code();
        let result = body(self);
        let result = match self.shows_expressions() {
            true => self.code_step(result, span),
            false => self.scope_step(result, span),
        };
        self.end_code(code, result, None, span);
        self.push(Expr::Thunk(code), span)
    }

    pub(super) fn begin_code(&mut self) -> CodeId {
        self.codes.push(super::scope::CodeBuilder::default());
        let id = CodeId(self.unit.codes.len() as u32);
        self.unit.codes.push(super::placeholder_code());
        id
    }

    pub(super) fn end_code(&mut self, id: CodeId, body: Operand, lambda: Option<Lambda>, span: Span) {
        let builder = self.codes.pop().unwrap_or_default();
        if self.unit.exprs.len() > Operand::LIMIT as usize {
            self.syntax_error(span, "file too large: it has more than 500 million expressions".into());
        }
        let captures = self.words(builder.captures.into_items());
        let span = self.original_span(span);
        self.unit.codes[id.0 as usize] =
            crate::ir::Code { body, slots: builder.slots, captures, lambda: lambda.map(Box::new), span };
    }
}

/// True for the name `or`, which is a variable only as an argument.
pub(super) fn is_or(node: Node<'_>) -> bool {
    node.kind() == NODE_IDENT && node.first_token().is_some_and(|token| token.text == "or")
}

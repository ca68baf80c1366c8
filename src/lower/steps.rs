//! Lowering for a debugger: places to stop at become nodes, and these nodes hold the names in scope as values.
//!
//! The names of a scope are put into a set in a slot, which also has the set of the outer scope. So a thunk or
//! function captures all of these names as one value. A file that is lowered without a debugger has none of this.

use super::scope::{Binding, Scope};
use super::{Lowering, Outer};
use crate::ir::{Constant, Expr, Name, Operand, OperandKind, Step, StepKind};
use crate::source::Span;
use crate::syntax::locate::position;
use crate::syntax::tree::Node;
use rnix::SyntaxKind::*;

/// The attribute, in a scope's set, for the set of the outer scope. Programs cannot name it.
pub(crate) const AROUND: &[u8] = b"\0around";
/// The attribute, in a scope's set, for the set that a `with` adds.
pub(crate) const WITH: &[u8] = b"\0with";
/// The attribute, in a scope's set, for a set of names. The names around a file are an input with this name.
pub(crate) const NAMES: &[u8] = b"\0names";

/// The places where a debugger can stop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Steps {
    /// Nowhere.
    #[default]
    None,
    /// At calls, selections, and bodies of functions and `let`.
    Inside,
    /// Also at the evaluation of the whole text, which is a file.
    File,
    /// At every expression, for an evaluation that is shown step by step.
    Everywhere,
}

/// The set of the names in scope, in a slot of the code at `level`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Environment {
    level: usize,
    slot: u32,
}

impl<'t> Lowering<'t> {
    #[inline(always)]
    pub(super) fn has_steps(&self) -> bool {
        self.options.steps != Steps::None
    }

    /// Lowers the whole text.
    pub(super) fn whole(&mut self, root: Node<'t>) -> Operand {
        if !self.has_steps() {
            return self.strict(root);
        }
        let names = self.names.add(NAMES.into());
        let around = match self.options.scope.outer(NAMES) {
            Some(Outer::Input) => vec![(names, self.variable(names, root.span()))],
            _ => Vec::new(),
        };
        let groups = if around.is_empty() { Vec::new() } else { vec![around] };
        let (opened, body) = self.in_environments(groups, |this| {
            let body = this.strict(root);
            match this.options.steps {
                Steps::File => this.add_step(StepKind::File, body, root.span(), position(root)),
                Steps::Everywhere => this.code_step(body, root.unwrapped().span()),
                _ => this.add_scope_step(body, root.unwrapped().span()),
            }
        });
        self.bind(opened, body, root.span())
    }

    /// A node at which a debugger can stop, if there is one. `start` is C++ Nix's position of it.
    #[inline(always)]
    pub(super) fn step(&mut self, kind: StepKind, body: Operand, span: Span, start: Option<u32>) -> Operand {
        let has_own = matches!(self.options.steps, Steps::Inside | Steps::File);
        if has_own { self.add_step(kind, body, span, start) } else { body }
    }

    #[cold]
    fn add_step(&mut self, kind: StepKind, body: Operand, span: Span, start: Option<u32>) -> Operand {
        let environment = match self.environments.last() {
            Some(&Environment { level, slot }) => self.reach(level, Operand::new(OperandKind::Local(slot))),
            None => self.constant(Constant::EmptyList),
        };
        let step = self.unit.steps.len() as u32;
        let start = start.map(|start| self.original(start));
        self.unit.steps.push(Step { kind, start });
        self.push(Expr::Step { environment, body, step }, span)
    }

    /// The same for code that runs later than the enclosing code, or in another scope: errors of the node itself are
    /// met there.
    #[inline(always)]
    pub(super) fn scope_step(&mut self, body: Operand, span: Span) -> Operand {
        match self.options.steps {
            Steps::None | Steps::Everywhere => body,
            Steps::Inside | Steps::File => self.add_scope_step(body, span),
        }
    }

    /// True if each expression has a node of its own.
    #[inline(always)]
    pub(super) fn shows_expressions(&self) -> bool {
        self.options.steps == Steps::Everywhere
    }

    /// The node for an expression that may have to be evaluated.
    #[cold]
    pub(super) fn expression_step(&mut self, body: Operand, span: Span) -> Operand {
        match body.kind() {
            OperandKind::Expr(id) => match self.unit.expr(id) {
                Expr::Step { .. } | Expr::Thunk(_) | Expr::Lambda(_) => body,
                _ => self.add_expression_step(body, span),
            },
            _ => body,
        }
    }

    /// The node for the whole code of a thunk, from which its names are known. A default has one in its own scope.
    #[cold]
    pub(super) fn code_step(&mut self, body: Operand, span: Span) -> Operand {
        if let OperandKind::Expr(id) = body.kind()
            && matches!(self.unit.expr(id), Expr::Step { .. } | Expr::Let { .. })
        {
            return body;
        }
        self.add_expression_step(body, span)
    }

    fn add_expression_step(&mut self, body: Operand, span: Span) -> Operand {
        let end = self.original(span.end);
        self.add_step(StepKind::Expression { end }, body, span, Some(span.start))
    }

    #[cold]
    fn add_scope_step(&mut self, body: Operand, span: Span) -> Operand {
        let OperandKind::Expr(id) = body.kind() else { return body };
        match self.unit.expr(id) {
            Expr::Step { .. } | Expr::Thunk(_) | Expr::Lambda(_) | Expr::Attrs { .. } | Expr::List(_) => body,
            Expr::Let { .. } | Expr::With { .. } | Expr::Overrides { .. } | Expr::CurPos => body,
            _ => self.add_step(StepKind::Scope, body, span, Some(span.start)),
        }
    }

    /// Runs `body` with an environment for each group of names, the innermost last. Returns the slots and sets of the
    /// environments, which must be bound around the result, and the result.
    #[inline(always)]
    pub(super) fn in_environments<T>(
        &mut self,
        groups: Vec<Vec<(Name, Operand)>>,
        body: impl FnOnce(&mut Self) -> T,
    ) -> (Vec<(u32, Operand)>, T) {
        let outer = self.environments.len();
        let opened = groups.into_iter().map(|names| self.open_environment(names)).collect();
        let result = body(self);
        self.environments.truncate(outer);
        (opened, result)
    }

    #[cold]
    fn open_environment(&mut self, mut names: Vec<(Name, Operand)>) -> (u32, Operand) {
        if let Some(&Environment { level, slot }) = self.environments.last() {
            let around = self.names.add(AROUND.into());
            names.push((around, self.reach(level, Operand::new(OperandKind::Local(slot)))));
        }
        self.unit.shapes.push(names.iter().map(|(name, _)| (*name, 0)));
        let shape = (self.unit.shapes.len() - 1) as u32;
        let values = self.words(names.into_iter().map(|(_, operand)| operand).collect()).start;
        let set = self.push(Expr::Attrs { shape, values }, Span::default());
        let (level, slot) = (self.level(), self.builder().new_slot());
        self.environments.push(Environment { level, slot });
        (slot, set)
    }

    /// Like [`Lowering::strict`], with the names of the innermost scope in an environment. For code that runs before
    /// that scope has one.
    pub(super) fn strict_in_scope(&mut self, node: Node<'t>, name: Option<Name>) -> Operand {
        let Some(Scope::Names { level, names }) = self.scopes.last() else { return self.strict_named(node, name) };
        let level = *level;
        let slots = names.iter().filter_map(|(name, binding)| match binding {
            Binding::Slot(slot) => Some((*name, *slot)),
            Binding::AttributeOf(_) => None,
        });
        let mut slots: Vec<(Name, u32)> = slots.collect();
        slots.sort_unstable();
        let names =
            slots.into_iter().map(|(name, slot)| (name, self.reach(level, Operand::new(OperandKind::Local(slot)))));
        let names = names.collect();
        let (opened, body) = self.in_environments(vec![names], |this| this.strict_named(node, name));
        self.bind(opened, body, node.span())
    }

    /// The same for a call or selection, whose position is its beginning.
    #[inline(always)]
    pub(super) fn step_at(&mut self, kind: StepKind, body: Operand, span: Span) -> Operand {
        self.step(kind, body, span, Some(span.start))
    }

    /// True for an expression that is the same whether or not it is delayed.
    pub(super) fn is_plain_default(node: Node<'t>) -> bool {
        matches!(node.unwrapped().kind(), NODE_IDENT | NODE_LITERAL)
    }
}

/// Names in slots of the running code.
pub(super) fn in_slots(names: impl IntoIterator<Item = (Name, u32)>) -> Vec<(Name, Operand)> {
    names.into_iter().map(|(name, slot)| (name, Operand::new(OperandKind::Local(slot)))).collect()
}

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
        let opened = if around.is_empty() { Vec::new() } else { vec![self.open_environment(around)] };
        let mut body = self.strict(root);
        body = match self.options.steps {
            Steps::File => self.add_step(StepKind::File, body, root.span(), position(root)),
            _ => self.add_scope_step(body, root.unwrapped().span()),
        };
        self.close_environment(opened, body, root.span())
    }

    /// A node at which a debugger can stop, if there is one. `start` is C++ Nix's position of it.
    #[inline(always)]
    pub(super) fn step(&mut self, kind: StepKind, body: Operand, span: Span, start: Option<u32>) -> Operand {
        if self.has_steps() { self.add_step(kind, body, span, start) } else { body }
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
        if self.has_steps() { self.add_scope_step(body, span) } else { body }
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

    /// Adds these names to the scope. Returns the slot of their set, and the set, which must be put there.
    pub(super) fn open_environment(&mut self, mut names: Vec<(Name, Operand)>) -> (u32, Operand) {
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

    /// Fills the slots of opened environments, lowers `body`, and leaves their scopes.
    pub(super) fn close_environment(&mut self, opened: Vec<(u32, Operand)>, body: Operand, span: Span) -> Operand {
        self.environments.truncate(self.environments.len() - opened.len());
        self.bind(opened, body, span)
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
        let opened = self.open_environment(names);
        let body = self.strict_named(node, name);
        self.close_environment(vec![opened], body, node.span())
    }

    /// The environments of a function's parameters: each has its own scope, as in C++ Nix.
    #[inline(always)]
    pub(super) fn open_parameters(&mut self, parameters: &[Vec<(Name, u32)>]) -> Vec<(u32, Operand)> {
        if parameters.is_empty() { Vec::new() } else { self.add_parameters(parameters) }
    }

    #[cold]
    fn add_parameters(&mut self, parameters: &[Vec<(Name, u32)>]) -> Vec<(u32, Operand)> {
        let local = |(name, slot): &(Name, u32)| (*name, Operand::new(OperandKind::Local(*slot)));
        parameters.iter().map(|names| self.open_environment(names.iter().map(local).collect())).collect()
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

//! Trivial values: literals, and evaluated values. Flakes may have no others in their static parts.

use super::Eval;
use super::unit::LoadedUnit;
use crate::error::{Action, Error, Result};
use crate::heap::{Attrs, CodeRef, ThunkKind, ThunkState, Value};
use crate::ir::{Expr, ExprId, OperandKind};
use crate::source::Place;

impl<'h> Eval<'h> {
    /// Evaluates the thunk of a set, list or function literal; other values are unchanged.
    ///
    /// # Errors
    ///
    /// Fails if the literal is invalid, for example if an attribute is defined twice.
    pub(crate) fn force_trivial(&mut self, value: Value<'h>) -> Result<Value<'h>> {
        match value.as_thunk() {
            Some(thunk) if thunk.value().is_none() && !self.is_trivial(value) => Ok(value),
            _ => self.force(value),
        }
    }

    /// True for the unevaluated thunk of a literal.
    fn is_trivial(&self, value: Value<'h>) -> bool {
        let Some(thunk) = value.as_thunk() else { return true };
        match (thunk.state(), thunk.kind()) {
            (ThunkState::Suspended, ThunkKind::Code(code)) => {
                let body = self.literal_of(code);
                matches!(body, Some(Expr::Attrs { .. } | Expr::List(_) | Expr::Lambda(_)))
            }
            _ => false,
        }
    }

    /// The literal that a piece of code creates, if it does nothing else.
    fn literal_of(&self, code: CodeRef) -> Option<Expr> {
        let unit = self.shared.units.of(code);
        match unit.code(code).body.kind() {
            OperandKind::Expr(id) => Some(literal_at(unit, id)),
            _ => None,
        }
    }

    /// Evaluates a file that must be a set literal, once.
    ///
    /// # Errors
    ///
    /// Fails if the file is anything else, or can't be read.
    pub(crate) fn import_set(&mut self, path: &[u8]) -> Result<Attrs<'h>> {
        let path = self.resolve_expression_path(path)?;
        let known = self.imported(&path);
        let value = known.map_or_else(|| self.load_import(&path), Ok)?;
        let sources = self.sources();
        let shown = || sources.shown(&path);
        let is_set = match value.as_thunk().map(|thunk| (thunk.state(), thunk.kind())) {
            Some((ThunkState::Suspended, ThunkKind::Code(code))) => {
                matches!(self.literal_of(code), Some(Expr::Attrs { .. } | Expr::DynamicAttrs { .. }))
            }
            _ => true,
        };
        let wrong = || {
            let error = Error::eval(format!("file '{}' must be an attribute set", shown()));
            error.with_note(
                "the file has to be a literal set, `{ inputs = …; outputs = …; }`; a `let` or function goes inside of \
                 `outputs`",
            )
        };
        let in_file = |error: Error| error.traced(Place::NOWHERE, Action::File(shown()));
        let value = if is_set { self.force(value) } else { Err(wrong()) }.map_err(in_file)?;
        value.as_attrs().ok_or_else(|| in_file(wrong()))
    }
}

/// The node after debugger steps and after the slots of a set's own names.
fn literal_at(unit: &LoadedUnit, mut id: ExprId) -> Expr {
    loop {
        let start = unit.ir.start(id);
        let next = match unit.ir.expr(id) {
            Expr::Step { body, .. } | Expr::Operand(body) => body,
            // A `let` begins before its body, a set with slots at its own beginning.
            Expr::Let { body, .. } => match body.kind() {
                OperandKind::Expr(inner) if unit.ir.start(inner) != start => return unit.ir.expr(id),
                _ => body,
            },
            other => return other,
        };
        match next.kind() {
            OperandKind::Expr(inner) => id = inner,
            _ => return unit.ir.expr(id),
        }
    }
}

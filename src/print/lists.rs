//! Which lists are `«repeated»`.
//!
//! In C++ Nix a list that is copied from one variable or attribute to another is a new list. Here both are the same
//! object, so what counts is where it was found: in which thunk. But a variable that was evaluated early is found as the
//! list itself, without its thunk. So a thunk is taken for the list's home, and one with the list itself, unless it is
//! known to have been given the list, or all it does is to select an attribute, which is the most usual way to make a copy.
//! This guess is not always right.

use crate::eval::Eval;
use crate::heap::{List, Thunk, ThunkKind, Value};
use crate::ir::{Expr, Source, StepKind};
use rustc_hash::{FxHashMap, FxHashSet};

/// The lists printed so far.
#[derive(Default)]
pub(super) struct ListsMet<'h> {
    thunks: FxHashSet<Value<'h>>,
    /// Each list, and whether it was found as itself.
    lists: FxHashMap<List<'h>, bool>,
}

impl<'h> ListsMet<'h> {
    /// True if the list found in this slot was met there before.
    pub(super) fn was_met(&mut self, eval: &Eval<'h>, slot: Value<'h>, list: List<'h>) -> bool {
        let bare = slot.as_thunk().is_none();
        let met_thunk = !bare && !self.thunks.insert(slot);
        if is_copy(slot) || selects(eval, slot) {
            return met_thunk;
        }
        let Some(met_bare) = self.lists.get_mut(&list) else {
            self.lists.insert(list, bare);
            return met_thunk;
        };
        let met_list = bare || *met_bare;
        *met_bare |= bare;
        met_thunk || met_list
    }
}

/// True for a thunk whose list was made before it was evaluated.
fn is_copy(slot: Value<'_>) -> bool {
    slot.as_thunk().is_some_and(|thunk| thunk.value().is_some() && thunk.replacement().is_none())
}

/// True for a thunk that does nothing but select an attribute.
fn selects<'h>(eval: &Eval<'h>, slot: Value<'h>) -> bool {
    let Some(ThunkKind::Code(code)) = slot.as_thunk().map(Thunk::kind) else { return false };
    let unit = eval.shared().units.of(code);
    match unit.code(code).body.source() {
        Source::Expr(body) => match unit.ir.expr(body) {
            Expr::Step { step, .. } => matches!(unit.ir.steps[step as usize].kind, StepKind::Select(_)),
            other => matches!(other, Expr::Select { .. } | Expr::SelectOr { .. }),
        },
        _ => false,
    }
}

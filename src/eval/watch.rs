//! Watching: records which thunks are evaluated, in which order, and because of which other thunk.
//!
//! An evaluation without a watch does not pay for this. During a watch, the stack seems to be used up, so the check
//! before each thunk leads here.

use super::Eval;
use crate::error::Result;
use crate::heap::{CodeRef, PosId, ScratchVec, Thunk, ThunkKind, Value};

/// A thunk that was evaluated during a watch.
#[derive(Clone, Copy, Debug)]
pub struct Forced<'h> {
    /// The thunk. Its state shows the result.
    pub thunk: Thunk<'h>,
    /// The former capture 0 of a delayed call; see [`Eval::delayed_call_of`].
    pub before: Option<Value<'h>>,
    /// The thunk whose evaluation forced it: an index of the recorded ones.
    pub by: Option<usize>,
}

/// The record so far.
#[derive(Debug)]
pub(super) struct Watch<'h> {
    limit: usize,
    seen: ScratchVec<'h, Forced<'h>>,
    /// The thunks that are being evaluated: indices of `seen`.
    running: Vec<usize>,
}

impl<'h> Eval<'h> {
    /// Starts to record the first `limit` evaluated thunks; later ones run at full speed again.
    pub fn watch(&mut self, limit: usize) {
        self.watch = Some(Box::new(Watch { limit, seen: self.scope.gather([]), running: Vec::new() }));
        self.thunk_floor = usize::MAX;
        self.scope.keep_thunks();
    }

    /// The recorded thunks, in the order in which their evaluation began.
    pub fn seen(&self) -> &[Forced<'h>] {
        self.watch.as_ref().map_or(&[], |watch| &watch.seen)
    }

    /// Runs a thunk and records it. Its place keeps the thunk if programs cannot see the difference, so that it can
    /// be looked up later.
    #[cold]
    #[inline(never)]
    pub(super) fn run_watched(&mut self, thunk: Thunk<'h>) -> Result<Value<'h>> {
        self.check_stack()?;
        if self.is_stepping() {
            return self.run_stepped(thunk);
        }
        let Some(watch) = &mut self.watch else { return self.run_suspended::<false>(thunk) };
        if watch.seen.len() >= watch.limit {
            self.thunk_floor = self.stack_floor;
            return self.run_suspended::<false>(thunk);
        }
        let before = (!matches!(thunk.kind(), ThunkKind::Code(_))).then(|| thunk.capture(0));
        let by = watch.running.last().copied();
        watch.running.push(watch.seen.len());
        watch.seen.push(Forced { thunk, before, by });
        let result = self.run_suspended::<true>(thunk);
        if let Some(watch) = &mut self.watch {
            watch.running.pop();
        }
        result
    }

    /// The start of the text of some code, and its length in bytes; nowhere if there is no such code. Code 0 of a
    /// unit is its whole text.
    pub fn code_extent(&self, code: CodeRef) -> (PosId, usize) {
        let Some(unit) = self.shared.units.find(code) else { return (PosId::NONE, 0) };
        unit.ir.codes.get(unit.id_of(code).0 as usize).map_or((PosId::NONE, 0), |code| {
            (unit.position(code.span.start), code.span.end.saturating_sub(code.span.start) as usize)
        })
    }

    /// True for the code of a whole text.
    pub fn is_whole_text(&self, code: CodeRef) -> bool {
        self.shared.units.find(code).is_some_and(|unit| unit.id_of(code).0 == 0)
    }
}

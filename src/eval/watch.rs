//! Watching: which thunks are evaluated, in which order, and because of which other thunk.
//!
//! An evaluation that nobody watches pays nothing for this. While somebody watches, the stack seems to be used up, so the check
//! that is made anyway before a thunk is run leads here.

use super::Eval;
use crate::error::Result;
use crate::heap::{CodeRef, PosId, Thunk, ThunkKind, Value};

/// A thunk that was evaluated while somebody watched.
#[derive(Clone, Copy, Debug)]
pub struct Forced<'h> {
    /// The thunk. Its state says what became of it.
    pub thunk: Thunk<'h>,
    /// What capture 0 of a delayed call was; see [`Eval::delayed_call_of`].
    pub before: Option<Value<'h>>,
    /// The thunk that was being evaluated and needed it: an index of those seen.
    pub by: Option<usize>,
}

/// What was seen so far.
#[derive(Debug)]
pub(super) struct Watch<'h> {
    limit: usize,
    seen: Vec<Forced<'h>>,
    /// Those that are being evaluated: indices of `seen`.
    running: Vec<usize>,
}

impl<'h> Eval<'h> {
    /// From now on the first `limit` thunks that are evaluated are remembered; those after them run at full speed again.
    pub fn watch(&mut self, limit: usize) {
        self.watch = Some(Box::new(Watch { limit, seen: Vec::new(), running: Vec::new() }));
        self.thunk_floor = usize::MAX;
    }

    /// The thunks that were seen so far, in the order in which their evaluation began.
    pub fn seen(&self) -> &[Forced<'h>] {
        self.watch.as_ref().map_or(&[], |watch| &watch.seen)
    }

    /// Runs a thunk and remembers that. Its place keeps the thunk where that makes no difference to programs, so that it can
    /// be asked for later.
    #[cold]
    #[inline(never)]
    pub(super) fn run_watched(&mut self, thunk: Thunk<'h>) -> Result<Value<'h>> {
        self.check_stack()?;
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

    /// Where the text of some code begins and how many bytes it has; nowhere if there is no such code. Code 0 of a unit is
    /// its whole text.
    pub fn code_extent(&self, code: CodeRef) -> (PosId, usize) {
        let Some(unit) = self.shared.units.find(code) else { return (PosId(0), 0) };
        unit.ir.codes.get(unit.id_of(code).0 as usize).map_or((PosId(0), 0), |code| {
            (unit.position(code.span.start), code.span.end.saturating_sub(code.span.start) as usize)
        })
    }

    /// True for the code of a whole text.
    pub fn is_whole_text(&self, code: CodeRef) -> bool {
        self.shared.units.find(code).is_some_and(|unit| unit.id_of(code).0 == 0)
    }
}

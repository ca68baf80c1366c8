//! Recorded calls: which functions were called, with what, from within which other call, and what became of it.
//!
//! An evaluation without a record does not pay for it: as for a profiler, the evaluation has no levels left while there
//! is one, so that each call is refused at first and comes here (`depth.rs`).

use super::Eval;
use crate::error::Result;
use crate::heap::{ScratchVec, Value};

/// A call that was made while calls were recorded.
#[derive(Clone, Copy, Debug)]
pub struct RecordedCall<'h> {
    /// The function: a builtin, one written in Nix, a part of a call, or a set with a functor.
    pub function: Value<'h>,
    /// The call around it: an index of the recorded ones.
    pub by: Option<usize>,
    /// The result; `None` if the call failed or has not ended.
    pub result: Option<Value<'h>>,
    /// True if it failed.
    pub has_failed: bool,
    /// Its arguments: where they begin among all, and how many there are.
    arguments: (usize, usize),
}

/// The record so far.
#[derive(Debug)]
pub(super) struct CallRecord<'h> {
    limit: usize,
    calls: ScratchVec<'h, RecordedCall<'h>>,
    arguments: ScratchVec<'h, Value<'h>>,
    /// The calls that are running; `None` for one beyond the limit.
    running: Vec<Option<usize>>,
    /// The number of calls beyond the limit.
    more: usize,
}

impl<'h> Eval<'h> {
    /// Starts to record the first `limit` calls.
    pub fn record_calls(&mut self, limit: usize) {
        if self.calls.is_none() && !self.shared.observes_calls() {
            self.levels -= self.levels_of_calls();
        }
        let (calls, arguments) = (self.scope.gather([]), self.scope.gather([]));
        self.calls = Some(Box::new(CallRecord { limit, calls, arguments, running: Vec::new(), more: 0 }));
    }

    /// Ends the record. Returns the calls, in the order in which they began, and how many there were beyond the limit.
    pub fn take_calls(&mut self) -> (Calls<'h>, usize) {
        let Some(record) = self.calls.take() else { return (Calls::new(self), 0) };
        if !self.shared.observes_calls() {
            self.levels += self.levels_of_calls();
        }
        (Calls { calls: record.calls, arguments: record.arguments }, record.more)
    }

    /// The difference between the levels that are there and those while calls are observed.
    fn levels_of_calls(&self) -> i64 {
        i64::from(self.settings().max_call_depth) + 1
    }

    /// True if calls are traced, profiled or recorded.
    pub(super) fn observes_calls(&self) -> bool {
        self.calls.is_some() || self.shared.observes_calls()
    }

    /// Records the beginning of a call with the arguments on the stack from `base` on.
    pub(super) fn record_call(&mut self, function: Value<'h>, base: usize, count: usize) {
        let Some(record) = &mut self.calls else { return };
        if record.calls.len() >= record.limit {
            record.more += 1;
            return record.running.push(None);
        }
        let by = record.running.iter().rev().find_map(|call| *call);
        record.running.push(Some(record.calls.len()));
        let arguments = (record.arguments.len(), count);
        record.arguments.extend_from_slice(&self.stack[base..base + count]);
        record.calls.push(RecordedCall { function, by, result: None, has_failed: false, arguments });
    }

    /// Records the arguments of the builtin that was called last.
    pub(super) fn record_arguments(&mut self, values: &[Value<'h>]) {
        let Some(record) = &mut self.calls else { return };
        let Some(Some(index)) = record.running.last().copied() else { return };
        record.calls[index].arguments = (record.arguments.len(), values.len());
        record.arguments.extend_from_slice(values);
    }

    /// Records the end of a call.
    pub(super) fn record_end(&mut self, result: &Result<Value<'h>>) {
        let Some(record) = &mut self.calls else { return };
        let Some(Some(index)) = record.running.pop() else { return };
        let call = &mut record.calls[index];
        call.result = result.as_ref().ok().copied();
        call.has_failed = result.is_err();
    }
}

/// Recorded calls with their arguments.
#[derive(Debug)]
pub struct Calls<'h> {
    calls: ScratchVec<'h, RecordedCall<'h>>,
    arguments: ScratchVec<'h, Value<'h>>,
}

impl<'h> Calls<'h> {
    fn new(cx: &Eval<'h>) -> Self {
        Self { calls: cx.scope.gather([]), arguments: cx.scope.gather([]) }
    }

    /// The calls, in the order in which they began.
    pub fn all(&self) -> &[RecordedCall<'h>] {
        &self.calls
    }

    /// The arguments of one of them, possibly unevaluated.
    pub fn arguments(&self, call: &RecordedCall<'h>) -> &[Value<'h>] {
        let (start, count) = call.arguments;
        &self.arguments[start..start + count]
    }
}

//! Debugging: the evaluation stops at an error, or at a place that the program or its user chose, while all callers
//! are still alive.
//!
//! An evaluation without a debugger does not pay for this. For a debugger, files are lowered differently
//! (`lower/steps.rs`): their nodes describe what is being done, and have the names in scope. An error stops at the
//! innermost of them, or at the failing thunk, before any caller is left.

use super::depth::levels;
use super::host::load::Inputs;
use super::stack_frame::StackFrame;
use super::{At, Eval};
use crate::error::{Error, ErrorKind, Result};
use crate::heap::{PosId, Scope, ScratchVec, Value};
use crate::ir::{Operand, StepKind};
use crate::lower::{NAMES, Steps};
use crate::source::{Origin, Part, Place};
use std::rc::Rc;

/// A debugger, called when an evaluation stops.
pub trait Debugger {
    /// Inspects a stopped evaluation, and decides how it continues. `cx` may evaluate anything without stopping
    /// again.
    fn stop<'h>(&self, cx: &mut Eval<'h>, stop: &Stop<'_, 'h>) -> Resume;
}

/// The continuation of an evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resume {
    /// Continue to the next error or `builtins.break`.
    Continue,
    /// Continue to the next call, selection, or body of a function or `let`.
    Step,
    /// End the evaluation, with the error at which it stopped, or else as if the user had interrupted it.
    Quit,
}

/// The reason for a stop.
#[derive(Clone, Copy, Debug)]
pub enum Reason<'e> {
    /// An error, at the place where it happened.
    Error(&'e Error),
    /// `builtins.break`.
    Break,
    /// A message of `builtins.trace`.
    Trace,
    /// A message of `builtins.warn`.
    Warning,
    /// The next step.
    Step,
}

/// A stopped evaluation.
#[derive(Clone, Copy, Debug)]
pub struct Stop<'e, 'h> {
    /// The reason for the stop.
    pub reason: Reason<'e>,
    /// The active steps, outermost first. Never empty; only the last may be a mere scope.
    pub frames: &'e [StackFrame<'h>],
    /// True if `tryEval` may catch an error thrown here.
    pub in_try: bool,
}

/// The state of an evaluation with a debugger.
pub(super) struct Debugging<'h> {
    debugger: Rc<dyn Debugger>,
    frames: ScratchVec<'h, StackFrame<'h>>,
    /// True if it stops at the next step.
    steps: bool,
    /// True if nothing stops it any more: the debugger is already running, or has ended the evaluation.
    is_deaf: bool,
    /// True if the debugger has ended the evaluation: its error cannot be caught.
    has_ended: bool,
    /// The number of nested calls of `tryEval`.
    tries: u32,
}

impl<'h> Debugging<'h> {
    pub(super) fn new(scope: Scope<'h>, debugger: Rc<dyn Debugger>) -> Self {
        Self { debugger, frames: scope.gather([]), steps: false, is_deaf: false, has_ended: false, tries: 0 }
    }
}

impl<'h> Eval<'h> {
    /// The steps that a text is lowered with.
    pub(super) fn steps(&self, origin: &Origin) -> Steps {
        match origin {
            Origin::String if self.is_stepping() => Steps::Everywhere,
            _ if self.debugging.is_none() => Steps::None,
            Origin::Internal(_) => Steps::None,
            Origin::File(_) => Steps::File,
            _ => Steps::Inside,
        }
    }

    /// The inputs of a file; for a debugger, also as a set.
    pub(super) fn with_names(&self, mut inputs: Inputs<'h>) -> Inputs<'h> {
        if self.debugging.is_some() && !inputs.is_empty() {
            let set = self.attrs(inputs.iter().map(|(name, value)| (*name, *value, PosId::NONE)).collect());
            inputs.insert(self.intern(NAMES), set);
        }
        inputs
    }

    /// Runs a step of a debugger: its environment, body and number.
    #[cold]
    #[inline(never)]
    pub(super) fn run_step(
        &mut self,
        at: At<'_, 'h>,
        (environment, body, step): (Operand, Operand, u32),
    ) -> Result<Value<'h>> {
        if matches!(at.ir().steps[step as usize].kind, StepKind::Expression { .. }) {
            return self.run_active(at, (environment, body, step));
        }
        let environment = self.delay(at.frame, environment);
        if let Some(debugging) = &mut self.debugging {
            debugging.frames.push(StackFrame { unit: at.frame.unit, step, environment });
        }
        let kind = at.ir().steps[step as usize].kind;
        let part = if kind == StepKind::File { Part::Here } else { Part::Body };
        let stops = kind != StepKind::Scope && self.debugging.as_ref().is_some_and(|debugging| debugging.steps);
        let stopped = if stops { self.stop_here(Reason::Step) } else { Ok(()) };
        let result = stopped.and_then(|()| self.eval_part(at, body, part));
        let result = result.map_err(|error| self.stop_at_error(error));
        if let Some(debugging) = &mut self.debugging {
            debugging.frames.pop();
        }
        result
    }

    /// Stops, if there is a debugger.
    ///
    /// # Errors
    ///
    /// Fails if the evaluation should end.
    #[cold]
    pub(crate) fn stop_here(&mut self, reason: Reason<'_>) -> Result<()> {
        match self.stop(reason) {
            Resume::Quit => Err(ErrorKind::Interrupted.into()),
            _ => Ok(()),
        }
    }

    /// Stops at an error, if there is a debugger and the error has not stopped yet. Returns the error.
    #[cold]
    pub(super) fn stop_at_error(&mut self, mut error: Error) -> Error {
        let Some(debugging) = self.debugging.as_ref().filter(|debugging| !debugging.is_deaf) else { return error };
        let is_ignored = debugging.tries > 0 && self.settings().ignore_try;
        let stops = match error.kind() {
            ErrorKind::Interrupted | ErrorKind::OutOfMemory | ErrorKind::StackOverflow => return error,
            ErrorKind::Syntax(_) | ErrorKind::Usage(_) => false,
            _ => !is_ignored,
        };
        if error.mark_stopped() && stops {
            self.stop(Reason::Error(&error));
        }
        error
    }

    fn stop(&mut self, reason: Reason<'_>) -> Resume {
        let Some(mut debugging) = self.debugging.take_if(|it| !it.is_deaf && !it.frames.is_empty()) else {
            return Resume::Continue;
        };
        let none = self.scope.gather([]);
        let (debugger, frames) = (Rc::clone(&debugging.debugger), std::mem::replace(&mut debugging.frames, none));
        let in_try = debugging.tries > 0;
        debugging.is_deaf = true;
        self.debugging = Some(debugging);
        let (last, before) = frames.split_last().map_or((None, &frames[..]), |(last, before)| (Some(*last), before));
        let told = before.iter().filter(|frame| !frame.is_mere_scope()).copied().chain(last);
        let told = self.scope.gather(told);
        let resume = self.undisturbed(|cx| debugger.stop(cx, &Stop { reason, frames: &told, in_try }));
        if let Some(debugging) = &mut self.debugging {
            debugging.frames = frames;
            debugging.is_deaf = resume == Resume::Quit;
            debugging.has_ended = debugging.is_deaf;
            debugging.steps = resume == Resume::Step;
        }
        resume
    }

    /// Runs `body` with a fresh evaluation state, and restores the state afterwards.
    fn undisturbed<R>(&mut self, body: impl FnOnce(&mut Self) -> R) -> R {
        let (watch, floor, blackhole) = (self.watch.take(), self.thunk_floor, self.blackhole.take());
        let all = levels(self.shared);
        let levels = std::mem::replace(&mut self.levels, all);
        self.thunk_floor = self.stack_floor;
        let result = self.at_call(Place::NOWHERE, body);
        (self.watch, self.thunk_floor) = (watch, floor);
        (self.blackhole, self.levels) = (blackhole, levels);
        result
    }

    /// True if the debugger has ended the evaluation.
    pub(crate) fn has_ended(&self) -> bool {
        self.debugging.as_ref().is_some_and(|debugging| debugging.has_ended)
    }

    /// Runs the argument of `tryEval`.
    pub(crate) fn trying<R>(&mut self, body: impl FnOnce(&mut Self) -> R) -> R {
        if let Some(debugging) = &mut self.debugging {
            debugging.tries += 1;
        }
        let result = body(self);
        if let Some(debugging) = &mut self.debugging {
            debugging.tries -= 1;
        }
        result
    }
}

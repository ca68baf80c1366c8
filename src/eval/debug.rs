//! Debugging: stopping where an error happens, or where the program or its user wants to look, while all that led there is
//! alive.
//!
//! Nothing of this is on the way of an evaluation without a debugger. For one, files are lowered differently
//! (`lower/steps.rs`): nodes tell what is done, and have the names in scope. An error is met by the innermost of them, or
//! by the thunk that fails of it, before anything above is left.

use super::depth::levels;
use super::import::Inputs;
use super::stack_frame::StackFrame;
use super::{Eval, Frame};
use crate::error::{Error, ErrorKind, Result};
use crate::heap::{PosId, Value};
use crate::ir::{ExprId, Operand, StepKind};
use crate::lower::{NAMES, Steps};
use crate::source::{Origin, Part, Place};
use std::rc::Rc;

/// Whoever is asked where an evaluation stops.
pub trait Debugger {
    /// Looks at an evaluation that stopped, and says how it goes on. `cx` may evaluate whatever it likes: it stops nowhere.
    fn stop<'h>(&self, cx: &mut Eval<'h>, stop: &Stop<'_, 'h>) -> Resume;
}

/// How an evaluation goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resume {
    /// To the next error or `builtins.break`.
    Continue,
    /// To the next call, selection, or body of a function or `let`.
    Step,
    /// Not at all. It ends with the error at which it stopped; else as if the user had interrupted it.
    Quit,
}

/// Why an evaluation stopped.
#[derive(Clone, Copy, Debug)]
pub enum Reason<'e> {
    /// An error, on the way out of where it happened.
    Error(&'e Error),
    /// `builtins.break`.
    Break,
    /// `builtins.trace` has said something.
    Trace,
    /// `builtins.warn` has said something.
    Warning,
    /// It has come to the next step.
    Step,
}

/// An evaluation that stopped.
#[derive(Clone, Copy, Debug)]
pub struct Stop<'e, 'h> {
    /// Why it stopped.
    pub reason: Reason<'e>,
    /// What is being done, outermost first. Never empty; only the last may be a mere scope.
    pub frames: &'e [StackFrame<'h>],
    /// True if `tryEval` may catch what is thrown here.
    pub in_try: bool,
}

/// What an evaluation with a debugger remembers.
pub(super) struct Debugging<'h> {
    debugger: Rc<dyn Debugger>,
    frames: Vec<StackFrame<'h>>,
    /// It stops at the next step.
    steps: bool,
    /// Nothing stops it any more: the debugger looks already, or has ended the evaluation.
    is_deaf: bool,
    /// The debugger has ended the evaluation: nothing catches the error at which it did.
    has_ended: bool,
    /// Calls of `tryEval` within each other.
    tries: u32,
}

impl<'h> Debugging<'h> {
    pub(super) fn new(debugger: Rc<dyn Debugger>) -> Self {
        Self { debugger, frames: Vec::new(), steps: false, is_deaf: false, has_ended: false, tries: 0 }
    }
}

impl<'h> Eval<'h> {
    /// What a file's text is lowered for.
    pub(super) fn steps(&self, origin: &Origin) -> Steps {
        match origin {
            _ if self.debugging.is_none() => Steps::None,
            Origin::Internal(_) => Steps::None,
            Origin::File(_) => Steps::File,
            _ => Steps::Inside,
        }
    }

    /// For a debugger, names around a file are also there as a set.
    pub(super) fn with_names(&self, mut inputs: Inputs<'h>) -> Inputs<'h> {
        if self.debugging.is_some() && !inputs.is_empty() {
            let set = self.attrs(inputs.iter().map(|(name, value)| (*name, *value, PosId(0))).collect());
            inputs.insert(self.intern(NAMES), set);
        }
        inputs
    }

    /// Something that a debugger can stop at: environment, body and number of the step.
    #[cold]
    #[inline(never)]
    pub(super) fn run_step(
        &mut self,
        frame: &Frame<'h>,
        id: ExprId,
        (environment, body, step): (Operand, Operand, u32),
    ) -> Result<Value<'h>> {
        let environment = self.delay(frame, environment);
        if let Some(debugging) = &mut self.debugging {
            debugging.frames.push(StackFrame { unit: frame.unit, step, environment });
        }
        let kind = frame.unit.ir.steps[step as usize].kind;
        let part = if kind == StepKind::File { Part::Here } else { Part::Body };
        let stops = kind != StepKind::Scope && self.debugging.as_ref().is_some_and(|debugging| debugging.steps);
        let stopped = if stops { self.stop_here(Reason::Step) } else { Ok(()) };
        let result = stopped.and_then(|()| self.eval_part(frame, id, body, part));
        let result = result.map_err(|error| self.stop_at_error(error));
        if let Some(debugging) = &mut self.debugging {
            debugging.frames.pop();
        }
        result
    }

    /// Stops, if there is a debugger.
    ///
    /// # Errors
    /// If the evaluation shall not go on.
    #[cold]
    pub(crate) fn stop_here(&mut self, reason: Reason<'_>) -> Result<()> {
        match self.stop(reason) {
            Resume::Quit => Err(ErrorKind::Interrupted.into()),
            _ => Ok(()),
        }
    }

    /// Stops at an error, if there is a debugger and it has not done so yet. Gives the error.
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
        let (debugger, frames) = (Rc::clone(&debugging.debugger), std::mem::take(&mut debugging.frames));
        let in_try = debugging.tries > 0;
        debugging.is_deaf = true;
        self.debugging = Some(debugging);
        let (last, before) = frames.split_last().map_or((None, &frames[..]), |(last, before)| (Some(*last), before));
        let told: Vec<_> = before.iter().filter(|frame| !frame.is_mere_scope()).copied().chain(last).collect();
        let resume = self.undisturbed(|cx| debugger.stop(cx, &Stop { reason, frames: &told, in_try }));
        if let Some(debugging) = &mut self.debugging {
            debugging.frames = frames;
            debugging.is_deaf = resume == Resume::Quit;
            debugging.has_ended = debugging.is_deaf;
            debugging.steps = resume == Resume::Step;
        }
        resume
    }

    /// Runs `body` as if nothing were being evaluated, but what is.
    fn undisturbed<R>(&mut self, body: impl FnOnce(&mut Self) -> R) -> R {
        let place = std::mem::replace(&mut self.call_place, Place::NOWHERE);
        let (watch, floor, blackhole) = (self.watch.take(), self.thunk_floor, self.blackhole.take());
        let all = levels(self.settings());
        let levels = std::mem::replace(&mut self.levels, all);
        self.thunk_floor = self.stack_floor;
        let result = body(self);
        (self.call_place, self.watch, self.thunk_floor) = (place, watch, floor);
        (self.blackhole, self.levels) = (blackhole, levels);
        result
    }

    /// True if the debugger has ended the evaluation.
    pub(crate) fn has_ended(&self) -> bool {
        self.debugging.as_ref().is_some_and(|debugging| debugging.has_ended)
    }

    /// Runs what `tryEval` tries.
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

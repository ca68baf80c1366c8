//! Limits on the depth of evaluation: calls are counted, and the machine's stack is checked by address.

use super::Eval;
use super::profile::Callee;
use super::shared::Shared;
use crate::error::{Error, ErrorKind, Result};
use crate::heap::PosId;
use crate::io::Message;
use crate::source::Place;
use crate::stack::stack_address;

/// The number of levels at the start of an evaluation.
pub(super) fn levels(shared: &Shared) -> i64 {
    if shared.observes_calls() { 0 } else { i64::from(shared.settings.max_call_depth) + 1 }
}

impl Shared {
    /// True if calls are traced or profiled.
    pub(super) fn observes_calls(&self) -> bool {
        self.settings.trace_function_calls || self.profiler.is_some()
    }
}

/// The reason why a call is not entered. No error is made for calls that are only observed.
pub(super) enum Refused {
    /// No level is left.
    Depth,
    Failed(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Depth => call_depth(),
            Refused::Failed(error) => error,
        }
    }
}

impl<'h> Eval<'h> {
    /// Fails if the machine's stack is nearly used up.
    #[inline(always)]
    pub(super) fn check_stack(&self) -> Result<()> {
        if stack_address() < self.stack_floor { Err(stack_overflow()) } else { Ok(()) }
    }

    /// Enters a call: counts the level, polls, and checks the stack. Undone by [`Eval::leave_call`], also after an
    /// error inside.
    #[inline(always)]
    pub(super) fn enter_call(&mut self) -> std::result::Result<(), Refused> {
        if self.levels <= 0 {
            return Err(Refused::Depth);
        }
        self.poll()?;
        self.check_stack()?;
        self.levels -= 1;
        Ok(())
    }

    /// Enters an observed call: traced, profiled or recorded. With observed calls the evaluation starts without levels, so each
    /// call is refused at first and comes here; without them, observing costs nothing.
    ///
    /// # Errors
    ///
    /// Fails with `refused` if that is the real reason; otherwise like [`Eval::enter_call`].
    #[cold]
    pub(super) fn enter_observed(&mut self, refused: Refused) -> Result<()> {
        let limit = i64::from(self.settings().max_call_depth);
        if !self.observes_calls() || self.levels < -limit {
            return Err(refused.into());
        }
        self.poll()?;
        self.check_stack()?;
        self.levels -= 1;
        Ok(())
    }

    /// Reports the beginning of an observed call.
    pub(super) fn observe_begin(&self, place: Place, callee: Callee) {
        self.trace_call("entered", place);
        self.profile_begin(place.position, callee);
    }

    /// Reports its end, and leaves it.
    pub(super) fn observe_end(&mut self, place: Place) {
        self.leave_call();
        self.profile_end();
        self.trace_call("exited", place);
    }

    fn trace_call(&self, what: &str, place: Place) {
        if !self.settings().trace_function_calls {
            return;
        }
        let shown = match place.position {
            PosId::NONE => "«none»:0".to_owned(),
            position => self.show_position(position),
        };
        let text = format!("function-trace {what} {shown} at {}", self.io().nanoseconds());
        self.message(&Message::Note(text.as_bytes()));
    }

    #[inline(always)]
    pub(super) fn leave_call(&mut self) {
        self.levels += 1;
    }

    /// Runs `body` one level deeper. For recursion into values: comparing, printing, `deepSeq`.
    pub fn deeper<T>(&mut self, body: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.deeper_at(PosId::NONE, body)
    }

    /// The same, with the place of the error for too much depth.
    #[inline]
    pub fn deeper_at<T>(&mut self, place: impl Into<Place>, body: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if let Err(refused) = self.enter_call() {
            self.enter_refused(refused, place.into())?;
        }
        let result = body(self);
        self.leave_call();
        result
    }

    /// The same for a leaf, which can neither run long nor use up the stack: only the count matters.
    #[inline(always)]
    pub(super) fn deeper_for_a_leaf(&mut self, place: impl Into<Place>) -> Result<()> {
        if self.levels <= 0 { self.deeper_at(place, |_| Ok(())) } else { Ok(()) }
    }

    #[cold]
    fn enter_refused(&mut self, refused: Refused, place: Place) -> Result<()> {
        self.enter_observed(refused).map_err(|error| error.at(place).of_deep_value())
    }
}

#[cold]
fn call_depth() -> Error {
    ErrorKind::CallDepth.into()
}

#[cold]
fn stack_overflow() -> Error {
    ErrorKind::StackOverflow.into()
}

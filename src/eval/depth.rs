//! How deep evaluation may go: calls are counted, and the machine's stack is watched by address.

use super::{Eval, Settings};
use crate::error::{Error, ErrorKind, Result};
use crate::heap::PosId;
use crate::report::Message;
use crate::source::Place;

/// Stack kept free below the floor, for builtins, error texts and the way out.
const RESERVE: usize = 192 << 10;
/// The stack takes at most one part in so many of the address space that is left; values need the rest.
const SHARE: usize = 4;

/// Address of something on the stack now.
#[inline(always)]
pub(crate) fn stack_address() -> usize {
    let marker = 0u8;
    (&raw const marker).addr()
}

/// Runs `body` on a stack of up to `size` bytes, smaller where the system gives no more. `body` gets the lowest address
/// that the stack may reach.
pub(crate) fn on_large_stack<R>(size: usize, body: impl FnOnce(usize) -> R) -> R {
    let here = stack_address();
    let remaining = stacker::remaining_stack().unwrap_or(512 << 10);
    // Halving rather than giving up: an address space limit or strict overcommit refuses what is too large.
    let mut wanted = size;
    while wanted > remaining && wanted >= 4 << 20 {
        if may_be_mapped(wanted) {
            return stacker::grow(wanted, || body(stack_address().saturating_sub(wanted - RESERVE - (64 << 10))));
        }
        wanted /= 2;
    }
    body(here.saturating_sub(remaining).saturating_add(RESERVE.min(remaining / 4)))
}

/// True if the system gives so much memory for a stack, and enough address space besides.
fn may_be_mapped(stack: usize) -> bool {
    let share = memmap2::MmapOptions::new().len(stack.saturating_mul(SHARE)).no_reserve_swap().map_anon();
    share.is_ok_and(|share| {
        drop(share);
        memmap2::MmapOptions::new().len(stack).map_anon().is_ok()
    })
}

/// The levels that an evaluation with these settings begins with.
pub(super) fn levels(settings: &Settings) -> i64 {
    if settings.trace_function_calls { 0 } else { i64::from(settings.max_call_depth) + 1 }
}

impl<'h> Eval<'h> {
    /// An error if the machine's stack is nearly used up.
    #[inline(always)]
    pub(super) fn check_stack(&self) -> Result<()> {
        if stack_address() < self.stack_floor { Err(stack_overflow()) } else { Ok(()) }
    }

    /// One call deeper: counts, polls, and checks the stack. Undo with [`Eval::leave_call`], also after an error inside.
    #[inline(always)]
    pub(super) fn enter_call(&mut self) -> Result<()> {
        if self.levels <= 0 {
            return Err(call_depth());
        }
        self.poll()?;
        self.check_stack()?;
        self.levels -= 1;
        Ok(())
    }

    /// Where calls are traced, no level is left from the start. So each call is refused at first and comes here, and where
    /// calls are not traced, tracing costs nothing.
    ///
    /// # Errors
    /// `refused`, if that is not the reason; else as [`Eval::enter_call`].
    #[cold]
    pub(super) fn enter_traced(&mut self, refused: Error) -> Result<()> {
        let limit = i64::from(self.settings().max_call_depth);
        if !self.settings().trace_function_calls || self.levels < -limit {
            return Err(refused);
        }
        self.poll()?;
        self.check_stack()?;
        self.levels -= 1;
        Ok(())
    }

    /// Tells that a call begins or ends.
    pub(super) fn trace_call(&self, what: &str, place: Place) {
        let shown = match place.position {
            PosId(0) => "«none»:0".to_owned(),
            position => self.show_position(position),
        };
        let text = format!("function-trace {what} {shown} at {}", self.io().nanoseconds());
        self.io().message(&Message::Note(text.as_bytes()));
    }

    #[inline(always)]
    pub(super) fn leave_call(&mut self) {
        self.levels += 1;
    }

    /// Runs `body` one level deeper. For what recurses into values: comparing, printing, `deepSeq`.
    pub fn deeper<T>(&mut self, body: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.deeper_at(PosId(0), body)
    }

    /// The same; too deep is an error at this place.
    #[inline]
    pub fn deeper_at<T>(&mut self, place: impl Into<Place>, body: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if let Err(refused) = self.enter_call() {
            self.enter_refused(refused, place.into())?;
        }
        let result = body(self);
        self.leave_call();
        result
    }

    /// The same for what ends at once, and so can neither run long nor use up the stack: only the count matters.
    #[inline(always)]
    pub(super) fn deeper_for_a_leaf(&mut self, place: impl Into<Place>) -> Result<()> {
        if self.levels <= 0 { self.deeper_at(place, |_| Ok(())) } else { Ok(()) }
    }

    #[cold]
    fn enter_refused(&mut self, refused: Error, place: Place) -> Result<()> {
        self.enter_traced(refused).map_err(|error| error.at(place).of_deep_value())
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

//! From thunk to value. This is the only place that changes a thunk's state.

use super::{Eval, Frame, LoadedUnit};
use crate::error::{Action, Error, ErrorKind, Result};
use crate::heap::{ScratchSet, Thunk, ThunkKind, ThunkState, Unpacked, Value};
use crate::ir::{Expr, OperandKind};
use crate::source::Place;
use crate::stack::stack_address;

impl<'h> Eval<'h> {
    /// The value in weak head normal form: a set or list whose members may still be thunks.
    ///
    /// # Errors
    ///
    /// Fails if the evaluation fails. The thunk remembers the error and returns it again, except for interrupts, the
    /// memory limit and depth: after those the same thunk may be forced again.
    #[inline]
    pub fn force(&mut self, value: Value<'h>) -> Result<Value<'h>> {
        match value.as_thunk() {
            None => Ok(value),
            Some(thunk) => match thunk.value() {
                Some(value) => Ok(value),
                None => self.force_thunk(thunk),
            },
        }
    }

    #[inline(never)]
    pub(super) fn force_thunk(&mut self, thunk: Thunk<'h>) -> Result<Value<'h>> {
        match thunk.state() {
            ThunkState::Done(value) => {
                self.pass_guard(thunk);
                Ok(value)
            }
            ThunkState::Suspended => self.run_thunk(thunk),
            ThunkState::Running => Err(self.infinite_recursion(thunk)),
            ThunkState::Failed(number) => {
                self.pass_guard(thunk);
                Err(self.shared.remembered_error(number))
            }
        }
    }

    fn run_thunk(&mut self, thunk: Thunk<'h>) -> Result<Value<'h>> {
        if stack_address() < self.thunk_floor { self.run_slowly(thunk) } else { self.run_suspended::<false>(thunk) }
    }

    /// Runs a thunk. A `KEPT` one is not replaced by its value where it is held.
    #[inline(always)]
    pub(super) fn run_suspended<const KEPT: bool>(&mut self, thunk: Thunk<'h>) -> Result<Value<'h>> {
        thunk.begin();
        let (result, made_by) = match thunk.work() {
            ThunkKind::Code(code) => {
                let unit = self.shared.units.of(code);
                let body = unit.code(code);
                let base = self.stack.len();
                self.stack.resize(base + body.slots as usize, Value::NULL);
                let constants = self.constants(unit);
                let result = self.eval(&Frame { unit, base, captures: thunk.into(), constants }, body.body);
                self.stack.truncate(base);
                let result = match result {
                    Err(error) if body.body.is_trivial() => Err(error.filled(unit.position(body.span.start).into())),
                    result => result,
                };
                (result, Some((unit, body.body.kind())))
            }
            ThunkKind::Apply | ThunkKind::Member(_) | ThunkKind::Over => (self.run_call_put_off(thunk), None),
        };
        match result {
            Ok(value) if KEPT && value.has_no_home() => thunk.finish_as_alias(self.scope, value),
            Ok(value) if value.has_no_home() || self.is_home(value, made_by) => thunk.finish(self.scope, value),
            Ok(value) => thunk.finish_as_alias(self.scope, value),
            Err(error) => return Err(self.settle_failure(thunk, error)),
        }
        result
    }

    /// Runs a delayed call. Its place is where its value is needed.
    #[inline(always)]
    fn run_call_put_off(&mut self, thunk: Thunk<'h>) -> Result<Value<'h>> {
        let base = self.stack.len();
        let function = self.push_delayed(thunk);
        let count = self.stack.len() - base;
        self.at_call(Place::OPEN, |cx| match cx.force(function) {
            Ok(function) => cx.call_on_stack(function, base, count),
            Err(error) => {
                cx.stack.truncate(base);
                Err(error)
            }
        })
    }

    /// Moves a failed thunk to its next state. A place that is still open stays open only for a delayed call.
    #[cold]
    fn settle_failure(&mut self, thunk: Thunk<'h>, error: Error) -> Error {
        let error = self.stop_at_error(error);
        let mut error = if matches!(thunk.kind(), ThunkKind::Code(_)) { error.closed() } else { error };
        if matches!(error.kind(), ErrorKind::InfiniteRecursion) && self.blackhole == Some(thunk) {
            self.blackhole = None;
            error = error.traced_always(Place::NOWHERE, Action::InfiniteRecursion);
        }
        if error.kind().is_recoverable() {
            thunk.restore();
        } else {
            let remembered = if self.settings().lasting_traces { error.remembered() } else { error.clone() };
            thunk.fail(self.shared.remember_error(self.scope, remembered));
        }
        error
    }

    #[cold]
    fn infinite_recursion(&mut self, thunk: Thunk<'h>) -> Error {
        self.blackhole = Some(thunk);
        Error::from(ErrorKind::InfiniteRecursion).at(Place::OPEN)
    }

    /// The error of a failed thunk, remembered if it may be.
    #[cold]
    pub(crate) fn failed(&self, error: Error) -> Result<Value<'h>> {
        if error.kind().is_recoverable() {
            return Err(error);
        }
        let thunk = Thunk::apply(self.scope, Value::NULL, &[]);
        thunk.fail(self.shared.remember_error(self.scope, error));
        Ok(thunk.into())
    }

    /// Forces everything in the value, sets in symbol order. Cycles are visited once.
    ///
    /// # Errors
    ///
    /// Fails with the first error, or if the value is nested too deeply.
    pub fn force_deep(&mut self, value: Value<'h>) -> Result<()> {
        self.force_deep_unless_seen(value, &mut self.scope.scratch_set())
    }

    fn force_deep_unless_seen(&mut self, value: Value<'h>, seen: &mut ScratchSet<'h, Value<'h>>) -> Result<()> {
        let place = self.place_of(value);
        self.deeper_at(place, |cx| {
            let value = cx.force(value).map_err(|error| error.filled(place))?;
            let is_new = (value.as_attrs().is_some() || value.as_list().is_some()) && seen.insert(value);
            if is_new { cx.force_members(value, seen) } else { Ok(()) }
        })
    }

    /// C++ Nix's position of a value, evaluated or not: functions and delayed calls have one.
    pub(crate) fn place_of(&self, value: Value<'h>) -> Place {
        match value.unpack() {
            Unpacked::Closure(closure) => self.closure_info(closure).position.into(),
            Unpacked::Thunk(thunk) => match (thunk.state(), thunk.kind()) {
                (ThunkState::Suspended, ThunkKind::Apply | ThunkKind::Member(_)) => {
                    self.place_of(self.delayed_call_of(thunk, thunk.capture(0)).function)
                }
                _ => Place::NOWHERE,
            },
            _ => Place::NOWHERE,
        }
    }

    /// True if a running thunk is the home of its value: always for a list, for functions and floats as far as can be
    /// decided.
    #[inline(never)]
    fn is_home(&self, value: Value<'h>, made_by: Option<(&LoadedUnit, OperandKind)>) -> bool {
        if value.is_freely_copied() {
            // The first place that holds a list is its home.
            return value.as_list().is_none_or(|list| list.is_empty() || list.settle());
        }
        made_by.is_some_and(|(unit, body)| makes_function(unit, body))
    }

    fn force_members(&mut self, value: Value<'h>, seen: &mut ScratchSet<'h, Value<'h>>) -> Result<()> {
        if let Some(attrs) = value.as_attrs() {
            for (name, member, position) in attrs.iter() {
                self.force_deep_unless_seen(member, seen).map_err(|error| {
                    let name = self.shown_name(name);
                    error.traced(position, Action::Attribute(name.into()))
                })?;
            }
        } else if let Some(list) = value.as_list() {
            for (index, member) in list.iter().enumerate() {
                self.force_deep_unless_seen(member, seen)
                    .map_err(|error| error.traced(Place::NOWHERE, Action::Element(index)))?;
            }
        }
        Ok(())
    }
}

/// True if the code only creates a function, so that its thunk is the function's home.
fn makes_function(unit: &LoadedUnit, body: OperandKind) -> bool {
    match body {
        OperandKind::Expr(id) => matches!(unit.ir.expr(id), Expr::Lambda(_)),
        _ => false,
    }
}

//! Calls: closures, partial applications, and sets with `__functor`.
//!
//! Arguments of a call are pushed on the stack of slots; they become the first slots of the callee's frame.

use super::depth::Refused;
use super::{At, Eval, Frame, LoadedUnit};
use crate::error::{self, Action, Error, ErrorKind, Result};
use crate::heap::{Attrs, Closure, Partial, Unpacked, Value};
use crate::ir::{Code, Lambda, Operand, Words};
use crate::source::{Part, Place};
use crate::symbol;

impl<'h> Eval<'h> {
    /// Calls `function`, which may be anything callable, with arguments. The result is evaluated.
    ///
    /// # Errors
    ///
    /// Fails if the call fails, or if a value is not a function.
    pub fn call(&mut self, function: Value<'h>, arguments: &[Value<'h>]) -> Result<Value<'h>> {
        self.call_at(Place::NOWHERE, function, arguments)
    }

    /// The same, with the place of the call for errors.
    pub(super) fn call_at(&mut self, place: Place, function: Value<'h>, arguments: &[Value<'h>]) -> Result<Value<'h>> {
        let function = self.force(function).map_err(|error| error.filled(place))?;
        let base = self.stack.len();
        self.stack.extend_from_slice(arguments);
        self.at_call(place, |cx| cx.call_on_stack(function, base, arguments.len()))
    }

    /// Runs `body` as a call from this place.
    #[inline(always)]
    pub(super) fn at_call<T>(&mut self, place: Place, body: impl FnOnce(&mut Self) -> T) -> T {
        let saved = std::mem::replace(&mut self.call_place, place);
        let result = body(self);
        self.call_place = saved;
        result
    }

    #[inline(never)]
    pub(super) fn run_call(&mut self, at: At<'_, 'h>, function: Operand, arguments: Words) -> Result<Value<'h>> {
        let callee = self.eval_part(at, function, Part::Base)?;
        let base = self.stack.len();
        for argument in at.ir().operands(arguments) {
            let value = self.delay(at.frame, argument);
            self.stack.push(value);
        }
        self.at_call(at.position().into(), |cx| cx.call_on_stack(callee, base, arguments.len as usize))
    }

    /// Calls with the `count` arguments on the stack from `base` on, and removes them.
    pub(super) fn call_on_stack(&mut self, function: Value<'h>, base: usize, count: usize) -> Result<Value<'h>> {
        let result = match self.enter_call() {
            Ok(()) => {
                let result = self.apply(function, base, count);
                self.leave_call();
                result
            }
            Err(refused) => self.call_observed(refused, function, base, count),
        };
        self.stack.truncate(base);
        result
    }

    /// The same with observed calls.
    #[cold]
    fn call_observed(&mut self, refused: Refused, function: Value<'h>, base: usize, count: usize) -> Result<Value<'h>> {
        self.enter_observed(refused).map_err(|error| error.at(self.call_place))?;
        // A delayed call has the position of its function.
        let place = match (self.call_place, function.unpack()) {
            (Place::OPEN, Unpacked::Closure(closure)) => self.closure_info(closure).position.into(),
            (place, _) => place,
        };
        self.observe_begin(place, self.callee(function));
        self.record_call(function, base, count);
        let result = self.apply(function, base, count);
        self.record_end(&result);
        self.observe_end(place);
        result
    }

    /// Calls with as many of the arguments as the function takes, then calls the result with the others, and so on.
    // A separate function, so that the common caller does not pay for the other one.
    #[inline(always)]
    fn apply(&mut self, mut function: Value<'h>, mut base: usize, mut count: usize) -> Result<Value<'h>> {
        loop {
            let used = match function.unpack() {
                Unpacked::Closure(closure) => {
                    let unit = self.shared.units.of(closure.code());
                    let code = unit.code(closure.code());
                    let Some(lambda) = &code.lambda else {
                        return Err(ErrorKind::Internal("the code of a function has no parameters").into());
                    };
                    let wanted = lambda.parameters.len();
                    if count == wanted {
                        return self.enter_closure(closure, unit, code, lambda, base);
                    }
                    if count < wanted {
                        return Ok(self.partial(function, None, base, count));
                    }
                    function = self.apply_to_first(function, base, wanted)?;
                    wanted
                }
                Unpacked::Builtin(id) => {
                    let arity = self.builtin(id).arity();
                    if count < arity {
                        return Ok(self.partial(function, None, base, count));
                    }
                    function = self.call_builtin_on_stack(id, base)?;
                    arity
                }
                Unpacked::Partial(partial) => {
                    let wanted = self.arity(partial.function()).saturating_sub(partial.len());
                    if count < wanted {
                        return Ok(self.partial(partial.function(), Some(partial), base, count));
                    }
                    if count == wanted {
                        let before = (0..partial.len()).map(|index| partial.argument(index));
                        self.stack.splice(base..base, before);
                        function = partial.function();
                        count += partial.len();
                        continue;
                    }
                    function = self.apply_to_first(function, base, wanted)?;
                    wanted
                }
                Unpacked::Attrs(attrs) => {
                    function = self.call_functor(attrs, function, base)?;
                    1
                }
                _ => return Err(self.not_callable(function)),
            };
            base += used;
            count -= used;
            if count == 0 {
                return Ok(function);
            }
        }
    }

    /// Calls with only the first `wanted` arguments. All of them stay in place.
    #[inline(never)]
    fn apply_to_first(&mut self, function: Value<'h>, base: usize, wanted: usize) -> Result<Value<'h>> {
        let top = self.stack.len();
        self.stack.extend_from_within(base..base + wanted);
        let result = self.apply(function, top, wanted);
        self.stack.truncate(top);
        result
    }

    fn partial(&self, function: Value<'h>, before: Option<Partial<'h>>, base: usize, count: usize) -> Value<'h> {
        Partial::apply(self.scope, function, before, &self.stack[base..base + count]).into()
    }

    fn arity(&self, function: Value<'h>) -> usize {
        match function.unpack() {
            Unpacked::Builtin(id) => self.builtin(id).arity(),
            Unpacked::Closure(closure) => self.lambda_of(closure).map_or(0, |(_, lambda)| lambda.parameters.len()),
            _ => 0,
        }
    }

    pub(super) fn lambda_of(&self, closure: Closure<'h>) -> Option<(&'h LoadedUnit, &'h Lambda)> {
        let unit = self.shared.units.of(closure.code());
        unit.code(closure.code()).lambda.as_deref().map(|lambda| (unit, lambda))
    }

    #[inline]
    fn enter_closure(
        &mut self,
        closure: Closure<'h>,
        unit: &'h LoadedUnit,
        code: &'h Code,
        lambda: &'h Lambda,
        base: usize,
    ) -> Result<Value<'h>> {
        self.stack.resize(base + code.slots as usize, Value::NULL);
        let frame = Frame { unit, base, captures: closure.into(), constants: self.constants(unit) };
        if let Some(pattern) = &lambda.pattern {
            self.bind_pattern(&frame, lambda, pattern)?;
        }
        match self.eval(&frame, code.body) {
            Err(error) => Err(self.in_call(&frame, code, lambda, error)),
            result => result,
        }
    }

    /// Adds the function to an error in it, and the place of the call.
    #[cold]
    fn in_call(&self, frame: &Frame<'h>, code: &Code, lambda: &Lambda, error: Error) -> Error {
        let body = Place::part(frame.unit.position(code.span.start), Part::Body);
        let error = if code.body.is_trivial() { error.filled(body) } else { error };
        if !self.settings().call_traces {
            return error;
        }
        let name = frame.unit.function_name(lambda);
        let name = name.map(|name| String::from_utf8_lossy(self.symbol_text(name)).into());
        let error = error.traced_call(self.lambda_position(frame, lambda), Action::Function(name));
        match self.call_place {
            Place::NOWHERE => error,
            place => error.traced_call(place, Action::CallSite),
        }
    }

    pub(super) fn called_here(&self, error: Error) -> Error {
        if self.call_place == Place::NOWHERE { error } else { error.traced(self.call_place, Action::CallSite) }
    }

    /// Calls the `__functor` of a set with the set and the argument at `base`. Further arguments are for the result.
    fn call_functor(&mut self, attrs: Attrs<'h>, set: Value<'h>, base: usize) -> Result<Value<'h>> {
        let Some(functor) = attrs.get(symbol::FUNCTOR) else { return Err(self.not_callable(set)) };
        let place = attrs.position(symbol::FUNCTOR).into();
        let result = self.at_call(place, |cx| {
            let functor = cx.force(functor).map_err(|error| error.filled(place))?;
            let top = cx.stack.len();
            cx.stack.extend([set, cx.stack[base]]);
            // A separate, counted call: a functor may itself have a functor, without end.
            cx.call_on_stack(functor, top, 2)
        });
        result.map_err(|error| error.traced(self.call_place, Action::Functor))
    }

    #[cold]
    fn not_callable(&self, function: Value<'h>) -> Error {
        let (kind, excerpt) = (self.show_type(function), self.excerpt(function));
        let message = format!("attempt to call something which is not a function but {kind}: {excerpt}");
        Error::type_error(message)
            .at(self.call_place)
            .with_code(error::Code::NOT_A_FUNCTION)
            .with_details(self.found(function))
            .showing([&excerpt])
    }
}

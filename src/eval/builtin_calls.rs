//! Calls of builtins.

use super::builtin::{Arguments, Builtin, HostFunction, MAX_ARITY, UNKNOWN};
use super::depth::Refused;
use super::profile::Callee;
use super::{At, Eval, Frame};
use crate::error::{Action, Error, ErrorKind, Result};
use crate::heap::{BuiltinId, Unpacked, Value};
use crate::ir::{Operand, OperandKind, Words};
use crate::source::Place;
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

impl<'h> Eval<'h> {
    /// The row of a builtin, or of a function of the embedder.
    #[inline]
    pub fn builtin(&self, id: BuiltinId) -> &'h Builtin {
        match self.shared.builtins.get(id.0 as usize) {
            Some(builtin) => builtin,
            None => self.host_function(id).map_or(&UNKNOWN, |function| &function.row),
        }
    }

    #[cold]
    fn host_function(&self, id: BuiltinId) -> Option<&'h HostFunction> {
        let index = usize::from(id.0).checked_sub(self.shared.builtins.len())?;
        self.shared.host_functions.get(index)
    }

    /// A builtin without a name in the language, for the evaluator's own values.
    pub(crate) fn internal_builtin(&self, name: &str) -> Value<'h> {
        let index = self.shared.builtins.iter().position(|builtin| builtin.name == name);
        index.map_or(Value::NULL, |index| Value::builtin(BuiltinId(index as u16)))
    }

    pub(super) fn call_builtin_on_stack(&mut self, id: BuiltinId, base: usize) -> Result<Value<'h>> {
        let Some(builtin) = self.shared.builtins.get(id.0 as usize) else {
            return self.call_host_function(id, base);
        };
        let mut arguments = [Value::NULL; MAX_ARITY];
        arguments[..builtin.arity()].copy_from_slice(&self.stack[base..base + builtin.arity()]);
        self.call_builtin(builtin, arguments)
    }

    /// Calls a function of the embedder. Its errors point to the call. If it panics, that is an error of the function.
    #[cold]
    fn call_host_function(&mut self, id: BuiltinId, base: usize) -> Result<Value<'h>> {
        let Some(function) = self.host_function(id) else { return UNKNOWN.run(self, [Value::NULL; MAX_ARITY]) };
        let place = self.call_place;
        let arguments = self.scope.gather(self.stack[base..base + function.row.arity()].iter().copied());
        let was_careful = self.shared.heap.set_careful(self.shared.heap.is_careful() && function.is_careful);
        let top = (self.stack.len(), self.levels);
        let result = catch_unwind(AssertUnwindSafe(|| (function.code)(self, &arguments)));
        self.shared.heap.set_careful(was_careful);
        let result = result.unwrap_or_else(|panic| {
            self.stack.truncate(top.0);
            self.levels = top.1;
            Err(panicked(function.row.name, &*panic))
        });
        result
            .and_then(|value| self.force(value))
            .map_err(|error| builtin_trace(&function.row, place, error.filled(place).at(place)))
    }

    /// A call of a builtin that was known when the file was lowered, with all of its arguments.
    #[inline(never)]
    pub(super) fn run_builtin(&mut self, at: At<'_, 'h>, constant: u32, arguments: Words) -> Result<Value<'h>> {
        let function = at.frame.constants.get(constant as usize).map(Value::unpack);
        let builtin = match function {
            Some(Unpacked::Builtin(id)) => self.shared.builtins.get(id.0 as usize).copied(),
            _ => None,
        };
        let Some(builtin) = builtin else {
            return self.run_call(at, Operand::new(OperandKind::Constant(constant)), arguments);
        };
        let place = at.position().into();
        if let Err(refused) = self.enter_call() {
            return self.run_builtin_observed(refused, at, constant, builtin, arguments);
        }
        let result = self.at_call(place, |cx| cx.run_builtin_inside(at.frame, builtin, arguments));
        self.leave_call();
        result
    }

    /// The same with observed calls.
    #[cold]
    fn run_builtin_observed(
        &mut self,
        refused: Refused,
        at: At<'_, 'h>,
        constant: u32,
        builtin: &'static Builtin,
        arguments: Words,
    ) -> Result<Value<'h>> {
        let place = at.position().into();
        self.enter_observed(refused).map_err(|error| error.at(place))?;
        let callee = self.builtin_callee(at.frame, builtin, arguments);
        self.observe_begin(place, callee);
        let function = at.frame.constants.get(constant as usize);
        self.record_call(function.unwrap_or(Value::NULL), self.stack.len(), 0);
        let result = self.at_call(place, |cx| {
            let values = cx.builtin_arguments(at.frame, builtin, arguments)?;
            cx.record_arguments(&values[..builtin.arity()]);
            cx.call_builtin(builtin, values)
        });
        self.record_end(&result);
        self.observe_end(place);
        result
    }

    fn builtin_callee(&mut self, frame: &Frame<'h>, builtin: &'static Builtin, arguments: Words) -> Callee {
        let argument = frame.unit.ir.operands(arguments).next().filter(|argument| argument.is_trivial());
        let derivation = match argument {
            Some(argument) if builtin.name == "derivationStrict" => {
                let argument = self.delay(frame, argument);
                self.derivation_callee(argument)
            }
            _ => None,
        };
        derivation.unwrap_or(Callee::Builtin(builtin.name))
    }

    #[inline]
    fn run_builtin_inside(
        &mut self,
        frame: &Frame<'h>,
        builtin: &'static Builtin,
        arguments: Words,
    ) -> Result<Value<'h>> {
        let values = self.builtin_arguments(frame, builtin, arguments)?;
        self.call_builtin(builtin, values)
    }

    #[inline(always)]
    fn builtin_arguments(
        &mut self,
        frame: &Frame<'h>,
        builtin: &'static Builtin,
        arguments: Words,
    ) -> Result<Arguments<'h>> {
        let place = self.call_place;
        let mut values = [Value::NULL; MAX_ARITY];
        for (index, operand) in frame.unit.ir.operands(arguments).enumerate().take(MAX_ARITY) {
            values[index] = if index == 0 && builtin.forces_first {
                match self.eval(frame, operand) {
                    Ok(value) => value,
                    // The builtin meets the error when it forces the argument, and adds its phrase.
                    Err(error) => self.failed(error.closed()).map_err(|error| builtin_trace(builtin, place, error))?,
                }
            } else {
                self.delay(frame, operand)
            };
        }
        Ok(values)
    }

    #[inline]
    fn call_builtin(&mut self, builtin: &'static Builtin, arguments: Arguments<'h>) -> Result<Value<'h>> {
        let place = self.call_place;
        builtin.run(self, arguments).map_err(|error| builtin_trace(builtin, place, error))
    }
}

/// The error of a function of the embedder that panicked.
#[cold]
fn panicked(name: &str, panic: &dyn Any) -> Error {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    ErrorKind::Host(format!("the function '{name}' panicked: {}", text.unwrap_or("no message"))).into()
}

#[cold]
fn builtin_trace(builtin: &Builtin, place: Place, error: Error) -> Error {
    if builtin.is_untraced {
        return error;
    }
    error.traced(place, Action::Builtin(builtin.name))
}

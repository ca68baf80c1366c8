//! Calls of builtins.

use super::builtin::{Arguments, Builtin, MAX_ARITY};
use super::depth::Refused;
use super::profile::Callee;
use super::{At, Eval, Frame};
use crate::error::{Action, Error, Result};
use crate::heap::{BuiltinId, Unpacked, Value};
use crate::ir::{Operand, OperandKind, Words};
use crate::source::Place;

impl<'h> Eval<'h> {
    /// The row of a builtin.
    #[inline]
    pub fn builtin(&self, id: BuiltinId) -> &'static Builtin {
        self.shared.builtins[id.0 as usize]
    }

    /// A builtin without a name in the language, for the evaluator's own values.
    pub(crate) fn internal_builtin(&self, name: &str) -> Value<'h> {
        let index = self.shared.builtins.iter().position(|builtin| builtin.name == name);
        index.map_or(Value::NULL, |index| Value::builtin(BuiltinId(index as u16)))
    }

    pub(super) fn call_builtin_on_stack(&mut self, id: BuiltinId, base: usize) -> Result<Value<'h>> {
        let builtin = self.builtin(id);
        let mut arguments = [Value::NULL; MAX_ARITY];
        arguments[..builtin.arity()].copy_from_slice(&self.stack[base..base + builtin.arity()]);
        self.call_builtin(builtin, arguments)
    }

    /// A call of a builtin that was known when the file was lowered, with all of its arguments.
    #[inline(never)]
    pub(super) fn run_builtin(&mut self, at: At<'_, 'h>, constant: u32, arguments: Words) -> Result<Value<'h>> {
        let function = at.frame.constants.get(constant as usize).map(Value::unpack);
        let Some(Unpacked::Builtin(builtin)) = function else {
            return self.run_call(at, Operand::new(OperandKind::Constant(constant)), arguments);
        };
        let builtin = self.builtin(builtin);
        let place = at.position().into();
        if let Err(refused) = self.enter_call() {
            return self.run_builtin_observed(refused, at.frame, builtin, place, arguments);
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
        frame: &Frame<'h>,
        builtin: &'static Builtin,
        place: Place,
        arguments: Words,
    ) -> Result<Value<'h>> {
        self.enter_observed(refused).map_err(|error| error.at(place))?;
        let callee = self.builtin_callee(frame, builtin, arguments);
        self.observe_begin(place, callee);
        let result = self.at_call(place, |cx| cx.run_builtin_inside(frame, builtin, arguments));
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
        self.call_builtin(builtin, values)
    }

    #[inline]
    fn call_builtin(&mut self, builtin: &'static Builtin, arguments: Arguments<'h>) -> Result<Value<'h>> {
        let place = self.call_place;
        builtin.run(self, arguments).map_err(|error| builtin_trace(builtin, place, error))
    }
}

#[cold]
fn builtin_trace(builtin: &Builtin, place: Place, error: Error) -> Error {
    if builtin.is_untraced {
        return error;
    }
    error.traced(place, Action::Builtin(builtin.name))
}

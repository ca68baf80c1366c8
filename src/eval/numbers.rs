//! Arithmetic: 64-bit integers that must not overflow, floats, and both mixed.

use super::Eval;
use crate::error::{Arithmetic, Cause, Code, Error, Operand, Result};
use crate::heap::{Unpacked, Value};

/// A number of either kind.
#[derive(Clone, Copy)]
enum Number {
    Int(i64),
    Float(f64),
}

impl Number {
    fn as_float(self) -> f64 {
        match self {
            Self::Int(int) => int as f64,
            Self::Float(float) => float,
        }
    }
}

/// The properties of an arithmetic operation.
struct Operation {
    /// The present participle and the sign in overflow messages.
    doing: &'static str,
    sign: char,
    name: Arithmetic,
    on_integers: fn(i64, i64) -> Option<i64>,
    on_floats: fn(f64, f64) -> f64,
}

const ADD: Operation = Operation {
    doing: "adding",
    sign: '+',
    name: Arithmetic::Addition,
    on_integers: i64::checked_add,
    on_floats: |a, b| a + b,
};

const SUBTRACT: Operation = Operation {
    doing: "subtracting",
    sign: '-',
    name: Arithmetic::Subtraction,
    on_integers: i64::checked_sub,
    on_floats: |a, b| a - b,
};

const MULTIPLY: Operation = Operation {
    doing: "multiplying",
    sign: '*',
    name: Arithmetic::Multiplication,
    on_integers: i64::checked_mul,
    on_floats: |a, b| a * b,
};

const DIVIDE: Operation = Operation {
    doing: "dividing",
    sign: '/',
    name: Arithmetic::Division,
    on_integers: i64::checked_div,
    on_floats: |a, b| a / b,
};

impl<'h> Eval<'h> {
    /// `a + b` on numbers.
    pub fn add(&mut self, a: Value<'h>, b: Value<'h>) -> Result<Value<'h>> {
        self.arithmetic(&ADD, a, b)
    }

    /// `a - b`
    pub fn subtract(&mut self, a: Value<'h>, b: Value<'h>) -> Result<Value<'h>> {
        self.arithmetic(&SUBTRACT, a, b)
    }

    /// `a * b`
    pub fn multiply(&mut self, a: Value<'h>, b: Value<'h>) -> Result<Value<'h>> {
        self.arithmetic(&MULTIPLY, a, b)
    }

    /// `a / b`; the divisor must not be zero, not even as a float.
    pub fn divide(&mut self, a: Value<'h>, b: Value<'h>) -> Result<Value<'h>> {
        let divisor = self.number(b, Operand::Second(DIVIDE.name))?;
        if divisor.as_float() == 0.0 {
            return Err(Error::eval("division by zero").with_code(Code::ARITHMETIC).because(Cause::DivisionByZero));
        }
        self.arithmetic(&DIVIDE, a, b)
    }

    fn arithmetic(&mut self, operation: &Operation, a: Value<'h>, b: Value<'h>) -> Result<Value<'h>> {
        let a = self.force_or_trace(a, Operand::First(operation.name))?;
        let b = self.force_or_trace(b, Operand::Second(operation.name))?;
        if let (Unpacked::Int(a), Unpacked::Int(b)) = (a.unpack(), b.unpack()) {
            return match (operation.on_integers)(a, b) {
                Some(result) => Ok(self.int(result)),
                None => Err(overflow(operation, a, b)),
            };
        }
        let is_float = |value: Value<'h>| matches!(value.unpack(), Unpacked::Float(_));
        let expected = if is_float(a) || is_float(b) { "a float" } else { "an integer" };
        let a = self.number_or(a, expected, Operand::First(operation.name))?;
        let b = self.number_or(b, expected, Operand::Second(operation.name))?;
        Ok(self.float((operation.on_floats)(a.as_float(), b.as_float())))
    }

    fn force_or_trace(&mut self, value: Value<'h>, operand: Operand) -> Result<Value<'h>> {
        self.force(value).map_err(|error| error.traced(crate::heap::PosId::NONE, operand))
    }

    fn number(&mut self, value: Value<'h>, operand: Operand) -> Result<Number> {
        let value = self.force_or_trace(value, operand)?;
        self.number_or(value, "a float", operand)
    }

    fn number_or(&self, value: Value<'h>, expected: &str, operand: Operand) -> Result<Number> {
        match value.unpack() {
            Unpacked::Int(int) => Ok(Number::Int(int)),
            Unpacked::Float(float) => Ok(Number::Float(float)),
            _ => Err(self.argument_mismatch(expected, value, value).traced(crate::heap::PosId::NONE, operand)),
        }
    }
}

#[cold]
fn overflow(operation: &Operation, a: i64, b: i64) -> Error {
    Error::eval(format!("integer overflow in {} {a} {} {b}", operation.doing, operation.sign))
        .with_code(Code::ARITHMETIC)
}

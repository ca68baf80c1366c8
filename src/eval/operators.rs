//! Operators on evaluated operands.

use super::{At, Coercion, Eval, Frame, Need};
use crate::error::{self, Action, Code, Details, Error, ErrorKind, Purpose, Result};
use crate::heap::{List, PosId, Str, Unpacked, Value};
use crate::ir::{BinaryOp, Expr, Operand, OperandKind};
use crate::source::{Part, Place, path_text};

impl<'h> Eval<'h> {
    #[inline]
    pub(super) fn apply_operator(
        &mut self,
        at: At<'_, 'h>,
        op: BinaryOp,
        left: Value<'h>,
        right: Value<'h>,
    ) -> Result<Value<'h>> {
        if let (Some(a), Some(b)) = (left.as_small_int(), right.as_small_int())
            && let Some(result) = on_small_integers(op, a, b)
        {
            return Ok(result);
        }
        self.apply_operator_slow(at, op, left, right)
    }

    #[inline(never)]
    fn apply_operator_slow(
        &mut self,
        at: At<'_, 'h>,
        op: BinaryOp,
        left: Value<'h>,
        right: Value<'h>,
    ) -> Result<Value<'h>> {
        let result = match op {
            BinaryOp::Add => return self.plus(at, left, right),
            BinaryOp::Equal | BinaryOp::NotEqual => {
                let equal = self.equal_results(left, right);
                let equal = equal.map_err(|error| error.deep_at(at.position()))?;
                return Ok(Value::bool(equal == (op == BinaryOp::Equal)));
            }
            BinaryOp::Concat => return self.concat(at, left, right),
            BinaryOp::Update => return self.update(at, left, right),
            BinaryOp::Sub => self.subtract(left, right),
            BinaryOp::Mul => self.multiply(left, right),
            BinaryOp::Div => self.divide(left, right),
            BinaryOp::Less => self.less_than_as_call(left, right).map(Value::bool),
            BinaryOp::Greater => self.less_than_as_call(right, left).map(Value::bool),
            BinaryOp::LessOrEqual => self.less_than_as_call(right, left).map(|less| Value::bool(!less)),
            BinaryOp::GreaterOrEqual => self.less_than_as_call(left, right).map(|less| Value::bool(!less)),
        };
        result.map_err(|error| builtin_trace(op, at.position(), error))
    }

    /// `a // b`
    fn update(&mut self, at: At<'_, 'h>, left: Value<'h>, right: Value<'h>) -> Result<Value<'h>> {
        let Some(right) = right.as_attrs() else { return Err(self.not_to_update(at, right, false)) };
        let Some(left) = left.as_attrs() else { return Err(self.not_to_update(at, left, true)) };
        Ok(self.update_attrs(left, right).into())
    }

    #[cold]
    pub(super) fn not_to_update(&self, at: At<'_, 'h>, value: Value<'h>, is_left: bool) -> Error {
        let (operand, part) = side(is_left);
        self.mismatch("a set", value).traced(at.place(part), operand("//"))
    }

    #[cold]
    fn not_lists(&self, at: At<'_, 'h>, left: Value<'h>, right: Value<'h>) -> Error {
        let (wrong, part) = if left.as_list().is_none() { (left, Part::LeftSide) } else { (right, Part::RightSide) };
        let related = vec![(at.place(part), "a list is needed here".into())];
        let details = Details { related, ..self.found(wrong) };
        let error = self.mismatch("a list", wrong).with_details(details);
        error.traced(at.position(), Purpose::<&str>::Concatenation)
    }

    /// `a ++ b`
    fn concat(&mut self, at: At<'_, 'h>, left: Value<'h>, right: Value<'h>) -> Result<Value<'h>> {
        let (Some(a), Some(b)) = (left.as_list(), right.as_list()) else {
            return Err(self.not_lists(at, left, right));
        };
        if a.is_empty() {
            return Ok(right);
        }
        if b.is_empty() {
            return Ok(left);
        }
        Ok(self.concat_lists(&[a, b])?.into())
    }

    /// All elements of several lists as one list.
    ///
    /// # Errors
    ///
    /// Fails if that exceeds the memory limit, or if the evaluation should stop.
    pub fn concat_lists(&self, lists: &[List<'h>]) -> Result<List<'h>> {
        self.poll()?;
        match self.with_room(|| List::joined(self.scope, lists)) {
            Some(joined) => Ok(joined),
            None => self.poll().and_then(|()| Err(ErrorKind::OutOfMemory.into())),
        }
    }

    /// `a + b`: the type of the first operand decides the operation.
    fn plus(&mut self, at: At<'_, 'h>, left: Value<'h>, right: Value<'h>) -> Result<Value<'h>> {
        match left.unpack() {
            Unpacked::Int(_) | Unpacked::Float(_) => {
                self.plus_number(left, right).map_err(|error| error.at(at.place(Part::RightSide)))
            }
            Unpacked::Path(path) => {
                let right = self.coerce_side(at, right, Coercion::plain(), Part::RightSide)?;
                self.extend_path(path_text(path.as_bytes()), &[right]).map_err(|error| error.at(at.position()))
            }
            _ => {
                let coercion = Coercion::sum(left);
                let left = self.coerce_side(at, left, coercion, Part::LeftSide)?;
                let right = self.coerce_side(at, right, coercion, Part::RightSide)?;
                self.join_strings([left, right].into_iter())
            }
        }
    }

    /// `a + b` where `a` is neither a number nor a string nor a path, but may be coerced to a string.
    pub(super) fn add_to_text(&mut self, at: At<'_, 'h>, left: Value<'h>, right: Operand) -> Result<Value<'h>> {
        let left = self.coerce_side(at, left, Coercion::plain(), Part::LeftSide)?;
        let value =
            self.eval(at.frame, right).map_err(|error| self.in_operand(at, (BinaryOp::Add, right, false), error))?;
        let right = self.coerce_side(at, value, Coercion::plain(), Part::RightSide)?;
        self.join_strings([left, right].into_iter())
    }

    fn plus_number(&mut self, left: Value<'h>, right: Value<'h>) -> Result<Value<'h>> {
        let kind = match (left.unpack(), right.unpack()) {
            // C++ Nix adds both to 0.0, so the sum is never -0.0.
            (Unpacked::Float(-0.0), Unpacked::Float(-0.0)) => return Ok(self.float(0.0)),
            (_, Unpacked::Int(_) | Unpacked::Float(_)) => return self.add(left, right),
            (Unpacked::Float(_), _) => "a float",
            _ => "an integer",
        };
        Err(Error::type_error(format!("cannot add {} to {kind}", self.show_type(right)))
            .with_code(Code::NOT_ADDABLE)
            .with_details(self.found(right)))
    }

    fn coerce_side(&mut self, at: At<'_, 'h>, value: Value<'h>, coercion: Coercion, part: Part) -> Result<Str<'h>> {
        match value.as_str() {
            Some(string) => Ok(string),
            None => self.coerce_to_string(value, coercion, Need::at(Purpose::PathSegment, at.place(part))),
        }
    }

    /// `-a`, which is `0 - a`.
    #[inline(never)]
    pub(super) fn negate(&mut self, at: At<'_, 'h>, operand: Operand) -> Result<Value<'h>> {
        let value = self.eval(at.frame, operand).map_err(|error| builtin_trace(BinaryOp::Sub, at.position(), error))?;
        let zero = self.int(0);
        self.apply_operator(at, BinaryOp::Sub, zero, value)
    }

    /// Adds the operand to an error in it.
    #[cold]
    pub(super) fn in_operand(
        &self,
        at: At<'_, 'h>,
        (op, value, is_left): (BinaryOp, Operand, bool),
        error: Error,
    ) -> Error {
        let position = at.position();
        let (operand, part) = side(is_left);
        let place = Place::part(position, part);
        let action = match op {
            BinaryOp::Equal => operand("=="),
            BinaryOp::NotEqual => operand("!="),
            BinaryOp::Concat => operand("++"),
            // A chain of updates is one operation.
            BinaryOp::Update if is_update(at.frame, value) => return error,
            BinaryOp::Update => operand("//"),
            BinaryOp::Add => error::Operand::Sum,
            _ => return builtin_trace(op, position, error),
        };
        let error = if value.is_trivial() { error.filled(place) } else { error };
        error.traced(place, action)
    }
}

/// The operand of an operator on one side, and where it is.
fn side(is_left: bool) -> (fn(&'static str) -> error::Operand, Part) {
    if is_left { (error::Operand::Left, Part::Left) } else { (error::Operand::Right, Part::Right) }
}

fn is_update(frame: &Frame<'_>, operand: Operand) -> bool {
    match operand.kind() {
        OperandKind::Expr(id) => matches!(frame.unit.ir.expr(id), Expr::Binary { op: BinaryOp::Update, .. }),
        _ => false,
    }
}

/// An operator on two small integers; `None` if it may fail, or if the result is not small.
#[inline(always)]
pub(super) fn on_small_integers<'h>(op: BinaryOp, a: i64, b: i64) -> Option<Value<'h>> {
    Some(match op {
        BinaryOp::Add => return Value::small_int(a + b),
        BinaryOp::Sub => return Value::small_int(a - b),
        BinaryOp::Mul => return a.checked_mul(b).and_then(Value::small_int),
        BinaryOp::Less => Value::bool(a < b),
        BinaryOp::Greater => Value::bool(a > b),
        BinaryOp::LessOrEqual => Value::bool(a <= b),
        BinaryOp::GreaterOrEqual => Value::bool(a >= b),
        BinaryOp::Equal => Value::bool(a == b),
        BinaryOp::NotEqual => Value::bool(a != b),
        BinaryOp::Div | BinaryOp::Concat | BinaryOp::Update => return None,
    })
}

/// Adds the trace of a builtin to an error: in traces `-`, `*`, `/` and `<` are calls of builtins, and `a <= b` is
/// `!(b < a)`.
#[cold]
fn builtin_trace(op: BinaryOp, position: PosId, error: Error) -> Error {
    let builtin = match op {
        BinaryOp::Sub => "sub",
        BinaryOp::Mul => "mul",
        BinaryOp::Div => "div",
        _ => "lessThan",
    };
    let error = error.traced(position, Action::Builtin(builtin));
    match op {
        BinaryOp::LessOrEqual | BinaryOp::GreaterOrEqual => error.traced(position, error::Operand::Only("!")),
        _ => error,
    }
}

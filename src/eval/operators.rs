//! Operators on evaluated operands, interpolation, and `assert`.

use super::{Coercion, Eval, Frame};
use crate::error::{Error, ErrorKind, Result};
use crate::heap::{List, PosId, Str, Unpacked, Value};
use crate::ir::{BinaryOp, Expr, ExprId, Operand, Source, Words};
use crate::value::ListBuilder;
use crate::value::context::GatheredContexts;

impl<'h> Eval<'h> {
    #[inline]
    pub(super) fn apply_operator(
        &mut self,
        frame: &Frame<'h>,
        id: ExprId,
        op: BinaryOp,
        left: Value<'h>,
        right: Value<'h>,
    ) -> Result<Value<'h>> {
        if let (Some(a), Some(b)) = (left.as_small_int(), right.as_small_int())
            && let Some(result) = on_small_integers(op, a, b)
        {
            return Ok(result);
        }
        self.apply_operator_slow(frame, id, op, left, right)
    }

    fn apply_operator_slow(
        &mut self,
        frame: &Frame<'h>,
        id: ExprId,
        op: BinaryOp,
        left: Value<'h>,
        right: Value<'h>,
    ) -> Result<Value<'h>> {
        let position = self.position_of(frame, id);
        let saved = std::mem::replace(&mut self.call_position, position);
        let result = match op {
            BinaryOp::Add => self.plus(left, right),
            BinaryOp::Sub => self.subtract(left, right).map_err(|error| operator_trace("sub", position, error)),
            BinaryOp::Mul => self.multiply(left, right).map_err(|error| operator_trace("mul", position, error)),
            BinaryOp::Div => self.divide(left, right).map_err(|error| operator_trace("div", position, error)),
            BinaryOp::Less => self.less(left, right, position).map(Value::bool),
            BinaryOp::Greater => self.less(right, left, position).map(Value::bool),
            BinaryOp::LessOrEqual => self.less(right, left, position).map(|less| Value::bool(!less)),
            BinaryOp::GreaterOrEqual => self.less(left, right, position).map(|less| Value::bool(!less)),
            BinaryOp::Equal => self.equal_results(left, right).map(Value::bool),
            BinaryOp::NotEqual => self.equal_results(left, right).map(|equal| Value::bool(!equal)),
            BinaryOp::Concat => self.concat(left, right),
            BinaryOp::Update => self.update(left, right),
        };
        self.call_position = saved;
        result.map_err(|error| error.at(position))
    }

    fn less(&mut self, a: Value<'h>, b: Value<'h>, position: PosId) -> Result<bool> {
        self.less_than(a, b).map_err(|error| operator_trace("lessThan", position, error))
    }

    /// `a // b`
    fn update(&mut self, left: Value<'h>, right: Value<'h>) -> Result<Value<'h>> {
        let right = self.force_attrs(right, "in the right operand of '//'")?;
        let left = self.force_attrs(left, "in the left operand of '//'")?;
        Ok(self.update_attrs(left, right).into())
    }

    /// `a ++ b`
    fn concat(&mut self, left: Value<'h>, right: Value<'h>) -> Result<Value<'h>> {
        let left = self.force_list(left, "in the left operand of '++'")?;
        let right = self.force_list(right, "in the right operand of '++'")?;
        if left.is_empty() {
            return Ok(right.into());
        }
        if right.is_empty() {
            return Ok(left.into());
        }
        Ok(self.concat_lists(&[left, right])?.into())
    }

    /// All elements of several lists in one.
    ///
    /// # Errors
    /// If that passes the memory limit.
    pub fn concat_lists(&self, lists: &[List<'h>]) -> Result<List<'h>> {
        let total = lists.iter().map(|list| list.len()).sum();
        self.check_room(total)?;
        let mut builder = ListBuilder::new(self.scope, total);
        for list in lists {
            for item in list.iter() {
                builder.push(item);
            }
        }
        Ok(builder.finish())
    }

    /// `a + b`: the first operand decides what it means.
    fn plus(&mut self, left: Value<'h>, right: Value<'h>) -> Result<Value<'h>> {
        match left.unpack() {
            Unpacked::Int(_) | Unpacked::Float(_) => self.plus_number(left, right),
            Unpacked::Path(path) => {
                let right = self.coerce_segment(right, Coercion::plain())?;
                self.extend_path(path.as_bytes(), &[right])
            }
            _ => {
                let coercion = Coercion::sum(left);
                let left = self.coerce_segment(left, coercion)?;
                let right = self.coerce_segment(right, coercion)?;
                Ok(self.join_strings(&[left, right]))
            }
        }
    }

    /// `a + b` where `a` is neither a number nor a string nor a path, but may stand for a string.
    pub(super) fn add_to_text(
        &mut self,
        frame: &Frame<'h>,
        id: ExprId,
        left: Value<'h>,
        right: Operand,
    ) -> Result<Value<'h>> {
        let position = self.position_of(frame, id);
        let saved = std::mem::replace(&mut self.call_position, position);
        let left = self.coerce_segment(left, Coercion::plain());
        self.call_position = saved;
        let left = left?;
        let right =
            self.eval(frame, right).map_err(|error| self.operand_trace(frame, id, BinaryOp::Add, false, error))?;
        let right = self.coerce_segment(right, Coercion::plain())?;
        Ok(self.join_strings(&[left, right]))
    }

    #[cold]
    pub(super) fn not_a_set_to_update(&self, value: Value<'h>) -> Error {
        self.mismatch("a set", value).traced("in the right operand of '//'", PosId(0))
    }

    fn plus_number(&mut self, left: Value<'h>, right: Value<'h>) -> Result<Value<'h>> {
        let kind = match (left.unpack(), right.unpack()) {
            (_, Unpacked::Int(_) | Unpacked::Float(_)) => return self.add(left, right),
            (Unpacked::Float(_), _) => "a float",
            _ => "an integer",
        };
        Err(Error::type_error(format!("cannot add {} to {kind}", self.show_type(right))))
    }

    fn coerce_segment(&mut self, value: Value<'h>, coercion: Coercion) -> Result<Str<'h>> {
        self.coerce_to_string(value, coercion)
            .map_err(|error| error.traced("while evaluating a path segment", self.call_position))
    }

    /// Strings one after the other, with all their contexts.
    pub fn join_strings(&self, parts: &[Str<'h>]) -> Value<'h> {
        let mut bytes = Vec::with_capacity(parts.iter().map(|part| part.len()).sum());
        let mut contexts = GatheredContexts::default();
        for part in parts {
            bytes.extend_from_slice(part.as_bytes());
            contexts.add(part.context());
        }
        self.string_with_context(bytes, contexts.union(self.contexts()))
    }

    fn extend_path(&mut self, path: &[u8], rest: &[Str<'h>]) -> Result<Value<'h>> {
        let mut bytes = path.to_vec();
        for part in rest {
            if !Self::is_plain(part.context()) {
                return Err(Error::eval("a string that refers to a store path cannot be appended to a path"));
            }
            bytes.extend_from_slice(part.as_bytes());
        }
        Ok(self.path(crate::lower::canonical(&bytes)))
    }

    /// `"a${b}"`
    pub(super) fn interpolate(&mut self, frame: &Frame<'h>, id: ExprId, parts: Words) -> Result<Value<'h>> {
        let position = self.position_of(frame, id);
        let base = self.stack.len();
        let result = self.coerce_parts(frame, parts, position);
        let mut bytes = Vec::new();
        let mut contexts = GatheredContexts::default();
        for part in self.stack.drain(base..).filter_map(Value::as_str) {
            bytes.extend_from_slice(part.as_bytes());
            contexts.add(part.context());
        }
        result.map(|()| self.string_with_context(bytes, contexts.union(self.contexts())))
    }

    /// Pushes each part, coerced, on the stack.
    fn coerce_parts(&mut self, frame: &Frame<'h>, parts: Words, position: PosId) -> Result<()> {
        for operand in frame.unit.ir.operands(parts) {
            let value = self.eval(frame, operand)?;
            let text = match value.as_str() {
                Some(text) => text,
                None => self
                    .coerce_to_string(value, Coercion::interpolation())
                    .map_err(|error| error.at(position).traced("while evaluating a path segment", position))?,
            };
            self.stack.push(text.into());
        }
        Ok(())
    }

    /// `./a${b}`
    pub(super) fn interpolate_path(&mut self, frame: &Frame<'h>, id: ExprId, parts: Words) -> Result<Value<'h>> {
        let position = self.position_of(frame, id);
        let mut operands = frame.unit.ir.operands(parts);
        let Some(first) = operands.next() else { return Ok(Value::NULL) };
        let Unpacked::Path(start) = self.eval(frame, first)?.unpack() else { return Ok(Value::NULL) };
        let mut rest = Vec::new();
        for operand in operands {
            let value = self.eval(frame, operand)?;
            let text = self.coerce_to_string(value, Coercion::plain());
            rest.push(text.map_err(|error| error.at(position).traced("while evaluating a path segment", position))?);
        }
        self.extend_path(start.as_bytes(), &rest).map_err(|error| error.at(position))
    }

    /// `assert c; …`: an equation that fails says what differs.
    pub(super) fn check_assertion(&mut self, frame: &Frame<'h>, id: ExprId, condition: Operand) -> Result<()> {
        let position = self.position_of(frame, id);
        if let Some((left, right)) = equation(frame, condition) {
            let (a, b) = (self.eval(frame, left)?, self.eval(frame, right)?);
            if self.equal_results(a, b)? {
                return Ok(());
            }
            let text = self.condition_text(frame, id);
            let error = match self.assert_equal(a, b) {
                Err(error) => error,
                Ok(()) => ErrorKind::Assertion(format!("assertion '{text}' failed")).into(),
            };
            return Err(error.traced(format!("while evaluating the condition of the assertion '{text}'"), position));
        }
        if self.condition(frame, id, condition, "in the condition of the assert statement")? {
            return Ok(());
        }
        let text = self.condition_text(frame, id);
        Err(Error::from(ErrorKind::Assertion(format!("assertion '{text}' failed"))).at(position))
    }

    /// The condition as C++ Nix prints it: parsed again, since the IR no longer knows.
    #[cold]
    fn condition_text(&self, frame: &Frame<'h>, id: ExprId) -> String {
        let span = frame.unit.ir.span(id);
        let text = frame.unit.source.text.get(span.start as usize..span.end as usize).unwrap_or_default();
        String::from_utf8_lossy(&crate::lower::show_assertion(text, frame.unit.directory())).into_owned()
    }

    /// `-a`
    pub(super) fn negate(&mut self, frame: &Frame<'h>, id: ExprId, operand: Operand) -> Result<Value<'h>> {
        let value = self.eval(frame, operand)?;
        let zero = self.int(0);
        self.apply_operator(frame, id, BinaryOp::Sub, zero, value)
    }

    /// Says in which operand an error happened.
    #[cold]
    pub(super) fn operand_trace(
        &self,
        frame: &Frame<'h>,
        id: ExprId,
        op: BinaryOp,
        is_left: bool,
        error: Error,
    ) -> Error {
        let position = self.position_of(frame, id);
        let side = if is_left { "left" } else { "right" };
        match op {
            BinaryOp::Equal => error.traced(format!("in the {side} operand of '=='"), position),
            BinaryOp::NotEqual => error.traced(format!("in the {side} operand of '!='"), position),
            BinaryOp::Concat => error.traced(format!("in the {side} operand of '++'"), position),
            BinaryOp::Update => error.traced(format!("in the {side} operand of '//'"), position),
            BinaryOp::Add => error.traced("in an operand of '+'", position),
            BinaryOp::Sub => operator_trace("sub", position, error),
            BinaryOp::Mul => operator_trace("mul", position, error),
            BinaryOp::Div => operator_trace("div", position, error),
            _ => operator_trace("lessThan", position, error),
        }
    }
}

/// The operands of a condition `a == b`.
fn equation(frame: &Frame<'_>, condition: Operand) -> Option<(Operand, Operand)> {
    let Source::Expr(id) = condition.source() else { return None };
    match frame.unit.ir.expr(id) {
        Expr::Binary { op: BinaryOp::Equal, left, right } => Some((left, right)),
        _ => None,
    }
}

fn on_small_integers<'h>(op: BinaryOp, a: i64, b: i64) -> Option<Value<'h>> {
    Some(match op {
        BinaryOp::Add => return Value::small_int(a + b),
        BinaryOp::Sub => return Value::small_int(a - b),
        BinaryOp::Less => Value::bool(a < b),
        BinaryOp::Greater => Value::bool(a > b),
        BinaryOp::LessOrEqual => Value::bool(a <= b),
        BinaryOp::GreaterOrEqual => Value::bool(a >= b),
        BinaryOp::Equal => Value::bool(a == b),
        BinaryOp::NotEqual => Value::bool(a != b),
        _ => return None,
    })
}

/// `-`, `*`, `/` and `<` are calls of builtins as far as traces go.
#[cold]
fn operator_trace(builtin: &str, position: PosId, error: Error) -> Error {
    error.traced(format!("while calling the '{builtin}' builtin"), position)
}

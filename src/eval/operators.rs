//! Operators on evaluated operands, interpolation, and `assert`.

use super::{At, Coercion, Eval, Frame, Need};
use crate::error::{self, Action, Code, Details, Error, ErrorKind, Purpose, Result};
use crate::heap::{ContextId, List, PosId, Str, Unpacked, Value};
use crate::ir::{BinaryOp, Expr, Operand, OperandKind, Words};
use crate::source::{Part, Place, path_text};
use crate::value::context::GatheredContexts;
use smol_str::SmolStr;
use std::borrow::Cow;

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
        match List::joined(self.scope, lists) {
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
            None => self.coerce_to_string(value, coercion, Need::at(SEGMENT, at.place(part))),
        }
    }

    /// The concatenation of strings, with all of their contexts.
    ///
    /// # Errors
    ///
    /// Fails if that exceeds the memory limit, or if the evaluation should stop.
    pub fn join_strings(&self, parts: impl DoubleEndedIterator<Item = Str<'h>> + Clone) -> Result<Value<'h>> {
        let mut contexts = GatheredContexts::default();
        let mut len = 0;
        for part in parts.clone() {
            contexts.add(part.context());
            len += part.len();
        }
        let context = contexts.union(self.contexts());
        if len < Str::GROWS_FROM {
            return Ok(Str::joined(self.scope, parts.map(Str::as_bytes), context).into());
        }
        match self.join_long(parts, len, context) {
            Some(joined) => Ok(joined.into()),
            None => self.poll().and_then(|()| Err(ErrorKind::OutOfMemory.into())),
        }
    }

    /// The concatenation of long strings. A long string that is extended is likely to be extended again, at the same
    /// end.
    fn join_long(
        &self,
        mut parts: impl DoubleEndedIterator<Item = Str<'h>> + Clone,
        len: usize,
        context: ContextId,
    ) -> Option<Str<'h>> {
        let all = parts.clone();
        match (parts.next(), parts.next_back()) {
            (Some(first), Some(_)) if first.len() >= len / 2 => {
                first.followed_by(self.scope, &concatenated(all.skip(1)), context)
            }
            (Some(first), Some(last)) if last.len() >= len / 2 => {
                last.preceded_by(self.scope, &concatenated(std::iter::once(first).chain(parts)), context)
            }
            _ => Str::joined_if_room(self.scope, all.map(Str::as_bytes), context),
        }
    }

    /// Bytes between two strings, with this context.
    ///
    /// # Errors
    ///
    /// Fails like [`Eval::join_strings`].
    pub(crate) fn join_around(
        &self,
        first: Str<'h>,
        mut between: Vec<u8>,
        last: Option<Str<'h>>,
        context: ContextId,
    ) -> Result<Value<'h>> {
        let after = last.map_or(&b""[..], Str::as_bytes);
        let len = first.len() + between.len() + after.len();
        if len < Str::GROWS_FROM {
            let parts = [first.as_bytes(), &between, after];
            return Ok(Str::joined(self.scope, parts.into_iter(), context).into());
        }
        let joined = match last {
            _ if first.len() >= len / 2 => {
                between.extend_from_slice(after);
                first.followed_by(self.scope, &between, context)
            }
            Some(last) if last.len() >= len / 2 => {
                between.splice(..0, first.as_bytes().iter().copied());
                last.preceded_by(self.scope, &between, context)
            }
            _ => Str::joined_if_room(self.scope, [first.as_bytes(), &between, after].into_iter(), context),
        };
        match joined {
            Some(joined) => Ok(joined.into()),
            None => self.poll().and_then(|()| Err(ErrorKind::OutOfMemory.into())),
        }
    }

    fn extend_path(&mut self, path: &[u8], rest: &[Str<'h>]) -> Result<Value<'h>> {
        let mut bytes = path.to_vec();
        for part in rest {
            if !part.context().is_empty() {
                return Err(Error::eval("a string that refers to a store path cannot be appended to a path"));
            }
            bytes.extend_from_slice(part.as_bytes());
        }
        Ok(self.path(crate::path::canonical(&bytes)))
    }

    /// `"a${b}"`
    #[inline(never)]
    pub(super) fn interpolate(&mut self, at: At<'_, 'h>, parts: Words) -> Result<Value<'h>> {
        let base = self.stack.len();
        let result = self.coerce_parts(at, parts, Coercion::interpolation());
        let text =
            result.and_then(|()| self.join_strings(self.stack[base..].iter().copied().filter_map(Value::as_str)));
        self.stack.truncate(base);
        text
    }

    /// Pushes each part, coerced, on the stack.
    fn coerce_parts(&mut self, at: At<'_, 'h>, parts: Words, coercion: Coercion) -> Result<()> {
        for (index, operand) in at.ir().operands(parts).enumerate() {
            let value = match self.eval(at.frame, operand) {
                Ok(value) => value,
                Err(error) => return Err(self.in_piece(at, parts, index, error)),
            };
            let text = match value.as_str() {
                Some(text) => text,
                None => {
                    let place = at.place(Part::Piece(interpolation_number(at.frame, parts, index)));
                    self.coerce_to_string(value, coercion, Need::at(SEGMENT, place))
                        .map_err(|error| self.with_origin(at.frame, operand, error))?
                }
            };
            self.stack.push(text.into());
        }
        Ok(())
    }

    /// Adds the trace of an interpolation to an error. Traces treat interpolations as sums.
    #[cold]
    fn in_piece(&self, at: At<'_, 'h>, parts: Words, index: usize, error: Error) -> Error {
        let place = at.place(Part::Inside(interpolation_number(at.frame, parts, index)));
        let is_trivial = at.ir().operands(parts).nth(index).is_some_and(Operand::is_trivial);
        let error = if is_trivial { error.filled(place) } else { error };
        error.traced(place, error::Operand::Sum)
    }

    /// `./a${b}`
    #[inline(never)]
    pub(super) fn interpolate_path(&mut self, at: At<'_, 'h>, parts: Words) -> Result<Value<'h>> {
        let Some(first) = at.ir().operands(parts).next() else { return Ok(Value::NULL) };
        let Unpacked::Path(start) = self.eval(at.frame, first)?.unpack() else { return Ok(Value::NULL) };
        let base = self.stack.len();
        let result = self.coerce_parts(at, parts, Coercion::plain());
        let rest: Vec<Str<'h>> = self.stack.drain(base..).skip(1).filter_map(Value::as_str).collect();
        result?;
        self.extend_path(start.as_bytes(), &rest).map_err(|error| error.at(at.position()))
    }

    /// `assert c; …`: a failing equation reports the difference.
    #[inline(never)]
    pub(super) fn check_assertion(&mut self, at: At<'_, 'h>, condition: Operand) -> Result<()> {
        if self.condition(at, condition, Part::Condition, Purpose::AssertCondition)? {
            return Ok(());
        }
        let text = self.condition_text(at);
        self.explain_equation(at.frame, condition)
            .map_err(|error| error.traced(at.position(), Action::Assertion(text.clone())))?;
        let mut details = Details::default();
        self.sides_of(at.frame, condition, 0, &mut details.related);
        let error = Error::from(ErrorKind::Assertion(format!("assertion '{text}' failed"))).with_details(details);
        Err(error.at(at.position()))
    }

    /// The values of the variables in a condition's comparison.
    #[cold]
    fn sides_of(&self, frame: &Frame<'h>, condition: Operand, depth: usize, sides: &mut Vec<(Place, SmolStr)>) {
        const DEEPEST: usize = 4;
        const LONGEST: usize = 60;
        let OperandKind::Expr(id) = condition.kind() else { return };
        let (Expr::Binary { left, right, .. } | Expr::And(left, right) | Expr::Or(left, right)) =
            frame.unit.ir.expr(id)
        else {
            return;
        };
        for (operand, part) in [(left, Part::Left), (right, Part::Right)] {
            match operand.kind() {
                OperandKind::Local(_) | OperandKind::Capture(_) => {
                    let value = self.delay(frame, operand);
                    let excerpt = self.excerpt(value);
                    if value.is_evaluated() && excerpt.len() <= LONGEST {
                        sides.push((frame.at(id).place(part), format!("this is {excerpt}").into()));
                    }
                }
                OperandKind::Expr(_) if depth < DEEPEST => self.sides_of(frame, operand, depth + 1, sides),
                _ => {}
            }
        }
    }

    /// Fails with the reason why a condition `a == b` is false. As in C++ Nix, both sides are evaluated again.
    #[cold]
    fn explain_equation(&mut self, frame: &Frame<'h>, condition: Operand) -> Result<()> {
        let OperandKind::Expr(id) = condition.kind() else { return Ok(()) };
        let Expr::Binary { op: BinaryOp::Equal, left, right } = frame.unit.ir.expr(id) else { return Ok(()) };
        let (left, right) = (self.eval(frame, left)?, self.eval(frame, right)?);
        self.assert_equal(left, right, frame.at(id).position())
    }

    /// The condition in C++ Nix's form, parsed again, since the IR does not have it.
    #[cold]
    fn condition_text(&self, at: At<'_, 'h>) -> String {
        let start = at.start() as usize;
        let text = match at.expr() {
            Expr::Assert { end, .. } => at.frame.unit.source.text.get(start..end as usize).unwrap_or_default(),
            _ => b"",
        };
        String::from_utf8_lossy(&crate::lower::show_assertion(text, at.frame.unit.directory())).into_owned()
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

/// The bytes of all parts; a single part is borrowed.
fn concatenated<'h>(mut parts: impl Iterator<Item = Str<'h>>) -> Cow<'h, [u8]> {
    let mut bytes = Cow::Borrowed(parts.next().map_or(&b""[..], Str::as_bytes));
    parts.for_each(|part| bytes.to_mut().extend_from_slice(part.as_bytes()));
    bytes
}

/// What C++ Nix calls the parts of sums and interpolated strings.
const SEGMENT: Purpose<&str> = Purpose::PathSegment;

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

/// The number of interpolations before a part: all parts but constants are interpolations.
fn interpolation_number(frame: &Frame<'_>, parts: Words, index: usize) -> u16 {
    let before = frame.unit.ir.operands(parts).take(index);
    before.filter(|part| !matches!(part.kind(), OperandKind::Constant(_))).count().try_into().unwrap_or(u16::MAX)
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

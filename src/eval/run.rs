//! The interpreter: one arm per node of the IR.

use super::{Eval, Frame};
use crate::error::{self, Error, Purpose, Result};
use crate::heap::{PosId, Value};
use crate::ir::{BinaryOp, Expr, ExprId, Operand, Source};
use crate::source::{Part, Place};

impl<'h> Eval<'h> {
    /// The evaluated value of an operand.
    #[inline(always)]
    pub(super) fn eval(&mut self, frame: &Frame<'h>, operand: Operand) -> Result<Value<'h>> {
        match operand.source() {
            Source::Local(slot) => self.eval_local(frame, slot),
            Source::Capture(index) => {
                let value = frame.captures.get(index);
                if value.is_evaluated() { Ok(value) } else { self.eval_capture(frame, index, value) }
            }
            Source::Constant(index) => self.eval_constant(frame, index),
            Source::Expr(id) => self.run(frame, id),
        }
    }

    #[inline(always)]
    fn eval_local(&mut self, frame: &Frame<'h>, slot: u32) -> Result<Value<'h>> {
        let place = frame.base + slot as usize;
        let value = self.stack[place];
        match value.as_thunk() {
            None => Ok(value),
            Some(thunk) => {
                let value = self.force(value)?;
                if thunk.replacement().is_some() {
                    self.stack[place] = value;
                }
                Ok(value)
            }
        }
    }

    fn eval_capture(&mut self, frame: &Frame<'h>, index: u32, value: Value<'h>) -> Result<Value<'h>> {
        let forced = self.force(value)?;
        if value.as_thunk().is_some_and(|thunk| thunk.replacement().is_some()) {
            frame.captures.update(index, forced);
        }
        Ok(forced)
    }

    #[inline]
    fn eval_constant(&mut self, frame: &Frame<'h>, index: u32) -> Result<Value<'h>> {
        match frame.constants.get(index as usize) {
            Some(value) => self.force(value),
            None => Ok(Value::NULL),
        }
    }

    /// The evaluated value of an operand that is this part of a node. An infinite recursion is reported there.
    #[inline(always)]
    pub(super) fn eval_part(
        &mut self,
        frame: &Frame<'h>,
        id: ExprId,
        operand: Operand,
        part: Part,
    ) -> Result<Value<'h>> {
        match self.eval(frame, operand) {
            Err(error) if operand.is_trivial() => Err(error.filled(self.place_in(frame, id, part))),
            result => result,
        }
    }

    /// A part of a node as a place.
    pub(super) fn place_in(&self, frame: &Frame<'h>, id: ExprId, part: Part) -> Place {
        Place::part(self.position_of(frame, id), part)
    }

    /// The position of a node in the text.
    #[inline]
    pub(super) fn position_of(&self, frame: &Frame<'h>, id: ExprId) -> PosId {
        frame.unit.position(frame.unit.ir.start(id))
    }

    /// Evaluates a node. Tails of `if`, `let`, `with` and `assert` loop instead of recursing.
    ///
    /// Every node pays for this function's frame on the machine's stack, so the rarer arms are never inlined.
    pub(super) fn run(&mut self, frame: &Frame<'h>, start: ExprId) -> Result<Value<'h>> {
        self.check_stack()?;
        let mut id = start;
        loop {
            let (tail, part) = match frame.unit.ir.expr(id) {
                Expr::Thunk(code) => return Ok(self.make_thunk(frame, code)).and_then(|thunk| self.force(thunk)),
                Expr::Lambda(code) => return Ok(self.make_closure(frame, code)),
                Expr::Ahead { ahead, .. } => (Operand::new(Source::Expr(ahead)), Part::Here),
                Expr::Call { function, arguments } => return self.run_call(frame, id, function, arguments),
                Expr::CallBuiltin { builtin, arguments } => return self.run_builtin(frame, id, builtin, arguments),
                Expr::Select { base, path } => return self.select(frame, id, base, path),
                Expr::SelectOr { base, path, default } => match self.select_if_present(frame, id, base, path)? {
                    Some(value) => return Ok(value),
                    None => (default, Part::Default),
                },
                Expr::HasAttr { base, path } => return self.has_attr(frame, id, base, path),
                Expr::Attrs { shape, values } => return Ok(self.make_attrs(frame, shape, values)),
                Expr::DynamicAttrs { base, entries } => return self.dynamic_attrs(frame, base, entries),
                Expr::Overrides { slot } => return self.overrides(frame, slot),
                Expr::Member { set, name } => {
                    let member = self.member_now(frame, set, name);
                    return self.force(member);
                }
                Expr::List(items) => return Ok(self.make_list(frame, items)),
                Expr::Let { bindings, body } => {
                    self.fill_slots(frame, bindings);
                    (body, Part::Body)
                }
                Expr::With { slot, namespace, body } => {
                    let namespace = self.delay(frame, namespace);
                    self.stack[frame.base + slot as usize] = namespace;
                    (body, Part::Body)
                }
                Expr::WithLookup { name, namespaces } => return self.lookup_in_withs(frame, id, name, namespaces),
                Expr::If { condition, then, otherwise } => {
                    if self.condition(frame, id, condition, Part::Condition, Purpose::BranchCondition)? {
                        (then, Part::Then)
                    } else {
                        (otherwise, Part::Otherwise)
                    }
                }
                Expr::Assert { condition, body, .. } => {
                    self.check_assertion(frame, id, condition)?;
                    (body, Part::Body)
                }
                Expr::And(left, right) => return self.and(frame, id, left, right),
                Expr::Or(left, right) => return self.or(frame, id, left, right),
                Expr::Implies(left, right) => return self.implies(frame, id, left, right),
                Expr::Not(operand) => {
                    let truth =
                        self.condition(frame, id, operand, Part::Operand, Purpose::Operand(error::Operand::Only("!")))?;
                    return Ok(Value::bool(!truth));
                }
                Expr::Negate(operand) => return self.negate(frame, id, operand),
                Expr::Binary { op, left, right } => return self.binary(frame, id, op, left, right),
                Expr::Interpolate(parts) => return self.interpolate(frame, id, parts),
                Expr::InterpolatePath(parts) => return self.interpolate_path(frame, id, parts),
                Expr::CurPos => return Ok(self.position_value(self.position_of(frame, id))),
                Expr::Operand(operand) => (operand, Part::Here),
                Expr::Step { environment, body, step } => return self.run_step(frame, id, (environment, body, step)),
            };
            match tail.source() {
                Source::Expr(next) => id = next,
                _ => return self.eval_part(frame, id, tail, part),
            }
        }
    }

    /// The Boolean value of a condition that is a part of a node.
    #[inline]
    pub(super) fn condition(
        &mut self,
        frame: &Frame<'h>,
        id: ExprId,
        operand: Operand,
        part: Part,
        purpose: Purpose<&'static str>,
    ) -> Result<bool> {
        match self.eval_part(frame, id, operand, part) {
            Ok(value) => match value.as_bool() {
                Some(truth) => Ok(truth),
                None => {
                    let error = self.no_condition(frame, id, value, part, purpose);
                    Err(self.with_origin(frame, operand, error))
                }
            },
            Err(error) => Err(error.traced(self.place_in(frame, id, part), purpose)),
        }
    }

    #[cold]
    fn no_condition(
        &self,
        frame: &Frame<'h>,
        id: ExprId,
        value: Value<'h>,
        part: Part,
        purpose: Purpose<&'static str>,
    ) -> Error {
        let place = self.place_in(frame, id, part);
        self.mismatch("a Boolean", value).at(place).traced(place, purpose)
    }

    #[inline(never)]
    fn and(&mut self, frame: &Frame<'h>, id: ExprId, left: Operand, right: Operand) -> Result<Value<'h>> {
        let truth = self.condition(frame, id, left, Part::Left, Purpose::Operand(error::Operand::Left("&&")))?
            && self.condition(frame, id, right, Part::Right, Purpose::Operand(error::Operand::Right("&&")))?;
        Ok(Value::bool(truth))
    }

    #[inline(never)]
    fn or(&mut self, frame: &Frame<'h>, id: ExprId, left: Operand, right: Operand) -> Result<Value<'h>> {
        let truth = self.condition(frame, id, left, Part::Left, Purpose::Operand(error::Operand::Left("||")))?
            || self.condition(frame, id, right, Part::Right, Purpose::Operand(error::Operand::Right("||")))?;
        Ok(Value::bool(truth))
    }

    #[inline(never)]
    fn implies(&mut self, frame: &Frame<'h>, id: ExprId, left: Operand, right: Operand) -> Result<Value<'h>> {
        let truth = !self.condition(frame, id, left, Part::Left, Purpose::Operand(error::Operand::Left("->")))?
            || self.condition(frame, id, right, Part::Right, Purpose::Operand(error::Operand::Right("->")))?;
        Ok(Value::bool(truth))
    }

    #[inline]
    fn binary(
        &mut self,
        frame: &Frame<'h>,
        id: ExprId,
        op: BinaryOp,
        left: Operand,
        right: Operand,
    ) -> Result<Value<'h>> {
        // The operators that C++ Nix evaluates from right to left.
        let swapped = matches!(op, BinaryOp::Greater | BinaryOp::LessOrEqual | BinaryOp::Update);
        let (first, second) = if swapped { (right, left) } else { (left, right) };
        let first =
            self.eval(frame, first).map_err(|error| self.in_operand(frame, id, (op, first, !swapped), error))?;
        match op {
            // C++ Nix refuses a right operand that is not a set before it evaluates the left one,
            BinaryOp::Update if first.as_attrs().is_none() => return Err(self.not_to_update(frame, id, first, false)),
            // and coerces a left operand to a string before it evaluates the right one.
            BinaryOp::Add if !first.is_summand() => return self.add_to_text(frame, id, first, right),
            _ => {}
        }
        // The first value needs no root while the second is evaluated: nothing moves or frees objects.
        let second =
            self.eval(frame, second).map_err(|error| self.in_operand(frame, id, (op, second, swapped), error))?;
        let (left, right) = if swapped { (second, first) } else { (first, second) };
        self.apply_operator(frame, id, op, left, right)
    }
}

//! The interpreter: one arm per node of the IR.

use super::{At, Eval, Frame};
use crate::error::{self, Error, ErrorKind, Purpose, Result};
use crate::heap::Value;
use crate::ir::{BinaryOp, Expr, Name, Operand, OperandKind};
use crate::source::Part;

impl<'h> Eval<'h> {
    /// The evaluated value of an operand.
    #[inline(always)]
    pub(super) fn eval(&mut self, frame: &Frame<'h>, operand: Operand) -> Result<Value<'h>> {
        match operand.kind() {
            OperandKind::Local(slot) => self.eval_local(frame, slot),
            OperandKind::Capture(index) => {
                let value = frame.captures.get(index);
                if value.is_evaluated() { Ok(value) } else { self.eval_capture(frame, index, value) }
            }
            OperandKind::Constant(index) => self.eval_constant(frame, index),
            OperandKind::Expr(id) => self.run(frame.at(id)),
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
            frame.captures.write_back(index, forced);
        }
        Ok(forced)
    }

    #[inline]
    fn eval_constant(&mut self, frame: &Frame<'h>, index: u32) -> Result<Value<'h>> {
        match frame.constants.get(index as usize) {
            Some(value) => self.force(value),
            None => Err(ErrorKind::Internal("a constant is missing").into()),
        }
    }

    /// The evaluated value of an operand that is this part of a node. An infinite recursion is reported there.
    #[inline(always)]
    pub(super) fn eval_part(&mut self, at: At<'_, 'h>, operand: Operand, part: Part) -> Result<Value<'h>> {
        match self.eval(at.frame, operand) {
            Err(error) if operand.is_trivial() => Err(error.filled(at.place(part))),
            result => result,
        }
    }

    /// Evaluates a node. Tails of `if`, `let`, `with` and `assert` loop instead of recursing.
    ///
    /// Every node pays for this function's frame on the machine's stack, so the rarer arms are never inlined.
    pub(super) fn run(&mut self, start: At<'_, 'h>) -> Result<Value<'h>> {
        self.check_stack()?;
        let (frame, mut at) = (start.frame, start);
        loop {
            let (tail, part) = match at.expr() {
                Expr::Thunk(code) => return Ok(self.make_thunk(frame, code)).and_then(|thunk| self.force(thunk)),
                Expr::Lambda(code) => return Ok(self.make_closure(frame, code)),
                Expr::Speculate { ahead, .. } => (Operand::new(OperandKind::Expr(ahead)), Part::Here),
                Expr::Call { function, arguments } => return self.run_call(at, function, arguments),
                Expr::CallBuiltin { builtin, arguments } => return self.run_builtin(at, builtin, arguments),
                Expr::Select { base, path } => return self.select(at, base, path),
                Expr::SelectOr { base, path, default } => match self.select_if_present(at, base, path)? {
                    Some(value) => return Ok(value),
                    None => (default, Part::Default),
                },
                Expr::HasAttr { base, path } => return self.has_attr(at, base, path),
                Expr::Attrs { shape, values } => return Ok(self.make_attrs(frame, shape, values)),
                Expr::DynamicAttrs { base, entries } => return self.dynamic_attrs(frame, base, entries),
                Expr::Overrides { slot } => return self.overrides(frame, slot),
                Expr::Member { set, name } => return self.force_member(frame, set, name),
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
                Expr::WithLookup { name, namespaces } => return self.lookup_in_withs(at, name, namespaces),
                Expr::If { condition, then, otherwise } => {
                    if self.condition(at, condition, Part::Condition, Purpose::BranchCondition)? {
                        (then, Part::Then)
                    } else {
                        (otherwise, Part::Otherwise)
                    }
                }
                Expr::Assert { condition, body, .. } => {
                    self.check_assertion(at, condition)?;
                    (body, Part::Body)
                }
                Expr::And(left, right) => return self.and(at, left, right),
                Expr::Or(left, right) => return self.or(at, left, right),
                Expr::Implies(left, right) => return self.implies(at, left, right),
                Expr::Not(operand) => return self.not(at, operand),
                Expr::Negate(operand) => return self.negate(at, operand),
                Expr::Binary { op, left, right } => return self.binary(at, op, left, right),
                Expr::Interpolate(parts) => return self.interpolate(at, parts),
                Expr::InterpolatePath(parts) => return self.interpolate_path(at, parts),
                Expr::CurPos => return Ok(self.position_value(at.position())),
                Expr::Operand(operand) => (operand, Part::Here),
                Expr::Step { environment, body, step } => return self.run_step(at, (environment, body, step)),
            };
            match tail.kind() {
                OperandKind::Expr(next) => at = frame.at(next),
                _ => return self.eval_part(at, tail, part),
            }
        }
    }

    #[inline(always)]
    fn force_member(&mut self, frame: &Frame<'h>, set: Operand, name: Name) -> Result<Value<'h>> {
        let member = self.member_now(frame, set, name);
        self.force(member)
    }

    #[inline(always)]
    fn not(&mut self, at: At<'_, 'h>, operand: Operand) -> Result<Value<'h>> {
        let purpose = Purpose::Operand(error::Operand::Only("!"));
        Ok(Value::bool(!self.condition(at, operand, Part::Operand, purpose)?))
    }

    /// The Boolean value of a condition that is a part of a node.
    #[inline]
    pub(super) fn condition(
        &mut self,
        at: At<'_, 'h>,
        operand: Operand,
        part: Part,
        purpose: Purpose<&'static str>,
    ) -> Result<bool> {
        match self.eval_part(at, operand, part) {
            Ok(value) => match value.as_bool() {
                Some(truth) => Ok(truth),
                None => {
                    let error = self.no_condition(at, value, part, purpose);
                    Err(self.with_origin(at.frame, operand, error))
                }
            },
            Err(error) => Err(error.traced(at.place(part), purpose)),
        }
    }

    #[cold]
    fn no_condition(&self, at: At<'_, 'h>, value: Value<'h>, part: Part, purpose: Purpose<&'static str>) -> Error {
        let place = at.place(part);
        self.mismatch("a Boolean", value).at(place).traced(place, purpose)
    }

    #[inline(never)]
    fn and(&mut self, at: At<'_, 'h>, left: Operand, right: Operand) -> Result<Value<'h>> {
        let truth = self.condition(at, left, Part::Left, Purpose::Operand(error::Operand::Left("&&")))?
            && self.condition(at, right, Part::Right, Purpose::Operand(error::Operand::Right("&&")))?;
        Ok(Value::bool(truth))
    }

    #[inline(never)]
    fn or(&mut self, at: At<'_, 'h>, left: Operand, right: Operand) -> Result<Value<'h>> {
        let truth = self.condition(at, left, Part::Left, Purpose::Operand(error::Operand::Left("||")))?
            || self.condition(at, right, Part::Right, Purpose::Operand(error::Operand::Right("||")))?;
        Ok(Value::bool(truth))
    }

    #[inline(never)]
    fn implies(&mut self, at: At<'_, 'h>, left: Operand, right: Operand) -> Result<Value<'h>> {
        let truth = !self.condition(at, left, Part::Left, Purpose::Operand(error::Operand::Left("->")))?
            || self.condition(at, right, Part::Right, Purpose::Operand(error::Operand::Right("->")))?;
        Ok(Value::bool(truth))
    }

    #[inline]
    fn binary(&mut self, at: At<'_, 'h>, op: BinaryOp, left: Operand, right: Operand) -> Result<Value<'h>> {
        // The operators that C++ Nix evaluates from right to left.
        let swapped = matches!(op, BinaryOp::Greater | BinaryOp::LessOrEqual | BinaryOp::Update);
        let (first, second) = if swapped { (right, left) } else { (left, right) };
        let first = self.eval(at.frame, first).map_err(|error| self.in_operand(at, (op, first, !swapped), error))?;
        match op {
            // C++ Nix refuses a right operand that is not a set before it evaluates the left one,
            BinaryOp::Update if first.as_attrs().is_none() => return Err(self.not_to_update(at, first, false)),
            // and coerces a left operand to a string before it evaluates the right one.
            BinaryOp::Add if !first.is_summand() => return self.add_to_text(at, first, right),
            _ => {}
        }
        // The first value needs no root while the second is evaluated: nothing moves or frees objects.
        let second = self.eval(at.frame, second).map_err(|error| self.in_operand(at, (op, second, swapped), error))?;
        let (left, right) = if swapped { (second, first) } else { (first, second) };
        self.apply_operator(at, op, left, right)
    }
}

//! The interpreter: one arm per node of the IR.

use super::{Eval, Frame};
use crate::error::{Result, ResultExt};
use crate::heap::{PosId, Value};
use crate::ir::{BinaryOp, Expr, ExprId, Operand, Source};

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

    /// Where a node stands in the text.
    #[inline]
    pub(super) fn position_of(&self, frame: &Frame<'h>, id: ExprId) -> PosId {
        frame.unit.position(frame.unit.ir.span(id).start)
    }

    /// Evaluates a node. Tails of `if`, `let`, `with` and `assert` loop instead of recursing.
    pub(super) fn run(&mut self, frame: &Frame<'h>, start: ExprId) -> Result<Value<'h>> {
        self.check_stack()?;
        let mut id = start;
        loop {
            let tail = match frame.unit.ir.expr(id) {
                Expr::Thunk(code) => return Ok(self.make_thunk(frame, code)).and_then(|thunk| self.force(thunk)),
                Expr::Lambda(code) => return Ok(self.make_closure(frame, code)),
                Expr::Ahead { ahead, .. } => Operand::new(Source::Expr(ahead)),
                Expr::Call { function, arguments } => return self.run_call(frame, id, function, arguments),
                Expr::CallBuiltin { builtin, arguments } => return self.run_builtin(frame, id, builtin, arguments),
                Expr::Select { base, path } => return self.select(frame, id, base, path),
                Expr::SelectOr { base, path, default } => match self.select_if_present(frame, id, base, path)? {
                    Some(value) => return Ok(value),
                    None => default,
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
                    body
                }
                Expr::With { slot, namespace, body } => {
                    let namespace = self.delay(frame, namespace);
                    self.stack[frame.base + slot as usize] = namespace;
                    body
                }
                Expr::WithLookup { name, namespaces } => return self.lookup_in_withs(frame, id, name, namespaces),
                Expr::If { condition, then, otherwise } => {
                    if self.condition(frame, id, condition, "while evaluating a branch condition")? {
                        then
                    } else {
                        otherwise
                    }
                }
                Expr::Assert { condition, body } => {
                    self.check_assertion(frame, id, condition)?;
                    body
                }
                Expr::And(left, right) => return self.and(frame, id, left, right),
                Expr::Or(left, right) => return self.or(frame, id, left, right),
                Expr::Implies(left, right) => return self.implies(frame, id, left, right),
                Expr::Not(operand) => {
                    let truth = self.condition(frame, id, operand, "in the argument of '!'")?;
                    return Ok(Value::bool(!truth));
                }
                Expr::Negate(operand) => return self.negate(frame, id, operand),
                Expr::Binary { op, left, right } => return self.binary(frame, id, op, left, right),
                Expr::Interpolate(parts) => return self.interpolate(frame, id, parts),
                Expr::InterpolatePath(parts) => return self.interpolate_path(frame, id, parts),
                Expr::CurPos => return Ok(self.position_value(self.position_of(frame, id))),
                Expr::Operand(operand) => operand,
            };
            match tail.source() {
                Source::Expr(next) => id = next,
                _ => return self.eval(frame, tail),
            }
        }
    }

    /// The truth of a condition.
    #[inline]
    pub(super) fn condition(
        &mut self,
        frame: &Frame<'h>,
        id: ExprId,
        operand: Operand,
        phrase: &'static str,
    ) -> Result<bool> {
        let value = self.eval(frame, operand).traced(self.position_of(frame, id), || phrase)?;
        match value.as_bool() {
            Some(truth) => Ok(truth),
            None => Err(self
                .mismatch("a Boolean", value)
                .at(self.position_of(frame, id))
                .traced(phrase, self.position_of(frame, id))),
        }
    }

    fn and(&mut self, frame: &Frame<'h>, id: ExprId, left: Operand, right: Operand) -> Result<Value<'h>> {
        let truth = self.condition(frame, id, left, "in the left operand of '&&'")?
            && self.condition(frame, id, right, "in the right operand of '&&'")?;
        Ok(Value::bool(truth))
    }

    fn or(&mut self, frame: &Frame<'h>, id: ExprId, left: Operand, right: Operand) -> Result<Value<'h>> {
        let truth = self.condition(frame, id, left, "in the left operand of '||'")?
            || self.condition(frame, id, right, "in the right operand of '||'")?;
        Ok(Value::bool(truth))
    }

    fn implies(&mut self, frame: &Frame<'h>, id: ExprId, left: Operand, right: Operand) -> Result<Value<'h>> {
        let truth = !self.condition(frame, id, left, "in the left operand of '->'")?
            || self.condition(frame, id, right, "in the right operand of '->'")?;
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
        let first = self.eval(frame, first).map_err(|error| self.operand_trace(frame, id, op, !swapped, error))?;
        match op {
            // C++ Nix refuses a right operand that is no set before it looks at the left one,
            BinaryOp::Update if first.as_attrs().is_none() => return Err(self.not_a_set_to_update(first)),
            // and makes a string of a left operand before it looks at the right one.
            BinaryOp::Add if !first.is_summand() => return self.add_to_text(frame, id, first, right),
            _ => {}
        }
        // The first value needs no root while the second is evaluated: nothing moves or frees objects.
        let second = self.eval(frame, second).map_err(|error| self.operand_trace(frame, id, op, swapped, error))?;
        let (left, right) = if swapped { (second, first) } else { (first, second) };
        self.apply_operator(frame, id, op, left, right)
    }
}

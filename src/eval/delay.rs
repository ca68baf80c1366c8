//! Delayed evaluation: thunks, closures, slots with values that refer to each other, and values that can be computed
//! at once.

use super::operators::on_small_integers;
use super::{At, Eval, Frame};
use crate::error::ErrorKind;
use crate::heap::{Attrs, Closure, CodeRef, Thunk, Value};
use crate::ir::{CodeId, Expr, Name, Operand, OperandKind, PathPart, Words};
use crate::value::ListBuilder;

impl<'h> Eval<'h> {
    /// The present value of an operand, evaluated or not.
    #[inline]
    pub(super) fn delay(&self, frame: &Frame<'h>, operand: Operand) -> Value<'h> {
        match operand.kind() {
            OperandKind::Local(slot) => self.stack[frame.base + slot as usize].shortened(),
            OperandKind::Capture(index) => frame.captures.get(index).shortened(),
            OperandKind::Constant(index) => frame.constants.get(index as usize).unwrap_or(Value::NULL),
            OperandKind::Expr(id) => self.delay_node(frame.at(id)),
        }
    }

    fn delay_node(&self, at: At<'_, 'h>) -> Value<'h> {
        match at.expr() {
            Expr::Thunk(code) => self.make_thunk(at.frame, code),
            Expr::Lambda(code) => self.make_closure(at.frame, code),
            Expr::Speculate { ahead, late } => match self.speculate(at.frame.at(ahead)) {
                Some(value) => value,
                None => self.delay_node(at.frame.at(late)),
            },
            Expr::Member { set, name } => self.member_now(at.frame, set, name),
            _ => self.delay_rare_node(at),
        }
    }

    #[cold]
    #[inline(never)]
    fn delay_rare_node(&self, at: At<'_, 'h>) -> Value<'h> {
        match at.expr() {
            // The sets of many `with`s.
            Expr::List(items) => self.make_list(at.frame, items),
            // Lowering creates thunks for all other delayed nodes. Only a damaged cache has something else here.
            _ => self.damaged("a node is delayed that is not a thunk"),
        }
    }

    /// The failed value of a node that no undamaged file has.
    fn damaged(&self, damage: &'static str) -> Value<'h> {
        self.failed(ErrorKind::Internal(damage).into()).unwrap_or(Value::NULL)
    }

    /// The present value of a name in a `rec` set with `__overrides`, evaluated or not.
    #[inline(never)]
    pub(super) fn member_now(&self, frame: &Frame<'h>, set: Operand, name: Name) -> Value<'h> {
        let member = self.delay(frame, set).as_attrs().and_then(|set| set.get(self.symbol(frame, name)));
        member.unwrap_or(Value::NULL)
    }

    fn code_ref(frame: &Frame<'h>, code: CodeId) -> CodeRef {
        frame.unit.code_ref(code)
    }

    /// A suspended thunk of a code object, with captures from the frame.
    #[inline]
    pub(super) fn make_thunk(&self, frame: &Frame<'h>, code: CodeId) -> Value<'h> {
        Thunk::with_captures(self.scope, Self::code_ref(frame, code), self.captures(frame, code)).into()
    }

    /// A closure of a code object, with captures from the frame.
    #[inline]
    pub(super) fn make_closure(&self, frame: &Frame<'h>, code: CodeId) -> Value<'h> {
        Closure::with_captures(self.scope, Self::code_ref(frame, code), self.captures(frame, code)).into()
    }

    #[inline(always)]
    fn captures(&self, frame: &Frame<'h>, code: CodeId) -> impl ExactSizeIterator<Item = Value<'h>> {
        let captures = frame.unit.ir.code(code).captures;
        frame.unit.ir.operands(captures).map(move |operand| match operand.kind() {
            OperandKind::Local(slot) => self.stack[frame.base + slot as usize].shortened(),
            OperandKind::Capture(index) => frame.captures.get(index).shortened(),
            _ => self.delay(frame, operand),
        })
    }

    /// Fills slots: first every slot gets its object, then the objects get their captures, which may be each other.
    pub(super) fn fill_slots(&mut self, frame: &Frame<'h>, bindings: Words) {
        let pairs = frame.unit.ir.words(bindings).chunks_exact(2).map(|pair| (pair[0], Operand::from_word(pair[1])));
        self.fill_pairs(frame, pairs);
    }

    pub(super) fn fill_pairs(&mut self, frame: &Frame<'h>, pairs: impl Iterator<Item = (u32, Operand)> + Clone) {
        for (slot, operand) in pairs.clone() {
            let value = match self.reserve(frame, operand) {
                Some(reserved) => reserved,
                None => self.delay(frame, operand),
            };
            self.stack[frame.base + slot as usize] = value;
        }
        for (slot, operand) in pairs {
            self.fill_reserved(frame, operand, self.stack[frame.base + slot as usize]);
        }
    }

    fn reserve(&self, frame: &Frame<'h>, operand: Operand) -> Option<Value<'h>> {
        let OperandKind::Expr(id) = operand.kind() else { return None };
        let captures = |code: CodeId| frame.unit.ir.code(code).captures.len as usize;
        match frame.unit.ir.expr(id) {
            Expr::Thunk(code) => Some(Thunk::reserve(self.scope, Self::code_ref(frame, code), captures(code)).into()),
            Expr::Lambda(code) => {
                Some(Closure::reserve(self.scope, Self::code_ref(frame, code), captures(code)).into())
            }
            Expr::Attrs { shape, .. } => Some(Attrs::reserve(self.scope, self.shape(frame.unit, shape).0).into()),
            _ => None,
        }
    }

    fn fill_reserved(&self, frame: &Frame<'h>, operand: Operand, value: Value<'h>) {
        let OperandKind::Expr(id) = operand.kind() else { return };
        match (frame.unit.ir.expr(id), value.as_attrs()) {
            (Expr::Thunk(code) | Expr::Lambda(code), _) => self.fill_captures(frame, code, value),
            (Expr::Attrs { shape, values }, Some(attrs)) => self.fill_attrs(frame, shape, values, attrs),
            _ => {}
        }
    }

    fn fill_captures(&self, frame: &Frame<'h>, code: CodeId, value: Value<'h>) {
        let captures = self.captures(frame, code).enumerate();
        if let Some(thunk) = value.as_thunk() {
            captures.for_each(|(index, captured)| thunk.set_capture(index, captured));
        } else if let Some(closure) = value.as_closure() {
            captures.for_each(|(index, captured)| closure.set_capture(index, captured));
        }
    }

    /// `[ a b ]`
    pub(super) fn make_list(&self, frame: &Frame<'h>, items: Words) -> Value<'h> {
        let mut builder = ListBuilder::new(self.scope, items.len as usize);
        for item in frame.unit.ir.operands(items) {
            builder.push(self.delay(frame, item));
        }
        builder.finish().into()
    }

    /// `{ a = 1; }`
    pub(super) fn make_attrs(&self, frame: &Frame<'h>, shape: u32, values: u32) -> Value<'h> {
        let attrs = Attrs::reserve(self.scope, self.shape(frame.unit, shape).0);
        self.fill_attrs(frame, shape, values, attrs);
        attrs.into()
    }

    fn fill_attrs(&self, frame: &Frame<'h>, shape: u32, values: u32, attrs: Attrs<'h>) {
        let places = self.places(frame.unit, shape);
        let values = Words { start: values, len: places.len() as u32 };
        for (place, operand) in places.iter().zip(frame.unit.ir.operands(values)) {
            attrs.write_back(*place as usize, self.delay(frame, operand));
        }
    }

    /// The value of an expression that needs no evaluation now and cannot fail; else `None`.
    fn speculate(&self, at: At<'_, 'h>) -> Option<Value<'h>> {
        match at.expr() {
            Expr::Binary { op, left, right } => {
                let left = self.evaluated(at.frame, left)?.as_small_int()?;
                let right = self.evaluated(at.frame, right)?.as_small_int()?;
                on_small_integers(op, left, right)
            }
            Expr::Select { base, path } => {
                let attrs = self.evaluated(at.frame, base)?.as_attrs()?;
                let Some(PathPart::Name(name)) = at.ir().path(path).next() else { return None };
                let value = attrs.get(self.symbol(at.frame, name))?.evaluated()?;
                value.has_no_home().then_some(value)
            }
            _ => None,
        }
    }

    fn evaluated(&self, frame: &Frame<'h>, operand: Operand) -> Option<Value<'h>> {
        match operand.kind() {
            OperandKind::Expr(_) => None,
            _ => self.delay(frame, operand).evaluated(),
        }
    }
}

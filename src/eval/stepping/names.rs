//! The names in scope of code and active expressions, and how active expressions lie in each other.

use super::{Filled, Stepping};
use crate::eval::Eval;
use crate::eval::unit::LoadedUnit;
use crate::heap::{Attrs, Captures, CodeRef, PosId, ScratchVec, Thunk, ThunkKind, Unpacked, Value};
use crate::ir::{CodeId, Expr, Operand, OperandKind, Words};
use crate::lower::{AROUND, NAMES, WITH};
use crate::source::Span;
use crate::syntax::rewrite::{
    Piece, Rewriter, Way, call_parts, expression_at, parameter_count, rewritten, variable_name, way_to,
};
use crate::syntax::tree::Node;
use std::rc::Rc;

/// The relation of an active expression to the one around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    /// It is a part of its text.
    Part,
    /// Its value is that of the one around it.
    Tail,
    /// It is the body of the function that a call calls, which takes `used` of the call's `of` arguments.
    Call { used: usize, of: usize },
    /// A builtin or an operator evaluates it.
    Hidden,
}

impl Stepping<'_> {
    /// Finds the names that no thunk can have.
    pub(super) fn reserve_names(&mut self) {
        let Some(parsed) = self.parsed.clone() else { return };
        let mut free = FreeNames(Vec::new());
        rewritten(Node::root(&parsed.root), &mut free);
        self.reserved = free.0;
    }
}

/// The free names of an expression.
pub(super) struct FreeNames(pub(super) Vec<String>);

impl Rewriter for FreeNames {
    fn expression(&mut self, _: Span) -> Option<Piece> {
        None
    }

    fn variable(&mut self, name: &str, _: &[String]) -> Option<Piece> {
        if !self.0.iter().any(|found| found == name) {
            self.0.push(name.to_owned());
        }
        None
    }
}

impl<'h> Eval<'h> {
    /// The value of a name in an environment, evaluated or not. Names that only a `with` provides have none.
    pub(super) fn look_up(&self, environment: Value<'h>, name: &str) -> Option<Value<'h>> {
        let name = self.intern(name.as_bytes());
        let [around, with, names] = [AROUND, WITH, NAMES].map(|text| self.intern(text));
        let mut next = environment.as_attrs();
        while let Some(set) = next {
            let is_lexical = set.get(with).is_none() && set.get(names).is_none();
            if let Some(value) = set.get(name).filter(|_| is_lexical) {
                return Some(value);
            }
            next = set.get(around).and_then(Value::as_attrs);
        }
        None
    }

    /// The sets of the `with`s in an environment, the innermost first.
    pub(super) fn withs(&self, environment: Value<'h>) -> ScratchVec<'h, Value<'h>> {
        let [around, with] = [AROUND, WITH].map(|text| self.intern(text));
        let sets = std::iter::successors(environment.as_attrs(), |set| set.get(around).and_then(Value::as_attrs));
        self.scope.gather(sets.filter_map(|set| set.get(with)))
    }

    /// The environment around a thunk's or a function's code.
    pub(super) fn environment_of(&self, code: CodeRef, captures: Captures<'h>) -> Option<Value<'h>> {
        let unit = self.shared.units.find(code)?;
        let body = unit.code(code).body;
        if unit.code(code).lambda.is_some() {
            return Some(self.environment_around(unit, unit.id_of(code), captures));
        }
        let OperandKind::Expr(id) = body.kind() else { return None };
        match unit.ir.expr(id) {
            Expr::Step { environment, .. } => Some(captured(environment, captures)),
            body => self.own_environment(unit, body, captures),
        }
    }

    /// The environment that a function's body extends.
    fn environment_around(&self, unit: &LoadedUnit, code: CodeId, captures: Captures<'h>) -> Value<'h> {
        let OperandKind::Expr(id) = unit.ir.code(code).body.kind() else { return Value::NULL };
        let Expr::Let { bindings, .. } = unit.ir.expr(id) else { return Value::NULL };
        let members = first_set(unit, bindings).into_iter().flatten();
        let mut around = members.filter(|(name, _)| unit.ir.name(*name) == AROUND).map(|(_, operand)| operand);
        around.next().map_or(Value::NULL, |operand| captured(operand, captures))
    }

    /// The environment of a default in a pattern, which sees the other names of the pattern.
    fn own_environment(&self, unit: &LoadedUnit, body: Expr, captures: Captures<'h>) -> Option<Value<'h>> {
        let Expr::Let { bindings, .. } = body else { return None };
        let members = first_set(unit, bindings)?;
        let is_captured = |operand: &Operand| matches!(operand.kind(), OperandKind::Capture(_));
        if !members.iter().all(|(_, operand)| is_captured(operand)) {
            return None;
        }
        let member = |(name, operand): &(crate::ir::Name, Operand)| {
            (unit.symbols[name.0 as usize], captured(*operand, captures), PosId::NONE)
        };
        Some(self.attrs(members.iter().map(member).collect()))
    }

    /// The relation of the active expression at this index to the one before it.
    pub(super) fn relation(&self, index: usize) -> Relation {
        let Some(stepping) = &self.stepping else { return Relation::Hidden };
        self.relation_in(stepping, index)
    }

    pub(super) fn relation_in(&self, stepping: &Stepping<'h>, index: usize) -> Relation {
        let (Some(outer), Some(inner)) = (stepping.active.get(index.wrapping_sub(1)), stepping.active.get(index))
        else {
            return Relation::Hidden;
        };
        let Some(node) = stepping.node(outer.unit, outer.span) else { return Relation::Hidden };
        if !std::ptr::eq(outer.unit, inner.unit) {
            return Relation::Hidden;
        }
        match way_to(node, inner.span) {
            Some(Way::Tail) => Relation::Tail,
            Some(Way::Part) => Relation::Part,
            Some(Way::Function) | None => self.called(stepping, index - 1, node),
        }
    }

    /// The relation of a call's expression to the body of the function that it calls.
    fn called(&self, stepping: &Stepping<'h>, index: usize, call: Node<'_>) -> Relation {
        let Some((function, arguments)) = call_parts(call) else { return Relation::Hidden };
        let used = stepping.applied(index).map_or(0, |(used, _)| used);
        let left = arguments.len().saturating_sub(used);
        let Some(parameters) = self.parameters_of(stepping, index, function) else { return Relation::Hidden };
        Relation::Call { used: used + parameters.clamp(1, left.max(1)), of: arguments.len() }
    }

    /// The number of parameters of the function that a call calls now; `None` for a builtin.
    fn parameters_of(&self, stepping: &Stepping<'h>, index: usize, function: Node<'_>) -> Option<usize> {
        let span = function.span();
        let active = stepping.active.get(index)?;
        let value = match stepping.applied(index) {
            Some((_, value)) => Some(value),
            None => {
                let filled = stepping.filled.iter().find(|part| part.of == index && part.span == span);
                filled.map(|part| part.value).or_else(|| self.look_up(active.environment, variable_name(function)?))
            }
        };
        match value {
            Some(value) => self.missing_arguments(super::value_of(value)?),
            None => Some(parameter_count(function)).filter(|count| *count > 0),
        }
    }

    fn missing_arguments(&self, function: Value<'h>) -> Option<usize> {
        match function.unpack() {
            Unpacked::Closure(closure) => self.lambda_of(closure).map(|(_, lambda)| lambda.parameters.len()),
            Unpacked::Partial(partial) => {
                Some(self.missing_arguments(partial.function())?.saturating_sub(partial.len()))
            }
            // A set that is a function is given itself first.
            Unpacked::Attrs(_) => Some(1),
            _ => None,
        }
    }

    /// The text of a thunk, if it is an argument of the call that is the active expression at this index.
    pub(super) fn argument_span(&self, index: usize, thunk: Thunk<'h>) -> Option<Span> {
        let stepping = self.stepping.as_ref()?;
        self.argument_in(stepping, index, thunk)
    }

    pub(super) fn argument_in(&self, stepping: &Stepping<'h>, index: usize, thunk: Thunk<'h>) -> Option<Span> {
        let ThunkKind::Code(code) = thunk.kind() else { return None };
        let active = stepping.active.get(index)?;
        let span = self.shared.units.find(code)?.code(code).span;
        let (_, arguments) = call_parts(stepping.node(active.unit, active.span)?)?;
        arguments.iter().any(|argument| argument.unwrapped().span() == span).then_some(span)
    }
}

impl<'h> Stepping<'h> {
    /// The expression with this span of a unit, if that is the stepped text.
    pub(super) fn node(&self, unit: &LoadedUnit, span: Span) -> Option<Node<'_>> {
        let parsed = self.parsed.as_ref().filter(|_| self.is_of(unit))?;
        expression_at(Node::root(&parsed.root), span)
    }

    pub(super) fn is_of(&self, unit: &LoadedUnit) -> bool {
        self.source.as_ref().is_some_and(|source| Rc::ptr_eq(source, &unit.source))
    }

    /// The arguments that a call has used up, and the function that takes the others.
    pub(super) fn applied(&self, index: usize) -> Option<(usize, Value<'h>)> {
        self.filled.iter().rev().filter(|part| part.of == index).find_map(|part| match part.kind {
            Filled::Applied(used) => Some((used, part.value)),
            _ => None,
        })
    }
}

fn captured<'h>(operand: Operand, captures: Captures<'h>) -> Value<'h> {
    match operand.kind() {
        OperandKind::Capture(index) => captures.get(index),
        _ => Value::NULL,
    }
}

/// The names and operands of the set that is bound first.
fn first_set(unit: &LoadedUnit, bindings: Words) -> Option<Vec<(crate::ir::Name, Operand)>> {
    let words = unit.ir.words(bindings);
    let OperandKind::Expr(id) = Operand::from_word(*words.get(1)?).kind() else { return None };
    let Expr::Attrs { shape, values } = unit.ir.expr(id) else { return None };
    let names = unit.ir.shapes.get(shape as usize);
    let operands = unit.ir.words.get(values as usize..)?;
    Some(names.iter().zip(operands).map(|((name, _), word)| (*name, Operand::from_word(*word))).collect())
}

/// The members of a set by name, as texts of the program.
pub(super) fn members<'h>(cx: &Eval<'h>, set: Attrs<'h>) -> ScratchVec<'h, (String, Value<'h>)> {
    let sorted = crate::value::attrs::by_name(cx.scope, set);
    let text = |name| crate::codec::nix_string::attribute_name(cx.symbol_text(name));
    cx.scope.gather(sorted.into_iter().map(|(name, value, _)| (text(name), value)))
}

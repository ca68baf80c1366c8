//! The text of a running evaluation: what is being evaluated, and the thunks that it needs as a `let` around it.

use super::names::{FreeNames, Relation};
use super::{Active, Filled, Running, Shown, Stepping, value_of};
use crate::eval::Eval;
use crate::heap::{Captures, CodeRef, Thunk, ThunkKind, ThunkState, Unpacked, Value};
use crate::ir::{Expr, OperandKind, PathPart};
use crate::source::Span;
use crate::syntax::rewrite::{Bond, Piece, Rewriter, call_parts, rewritten};
use crate::syntax::tree::Node;
use marks::{MARKS, marked, without_marks};

mod marks;
mod values;

/// The longest program, in bytes.
const LONGEST: usize = 4000;
/// The longest string that stands in place of a variable, in bytes.
const SHORT_STRING: usize = 24;
/// The longest `let` on one line, in bytes.
const SHORT_LET: usize = 64;
/// Names are changed at most so often before the program is given up.
const MOST_TRIES: usize = 12;

/// The values of a program, while it is written.
struct Writer<'w, 'h> {
    cx: &'w mut Eval<'h>,
    stepping: &'w mut Stepping<'h>,
    /// The names that were written, in the order in which they were met.
    needed: Vec<usize>,
    /// The values around the one that is written: of these, one that contains itself gets a name.
    open: Vec<u64>,
    /// A name was changed: everything is written again.
    is_stale: bool,
    /// All values are written where they are.
    inlines: bool,
    length: usize,
}

impl<'h> Eval<'h> {
    /// The program that the evaluation is now. `None` if it has no text.
    pub(super) fn picture(&mut self, stepping: &mut Stepping<'h>) -> Option<Shown> {
        let result = stepping.result;
        let program = self.written(stepping, false, &mut |writer| match result {
            Some(value) => writer.held(value),
            None => writer.active(0),
        })?;
        let hidden = (1..stepping.active.len())
            .rev()
            .find(|index| !stepping.begins_thunk(*index) && self.relation_in(stepping, *index) == Relation::Hidden);
        let inside = hidden.and_then(|index| self.written(stepping, false, &mut |writer| writer.active(index)));
        let (program, places) = without_marks(&program);
        Some(Shown { program, places, inside: inside.map(|text| without_marks(&text).0) })
    }

    /// The value as a program, with all of its parts where they are if that is possible.
    pub(super) fn whole_value(&mut self, stepping: &mut Stepping<'h>, value: Value<'h>) -> Option<Shown> {
        let program = self.written(stepping, true, &mut |writer| writer.value(value))?;
        let (program, places) = without_marks(&program);
        Some(Shown { program, places, inside: None })
    }

    fn written(
        &mut self,
        stepping: &mut Stepping<'h>,
        inlines: bool,
        body: &mut dyn FnMut(&mut Writer<'_, 'h>) -> Option<Piece>,
    ) -> Option<String> {
        for _ in 0..MOST_TRIES {
            let names = stepping.named.len();
            let cx = &mut *self;
            let mut writer =
                Writer { cx, stepping, needed: Vec::new(), open: Vec::new(), is_stale: false, inlines, length: 0 };
            let piece = body(&mut writer)?;
            let mut definitions = Vec::new();
            while let Some(&index) = writer.needed.get(definitions.len()) {
                let (value, text) = *writer.stepping.named.get(index)?;
                let name = writer.stepping.texts[text].clone();
                let definition = writer.definition(value)?;
                definitions.push(format!("{name} = {};", definition.text));
            }
            // Where a value with a new name was written before, it is written again.
            if !writer.is_stale && writer.stepping.named.len() == names {
                let text = program(&piece, &definitions);
                return Some(text).filter(|text| text.len() <= LONGEST);
            }
        }
        None
    }
}

/// A program of an expression and the definitions it needs.
fn program(body: &Piece, definitions: &[String]) -> String {
    if definitions.is_empty() {
        return body.text.clone();
    }
    let one_line = format!("let {} in {}", definitions.join(" "), body.text);
    let shown = one_line.chars().filter(|c| !MARKS.contains(c)).count();
    if definitions.len() == 1 && shown <= SHORT_LET {
        return one_line;
    }
    let lines: String = definitions.iter().map(|definition| format!("  {definition}\n")).collect();
    format!("let\n{lines}in\n{}", body.text)
}

impl<'h> Writer<'_, 'h> {
    /// Notes that so much was written. `None` if it is too much.
    fn note(&mut self, piece: Piece) -> Option<Piece> {
        self.length += piece.text.len();
        (self.length <= LONGEST * 8).then_some(piece)
    }

    /// The active expression at this index, as far as it is evaluated.
    fn active(&mut self, index: usize) -> Option<Piece> {
        let active = *self.stepping.active.get(index)?;
        let piece = self.active_text(index, active)?;
        self.note(marked(active.serial, piece))
    }

    fn active_text(&mut self, index: usize, active: Active<'h>) -> Option<Piece> {
        let has_inner = index + 1 < self.stepping.active.len() && !self.stepping.begins_thunk(index + 1);
        let relation = if has_inner { self.cx.relation_in(self.stepping, index + 1) } else { Relation::Hidden };
        let inner = if relation == Relation::Hidden { None } else { self.active(index + 1) };
        match relation {
            Relation::Tail => return inner,
            Relation::Call { used, of } if used == of => return inner,
            Relation::Call { used, .. } => return self.applied(active, inner?, used),
            _ => {}
        }
        let filled: Vec<_> = self.stepping.filled.iter().filter(|part| part.of == index).copied().collect();
        if let Some(whole) = filled.iter().find(|part| part.kind == Filled::Whole) {
            return self.value(whole.value);
        }
        if let Some((used, function)) = self.stepping.applied(index) {
            let function = self.value(function)?;
            return self.applied(active, function, used);
        }
        let mut replaced: Vec<(Span, Piece)> = Vec::new();
        for part in filled {
            if let Some(piece) = self.value(part.value) {
                replaced.push((part.span, piece));
            }
        }
        let argument = self.stepping.running.iter().rev().find(|running| running.height == index + 1).copied();
        if let Some(running) = argument
            && let Some(span) = self.cx.argument_in(self.stepping, index, running.thunk)
            && let Some(piece) = self.running(running)
        {
            replaced.push((span, piece));
        }
        if let (Relation::Part, Some(piece), Some(active)) = (relation, inner, self.stepping.active.get(index + 1)) {
            replaced.push((active.span, piece));
        }
        self.text(active, active.span, replaced)
    }

    /// A call whose function and first arguments are another text now.
    fn applied(&mut self, call: Active<'h>, function: Piece, used: usize) -> Option<Piece> {
        let parsed = self.stepping.parsed.clone()?;
        let node = crate::syntax::rewrite::expression_at(Node::root(&parsed.root), call.span)?;
        let (_, arguments) = call_parts(node)?;
        let mut text = function.within(Bond::Call);
        for argument in &arguments[used.min(arguments.len())..] {
            let piece = self.text(call, argument.unwrapped().span(), Vec::new())?;
            text = format!("{text} {}", piece.within(Bond::Atom));
        }
        Some(Piece { text, bond: Bond::Call })
    }

    /// The text of an expression in the scope of an active one.
    fn text(&mut self, active: Active<'h>, span: Span, replaced: Vec<(Span, Piece)>) -> Option<Piece> {
        if !self.stepping.is_of(active.unit) {
            return None;
        }
        self.in_environment(span, active.environment, replaced)
    }

    /// The text of an expression with these names around it.
    fn in_environment(&mut self, span: Span, environment: Value<'h>, replaced: Vec<(Span, Piece)>) -> Option<Piece> {
        let parsed = self.stepping.parsed.clone()?;
        let node = crate::syntax::rewrite::expression_at(Node::root(&parsed.root), span)?;
        let mut scope = InScope { writer: self, environment, replaced, failed: false };
        let piece = rewritten(node, &mut scope);
        if scope.failed {
            return None;
        }
        self.note(piece)
    }

    /// The same, with the `with`s that it needs before it.
    fn delayed(&mut self, span: Span, environment: Value<'h>) -> Option<Piece> {
        let mut piece = self.in_environment(span, environment, Vec::new())?;
        let withs = self.cx.withs(environment);
        if !withs.is_empty() && self.has_unknown_names(span, environment)? {
            for set in &withs {
                let set = self.held(*set)?;
                piece = Piece { text: format!("with {}; {}", set.text, piece.text), bond: Bond::Open };
            }
        }
        Some(piece)
    }

    /// True if an expression has names that are neither in its environment nor the language's own.
    fn has_unknown_names(&mut self, span: Span, environment: Value<'h>) -> Option<bool> {
        let parsed = self.stepping.parsed.clone()?;
        let node = crate::syntax::rewrite::expression_at(Node::root(&parsed.root), span)?;
        let mut free = FreeNames(Vec::new());
        rewritten(node, &mut free);
        let cx = &*self.cx;
        let is_global = |name: &str| cx.shared.globals.borrow().contains_key(&cx.intern(name.as_bytes()));
        Some(free.0.iter().any(|name| cx.look_up(environment, name).is_none() && !is_global(name)))
    }

    /// The definition of a named value.
    fn definition(&mut self, value: Value<'h>) -> Option<Piece> {
        self.open.clear();
        match value.as_thunk() {
            Some(thunk) => self.thunk(thunk),
            None => self.value(value),
        }
    }

    /// A value that is held somewhere: by its name if it has one.
    fn held(&mut self, value: Value<'h>) -> Option<Piece> {
        if let Some(piece) = self.short(value) {
            return Some(piece);
        }
        let is_it = |(named, _): &(Value<'h>, usize)| *named == value || value_of(*named) == Some(value);
        if let Some(index) = self.stepping.named.iter().position(is_it).filter(|_| !self.inlines) {
            return Some(self.named(index));
        }
        match value.as_thunk() {
            Some(thunk) => self.guarded(value, |this| this.thunk(thunk)),
            None => self.value(value),
        }
    }

    /// Writes what may contain itself: then it gets a name.
    fn guarded(&mut self, value: Value<'h>, write: impl FnOnce(&mut Self) -> Option<Piece>) -> Option<Piece> {
        let word = self.cx.identity(value);
        if self.open.contains(&word) {
            let index = self.name_for(value, "it");
            self.is_stale = true;
            return (!self.inlines).then(|| self.named(index));
        }
        self.open.push(word);
        let piece = write(self);
        self.open.pop();
        piece
    }

    fn named(&mut self, index: usize) -> Piece {
        if !self.needed.contains(&index) {
            self.needed.push(index);
        }
        let (_, text) = self.stepping.named[index];
        Piece::atom(self.stepping.texts[text].clone())
    }

    /// The index of a value's name; a value without one gets one like `wanted`.
    fn name_for(&mut self, value: Value<'h>, wanted: &str) -> usize {
        if let Some(index) = self.stepping.named.iter().position(|(named, _)| *named == value) {
            return index;
        }
        let name = self.fresh(wanted);
        self.stepping.texts.push(name);
        self.stepping.named.push((value, self.stepping.texts.len() - 1));
        self.stepping.named.len() - 1
    }

    fn fresh(&self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        while self.stepping.reserved.contains(&name) || self.stepping.texts.contains(&name) {
            name.push('\'');
        }
        name
    }

    /// A value that stands in place of a variable: short ones as they are, others by a name.
    fn variable(&mut self, value: Value<'h>, name: &str) -> Option<Piece> {
        if let Some(piece) = self.short(value) {
            return Some(piece);
        }
        let index = self.name_for(value, name);
        Some(self.named(index))
    }

    /// The text of a value that is worth no name.
    fn short(&mut self, value: Value<'h>) -> Option<Piece> {
        let value = value_of(value)?;
        match value.unpack() {
            Unpacked::String(text) if text.len() > SHORT_STRING => None,
            Unpacked::List(list) if !list.is_empty() => None,
            Unpacked::Attrs(set) if !set.is_empty() => None,
            Unpacked::Closure(_) | Unpacked::Partial(_) => None,
            _ => self.value(value),
        }
    }

    /// A thunk's text: its work, what is left of it, or its value.
    fn thunk(&mut self, thunk: Thunk<'h>) -> Option<Piece> {
        match thunk.state() {
            ThunkState::Done(value) => {
                let piece = self.value(value);
                piece.or_else(|| self.work(thunk, None))
            }
            ThunkState::Running => {
                let running = self.stepping.running.iter().find(|running| running.thunk == thunk).copied();
                self.running(running?)
            }
            ThunkState::Suspended | ThunkState::Failed(_) => self.work(thunk, None),
        }
    }

    fn running(&mut self, running: Running<'h>) -> Option<Piece> {
        let shows_inside = match running.thunk.kind() {
            ThunkKind::Code(_) => true,
            // A delayed call is its function's body, if that is not a builtin.
            _ => self.cx.calls_closure(running.thunk, running.before),
        };
        let is_active = running.height < self.stepping.active.len();
        let piece = if shows_inside && is_active {
            self.active(running.height)?
        } else {
            self.work(running.thunk, running.before)?
        };
        Some(marked(running.serial, piece))
    }

    /// The work of a thunk as it was put off.
    fn work(&mut self, thunk: Thunk<'h>, before: Option<Value<'h>>) -> Option<Piece> {
        let ThunkKind::Code(code) = thunk.kind() else { return self.delayed_call(thunk, before) };
        let captures = Captures::from(thunk);
        let unit = self.cx.shared.units.find(code)?;
        if !self.stepping.is_of(unit) {
            return None;
        }
        let span = unit.code(code).span;
        if span.start == span.end {
            return self.without_text(thunk, code, captures);
        }
        let environment = self.cx.environment_of(code, captures)?;
        self.delayed(span, environment)
    }

    /// A thunk without an expression of its own: `inherit (e) x`, or the set `a` of `a.b = 1`.
    fn without_text(&mut self, thunk: Thunk<'h>, code: CodeRef, captures: Captures<'h>) -> Option<Piece> {
        let unit = self.cx.shared.units.find(code)?;
        let mut operand = unit.code(code).body;
        loop {
            let OperandKind::Expr(id) = operand.kind() else { return None };
            match unit.ir.expr(id) {
                Expr::Step { body, .. } => operand = body,
                Expr::Select { base, path } => {
                    let OperandKind::Capture(index) = base.kind() else { return None };
                    let Some(PathPart::Name(name)) = unit.ir.path(path).next() else { return None };
                    let name = crate::codec::nix_string::attribute_name(unit.ir.name(name));
                    let from = self.held(captures.get(index))?.within(Bond::Atom);
                    return Some(Piece::atom(format!("{from}.{name}")));
                }
                // Making a set evaluates nothing.
                Expr::Attrs { .. } if matches!(thunk.state(), ThunkState::Suspended) => {
                    let value = self.cx.force(thunk.into()).ok()?;
                    return self.value(value);
                }
                _ => return None,
            }
        }
    }

    fn delayed_call(&mut self, thunk: Thunk<'h>, before: Option<Value<'h>>) -> Option<Piece> {
        let suspended = matches!(thunk.state(), ThunkState::Suspended).then(|| thunk.capture(0));
        let call = self.cx.delayed_call_of(thunk, before.or(suspended)?);
        let mut text = self.held(call.function)?.within(Bond::Call);
        for argument in call.arguments {
            text = format!("{text} {}", self.held(argument)?.within(Bond::Atom));
        }
        Some(Piece { text, bond: Bond::Call })
    }

    /// Gives a value another name, as its name means something else where it is needed.
    fn rename(&mut self, name: &str) {
        let Some(place) = self.stepping.texts.iter().position(|text| text == name) else { return };
        let other = self.fresh(&format!("{name}'"));
        self.stepping.texts[place] = other;
        self.is_stale = true;
    }
}

impl<'h> Eval<'h> {
    fn identity(&self, value: Value<'h>) -> u64 {
        std::hash::BuildHasher::hash_one(&rustc_hash::FxBuildHasher, value)
    }

    /// True if a delayed call calls a function written in Nix.
    fn calls_closure(&self, thunk: Thunk<'h>, before: Option<Value<'h>>) -> bool {
        let Some(before) = before else { return false };
        let function = self.delayed_call_of(thunk, before).function;
        value_of(function).is_some_and(|function| match function.unpack() {
            Unpacked::Closure(_) => true,
            Unpacked::Partial(partial) => partial.function().as_closure().is_some(),
            _ => false,
        })
    }
}

/// The names around an expression.
struct InScope<'s, 'w, 'h> {
    writer: &'s mut Writer<'w, 'h>,
    environment: Value<'h>,
    replaced: Vec<(Span, Piece)>,
    failed: bool,
}

impl Rewriter for InScope<'_, '_, '_> {
    fn expression(&mut self, span: Span) -> Option<Piece> {
        self.replaced.iter().find(|(replaced, _)| *replaced == span).map(|(_, piece)| piece.clone())
    }

    fn variable(&mut self, name: &str, bound: &[String]) -> Option<Piece> {
        let value = self.writer.cx.look_up(self.environment, name)?;
        let piece = self.writer.variable(value, name);
        let Some(piece) = piece else {
            self.failed = true;
            return None;
        };
        if bound.contains(&piece.text) {
            self.writer.rename(&piece.text);
        }
        Some(piece)
    }
}

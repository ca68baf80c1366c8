//! Scopes, and the lookup of a name's slot, capture or constant.
//!
//! A name defined outside the running code is *captured*: each code object between its definition and its use gets a
//! capture for it. The capture is filled from the enclosing code when the thunk or closure is created.

use super::numbered::Numbered;
use super::{Lowering, Outer};
use crate::ir::{Constant, Expr, Name, Operand, OperandKind};
use crate::source::Span;
use rustc_hash::FxHashMap;

/// The meaning of a name.
#[derive(Clone, Copy, Debug)]
pub(super) enum Binding {
    /// A slot of the code at this level.
    Slot(u32),
    /// An attribute of the set in a slot: in a `rec` set with `__overrides`.
    AttributeOf(u32),
}

/// A lexical scope.
#[derive(Debug)]
pub(super) enum Scope {
    /// Names bound in the code at `level`.
    Names { level: usize, names: FxHashMap<Name, Binding> },
    /// `with`: the set is in a slot of the code at `level`.
    With { level: usize, slot: u32 },
    /// The sets of all `with`s further out, as a list in a slot of the code at `level`: see [`Expr::WithLookup`].
    Withs { level: usize, slot: u32 },
}

/// Up to this many nested `with`s are captured one by one; the outer ones are in a list.
const MOST_WITHS: usize = 16;

/// Through more codes than this, captures are found in a table.
const FAR: usize = 16;

/// A code object under construction.
#[derive(Debug, Default)]
pub(super) struct CodeBuilder {
    /// For each capture, its place in the enclosing code.
    pub(super) captures: Numbered<Operand>,
    next_slot: u32,
    pub(super) slots: u32,
    /// In deeply nested code, the captures of values of far codes: a level, and the operand there.
    far: FxHashMap<(usize, Operand), Operand>,
}

impl CodeBuilder {
    pub(super) fn new_slot(&mut self) -> u32 {
        let slot = self.next_slot;
        self.next_slot += 1;
        self.slots = self.slots.max(self.next_slot);
        slot
    }

    fn capture(&mut self, from: Operand) -> Operand {
        Operand::new(OperandKind::Capture(self.captures.number(from)))
    }
}

enum Resolution {
    Lexical(usize, Binding),
    Withs(Withs),
}

/// The enclosing `with`s, as levels and slots.
#[derive(Default)]
struct Withs {
    /// The ones captured one by one, nearest first.
    near: Vec<(usize, u32)>,
    /// The list of the others.
    far: Option<(usize, u32)>,
}

impl Withs {
    fn add(&mut self, scope: &Scope) {
        match (scope, self.far) {
            (Scope::With { level, slot }, None) => self.near.push((*level, *slot)),
            (Scope::Withs { level, slot }, None) => self.far = Some((*level, *slot)),
            _ => {}
        }
    }
}

impl<'t> Lowering<'t> {
    pub(super) fn level(&self) -> usize {
        self.codes.len() - 1
    }

    pub(super) fn builder(&mut self) -> &mut CodeBuilder {
        self.codes.last_mut().expect("lowering begins inside code 0 and leaves what it enters")
    }

    /// The current end of the slots, for [`Self::release_slots`] at the end of a scope.
    pub(super) fn slot_mark(&mut self) -> u32 {
        self.builder().next_slot
    }

    pub(super) fn release_slots(&mut self, mark: u32) {
        self.builder().next_slot = mark;
    }

    /// The value of `operand` at `level`, seen from the code being lowered now.
    pub(super) fn reach(&mut self, level: usize, operand: Operand) -> Operand {
        if self.codes.len() - level > FAR {
            return self.reach_far(level, operand);
        }
        self.codes[level + 1..].iter_mut().fold(operand, |outer, code| code.capture(outer))
    }

    /// The same through many codes, most of which have captured the value before.
    fn reach_far(&mut self, level: usize, operand: Operand) -> Operand {
        let value = (level, operand);
        let inside = self.codes[level + 1..].iter().rposition(|code| code.far.contains_key(&value));
        let (mut outer, next) = match inside {
            Some(index) => (self.codes[level + 1 + index].far[&value], level + 2 + index),
            None => (operand, level + 1),
        };
        for code in &mut self.codes[next..] {
            outer = code.capture(outer);
            code.far.insert(value, outer);
        }
        outer
    }

    fn find(&self, name: Name) -> Resolution {
        let mut withs = Withs::default();
        for scope in self.scopes.iter().rev() {
            match scope {
                Scope::Names { level, names } => {
                    if let Some(binding) = names.get(&name) {
                        return Resolution::Lexical(*level, *binding);
                    }
                }
                with => withs.add(with),
            }
        }
        Resolution::Withs(withs)
    }

    /// Puts the sets of the enclosing `with`s into a list in this slot, if they are many. Returns the list.
    pub(super) fn gathered_withs(&mut self, span: Span) -> Option<Operand> {
        let mut withs = Withs::default();
        for scope in self.scopes.iter().rev() {
            withs.add(scope);
            // The outer ones are in the list.
            if withs.far.is_some() {
                break;
            }
        }
        if withs.near.len() < MOST_WITHS {
            return None;
        }
        let far = withs.far;
        let mut items: Vec<Operand> = withs.near.into_iter().map(|slot| self.reach_slot(slot)).collect();
        items.push(match far {
            Some(far) => self.reach_slot(far),
            None => self.null(),
        });
        let items = self.words(items);
        Some(self.push(Expr::List(items), span))
    }

    fn reach_slot(&mut self, (level, slot): (usize, u32)) -> Operand {
        self.reach(level, Operand::new(OperandKind::Local(slot)))
    }

    /// Names in scope that are similar to this one, best first.
    pub(super) fn similar_names(&self, name: &str) -> Vec<String> {
        let lexical = self.scopes.iter().flat_map(|scope| match scope {
            Scope::Names { names, .. } => names.keys().map(|name| self.names.text(*name).to_vec()).collect(),
            Scope::With { .. } | Scope::Withs { .. } => Vec::new(),
        });
        let mut all: Vec<_> = lexical.chain(self.options.scope.names()).collect();
        all.sort_unstable();
        all.dedup();
        let best = crate::codec::levenshtein::likely(name.as_bytes(), all.iter().map(Vec::as_slice));
        best.into_iter().map(|text| String::from_utf8_lossy(text).into_owned()).collect()
    }

    /// The value of a variable.
    pub(super) fn variable(&mut self, name: Name, span: Span) -> Operand {
        let withs = match self.find(name) {
            Resolution::Lexical(level, binding) => return self.binding(level, binding, name, span),
            Resolution::Withs(withs) => withs,
        };
        if let Some(operand) = self.outer_variable(name) {
            return operand;
        }
        if withs.near.is_empty() && withs.far.is_none() {
            let text = String::from_utf8_lossy(self.names.text(name)).into_owned();
            self.undefined_variable(span, text);
            return self.null();
        }
        let mut sets: Vec<Operand> = withs.near.into_iter().map(|slot| self.reach_slot(slot)).collect();
        if let Some(far) = withs.far {
            let far = self.reach_slot(far);
            sets.push(self.push(Expr::Operand(far), span));
        }
        let namespaces = self.words(sets);
        self.push(Expr::WithLookup { name, namespaces }, span)
    }

    /// Like [`Lowering::variable`], but delayed: an attribute of a `with` is looked up when it is needed.
    pub(super) fn delayed_variable(&mut self, name: Name, span: Span) -> Operand {
        let mark = self.unit.exprs.len();
        let operand = self.variable(name, span);
        if operand.is_trivial() || matches!(self.unit.exprs.last(), Some(Expr::Member { .. })) {
            return operand;
        }
        self.take_back(mark);
        self.thunk(span, |this| this.variable(name, span))
    }

    /// Removes the nodes added since there were `mark` of them.
    pub(super) fn take_back(&mut self, mark: usize) {
        self.unit.exprs.truncate(mark);
        self.unit.starts.truncate(mark);
    }

    fn binding(&mut self, level: usize, binding: Binding, name: Name, span: Span) -> Operand {
        match binding {
            Binding::Slot(slot) => self.reach(level, Operand::new(OperandKind::Local(slot))),
            Binding::AttributeOf(slot) => {
                let set = self.reach(level, Operand::new(OperandKind::Local(slot)));
                self.push(Expr::Member { set, name }, span)
            }
        }
    }

    /// A variable of the scope around the file: an embedder's or the REPL's names first, then the language's own.
    fn outer_variable(&mut self, name: Name) -> Option<Operand> {
        let text = self.names.text(name);
        match self.options.scope.outer(text)? {
            Outer::Input => {
                let index = self.inputs.number(name);
                Some(self.reach(0, Operand::new(OperandKind::Capture(index))))
            }
            Outer::Global => Some(self.constant(Constant::Global(name))),
        }
    }

    /// A name that the language itself uses, such as `__sub` for `-`: lexical if the program defines it, else global.
    pub(super) fn special_name(&mut self, text: &'static str, span: Span) -> Operand {
        let name = self.names.add(text.as_bytes().into());
        match self.find(name) {
            Resolution::Lexical(level, binding) => self.binding(level, binding, name, span),
            Resolution::Withs(_) => match self.outer_variable(name) {
                Some(operand) => operand,
                None => self.constant(Constant::Global(name)),
            },
        }
    }

    /// True if the program redefines a name that the language uses.
    pub(super) fn is_shadowed(&self, text: &str) -> bool {
        let lexical = |name| matches!(self.find(name), Resolution::Lexical(..));
        self.names.find(text.as_bytes()).is_some_and(lexical)
            || matches!(self.options.scope.outer(text.as_bytes()), Some(Outer::Input))
    }

    /// Runs `body` inside a scope of names.
    pub(super) fn in_scope<T>(&mut self, names: FxHashMap<Name, Binding>, body: impl FnOnce(&mut Self) -> T) -> T {
        let level = self.level();
        self.scopes.push(Scope::Names { level, names });
        let result = body(self);
        self.scopes.pop();
        result
    }
}

//! `genericClosure`.

use super::ordered::{Ordered, Question};
use crate::builtins::attrs::required;
use crate::error::{Error, Ordinal, Purpose, Result, ResultExt};
use crate::eval::Eval;
use crate::eval::builtin::Arguments;
use crate::heap::{PosId, Scope, ScratchVec, Symbol, Unpacked, Value};
use crate::symbol::{KEY, OPERATOR, START_SET};
use rustc_hash::FxHashSet;

pub(super) fn generic_closure<'h>(cx: &mut Eval<'h>, [arguments, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let arguments = cx.force_attrs(arguments, Purpose::Argument(Ordinal::First, "builtins.genericClosure"))?;
    let member = |cx: &mut Eval<'h>, name: Symbol| {
        required(cx, arguments, name)
            .traced(PosId::NONE, || "in the attrset passed as argument to builtins.genericClosure")
    };
    let start = member(cx, START_SET)?;
    let phrase = "while evaluating the 'startSet' attribute passed as argument to builtins.genericClosure";
    let start = cx.force_list(start, phrase)?;
    if start.is_empty() {
        return Ok(start.into());
    }
    let operator = member(cx, OPERATOR)?;
    let phrase = "while evaluating the 'operator' attribute passed as argument to builtins.genericClosure";
    let operator = cx.force_function(operator, phrase)?;
    let work = Work { items: cx.scope().gather(start.iter()), next: 0 };
    close(cx, operator, work)
}

/// Takes items from the front of `work`, and appends the results of the operator for new ones.
fn close<'h>(cx: &mut Eval<'h>, operator: Value<'h>, mut work: Work<'h>) -> Result<Value<'h>> {
    let mut keys = Keys::new(cx.scope());
    while let Some(element) = work.next() {
        cx.poll()?;
        let (item, key) = item_and_key(cx, element)?;
        if keys.insert(cx, key, item)? {
            follow(cx, operator, item, &mut work).map_err(|error| {
                let element = cx.excerpt(item);
                error.traced(PosId::NONE, format!("while calling operator on genericClosure element {element}"))
            })?;
        }
    }
    let found: Vec<_> = keys.seen.iter().map(|seen| seen.item).collect();
    Ok(cx.list(&found))
}

/// The items that were found: those from `next` on were not looked at yet.
struct Work<'h> {
    items: ScratchVec<'h, Value<'h>>,
    next: usize,
}

impl<'h> Work<'h> {
    /// The next item, which is forgotten soon.
    fn next(&mut self) -> Option<Value<'h>> {
        let item = self.items.get(self.next).copied()?;
        self.next += 1;
        if self.next > self.items.len() / 2 {
            self.items.drain(..self.next);
            self.next = 0;
        }
        Some(item)
    }
}

/// The evaluated item, and a handle to its evaluated key.
fn item_and_key<'h>(cx: &mut Eval<'h>, element: Value<'h>) -> Result<(Value<'h>, Value<'h>)> {
    let item = cx.force(element);
    let set = item.and_then(|item| item.as_attrs().ok_or_else(|| cx.mismatch("a set", item)));
    let found = set.and_then(|set| Ok((set, required(cx, set, KEY)?)));
    let (set, key) = found.map_err(|error| {
        let element = cx.excerpt(element);
        error.traced(PosId::NONE, format!("in genericClosure element {element}"))
    })?;
    cx.force(key)?;
    Ok((set.into(), key.shortened()))
}

fn follow<'h>(cx: &mut Eval<'h>, operator: Value<'h>, item: Value<'h>, work: &mut Work<'h>) -> Result<()> {
    let phrase = Purpose::ReturnedBy("`operator` passed to builtins.genericClosure");
    let new = cx.call(operator, &[item])?;
    let new = cx.force_list(new, phrase)?;
    for (index, element) in new.iter().enumerate() {
        super::force_element(cx, new, index, element)?;
        work.items.push(element.shortened());
    }
    Ok(())
}

/// An item whose key was new.
#[derive(Clone, Copy)]
struct Seen<'h> {
    key: Value<'h>,
    item: Value<'h>,
}

/// The keys so far. While all are strings, or all integers, only their equality is visible, and a hash table is
/// enough; when a key of another type comes, all are put in order.
struct Keys<'h> {
    seen: ScratchVec<'h, Seen<'h>>,
    index: Index<'h>,
}

enum Index<'h> {
    /// The texts of the keys, which `seen` has too.
    Strings(FxHashSet<&'h [u8]>),
    Integers(FxHashSet<i64>),
    Ordered(Ordered),
}

impl<'h> Keys<'h> {
    fn new(scope: Scope<'h>) -> Self {
        Self { seen: scope.gather([]), index: Index::Strings(FxHashSet::default()) }
    }

    /// Adds an item. Returns false, and changes nothing, if its key is known.
    fn insert(&mut self, cx: &mut Eval<'h>, key: Value<'h>, item: Value<'h>) -> Result<bool> {
        let kind = cx.force(key)?.unpack();
        if self.seen.is_empty() && matches!(kind, Unpacked::Int(_)) {
            self.index = Index::Integers(FxHashSet::default());
        }
        let is_new = match (&mut self.index, kind) {
            (Index::Strings(strings), Unpacked::String(text)) => strings.insert(text.as_bytes()),
            (Index::Integers(integers), Unpacked::Int(int)) => integers.insert(int),
            _ => self.insert_ordered(cx, key, item)?,
        };
        if is_new {
            self.seen.push(Seen { key, item });
        }
        Ok(is_new)
    }

    fn insert_ordered(&mut self, cx: &mut Eval<'h>, key: Value<'h>, item: Value<'h>) -> Result<bool> {
        let seen = &self.seen;
        let mut ordered = match std::mem::replace(&mut self.index, Index::Ordered(Ordered::default())) {
            Index::Ordered(ordered) => ordered,
            _ => in_order(cx, seen)?,
        };
        let inserted = ordered.insert(|question| compare(cx, seen, key, question));
        let inserted = inserted.map_err(|error| explain(cx, error, Seen { key, item }, &ordered, seen));
        self.index = Index::Ordered(ordered);
        inserted
    }
}

fn compare<'h>(cx: &mut Eval<'h>, seen: &[Seen<'h>], key: Value<'h>, question: Question) -> Result<bool> {
    let other = |entry: usize| seen.get(entry).map_or(Value::NULL, |seen| seen.key);
    match question {
        Question::NewBefore(entry) => cx.less_than(key, other(entry)),
        Question::NewAfter(entry) => cx.less_than(other(entry), key),
    }
}

/// The order of keys that were distinguished without one.
fn in_order<'h>(cx: &mut Eval<'h>, seen: &[Seen<'h>]) -> Result<Ordered> {
    let mut ordered = Ordered::default();
    for (entry, new) in seen.iter().enumerate() {
        ordered.insert(|question| compare(cx, &seen[..entry], new.key, question))?;
    }
    Ok(ordered)
}

/// Adds the two items to an error of comparing keys: the new one, and the first one in order with which comparing
/// fails again.
fn explain<'h>(cx: &mut Eval<'h>, error: Error, new: Seen<'h>, ordered: &Ordered, seen: &[Seen<'h>]) -> Error {
    let entries = ordered.entries();
    let fails = |entry: &usize| compare(cx, seen, new.key, Question::NewBefore(*entry)).is_err();
    let other = entries.into_iter().find(fails).and_then(|entry| seen.get(entry));
    let item = cx.excerpt(new.item);
    let Some(other) = other else {
        return error.traced(PosId::NONE, format!("while checking key of element {item}"));
    };
    let other = cx.excerpt(other.item);
    error
        .traced(PosId::NONE, format!("with element {other}"))
        .traced(PosId::NONE, format!("while comparing element {item}"))
}

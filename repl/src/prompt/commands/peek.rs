//! The value at a path such as `x.a` or `xs.0`, found without evaluating anything.

use nivis::eval::path_steps;
use nivis::heap::{Thunk, Unpacked};
use nivis::{Eval, Value};

/// Names and values in scope.
pub(super) type Scope<'a, 'h> = &'a [(&'a str, Value<'h>)];

/// The result of looking at a path.
pub(super) enum Peeked<'h> {
    /// The value there, perhaps a thunk.
    Slot(Value<'h>),
    /// The path goes through this part of it, which is not evaluated.
    Unevaluated(String),
    /// There is no such value.
    Missing,
    /// The text is not a path that begins with a name in scope.
    NoPath,
}

/// Looks a path up.
pub(super) fn peek<'h>(cx: &Eval<'h>, scope: Scope<'_, 'h>, path: &str) -> Peeked<'h> {
    let Ok(steps) = path_steps(path.as_bytes()) else { return Peeked::NoPath };
    let Some((first, rest)) = steps.split_first() else { return Peeked::NoPath };
    // The last one counts: a name may be bound again.
    let Some((_, root)) = scope.iter().rev().find(|(name, _)| name.as_bytes() == first) else { return Peeked::NoPath };
    let mut slot = *root;
    let mut passed = String::from_utf8_lossy(first).into_owned();
    for step in rest {
        let value = as_it_is(slot);
        if value.as_thunk().is_some() {
            return Peeked::Unevaluated(passed);
        }
        let Some(found) = part(cx, value, step) else { return Peeked::Missing };
        slot = found;
        passed = format!("{passed}.{}", String::from_utf8_lossy(step));
    }
    Peeked::Slot(slot)
}

/// The attribute or element of a value.
fn part<'h>(cx: &Eval<'h>, value: Value<'h>, step: &[u8]) -> Option<Value<'h>> {
    match value.unpack() {
        Unpacked::Attrs(set) => set.get(cx.intern(step)),
        Unpacked::List(list) => std::str::from_utf8(step).ok().and_then(|step| list.get(step.parse().ok()?)),
        _ => None,
    }
}

/// The value of a thunk that is done.
pub(super) fn as_it_is(slot: Value<'_>) -> Value<'_> {
    slot.as_thunk().and_then(Thunk::value).unwrap_or(slot)
}

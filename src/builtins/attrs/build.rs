//! Builtins that create sets: from lists, and by calling a function for each name.

use super::{lookup, missing, required};
use crate::error::{Ordinal, Purpose, Result, ResultExt};
use crate::eval::Eval;
use crate::eval::builtin::Arguments;
use crate::heap::{Attrs, List, PosId, ScratchVec, Symbol, Thunk, Value};
use crate::symbol::{NAME, VALUE};

const PAIR: &str = "in a {name=...; value=...;} pair";

/// First all names are evaluated. Of the pairs with the same name, only the first one needs a `value`.
pub(super) fn list_to_attrs<'h>(cx: &mut Eval<'h>, [pairs, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let pairs = cx.force_list(pairs, Purpose::Argument(Ordinal::Only, "builtins.listToAttrs"))?;
    let phrase = "while evaluating an element of the list passed to builtins.listToAttrs";
    let mut named: ScratchVec<'h, (Symbol, Attrs<'h>)> =
        ScratchVec::with_capacity_in(pairs.len(), cx.scope().scratch());
    for (index, pair) in pairs.iter().enumerate() {
        let pair = cx.force_attrs(pair, phrase)?;
        pairs.write_back(index, pair.into());
        named.push((name_of(cx, pair)?, pair));
    }
    // The sort is stable, so the first of equal names stays first.
    named.sort_by_key(|pair| pair.0);
    named.dedup_by_key(|pair| pair.0);
    let attr = |(name, pair): (Symbol, Attrs<'h>)| {
        let (_, value, position) =
            lookup(pair, VALUE).ok_or_else(|| missing(cx, pair, VALUE).traced(PosId::NONE, PAIR))?;
        Ok((name, value, position))
    };
    let attrs = named.into_iter().map(attr).collect::<Result<Vec<_>>>()?;
    Ok(cx.sorted_attrs(&attrs))
}

/// The evaluated `name` of a pair.
fn name_of<'h>(cx: &mut Eval<'h>, pair: Attrs<'h>) -> Result<Symbol> {
    let phrase = "while evaluating the `name` attribute of an element of the list passed to builtins.listToAttrs";
    let value = required(cx, pair, NAME).traced(PosId::NONE, || PAIR)?;
    if let Some(name) = value.as_str().filter(|name| name.context().is_empty()) {
        return Ok(cx.intern_str(name));
    }
    // A type error is shown at the position of `name`.
    let position = pair.position(NAME);
    let name = cx.force(value).and_then(|name| name.as_str().ok_or_else(|| cx.mismatch("a string", name).at(position)));
    let name = name.traced(position, || phrase)?;
    cx.force_symbol(name.into(), phrase)
}

/// With fewer attributes, separate calls cost less than shared data.
const FEW: usize = 8;

/// The result has no positions, as in C++ Nix, so the keys can be shared with other sets without positions.
pub(super) fn map_attrs<'h>(cx: &mut Eval<'h>, [function, set, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let set = cx.force_attrs(set, Purpose::Argument(Ordinal::Second, "builtins.mapAttrs"))?;
    // C++ Nix does not force the function yet, so its calls have no position.
    let function = if function.is_evaluated() { Thunk::done(cx.scope(), function).into() } else { function };
    if set.len_upper_bound() < FEW {
        let named = |name| [cx.scope().symbol_name(name).into(), set.get(name).unwrap_or(Value::NULL)];
        return Ok(cx.map_attrs(set, |name| cx.delayed_call(function, &named(name))).into());
    }
    let calls = cx.member_calls(function, set.into());
    Ok(cx.map_attrs(set, |name| cx.member_call(calls, u64::from(name.0))).into())
}

pub(super) fn zip_attrs_with<'h>(cx: &mut Eval<'h>, [function, list, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let function = cx.force_function(function, Purpose::Argument(Ordinal::First, "builtins.zipAttrsWith"))?;
    let list = cx.force_list(list, Purpose::Argument(Ordinal::Second, "builtins.zipAttrsWith"))?;
    let phrase = Purpose::Value(" passed as second argument to builtins.zipAttrsWith");
    let mut all = cx.scope().gather([]);
    for (index, element) in list.iter().enumerate() {
        let set = cx.force_attrs(element, phrase)?;
        list.write_back(index, set.into());
        all.extend(set.iter().map(|(name, value, _)| (name, value)));
    }
    let call = |name: Symbol, values: Value<'h>| {
        let name = cx.scope().symbol_name(name).into();
        cx.delayed_call(function, &[name, values])
    };
    Ok(grouped(cx, all, call))
}

/// A set with one attribute for each name: `make` gets the name and the list of its values, in their order.
pub(in crate::builtins) fn grouped<'h>(
    cx: &Eval<'h>,
    mut all: ScratchVec<'h, (Symbol, Value<'h>)>,
    make: impl Fn(Symbol, Value<'h>) -> Value<'h>,
) -> Value<'h> {
    let scope = cx.scope();
    all.sort_by_key(|attr| attr.0);
    let attr = |group: &[(Symbol, Value<'h>)]| {
        let name = group.first()?.0;
        let values = List::from_values(scope, group.iter().map(|attr| attr.1));
        Some((name, make(name, Value::from(values).settled()), PosId::NONE))
    };
    let attrs: Vec<_> = all.chunk_by(|left, right| left.0 == right.0).filter_map(attr).collect();
    cx.sorted_attrs(&attrs)
}

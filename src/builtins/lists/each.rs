//! Builtins that call a function for each element of a list, at once or lazily.

use super::{force_element, held, joined};
use crate::builtins::attrs::grouped;
use crate::error::{Error, Ordinal, Purpose, Result};
use crate::eval::builtin::Arguments;
use crate::eval::{Eval, MemberCalls};
use crate::heap::{List, ListBuilder, PosId, ScratchVec, Value};
use crate::symbol::{RIGHT, WRONG};

pub(super) fn map<'h>(cx: &mut Eval<'h>, [function, list, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let list = cx.force_list(list, Purpose::Argument(Ordinal::Second, "builtins.map"))?;
    if list.is_empty() {
        return Ok(list.into());
    }
    let function = cx.force_function(function, Purpose::Argument(Ordinal::First, "builtins.map"))?;
    if list.len() < FEW {
        let calls = list.iter().map(|element| cx.delayed_call(function, &[element]));
        return Ok(List::from_values(cx.scope(), calls).into());
    }
    let calls = cx.member_calls(function, list.into());
    Ok(List::from_values(cx.scope(), (0..list.len()).map(|index| cx.member_call(calls, index as u64))).into())
}

/// With fewer elements, separate calls cost less than shared data.
const FEW: usize = 16;

/// The words per element: its place in the list, and a thunk of header and function.
const WORDS_PER_CALL: usize = 3;
/// The number of elements created between two checks of the stop flags.
const STRIDE: usize = 4096;

pub(super) fn gen_list<'h>(cx: &mut Eval<'h>, [generator, length, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let length = cx.force_int(length, Purpose::Argument(Ordinal::Second, "builtins.genList"))?;
    let Ok(length) = usize::try_from(length) else {
        return Err(Error::eval(format!("cannot create list of size {length}")));
    };
    let generator = cx.force_function(generator, Purpose::Argument(Ordinal::First, "builtins.genList"))?;
    cx.check_room(length.saturating_mul(WORDS_PER_CALL))?;
    let calls = MemberCalls::Numbers(generator);
    let mut list = ListBuilder::new(cx.scope(), length);
    for index in 0..length {
        if index % STRIDE == 0 {
            cx.poll()?;
        }
        list.push(cx.member_call(calls, index as u64));
    }
    Ok(list.finish().into())
}

/// Nothing is copied before the first element is dropped; if none is, the list itself is the result.
pub(super) fn filter<'h>(cx: &mut Eval<'h>, [function, list, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let list = cx.force_list(list, Purpose::Argument(Ordinal::Second, "builtins.filter"))?;
    if list.is_empty() {
        return Ok(list.into());
    }
    let function = cx.force_function(function, Purpose::Argument(Ordinal::First, "builtins.filter"))?;
    let phrase = Purpose::ReturnedBy("filtering function passed to builtins.filter");
    let mut kept: Option<ScratchVec<'h, Value<'h>>> = None;
    for (index, element) in list.iter().enumerate() {
        let keep = cx.call(function, &[element])?;
        let keep = cx.force_bool(keep, phrase)?;
        list.write_back(index, element.shortened());
        match &mut kept {
            Some(kept) if keep => kept.push(element.shortened()),
            None if !keep => kept = Some(cx.scope().gather(list.iter().take(index))),
            _ => {}
        }
    }
    Ok(kept.map_or(list.into(), |kept| cx.list(&kept)))
}

pub(super) fn foldl<'h>(cx: &mut Eval<'h>, [operator, start, list]: Arguments<'h>) -> Result<Value<'h>> {
    let operator = cx.force_function(operator, Purpose::Argument(Ordinal::First, "builtins.foldlStrict"))?;
    let list = cx.force_list(list, Purpose::Argument(Ordinal::Third, "builtins.foldlStrict"))?;
    let mut result = start;
    for element in list.iter() {
        result = cx.call(operator, &[result, element])?;
        result = held(cx, result);
    }
    cx.force(result)
}

pub(super) fn any<'h>(cx: &mut Eval<'h>, arguments: Arguments<'h>) -> Result<Value<'h>> {
    let purposes = [
        Purpose::Argument(Ordinal::First, "builtins.any"),
        Purpose::Argument(Ordinal::Second, "builtins.any"),
        Purpose::Returned("builtins.any"),
    ];
    let found = meets(cx, arguments, true, purposes)?;
    Ok(Value::bool(found))
}

pub(super) fn all<'h>(cx: &mut Eval<'h>, arguments: Arguments<'h>) -> Result<Value<'h>> {
    let purposes = [
        Purpose::Argument(Ordinal::First, "builtins.all"),
        Purpose::Argument(Ordinal::Second, "builtins.all"),
        Purpose::Returned("builtins.all"),
    ];
    let found = meets(cx, arguments, false, purposes)?;
    Ok(Value::bool(!found))
}

/// True as soon as the function returns `wanted` for an element.
fn meets<'h>(
    cx: &mut Eval<'h>,
    [function, list, ..]: Arguments<'h>,
    wanted: bool,
    purposes: [Purpose<&str>; 3],
) -> Result<bool> {
    let function = cx.force_function(function, purposes[0])?;
    let list = cx.force_list(list, purposes[1])?;
    for (index, element) in list.iter().enumerate() {
        let answer = cx.call(function, &[element])?;
        if cx.force_bool(answer, purposes[2])? == wanted {
            return Ok(true);
        }
        list.write_back(index, element.shortened());
    }
    Ok(false)
}

pub(super) fn partition<'h>(cx: &mut Eval<'h>, [function, list, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let function = cx.force_function(function, Purpose::Argument(Ordinal::First, "builtins.partition"))?;
    let list = cx.force_list(list, Purpose::Argument(Ordinal::Second, "builtins.partition"))?;
    let phrase = Purpose::ReturnedBy("partition function passed to builtins.partition");
    let (mut right, mut wrong) = (cx.scope().gather([]), cx.scope().gather([]));
    for (index, element) in list.iter().enumerate() {
        force_element(cx, list, index, element)?;
        let element = element.shortened();
        let answer = cx.call(function, &[element])?;
        let side = if cx.force_bool(answer, phrase)? { &mut right } else { &mut wrong };
        side.push(element);
    }
    let (right, wrong) = (cx.list(&right), cx.list(&wrong));
    Ok(cx.attrs(vec![(RIGHT, right, PosId::NONE), (WRONG, wrong, PosId::NONE)]))
}

pub(super) fn group_by<'h>(cx: &mut Eval<'h>, [function, list, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let function = cx.force_function(function, Purpose::Argument(Ordinal::First, "builtins.groupBy"))?;
    let list = cx.force_list(list, Purpose::Argument(Ordinal::Second, "builtins.groupBy"))?;
    let phrase = Purpose::ReturnedBy("grouping function passed to builtins.groupBy");
    let mut named = ScratchVec::with_capacity_in(list.len(), cx.scope().scratch());
    for (index, element) in list.iter().enumerate() {
        let name = cx.call(function, &[element])?;
        let name = cx.force_symbol(name, phrase)?;
        list.write_back(index, element.shortened());
        named.push((name, element.shortened()));
    }
    Ok(grouped(cx, named, |_, elements| elements))
}

pub(super) fn concat_map<'h>(cx: &mut Eval<'h>, [function, list, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let function = cx.force_function(function, Purpose::Argument(Ordinal::First, "builtins.concatMap"))?;
    let list = cx.force_list(list, Purpose::Argument(Ordinal::Second, "builtins.concatMap"))?;
    let phrase = Purpose::Returned("builtins.concatMap");
    let mut parts = ScratchVec::with_capacity_in(list.len(), cx.scope().scratch());
    for (index, element) in list.iter().enumerate() {
        let part = cx.call(function, &[element])?;
        let mismatch = || cx.mismatch("a list", part).traced(cx.place_of(function), phrase);
        parts.push(part.as_list().ok_or_else(mismatch)?);
        list.write_back(index, element.shortened());
    }
    joined(cx, parts)
}

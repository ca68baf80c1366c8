//! `sort`.

use super::force_element;
use super::peeksort::peeksort;
use crate::error::{Ordinal, Purpose, Result, ResultExt};
use crate::eval::Eval;
use crate::eval::builtin::Arguments;
use crate::heap::{PosId, Str, Unpacked, Value};

pub(super) fn sort<'h>(cx: &mut Eval<'h>, [comparator, list, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let list = cx.force_list(list, Purpose::Argument(Ordinal::Second, "builtins.sort"))?;
    if list.is_empty() {
        return Ok(list.into());
    }
    let comparator = cx.force_function(comparator, Purpose::Argument(Ordinal::First, "builtins.sort"))?;
    for (index, element) in list.iter().enumerate() {
        force_element(cx, list, index, element)?;
    }
    let mut items = cx.scope().gather(list.iter());
    if is_less_than(cx, comparator) {
        sort_by_order(cx, &mut items)?;
    } else {
        sort_by_calls(cx, comparator, &mut items)?;
    }
    // Sorting moves items through memory of its own; the list keeps them meanwhile.
    std::hint::black_box(list);
    Ok(cx.list(&items))
}

fn is_less_than<'h>(cx: &Eval<'h>, comparator: Value<'h>) -> bool {
    matches!(comparator.unpack(), Unpacked::Builtin(id) if cx.builtin(id).name == "lessThan")
}

/// Sorts with a comparator function, called for each comparison.
fn sort_by_calls<'h>(cx: &mut Eval<'h>, comparator: Value<'h>, items: &mut [Value<'h>]) -> Result<()> {
    let phrase = Purpose::ReturnedBy("sorting function passed to builtins.sort");
    peeksort(items, |left, right| {
        let answer = cx.call(comparator, &[left, right])?;
        cx.force_bool(answer, phrase)
    })
}

/// Sorts like `<`. Comparing integers and strings can't fail, so any stable sort gives the same result.
fn sort_by_order<'h>(cx: &mut Eval<'h>, items: &mut [Value<'h>]) -> Result<()> {
    if items.iter().all(|item| item.as_small_int().is_some()) {
        items.sort_unstable_by_key(|item| item.as_small_int());
        return Ok(());
    }
    if items.iter().all(|item| item.as_str().is_some()) {
        items.sort_by_key(|item| item.as_str().map(Str::as_bytes));
        return Ok(());
    }
    let phrase = "while evaluating the ordering function passed to builtins.sort";
    peeksort(items, |left, right| cx.less_than(left, right).traced(PosId::NONE, || phrase))
}

//! Builtins on lists. Builtins that call a function for each element are in [`each`], sorting is in [`sort`], and
//! `genericClosure` in [`closure`].

mod closure;
mod each;
mod ordered;
mod peeksort;
mod sort;

use crate::error::{Code, Details, Error, Ordinal, Purpose, Result};
use crate::eval::Eval;
use crate::eval::builtin::{Arguments, Builtin, row};
use crate::heap::{List, ScratchVec, Thunk, Value};

pub(super) const TABLE: &[Builtin] = &[
    row("all", &["pred", "list"], "Whether *pred* gives `true` for every element. Stops at the first `false`.", each::all)
        .forces_first()
        .example("builtins.all (x: x < 3) [ 1 2 3 ]", "false"),
    row("any", &["pred", "list"], "Whether *pred* gives `true` for some element. Stops at the first `true`.", each::any)
        .forces_first()
        .example("builtins.any (x: x < 3) [ 1 2 3 ]", "true"),
    row("concatLists", &["lists"], "The elements of all lists in the list *lists*, as one list.", concat_lists)
        .forces_first()
        .example("builtins.concatLists [ [ 1 2 ] [ ] [ 3 ] ]", "[ 1 2 3 ]"),
    row(
        "concatMap",
        &["f", "list"],
        "The elements of all lists that *f* gives for the elements of *list*, as one list.",
        each::concat_map,
    )
    .forces_first()
    .example("builtins.concatMap (x: [ x (x * 10) ]) [ 1 2 ]", "[ 1 10 2 20 ]"),
    row("elem", &["x", "xs"], "Whether the list *xs* has an element that equals *x*. Stops at the first.", elem)
        .example("builtins.elem 2 [ 1 2 3 ]", "true"),
    row("elemAt", &["xs", "n"], "The element of the list *xs* at *n*, counting from 0.", elem_at)
        .example("builtins.elemAt [ \"a\" \"b\" ] 1", "\"b\""),
    row(
        "filter",
        &["f", "list"],
        "The elements of *list* for which *f* gives `true`, in their order.",
        each::filter,
    )
    .example("builtins.filter (x: x > 1) [ 1 2 3 ]", "[ 2 3 ]"),
    row(
        "foldl'",
        &["op", "nul", "list"],
        "`op (op (op nul x0) x1) x2` and so on, from the left. Each result is evaluated before the next call, so long lists\n\
         need no deep stack.",
        each::foldl,
    )
    .forces_first()
    .example("builtins.foldl' (sum: x: sum + x) 0 [ 1 2 3 ]", "6"),
    row(
        "genericClosure",
        &["attrset"],
        "All items that can be reached. *attrset* has `startSet`, a list of sets each with a `key`, and `operator`, which\n\
         gives the list of such sets that follow from one. Items whose key was met before are skipped.",
        closure::generic_closure,
    )
    .forces_first()
    .example(
        "builtins.genericClosure { startSet = [ { key = 6; } ]; operator = x: [ { key = x.key / 2; } ]; }",
        "[ { key = 6; } { key = 3; } { key = 1; } { key = 0; } ]",
    ),
    row(
        "genList",
        &["generator", "length"],
        "The list of *length* elements whose element at `i` is `generator i`. No call happens before its result is needed.",
        each::gen_list,
    )
    .example("builtins.genList (i: i * i) 4", "[ 0 1 4 9 ]"),
    row(
        "groupBy",
        &["f", "list"],
        "A set with one list for each string that *f* gives: the elements it gave that string for, in their order.",
        each::group_by,
    )
    .forces_first()
    .example("builtins.groupBy (x: if x < 2 then \"few\" else \"many\") [ 1 2 3 ]", "{ few = [ 1 ]; many = [ 2 3 ]; }"),
    row("head", &["list"], "The first element of *list*. An error if there is none.", head)
        .forces_first()
        .example("builtins.head [ 1 2 ]", "1"),
    row("length", &["e"], "The number of elements of the list *e*.", length)
        .forces_first()
        .example("builtins.length [ 1 (throw \"not reached\") ]", "2"),
    row(
        "map",
        &["f", "list"],
        "The list of what *f* gives for each element of *list*. No call happens before its result is needed.",
        each::map,
    )
    .global()
    .example("map (x: x * 2) [ 1 2 ]", "[ 2 4 ]"),
    row(
        "partition",
        &["pred", "list"],
        "The elements for which *pred* gives `true`, as `right`, and all others, as `wrong`.",
        each::partition,
    )
    .forces_first()
    .example("builtins.partition (x: x > 1) [ 1 2 3 ]", "{ right = [ 2 3 ]; wrong = [ 1 ]; }"),
    row(
        "sort",
        &["comparator", "list"],
        "*list* in the order in which `comparator a b` says `true` if *a* must come before *b*. Elements of which neither\n\
         comes before the other keep their order.",
        sort::sort,
    )
    .example("builtins.sort (a: b: a > b) [ 2 3 1 ]", "[ 3 2 1 ]"),
    row(
        "tail",
        &["list"],
        "*list* without its first element.",
        tail,
    )
    .forces_first()
    .example("builtins.tail [ 1 2 3 ]", "[ 2 3 ]"),
];

/// A handle for the result of a call. C++ Nix creates a copy there: a function or float equals itself, and a list is
/// repeated, only if it is the same copy.
fn held<'h>(cx: &Eval<'h>, value: Value<'h>) -> Value<'h> {
    if value.as_list().map_or(value.is_freely_copied(), |list| list.is_empty() || list.settle()) {
        return value;
    }
    Thunk::done_alias(cx.scope(), value).into()
}

/// Forces an element, and writes its value into the list if the value may replace the thunk.
#[inline]
fn force_element<'h>(cx: &mut Eval<'h>, list: List<'h>, index: usize, element: Value<'h>) -> Result<Value<'h>> {
    if element.is_evaluated() {
        return Ok(element);
    }
    let value = cx.force(element)?;
    list.write_back(index, element.shortened());
    Ok(value)
}

fn head<'h>(cx: &mut Eval<'h>, [list, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let list = cx.force_list(list, Purpose::Argument(Ordinal::First, "'builtins.head'"))?;
    match list.get(0) {
        Some(first) => force_element(cx, list, 0, first),
        None => Err(Error::eval("'builtins.head' called on an empty list").with_code(Code::OUT_OF_LIST)),
    }
}

fn tail<'h>(cx: &mut Eval<'h>, [list, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let list = cx.force_list(list, Purpose::Argument(Ordinal::First, "'builtins.tail'"))?;
    if list.is_empty() {
        return Err(Error::eval("'builtins.tail' called on an empty list").with_code(Code::OUT_OF_LIST));
    }
    Ok(list.part(cx.scope(), 1..list.len()).into())
}

fn length<'h>(cx: &mut Eval<'h>, [list, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let list = cx.force_list(list, Purpose::Argument(Ordinal::First, "builtins.length"))?;
    Ok(cx.int(list.len() as i64))
}

fn elem_at<'h>(cx: &mut Eval<'h>, [list, index, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let index = cx.force_int(index, Purpose::Argument(Ordinal::Second, "'builtins.elemAt'"))?;
    let list = cx.force_list(list, Purpose::Argument(Ordinal::First, "'builtins.elemAt'"))?;
    let found = usize::try_from(index).ok().and_then(|place| Some((place, list.get(place)?)));
    match found {
        Some((place, element)) => force_element(cx, list, place, element),
        None => Err(bad_index(index, list.len())),
    }
}

#[cold]
fn bad_index(index: i64, size: usize) -> Error {
    let note = match size {
        0 => "the list is empty".to_owned(),
        _ => format!("elements are counted from 0 and only from the start; the last here is {}", size - 1),
    };
    Error::eval(format!("'builtins.elemAt' called with index {index} on a list of size {size}"))
        .with_code(Code::OUT_OF_LIST)
        .with_details(Details { notes: vec![note], ..Details::default() })
}

fn elem<'h>(cx: &mut Eval<'h>, [wanted, list, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let list = cx.force_list(list, Purpose::Argument(Ordinal::Second, "builtins.elem"))?;
    for (index, element) in list.iter().enumerate() {
        if cx.equal(wanted.shortened(), element)? {
            return Ok(Value::TRUE);
        }
        list.write_back(index, element.shortened());
    }
    Ok(Value::FALSE)
}

fn concat_lists<'h>(cx: &mut Eval<'h>, [lists, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let lists = cx.force_list(lists, Purpose::Argument(Ordinal::First, "builtins.concatLists"))?;
    let phrase = Purpose::Value(" passed to builtins.concatLists");
    let mut parts = cx.scope().gather([]);
    for (index, element) in lists.iter().enumerate() {
        let part = cx.force_list(element, phrase)?;
        lists.write_back(index, element.shortened());
        parts.push(part);
    }
    joined(cx, parts)
}

/// All parts as one list. A single nonempty part is returned unchanged.
fn joined<'h>(cx: &Eval<'h>, mut parts: ScratchVec<'h, List<'h>>) -> Result<Value<'h>> {
    parts.retain(|part| !part.is_empty());
    match parts[..] {
        [only] => Ok(only.into()),
        _ => Ok(cx.concat_lists(&parts)?.into()),
    }
}

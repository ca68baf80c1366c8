//! Builtins for the types of values.

use crate::error::{Error, Result};
use crate::eval::Eval;
use crate::eval::builtin::{Arguments, Builtin, row};
use crate::heap::{Unpacked, Value};

pub(super) const TABLE: &[Builtin] = &[
    row(
        "functionArgs",
        &["f"],
        "The names that the function *f* takes out of the set it is called with, each with `true` if it has a default.\n\
         A function of a single variable (`x: …`) and a builtin give `{ }`.",
        function_args,
    )
    .forces_first()
    .example("builtins.functionArgs ({ a, b ? 1 }: a)", "{ a = false; b = true; }"),
    row("isAttrs", &["e"], "Whether *e* is a set.", is_attrs)
        .forces_first()
        .example("builtins.isAttrs { a = 1; }", "true"),
    row("isBool", &["e"], "Whether *e* is `true` or `false`.", is_bool)
        .forces_first()
        .example("builtins.isBool false", "true"),
    row("isFloat", &["e"], "Whether *e* is a floating-point number. An integer is not one.", is_float)
        .forces_first()
        .example("map builtins.isFloat [ 1.0 1 ]", "[ true false ]"),
    row(
        "isFunction",
        &["e"],
        "Whether *e* is a function. A set with `__functor` can be called like one, but is a set.",
        is_function,
    )
    .forces_first()
    .example("map builtins.isFunction [ map (x: x) { __functor = self: x: x; } ]", "[ true true false ]"),
    row("isInt", &["e"], "Whether *e* is an integer.", is_int)
        .forces_first()
        .example("map builtins.isInt [ 1.0 1 ]", "[ false true ]"),
    row("isList", &["e"], "Whether *e* is a list.", is_list).forces_first().example("builtins.isList [ ]", "true"),
    row("isNull", &["e"], "Whether *e* is `null`. The same as `e == null`.", is_null)
        .global()
        .forces_first()
        .example("isNull null", "true"),
    row("isPath", &["e"], "Whether *e* is a path. A string that looks like one is a string.", is_path)
        .forces_first()
        .example("map builtins.isPath [ /etc \"/etc\" ]", "[ true false ]"),
    row("isString", &["e"], "Whether *e* is a string.", is_string)
        .forces_first()
        .example("builtins.isString \"a\"", "true"),
    row(
        "typeOf",
        &["e"],
        "The type of *e* as a string: `\"int\"`, `\"float\"`, `\"bool\"`, `\"string\"`, `\"path\"`, `\"null\"`,\n\
         `\"set\"`, `\"list\"` or `\"lambda\"`.",
        type_of,
    )
    .forces_first()
    .example("map builtins.typeOf [ 1 map ]", "[ \"int\" \"lambda\" ]"),
];

fn type_of<'h>(cx: &mut Eval<'h>, [value, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let value = cx.force(value)?;
    Ok(cx.string(value.unpack().type_name()))
}

fn test<'h>(cx: &mut Eval<'h>, value: Value<'h>, accept: impl FnOnce(Value<'h>) -> bool) -> Result<Value<'h>> {
    let value = cx.force(value)?;
    Ok(Value::bool(accept(value)))
}

fn is_attrs<'h>(cx: &mut Eval<'h>, [value, ..]: Arguments<'h>) -> Result<Value<'h>> {
    test(cx, value, |value| value.as_attrs().is_some())
}

fn is_bool<'h>(cx: &mut Eval<'h>, [value, ..]: Arguments<'h>) -> Result<Value<'h>> {
    test(cx, value, |value| value.as_bool().is_some())
}

fn is_float<'h>(cx: &mut Eval<'h>, [value, ..]: Arguments<'h>) -> Result<Value<'h>> {
    test(cx, value, |value| matches!(value.unpack(), Unpacked::Float(_)))
}

fn is_function<'h>(cx: &mut Eval<'h>, [value, ..]: Arguments<'h>) -> Result<Value<'h>> {
    test(cx, value, Value::is_function)
}

fn is_int<'h>(cx: &mut Eval<'h>, [value, ..]: Arguments<'h>) -> Result<Value<'h>> {
    test(cx, value, |value| matches!(value.unpack(), Unpacked::Int(_)))
}

fn is_list<'h>(cx: &mut Eval<'h>, [value, ..]: Arguments<'h>) -> Result<Value<'h>> {
    test(cx, value, |value| value.as_list().is_some())
}

fn is_null<'h>(cx: &mut Eval<'h>, [value, ..]: Arguments<'h>) -> Result<Value<'h>> {
    test(cx, value, Value::is_null)
}

fn is_path<'h>(cx: &mut Eval<'h>, [value, ..]: Arguments<'h>) -> Result<Value<'h>> {
    test(cx, value, |value| matches!(value.unpack(), Unpacked::Path(_)))
}

fn is_string<'h>(cx: &mut Eval<'h>, [value, ..]: Arguments<'h>) -> Result<Value<'h>> {
    test(cx, value, |value| value.as_str().is_some())
}

/// A builtin has no named arguments, and neither has a builtin with its first argument applied.
fn function_args<'h>(cx: &mut Eval<'h>, [function, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let function = cx.force(function)?;
    let info = match function.unpack() {
        Unpacked::Closure(closure) => Some(cx.closure_info(closure)),
        Unpacked::Partial(partial) => cx.partial_info(partial),
        Unpacked::Builtin(_) => None,
        _ => return Err(Error::type_error("'functionArgs' requires a function")),
    };
    let formals = info.and_then(|info| info.formals).unwrap_or_default();
    let attr = |(name, has_default, position)| (name, Value::bool(has_default), position);
    Ok(cx.attrs(formals.into_iter().map(attr).collect()))
}

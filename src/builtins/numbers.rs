//! Builtins on numbers. The arithmetic itself is in the evaluator, shared with the operators.

use crate::codec::number::float_to_stream_text;
use crate::error::{Error, Ordinal, Purpose, Result};
use crate::eval::Eval;
use crate::eval::builtin::{Arguments, Builtin, row};
use crate::heap::{Unpacked, Value};

pub(super) const TABLE: &[Builtin] = &[
    row(
        "add",
        &["e1", "e2"],
        "The sum of the numbers *e1* and *e2*. A float if either is one; an integer that does not fit 64 bits is an \
         error.",
        add,
    )
    .forces_first()
    .example("builtins.add 1 2.5", "3.5"),
    row("bitAnd", &["e1", "e2"], "The integer with those bits set that are set in both *e1* and *e2*.", bit_and)
        .forces_first()
        .example("builtins.bitAnd 12 10", "8"),
    row("bitOr", &["e1", "e2"], "The integer with those bits set that are set in *e1* or *e2*.", bit_or)
        .forces_first()
        .example("builtins.bitOr 12 10", "14"),
    row("bitXor", &["e1", "e2"], "The integer with those bits set that are set in one of *e1* and *e2* only.", bit_xor)
        .forces_first()
        .example("builtins.bitXor 12 10", "6"),
    row(
        "ceil",
        &["number"],
        "The smallest integer that is not below *number*.",
        ceil,
    )
    .forces_first()
    .example("map builtins.ceil [ 1.2 (-1.2) 3 ]", "[ 2 -1 3 ]"),
    row(
        "div",
        &["e1", "e2"],
        "The quotient of the numbers *e1* and *e2*. For two integers it is rounded towards zero. Dividing by zero is\n\
         an error, even for floats.",
        div,
    )
    .forces_first()
    .example("[ (builtins.div 7 2) (builtins.div 7 2.0) ]", "[ 3 3.5 ]"),
    row(
        "floor",
        &["number"],
        "The largest integer that is not above *number*.",
        floor,
    )
    .forces_first()
    .example("map builtins.floor [ 1.8 (-1.2) 3 ]", "[ 1 -2 3 ]"),
    row(
        "lessThan",
        &["e1", "e2"],
        "Whether *e1* is less than *e2*, as `e1 < e2`. Numbers are compared as such, strings and paths by bytes, lists by\n\
         their first elements that differ; anything else is an error.",
        less_than,
    )
    .forces_first()
    .example("builtins.lessThan [ 1 2 ] [ 1 3 ]", "true"),
    row("mul", &["e1", "e2"], "The product of the numbers *e1* and *e2*, with the rules of `add`.", mul)
        .forces_first()
        .example("builtins.mul 6 7", "42"),
    row("sub", &["e1", "e2"], "The difference of the numbers *e1* and *e2*, with the rules of `add`.", sub)
        .forces_first()
        .example("builtins.sub 1 3", "-2"),
];

/// Forces both operands, the first one first, and only then checks their types: so a failing operand is reported
/// before one of the wrong type.
fn with_both<'h, T>(
    cx: &mut Eval<'h>,
    [left, right, ..]: Arguments<'h>,
    compute: impl FnOnce(&mut Eval<'h>, Value<'h>, Value<'h>) -> Result<T>,
) -> Result<T> {
    let left = cx.force(left)?;
    let right = cx.force(right)?;
    compute(cx, left, right)
}

fn add<'h>(cx: &mut Eval<'h>, arguments: Arguments<'h>) -> Result<Value<'h>> {
    with_both(cx, arguments, Eval::add)
}

fn sub<'h>(cx: &mut Eval<'h>, arguments: Arguments<'h>) -> Result<Value<'h>> {
    with_both(cx, arguments, Eval::subtract)
}

fn mul<'h>(cx: &mut Eval<'h>, arguments: Arguments<'h>) -> Result<Value<'h>> {
    with_both(cx, arguments, Eval::multiply)
}

fn div<'h>(cx: &mut Eval<'h>, arguments: Arguments<'h>) -> Result<Value<'h>> {
    with_both(cx, arguments, Eval::divide)
}

fn less_than<'h>(cx: &mut Eval<'h>, arguments: Arguments<'h>) -> Result<Value<'h>> {
    with_both(cx, arguments, Eval::less_than).map(Value::bool)
}

fn bit_and<'h>(cx: &mut Eval<'h>, [left, right, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let left = cx.force_int(left, Purpose::Argument(Ordinal::First, "builtins.bitAnd"))?;
    let right = cx.force_int(right, Purpose::Argument(Ordinal::Second, "builtins.bitAnd"))?;
    Ok(cx.int(left & right))
}

fn bit_or<'h>(cx: &mut Eval<'h>, [left, right, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let left = cx.force_int(left, Purpose::Argument(Ordinal::First, "builtins.bitOr"))?;
    let right = cx.force_int(right, Purpose::Argument(Ordinal::Second, "builtins.bitOr"))?;
    Ok(cx.int(left | right))
}

fn bit_xor<'h>(cx: &mut Eval<'h>, [left, right, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let left = cx.force_int(left, Purpose::Argument(Ordinal::First, "builtins.bitXor"))?;
    let right = cx.force_int(right, Purpose::Argument(Ordinal::Second, "builtins.bitXor"))?;
    Ok(cx.int(left ^ right))
}

fn ceil<'h>(cx: &mut Eval<'h>, [number, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let float = cx.force_float(number, Purpose::Argument(Ordinal::First, "builtins.ceil"))?;
    rounded(cx, number, float, float.ceil())
}

fn floor<'h>(cx: &mut Eval<'h>, [number, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let float = cx.force_float(number, Purpose::Argument(Ordinal::First, "builtins.floor"))?;
    rounded(cx, number, float, float.floor())
}

/// The integer `whole`, which is `number` as `float` rounded. As in C++ Nix, an integer is converted to a float too,
/// and fails if that changes it.
fn rounded<'h>(cx: &mut Eval<'h>, number: Value<'h>, float: f64, whole: f64) -> Result<Value<'h>> {
    // -2^63 and 2^63, both exact.
    let fits = whole >= i64::MIN as f64 && whole < -(i64::MIN as f64);
    match cx.force(number)?.unpack() {
        Unpacked::Int(int) if !fits => Err(undefined_before(int)),
        Unpacked::Int(int) if whole as i64 != int => Err(imprecise_before(int, whole as i64)),
        _ if fits => Ok(cx.int(whole as i64)),
        _ => {
            Err(Error::eval(format!("NixFloat argument {} is not in the range of NixInt", float_to_stream_text(float))))
        }
    }
}

const BUG: &str = "Due to a bug (see https://github.com/NixOS/nix/issues/12899)";
const ADVICE: &str = "\n\tFuture Nix versions might implement the correct behavior.";

#[cold]
fn undefined_before(int: i64) -> Error {
    Error::eval(format!("{BUG} the NixInt argument {int} caused undefined behavior in previous Nix versions.{ADVICE}"))
}

#[cold]
fn imprecise_before(int: i64, rounded: i64) -> Error {
    Error::eval(format!(
        "{BUG} a loss of precision occurred in previous Nix versions because the NixInt argument {int} was rounded \
         to {rounded}.{ADVICE}"
    ))
}

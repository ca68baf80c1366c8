//! Builtins that read and write JSON. `print` writes it, `codec` reads it.

pub(super) mod tree;

use crate::codec::json::{Json, JsonError, parse_json};
use crate::error::{Cause, Error, Ordinal, Purpose, Result};
use crate::eval::Eval;
use crate::eval::builtin::{Arguments, Builtin, row};
use crate::heap::{PosId, Value};
use tree::Node;

pub(super) const TABLE: &[Builtin] = &[
    row(
        "fromJSON",
        &["e"],
        "The value of the JSON text *e*. Numbers with a fraction or an exponent become floats, others integers.",
        from_json,
    )
    .forces_first()
    .example(r#"builtins.fromJSON ''{ "x": [ 1, 2.5 ], "y": null }''"#, "{ x = [ 1 2.5 ]; y = null; }"),
    row(
        "toJSON",
        &["e"],
        "*e*, evaluated to its depths, as JSON text. A set with `__toString` or `outPath` is written as that string, so a\n\
         derivation is its output path. Paths are copied to the store. Functions have no JSON.",
        to_json,
    )
    .forces_first()
    .example("builtins.toJSON { b = [ 1 2.0 ]; a = \"x\"; }", r#""{\"a\":\"x\",\"b\":[1,2.0]}""#),
];

/// The bytes of an item of a text while it is read.
const BYTES_PER_ITEM: usize = 3 * size_of::<Json>();

fn to_json<'h>(cx: &mut Eval<'h>, [value, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let (text, context) = crate::print::json(cx, value, true)?;
    cx.long_string(&text, context)
}

fn from_json<'h>(cx: &mut Eval<'h>, [text, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let text = cx.force_plain_string(text, Purpose::Argument(Ordinal::First, "builtins.fromJSON"))?;
    cx.poll_holding(tree::bytes(text.as_bytes(), *b",[{", BYTES_PER_ITEM))?;
    let json = parse_json(text.as_bytes()).map_err(reading_error)?;
    tree::build(cx, json, node)
}

#[cold]
fn reading_error(error: JsonError) -> Error {
    let message = Error::eval(error.to_string());
    match error {
        JsonError::Parse { reason, .. } => {
            let message = message.because(Cause::InvalidJson(reason.into()));
            message.traced(PosId::NONE, "while decoding a JSON string")
        }
        _ => message,
    }
}

fn node<'h>(cx: &Eval<'h>, mut json: Json) -> Result<Node<'h, Json>> {
    Ok(Node::Value(match &mut json {
        Json::Null => Value::NULL,
        Json::Bool(truth) => Value::bool(*truth),
        Json::Int(int) => cx.int(*int),
        Json::Float(float) => cx.float(*float),
        Json::String(text) => cx.string(text),
        Json::Array(items) => return Ok(Node::List(std::mem::take(items))),
        Json::Object(members) => return Ok(Node::Set(std::mem::take(members))),
    }))
}

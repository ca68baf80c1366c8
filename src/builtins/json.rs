//! Builtins that read and write JSON. How it is written is `print`'s business, how it is read `codec`'s.

use super::{Arguments, Builtin, row};
use crate::codec::json::{Json, JsonError, parse_json};
use crate::error::{Error, Result};
use crate::eval::Eval;
use crate::heap::{List, PosId, Symbol, Value};
use crate::value::attrs::Attr;

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

fn to_json<'h>(cx: &mut Eval<'h>, [value, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let (text, context) = crate::print::json(cx, value, true)?;
    Ok(cx.string_with_context(text, context))
}

fn from_json<'h>(cx: &mut Eval<'h>, [text, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let text = cx.force_plain_string(text, "while evaluating the first argument passed to builtins.fromJSON")?;
    let json = parse_json(text.as_bytes()).map_err(reading_error)?;
    build(cx, json)
}

#[cold]
fn reading_error(error: JsonError) -> Error {
    let message = Error::eval(error.to_string());
    match error {
        JsonError::Parse(_) => message.traced("while decoding a JSON string", PosId(0)),
        _ => message,
    }
}

/// An array or object of which a part is built.
enum Open<'h> {
    Array { rest: std::vec::IntoIter<Json>, done: Vec<Value<'h>> },
    Object { rest: std::vec::IntoIter<(Vec<u8>, Json)>, name: Symbol, done: Vec<Attr<'h>> },
}

/// The value of a JSON tree, however deep.
fn build<'h>(cx: &Eval<'h>, json: Json) -> Result<Value<'h>> {
    let mut open = Vec::new();
    let mut built = begin(cx, json, &mut open);
    loop {
        cx.poll()?;
        if let Some(value) = built {
            let Some(around) = open.last_mut() else { return Ok(value) };
            around.add(value);
        }
        let part = open.last_mut().and_then(|around| around.next_part(cx));
        built = match part {
            Some(json) => begin(cx, json, &mut open),
            None => open.pop().map(|around| around.finish(cx)),
        };
    }
}

/// The value of a scalar. Arrays and objects are opened instead.
fn begin<'h>(cx: &Eval<'h>, mut json: Json, open: &mut Vec<Open<'h>>) -> Option<Value<'h>> {
    Some(match &mut json {
        Json::Null => Value::NULL,
        Json::Bool(truth) => Value::bool(*truth),
        Json::Int(int) => cx.int(*int),
        Json::Float(float) => cx.float(*float),
        Json::String(text) => cx.string(text),
        Json::Array(items) => {
            let items = std::mem::take(items);
            open.push(Open::Array { done: Vec::with_capacity(items.len()), rest: items.into_iter() });
            return None;
        }
        Json::Object(members) => {
            let members = std::mem::take(members);
            let done = Vec::with_capacity(members.len());
            open.push(Open::Object { rest: members.into_iter(), name: Symbol(0), done });
            return None;
        }
    })
}

impl<'h> Open<'h> {
    fn next_part(&mut self, cx: &Eval<'h>) -> Option<Json> {
        match self {
            Self::Array { rest, .. } => rest.next(),
            Self::Object { rest, name, .. } => {
                let (text, value) = rest.next()?;
                *name = cx.intern(&text);
                Some(value)
            }
        }
    }

    fn add(&mut self, value: Value<'h>) {
        match self {
            Self::Array { done, .. } => done.push(value),
            Self::Object { name, done, .. } => done.push((*name, value, PosId(0))),
        }
    }

    fn finish(self, cx: &Eval<'h>) -> Value<'h> {
        match self {
            Self::Array { done, .. } => List::from_values(cx.scope(), done.into_iter()).into(),
            Self::Object { done, .. } => cx.attrs(done),
        }
    }
}

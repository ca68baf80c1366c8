//! The attribute `__json`: its text with names in order and without spaces.

use crate::codec::float_json::float_to_json_text;
use crate::codec::json::{Json, parse_json, write_json_string};
use crate::error::{Error, Result};
use crate::eval::Eval;

/// An object as C++ Nix writes it after reading it.
pub(super) fn rewritten(cx: &mut Eval<'_>, text: &[u8]) -> Result<Vec<u8>> {
    let json = parse_json(text).map_err(|error| refusal(&error.to_string()))?;
    let kind = match json {
        Json::Object(_) => None,
        Json::Null => Some("null"),
        Json::Bool(_) => Some("boolean"),
        Json::Int(_) | Json::Float(_) => Some("number"),
        Json::String(_) => Some("string"),
        Json::Array(_) => Some("array"),
    };
    if let Some(kind) = kind {
        return Err(refusal(&format!("[json.exception.type_error.302] type must be object, but is {kind}")));
    }
    let mut out = Vec::with_capacity(text.len());
    write(cx, &mut out, &json)?;
    Ok(out)
}

#[cold]
fn refusal(reason: &str) -> Error {
    Error::eval(format!("cannot process __json attribute: {reason}"))
}

fn write(cx: &mut Eval<'_>, out: &mut Vec<u8>, json: &Json) -> Result<()> {
    match json {
        Json::Null => out.extend_from_slice(b"null"),
        Json::Bool(truth) => out.extend_from_slice(if *truth { b"true" } else { b"false" }),
        Json::Int(int) => out.extend_from_slice(int.to_string().as_bytes()),
        Json::Float(float) => out.extend_from_slice(float_to_json_text(*float).as_bytes()),
        Json::String(text) => string(out, text)?,
        Json::Array(items) => return cx.deeper(|cx| array(cx, out, items)),
        Json::Object(members) => return cx.deeper(|cx| object(cx, out, members)),
    }
    Ok(())
}

fn string(out: &mut Vec<u8>, text: &[u8]) -> Result<()> {
    write_json_string(out, text).map_err(|invalid| refusal(&invalid.to_string()))
}

fn array(cx: &mut Eval<'_>, out: &mut Vec<u8>, items: &[Json]) -> Result<()> {
    out.push(b'[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        write(cx, out, item)?;
    }
    out.push(b']');
    Ok(())
}

fn object(cx: &mut Eval<'_>, out: &mut Vec<u8>, members: &[(Vec<u8>, Json)]) -> Result<()> {
    out.push(b'{');
    for (index, (name, value)) in members.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        string(out, name)?;
        out.push(b':');
        write(cx, out, value)?;
    }
    out.push(b'}');
    Ok(())
}

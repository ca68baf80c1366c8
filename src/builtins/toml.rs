//! The builtin that reads TOML. `codec` parses it.

use super::json::tree::{self, Node};
use crate::codec::toml::{TIMESTAMPS_DISABLED, Toml, parse_toml};
use crate::error::{Error, Ordinal, Purpose, Result};
use crate::eval::Eval;
use crate::eval::builtin::{Arguments, Builtin, row};
use crate::heap::Value;

pub(super) const TABLE: &[Builtin] = &[row(
    "fromTOML",
    &["e"],
    "The value of the TOML document *e*, a set. Dates and times are errors unless the experimental feature\n\
     `parse-toml-timestamps` makes them `{ _type = \"timestamp\"; value = \"…\"; }`.",
    from_toml,
)
.global()
.forces_first()
.example("fromTOML \"x = 1\\n[table]\\ny = [ true, 2.5 ]\"", "{ table = { y = [ true 2.5 ]; }; x = 1; }")];

/// The bytes of a table or value of a document while it is read, with its name and its place.
const BYTES_PER_ITEM: usize = 256;

fn from_toml<'h>(cx: &mut Eval<'h>, [text, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let text = cx.force_plain_string(text, Purpose::Argument(Ordinal::Only, "builtins.fromTOML"))?;
    cx.poll_holding(tree::bytes(text.as_bytes(), *b"=[.", BYTES_PER_ITEM))?;
    let toml = parse_toml(text.as_bytes()).map_err(|error| failure(&error.0))?;
    tree::build(cx, toml, node)
}

fn node<'h>(cx: &Eval<'h>, mut toml: Toml) -> Result<Node<'h, Toml>> {
    Ok(Node::Value(match &mut toml {
        Toml::Bool(truth) => Value::bool(*truth),
        Toml::Int(int) => cx.int(*int),
        Toml::Float(float) => cx.float(*float),
        Toml::String(text) => cx.string(text),
        Toml::Timestamp(text) => timestamp(cx, text)?,
        Toml::Array(items) => return Ok(Node::List(std::mem::take(items))),
        Toml::Table(entries) => return Ok(Node::Set(std::mem::take(entries))),
    }))
}

fn timestamp<'h>(cx: &Eval<'h>, text: &str) -> Result<Value<'h>> {
    if !cx.settings().has_feature("parse-toml-timestamps") {
        return Err(failure(TIMESTAMPS_DISABLED));
    }
    Ok(cx.attrs_of(&[("_type", cx.string("timestamp")), ("value", cx.string(text))]))
}

#[cold]
fn failure(reason: &str) -> Error {
    // After a report that ends in a line break, C++ Nix still prints the end of a colour, which keeps that line.
    let end = if reason.ends_with('\n') { "\u{1b}[0m" } else { "" };
    Error::eval(format!("while parsing TOML: {reason}{end}"))
}

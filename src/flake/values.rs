//! Values in the static parts of a flake.

use crate::error::{Error, Result};
use crate::eval::Eval;
use crate::heap::{PosId, Unpacked, Value};

/// The type of a value, as named in messages.
pub(super) fn kind(value: Value<'_>) -> &'static str {
    match value.unpack() {
        Unpacked::Null => "null",
        Unpacked::Bool(_) => "a Boolean",
        Unpacked::Int(_) => "an integer",
        Unpacked::Float(_) => "a float",
        Unpacked::String(_) => "a string",
        Unpacked::Path(_) => "a path",
        Unpacked::Attrs(_) => "a set",
        Unpacked::List(_) => "a list",
        Unpacked::Closure(_) | Unpacked::Partial(_) | Unpacked::Builtin(_) => "a function",
        Unpacked::Thunk(_) => "a thunk",
    }
}

/// The value, if it has this type; otherwise an error.
pub(super) fn expect<'h>(cx: &mut Eval<'h>, value: Value<'h>, wanted: &str, position: PosId) -> Result<Value<'h>> {
    let value = cx.force_trivial(value)?.peeked();
    let found = kind(value);
    if found == wanted {
        return Ok(value);
    }
    Err(labelled(
        Error::fetch(format!("expected {wanted} but got {found} at {}", place(cx, position))),
        position,
        "here",
    ))
}

/// The error with a label at a place of `flake.nix`, for people.
#[cold]
pub(super) fn labelled(error: Error, position: PosId, label: &'static str) -> Error {
    let mut details = error.details().cloned().unwrap_or_default();
    if position != PosId::NONE {
        details.related.push((position.into(), label.into()));
    }
    error.with_details(details)
}

/// `FILE:LINE:COLUMN`, in C++ Nix's form for these messages.
pub(super) fn place(cx: &Eval<'_>, position: PosId) -> String {
    if cx.sources().locate(position).is_none() { "«none»:0".to_owned() } else { cx.show_position(position) }
}

//! Values in the parts of a flake that are read without being run.

use crate::error::{Error, Result};
use crate::eval::Eval;
use crate::heap::{PosId, Thunk, Unpacked, Value};

/// What a value is now: nothing is evaluated.
pub(super) fn now(value: Value<'_>) -> Value<'_> {
    value.as_thunk().and_then(Thunk::value).unwrap_or(value)
}

/// The kind of a value, as messages name it.
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

/// A value of this kind, or an error.
pub(super) fn expect<'h>(cx: &mut Eval<'h>, value: Value<'h>, wanted: &str, position: PosId) -> Result<Value<'h>> {
    let value = now(cx.force_trivial(value)?);
    let found = kind(value);
    if found == wanted {
        return Ok(value);
    }
    Err(Error::fetch(format!("expected {wanted} but got {found} at {}", place(cx, position))))
}

/// `FILE:LINE:COLUMN`, as C++ Nix writes it in these messages.
pub(super) fn place(cx: &Eval<'_>, position: PosId) -> String {
    if cx.sources().locate(position).is_none() { "«none»:0".to_owned() } else { cx.show_position(position) }
}

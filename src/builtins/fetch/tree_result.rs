//! The set for a fetched tree.

use super::input::Input;
use crate::builtins::Arguments;
use crate::error::{ErrorKind, Result};
use crate::eval::Eval;
use crate::eval::tree_value::TreeValue;
use crate::heap::Value;

/// Fetches an input. A fact that only its source has becomes, if the source was not read, an attribute that fails
/// when it is used.
pub(super) fn result<'h>(cx: &Eval<'h>, input: &Input, is_fetch_git: bool) -> Result<Value<'h>> {
    let tree = input.fetch(cx, input.text("name").unwrap_or(b"source"))?;
    Ok(cx.tree_value(&TreeValue::of_input(&tree, is_fetch_git)))
}

pub(super) fn unknown_attribute<'h>(cx: &mut Eval<'h>, [name, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let name = cx.force_string(name, "")?;
    let name = String::from_utf8_lossy(name.as_bytes());
    let text = format!("cannot tell '{name}' of this tree: it is not given, and nothing was fetched that could tell");
    Err(ErrorKind::Unsupported(text).into())
}

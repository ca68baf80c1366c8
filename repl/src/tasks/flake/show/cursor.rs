//! Reading a flake's outputs as C++ Nix's cache of evaluations does, with its messages.

use nivis::error::Code;
use nivis::heap::{Attrs, Unpacked};
use nivis::{Error, ErrorKind, Eval, Result, Value};

/// The set that lies at a path.
///
/// # Errors
/// Fails if the value can't be evaluated, or is not a set.
pub(super) fn set<'h>(cx: &mut Eval<'h>, value: Value<'h>, path: &[String]) -> Result<Attrs<'h>> {
    let value = cx.force(value)?;
    value.as_attrs().ok_or_else(|| Error::type_error(format!("'{}' is not an attribute set", path.join("."))))
}

/// An attribute; `None` if it is missing, or the value is not a set.
///
/// # Errors
/// Fails if the set can't be evaluated.
pub(super) fn attribute<'h>(cx: &mut Eval<'h>, value: Value<'h>, name: &str) -> Result<Option<Value<'h>>> {
    let value = cx.force(value)?;
    Ok(value.as_attrs().and_then(|set| set.get(cx.intern(name.as_bytes()))))
}

/// The text of an attribute that there must be.
///
/// # Errors
/// Fails if the attribute can't be evaluated, is missing, or is not a string.
pub(super) fn needed_text<'h>(cx: &mut Eval<'h>, value: Value<'h>, path: &[String], name: &str) -> Result<String> {
    match attribute(cx, value, name)? {
        Some(found) => text(cx, found, path, name),
        None => {
            let error = Error::eval(format!("attribute '{}.{name}' does not exist", path.join(".")));
            Err(error.with_code(Code::MISSING_ATTRIBUTE))
        }
    }
}

/// The text of an attribute's value.
///
/// # Errors
/// Fails if the value can't be evaluated, or is not a string.
pub(super) fn text<'h>(cx: &mut Eval<'h>, value: Value<'h>, path: &[String], names: &str) -> Result<String> {
    let value = cx.force(value)?;
    match value.unpack() {
        Unpacked::String(text) | Unpacked::Path(text) => Ok(String::from_utf8_lossy(text.as_bytes()).into_owned()),
        _ => {
            let (path, found) = (path.join("."), cx.show_type(value));
            Err(Error::type_error(format!("'{path}.{names}' is not a string but {found}")))
        }
    }
}

/// The text of `meta.description`, if there is one.
///
/// # Errors
/// Fails if the description can't be evaluated, or is not a string.
pub(super) fn description<'h>(cx: &mut Eval<'h>, value: Value<'h>, path: &[String]) -> Result<Option<String>> {
    let Some(meta) = attribute(cx, value, "meta")? else { return Ok(None) };
    let Some(found) = attribute(cx, meta, "description")? else { return Ok(None) };
    text(cx, found, path, "meta.description").map(Some)
}

/// True if the attribute `type` says so.
///
/// # Errors
/// Fails if the attribute `type` can't be evaluated, or is not a string.
pub(super) fn is_derivation<'h>(cx: &mut Eval<'h>, value: Value<'h>, path: &[String]) -> Result<bool> {
    match attribute(cx, value, "type")? {
        Some(kind) => Ok(text(cx, kind, path, "type")? == "derivation"),
        None => Ok(false),
    }
}

/// True for errors of the program, which say nothing about the rest of it.
pub(super) fn is_of_program(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::Throw(_) | ErrorKind::Assertion(_) | ErrorKind::Abort(_) | ErrorKind::Type(_) => true,
        ErrorKind::MissingAttribute(_) | ErrorKind::UndefinedVariable(_) | ErrorKind::InfiniteRecursion => true,
        // That a derivation lacks its name is this program's own error.
        ErrorKind::Eval(_) => error.code() != Code::MISSING_ATTRIBUTE,
        _ => false,
    }
}

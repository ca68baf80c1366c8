//! Attributes of values, as far as they can be had: what is missing or fails is left out.

use nivis::heap::Unpacked;
use nivis::{Eval, Value};

/// The value at a path of attributes, evaluated; `None` if something is missing or fails.
pub(super) fn at<'h>(cx: &mut Eval<'h>, value: Value<'h>, path: &[&str]) -> Option<Value<'h>> {
    let mut value = cx.force(value).ok()?;
    for name in path {
        let field = value.as_attrs()?.get(cx.intern(name.as_bytes()))?;
        value = cx.force(field).ok()?;
    }
    Some(value)
}

/// The text there, if it is a string or path.
pub(super) fn text<'h>(cx: &mut Eval<'h>, value: Value<'h>, path: &[&str]) -> Option<String> {
    match at(cx, value, path)?.unpack() {
        Unpacked::String(text) | Unpacked::Path(text) => Some(String::from_utf8_lossy(text.as_bytes()).into_owned()),
        _ => None,
    }
}

/// The texts in the list there.
pub(super) fn texts<'h>(cx: &mut Eval<'h>, value: Value<'h>, path: &[&str]) -> Vec<String> {
    let Some(list) = at(cx, value, path) else { return Vec::new() };
    let Unpacked::List(list) = list.unpack() else { return Vec::new() };
    let items: Vec<_> = list.iter().collect();
    items.into_iter().filter_map(|item| text(cx, item, &[])).collect()
}

/// True if `true` is there.
pub(super) fn is_true<'h>(cx: &mut Eval<'h>, value: Value<'h>, path: &[&str]) -> bool {
    at(cx, value, path) == Some(Value::TRUE)
}

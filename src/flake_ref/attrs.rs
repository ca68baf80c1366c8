//! The attributes of a flake reference, and typed access to them.

use std::collections::BTreeMap;

use super::Failure;
use crate::codec::lossy;

/// The value of an attribute.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InputAttr {
    /// A string.
    String(Vec<u8>),
    /// A number; never negative.
    Int(u64),
    /// A truth value.
    Bool(bool),
}

/// Attributes, sorted by name.
pub type InputAttrs = BTreeMap<Vec<u8>, InputAttr>;

pub(super) fn string(text: impl AsRef<[u8]>) -> InputAttr {
    InputAttr::String(text.as_ref().to_vec())
}

pub(super) fn maybe_string<'a>(attrs: &'a InputAttrs, name: &str) -> Result<Option<&'a [u8]>, Failure> {
    match attrs.get(name.as_bytes()) {
        None => Ok(None),
        Some(InputAttr::String(text)) => Ok(Some(text)),
        Some(_) => Err(Failure::Other(format!("input attribute '{name}' is not a string {}", to_json(attrs)))),
    }
}

pub(super) fn required_string<'a>(attrs: &'a InputAttrs, name: &str) -> Result<&'a [u8], Failure> {
    maybe_string(attrs, name)?.ok_or_else(|| Failure::Other(format!("input attribute '{name}' is missing")))
}

pub(super) fn check_int(attrs: &InputAttrs, name: &str) -> Result<(), Failure> {
    match attrs.get(name.as_bytes()) {
        None | Some(InputAttr::Int(_)) => Ok(()),
        Some(_) => Err(Failure::Other(format!("input attribute '{name}' is not an integer"))),
    }
}

/// True if the attribute is there and true.
pub(super) fn flag(attrs: &InputAttrs, name: &str) -> Result<bool, Failure> {
    match attrs.get(name.as_bytes()) {
        None => Ok(false),
        Some(InputAttr::Bool(truth)) => Ok(*truth),
        Some(_) => Err(Failure::Other(format!("input attribute '{name}' is not a Boolean"))),
    }
}

/// A number in a URL: digits that fit in 64 bits, with or without a plus sign.
pub(super) fn parse_int(text: &[u8]) -> Option<u64> {
    std::str::from_utf8(text).ok()?.parse().ok()
}

/// The attributes as one line of JSON, for messages. Bytes that are not UTF-8 are replaced.
pub(super) fn to_json(attrs: &InputAttrs) -> String {
    attrs_to_json(attrs).to_string()
}

/// The attributes as a JSON object. Bytes that are not UTF-8 are replaced.
pub fn attrs_to_json(attrs: &InputAttrs) -> serde_json::Value {
    let value = |value: &InputAttr| match value {
        InputAttr::String(text) => lossy(text).into(),
        InputAttr::Int(int) => (*int).into(),
        InputAttr::Bool(truth) => (*truth).into(),
    };
    serde_json::Value::Object(attrs.iter().map(|(name, it)| (lossy(name), value(it))).collect())
}

/// The attributes of a JSON object. `None` for anything else, and for values that an attribute can't have.
pub fn attrs_from_json(json: &serde_json::Value) -> Option<InputAttrs> {
    let value = |value: &serde_json::Value| match value {
        serde_json::Value::String(text) => Some(string(text)),
        serde_json::Value::Number(number) => number.as_u64().map(InputAttr::Int),
        serde_json::Value::Bool(truth) => Some(InputAttr::Bool(*truth)),
        _ => None,
    };
    json.as_object()?.iter().map(|(name, it)| Some((name.clone().into_bytes(), value(it)?))).collect()
}

/// The attributes of an input in a JSON object of a lock file or registry.
pub(crate) fn attrs_of_file(json: &serde_json::Value) -> crate::error::Result<InputAttrs> {
    let Some(members) = json.as_object() else { return Ok(InputAttrs::new()) };
    let attribute = |value: &serde_json::Value| match value {
        serde_json::Value::Number(number) => {
            Ok(InputAttr::Int(number.as_u64().or(number.as_i64().map(i64::cast_unsigned)).unwrap_or(0)))
        }
        serde_json::Value::String(text) => Ok(InputAttr::String(text.clone().into_bytes())),
        serde_json::Value::Bool(truth) => Ok(InputAttr::Bool(*truth)),
        _ => Err(crate::error::Error::fetch("unsupported input attribute type in lock file")),
    };
    members.iter().map(|(name, value)| Ok((name.clone().into_bytes(), attribute(value)?))).collect()
}

//! Values that pass through serde as they are.
//!
//! serde's data model has no place for a value of a session. A newtype with a name of our own stands for it, and the value
//! itself is handed over beside.

use crate::front::convert::Lazy;
use crate::front::session::OwnedValue;
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use std::cell::Cell;
use std::fmt;

/// The name of the newtype.
pub(super) const NAME: &str = "$nivis::OwnedValue";

thread_local! {
    static VALUE: Cell<Option<OwnedValue>> = const { Cell::new(None) };
}

/// Hands a value over to the next call of [`take`] on this thread.
pub(super) fn give(value: OwnedValue) {
    VALUE.set(Some(value));
}

/// The value that was handed over.
pub(super) fn take() -> Option<OwnedValue> {
    VALUE.take()
}

struct Take;

impl<'de> Visitor<'de> for Take {
    type Value = OwnedValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value of a Nix session")
    }

    fn visit_unit<E: Error>(self) -> Result<OwnedValue, E> {
        take().ok_or_else(|| E::custom("only a Nix session has such values"))
    }
}

impl<'de> Deserialize<'de> for OwnedValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(NAME, Take)
    }
}

impl<'de, T> Deserialize<'de> for Lazy<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        OwnedValue::deserialize(deserializer).map(Self::of)
    }
}

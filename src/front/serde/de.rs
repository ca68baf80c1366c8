//! From values to types that serde can deserialize.

use super::handover;
use crate::error::{Action, Error};
use crate::eval::Eval;
use crate::front::convert::{At, Reader, deeper};
use crate::front::failure::Failure;
use crate::heap::{PosId, ScratchVec, Unpacked, Value};
use crate::value::attrs::{Attr, by_name};
use serde::de::value::StrDeserializer;
use serde::de::{self, DeserializeOwned, DeserializeSeed, Visitor};
use std::fmt;

/// Reads a value.
pub(super) fn read<T: DeserializeOwned>(value: &mut Reader<'_, '_>) -> Result<T, Failure> {
    T::deserialize(De::new(value.cx, value.value, value.at))
}

impl de::Error for Failure {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(Error::type_error(message.to_string()))
    }
}

/// A value that is read. serde may put it anywhere, so the value is where collections find it.
struct De<'c, 'h> {
    cx: &'c mut Eval<'h>,
    value: ScratchVec<'h, Value<'h>>,
    at: At,
}

impl<'c, 'h> De<'c, 'h> {
    fn new(cx: &'c mut Eval<'h>, value: Value<'h>, at: At) -> Self {
        let value = cx.scope().gather([value]);
        Self { cx, value, at }
    }

    fn value(&self) -> Value<'h> {
        self.value.first().copied().unwrap_or(Value::NULL)
    }

    fn reader(&mut self) -> Reader<'_, 'h> {
        let value = self.value();
        Reader { cx: self.cx, value, at: self.at }
    }

    /// Evaluates the value, but not what is in it.
    fn forced(&mut self) -> Result<Unpacked<'h>, Failure> {
        self.reader().forced()
    }

    /// Visits one level deeper. An error without a place gets the value's.
    fn visit<T>(self, body: impl FnOnce(&mut Eval<'h>) -> Result<T, Failure>) -> Result<T, Failure> {
        let at = self.at;
        deeper(self.cx, |cx| body(cx).map_err(|failure| Failure(at.place(cx, failure.0))))
    }
}

fn not_utf8(bytes: &[u8]) -> Result<&str, Failure> {
    std::str::from_utf8(bytes).map_err(|_| de::Error::custom("expected a text of UTF-8 but found other bytes"))
}

impl<'de> de::Deserializer<'de> for De<'_, '_> {
    type Error = Failure;

    fn deserialize_any<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Failure> {
        let (forced, at) = (self.forced()?, self.at);
        match forced {
            Unpacked::Null => self.visit(|_| visitor.visit_unit()),
            Unpacked::Bool(truth) => self.visit(|_| visitor.visit_bool(truth)),
            Unpacked::Int(number) => self.visit(|_| visitor.visit_i64(number)),
            Unpacked::Float(number) => self.visit(|_| visitor.visit_f64(number)),
            Unpacked::String(text) => self.visit(|_| match std::str::from_utf8(text.as_bytes()) {
                Ok(text) => visitor.visit_str(text),
                Err(_) => visitor.visit_bytes(text.as_bytes()),
            }),
            Unpacked::Path(text) => self.visit(|_| visitor.visit_str(not_utf8(text.as_bytes())?)),
            Unpacked::List(list) => self.visit(|cx| {
                let items = cx.scope().gather(list.iter());
                visitor.visit_seq(Items { cx, items, next: 0, at })
            }),
            Unpacked::Attrs(set) => self.visit(|cx| {
                let items = by_name(cx.scope(), set);
                visitor.visit_map(Attributes { cx, items, next: 0 })
            }),
            _ => Err(self.reader().expected("a value that Rust has")),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(mut self, visitor: V) -> Result<V::Value, Failure> {
        match self.forced()? {
            Unpacked::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        mut self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Failure> {
        match self.forced()? {
            Unpacked::String(text) => {
                self.visit(|_| visitor.visit_enum(StrDeserializer::new(not_utf8(text.as_bytes())?)))
            }
            Unpacked::Attrs(set) if set.len() == 1 => self.visit(|cx| {
                let items = by_name(cx.scope(), set);
                visitor.visit_enum(Attributes { cx, items, next: 0 })
            }),
            _ => Err(self.reader().expected("a string, or a set of one attribute,")),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        mut self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Failure> {
        if name != handover::NAME {
            return visitor.visit_newtype_struct(self);
        }
        handover::give(self.reader().keep());
        visitor.visit_unit()
    }

    /// Values that nobody wants are not evaluated.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Failure> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier
    }
}

/// The elements of a list.
struct Items<'c, 'h> {
    cx: &'c mut Eval<'h>,
    items: ScratchVec<'h, Value<'h>>,
    next: usize,
    at: At,
}

impl<'de> de::SeqAccess<'de> for Items<'_, '_> {
    type Error = Failure;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Failure> {
        let (index, at) = (self.next, self.at.element(self.next));
        let Some(value) = self.items.get(index).copied() else { return Ok(None) };
        self.next += 1;
        let read = seed.deserialize(De::new(self.cx, value, at));
        read.map(Some)
            .map_err(|failure| Failure(at.place(self.cx, failure.0).traced(PosId::NONE, Action::Element(index))))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len() - self.next)
    }
}

/// The attributes of a set, or the only one as a variant of an enum.
struct Attributes<'c, 'h> {
    cx: &'c mut Eval<'h>,
    items: ScratchVec<'h, Attr<'h>>,
    next: usize,
}

impl<'h> Attributes<'_, 'h> {
    fn name<'de, S: DeserializeSeed<'de>>(&mut self, attr: Attr<'h>, seed: S) -> Result<S::Value, Failure> {
        let (name, _, position) = attr;
        let read = not_utf8(self.cx.symbol_text(name)).and_then(|name| seed.deserialize(StrDeserializer::new(name)));
        // A name that nobody knows is an error of the name, not of its value.
        read.map_err(|Failure(error)| Failure(if position == PosId::NONE { error } else { error.at(position) }))
    }

    fn value<'de, S: DeserializeSeed<'de>>(&mut self, attr: Attr<'h>, seed: S) -> Result<S::Value, Failure> {
        let ((name, value, position), at) = (attr, At::attribute(attr.2));
        seed.deserialize(De::new(self.cx, value, at)).map_err(|failure| {
            let name = String::from_utf8_lossy(self.cx.symbol_text(name)).into_owned();
            Failure(at.place(self.cx, failure.0).traced(position, Action::Attribute(name.into())))
        })
    }
}

impl<'de> de::MapAccess<'de> for Attributes<'_, '_> {
    type Error = Failure;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Failure> {
        match self.items.get(self.next).copied() {
            Some(attr) => self.name(attr, seed).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Failure> {
        let Some(attr) = self.items.get(self.next).copied() else {
            return Err(de::Error::custom("a value was read before its name"));
        };
        self.next += 1;
        self.value(attr, seed)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len() - self.next)
    }
}

impl<'de> de::EnumAccess<'de> for Attributes<'_, '_> {
    type Error = Failure;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(mut self, seed: V) -> Result<(V::Value, Self), Failure> {
        match self.items.first().copied() {
            Some(attr) => Ok((self.name(attr, seed)?, self)),
            None => Err(de::Error::custom("an enum without a variant")),
        }
    }
}

/// Reads the content of a variant as it is.
struct Content<V>(V);

impl<'de, V: Visitor<'de>> DeserializeSeed<'de> for Content<V> {
    type Value = V::Value;

    fn deserialize<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        deserializer.deserialize_any(self.0)
    }
}

impl<'de> de::VariantAccess<'de> for Attributes<'_, '_> {
    type Error = Failure;

    fn unit_variant(self) -> Result<(), Failure> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(mut self, seed: T) -> Result<T::Value, Failure> {
        match self.items.first().copied() {
            Some(attr) => self.value(attr, seed),
            None => Err(de::Error::custom("an enum without a variant")),
        }
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Failure> {
        self.newtype_variant_seed(Content(visitor))
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Failure> {
        self.newtype_variant_seed(Content(visitor))
    }
}

//! From types that serde can serialize to data.

use crate::front::data::{Data, whole};
use serde::ser::{self, Serialize};
use std::fmt;

/// The data of a value. If Nix has no such value, it is one whose evaluation fails.
pub(super) fn data<T: Serialize + ?Sized>(value: &T) -> Data {
    value.serialize(Ser).unwrap_or_else(|Refused(message)| Data::Failed(message))
}

/// The reason why Nix has no such value.
#[derive(Debug)]
pub(super) struct Refused(String);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

impl ser::Error for Refused {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

type Made = Result<Data, Refused>;

struct Ser;

/// A list under construction; of an enum's variant if it has a name.
struct List {
    items: Vec<Data>,
    variant: Option<&'static str>,
}

/// A set under construction; of an enum's variant if it has a name.
struct Set {
    items: Vec<(String, Data)>,
    name: Option<String>,
    variant: Option<&'static str>,
}

fn variant(name: Option<&'static str>, data: Data) -> Data {
    match name {
        Some(name) => Data::Set(vec![(name.to_owned(), data)]),
        None => data,
    }
}

fn list(len: Option<usize>, variant: Option<&'static str>) -> List {
    List { items: Vec::with_capacity(len.unwrap_or_default().min(1 << 16)), variant }
}

fn set(variant: Option<&'static str>) -> Set {
    Set { items: Vec::new(), name: None, variant }
}

fn checked(data: Data) -> Made {
    match data {
        Data::Failed(message) => Err(Refused(message)),
        data => Ok(data),
    }
}

macro_rules! simple {
    ($($method:ident($type:ty): $value:ident => $made:expr,)*) => {
        $(fn $method(self, $value: $type) -> Made {
            $made
        })*
    };
}

impl ser::Serializer for Ser {
    type Ok = Data;
    type Error = Refused;
    type SerializeSeq = List;
    type SerializeTuple = List;
    type SerializeTupleStruct = List;
    type SerializeTupleVariant = List;
    type SerializeMap = Set;
    type SerializeStruct = Set;
    type SerializeStructVariant = Set;

    simple! {
        serialize_bool(bool): value => Ok(Data::Bool(value)),
        serialize_i8(i8): value => Ok(Data::Int(value.into())),
        serialize_i16(i16): value => Ok(Data::Int(value.into())),
        serialize_i32(i32): value => Ok(Data::Int(value.into())),
        serialize_i64(i64): value => Ok(Data::Int(value)),
        serialize_i128(i128): value => checked(whole(value)),
        serialize_u8(u8): value => Ok(Data::Int(value.into())),
        serialize_u16(u16): value => Ok(Data::Int(value.into())),
        serialize_u32(u32): value => Ok(Data::Int(value.into())),
        serialize_u64(u64): value => checked(whole(value)),
        serialize_u128(u128): value => checked(whole(value)),
        serialize_f32(f32): value => Ok(Data::Float(value.into())),
        serialize_f64(f64): value => Ok(Data::Float(value)),
        serialize_char(char): value => Ok(Data::String(value.to_string().into_bytes())),
        serialize_str(&str): value => Ok(Data::String(value.as_bytes().to_vec())),
        serialize_bytes(&[u8]): value => Ok(Data::String(value.to_vec())),
        serialize_unit_struct(&'static str): _name => Ok(Data::Null),
    }

    fn serialize_none(self) -> Made {
        Ok(Data::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Made {
        value.serialize(Self)
    }

    fn serialize_unit(self) -> Made {
        Ok(Data::Null)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, name: &'static str) -> Made {
        Ok(Data::String(name.as_bytes().to_vec()))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Made {
        value.serialize(Self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        value: &T,
    ) -> Made {
        Ok(variant(Some(name), value.serialize(Self)?))
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<List, Refused> {
        Ok(list(len, None))
    }

    fn serialize_tuple(self, len: usize) -> Result<List, Refused> {
        Ok(list(Some(len), None))
    }

    fn serialize_tuple_struct(self, _: &'static str, len: usize) -> Result<List, Refused> {
        Ok(list(Some(len), None))
    }

    fn serialize_tuple_variant(self, _: &'static str, _: u32, name: &'static str, len: usize) -> Result<List, Refused> {
        Ok(list(Some(len), Some(name)))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Set, Refused> {
        Ok(set(None))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Set, Refused> {
        Ok(set(None))
    }

    fn serialize_struct_variant(self, _: &'static str, _: u32, name: &'static str, _: usize) -> Result<Set, Refused> {
        Ok(set(Some(name)))
    }
}

macro_rules! lists {
    ($($kind:ident $method:ident,)*) => {
        $(impl ser::$kind for List {
            type Ok = Data;
            type Error = Refused;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Refused> {
                self.items.push(value.serialize(Ser)?);
                Ok(())
            }

            fn end(self) -> Made {
                Ok(variant(self.variant, Data::List(self.items)))
            }
        })*
    };
}

lists! {
    SerializeSeq serialize_element,
    SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field,
}

macro_rules! sets {
    ($($kind:ident)*) => {
        $(impl ser::$kind for Set {
            type Ok = Data;
            type Error = Refused;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Refused> {
                self.items.push((name.to_owned(), value.serialize(Ser)?));
                Ok(())
            }

            fn end(self) -> Made {
                Ok(variant(self.variant, Data::Set(self.items)))
            }
        })*
    };
}

sets!(SerializeStruct SerializeStructVariant);

impl ser::SerializeMap for Set {
    type Ok = Data;
    type Error = Refused;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Refused> {
        self.name = Some(match key.serialize(Ser)? {
            Data::String(text) => String::from_utf8_lossy(&text).into_owned(),
            Data::Int(number) => number.to_string(),
            Data::Bool(truth) => truth.to_string(),
            _ => {
                return Err(Refused(
                    "the key of a map is not a text, so it can't be the name of an attribute".to_owned(),
                ));
            }
        });
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Refused> {
        let name = self.name.take().ok_or_else(|| Refused("a map has a value without a key".to_owned()))?;
        self.items.push((name, value.serialize(Ser)?));
        Ok(())
    }

    fn end(self) -> Made {
        Ok(Data::Set(self.items))
    }
}

//! From values of a session to types of Rust.

use super::failure::Failure;
use super::session::OwnedValue;
use crate::error::{Action, Cause, Code, Details, Error};
use crate::eval::Eval;
use crate::heap::{PosId, Unpacked, Value};
use crate::store::show_reference;
use crate::syntax::locate::Outline;
use crate::value::attrs::by_name;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::hash::{BuildHasher, Hash};
use std::marker::PhantomData;
use std::path::PathBuf;

/// A type that Rust programs read values as.
///
/// Types with serde's `Deserialize` are read by [`Session::deserialize`](super::Session::deserialize), or in a
/// [`Serde`](super::Serde), with the feature `serde`.
///
/// ```
/// use nivis::front::{Failure, FromNix, Nix, Reader};
///
/// struct Port(u16);
///
/// impl FromNix for Port {
///     fn from_nix(value: &mut Reader<'_, '_>) -> Result<Self, Failure> {
///         Ok(Self(match value.type_name()? {
///             "int" => u16::from_nix(value)?,
///             _ => value.field("port")?,
///         }))
///     }
/// }
///
/// let mut session = Nix::sandboxed().session();
/// let ports = session.eval("[ 80 { port = 443; } ]")?;
/// let ports: Vec<Port> = session.get(&ports)?;
/// assert_eq!(ports[1].0, 443);
/// # Ok::<(), nivis::front::Error>(())
/// ```
pub trait FromNix: Sized {
    /// Reads the value.
    ///
    /// # Errors
    ///
    /// Fails if the value is of another type, or if its evaluation fails.
    fn from_nix(value: &mut Reader<'_, '_>) -> Result<Self, Failure>;
}

/// A value while it is read.
pub struct Reader<'c, 'h> {
    pub(super) cx: &'c mut Eval<'h>,
    pub(super) value: Value<'h>,
    pub(super) at: At,
}

impl fmt::Debug for Reader<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").field("value", &self.value).finish_non_exhaustive()
    }
}

/// The place of a value in a text: an attribute or a whole text, and the way from there through lists.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct At {
    pub(super) position: PosId,
    elements: [u32; 4],
    depth: usize,
}

impl At {
    pub(super) fn attribute(position: PosId) -> Self {
        Self { position, ..Self::default() }
    }

    pub(super) fn element(mut self, index: usize) -> Self {
        if let Some(place) = self.elements.get_mut(self.depth) {
            *place = index as u32;
            self.depth += 1;
        }
        self
    }

    /// The error at this place, unless it has one.
    #[cold]
    pub(super) fn place(self, cx: &Eval<'_>, error: Error) -> Error {
        let is_known = error.place() != crate::source::Place::NOWHERE || self.position == PosId::NONE;
        if is_known { error } else { error.at(self.found(cx).unwrap_or(self.position)) }
    }

    /// The position of the value's own text.
    fn found(self, cx: &Eval<'_>) -> Option<PosId> {
        let here = cx.sources().locate(self.position)?;
        let span = Outline::of(&here.source.text).bound_value(here.offset, &self.elements[..self.depth])?;
        Some(here.source.position(span.start))
    }
}

impl<'h> Reader<'_, 'h> {
    pub(super) fn new<'c>(cx: &'c mut Eval<'h>, value: Value<'h>) -> Reader<'c, 'h> {
        Reader { cx, value, at: At::default() }
    }

    /// Evaluates the value, but not what is in it.
    pub(super) fn forced(&mut self) -> Result<Unpacked<'h>, Failure> {
        Ok(self.cx.force(self.value)?.unpack())
    }

    /// The type as `builtins.typeOf` names it: `int`, `string`, `set`, …
    ///
    /// # Errors
    ///
    /// Fails if the evaluation fails.
    pub fn type_name(&mut self) -> Result<&'static str, Failure> {
        Ok(self.forced()?.type_name())
    }

    /// True for `null`.
    ///
    /// # Errors
    ///
    /// Fails if the evaluation fails.
    pub fn is_null(&mut self) -> Result<bool, Failure> {
        Ok(matches!(self.forced()?, Unpacked::Null))
    }

    /// The bytes of a string, or of the text of a path.
    ///
    /// # Errors
    ///
    /// Fails if the value is neither, or if its evaluation fails.
    pub fn bytes(&mut self) -> Result<Vec<u8>, Failure> {
        match self.forced()? {
            Unpacked::String(text) | Unpacked::Path(text) => Ok(text.as_bytes().to_vec()),
            _ => Err(self.expected("a string")),
        }
    }

    /// The store paths that a string refers to, in order. An output of a derivation is `PATH.drv^out`; `PATH.drv (deep)` is a
    /// derivation with all that it needs.
    ///
    /// # Errors
    ///
    /// Fails if the value is not a string, or if its evaluation fails.
    pub fn references(&mut self) -> Result<Vec<String>, Failure> {
        let Unpacked::String(text) = self.forced()? else { return Err(self.expected("a string")) };
        let references = self.cx.contexts().references(text.context());
        Ok(references.iter().map(show_reference).collect())
    }

    /// The names of a set's attributes, in order.
    ///
    /// # Errors
    ///
    /// Fails if the value is not a set, or if its evaluation fails.
    pub fn names(&mut self) -> Result<Vec<String>, Failure> {
        let Unpacked::Attrs(set) = self.forced()? else { return Err(self.expected("a set")) };
        let attributes = by_name(self.cx.scope(), set);
        Ok(attributes.iter().map(|(name, ..)| self.cx.symbol_text(*name)).map(lossy).collect())
    }

    /// Reads an attribute.
    ///
    /// # Errors
    ///
    /// Fails if the value is not a set or lacks the attribute, or if that can't be read.
    pub fn field<T: FromNix>(&mut self, name: &str) -> Result<T, Failure> {
        match self.optional_field(name)? {
            Some(value) => Ok(value),
            None => Err(self.lacks(name)),
        }
    }

    /// Reads an attribute if there is one.
    ///
    /// # Errors
    ///
    /// Fails if the value is not a set, or if the attribute can't be read.
    pub fn optional_field<T: FromNix>(&mut self, name: &str) -> Result<Option<T>, Failure> {
        let Unpacked::Attrs(set) = self.forced()? else { return Err(self.expected("a set")) };
        let symbol = self.cx.intern(name.as_bytes());
        let Some((layer, index)) = set.find(symbol) else { return Ok(None) };
        let value = layer.value_at(index).unwrap_or(Value::NULL);
        self.member(value, set.position(symbol), name).map(Some)
    }

    /// Reads the elements of a list.
    ///
    /// # Errors
    ///
    /// Fails if the value is not a list, or if an element can't be read.
    pub fn elements<T: FromNix>(&mut self) -> Result<Vec<T>, Failure> {
        let Unpacked::List(list) = self.forced()? else { return Err(self.expected("a list")) };
        let mut items = Vec::new();
        for index in 0..list.len() {
            let (value, at) = (list.get(index).unwrap_or(Value::NULL), self.at.element(index));
            self.cx.reserve_room(&mut items, 1)?;
            let item = deeper(self.cx, |cx| T::from_nix(&mut Reader { cx, value, at }));
            items.push(item.map_err(|failure| {
                Failure(at.place(self.cx, failure.0).traced(PosId::NONE, Action::Element(index)))
            })?);
        }
        Ok(items)
    }

    /// Reads the attributes of a set, in the order of their names.
    ///
    /// # Errors
    ///
    /// Fails if the value is not a set, or if an attribute can't be read.
    pub fn attributes<T: FromNix>(&mut self) -> Result<Vec<(String, T)>, Failure> {
        let Unpacked::Attrs(set) = self.forced()? else { return Err(self.expected("a set")) };
        let mut items = Vec::new();
        for (name, value, position) in &by_name(self.cx.scope(), set) {
            let name = lossy(self.cx.symbol_text(*name));
            self.cx.reserve_room(&mut items, 1)?;
            let value = self.member(*value, *position, &name)?;
            items.push((name, value));
        }
        Ok(items)
    }

    fn member<T: FromNix>(&mut self, value: Value<'h>, position: PosId, name: &str) -> Result<T, Failure> {
        let at = At::attribute(position);
        let read = deeper(self.cx, |cx| T::from_nix(&mut Reader { cx, value, at }));
        read.map_err(|failure| Failure(at.place(self.cx, failure.0).traced(position, Action::Attribute(name.into()))))
    }

    /// Keeps the value as it is, evaluated or not.
    pub fn keep(&mut self) -> OwnedValue {
        OwnedValue::new(self.cx.keep(self.value), self.at.position)
    }

    /// The failure of a value of another type than this one, such as `a port`.
    pub fn expected(&mut self, what: &str) -> Failure {
        let value = self.cx.force(self.value).unwrap_or(self.value);
        let error = self.cx.mismatch(what, value);
        Failure(self.at.place(self.cx, error))
    }

    /// A failure at this value.
    pub fn failure(&mut self, message: impl Into<String>) -> Failure {
        let error = Error::type_error(message).because(Cause::Unspecified);
        Failure(self.at.place(self.cx, error))
    }

    #[cold]
    fn lacks(&mut self, name: &str) -> Failure {
        let error = Error::from(crate::ErrorKind::MissingAttribute(name.to_owned())).with_code(Code::MISSING_ATTRIBUTE);
        let names = self.names().unwrap_or_default();
        let details = Details { present_count: names.len(), present: names, ..Details::default() };
        Failure(self.at.place(self.cx, error.with_details(details)))
    }
}

pub(super) fn lossy(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}

/// Reads one level deeper.
pub(super) fn deeper<'h, T, E: From<Error>>(
    cx: &mut Eval<'h>,
    body: impl FnOnce(&mut Eval<'h>) -> Result<T, E>,
) -> Result<T, E> {
    // The own error of `body` passes through as it is.
    cx.deeper(|cx| Ok(body(cx)))?
}

macro_rules! integers {
    ($($type:ty)*) => {
        $(impl FromNix for $type {
            fn from_nix(value: &mut Reader<'_, '_>) -> Result<Self, Failure> {
                let Unpacked::Int(number) = value.forced()? else { return Err(value.expected("an integer")) };
                number.try_into().map_err(|_| {
                    let (least, most) = (<$type>::MIN, <$type>::MAX);
                    value.failure(format!("expected an integer from {least} to {most} but found {number}"))
                })
            }
        })*
    };
}

integers!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize);

macro_rules! from_nix {
    ($($type:ty, $expected:literal: $($pattern:pat => $result:expr,)*;)*) => {
        $(impl FromNix for $type {
            fn from_nix(value: &mut Reader<'_, '_>) -> Result<Self, Failure> {
                match value.forced()? {
                    $($pattern => Ok($result),)*
                    _ => Err(value.expected($expected)),
                }
            }
        })*
    };
}

from_nix! {
    (), "null": Unpacked::Null => (),;
    bool, "a Boolean": Unpacked::Bool(truth) => truth,;
    f64, "a number": Unpacked::Float(number) => number, Unpacked::Int(number) => number as f64,;
    f32, "a number": Unpacked::Float(number) => number as f32, Unpacked::Int(number) => number as f32,;
}

impl FromNix for String {
    fn from_nix(value: &mut Reader<'_, '_>) -> Result<Self, Failure> {
        let Unpacked::String(text) = value.forced()? else { return Err(value.expected("a string")) };
        match std::str::from_utf8(text.as_bytes()) {
            Ok(text) => Ok(text.to_owned()),
            Err(_) => Err(value.failure("expected a string of UTF-8 but found other bytes")),
        }
    }
}

impl FromNix for PathBuf {
    fn from_nix(value: &mut Reader<'_, '_>) -> Result<Self, Failure> {
        match value.forced()? {
            Unpacked::String(text) | Unpacked::Path(text) => match std::str::from_utf8(text.as_bytes()) {
                Ok(text) => Ok(text.into()),
                Err(_) => Err(value.failure("expected a path of UTF-8 but found other bytes")),
            },
            _ => Err(value.expected("a path")),
        }
    }
}

impl FromNix for OwnedValue {
    /// The value as it is, evaluated or not.
    fn from_nix(value: &mut Reader<'_, '_>) -> Result<Self, Failure> {
        Ok(value.keep())
    }
}

impl<T: FromNix> FromNix for Option<T> {
    /// `null` is `None`.
    fn from_nix(value: &mut Reader<'_, '_>) -> Result<Self, Failure> {
        if value.is_null()? { Ok(None) } else { T::from_nix(value).map(Some) }
    }
}

impl<T: FromNix> FromNix for Box<T> {
    fn from_nix(value: &mut Reader<'_, '_>) -> Result<Self, Failure> {
        T::from_nix(value).map(Self::new)
    }
}

impl<T: FromNix> FromNix for Vec<T> {
    fn from_nix(value: &mut Reader<'_, '_>) -> Result<Self, Failure> {
        value.elements()
    }
}

impl<T: FromNix> FromNix for BTreeMap<String, T> {
    fn from_nix(value: &mut Reader<'_, '_>) -> Result<Self, Failure> {
        Ok(value.attributes()?.into_iter().collect())
    }
}

impl<K: From<String> + Eq + Hash, T: FromNix, S: BuildHasher + Default> FromNix for HashMap<K, T, S> {
    fn from_nix(value: &mut Reader<'_, '_>) -> Result<Self, Failure> {
        Ok(value.attributes()?.into_iter().map(|(name, item)| (name.into(), item)).collect())
    }
}

/// A value that is only evaluated and converted when it is asked for.
///
/// ```
/// use nivis::front::{Lazy, Nix};
///
/// let mut session = Nix::sandboxed().session();
/// let set = session.eval("{ cheap = 1; dear = throw \"not yet\"; }")?;
/// let dear: Lazy<i64> = session.select(&set, "dear")?;
/// assert!(dear.get(&mut session).is_err());
/// # Ok::<(), nivis::front::Error>(())
/// ```
pub struct Lazy<T> {
    value: OwnedValue,
    read_as: PhantomData<fn() -> T>,
}

impl<T> Lazy<T> {
    pub(super) fn of(value: OwnedValue) -> Self {
        Self { value, read_as: PhantomData }
    }

    /// The value as it is.
    pub fn value(&self) -> &OwnedValue {
        &self.value
    }
}

impl<T: FromNix> Lazy<T> {
    /// Evaluates and converts the value.
    ///
    /// # Errors
    ///
    /// Fails if the evaluation fails, if the value is of another type, or if it belongs to another session.
    pub fn get(&self, session: &mut super::Session) -> Result<T, super::Error> {
        session.get(&self.value)
    }
}

impl<T> Clone for Lazy<T> {
    fn clone(&self) -> Self {
        Self::of(self.value.clone())
    }
}

impl<T> fmt::Debug for Lazy<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lazy").finish_non_exhaustive()
    }
}

impl<T> FromNix for Lazy<T> {
    fn from_nix(value: &mut Reader<'_, '_>) -> Result<Self, Failure> {
        Ok(Self::of(value.keep()))
    }
}

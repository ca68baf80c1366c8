//! Data on its way into an evaluation.

use super::failure::Failure;
use super::function::Function;
use super::session::OwnedValue;
use crate::error::{Error, ErrorKind, Result};
use crate::eval::Eval;
use crate::heap::{ContextId, PosId, Value};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;
use std::path::{Path, PathBuf};

/// A value that does not belong to a session: what programs of the host give to Nix.
///
/// ```
/// use nivis::front::{Data, Nix};
///
/// let port = Data::set([("name", Data::from("http")), ("number", Data::from(80))]);
/// let mut session = Nix::sandboxed().session();
/// let shown = session.keep(port)?;
/// assert_eq!(session.text(&shown)?, r#"{ name = "http"; number = 80; }"#);
/// # Ok::<(), nivis::front::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum Data {
    /// `null`
    #[default]
    Null,
    /// `true` or `false`
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A float.
    Float(f64),
    /// A string: any bytes.
    String(Vec<u8>),
    /// An absolute path.
    Path(Vec<u8>),
    /// A list.
    List(Vec<Data>),
    /// A set; of several attributes with the same name the last wins.
    Set(Vec<(String, Data)>),
    /// A value of a session.
    Value(OwnedValue),
    /// A function.
    Function(Function),
    /// A value whose evaluation fails with this message.
    Failed(String),
}

impl Data {
    /// A list of these elements.
    pub fn list<T: IntoNix>(items: impl IntoIterator<Item = T>) -> Self {
        Self::List(items.into_iter().map(IntoNix::into_nix).collect())
    }

    /// A set of these attributes.
    pub fn set<N: Into<String>, T: IntoNix>(attributes: impl IntoIterator<Item = (N, T)>) -> Self {
        Self::Set(attributes.into_iter().map(|(name, value)| (name.into(), value.into_nix())).collect())
    }
}

/// Something that Nix can have as a value.
///
/// With the feature `serde`, so can references to all that serde can serialize.
///
/// ```
/// use nivis::front::{Data, IntoNix, Nix};
///
/// struct Celsius(f64);
///
/// impl IntoNix for Celsius {
///     fn into_nix(self) -> Data {
///         Data::set([("celsius", self.0)])
///     }
/// }
///
/// let mut session = Nix::sandboxed().session();
/// let warm = session.eval("place: place.celsius > 20")?;
/// assert!(session.call::<bool>(&warm, Celsius(21.5))?);
/// # Ok::<(), nivis::front::Error>(())
/// ```
pub trait IntoNix {
    /// The value.
    fn into_nix(self) -> Data;
}

impl IntoNix for Data {
    fn into_nix(self) -> Data {
        self
    }
}

impl From<&str> for Data {
    fn from(text: &str) -> Self {
        Self::String(text.as_bytes().to_vec())
    }
}

macro_rules! into_nix {
    ($($type:ty: $value:ident => $data:expr,)*) => {
        $(impl IntoNix for $type {
            fn into_nix(self) -> Data {
                let $value = self;
                $data
            }
        }

        impl From<$type> for Data {
            fn from(value: $type) -> Self {
                value.into_nix()
            }
        })*
    };
}

into_nix! {
    (): _unit => Data::Null,
    bool: value => Data::Bool(value),
    i8: value => Data::Int(value.into()),
    i16: value => Data::Int(value.into()),
    i32: value => Data::Int(value.into()),
    i64: value => Data::Int(value),
    u8: value => Data::Int(value.into()),
    u16: value => Data::Int(value.into()),
    u32: value => Data::Int(value.into()),
    isize: value => whole(value),
    u64: value => whole(value),
    usize: value => whole(value),
    f32: value => Data::Float(value.into()),
    f64: value => Data::Float(value),
    char: value => Data::String(value.to_string().into_bytes()),
    String: value => Data::String(value.into_bytes()),
    Box<str>: value => Data::String(String::from(value).into_bytes()),
    Cow<'_, str>: value => Data::String(value.into_owned().into_bytes()),
    PathBuf: value => path(&value),
    OwnedValue: value => Data::Value(value),
    &OwnedValue: value => Data::Value(value.clone()),
    Function: value => Data::Function(value),
}

#[cfg(not(feature = "serde"))]
impl IntoNix for &str {
    fn into_nix(self) -> Data {
        self.into()
    }
}

/// An integer, if Nix has it.
pub(super) fn whole<T: TryInto<i64> + std::fmt::Display + Copy>(value: T) -> Data {
    value.try_into().map_or_else(|_| Data::Failed(format!("{value} is not an integer of 64 bits")), Data::Int)
}

/// An absolute path, or the text of another one.
pub(super) fn path(path: &Path) -> Data {
    let text = path.as_os_str().as_encoded_bytes().to_vec();
    if path.is_absolute() { Data::Path(text) } else { Data::String(text) }
}

impl<T: IntoNix> IntoNix for Option<T> {
    fn into_nix(self) -> Data {
        self.map_or(Data::Null, IntoNix::into_nix)
    }
}

impl<T: IntoNix> IntoNix for Box<T> {
    fn into_nix(self) -> Data {
        (*self).into_nix()
    }
}

impl<T: IntoNix> IntoNix for Vec<T> {
    fn into_nix(self) -> Data {
        Data::list(self)
    }
}

impl<T: IntoNix, const N: usize> IntoNix for [T; N] {
    fn into_nix(self) -> Data {
        Data::list(self)
    }
}

impl<T: IntoNix> IntoNix for BTreeMap<String, T> {
    fn into_nix(self) -> Data {
        Data::set(self)
    }
}

impl<T: IntoNix, S: BuildHasher> IntoNix for HashMap<String, T, S> {
    fn into_nix(self) -> Data {
        Data::set(self)
    }
}

/// Makes a value of the session that is visited.
pub(super) fn value_of<'h>(cx: &mut Eval<'h>, data: &Data) -> Result<Value<'h>> {
    Ok(match data {
        Data::Null => Value::NULL,
        Data::Bool(value) => Value::bool(*value),
        Data::Int(value) => cx.int(*value),
        Data::Float(value) => cx.float(*value),
        Data::String(text) => cx.long_string(text, ContextId::EMPTY)?,
        Data::Path(text) => {
            let path = cx.absolute(text);
            cx.path(path)
        }
        Data::List(items) => {
            cx.check_room(items.len())?;
            let mut values = cx.scope().gather(std::iter::empty());
            cx.deeper(|cx| {
                for item in items {
                    values.push(value_of(cx, item)?);
                }
                Ok(())
            })?;
            cx.list(&values)
        }
        Data::Set(attributes) => {
            cx.check_room(attributes.len())?;
            let mut values = cx.scope().gather(std::iter::empty());
            cx.deeper(|cx| {
                for (name, data) in attributes {
                    let value = value_of(cx, data)?;
                    values.push((cx.intern(name.as_bytes()), value, PosId::NONE));
                }
                Ok(())
            })?;
            cx.unsorted_attrs(&mut values)
        }
        Data::Value(value) => cx.get(&value.root)?,
        Data::Function(function) => cx.add_function(function.clone().of_host())?,
        Data::Failed(message) => cx.failed(Error::from(ErrorKind::Host(message.clone())))?,
    })
}

/// The result of a function of the host: something that Nix can have, or an error.
pub trait Outcome {
    /// The value.
    ///
    /// # Errors
    ///
    /// Fails if the function did.
    fn outcome(self) -> std::result::Result<Data, Failure>;
}

impl<T: IntoNix> Outcome for T {
    fn outcome(self) -> std::result::Result<Data, Failure> {
        Ok(self.into_nix())
    }
}

impl<T: IntoNix, E: Into<Box<dyn std::error::Error + Send + Sync>>> Outcome for std::result::Result<T, E> {
    fn outcome(self) -> std::result::Result<Data, Failure> {
        self.map(IntoNix::into_nix).map_err(Failure::new)
    }
}

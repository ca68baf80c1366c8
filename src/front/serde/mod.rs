//! Values for types that serde knows.

mod de;
mod handover;
mod ser;

use super::convert::{FromNix, Reader};
use super::data::{Data, IntoNix};
use super::error::{Error, Kind};
use super::failure::Failure;
use super::files::Files;
use super::nix::Nix;
use super::session::{OwnedValue, Session, evaluated};
use super::text::text;
use crate::error::ErrorKind;
use crate::source::Origin;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::path::Path;

/// A type that serde knows, where Nix gives or takes a value: as an argument of a function of the host, as the result of a call, or
/// in a list.
///
/// ```
/// use nivis::front::{Nix, Serde};
///
/// #[derive(serde::Deserialize)]
/// struct Host { name: String, cpus: u32 }
///
/// let nix = Nix::sandboxed().function("describe", |Serde(host): Serde<Host>| format!("{}: {}", host.name, host.cpus));
/// let mut session = nix.session();
/// let text = session.eval("host.describe { name = \"a\"; cpus = 8; }")?;
/// assert_eq!(session.get::<String>(&text)?, "a: 8");
/// # Ok::<(), nivis::front::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Serde<T>(pub T);

impl<T: DeserializeOwned> FromNix for Serde<T> {
    fn from_nix(value: &mut Reader<'_, '_>) -> Result<Self, Failure> {
        de::read(value).map(Self)
    }
}

impl<T: Serialize> IntoNix for Serde<T> {
    fn into_nix(self) -> Data {
        ser::data(&self.0)
    }
}

impl<T: Serialize> From<Serde<T>> for Data {
    fn from(value: Serde<T>) -> Self {
        value.into_nix()
    }
}

impl<T: Serialize + ?Sized> IntoNix for &T {
    fn into_nix(self) -> Data {
        ser::data(self)
    }
}

impl Session {
    /// Reads a value as a type that serde knows, which evaluates what the type has of it.
    ///
    /// # Errors
    ///
    /// Fails if the value does not fit the type, if its evaluation fails, or at a limit.
    pub fn deserialize<T: DeserializeOwned>(&mut self, value: &OwnedValue) -> Result<T, Error> {
        self.get::<Serde<T>>(value).map(|read| read.0)
    }

    fn read_text<T: DeserializeOwned>(&mut self, text: &str) -> Result<T, Error> {
        let value = self.request(|cx| evaluated(cx, Origin::String, text, b"/"))?;
        self.deserialize(&value)
    }
}

/// Reads a text as a type that serde knows. The text sees nothing of the machine; see [`Nix::sandboxed`].
///
/// # Errors
///
/// Fails if the text is not a valid program, if its evaluation fails, or if the value does not fit the type.
///
/// ```
/// #[derive(serde::Deserialize)]
/// struct Config { name: String, ports: Vec<u16> }
///
/// let config: Config = nivis::front::from_str(r#"{ name = "edge"; ports = builtins.genList (n: 8000 + n) 3; }"#)?;
/// assert_eq!((config.name.as_str(), config.ports[2]), ("edge", 8002));
/// # Ok::<(), nivis::front::Error>(())
/// ```
pub fn from_str<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    Nix::sandboxed().session().read_text(text)
}

/// Reads a file as a type that serde knows. The program sees the folder of the file and what is in it, and nothing else of the
/// machine.
///
/// # Errors
///
/// Fails if the file can't be read, or like [`from_str`].
pub fn from_file<T: DeserializeOwned>(path: impl AsRef<Path>) -> Result<T, Error> {
    let path = std::path::absolute(path.as_ref()).unwrap_or_else(|_| path.as_ref().to_owned());
    let folder = path.parent().unwrap_or(&path).to_owned();
    let real = path.canonicalize().unwrap_or_else(|_| path.clone());
    let mut session = Nix::sandboxed().files(Files::Folders(vec![folder, real.clone()])).session();
    let value = session.eval_file(real)?;
    session.deserialize(&value)
}

/// The text of a Nix expression for a value that serde knows.
///
/// # Errors
///
/// Fails if Nix has no such value.
///
/// ```
/// #[derive(serde::Serialize)]
/// struct Host<'a> { name: &'a str, cpus: u32 }
///
/// let text = nivis::front::to_nix(&Host { name: "a${b}", cpus: 8 })?;
/// assert_eq!(text, r#"{ name = "a\${b}"; cpus = 8; }"#);
/// # Ok::<(), nivis::front::Error>(())
/// ```
pub fn to_nix<T: Serialize + ?Sized>(value: &T) -> Result<String, Error> {
    text(&ser::data(value)).map_err(|message| Error::of(Kind::Host, ErrorKind::Host(message)))
}

//! The front door: Nix in other programs.
//!
//! [`Nix`] says what programs may see and use, and [`Nix::session`] makes a [`Session`] of it, which evaluates them. Values
//! become types of Rust by [`FromNix`], and data becomes values by [`IntoNix`]; with the feature `serde`, which is on by
//! default, both also work for all types that serde knows. An [`Error`] has everything that is needed to show it.
//!
//! ```
//! use nivis::front::{Files, Kind, Nix};
//! use std::time::Duration;
//!
//! // Programs that nobody trusts: one file, a function of the host, limits.
//! let nix = Nix::sandboxed()
//!     .files(Files::Memory(vec![("/lib.nix".into(), "{ double = x: x * 2; }".into())]))
//!     .function("join", |words: Vec<String>, by: String| words.join(&by))
//!     .memory_limit(64 << 20)
//!     .time_limit(Duration::from_millis(500));
//!
//! let mut session = nix.session();
//! let value = session.eval(r#"{ port = (import /lib.nix).double 40; name = host.join [ "a" "b" ] "-"; }"#)?;
//! assert_eq!(session.select::<u16>(&value, "port")?, 80);
//! assert_eq!(session.select::<String>(&value, "name")?, "a-b");
//!
//! let error = session.eval("host.join [ 1 ] \"-\"").unwrap_err();
//! assert_eq!(error.kind(), Kind::Type);
//! assert_eq!(error.to_string(), "expected a string but found an integer: 1 at «string»:1:1");
//! # Ok::<(), nivis::front::Error>(())
//! ```
//!
//! What is here is stable: names stay, and types that may grow are `non_exhaustive`. The other modules of this crate are the
//! core that the program `nivis` is made of. They promise nothing, and [`Session::engine`] leads there.

mod convert;
mod data;
mod error;
mod failure;
mod files;
mod function;
mod limits;
mod nix;
mod request;
#[cfg(feature = "serde")]
mod serde;
mod session;
#[cfg(feature = "serde")]
mod text;
mod wording;

pub use self::convert::{FromNix, Lazy, Reader};
pub use self::data::{Data, IntoNix, Outcome};
pub use self::error::{Error, Kind};
pub use self::failure::Failure;
pub use self::files::Files;
pub use self::function::{Call, Function, HostFn};
pub use self::limits::{Cancel, Limits};
pub use self::nix::Nix;
#[cfg(feature = "serde")]
pub use self::serde::{Serde, from_file, from_str, to_nix};
pub use self::session::{OwnedValue, Session};
pub use crate::report::{Diagnostic, Edit, Label, Severity};

//! Nivis evaluates the Nix language.
//!
//! ```text
//! text ──syntax──▶ tree ──lower──▶ IR ──eval──▶ value ──print──▶ text
//! ```
//!
//! - [`syntax`] reads a text into a tree and a list of errors; it never fails.
//! - [`lower`] makes the tree an [`ir::Unit`]: names resolved, sugar gone.
//! - [`eval`] runs the IR, lazily; [`heap`] is where values live, [`value`] what they are, [`builtins`] what they can do.
//! - [`mod@print`] makes text of values again, [`report`] of errors.
//! - [`Engine`] is the door in, [`io::Io`] the only door out.
//!
//! ```
//! use nivis::{Engine, Settings};
//!
//! let mut engine = Engine::new(Settings::default());
//! let names = engine.eval_str("builtins.attrNames { b = 1; a = throw \"never needed\"; }")?;
//! assert_eq!(engine.render(&names)?, r#"[ "a" "b" ]"#);
//!
//! let error = engine.eval_str("1 + nope").unwrap_err();
//! assert_eq!(error.to_string(), "undefined variable 'nope'");
//! # Ok::<(), nivis::Error>(())
//! ```

// Text: where it comes from, and its names.
pub mod source;
pub mod symbol;

// Text to tree to IR.
pub mod ir;
pub mod lower;
pub mod syntax;

// IR to value.
pub mod builtins;
pub mod engine;
pub mod eval;
pub mod heap;
pub mod value;

// Value to text; errors.
pub mod error;
pub mod print;
pub mod report;

// Beside the pipeline: lowered files kept, formats without Nix in them, store paths, fetching, the outside world.
pub mod cache;
pub mod codec;
pub mod fetch;
pub mod flake;
pub mod io;
pub mod store;

pub use engine::{Engine, Root};
pub use error::{Error, ErrorKind, Result};
pub use eval::{Eval, SearchPathEntry, Settings};
pub use heap::Value;

/// A name for this build of the library: another one may give other results, so what is kept of them belongs to it.
pub const BUILD: &str = env!("NIVIS_BUILD");

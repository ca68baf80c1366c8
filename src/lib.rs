//! Nivis evaluates the Nix language.
//!
//! Programs that embed it use [`front`], which is stable:
//!
//! ```
//! use nivis::front::Nix;
//!
//! let mut session = Nix::sandboxed().function("double", |number: i64| number * 2).session();
//! let value = session.eval("{ port = host.double 40; other = throw \"never needed\"; }")?;
//! assert_eq!(session.select::<u16>(&value, "port")?, 80);
//! # Ok::<(), nivis::front::Error>(())
//! ```
//!
//! The other modules are the core that the program `nivis` is made of. They promise nothing.
//!
//! ```text
//! text ──syntax──▶ tree ──lower──▶ IR ──eval──▶ value ──print──▶ text
//! ```
//!
//! - [`syntax`] parses a text into a tree and a list of errors; it never fails.
//! - [`lower`] turns the tree into an [`ir::Unit`]: names are resolved, syntactic sugar is removed.
//! - [`eval`] runs the IR lazily. Values are in the [`heap`], algorithms on them in [`value`], functions on them in
//!   [`builtins`].
//! - [`mod@print`] turns values into text, [`report`] errors.
//! - [`Engine`] is the entry point of the core, [`io::Io`] the only interface to the outside.
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

mod ahead;
mod cores;
mod path;
pub mod settings;
mod stack;
mod world;

// Text: its sources, and its names.
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

// The door for other programs.
pub mod front;

// Value to text; errors.
pub mod error;
pub mod print;
pub mod report;

// Beside the pipeline: the cache of lowered files, formats without Nix in them, store paths, fetching, the outside
// world, and records of what was asked of it.
pub mod cache;
pub mod codec;
pub mod fetch;
pub mod flake;
pub mod flake_ref;
pub mod io;
pub mod record;
pub mod store;

pub use engine::Engine;
pub use error::{Error, ErrorKind, Result};
pub use eval::{Eval, Root};
pub use heap::Value;
pub use settings::{SearchPathEntry, Settings};

/// An identifier of this build of the library. Cached results belong to it, since another build may give other
/// results.
pub const BUILD: &str = env!("NIVIS_BUILD");

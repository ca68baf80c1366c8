//! The printers: from values to text.
//!
//! | function | used by |
//! |---|---|
//! | [`print()`] | the REPL, `nix eval` |
//! | [`ambiguous`] | `nix-instantiate --eval` |
//! | [`excerpt`] | error messages |
//! | [`trace_text`] | `builtins.trace` |
//! | [`thunk_text`], [`code_text`] | the REPL, for unevaluated values |
//! | [`json()`] | `builtins.toJSON`, `--json` |
//! | [`xml()`] | `builtins.toXML`, `--xml` |
//!
//! The first four are one printer, `nix::Printer`, with different options. It keeps the open sets and lists in its
//! own vector, so that no value is too deep for the machine's stack. Not here: evaluation. Values that must be forced
//! are forced by the evaluator; the others are printed as they are.

mod functions;
mod indented_json;
mod json;
mod look;
mod nix;
mod options;
pub(crate) mod store_path;
#[cfg(test)]
mod tests;
mod thunks;
mod xml;

pub use indented_json::indented_json;
pub use json::{json, json_keeping_paths, json_so_far};
pub use options::{ErrorDisplay, Options};
pub use thunks::{code_text, thunk_text};
pub use xml::xml;

use crate::error::Result;
use crate::eval::Eval;
use crate::heap::Value;
use look::{AsIs, Forced};
use nix::{Printer, Style};

/// Prints a value as the REPL and `nix eval` do, with all choices of [`Options`].
///
/// # Errors
///
/// Fails if a part of the value fails, unless the options show the error in its place.
pub fn print<'h>(cx: &mut Eval<'h>, value: Value<'h>, options: &Options) -> Result<Vec<u8>> {
    if options.force {
        Printer::new(Forced(cx), options, Style::Plain).print(value)
    } else {
        Printer::new(AsIs(cx), options, Style::Plain).print(value)
    }
}

/// Prints a value as `nix-instantiate --eval` does. Nothing is forced: an unevaluated value is `<CODE>`.
///
/// # Errors
///
/// Fails if the value is nested deeper than calls may be.
pub fn ambiguous<'h>(cx: &mut Eval<'h>, value: Value<'h>) -> Result<Vec<u8>> {
    Printer::new(AsIs(cx), &Options::default(), Style::Ambiguous).print(value)
}

/// A short text of a value for an error message. Forces nothing.
pub fn excerpt<'h>(cx: &Eval<'h>, value: Value<'h>) -> String {
    unforced(cx, value, &Options::for_errors())
}

/// The same for the value held by a variable, an argument or an element, which may contain itself.
pub(crate) fn excerpt_of_held<'h>(cx: &Eval<'h>, slot: Value<'h>) -> String {
    String::from_utf8_lossy(&as_it_lies(cx, slot, &Options::for_errors(), true)).into_owned()
}

/// The text of a value as far as it is evaluated, whatever `options` say about forcing. It never fails.
pub fn unforced<'h>(cx: &Eval<'h>, value: Value<'h>, options: &Options) -> String {
    String::from_utf8_lossy(&as_it_lies(cx, value, options, false)).into_owned()
}

/// The text that `builtins.trace` shows for an argument that is not a string. Nothing is forced.
pub fn trace_text<'h>(cx: &Eval<'h>, argument: Value<'h>) -> Vec<u8> {
    as_it_lies(cx, argument, &Options::default(), true)
}

/// The text of a value as far as it is evaluated. If it is too deep to be printed, the text is the error.
fn as_it_lies<'h>(cx: &Eval<'h>, value: Value<'h>, options: &Options, held: bool) -> Vec<u8> {
    let printer = Printer::new(AsIs(cx), options, Style::Plain);
    let printed = if held { printer.print_held(value) } else { printer.print(value) };
    printed.unwrap_or_else(|error| format!("«error: {error}»").into_bytes())
}

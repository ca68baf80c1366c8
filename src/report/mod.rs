//! Errors as text: [`pretty()`] for people, [`plain()`] in C++ Nix's form, [`json()`] for programs.
//!
//! In: an [`Error`], with its kind, place and trace, and the texts that positions refer to. Out: text without a
//! newline at its end. This folder alone depends on codespan-reporting.

mod canvas;
mod characters;
mod diagnostic;
mod files;
mod frames;
mod hints;
mod json;
mod library;
mod message;
mod phrasing;
mod picture;
mod places;
mod plain;
mod pretty;
mod silent;
mod syntax_errors;
mod syntax_hints;

pub(crate) use diagnostic::diagnostics;
pub use diagnostic::{Diagnostic, Edit, Label, Severity};
pub use json::json;
pub use message::StandardError;
pub use plain::{excerpt, plain};
pub use pretty::pretty;
pub(crate) use pretty::standalone;
pub use silent::silent_mistakes;

use crate::codec::levenshtein::hint;
use crate::error::{Error, ErrorKind, TraceFrame};
use crate::source::{Location, Sources};

/// The location of an error, as C++ Nix shows it; `None` if it has none.
pub fn location(error: &Error, sources: &Sources) -> Option<Location> {
    places::Places::new(sources).locate(error.place())
}

/// The trace, innermost frame first.
fn frames(error: &Error) -> Vec<TraceFrame> {
    let mut frames = error.trace();
    frames.retain(|frame| !frame.action.is_empty());
    frames.reverse();
    frames
}

/// The same in C++ Nix's form, which does not show where the user stopped the evaluation.
fn frames_of_nix(error: &Error) -> Vec<TraceFrame> {
    if matches!(error.kind(), ErrorKind::Interrupted) { Vec::new() } else { frames(error) }
}

fn did_you_mean(names: &[String]) -> Option<String> {
    let names: Vec<&[u8]> = names.iter().map(String::as_bytes).collect();
    hint(&names, |name| String::from_utf8_lossy(name).into_owned())
}

//! Flakes: names that are always there, and fail when called.
//!
//! C++ Nix shows these builtins whether the feature is on or off, and nixpkgs mentions them. What they do is not part of the
//! evaluator yet.

use super::{Builtin, row};
use crate::error::{Error, ErrorKind, Result};
use crate::eval::Eval;
use crate::heap::Value;

pub(super) const TABLE: &[Builtin] = &[
    row("flakeRefToString", &["attrs"], "The text of a flake reference that is given as a set.", |cx, _| {
        unavailable(cx, "flakeRefToString")
    }),
    row("getFlake", &["args"], "The outputs of a flake.", |cx, _| unavailable(cx, "getFlake")),
    row("parseFlakeRef", &["flake-ref"], "A flake reference taken apart into a set.", |cx, _| {
        unavailable(cx, "parseFlakeRef")
    }),
];

fn unavailable<'h>(cx: &Eval<'h>, name: &str) -> Result<Value<'h>> {
    if cx.settings().has_feature("flakes") {
        return Err(ErrorKind::Unsupported(format!("cannot run '{name}': this evaluator has no flakes yet")).into());
    }
    let feature = "flakes";
    Err(Error::eval(format!(
        "experimental Nix feature '{feature}' is disabled; add '--extra-experimental-features {feature}' to enable it"
    )))
}

//! Builtins that fetch.

use super::{Builtin, row};
use crate::error::{ErrorKind, Result};
use crate::heap::Value;

pub(super) const TABLE: &[Builtin] = &[
    row("fetchGit", &["args"], "A tree of a Git repository.", |_, _| needs_network("fetchGit")).global(),
    row("fetchMercurial", &["args"], "A tree of a Mercurial repository.", |_, _| needs_network("fetchMercurial"))
        .global(),
    row("fetchTarball", &["args"], "An unpacked archive.", |_, _| needs_network("fetchTarball")).global(),
    row("fetchurl", &["args"], "A file by its address.", |_, _| needs_network("fetchurl")),
];

fn needs_network<'h>(name: &str) -> Result<Value<'h>> {
    Err(ErrorKind::Unsupported(format!("cannot run '{name}': this evaluator does not fetch yet")).into())
}

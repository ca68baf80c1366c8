//! Builtins: one table per family. A builtin exists if it is a row of a table.
//!
//! A row has a name, the names of its arguments, documentation, an example that is run as a test, and a plain
//! function. Builtins that are not global are visible as `builtins.name` and `__name`; global ones also as `name`.

mod attrs;
mod constants;
mod context;
mod control;
mod derivation;
mod fetch;
mod files;
mod flakes;
mod hash;
mod json;
mod lists;
mod numbers;
mod positions;
mod regex;
mod store_paths;
mod strings;
mod toml;
mod types;
mod versions;
mod xml;

pub use constants::NIX_VERSION;

use crate::eval::Eval;

pub use crate::eval::builtin::{Arguments, Builtin, BuiltinFn, HostFunction, MAX_ARITY};

/// Fills the global scope and the set `builtins`.
pub(crate) fn install(cx: &mut Eval<'_>) {
    constants::install(cx);
    derivation::install(cx);
}

/// All tables, in the order in which their builtins are numbered.
const TABLES: &[&[Builtin]] = &[
    attrs::TABLE,
    context::TABLE,
    control::TABLE,
    derivation::TABLE,
    fetch::TABLE,
    files::TABLE,
    flakes::TABLE,
    hash::TABLE,
    json::TABLE,
    lists::TABLE,
    numbers::TABLE,
    regex::TABLE,
    store_paths::TABLE,
    strings::TABLE,
    toml::TABLE,
    types::TABLE,
    versions::TABLE,
    xml::TABLE,
    constants::TABLE,
    positions::TABLE,
];

/// All builtins. A [`crate::heap::BuiltinId`] is an index in this order.
pub fn all() -> impl Iterator<Item = &'static Builtin> {
    TABLES.iter().copied().flatten()
}

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
pub(crate) use types::type_name;

use crate::error::Result;
use crate::eval::Eval;
use crate::heap::Value;

/// The arguments of a builtin, unevaluated; those past its arity are `null`.
pub type Arguments<'h> = [Value<'h>; MAX_ARITY];

/// The largest number of arguments of a builtin.
pub const MAX_ARITY: usize = 3;

/// The code of a builtin. It gets the arguments named in its row, none of them forced.
pub type BuiltinFn = for<'h> fn(&mut Eval<'h>, Arguments<'h>) -> Result<Value<'h>>;

/// A row of the table of builtins.
#[derive(Clone, Copy, Debug)]
pub struct Builtin {
    /// Its name in `builtins`.
    pub name: &'static str,
    /// Names of its arguments.
    pub arguments: &'static [&'static str],
    /// Its documentation, in Markdown.
    pub doc: &'static str,
    /// An expression, and its output from `nivis --eval --strict`.
    pub example: Option<(&'static str, &'static str)>,
    /// True if it is also a variable without a prefix.
    pub is_global: bool,
    /// True if it forces its first argument before anything else.
    pub forces_first: bool,
    /// True if traces do not mention it.
    pub is_untraced: bool,
    /// The experimental feature that it requires.
    pub feature: Option<&'static str>,
    function: BuiltinFn,
}

/// A row without an example.
const fn row(
    name: &'static str,
    arguments: &'static [&'static str],
    doc: &'static str,
    function: BuiltinFn,
) -> Builtin {
    Builtin {
        name,
        arguments,
        doc,
        example: None,
        is_global: false,
        forces_first: false,
        is_untraced: false,
        feature: None,
        function,
    }
}

impl Builtin {
    /// The row with an example: an expression and its printed value.
    const fn example(mut self, expression: &'static str, value: &'static str) -> Self {
        self.example = Some((expression, value));
        self
    }

    /// The row, also visible without a prefix.
    const fn global(mut self) -> Self {
        self.is_global = true;
        self
    }

    /// The row of a builtin that forces its first argument before anything else, so that the argument may be
    /// evaluated before the call.
    const fn forces_first(mut self) -> Self {
        self.forces_first = true;
        self
    }

    /// The row of a builtin that traces do not mention.
    const fn untraced(mut self) -> Self {
        self.is_untraced = true;
        self
    }

    /// The row of a builtin that requires an experimental feature.
    const fn behind(mut self, feature: &'static str) -> Self {
        self.feature = Some(feature);
        self
    }

    /// The number of its arguments.
    pub fn arity(&self) -> usize {
        self.arguments.len()
    }

    /// Runs it.
    #[inline]
    pub(crate) fn run<'h>(&self, cx: &mut Eval<'h>, arguments: Arguments<'h>) -> Result<Value<'h>> {
        (self.function)(cx, arguments)
    }
}

/// Fills the global scope and the set `builtins`.
pub(crate) fn install(cx: &mut Eval<'_>) {
    constants::install(cx);
    derivation::install(cx);
}

/// The feature of builtins that programs cannot name: only the evaluator's own values call them.
const INTERNAL: &str = "(internal)";

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
    positions::TABLE,
];

/// All builtins. A [`crate::heap::BuiltinId`] is an index in this order.
pub fn all() -> impl Iterator<Item = &'static Builtin> {
    TABLES.iter().copied().flatten()
}

//! Rows of the table of builtins, as their callers see them, and functions of the embedder.

use super::Eval;
use crate::error::{ErrorKind, Result};
use crate::heap::Value;
use std::fmt;
use std::rc::Rc;

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
pub(crate) const fn row(
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
    pub(crate) const fn example(mut self, expression: &'static str, value: &'static str) -> Self {
        self.example = Some((expression, value));
        self
    }

    /// The row, also visible without a prefix.
    pub(crate) const fn global(mut self) -> Self {
        self.is_global = true;
        self
    }

    /// The row of a builtin that forces its first argument before anything else, so that the argument may be
    /// evaluated before the call.
    pub(crate) const fn forces_first(mut self) -> Self {
        self.forces_first = true;
        self
    }

    /// The row of a builtin that traces do not mention.
    pub(crate) const fn untraced(mut self) -> Self {
        self.is_untraced = true;
        self
    }

    /// The row of a builtin that requires an experimental feature.
    pub(crate) const fn behind(mut self, feature: &'static str) -> Self {
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

/// The row of a number that no builtin has.
pub(crate) const UNKNOWN: Builtin = row("unknown", &["argument"], "", |_, _| {
    Err(ErrorKind::Internal("a builtin that does not exist was called").into())
});

/// The code of a function of the embedder. It gets as many arguments as the function has, none of them forced.
type HostCode = dyn for<'h> Fn(&mut Eval<'h>, &[Value<'h>]) -> Result<Value<'h>>;

/// A function of the embedder that programs can call. See [`Engine::add_function`](crate::Engine::add_function).
#[derive(Clone)]
pub struct HostFunction {
    pub(crate) row: Builtin,
    pub(crate) code: Rc<HostCode>,
    /// True if the code keeps values where collections find them.
    pub(crate) is_careful: bool,
    /// A number that no other function has, so that it can be added again.
    pub(crate) identity: Option<usize>,
}

impl HostFunction {
    /// A function with this name, for messages, and these names of its arguments, of which there is at least one.
    pub fn new(
        name: &'static str,
        arguments: &'static [&'static str],
        doc: &'static str,
        code: impl for<'h> Fn(&mut Eval<'h>, &[Value<'h>]) -> Result<Value<'h>> + 'static,
    ) -> Self {
        let arguments = if arguments.is_empty() { &["ignored"] } else { arguments };
        Self {
            row: row(name, arguments, doc, UNKNOWN.function),
            code: Rc::new(code),
            is_careful: false,
            identity: None,
        }
    }

    /// The same function with a number that no other one has.
    pub(crate) fn identified(mut self, identity: usize) -> Self {
        self.identity = Some(identity);
        self
    }

    /// The same function, whose code keeps values where collections find them.
    pub(crate) fn careful(mut self) -> Self {
        self.is_careful = true;
        self
    }
}

impl fmt::Debug for HostFunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("HostFunction").field(&self.row.name).finish()
    }
}

/// The feature of builtins that programs cannot name: only the evaluator's own values call them.
pub(crate) const INTERNAL: &str = "(internal)";

//! Attribute paths of the command line, as in `-A a.b.0`, with automatic calls on the way.
//!
//! The selected value is not evaluated. On a command line, unlike in the language, a number is an index
//! into a list: `-A list.0` is `builtins.elemAt list 0`.

mod refusals;

use super::root::Root;
use super::{ClosureInfo, Eval};
use crate::codec::lossy;
use crate::error::{Error, ErrorKind, Result};
use crate::heap::{List, PosId, Symbol, Unpacked, Value};
use crate::symbol::FUNCTOR;
use crate::value::attrs::Attr;
use refusals::Failure;
use std::collections::BTreeMap;

/// Arguments for automatic calls: those of `--arg` and `--argstr`.
#[derive(Debug, Default)]
pub struct AutoArguments {
    named: BTreeMap<String, Root>,
}

impl AutoArguments {
    /// Sets an argument; it replaces an earlier one of the same name.
    pub fn set(&mut self, name: impl Into<String>, value: Root) {
        self.named.insert(name.into(), value);
    }

    /// True if there are no arguments.
    pub fn is_empty(&self) -> bool {
        self.named.is_empty()
    }

    fn attrs<'h>(&self, cx: &Eval<'h>) -> Result<Vec<Attr<'h>>> {
        let attr = |(name, root): (&String, &Root)| Ok((cx.intern(name.as_bytes()), cx.get(root)?, PosId::NONE));
        self.named.iter().map(attr).collect()
    }
}

impl<'h> Eval<'h> {
    /// Calls a function that takes a set with the arguments that it knows, or with all of them if it has `...`. A set
    /// with `__functor` is called first. Every other value, including `x: x`, is returned unchanged. The result is
    /// evaluated.
    ///
    /// # Errors
    ///
    /// Fails if the call fails, or if a required argument is missing.
    pub fn auto_call(&mut self, value: Value<'h>, arguments: &AutoArguments) -> Result<Value<'h>> {
        let value = self.force(value)?;
        if let Some(functor) = value.as_attrs().and_then(|attrs| attrs.get(FUNCTOR)) {
            return self.deeper(|cx| {
                let function = cx.call(functor, &[value])?;
                cx.auto_call(function, arguments)
            });
        }
        match self.function_info(value) {
            Some(info) => self.auto_call_lambda(value, &info, arguments),
            None => Ok(value),
        }
    }

    fn function_info(&self, value: Value<'h>) -> Option<ClosureInfo> {
        match value.unpack() {
            Unpacked::Closure(closure) => Some(self.closure_info(closure)),
            Unpacked::Partial(partial) => self.partial_info(partial),
            _ => None,
        }
    }

    fn auto_call_lambda(
        &mut self,
        function: Value<'h>,
        info: &ClosureInfo,
        arguments: &AutoArguments,
    ) -> Result<Value<'h>> {
        let Some(formals) = &info.formals else { return Ok(function) };
        let mut attrs = arguments.attrs(self)?;
        if !info.ellipsis {
            attrs.retain(|attr| formals.iter().any(|formal| formal.0 == attr.0));
            self.check_arguments(formals, &attrs)?;
        }
        let argument = self.attrs(attrs);
        self.call_at(info.position.into(), function, &[argument])
    }

    /// Fails if a formal without a default has no value. Of several, the one with the lowest symbol is reported,
    /// since C++ Nix keeps formals in that order.
    fn check_arguments(&self, formals: &[(Symbol, bool, PosId)], given: &[Attr<'h>]) -> Result<()> {
        let needed = formals.iter().filter(|formal| !formal.1 && given.iter().all(|attr| attr.0 != formal.0));
        match needed.min_by_key(|formal| formal.0) {
            None => Ok(()),
            Some((name, _, position)) => Err(self.lacks_argument(*name).at(*position)),
        }
    }

    #[cold]
    fn lacks_argument(&self, name: Symbol) -> Error {
        let name = self.shown_name(name);
        Error::eval(format!(
            "cannot evaluate a function that has an argument without a value ('{name}')\n\
             Nix attempted to evaluate a function as a top level expression; in\n\
             this case it must have its arguments supplied either by default\n\
             values, or passed explicitly with '--arg' or '--argstr'. See\n\
             https://nix.dev/manual/nix/stable/language/syntax.html#functions."
        ))
    }

    /// The value at an attribute path such as `a."b.c".0`. Functions on the way are called automatically; the value
    /// at the end is returned as it is, neither called nor evaluated.
    ///
    /// # Errors
    ///
    /// Fails if the path is malformed or leads nowhere, or if a value on the way fails.
    pub fn select_path(
        &mut self,
        value: Value<'h>,
        path: impl AsRef<[u8]>,
        arguments: &AutoArguments,
    ) -> Result<Value<'h>> {
        let path = path.as_ref();
        let tokens = path_steps(path)?;
        let mut value = value;
        for (at, token) in tokens.iter().enumerate() {
            let here = self.auto_call(value, arguments)?;
            let step = Failure { path, tokens: &tokens, at };
            value = match index(token) {
                Some(index) => self.select_element(here, index, step)?,
                None => self.select_name(here, token, step)?,
            };
        }
        Ok(value)
    }

    fn select_name(&self, value: Value<'h>, name: &[u8], step: Failure<'_>) -> Result<Value<'h>> {
        let attrs = value.as_attrs().ok_or_else(|| self.unsuitable(value, "set", step))?;
        if name.is_empty() {
            return Err(Error::eval(format!("empty attribute name in selection path '{}'", lossy(step.path))));
        }
        let symbol = self.intern(name);
        attrs.get(symbol).ok_or_else(|| self.not_found(attrs, step))
    }

    fn select_element(&self, value: Value<'h>, index: u32, step: Failure<'_>) -> Result<Value<'h>> {
        let list = value.as_list().ok_or_else(|| self.unsuitable(value, "list", step))?;
        List::get(list, index as usize).ok_or_else(|| self.out_of_range(list, index, step))
    }
}

/// The steps of an attribute path such as `a."b.c".0`. A quote may begin anywhere in a step, and there are no escapes
/// inside quotes. An empty last step does not count.
///
/// # Errors
///
/// Fails if a quote isn't closed.
pub fn path_steps(path: &[u8]) -> Result<Vec<Vec<u8>>> {
    let mut tokens = Vec::new();
    let mut token = Vec::new();
    let mut quoted = false;
    for &byte in path {
        match byte {
            b'"' => quoted = !quoted,
            b'.' if !quoted => tokens.push(std::mem::take(&mut token)),
            _ => token.push(byte),
        }
    }
    if quoted {
        let message = format!("missing closing quote in selection path '{}'", lossy(path));
        return Err(ErrorKind::Syntax(message).into());
    }
    if !token.is_empty() {
        tokens.push(token);
    }
    Ok(tokens)
}

/// The list index in a step, quoted or not: `0`, `01`, `+1`.
fn index(token: &[u8]) -> Option<u32> {
    std::str::from_utf8(token).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Engine;
    use crate::settings::Settings;

    fn split(path: &str) -> std::result::Result<Vec<String>, String> {
        let text = |token: Vec<u8>| String::from_utf8_lossy(&token).into_owned();
        let tokens = path_steps(path.as_bytes()).map_err(|error| error.to_string())?;
        Ok(tokens.into_iter().map(text).collect())
    }

    #[test]
    fn steps() {
        let table: [(&str, &[&str]); 9] = [
            ("", &[]),
            ("a.b", &["a", "b"]),
            ("a.\"b.c\".d", &["a", "b.c", "d"]),
            ("x\"y.z\"", &["xy.z"]),
            ("a.", &["a"]),
            ("a.\"\"", &["a"]),
            (".a", &["", "a"]),
            ("a..b", &["a", "", "b"]),
            ("a\\\".b\"", &["a\\.b"]),
        ];
        for (path, steps) in table {
            let steps = steps.iter().map(ToString::to_string).collect();
            assert_eq!(split(path), Ok(steps), "{path}");
        }
        assert_eq!(split("a.\""), Err("missing closing quote in selection path 'a.\"'".to_owned()));
    }

    #[test]
    fn indices() {
        let table: [(&str, Option<u32>); 9] = [
            ("0", Some(0)),
            ("01", Some(1)),
            ("+1", Some(1)),
            ("-1", None),
            ("1.0", None),
            ("", None),
            ("+", None),
            ("4294967295", Some(u32::MAX)),
            ("4294967296", None),
        ];
        for (token, expected) in table {
            assert_eq!(index(token.as_bytes()), expected, "{token}");
        }
    }

    /// The text of the value at a path in an expression, with the arguments `x = 10` and `other = 0`.
    fn select(expression: &str, path: &str) -> std::result::Result<String, String> {
        let mut engine = Engine::new(Settings::default());
        let mut arguments = AutoArguments::default();
        for (name, value) in [("x", "10"), ("other", "0")] {
            arguments.set(name, engine.eval_str(value).map_err(|error| error.to_string())?);
        }
        let root = engine.eval_str(expression).map_err(|error| error.to_string())?;
        let selected = engine.enter(|cx| {
            let value = cx.get(&root)?;
            let value = cx.select_path(value, path, &arguments)?;
            Ok(cx.keep(value))
        });
        selected.and_then(|root| engine.render(&root)).map_err(|error: Error| error.to_string())
    }

    #[test]
    fn selections() {
        let table = [
            ("{ a.b = 1; }", "a.b", Ok("1")),
            ("[ 1 2 ]", "1", Ok("2")),
            ("{ l = [ 1 { a = 2; } ]; }", "l.1.a", Ok("2")),
            ("{ l = [ 1 ]; }", "l.\"0\"", Ok("1")),
            ("[ 1 ]", "1", Err("list index 1 in selection path '1' is out of range")),
            ("[ 1 ]", "a", Err("the expression selected by the selection path 'a' should be a set but is a list")),
            (
                "{ \"0\" = 1; }",
                "0",
                Err("the expression selected by the selection path '0' should be a list but is a set"),
            ),
            ("{ a = 1; }", "b", Err("attribute 'b' in selection path 'b' not found")),
            ("{ a = 1; }", ".a", Err("empty attribute name in selection path '.a'")),
            ("1", ".a", Err("the expression selected by the selection path '.a' should be a set but is an integer")),
        ];
        for (expression, path, expected) in table {
            let expected = expected.map(str::to_owned).map_err(str::to_owned);
            assert_eq!(select(expression, path), expected, "{path} of {expression}");
        }
    }

    #[test]
    fn automatic_calls() {
        let table = [
            ("{ x }: { y = x; }", "y", "10"),
            ("{ x ? 1, z ? 3 }: { y = x + z; }", "y", "13"),
            ("{ ... }@all: { y = builtins.attrNames all; }", "y", "[ \"other\" \"x\" ]"),
            ("{ __functor = self: { x }: { y = x; }; }", "y", "10"),
            ("{ f = { x }: x; }", "f", "<LAMBDA>"),
            ("[ ({ x }: [ x ]) ]", "0.0", "10"),
        ];
        for (expression, path, expected) in table {
            assert_eq!(select(expression, path).as_deref(), Ok(expected), "{path} of {expression}");
        }
        let refused = select("{ a, x }: { }", "y").unwrap_err();
        assert!(refused.starts_with("cannot evaluate a function that has an argument without a value ('a')\nNix "));
    }
}

//! Typed access to values: force, check, and report the expected type.
//!
//! Each function takes what the value is needed for, such as the first argument of `builtins.head`; that is added to any
//! error.

use super::{Coercion, Eval, Need};
use crate::error::{Cause, Code, Details, Error, Purpose, Result};
use crate::heap::{Attrs, List, PosId, Str, Symbol, ThunkKind, ThunkState, Unpacked, Value};
use crate::source::Place;

impl<'h> Eval<'h> {
    /// Forces a value that must be a set or list: C++ Nix adds the phrase only for a wrong type.
    fn expect_container<T>(
        &mut self,
        value: Value<'h>,
        what: &str,
        purpose: Purpose<&str>,
        accept: impl FnOnce(Value<'h>) -> Option<T>,
    ) -> Result<T> {
        let forced = self.force(value)?;
        accept(forced).ok_or_else(|| self.argument_mismatch(what, value, forced).traced(PosId::NONE, purpose))
    }

    /// Forces a value that must be of one type.
    fn expect<T>(
        &mut self,
        value: Value<'h>,
        what: &str,
        need: Need<'_>,
        accept: impl FnOnce(Value<'h>) -> Option<T>,
    ) -> Result<T> {
        let place = need.place();
        let forced =
            self.force(value).map_err(|error| if place == Place::NOWHERE { error } else { error.filled(place) });
        let accepted = forced
            .and_then(|forced| accept(forced).ok_or_else(|| self.argument_mismatch(what, value, forced).at(place)));
        accepted.map_err(|error| need.refused(error))
    }

    /// The error `expected a set but found a list: [ 1 ]`.
    #[cold]
    pub fn mismatch(&self, expected: &str, found: Value<'h>) -> Error {
        self.mismatch_shown(expected, found, &self.excerpt(found))
    }

    /// The same for an argument, which has its own place.
    #[cold]
    pub(super) fn argument_mismatch(&self, expected: &str, argument: Value<'h>, found: Value<'h>) -> Error {
        self.mismatch_shown(expected, found, &self.excerpt_of_held(argument))
    }

    fn mismatch_shown(&self, expected: &str, found: Value<'h>, excerpt: &str) -> Error {
        let kind = self.show_type(found);
        Error::type_error(format!("expected {expected} but found {kind}: {excerpt}"))
            .with_details(self.found(found))
            .because(Cause::Expected(expected.into()))
            .showing([excerpt])
    }

    /// Forces a value that must be an integer.
    pub fn force_int<'a>(&mut self, value: Value<'h>, need: impl Into<Need<'a>>) -> Result<i64> {
        if let Some(int) = value.as_small_int() {
            return Ok(int);
        }
        self.expect(value, "an integer", need.into(), |forced| match forced.unpack() {
            Unpacked::Int(int) => Some(int),
            _ => None,
        })
    }

    /// Forces a value that must be a float or an integer.
    pub fn force_float<'a>(&mut self, value: Value<'h>, need: impl Into<Need<'a>>) -> Result<f64> {
        self.expect(value, "a float", need.into(), |forced| match forced.unpack() {
            Unpacked::Int(int) => Some(int as f64),
            Unpacked::Float(float) => Some(float),
            _ => None,
        })
    }

    /// Forces a value that must be a Boolean.
    #[inline]
    pub fn force_bool<'a>(&mut self, value: Value<'h>, need: impl Into<Need<'a>>) -> Result<bool> {
        match value.as_bool() {
            Some(truth) => Ok(truth),
            None => self.expect(value, "a Boolean", need.into(), Value::as_bool),
        }
    }

    /// Forces a value that must be a set.
    #[inline]
    pub fn force_attrs<'a>(&mut self, value: Value<'h>, purpose: impl Into<Purpose<&'a str>>) -> Result<Attrs<'h>> {
        match value.as_attrs() {
            Some(attrs) => Ok(attrs),
            None => self.expect_container(value, "a set", purpose.into(), Value::as_attrs),
        }
    }

    /// Forces a value that must be a list.
    #[inline]
    pub fn force_list<'a>(&mut self, value: Value<'h>, purpose: impl Into<Purpose<&'a str>>) -> Result<List<'h>> {
        match value.as_list() {
            Some(list) => Ok(list),
            None => self.expect_container(value, "a list", purpose.into(), Value::as_list),
        }
    }

    /// Forces a value that must be a string, with or without context.
    #[inline]
    pub fn force_string<'a>(&mut self, value: Value<'h>, need: impl Into<Need<'a>>) -> Result<Str<'h>> {
        match value.as_str() {
            Some(string) => Ok(string),
            None => self.expect(value, "a string", need.into(), Value::as_str),
        }
    }

    /// Forces a value that must be a string without context.
    pub fn force_plain_string<'a>(&mut self, value: Value<'h>, need: impl Into<Need<'a>>) -> Result<Str<'h>> {
        let need = need.into();
        let string = self.force_string(value, need)?;
        if string.context().is_empty() {
            return Ok(string);
        }
        Err(need.refused(self.context_refused(string)))
    }

    #[cold]
    fn context_refused(&self, string: Str<'h>) -> Error {
        let references = self.shared().contexts.references(string.context());
        let first = references.first().map(crate::store::show_reference).unwrap_or_default();
        let text = String::from_utf8_lossy(string.as_bytes());
        Error::eval(format!("the string '{text}' is not allowed to refer to a store path (such as '{first}')"))
            .with_code(Code::HAS_CONTEXT)
    }

    /// Forces a value that must be a string without context, and interns it.
    pub fn force_symbol<'a>(&mut self, value: Value<'h>, need: impl Into<Need<'a>>) -> Result<Symbol> {
        let string = self.force_plain_string(value, need)?;
        Ok(self.intern_str(string))
    }

    /// The same for an evaluated value; errors are at this place.
    pub(super) fn symbol_at(
        &mut self,
        value: Value<'h>,
        purpose: Purpose<&str>,
        place: impl Into<Place>,
    ) -> Result<Symbol> {
        let place = place.into();
        match value.as_str() {
            Some(string) if string.context().is_empty() => Ok(self.intern_str(string)),
            Some(string) => Err(self.context_refused(string).traced(place, purpose)),
            None => Err(self.mismatch("a string", value).at(place).traced(place, purpose)),
        }
    }

    /// Forces a value that must be callable: a function, a builtin, or a set with `__functor`.
    pub fn force_function<'a>(&mut self, value: Value<'h>, need: impl Into<Need<'a>>) -> Result<Value<'h>> {
        let callable = |forced: Value<'h>| {
            let functor = forced.as_attrs().is_some_and(|attrs| attrs.contains(crate::symbol::FUNCTOR));
            (forced.is_function() || functor).then_some(forced)
        };
        self.expect(value, "a function", need.into(), callable)
    }

    /// A string, or what coerces to one as in `"${value}"` without copying paths to the store.
    pub fn force_text<'a>(&mut self, value: Value<'h>, need: impl Into<Need<'a>>) -> Result<Str<'h>> {
        self.coerce_to_string(value, Coercion::plain(), need)
    }

    /// The details of an error about the type of a value.
    pub(super) fn found(&self, value: Value<'h>) -> Details {
        Details { found: value.unpack().type_name(), ..Details::default() }
    }

    /// The type of a value, with its article: `a set`, `the built-in function 'map'`.
    pub fn show_type(&self, value: Value<'h>) -> String {
        match value.unpack() {
            Unpacked::Null => "null".into(),
            Unpacked::Bool(_) => "a Boolean".into(),
            Unpacked::Int(_) => "an integer".into(),
            Unpacked::Float(_) => "a float".into(),
            Unpacked::String(string) if string.context().is_empty() => "a string".into(),
            Unpacked::String(_) => "a string with context".into(),
            Unpacked::Path(_) => "a path".into(),
            Unpacked::Attrs(_) => "a set".into(),
            Unpacked::List(_) => "a list".into(),
            Unpacked::Closure(_) => "a function".into(),
            Unpacked::Builtin(id) => format!("the built-in function '{}'", self.builtin(id).name),
            Unpacked::Partial(partial) => match partial.function().unpack() {
                Unpacked::Builtin(id) => {
                    format!("the partially applied built-in function '{}'", self.builtin(id).name)
                }
                _ => "a function".into(),
            },
            Unpacked::Thunk(thunk) => match thunk.state() {
                ThunkState::Done(value) => self.show_type(value),
                _ if matches!(thunk.kind(), ThunkKind::Code(_)) => "a thunk".into(),
                _ => "a function application".into(),
            },
        }
    }

    /// A short text of a value for an error message. Never evaluates anything.
    pub fn excerpt(&self, value: Value<'h>) -> String {
        crate::print::excerpt(self, value)
    }

    /// The same for the value held by a variable, an argument or an element, which may contain itself.
    pub(super) fn excerpt_of_held(&self, value: Value<'h>) -> String {
        crate::print::excerpt_of_held(self, value)
    }
}

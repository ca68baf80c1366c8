//! Coercions: what may stand for a string, and what for a path.

use super::Eval;
use crate::codec::number::float_to_fixed_text;
use crate::error::{Error, Result};
use crate::heap::{Attrs, List, PosId, Str, Unpacked, Value};
use crate::symbol;
use crate::value::context::GatheredContexts;

/// Which values a coercion accepts.
#[derive(Clone, Copy, Debug)]
pub struct Coercion {
    /// Also numbers, Booleans, `null` and lists, as `toString` does.
    more: bool,
    /// Paths become the store path that they would be copied to.
    copy: bool,
}

impl Coercion {
    /// Strings, paths as they are, sets with `__toString` or `outPath`.
    pub fn plain() -> Self {
        Self { more: false, copy: false }
    }

    /// As `"${value}"`: paths are copied to the store.
    pub fn interpolation() -> Self {
        Self { more: false, copy: true }
    }

    /// As `builtins.toString`.
    pub fn to_string() -> Self {
        Self { more: true, copy: false }
    }

    /// As the attributes of a derivation: as `builtins.toString`, but paths are copied to the store.
    pub fn derivation() -> Self {
        Self { more: true, copy: true }
    }

    /// As the operands of `first + …`: paths are copied only if the sum begins with a string.
    pub fn sum(first: Value<'_>) -> Self {
        Self { more: false, copy: first.as_str().is_some() }
    }
}

impl<'h> Eval<'h> {
    /// The string that a value stands for, with its context.
    ///
    /// # Errors
    /// If the value stands for none.
    pub fn coerce_to_string(&mut self, value: Value<'h>, coercion: Coercion) -> Result<Str<'h>> {
        let value = self.force(value)?;
        if let Some(string) = value.as_str() {
            return Ok(string);
        }
        match value.unpack() {
            Unpacked::Path(path) if coercion.copy => self.copy_to_store(path),
            Unpacked::Path(path) => Ok(Str::plain(self.scope, path.as_bytes())),
            Unpacked::Attrs(attrs) => self.deeper(|cx| {
                let peeled = cx.peel(attrs, value)?;
                if peeled.as_attrs().is_some() {
                    Err(cx.not_a_string(peeled))
                } else {
                    cx.coerce_to_string(peeled, coercion)
                }
            }),
            _ if coercion.more => self.coerce_more(value, coercion),
            _ => Err(self.not_a_string(value)),
        }
    }

    #[cold]
    fn not_a_string(&self, value: Value<'h>) -> Error {
        let (kind, excerpt) = (self.show_type(value), self.excerpt(value));
        Error::type_error(format!("cannot coerce {kind} to a string: {excerpt}"))
    }

    fn coerce_more(&mut self, value: Value<'h>, coercion: Coercion) -> Result<Str<'h>> {
        let text = match value.unpack() {
            Unpacked::Bool(true) => "1".to_owned(),
            Unpacked::Bool(false) | Unpacked::Null => String::new(),
            Unpacked::Int(int) => int.to_string(),
            Unpacked::Float(float) => float_to_fixed_text(float),
            Unpacked::List(list) => return self.deeper(|cx| cx.coerce_list(list, coercion)),
            _ => return Err(self.not_a_string(value)),
        };
        Ok(Str::plain(self.scope, text.as_bytes()))
    }

    /// Elements separated by blanks; an empty list gets none behind it, as in C++ Nix.
    fn coerce_list(&mut self, list: List<'h>, coercion: Coercion) -> Result<Str<'h>> {
        let mut bytes = Vec::new();
        let mut contexts = GatheredContexts::default();
        for (index, item) in list.iter().enumerate() {
            let text = self
                .coerce_to_string(item, coercion)
                .map_err(|error| error.traced("while evaluating one element of the list", PosId(0)))?;
            bytes.extend_from_slice(text.as_bytes());
            contexts.add(text.context());
            let is_empty_list = self.force(item)?.as_list().is_some_and(List::is_empty);
            if index + 1 < list.len() && !is_empty_list {
                bytes.push(b' ');
            }
        }
        Ok(Str::with_context(self.scope, &bytes, contexts.union(self.contexts())))
    }

    /// What a set stands for: the result of `__toString`, else `outPath`, again and again. The set itself if neither.
    ///
    /// # Errors
    /// Those of evaluating it, and the call depth's if it goes on for ever.
    pub fn peel(&mut self, attrs: Attrs<'h>, set: Value<'h>) -> Result<Value<'h>> {
        let value = if let Some(function) = attrs.get(symbol::TO_STRING) {
            let phrase = "while evaluating the result of the `__toString` attribute";
            self.call(function, &[set]).map_err(|error| error.traced(phrase, self.call_position))?
        } else if let Some(path) = attrs.get(symbol::OUT_PATH) {
            self.force(path)?
        } else {
            return Ok(set);
        };
        match value.as_attrs() {
            Some(inner) => self.deeper(|cx| cx.peel(inner, value)),
            None => Ok(value),
        }
    }

    /// The absolute path that a value stands for. A context is allowed.
    ///
    /// # Errors
    /// If the value stands for none.
    pub fn coerce_to_path(&mut self, value: Value<'h>, phrase: &str) -> Result<Str<'h>> {
        let traced = |error: Error| error.traced(phrase, PosId(0));
        let value = self.force(value).map_err(traced)?;
        let peeled = match value.as_attrs() {
            Some(attrs) => self.peel(attrs, value).map_err(traced)?,
            None => value,
        };
        if let Unpacked::Path(path) = peeled.unpack() {
            return Ok(path);
        }
        let text = self.coerce_to_string(peeled, Coercion::plain()).map_err(traced)?;
        if text.as_bytes().starts_with(b"/") {
            let canonical = crate::lower::canonical(text.as_bytes());
            return Ok(Str::with_context(self.scope, &canonical, text.context()));
        }
        let shown = String::from_utf8_lossy(text.as_bytes());
        Err(traced(Error::eval(format!("string '{shown}' doesn't represent an absolute path"))))
    }
}

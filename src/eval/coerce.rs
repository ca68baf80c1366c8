//! Coercions to strings and paths.

use super::Eval;
use crate::codec::number::float_to_fixed_text;
use crate::error::{Action, Cause, Code, Error, Purpose, Result, SetText};
use crate::heap::{Attrs, List, Str, Unpacked, Value};
use crate::source::{Place, path_text};
use crate::symbol;
use crate::value::context::GatheredContexts;

/// The need for a value: the phrase of C++ Nix's trace, and the place. It is reported only if the value has the wrong
/// type; errors of evaluating the value are reported without it.
#[derive(Clone, Copy, Debug)]
pub struct Need<'a> {
    purpose: Purpose<&'a str>,
    place: Place,
}

impl<'a> Need<'a> {
    /// A purpose, or the words for it, with a place.
    pub fn at(purpose: impl Into<Purpose<&'a str>>, place: impl Into<Place>) -> Self {
        Self { purpose: purpose.into(), place: place.into() }
    }

    /// The place of the need.
    pub(super) fn place(self) -> Place {
        self.place
    }

    /// The error for a value of the wrong type.
    pub(super) fn refused(self, error: Error) -> Error {
        error.traced(self.place, self.purpose)
    }
}

impl<'a> From<&'a str> for Need<'a> {
    fn from(phrase: &'a str) -> Self {
        Self::from(Purpose::from(phrase))
    }
}

impl<'a> From<Purpose<&'a str>> for Need<'a> {
    fn from(purpose: Purpose<&'a str>) -> Self {
        Self { purpose, place: Place::NOWHERE }
    }
}

/// The values that a coercion accepts.
#[derive(Clone, Copy, Debug)]
pub struct Coercion {
    /// Also accepts numbers, Booleans, `null` and lists, like `toString`.
    more: bool,
    /// Copies paths to the store and gives their store paths.
    copy: bool,
}

impl Coercion {
    /// Accepts strings, paths as they are, and sets with `__toString` or `outPath`.
    pub fn plain() -> Self {
        Self { more: false, copy: false }
    }

    /// The coercion of `"${value}"`: paths are copied to the store.
    pub fn interpolation() -> Self {
        Self { more: false, copy: true }
    }

    /// The coercion of `builtins.toString`.
    pub fn to_string() -> Self {
        Self { more: true, copy: false }
    }

    /// The coercion of a derivation's attributes: like `builtins.toString`, but paths are copied to the store.
    pub fn derivation() -> Self {
        Self { more: true, copy: true }
    }

    /// The coercion of the operands of `first + …`: paths are copied only if the sum begins with a string.
    pub fn sum(first: Value<'_>) -> Self {
        Self { more: false, copy: first.as_str().is_some() }
    }
}

impl<'h> Eval<'h> {
    /// A value coerced to a string, with its context.
    ///
    /// # Errors
    ///
    /// Fails if the value cannot be coerced.
    pub fn coerce_to_string<'a>(
        &mut self,
        value: Value<'h>,
        coercion: Coercion,
        need: impl Into<Need<'a>>,
    ) -> Result<Str<'h>> {
        self.coerce(value, coercion, need.into())
    }

    fn coerce(&mut self, slot: Value<'h>, coercion: Coercion, need: Need<'_>) -> Result<Str<'h>> {
        match slot.evaluated().and_then(Value::as_str) {
            Some(string) => self.deeper_for_a_leaf(need.place).map(|()| string),
            None => self.deeper_at(need.place, |cx| cx.coerce_inside(slot, coercion, need)),
        }
    }

    fn coerce_inside(&mut self, slot: Value<'h>, coercion: Coercion, need: Need<'_>) -> Result<Str<'h>> {
        let value = self.force(slot).map_err(|error| error.filled(need.place))?;
        if let Some(string) = value.as_str() {
            return Ok(string);
        }
        match value.unpack() {
            Unpacked::Path(path) if coercion.copy => {
                self.copy_to_store(path).map_err(|error| error.shown_at(need.place))
            }
            Unpacked::Path(path) => Ok(Str::plain(self.scope, path_text(path.as_bytes()))),
            Unpacked::Attrs(attrs) => self.peel(attrs, value, need.place, &mut |cx, peeled| match peeled.as_attrs() {
                Some(_) => Err(need.refused(cx.not_a_string(peeled, None))),
                None => cx.coerce_inside(peeled, coercion, need),
            }),
            _ if coercion.more => self.coerce_more(value, coercion, need),
            _ => {
                // Operators have places, and look at copies.
                let is_held = slot != value || need.place == Place::NOWHERE;
                Err(need.refused(self.not_a_string(value, is_held.then_some(slot))))
            }
        }
    }

    #[cold]
    fn not_a_string(&self, value: Value<'h>, slot: Option<Value<'h>>) -> Error {
        let excerpt = slot.map_or_else(|| self.excerpt(value), |slot| self.excerpt_of_held(slot));
        let kind = self.show_type(value);
        Error::type_error(format!("cannot coerce {kind} to a string: {excerpt}"))
            .with_code(Code::NOT_A_STRING)
            .with_details(self.found(value))
            .showing([&excerpt])
    }

    fn coerce_more(&mut self, value: Value<'h>, coercion: Coercion, need: Need<'_>) -> Result<Str<'h>> {
        let text = match value.unpack() {
            Unpacked::Bool(true) => "1".to_owned(),
            Unpacked::Bool(false) | Unpacked::Null => String::new(),
            Unpacked::Int(int) => int.to_string(),
            Unpacked::Float(float) => float_to_fixed_text(float),
            Unpacked::List(list) => return self.coerce_list(list, coercion, need),
            _ => return Err(need.refused(self.not_a_string(value, Some(value)))),
        };
        Ok(Str::plain(self.scope, text.as_bytes()))
    }

    /// The elements separated by spaces; no space follows an empty list, as in C++ Nix.
    fn coerce_list(&mut self, list: List<'h>, coercion: Coercion, need: Need<'_>) -> Result<Str<'h>> {
        let mut bytes = Vec::new();
        let mut contexts = GatheredContexts::default();
        let place = need.place;
        let element = Need { purpose: Purpose::Element(""), ..need };
        for (index, item) in list.iter().enumerate() {
            let text = self.deeper_at(place, |cx| cx.coerce_inside(item, coercion, element));
            let text = text.map_err(|error| need.refused(error))?;
            self.reserve_room(&mut bytes, text.len() + 1)?;
            bytes.extend_from_slice(text.as_bytes());
            contexts.add(text.context());
            let is_empty_list = self.force(item)?.as_list().is_some_and(List::is_empty);
            if index + 1 < list.len() && !is_empty_list {
                bytes.push(b' ');
            }
        }
        self.long_str(&bytes, contexts.union(self.contexts()))
    }

    /// Continues with the value that replaces a set: the result of `__toString`, else `outPath`, repeatedly; the set
    /// itself if it has neither. Errors on the way name the attribute.
    fn peel<T>(
        &mut self,
        attrs: Attrs<'h>,
        set: Value<'h>,
        place: Place,
        then: &mut dyn FnMut(&mut Self, Value<'h>) -> Result<T>,
    ) -> Result<T> {
        if let Some(function) = attrs.get(symbol::TO_STRING) {
            let own = attrs.position(symbol::TO_STRING).into();
            let result = self.call_at(own, function, &[set]);
            let result = result.map_err(|error| error.traced(own, Action::SetText(SetText::CallingToString)))?;
            return self
                .deeper_at(place, |cx| cx.peel_further(result, own, then))
                .map_err(|error| error.traced(own, Action::SetText(SetText::UsingToString)));
        }
        if let Some(path) = attrs.get(symbol::OUT_PATH) {
            let own = attrs.position(symbol::OUT_PATH).into();
            let evaluating = |error: Error| error.filled(own).traced(own, Action::SetText(SetText::EvaluatingOutPath));
            let path = self.force(path).map_err(evaluating)?;
            return self
                .deeper_at(place, |cx| cx.peel_further(path, own, then))
                .map_err(|error| error.traced(own, Action::SetText(SetText::UsingOutPath)));
        }
        then(self, set)
    }

    fn peel_further<T>(
        &mut self,
        value: Value<'h>,
        place: Place,
        then: &mut dyn FnMut(&mut Self, Value<'h>) -> Result<T>,
    ) -> Result<T> {
        match value.as_attrs() {
            Some(attrs) => self.peel(attrs, value, place, then),
            None => then(self, value),
        }
    }

    /// A value coerced to an absolute path. A context is allowed.
    ///
    /// # Errors
    ///
    /// Fails if the value cannot be coerced.
    pub fn coerce_to_path<'a>(&mut self, value: Value<'h>, need: impl Into<Need<'a>>) -> Result<Str<'h>> {
        let need = need.into();
        let value = self.force(value).map_err(|error| error.filled(need.place))?;
        self.peel_further(value, need.place, &mut |cx, peeled| cx.path_of(peeled, need))
    }

    fn path_of(&mut self, value: Value<'h>, need: Need<'_>) -> Result<Str<'h>> {
        if let Unpacked::Path(path) = value.unpack() {
            return Ok(path);
        }
        let text = self.coerce(value, Coercion::plain(), need)?;
        if text.as_bytes().starts_with(b"/") {
            let canonical = crate::path::canonical(text.as_bytes());
            return Ok(Str::with_context(self.scope, &canonical, text.context()));
        }
        let shown = String::from_utf8_lossy(text.as_bytes());
        let error = Error::eval(format!("string '{shown}' doesn't represent an absolute path"));
        let cause = Cause::RelativePath(shown.as_ref().into());
        Err(need.refused(error.with_code(Code::NOT_A_PATH).because(cause)))
    }
}

//! Values as JSON, in the form and with the errors of C++ Nix: no spaces, names in byte order.

use crate::codec::float_json::float_to_json_text;
use crate::codec::json::{InvalidUtf8, write_json_string, written_of_invalid};
use crate::error::{Action, Error, Result, ResultExt, SetText};
use crate::eval::{Coercion, Eval};
use crate::heap::{Attrs, ContextId, List, PosId, Str, Symbol, Thunk, ThunkKind, Unpacked, Value};
use crate::source::path_text;
use crate::symbol::{OUT_PATH, TO_STRING};
use crate::value::attrs;
use crate::value::context::GatheredContexts;

/// The JSON text of a value and the context of its strings. Paths are copied to the store. Without `strict` only what
/// the conversion of sets to strings needs is forced.
///
/// # Errors
///
/// Fails if forcing fails, on functions and, without `strict`, thunks, and on strings that are not UTF-8.
pub fn json<'h>(cx: &mut Eval<'h>, value: Value<'h>, strict: bool) -> Result<(Vec<u8>, ContextId)> {
    convert(cx, value, strict, Surroundings { position: PosId::NONE, copy: true })
}

/// Like [`json`], for printing like `nix-instantiate`: if a string is not UTF-8, also returns the text written before
/// the error.
///
/// # Errors
///
/// Fails like [`json`], except for strings.
pub fn json_so_far<'h>(cx: &mut Eval<'h>, value: Value<'h>, strict: bool) -> Result<(Vec<u8>, Result<()>)> {
    let writer = written(cx, value, strict, Surroundings { position: PosId::NONE, copy: true })?;
    let (mut text, invalid) = (writer.out, writer.invalid);
    match invalid {
        None => Ok((text, Ok(()))),
        Some((end, invalid)) => {
            text.truncate(end);
            Ok((text, Err(not_utf8(invalid))))
        }
    }
}

/// The JSON text of a fully forced value, with paths as plain texts: `nix eval --json`.
///
/// # Errors
///
/// Fails if forcing fails, on functions, and on strings that are not UTF-8.
pub fn json_keeping_paths<'h>(cx: &mut Eval<'h>, value: Value<'h>) -> Result<(Vec<u8>, ContextId)> {
    convert(cx, value, true, Surroundings { position: PosId::NONE, copy: false })
}

fn convert<'h>(cx: &mut Eval<'h>, value: Value<'h>, strict: bool, place: Surroundings) -> Result<(Vec<u8>, ContextId)> {
    let writer = written(cx, value, strict, place)?;
    match writer.invalid {
        None => Ok((writer.out, writer.contexts.union(cx.contexts()))),
        Some((_, invalid)) => Err(not_utf8(invalid)),
    }
}

fn written<'h>(cx: &mut Eval<'h>, value: Value<'h>, strict: bool, place: Surroundings) -> Result<Writer> {
    let mut writer = Writer { out: Vec::new(), contexts: GatheredContexts::default(), strict, invalid: None };
    writer.value(cx, value, place)?;
    Ok(writer)
}

fn not_utf8(invalid: InvalidUtf8) -> Error {
    Error::eval(format!("JSON serialization error: {invalid}"))
}

/// The surroundings of a value.
#[derive(Clone, Copy)]
struct Surroundings {
    /// The position of the attribute that contains it.
    position: PosId,
    /// True if a path there is copied to the store.
    copy: bool,
}

struct Writer {
    out: Vec<u8>,
    contexts: GatheredContexts,
    strict: bool,
    /// The length of the text before the first string that is not UTF-8, and its error. It is reported only once
    /// everything is evaluated.
    invalid: Option<(usize, InvalidUtf8)>,
}

impl Writer {
    fn value<'h>(&mut self, cx: &mut Eval<'h>, slot: Value<'h>, place: Surroundings) -> Result<()> {
        cx.deeper_at(place.position, |cx| self.inside(cx, slot, place))
    }

    fn inside<'h>(&mut self, cx: &mut Eval<'h>, slot: Value<'h>, place: Surroundings) -> Result<()> {
        let value = if self.strict {
            cx.force(slot).map_err(|error| error.filled(place.position.into()))?
        } else {
            slot.peeked()
        };
        self.evaluated(cx, value, place)
    }

    fn evaluated<'h>(&mut self, cx: &mut Eval<'h>, value: Value<'h>, place: Surroundings) -> Result<()> {
        match value.unpack() {
            Unpacked::Null => self.out.extend(b"null"),
            Unpacked::Bool(truth) => self.out.extend(if truth { b"true".as_slice() } else { b"false" }),
            Unpacked::Int(int) => self.out.extend(int.to_string().into_bytes()),
            Unpacked::Float(float) => self.out.extend(float_to_json_text(float).into_bytes()),
            Unpacked::String(string) => {
                cx.reserve_room(&mut self.out, string.len())?;
                self.referring_string(string);
            }
            Unpacked::Path(path) => return self.path(cx, value, path, place.copy),
            Unpacked::Attrs(set) => return self.set(cx, set, place, false),
            Unpacked::List(list) => return self.list(cx, list, place),
            _ => return Err(refusal(cx, value, place.position)),
        }
        Ok(())
    }

    fn path<'h>(&mut self, cx: &mut Eval<'h>, value: Value<'h>, path: Str<'h>, copy: bool) -> Result<()> {
        if copy {
            self.referring_string(cx.coerce_to_string(value, Coercion::interpolation(), "")?);
        } else {
            self.string(path_text(path.as_bytes()));
        }
        Ok(())
    }

    fn referring_string(&mut self, string: Str<'_>) {
        self.contexts.add(string.context());
        self.string(string.as_bytes());
    }

    fn string(&mut self, text: &[u8]) {
        if let Err(invalid) = write_json_string(&mut self.out, text)
            && self.invalid.is_none()
        {
            self.out.push(b'"');
            self.out.extend(written_of_invalid(text));
            self.invalid = Some((self.out.len(), invalid));
        }
    }

    fn list<'h>(&mut self, cx: &mut Eval<'h>, list: List<'h>, place: Surroundings) -> Result<()> {
        self.out.push(b'[');
        for (index, item) in list.iter().enumerate() {
            if index > 0 {
                self.out.push(b',');
            }
            let action = || Action::Element(index);
            self.value(cx, item, place).traced(place.position, action)?;
        }
        self.out.push(b']');
        Ok(())
    }

    /// Writes a set: the value it converts itself to, or an object. `converted` is true if a `__toString` was called
    /// on the way.
    fn set<'h>(&mut self, cx: &mut Eval<'h>, set: Attrs<'h>, place: Surroundings, converted: bool) -> Result<()> {
        if let Some(function) = set.get(TO_STRING) {
            return self.convert_itself(cx, set, function, place);
        }
        if let Some(path) = set.get(OUT_PATH) {
            return self.out_path(cx, set, path, place, converted);
        }
        if converted {
            return Err(no_string(cx, "must", set.into(), place.position));
        }
        self.object(cx, set, place)
    }

    fn convert_itself<'h>(
        &mut self,
        cx: &mut Eval<'h>,
        set: Attrs<'h>,
        function: Value<'h>,
        place: Surroundings,
    ) -> Result<()> {
        let position = set.position(TO_STRING);
        let result = cx.call(function, &[set.into()]);
        let result = result.traced(position, || Action::SetText(SetText::CallingToString))?;
        cx.deeper(|cx| self.peeled(cx, result, Surroundings { position, ..place }, true))
            .traced(position, || Action::SetText(SetText::UsingToString))
    }

    fn out_path<'h>(
        &mut self,
        cx: &mut Eval<'h>,
        set: Attrs<'h>,
        path: Value<'h>,
        place: Surroundings,
        converted: bool,
    ) -> Result<()> {
        let position = set.position(OUT_PATH);
        let path = cx.force(path).traced(position, || Action::SetText(SetText::EvaluatingOutPath))?;
        cx.deeper(|cx| self.peeled(cx, path, Surroundings { position, ..place }, converted))
            .traced(position, || Action::SetText(SetText::UsingOutPath))
    }

    /// Writes the value that a set converted itself to. Paths are not copied if a `__toString` was called.
    fn peeled<'h>(&mut self, cx: &mut Eval<'h>, value: Value<'h>, place: Surroundings, converted: bool) -> Result<()> {
        match value.unpack() {
            Unpacked::Attrs(set) => self.set(cx, set, place, converted),
            Unpacked::String(_) | Unpacked::Path(_) => {
                self.value(cx, value, Surroundings { copy: place.copy && !converted, ..place })
            }
            _ if converted => Err(no_string(cx, "should", value, place.position)),
            _ => self.value(cx, value, place),
        }
    }

    fn object<'h>(&mut self, cx: &mut Eval<'h>, set: Attrs<'h>, place: Surroundings) -> Result<()> {
        self.out.push(b'{');
        for (index, (name, value, position)) in attrs::by_name(cx.scope(), set).into_iter().enumerate() {
            if index > 0 {
                self.out.push(b',');
            }
            self.string(cx.symbol_text(name));
            self.out.push(b':');
            let printed = self.value(cx, value, Surroundings { position, ..place });
            printed.map_err(|error| error.traced(position, in_attribute(cx, name)))?;
        }
        self.out.push(b'}');
        Ok(())
    }
}

fn in_attribute(cx: &Eval<'_>, name: Symbol) -> Action {
    Action::Member(cx.shown_name(name).into())
}

#[cold]
fn no_string<'h>(cx: &Eval<'h>, how: &str, value: Value<'h>, position: PosId) -> Error {
    let (kind, excerpt) = (cx.show_type(value), cx.excerpt(value));
    Error::type_error(format!("`__toString` {how} return a string, but got {kind}: {excerpt}"))
        .at(position)
        .showing([&excerpt])
}

/// The position of the function that a thunk calls.
fn function_position<'h>(cx: &Eval<'h>, thunk: Thunk<'h>) -> Option<PosId> {
    if matches!(thunk.kind(), ThunkKind::Code(_)) {
        return None;
    }
    match cx.delayed_call_of(thunk, thunk.capture(0)).function.peeked().unpack() {
        Unpacked::Closure(closure) => Some(cx.closure_info(closure).position),
        Unpacked::Partial(partial) => cx.partial_info(partial).map(|info| info.position),
        _ => None,
    }
}

#[cold]
fn refusal<'h>(cx: &Eval<'h>, value: Value<'h>, position: PosId) -> Error {
    let position = match value.unpack() {
        Unpacked::Closure(closure) => cx.closure_info(closure).position,
        Unpacked::Partial(partial) => cx.partial_info(partial).map_or(position, |info| info.position),
        Unpacked::Thunk(thunk) => function_position(cx, thunk).unwrap_or(position),
        _ => position,
    };
    Error::type_error(format!("cannot convert {} to JSON", cx.show_type(value))).at(position)
}

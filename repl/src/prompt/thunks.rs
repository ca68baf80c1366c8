//! Thunks in words: the name they are bound to, what they do, and what they became.

use nivis::heap::{BuiltinId, CodeRef, Thunk, ThunkKind, ThunkState, Unpacked};
use nivis::print::{self, Options, code_text, thunk_text};
use nivis::source::Origin;
use nivis::value::attrs::by_name;
use nivis::{Eval, Value};

/// Names shown of a set.
const MOST_NAMES: usize = 4;

/// A thunk's work, in a form that outlives a visit to the engine.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Work {
    /// It runs this code.
    Code(CodeRef),
    /// It calls a function with this code.
    Call(CodeRef),
    /// It calls a builtin.
    Builtin(BuiltinId),
    /// It calls something else.
    Other,
}

impl Work {
    /// The work of a thunk; a delayed call forgets what it had `before`.
    pub(crate) fn of<'h>(cx: &Eval<'h>, thunk: Thunk<'h>, before: Option<Value<'h>>) -> Self {
        let function = before.map(|before| cx.delayed_call_of(thunk, before).function);
        let function = function.map(|function| function.as_thunk().and_then(Thunk::value).unwrap_or(function));
        match (thunk.kind(), function.map(Value::unpack)) {
            (ThunkKind::Code(code), _) => Self::Code(code),
            (_, Some(Unpacked::Closure(closure))) => Self::Call(closure.code()),
            (_, Some(Unpacked::Builtin(id))) => Self::Builtin(id),
            _ => Self::Other,
        }
    }

    /// True if it is all of a text that was typed.
    pub(crate) fn is_input(self, cx: &Eval<'_>) -> bool {
        let Self::Code(code) = self else { return false };
        let place = cx.sources().locate(cx.code_extent(code).0);
        cx.is_whole_text(code) && place.is_some_and(|place| matches!(place.source.origin, Origin::String))
    }

    /// Its text.
    pub(crate) fn text(self, cx: &Eval<'_>) -> String {
        match self {
            Self::Code(code) => named(cx, code, code_text(cx, code)),
            Self::Call(code) => format!("a call of {}", code_text(cx, code)),
            Self::Builtin(id) => format!("a call of {}", cx.builtin(id).name),
            Self::Other => "a call".to_owned(),
        }
    }
}

/// The work of a thunk, with the name it is bound to: `x = 1 + 1`.
pub(crate) fn described<'h>(cx: &Eval<'h>, thunk: Thunk<'h>, before: Option<Value<'h>>) -> String {
    let text = thunk_text(cx, thunk, before);
    match thunk.kind() {
        ThunkKind::Code(code) => named(cx, code, text),
        ThunkKind::Apply | ThunkKind::Member(_) | ThunkKind::Over => text,
    }
}

/// The text with the name in front that the program binds it to, and the file if it is in one.
fn named(cx: &Eval<'_>, code: CodeRef, text: String) -> String {
    let (position, len) = cx.code_extent(code);
    let Some(place) = cx.sources().locate(position) else { return text };
    let source = String::from_utf8_lossy(&place.source.text);
    let start = place.offset as usize;
    let name = source.get(..start).zip(source.get(start + len..)).and_then(|(before, after)| name(before, after));
    let text = match name {
        Some((name, sign)) => format!("{name} {sign} {text}"),
        None => text,
    };
    match &place.source.origin {
        Origin::File(path) if !cx.is_whole_text(code) => {
            format!("{text}   ({}:{}:{})", short(cx, path), place.line, place.column)
        }
        _ => text,
    }
}

/// A file's name as short as people use it: below the current directory, or in the search path.
fn short(cx: &Eval<'_>, path: &[u8]) -> String {
    let below = |folder: &[u8]| path.strip_prefix(folder).and_then(|rest| rest.strip_prefix(b"/"));
    if let Some(rest) = below(&cx.absolute(b".")) {
        return String::from_utf8_lossy(rest).into_owned();
    }
    let found = cx.settings().search_path.iter().find_map(|entry| {
        let rest = below(&cx.absolute(&entry.path))?;
        Some([&entry.prefix[..], if entry.prefix.is_empty() { b"" } else { b"/" }, rest].concat())
    });
    match found {
        Some(name) => format!("<{}>", String::from_utf8_lossy(&name)),
        None => String::from_utf8_lossy(path).into_owned(),
    }
}

/// The name that an expression between these texts is bound to, and the sign between them.
fn name<'t>(before: &'t str, after: &str) -> Option<(&'t str, &'static str)> {
    let (mut before, mut after) = (before.trim_end(), after.trim_start());
    while let (Some(outer), Some(rest)) = (before.strip_suffix('('), after.strip_prefix(')')) {
        (before, after) = (outer.trim_end(), rest.trim_start());
    }
    let (rest, sign) = match (before.strip_suffix('='), before.strip_suffix('?')) {
        (Some(rest), _) if after.is_empty() || after.starts_with(';') => (rest, "="),
        (_, Some(rest)) if after.starts_with([',', '}']) => (rest, "?"),
        _ => return None,
    };
    let rest = rest.trim_end();
    let is_part = |c: char| c.is_alphanumeric() || "_'-.\"".contains(c);
    let start = rest.char_indices().rev().take_while(|(_, c)| is_part(*c)).last()?.0;
    Some((&rest[start..], sign))
}

/// The outcome of a thunk, in a few words.
pub(crate) fn outcome<'h>(cx: &mut Eval<'h>, thunk: Thunk<'h>) -> String {
    match thunk.state() {
        ThunkState::Done(value) => summary(cx, value),
        ThunkState::Failed(_) => match cx.force(thunk.into()) {
            Err(error) => format!("error: {}", error.to_string().lines().next().unwrap_or_default()),
            Ok(value) => summary(cx, value),
        },
        ThunkState::Suspended | ThunkState::Running => "not finished".to_owned(),
    }
}

/// A value in a few words, without the contents of a list or set.
pub(crate) fn summary<'h>(cx: &Eval<'h>, value: Value<'h>) -> String {
    match value.unpack() {
        Unpacked::List(list) => match list.len() {
            0 => "an empty list".to_owned(),
            1 => "a list of 1 element".to_owned(),
            len => format!("a list of {len} elements"),
        },
        Unpacked::Attrs(set) if set.is_empty() => "an empty set".to_owned(),
        Unpacked::Attrs(set) => {
            let names = by_name(cx.scope(), set).into_iter().take(MOST_NAMES);
            let names: Vec<_> =
                names.map(|(name, ..)| String::from_utf8_lossy(cx.symbol_text(name)).into_owned()).collect();
            let more = if set.len() > MOST_NAMES { ", …" } else { "" };
            format!("a set of {}{more}", names.join(", "))
        }
        Unpacked::Closure(_) | Unpacked::Partial(_) | Unpacked::Builtin(_) => "a function".to_owned(),
        _ => {
            let options = Options { max_string_length: 40, ..Options::default() };
            print::unforced(cx, value, &options)
        }
    }
}

/// A value as far as it is evaluated, with the texts of its thunks and within the bounds of `options`.
pub(crate) fn glimpse<'h>(cx: &Eval<'h>, value: Value<'h>, options: Options) -> String {
    print::unforced(cx, value, &Options { thunk_texts: true, derivation_paths: true, ..options })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let table = [
            ("let x = ", "; in x", Some(("x", "="))),
            ("a.\"b c\".d = (", ")", Some(("c\".d", "="))),
            ("x = f (", ");", None),
            ("x == ", "", None),
            ("{ x ? ", " }: x", Some(("x", "?"))),
            ("[ ", " ]", None),
        ];
        for (before, after, expected) in table {
            assert_eq!(name(before, after), expected, "{before}…{after}");
        }
    }
}

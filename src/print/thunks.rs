//! The pending work of a thunk, in the words of the program: `1 + 1`, or `f 3` for a delayed call.

use super::options::Options;
use crate::codec::terminal::shown_text;
use crate::eval::Eval;
use crate::heap::{CodeRef, Thunk, ThunkKind, ThunkState, Unpacked, Value};
use crate::source::Origin;

/// The largest number of characters of a text.
const MOST_CHARS: usize = 48;

/// The text of some code, shortened to one line. A whole file is shown by its name.
pub fn code_text(cx: &Eval<'_>, code: CodeRef) -> String {
    let (position, len) = cx.code_extent(code);
    let Some(place) = cx.sources().locate(position) else { return "…".to_owned() };
    if cx.is_whole_text(code) && !matches!(place.source.origin, Origin::String | Origin::Stdin) {
        return shown_text(&format!("the file {}", place.source.name()), false);
    }
    let start = place.offset as usize;
    let text = place.source.text.get(start..).unwrap_or_default();
    if len == 0 {
        // An inherited attribute has no expression of its own, only a name.
        let end = text.iter().position(|byte| !byte.is_ascii_alphanumeric() && !b"_'-".contains(byte));
        return one_line(&format!("inherit {}", String::from_utf8_lossy(&text[..end.unwrap_or(text.len())])));
    }
    one_line(&String::from_utf8_lossy(&text[..len.min(text.len())]))
}

/// The text of a thunk's work, pending or done. A delayed call forgets its capture 0 when it is done; to describe it
/// afterwards, pass the earlier capture as `before`. Its arguments are shown as they were before, too.
pub fn thunk_text<'h>(cx: &Eval<'h>, thunk: Thunk<'h>, before: Option<Value<'h>>) -> String {
    let code = match thunk.kind() {
        ThunkKind::Code(code) => code,
        ThunkKind::Apply | ThunkKind::Member(_) => return call_text(cx, thunk, before),
        ThunkKind::Over => return "…".to_owned(),
    };
    code_text(cx, code)
}

fn call_text<'h>(cx: &Eval<'h>, thunk: Thunk<'h>, before: Option<Value<'h>>) -> String {
    let is_told_later = before.is_some();
    let before = before.or_else(|| matches!(thunk.state(), ThunkState::Suspended).then(|| thunk.capture(0)));
    if before.is_none() && matches!(thunk.kind(), ThunkKind::Member(_)) {
        return "…".to_owned();
    }
    // For other calls only the arguments are left; null is not a function and has no text.
    let call = cx.delayed_call_of(thunk, before.unwrap_or(Value::NULL));
    let mut text = function_text(cx, call.function);
    for argument in call.arguments {
        let before = argument.as_thunk().filter(|_| is_told_later);
        text.push(' ');
        text.push_str(&before.map_or_else(|| argument_text(cx, argument), |thunk| argument_work(cx, thunk)));
    }
    one_line(&text)
}

fn argument_work<'h>(cx: &Eval<'h>, thunk: Thunk<'h>) -> String {
    match thunk.kind() {
        ThunkKind::Code(code) => format!("({})", code_text(cx, code)),
        ThunkKind::Apply | ThunkKind::Member(_) | ThunkKind::Over => "(…)".to_owned(),
    }
}

fn function_text<'h>(cx: &Eval<'h>, function: Value<'h>) -> String {
    let function = function.peeked();
    match function.unpack() {
        Unpacked::Closure(closure) => match cx.closure_info(closure).name {
            Some(name) => String::from_utf8_lossy(cx.symbol_text(name)).into_owned(),
            None => format!("({})", code_text(cx, closure.code())),
        },
        Unpacked::Builtin(id) => cx.builtin(id).name.to_owned(),
        Unpacked::Partial(partial) => {
            let arguments = (0..partial.len()).map(|index| format!(" {}", argument_text(cx, partial.argument(index))));
            format!("{}{}", function_text(cx, partial.function()), arguments.collect::<String>())
        }
        Unpacked::Thunk(thunk) if matches!(thunk.kind(), ThunkKind::Code(_)) => {
            format!("({})", thunk_text(cx, thunk, None))
        }
        _ => "…".to_owned(),
    }
}

fn argument_text<'h>(cx: &Eval<'h>, argument: Value<'h>) -> String {
    let argument = argument.peeked();
    match argument.unpack() {
        Unpacked::Thunk(thunk) => argument_work(cx, thunk),
        // Nested partial applications could be very long.
        Unpacked::Partial(_) => "(…)".to_owned(),
        Unpacked::Closure(_) | Unpacked::Builtin(_) => function_text(cx, argument),
        _ => {
            let options = Options { max_depth: 0, max_string_length: 24, ..Options::default() };
            super::unforced(cx, argument, &options)
        }
    }
}

fn one_line(text: &str) -> String {
    let line = shown_text(&text.split_whitespace().collect::<Vec<_>>().join(" "), false);
    match line.char_indices().nth(MOST_CHARS) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}

//! Laziness made visible: what is evaluated and what is not, in which order, and why.

use super::peek::{Peeked, as_it_is, peek};
use crate::command_line::words::usage;
use crate::prompt::session::{Reply, Session};
use crate::prompt::thunks::{Work, described, outcome, summary};
use nivis::heap::{Thunk, ThunkState};
use nivis::print::{self, Options};
use nivis::{Eval, Result, Value};
use std::collections::BTreeMap;

/// Levels of sets and lists that `:lazy` shows, unless `:set depth` asks for more.
const MOST_LEVELS: usize = 4;
/// Attributes, and elements of lists, that it shows in all.
const MOST_ITEMS: usize = 100;
/// Lines of a trace that are shown.
const MOST_LINES: usize = 40;

pub(super) fn lazy(session: &mut Session<'_>, text: &str) -> Result<Reply> {
    let options = Options {
        palette: session.look().palette,
        indent: 2,
        thunk_texts: true,
        derivation_paths: true,
        max_depth: MOST_LEVELS.max(session.preferences().depth),
        max_attributes: MOST_ITEMS,
        max_items: MOST_ITEMS,
        ..Options::default()
    };
    session.inside(|cx, scope| {
        let value = match peek(cx, scope, text) {
            Peeked::Slot(slot) => as_it_is(slot),
            // There is no value before the outermost step has been made.
            _ => cx.eval_text(text.into(), scope)?,
        };
        Ok(Reply::Value(print::print(cx, value, &options)?))
    })
}

pub(super) fn trace(session: &mut Session<'_>, text: &str) -> Result<Reply> {
    let (reply, told) = session.print_watched(text, tell);
    Ok(Reply::Several(vec![Reply::Output(told), reply.unwrap_or_else(Reply::Error)]))
}

/// Lists what was forced, and which of it when the value was printed.
fn tell(cx: &mut Eval<'_>, printed_from: usize) -> String {
    let seen = cx.seen().to_vec();
    // The whole input is not a thunk that anybody would look for.
    let is_input = seen.first().is_some_and(|forced| Work::of(cx, forced.thunk, forced.before).is_input(cx));
    let first = usize::from(is_input);
    if seen.len() == first {
        return "Nothing was forced.".to_owned();
    }
    let mut levels: BTreeMap<usize, usize> = BTreeMap::new();
    let mut lines = Vec::new();
    let mut is_printing = None;
    for (index, forced) in seen.iter().enumerate().skip(first) {
        let level = forced.by.and_then(|by| levels.get(&by)).map_or(0, |level| level + 1);
        levels.insert(index, level);
        if lines.len() > MOST_LINES {
            continue;
        }
        if level == 0 && is_printing != Some(index >= printed_from) {
            is_printing = Some(index >= printed_from);
            lines.push(if index >= printed_from { "to print it:" } else { "to evaluate it:" }.to_owned());
        }
        let (what, became) = (described(cx, forced.thunk, forced.before), outcome(cx, forced.thunk));
        lines.push(format!("{:3}  {}{what}  ⇒ {became}", index + 1 - first, "  ".repeat(level.min(20))));
    }
    if lines.len() > MOST_LINES {
        lines.push(format!("     … {} thunks in all", seen.len() - first));
    }
    lines.join("\n")
}

pub(super) fn why(session: &mut Session<'_>, path: &str) -> Result<Reply> {
    session.why(|cx, scope, reasons| match peek(cx, scope, path) {
        Peeked::Slot(slot) => Ok(Reply::Output(match slot.as_thunk() {
            Some(thunk) => why_thunk(cx, path, thunk, reasons(cx, thunk.number())),
            None => why_value(cx, path, slot),
        })),
        Peeked::Unevaluated(part) => {
            Ok(Reply::Output(format!("{part} is not evaluated yet, so nothing has needed {path}.")))
        }
        Peeked::Missing => Err(usage(format!("there is no {path}"))),
        Peeked::NoPath => Err(usage("':why' takes the path to a thunk, such as x, x.a or xs.0")),
    })
}

fn why_thunk<'h>(cx: &mut Eval<'h>, path: &str, thunk: Thunk<'h>, reasons: Option<Vec<String>>) -> String {
    let mut what = described(cx, thunk, None);
    if !what.starts_with(&format!("{path} =")) {
        what = format!("{path}: {what}");
    }
    if matches!(thunk.state(), ThunkState::Suspended) {
        return format!("{what}\n  not evaluated: nothing has needed it yet");
    }
    let mut lines = vec![format!("{what}  ⇒ {}", outcome(cx, thunk))];
    match reasons {
        Some(reasons) => lines.extend(reasons),
        None => lines.push("evaluated too long ago, or too deep in an evaluation, to be remembered".to_owned()),
    }
    lines.join("\n  ")
}

fn why_value<'h>(cx: &mut Eval<'h>, path: &str, value: Value<'h>) -> String {
    let summary = summary(cx, value);
    format!("{path} is {summary}\n  already a value, not a thunk")
}

//! Commands that show how a text is read and run.

use crate::command_line::words::usage;
use crate::output::style::ErrorFormat;
use crate::prompt::session::{Reply, Session};
use crate::tasks::explain;
use nivis::codec::nix_string::write_attribute_name;
use nivis::eval::{AutoArguments, path_steps};
use nivis::source::Origin;
use nivis::{Eval, Result, Value, print};

/// Longer texts keep all parentheses: each pair is tried by itself.
const LONGEST_SIMPLIFIED: usize = 4 << 10;

pub(super) fn desugar(session: &mut Session<'_>, text: &str) -> Result<Reply> {
    let is_nix = session.errors().format == ErrorFormat::Nix;
    session.inside(|cx, scope| {
        if is_nix {
            return Ok(Reply::Value(cx.show_parsed_in(text.into(), Origin::String, scope)?));
        }
        let whole = cx.show_desugared(text.into())?;
        Ok(Reply::Value(without_parentheses(cx, whole)))
    })
}

/// The text without the parentheses that change nothing.
fn without_parentheses(cx: &mut Eval<'_>, whole: Vec<u8>) -> Vec<u8> {
    if whole.len() > LONGEST_SIMPLIFIED {
        return whole;
    }
    let mut text = whole.clone();
    let mut at = 0;
    while let Some((open, close)) = next_pair(&text, at) {
        let mut shorter = text.clone();
        shorter.remove(close);
        shorter.remove(open);
        // A sign must not become part of the name beside it.
        let is_same = cx.show_desugared(shorter.clone()).is_ok_and(|shown| shown == whole);
        match is_same {
            true => text = shorter,
            false => at = open + 1,
        }
    }
    text
}

/// The first pair of parentheses from an offset on. Those in strings don't match, or are refused when they are tried.
fn next_pair(text: &[u8], from: usize) -> Option<(usize, usize)> {
    let open = from + text.get(from..)?.iter().position(|byte| *byte == b'(')?;
    let mut depth = 0_usize;
    for (offset, byte) in text[open..].iter().enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ => continue,
        }
        if depth == 0 {
            return Some((open, open + offset));
        }
    }
    next_pair(text, open + 1)
}

pub(super) fn explain(session: &mut Session<'_>, argument: &str) -> Result<Reply> {
    let page = explain::page(argument, session.look())?;
    Ok(Reply::Output(page.trim_end().to_owned()))
}

/// The words that can follow `:explain`.
pub(super) fn topics(before: &str) -> Vec<String> {
    if before.trim().is_empty() { explain::names() } else { Vec::new() }
}

pub(super) fn ir(session: &mut Session<'_>, text: &str) -> Result<Reply> {
    session.inside(|cx, scope| {
        let unit = cx.lower_in(text.into(), scope)?;
        Ok(Reply::Output(unit.pretty().to_string().trim_end().to_owned()))
    })
}

/// Both readings of a path such as `xs.0`, side by side.
pub(super) fn access(session: &mut Session<'_>, path: &str) -> Result<Reply> {
    if !is_path(path) {
        return Err(usage("':access' takes a path, such as xs.0 or a.\"b c\".1"));
    }
    session.inside(|cx, scope| {
        let steps = path_steps(path.as_bytes())?;
        let Some((first, rest)) = steps.split_first() else {
            return Err(usage("a path begins with a name, such as xs.0"));
        };
        let as_expression = cx.eval_text(path.into(), scope);
        let as_expression = outcome(cx, as_expression);
        let root = cx.attrs_of(scope);
        let as_path = cx.select_path(root, path, &AutoArguments::default());
        let as_path = as_path.and_then(|value| cx.force(value));
        let as_path = outcome(cx, as_path);
        Ok(Reply::Output(side_by_side(path, &as_expression, &as_path, &written(first, rest))))
    })
}

/// The readings of a path with what each gives; `written` is the expression for that of the command line.
fn side_by_side(path: &str, as_expression: &str, as_path: &str, written: &str) -> String {
    // What the command line can't reach: it takes every number for an index.
    let is_name = as_path.contains("should be a list but is a set");
    let here = if is_name { with_names(path) } else { written.to_owned() };
    let lines = [
        format!("in an expression        {path}"),
        format!("    reads as            {}", reading(path)),
        format!("    gives               {as_expression}"),
        format!("on the command line     -A {path}"),
        format!("    reads as            {written}"),
        format!("    gives               {as_path}"),
        format!("so here you write       {here}"),
    ];
    lines.join("\n")
}

/// True if there is nothing between the names of the text but dots.
fn is_path(text: &str) -> bool {
    let outside_quotes = text.split('"').step_by(2);
    let is_part = |c: char| c.is_alphanumeric() || "_-'.".contains(c);
    text.starts_with(|c: char| c.is_alphabetic() || c == '_') && outside_quotes.flat_map(str::chars).all(is_part)
}

/// A value or error in one line.
fn outcome<'h>(cx: &mut Eval<'h>, result: Result<Value<'h>>) -> String {
    match result {
        Ok(value) => print::excerpt(cx, value),
        Err(error) => format!("error: {}", error.to_string().lines().next().unwrap_or_default()),
    }
}

/// The language's reading of a path: a dot and a number after a name are an argument.
fn reading(path: &str) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut numbers = 0;
    for step in path.split('.') {
        match step.bytes().all(|byte| byte.is_ascii_digit()) && !step.is_empty() && !parts.is_empty() {
            true => {
                numbers += 1;
                parts.push(format!(" (0.{step})"));
            }
            false if parts.is_empty() => parts.push(step.to_owned()),
            false => parts.push(format!(".{step}")),
        }
    }
    let text = parts.concat();
    match numbers {
        0 => format!("{text}   (a selection, as on the command line)"),
        1 => format!("{text}   (a call: the number is an argument)"),
        _ => format!("{text}   (a call: the numbers are arguments)"),
    }
}

/// The path with its numbers as names of attributes.
fn with_names(path: &str) -> String {
    let steps = path.split('.').enumerate();
    let is_number = |step: &str| !step.is_empty() && step.bytes().all(|byte| byte.is_ascii_digit());
    let steps =
        steps.map(|(index, step)| if index > 0 && is_number(step) { format!("{step:?}") } else { step.to_owned() });
    steps.collect::<Vec<_>>().join(".")
}

/// The expression that means what the path means on the command line.
fn written(first: &[u8], rest: &[Vec<u8>]) -> String {
    let mut text = String::from_utf8_lossy(first).into_owned();
    for step in rest {
        let is_index = !step.is_empty() && step.iter().all(u8::is_ascii_digit);
        if is_index {
            let list = if text.contains(' ') { format!("({text})") } else { text };
            text = format!("builtins.elemAt {list} {}", String::from_utf8_lossy(step));
        } else {
            let mut name = Vec::new();
            write_attribute_name(&mut name, step);
            let name = String::from_utf8_lossy(&name).into_owned();
            text = if text.contains(' ') { format!("({text}).{name}") } else { format!("{text}.{name}") };
        }
    }
    text
}

//! Builtins that match regular expressions. Compiled expressions are kept.

use crate::codec::regex::{Groups, Regex};
use crate::error::{Error, Ordinal, Purpose, Result};
use crate::eval::Eval;
use crate::eval::builtin::{Arguments, Builtin, row};
use crate::heap::{List, Value};

/// So many compiled expressions are kept.
const MOST_KEPT: usize = 4096;

pub(super) const TABLE: &[Builtin] = &[
    row(
        "match",
        &["regex", "str"],
        "The text of each group of *regex* if it matches all of *str*, otherwise `null`.\n\
         A group that didn't take part is `null`. *regex* is a POSIX extended regular expression: classes are `[[:digit:]]`,\n\
         not `\\d`.",
        match_whole,
    )
    .forces_first()
    .example("builtins.match \"([a-z]+)-([0-9.]+)\" \"nix-2.36\"", "[ \"nix\" \"2.36\" ]"),
    row(
        "split",
        &["regex", "str"],
        "*str* cut at every match of *regex*: the text between matches, and for each match the list of its groups, in turn.\n\
         So the elements at even indices are strings, those at odd indices lists.",
        split,
    )
    .forces_first()
    .example("builtins.split \"([,;])\" \"a,b;c\"", "[ \"a\" [ \",\" ] \"b\" [ \";\" ] \"c\" ]"),
];

fn match_whole<'h>(cx: &mut Eval<'h>, [pattern, text, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let pattern = cx.force_plain_string(pattern, Purpose::Argument(Ordinal::First, "builtins.match"))?;
    with_regex(cx, pattern.as_bytes(), |_| ())?;
    let text = cx.force_string(text, Purpose::Argument(Ordinal::Second, "builtins.match"))?.as_bytes();
    let found =
        with_regex(cx, pattern.as_bytes(), |regex| regex.full_match(text, &mut |bytes| cx.poll_holding(bytes)))??;
    Ok(found.map_or(Value::NULL, |groups| group_list(cx, text, &groups)))
}

fn split<'h>(cx: &mut Eval<'h>, [pattern, argument, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let pattern = cx.force_plain_string(pattern, Purpose::Argument(Ordinal::First, "builtins.split"))?;
    with_regex(cx, pattern.as_bytes(), |_| ())?;
    let string = cx.force_string(argument, Purpose::Argument(Ordinal::Second, "builtins.split"))?;
    let text = string.as_bytes();
    let mut parts = cx.scope().gather([]);
    let mut end = 0;
    with_regex(cx, pattern.as_bytes(), |regex| {
        let mut matches = regex.matches(text);
        while let Some(found) = matches.next(&mut |bytes| cx.poll_holding(bytes))? {
            cx.poll()?;
            parts.push(cx.string(&text[end..found.range.start]));
            parts.push(group_list(cx, text, &found.groups));
            end = found.range.end;
        }
        Ok::<(), Error>(())
    })??;
    // Only an uncut string keeps its context.
    parts.push(if parts.is_empty() { string.into() } else { cx.string(&text[end..]) });
    Ok(List::from_values(cx.scope(), parts.into_iter()).into())
}

fn group_list<'h>(cx: &Eval<'h>, text: &[u8], groups: &Groups) -> Value<'h> {
    let group = |group: &Option<std::ops::Range<usize>>| match group {
        Some(range) => cx.string(&text[range.clone()]),
        None => Value::NULL,
    };
    List::from_values(cx.scope(), groups.iter().map(group)).into()
}

/// Runs `body` with the compiled pattern.
fn with_regex<'h, R>(cx: &Eval<'h>, pattern: &[u8], body: impl FnOnce(&Regex) -> R) -> Result<R> {
    let regexes = &cx.shared().regexes;
    if let Some(known) = regexes.borrow().get(pattern) {
        return Ok(body(known));
    }
    let regex = Regex::new(pattern).map_err(|error| Error::eval(error.to_string()))?;
    let result = body(&regex);
    let mut regexes = regexes.borrow_mut();
    if regexes.len() >= MOST_KEPT {
        regexes.clear();
    }
    regexes.insert(pattern.to_vec(), regex);
    Ok(result)
}

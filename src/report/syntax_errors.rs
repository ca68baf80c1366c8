//! Syntax errors for people: all that a file has, each with what would mend it.

use super::picture::Picture;
use super::places::Places;
use super::pretty::more;
use crate::error::{Code, Error, ErrorKind, LIST_ACCESS};
use crate::source::{Location, Sources, Span};
use crate::syntax::mend::{Edit, Mended, errors, open_brackets, token_before};
use codespan_reporting::diagnostic::Severity;

/// The errors of the text that an error of the parser is about. `None` for other errors.
pub(super) fn pretty(error: &Error, sources: &Sources, colour: bool) -> Option<String> {
    let is_syntax = matches!(error.kind(), ErrorKind::Syntax(_)) && error.code() == Code::SYNTAX;
    let location = sources.locate(error.place().position).filter(|_| is_syntax)?;
    let source = location.source;
    let found = errors(&source.text);
    let is_same = |first: &Mended| source.position(first.error.span.start) == error.place().position;
    if !found.first().is_some_and(is_same) {
        return None;
    }
    let shown = found.iter().filter_map(|mended| {
        let location = sources.locate(source.position(mended.error.span.start))?;
        one(mended, &location, sources, colour)
    });
    Some(shown.collect::<Vec<_>>().join("\n\n"))
}

const NOT_AN_INDEX: &str = "a dot selects attributes of a set; an element of a list is `builtins.elemAt xs 0`, or on the \
                            command line the path -A xs.0";

fn one(mended: &Mended, location: &Location, sources: &Sources, colour: bool) -> Option<String> {
    let Mended { error, edit } = mended;
    let mut picture = Picture::new(Places::new(sources));
    let text = &location.source.text;
    picture.label_span(location, error.span, &unexpected(&error.message));
    if let Some(bracket) = bracket(text, mended) {
        let place = sources.locate(location.source.position(bracket.start))?;
        picture.label_span(&place, bracket, "still open");
    }
    if let Some(Edit::Insert(at, word)) = edit
        && let Some(before) = token_before(text, *at)
        && before.start < error.span.start
    {
        let place = sources.locate(location.source.position(before.start))?;
        picture.label_span(&place, before, &format!("`{}` is missing behind this", word.trim()));
    }
    let hints = hints(text, mended);
    let page = match hints.first().map(String::as_str) {
        Some(NOT_AN_INDEX) => Some(LIST_ACCESS.to_owned()),
        Some(_) => None,
        None => Some(Code::SYNTAX.to_string()),
    };
    let mut notes: Vec<_> = hints.into_iter().map(|hint| format!("hint: {hint}")).collect();
    notes.extend(page.map(|page| more(&page)));
    picture.render(Severity::Error, Some(Code::SYNTAX.to_string()), &error.message, notes, colour)
}

/// The words of the message that say what comes here, and what should.
fn unexpected(message: &str) -> String {
    match message.strip_prefix("syntax error, unexpected ").and_then(|rest| rest.split_once(", expecting ")) {
        Some((_, expected)) => format!("expected {} here", expected.replace("'", "`")),
        None if message.starts_with("syntax error") => "not expected here".to_owned(),
        None => String::new(),
    }
}

/// The innermost bracket that is open, where that is what is wrong.
fn bracket(text: &[u8], mended: &Mended) -> Option<Span> {
    let closes = matches!(mended.edit, Some(Edit::Insert(_, "}" | ")" | "]" | "''")));
    let at_end = mended.error.span.start as usize >= text.len();
    let open = open_brackets(text, mended.error.span.start).into_iter().next_back();
    open.filter(|_| closes || at_end)
}

fn hints(text: &[u8], mended: &Mended) -> Vec<String> {
    let span = mended.error.span;
    let token = text.get(span.start as usize..span.end as usize).unwrap_or_default();
    let slice = |span: Span| text.get(span.start as usize..span.end as usize).unwrap_or_default();
    let innermost = open_brackets(text, span.start).into_iter().next_back().map(slice).unwrap_or_default();
    let before = token_before(text, span.start).map(slice).unwrap_or_default();
    let mut hints = Vec::new();
    match (token, &mended.edit) {
        (b",", _) if innermost == b"[" => {
            hints.push("elements of a list are separated by blanks: `[ 1 2 ]`".to_owned());
        }
        (b",", _) if innermost == b"{" => hints.push("attributes end with `;`: `{ a = 1; b = 2; }`".to_owned()),
        ([b'-' | b'[' | b'0'..=b'9', ..], _) if before == b"." => hints.push(NOT_AN_INDEX.to_owned()),
        (b"-", _) if innermost == b"[" => {
            hints.push("a negative number in a list needs parentheses: `[ (-1) ]`".to_owned());
        }
        (_, Some(Edit::Compare(_))) => hints.push("`=` defines, `==` compares".to_owned()),
        (_, Some(Edit::Insert(_, word))) => hints.push(format!("put `{}` there", word.trim())),
        _ => {}
    }
    let expected = mended.error.message.rsplit_once("expecting ").map_or("", |(_, expected)| expected);
    if expected.contains("'else'") || (before != b"else" && has_if_without_else(text, span)) {
        hints.push("every `if` has an `else`: `if c then a else b`".to_owned());
    }
    hints
}

/// True if the value that ends here is the `then` of an `if`: the parser would go on with `else`.
fn has_if_without_else(text: &[u8], span: Span) -> bool {
    let mut tried = text.get(..span.start as usize).unwrap_or_default().to_vec();
    tried.extend_from_slice(b" else null ");
    tried.extend_from_slice(text.get(span.start as usize..).unwrap_or_default());
    let added = b" else null ".len() as u32;
    crate::syntax::parse(&tried).errors.first().is_none_or(|error| error.span.start > span.end + added)
}

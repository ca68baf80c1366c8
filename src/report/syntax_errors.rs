//! Syntax errors for people: all errors of a file, each with a repair.

use super::phrasing::in_backticks;
use super::picture::Picture;
use super::places::Places;
use super::pretty::{Audience, more};
use super::syntax_hints::{self, ErrorSite};
use crate::codec::palette::Look;
use crate::error::{Code, Error, ErrorKind, LIST_ACCESS};
use crate::source::{Location, SourceText, Sources, Span};
use crate::syntax::brackets::Brackets;
use crate::syntax::recovery::{Edit, Mended, VALUE, errors, errors_in_bindings};
use codespan_reporting::diagnostic::Severity;
use std::rc::Rc;

/// A syntax error as it is shown.
pub(super) struct Told {
    /// The parser's message, in C++ Nix's words.
    pub(super) message: String,
    /// The message in plain words.
    title: String,
    /// The labels, the primary one first.
    pub(super) labels: Vec<(Span, String)>,
    pub(super) hints: Vec<String>,
    /// The edit with which the parser went on.
    pub(super) edit: Option<Edit>,
    /// True if a construct has no end.
    is_endless: bool,
}

impl Told {
    fn new(title: impl Into<String>, labels: Vec<(Span, String)>) -> Self {
        Self { message: String::new(), title: title.into(), labels, hints: Vec::new(), edit: None, is_endless: false }
    }
}

/// The syntax errors of the text that the parser's error is about. `None` for other errors.
pub(super) fn all(error: &Error, sources: &Sources) -> Option<(Rc<SourceText>, Vec<Told>)> {
    let is_syntax = matches!(error.kind(), ErrorKind::Syntax(_)) && error.code() == Code::SYNTAX;
    let source = sources.locate(error.place().position).filter(|_| is_syntax)?.source;
    let is_same = |first: &Mended| {
        let ErrorKind::Syntax(message) = error.kind() else { return false };
        *message == first.error.message() && source.position(first.error.span.start) == error.place().position
    };
    // The text is an expression, or the bindings of a REPL's line.
    let readings = [errors, errors_in_bindings].into_iter().map(|read| read(&source.text));
    let mended = readings.into_iter().find(|mended| mended.first().is_some_and(is_same))?;
    let mut all: Vec<Told> = Vec::new();
    let mut keyword = None;
    for mended in &mended {
        let found = ErrorSite::new(&source.text, mended);
        // A keyword that was used as a name is used so again.
        if keyword.is_some_and(|keyword| found.token == keyword || (found.at_end && found.before() == keyword)) {
            break;
        }
        keyword = keyword.or(found.keyword());
        let told = Told { message: mended.error.message(), edit: mended.edit, ..told(&found) };
        // A missing end is the cause of all further errors; so is a file that begins as a set without braces.
        let is_last = told.is_endless || found.is_bare_definition() || syntax_hints::explains_all(&found);
        all.push(told);
        if is_last {
            break;
        }
    }
    Some((Rc::clone(&source), all))
}

/// All syntax errors of a text, each with its picture.
pub(super) fn pretty(error: &Error, sources: &Sources, look: Look, audience: Audience) -> Option<String> {
    let (source, all) = all(error, sources)?;
    let shown = all.into_iter().filter_map(|told| picture(told, &source, sources, look, audience));
    Some(shown.collect::<Vec<_>>().join("\n\n"))
}

fn picture(told: Told, source: &Rc<SourceText>, sources: &Sources, look: Look, audience: Audience) -> Option<String> {
    let mut picture = Picture::new(Places::new(sources), look);
    for (span, message) in &told.labels {
        let location: Location = sources.locate(source.position(span.start))?;
        picture.label_span(&location, *span, message);
    }
    let mut notes: Vec<_> = told.hints.iter().map(|hint| super::phrasing::note("hint: ", hint, look)).collect();
    notes.extend(page(&told).filter(|_| audience.has_pages()).map(|page| more(&page)));
    picture.render(Severity::Error, Some(Code::SYNTAX.to_string()), &told.title, notes)
}

/// The page with more information: the one about list access if that was meant, the one about syntax if there is no
/// other hint.
fn page(told: &Told) -> Option<String> {
    match told.hints.first() {
        Some(hint) if hint.contains("builtins.elemAt") => Some(LIST_ACCESS.to_owned()),
        Some(_) => None,
        None => Some(Code::SYNTAX.to_string()),
    }
}

fn told(found: &ErrorSite<'_>) -> Told {
    let hints = syntax_hints::hints(found);
    if found.mended.error.unexpected().is_none() {
        return Told {
            hints,
            ..Told::new(found.mended.error.message(), vec![(found.mended.error.span, String::new())])
        };
    }
    if let Some(link) = syntax_hints::cut_link(found) {
        let labels = vec![(Span::new(link.end, link.end + 1), "a comment from here on".to_owned())];
        return Told { hints, ..Told::new("syntax error: a comment hides the end of the line", labels) };
    }
    if let Some(told) = endless(found) {
        return Told { is_endless: true, ..told };
    }
    Told { hints, ..missing(found).unwrap_or_else(|| unexpected(found)) }
}

/// A construct with a beginning and, apparently, no end.
fn endless(found: &ErrorSite<'_>) -> Option<Told> {
    if let Some(string) = runaway(found) {
        return Some(string);
    }
    if found.token == "/" && found.text_from(found.mended.error.span.start).starts_with(b"/*") {
        let span = Span::new(found.mended.error.span.start, found.mended.error.span.start + 2);
        let labels = vec![(span, "opened here; `*/` is missing".to_owned())];
        return Some(Told::new("syntax error: a comment never ends".to_owned(), labels));
    }
    let open = found.brackets.innermost()?;
    let misindented = found.brackets.misindented(found.text);
    let is_wrong_end = [")", "]", "}"].contains(&found.token) && found.closing(open.open) != found.token;
    let suspect = misindented.filter(|_| found.at_end || is_wrong_end).or(Some(open).filter(|_| found.at_end))?;
    let end = found.closing(suspect.open);
    let title = format!("syntax error: {} is never closed", in_backticks(found.slice(suspect.open)));
    let mut labels = vec![(suspect.open, format!("opened here; {} is missing", in_backticks(end)))];
    labels.extend(suspect.close.map(|close| (close, "this closes it now, though it is further left".to_owned())));
    Some(Told::new(title, labels))
}

/// A string that continues up to the beginning of another.
fn runaway(found: &ErrorSite<'_>) -> Option<Told> {
    let line_end = memchr::memchr(b'\n', found.text_from(found.mended.error.span.start));
    let line_end = line_end.map_or(found.text.len(), |length| found.mended.error.span.start as usize + length);
    let string = Brackets::before(found.text, u32::MAX).runaway_string(found.text)?;
    if string.open.start as usize >= line_end {
        return None;
    }
    let quotes = in_backticks(found.slice(string.open));
    let lacks_begin = found.text_from(string.open.end).starts_with(b";");
    let (title, label) = if lacks_begin {
        (format!("syntax error: a string is missing its opening {quotes}"), "this begins a string, and should end one")
    } else {
        (format!("syntax error: a string that begins with {quotes} never ends"), "this string seems to lack its end")
    };
    let mut labels = vec![(string.open, label.to_owned())];
    labels.extend(string.close.map(|close| (close, "it continues to here".to_owned())));
    Some(Told::new(title, labels))
}

/// A missing token.
fn missing(found: &ErrorSite<'_>) -> Option<Told> {
    let Some(Edit::Insert(at, word)) = found.mended.edit else { return None };
    let is_value = word == VALUE;
    let word =
        if is_value { "a value".to_owned() } else { in_backticks(word.split_whitespace().next().unwrap_or_default()) };
    let before = found.token_before(at)?;
    let last = Span::new(before.end.saturating_sub(1).max(before.start), before.end);
    let last = if found.slice(last).is_empty() { before } else { last };
    let mut labels = vec![(last, format!("missing {word} after this"))];
    if found.at_end {
    } else if let Some(open) = found.brackets.innermost().filter(|_| ["`}`", "`)`", "`]`"].contains(&word.as_str())) {
        labels.push((open.open, "opened here".to_owned()));
    } else {
        labels.push((found.mended.error.span, "not expected here".to_owned()));
    }
    Some(Told::new(format!("syntax error: {word} is missing"), labels))
}

fn unexpected(found: &ErrorSite<'_>) -> Told {
    let span = found.mended.error.span;
    let what =
        if found.at_end { "unexpected end of input".to_owned() } else { format!("unexpected {}", found.shown()) };
    let label = match super::phrasing::expected(found.mended.error.expected()) {
        Some(expected) => format!("expected {expected} here"),
        None => "not expected here".to_owned(),
    };
    let place = if found.at_end { found.token_before(span.start).unwrap_or(span) } else { span };
    let label = if found.at_end { label.replace(" here", " after this") } else { label };
    Told::new(format!("syntax error: {what}"), vec![(place, label)])
}

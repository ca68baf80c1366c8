//! Errors as data: what a report shows, for programs that show it themselves.

use super::hints::{self, Advice, Label as Told};
use super::places::Places;
use super::syntax_errors;
use super::{frames, pretty};
use crate::error::{Code, Error, ErrorKind};
use crate::source::{SourceText, Sources, Span};
use crate::syntax::recovery::{Edit as Repair, VALUE};
use std::ops::Range;

/// The severity of a diagnostic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Severity {
    /// The evaluation failed.
    Error,
    /// The evaluation goes on.
    Warning,
}

/// One error or warning: what is wrong, where, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// Its severity.
    pub severity: Severity,
    /// Its code, such as `E0011`. A code never changes its meaning.
    pub code: String,
    /// The message.
    pub message: String,
    /// The places in the program, the most important one first.
    pub labels: Vec<Label>,
    /// Similar names that may be meant, best first.
    pub suggestions: Vec<String>,
    /// Advice, as sentences.
    pub hints: Vec<String>,
    /// Further facts, as sentences.
    pub notes: Vec<String>,
    /// Changes of the text that probably mend it, which a program can make.
    pub edits: Vec<Edit>,
}

/// A place in a text, with what is there.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Label {
    /// The path of the file, or the name of another text, such as `«string»`.
    pub file: String,
    /// The bytes of the text.
    pub range: Range<usize>,
    /// The line of the first byte, counted from 1.
    pub line: usize,
    /// The column of the first byte, counted in bytes from 1.
    pub column: usize,
    /// The words beside the range; none if empty.
    pub message: String,
}

/// A change of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Edit {
    /// The path of the file, or the name of another text.
    pub file: String,
    /// The bytes to replace; empty to insert before the first.
    pub range: Range<usize>,
    /// The text in their place.
    pub replacement: String,
}

/// An error as data. For a text with several syntax errors, one diagnostic for each.
pub(crate) fn diagnostics(error: &Error, sources: &Sources) -> Vec<Diagnostic> {
    match syntax_errors::all(error, sources) {
        Some((source, all)) => all.iter().map(|told| of_syntax_error(told, &source, sources)).collect(),
        None => vec![of_error(error, &Places::new(sources))],
    }
}

/// One error that is not a syntax error.
pub(super) fn of_error(error: &Error, places: &Places<'_>) -> Diagnostic {
    let mut found = of_advice(Severity::Error, error, &hints::advice(error, &frames(error), places), places);
    found.edits.extend(renamed(error, &found.labels, places.sources()));
    found
}

/// A warning.
pub(super) fn of_warning(warning: &Error, places: &Places<'_>) -> Diagnostic {
    of_advice(Severity::Warning, warning, &hints::of_warning(warning, places), places)
}

fn of_advice(severity: Severity, error: &Error, advice: &Advice, places: &Places<'_>) -> Diagnostic {
    let related = error.details().into_iter().flat_map(|details| &details.related);
    let related = related
        .filter_map(|(place, label)| places.range_or_start(*place).map(|(at, span)| (at, span, label.to_string())));
    let labels = advice.primary.iter().chain(&advice.labels).cloned().chain(related);
    let labels = labels.filter_map(|(at, span, text): Told| label(places.sources(), &at.source, span, &text));
    let meant = error.suggestions().iter().chain(error.details().into_iter().flat_map(|details| &details.similar));
    Diagnostic {
        severity,
        code: error.code().to_string(),
        message: error.to_string(),
        labels: labels.collect(),
        suggestions: meant.cloned().collect(),
        hints: advice.hints.clone(),
        notes: advice.facts.clone(),
        edits: Vec::new(),
    }
}

pub(super) fn of_syntax_error(told: &syntax_errors::Told, source: &SourceText, sources: &Sources) -> Diagnostic {
    Diagnostic {
        severity: Severity::Error,
        code: Code::SYNTAX.to_string(),
        message: told.message.clone(),
        labels: told.labels.iter().filter_map(|(span, text)| label(sources, source, *span, text)).collect(),
        suggestions: Vec::new(),
        hints: told.hints.clone(),
        notes: Vec::new(),
        edits: told.edit.and_then(|repair| edit(source, repair)).into_iter().collect(),
    }
}

pub(super) fn label(sources: &Sources, source: &SourceText, span: Span, message: &str) -> Option<Label> {
    let start = sources.locate(source.position(span.start))?;
    Some(Label {
        file: source.name(),
        range: span.start as usize..span.end as usize,
        line: start.line,
        column: start.column,
        message: message.to_owned(),
    })
}

/// The repair of a syntax error, unless it needs a value that only the author knows.
fn edit(source: &SourceText, repair: Repair) -> Option<Edit> {
    let (span, text) = match repair {
        Repair::Insert(_, VALUE) => return None,
        Repair::Insert(at, word) => (Span::new(at, at), word),
        Repair::Remove(span) => (span, ""),
        Repair::Replace(span, text) => (span, text),
    };
    let is_word = text.ends_with(|last: char| last.is_ascii_alphabetic());
    let replacement = if is_word { format!(" {text} ") } else { text.to_owned() };
    Some(Edit { file: source.name(), range: span.start as usize..span.end as usize, replacement })
}

/// A wrong name replaced by the only likely one.
fn renamed(error: &Error, labels: &[Label], sources: &Sources) -> Option<Edit> {
    let (ErrorKind::UndefinedVariable(wrong) | ErrorKind::MissingAttribute(wrong)) = error.kind() else { return None };
    let mut likely = pretty::likely(error);
    likely.extend(error.details().into_iter().flat_map(|details| details.similar.iter().cloned()));
    let [meant] = likely.as_slice() else { return None };
    let label = labels.first()?;
    let source = sources.all().into_iter().find(|source| source.name() == label.file)?;
    let text = source.text.get(label.range.clone())?;
    // The label may have the whole selection, whose last name is the wrong one.
    let start = label.range.end - text.ends_with(wrong.as_bytes()).then_some(wrong.len())?;
    let is_whole_name = start == label.range.start || source.text.get(start - 1) == Some(&b'.');
    let edit = || Edit { file: label.file.clone(), range: start..label.range.end, replacement: meant.clone() };
    is_whole_name.then(edit)
}

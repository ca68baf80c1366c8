//! Errors for people: the message, pictures of the important places, and hints.

use super::picture::Picture;
use super::places::Places;
use super::{did_you_mean, frames, hints, phrasing, plain, syntax_errors};
use crate::codec::levenshtein::is_likely;
use crate::codec::palette::Look;
use crate::codec::terminal::visible;
use crate::error::{Code, Error, ErrorKind};
use crate::source::Sources;
use codespan_reporting::diagnostic::Severity;

/// The largest number of characters of a value in a message.
const LONGEST_VALUE: usize = 200;

/// The error with the source around it: a label at its place, labels for the nearest steps and for the outermost one,
/// suggestions, and hints. With `show_trace`, all steps are listed.
pub fn pretty(error: &Error, sources: &Sources, look: Look, show_trace: bool) -> String {
    written(error, sources, look, if show_trace { Steps::All } else { Steps::Folded }, Audience::Program)
}

/// The same without colours, for readers who have neither the pages nor the flags of the program.
pub(crate) fn standalone(error: &Error, sources: &Sources) -> String {
    written(error, sources, Look::PLAIN, Steps::Folded, Audience::Embedder)
}

/// The readers of a report.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Audience {
    /// Users of the program.
    Program,
    /// Users of another program that embeds the evaluator.
    Embedder,
}

impl Audience {
    /// True if they can look pages up.
    pub(super) fn has_pages(self) -> bool {
        self == Self::Program
    }
}

/// The steps of a trace that a report has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Steps {
    All,
    Folded,
}

fn written(error: &Error, sources: &Sources, look: Look, steps: Steps, audience: Audience) -> String {
    if let Some(text) = syntax_errors::pretty(error, sources, look, audience) {
        return text;
    }
    let frames = frames(error);
    let colour = look.has_colours();
    let mut picture = Picture::new(Places::new(sources), look);
    let advice = hints::advice(error, &frames, &picture.places);
    for (place, span, message) in advice.primary.iter().chain(&advice.labels) {
        picture.label_span(place, *span, message);
    }
    for (place, message) in error.details().into_iter().flat_map(|details| &details.related) {
        if let Some((location, span)) = picture.places.range_or_start(*place) {
            picture.label_span(&location, span, message);
        }
    }
    for frame in frames::to_label(error, &frames, &picture.places) {
        if hints::is_around(frame, advice.primary.as_ref(), &picture.places) {
            continue;
        }
        let label = phrasing::label_of(frame, &picture.places);
        picture.label(frame.place, &label);
    }
    let (title, mut notes) = title_and_rest(error, colour);
    let title = with_short_values(error, advice.title.clone().unwrap_or(title));
    let title = without_place(error, &picture.places, title);
    notes.extend(did_you_mean(&likely(error)));
    notes.extend(error.details().and_then(|details| did_you_mean(&details.similar)));
    notes.extend(advice.hints.iter().map(|hint| phrasing::note("hint: ", hint, look)));
    notes.extend(advice.facts.iter().map(|fact| phrasing::note("", fact, look)));
    notes.extend(frames::always(&error.to_string(), &frames, &picture.places));
    let labels = picture.len();
    notes.extend(match steps {
        Steps::All => frames::listed(&frames, &picture.places),
        Steps::Folded => frames::folded(&frames, labels, &picture.places, audience),
    });
    notes.extend(page(error, &advice).filter(|_| audience.has_pages()).map(|page| more(&page)));
    let rendered = picture.render(Severity::Error, shown_code(error.code()), &title, notes);
    rendered.unwrap_or_else(|| plain(error, sources, steps == Steps::All, colour))
}

/// The suggestions that people would take for what is missing.
pub(super) fn likely(error: &Error) -> Vec<String> {
    let suggestions = error.suggestions().iter();
    let wanted = match error.kind() {
        ErrorKind::MissingAttribute(name) | ErrorKind::UndefinedVariable(name) => name.trim_matches('"').as_bytes(),
        _ => return suggestions.cloned().collect(),
    };
    suggestions.filter(|name| is_likely(wanted, name.trim_matches('"').as_bytes())).cloned().collect()
}

/// The message with long values shortened. The rest of the text is kept.
fn with_short_values(error: &Error, title: String) -> String {
    let values = error.details().into_iter().flat_map(|details| &details.excerpts);
    values.fold(title, |title, value| match value.char_indices().nth(LONGEST_VALUE) {
        Some((end, _)) => title.replacen(&**value, &format!("{} …", &value[..end]), 1),
        None => title,
    })
}

/// A message of the flake reader without the place at its end, which the picture shows.
fn without_place(error: &Error, places: &Places<'_>, title: String) -> String {
    let related = error.details().and_then(|details| details.related.first());
    let place = related.map(|(place, _)| *place).filter(|_| error.code() == Code::NOT_FETCHED);
    let Some(at) = place.and_then(|place| places.here(place)) else { return title };
    let end = format!(" at {}:{}:{}", at.source.name(), at.line, at.column);
    match title.strip_suffix(&end) {
        Some(title) => title.trim_end_matches(',').to_owned(),
        None => title,
    }
}

/// A warning with the source around it.
pub(super) fn warning(warning: &Error, sources: &Sources, look: Look) -> String {
    let mut picture = Picture::new(Places::new(sources), look);
    picture.label(warning.place(), "");
    for (place, message) in warning.details().into_iter().flat_map(|details| &details.related) {
        picture.label(*place, message);
    }
    let (title, mut notes) = title_and_rest(warning, look.has_colours());
    notes.extend(
        warning
            .details()
            .into_iter()
            .flat_map(|details| &details.notes)
            .map(|note| phrasing::note("hint: ", note, look)),
    );
    let topic = warning.details().map(|details| details.topic).filter(|topic| !topic.is_empty());
    notes.extend(topic.map(more));
    picture.render(Severity::Warning, None, &title, notes).unwrap_or_else(|| format!("warning: {title}"))
}

/// The shown code. Errors raised by the program itself need none.
fn shown_code(code: Code) -> Option<String> {
    (!matches!(code, Code::OTHER | Code::THROW | Code::ABORT | Code::INTERRUPTED)).then(|| code.to_string())
}

/// The page with more information: always for a topic; for a code if there is no other hint and the code is shown.
/// For wrong command lines there is `--help`.
fn page(error: &Error, advice: &hints::Advice) -> Option<String> {
    if !advice.topic.is_empty() {
        return Some(advice.topic.to_owned());
    }
    let is_open = likely(error).is_empty() && error.details().is_none_or(|details| details.similar.is_empty());
    let code = error.code();
    shown_code(code).filter(|_| is_open && advice.hints.is_empty() && code != Code::USAGE)
}

/// The reference to a page.
pub(super) fn more(page: &str) -> String {
    format!("for more: nivis explain {page}")
}

/// The first line of the message, and the others as a note.
pub(super) fn title_and_rest(error: &Error, colour: bool) -> (String, Vec<String>) {
    let message = error.to_string();
    let is_own = matches!(error.kind(), ErrorKind::Throw(_) | ErrorKind::Abort(_));
    let message = visible(&message, colour && is_own);
    // What a program says itself is told first, with the values in it.
    if is_own {
        let lines: Vec<&str> = message.trim_matches('\n').lines().map(str::trim_end).collect();
        return (lines.join("\n"), Vec::new());
    }
    let mut lines = message.trim_matches('\n').splitn(2, '\n');
    let title = lines.next().unwrap_or_default().to_owned();
    (title, lines.next().map(|rest| rest.trim_end().to_owned()).into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Engine;
    use crate::settings::Settings;

    fn report(text: &str, show_trace: bool) -> String {
        let mut engine = Engine::new(Settings::default());
        let error = engine.eval_str(text).err().unwrap_or_else(|| Error::eval("no error"));
        pretty(&error, engine.sources(), Look::PLAIN, show_trace)
    }

    #[test]
    fn a_label_and_a_hint() {
        let text = report("let x.foo = 1; in x.fo", false);
        assert!(text.starts_with("error[E0011]: attribute 'fo' missing\n"), "{text}");
        assert!(text.contains("«string»:1:21"), "{text}");
        assert!(text.contains("Did you mean foo?"), "{text}");
    }

    #[test]
    fn long_lines_are_cut() {
        let text = report(&format!("[ {} ] ++ nope {}", "1 ".repeat(5000), " 2".repeat(5000)), false);
        assert!(text.contains("«string»:1:10009\n"), "{text}");
        assert!(text.contains("1 1  ] ++ nope  2 2 2") && text.len() < 1000, "{text}");
    }

    #[test]
    fn a_label_does_not_end_where_a_line_is_cut() {
        let long = format!("in [ {}(f {{ a = 1; }}) {} ]", "1 ".repeat(200), "2 ".repeat(200));
        for program in [
            format!("let f = {{ a, Z\n }}: a; {long}"),
            format!("let f = {{ a,\nb ? 1,\n Z }}: a; {long}"),
            format!("let f = {{ a, # {}\n Z }}: a; {long}", "x".repeat(500)),
        ] {
            let mut engine = Engine::new(Settings::default());
            let error = engine.eval_str(&program).and_then(|value| engine.render(&value)).err();
            let error = error.unwrap_or_else(|| Error::eval("no error"));
            for width in [None, Some(20), Some(40), Some(80), Some(200)] {
                let text = pretty(&error, engine.sources(), Look { width, ..Look::PLAIN }, false);
                let words = text.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty());
                let words = words.collect::<Vec<_>>().join(" ");
                assert!(words.contains("Z is missing here") && words.contains("the function"), "{text}");
            }
        }
    }

    #[test]
    fn an_interrupt_says_where_the_evaluation_was() {
        let mut engine = Engine::new(Settings::default());
        engine.stop_flags().interrupt();
        let error = engine.eval_str("let f = x: x + 1;\nin f 1").err().unwrap_or_else(|| Error::eval("no error"));
        let text = pretty(&error, engine.sources(), Look::PLAIN, false);
        assert!(text.starts_with("error: interrupted by the user\n"), "{text}");
        assert!(text.contains("«string»:2:4") && text.contains("the evaluation was here"), "{text}");
        let text = plain(&error, engine.sources(), false, false);
        assert!(!text.contains("at «string»"), "{text}");
    }

    #[test]
    fn a_trace_is_listed_on_request() {
        let text = "let f = x: builtins.addErrorContext \"while at it\" (throw x); in f \"no\"";
        assert!(report(text, true).contains("trace, innermost first:"));
        assert!(!report(text, false).contains("trace, innermost first:"));
    }
}

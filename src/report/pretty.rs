//! Errors for people: what happened, pictures of the places that matter, and what to write instead.

use super::picture::Picture;
use super::places::Places;
use super::{did_you_mean, frames, hints, plain, syntax_errors};
use crate::error::{Code, Error, ErrorKind};
use crate::print::without_escapes;
use crate::source::{Place, Sources};
use codespan_reporting::diagnostic::Severity;

/// The error with the source around it: a label where it happened, labels for the nearest things that were being done and
/// for the outermost, what may have been meant, and hints. With `show_trace`, everything that was being done is listed.
pub fn pretty(error: &Error, sources: &Sources, colour: bool, show_trace: bool) -> String {
    if let Some(text) = syntax_errors::pretty(error, sources, colour) {
        return text;
    }
    let frames = frames(error);
    let mut picture = Picture::new(Places::new(sources));
    let advice = hints::advice(error, &frames, &picture.places);
    let place = primary_place(error, &frames);
    let step = frames.iter().find(|frame| frame.place == place).map_or("", |frame| &frame.message);
    picture.label(place, if advice.primary.is_empty() { step } else { advice.primary });
    for (place, span, message) in &advice.labels {
        picture.label_span(place, *span, message);
    }
    for (place, message) in error.details().into_iter().flat_map(|details| &details.related) {
        picture.label(*place, message);
    }
    for frame in frames::to_label(&frames) {
        picture.label(frame.place, &frame.message);
    }
    let (title, mut notes) = title_and_rest(error, colour);
    notes.extend(did_you_mean(error.suggestions()));
    notes.extend(error.details().and_then(|details| did_you_mean(&details.similar)));
    notes.extend(advice.hints.iter().map(|hint| format!("hint: {hint}")));
    notes.extend(frames::always(&frames));
    let labels = picture.len();
    notes.extend(if show_trace {
        frames::listed(&frames, &picture.places)
    } else {
        frames::folded(&frames, labels, &picture.places)
    });
    notes.extend(page(error.code(), advice.topic).map(|page| more(&page)));
    let rendered = picture.render(Severity::Error, shown_code(error.code()), &title, notes, colour);
    rendered.unwrap_or_else(|| plain(error, sources, show_trace, colour))
}

/// A warning with the source around it.
pub(super) fn warning(warning: &Error, sources: &Sources, colour: bool) -> String {
    let mut picture = Picture::new(Places::new(sources));
    picture.label(warning.place(), "");
    for (place, message) in warning.details().into_iter().flat_map(|details| &details.related) {
        picture.label(*place, message);
    }
    let (title, mut notes) = title_and_rest(warning, colour);
    notes.extend(warning.details().into_iter().flat_map(|details| &details.notes).map(|note| format!("hint: {note}")));
    let topic = warning.details().map(|details| details.topic).filter(|topic| !topic.is_empty());
    notes.extend(topic.map(more));
    picture.render(Severity::Warning, None, &title, notes, colour).unwrap_or_else(|| format!("warning: {title}"))
}

/// The place of an error; without one, the nearest that is known.
fn primary_place(error: &Error, frames: &[crate::error::TraceFrame]) -> Place {
    match error.place() {
        Place::NOWHERE => {
            frames.iter().map(|frame| frame.place).find(|place| *place != Place::NOWHERE).unwrap_or(Place::NOWHERE)
        }
        place => place,
    }
}

/// What the program says itself needs no code.
fn shown_code(code: Code) -> Option<String> {
    (!matches!(code, Code::OTHER | Code::THROW | Code::ABORT | Code::INTERRUPTED)).then(|| code.to_string())
}

/// The page that tells more: about a topic, or a code that is shown. For wrong command lines there is `--help`.
fn page(code: Code, topic: &str) -> Option<String> {
    match topic {
        "" => shown_code(code).filter(|_| code != Code::USAGE),
        topic => Some(topic.to_owned()),
    }
}

/// Where to read more.
pub(super) fn more(page: &str) -> String {
    format!("for more: nivis explain {page}")
}

/// The first line of the message, and the others as a note.
pub(super) fn title_and_rest(error: &Error, colour: bool) -> (String, Vec<String>) {
    let message = error.to_string();
    let message = if colour && matches!(error.kind(), ErrorKind::Throw(_) | ErrorKind::Abort(_)) {
        message
    } else {
        without_escapes(&message)
    };
    let mut lines = message.trim_matches('\n').splitn(2, '\n');
    let title = lines.next().unwrap_or_default().to_owned();
    (title, lines.next().map(|rest| rest.trim_end().to_owned()).into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Engine;
    use crate::eval::Settings;

    fn report(text: &str, show_trace: bool) -> String {
        let mut engine = Engine::new(Settings::default());
        let error = engine.eval_str(text).err().unwrap_or_else(|| Error::eval("no error"));
        pretty(&error, engine.sources(), false, show_trace)
    }

    #[test]
    fn a_label_and_a_hint() {
        let text = report("let x.foo = 1; in x.fo", false);
        assert!(text.starts_with("error[E0011]: attribute 'fo' missing\n"), "{text}");
        assert!(text.contains("«string»:1:19"), "{text}");
        assert!(text.contains("Did you mean foo?"), "{text}");
    }

    #[test]
    fn long_lines_are_cut() {
        let text = report(&format!("[ {} ] ++ nope {}", "1 ".repeat(5000), " 2".repeat(5000)), false);
        assert!(text.contains("«string»:1:10009\n"), "{text}");
        assert!(text.contains("1 1  ] ++ nope  2 2 2") && text.len() < 1000, "{text}");
    }

    #[test]
    fn a_trace_is_listed_on_request() {
        let text = "let f = x: builtins.addErrorContext \"while at it\" (throw x); in f \"no\"";
        assert!(report(text, true).contains("trace, innermost first:"));
        assert!(!report(text, false).contains("trace, innermost first:"));
    }
}

//! Errors as text: [`pretty`] for people at a terminal, [`plain()`] as C++ Nix writes them.
//!
//! In: an [`Error`], which knows what happened, where and through what; and the texts that positions refer to. Out: text
//! without a newline at its end. This file and its folder alone name codespan-reporting.

mod files;
mod message;
mod places;
mod plain;

pub use message::Message;
pub use plain::plain;

use crate::codec::levenshtein::hint;
use crate::error::{Error, ErrorKind, TraceFrame};
use crate::print::without_escapes;
use crate::source::{Place, Sources};
use codespan_reporting::diagnostic::{Diagnostic, Label};
use codespan_reporting::term::termcolor::{Ansi, NoColor, WriteColor};
use codespan_reporting::term::{Config, emit_to_write_style};
use files::Texts;
use places::Places;
use rustc_hash::FxHashSet;

/// Trace frames nearest to the error that get a label in the source.
const INNER_LABELS: usize = 2;

/// The error with the source around it: a label where it happened, labels for the nearest things that were being done and
/// for the outermost, and what may have been meant. With `show_trace`, everything that was being done is listed.
pub fn pretty(error: &Error, sources: &Sources, colour: bool, show_trace: bool) -> String {
    let mut picture = Picture::new(sources);
    let frames = frames(error);
    let frames: Vec<&TraceFrame> = frames.iter().collect();
    picture.label(error.place(), "");
    picture.label_frames(&frames);
    let message = if colour { error.to_string() } else { without_escapes(&error.to_string()) };
    let mut lines = message.trim_matches('\n').splitn(2, '\n');
    let mut notes = Vec::new();
    let title = lines.next().unwrap_or_default();
    notes.extend(lines.next().map(str::to_owned));
    notes.extend(did_you_mean(error));
    notes.extend(if show_trace {
        full_trace(&frames, &picture.places)
    } else {
        trace_hint(&frames, picture.labels.len())
    });
    let diagnostic = Diagnostic::error().with_message(title).with_labels(picture.labels).with_notes(notes);
    render(&diagnostic, &picture.texts, colour).unwrap_or_else(|| plain(error, sources, show_trace))
}

/// What was being done, innermost first. Where the user stopped the evaluation tells nothing about the program.
fn frames(error: &Error) -> Vec<TraceFrame> {
    if matches!(error.kind(), ErrorKind::Interrupted) {
        return Vec::new();
    }
    let mut frames = error.trace();
    frames.retain(|frame| !frame.message.is_empty());
    frames.reverse();
    frames
}

fn render(diagnostic: &Diagnostic<usize>, texts: &Texts, colour: bool) -> Option<String> {
    fn write(mut writer: impl WriteColor, texts: &Texts, diagnostic: &Diagnostic<usize>) -> bool {
        let config = Config { tab_width: 8, ..Config::default() };
        emit_to_write_style(&mut writer, &config, texts, diagnostic).is_ok()
    }
    let mut out = Vec::new();
    let written = if colour {
        write(Ansi::new(&mut out), texts, diagnostic)
    } else {
        write(NoColor::new(&mut out), texts, diagnostic)
    };
    let text = String::from_utf8_lossy(&out);
    written.then(|| text.trim_end().lines().map(str::trim_end).collect::<Vec<_>>().join("\n"))
}

/// Labels in the texts they need, gathered one after the other.
struct Picture<'s> {
    places: Places<'s>,
    texts: Texts,
    labels: Vec<Label<usize>>,
    labelled: FxHashSet<Place>,
}

impl<'s> Picture<'s> {
    fn new(sources: &'s Sources) -> Self {
        let labelled = FxHashSet::from_iter([Place::NOWHERE]);
        Self { places: Places::new(sources), texts: Texts::default(), labels: Vec::new(), labelled }
    }

    /// Labels the innermost frames, and the outermost, which is most likely the user's own code.
    fn label_frames(&mut self, frames: &[&TraceFrame]) {
        let wanted = self.labels.len() + INNER_LABELS;
        for frame in frames {
            if self.labels.len() == wanted {
                break;
            }
            self.label(frame.place, &frame.message);
        }
        if let Some(outermost) = frames.iter().rfind(|frame| frame.place != Place::NOWHERE) {
            self.label(outermost.place, &outermost.message);
        }
    }

    /// Adds a label, unless the place has one. The first is the primary one.
    fn label(&mut self, place: Place, message: &str) {
        if !self.labelled.insert(place) {
            return;
        }
        let Some(place) = self.places.locate(place) else { return };
        let Some((text, range)) = self.texts.label(&place) else { return };
        let label = if self.labels.is_empty() { Label::primary(text, range) } else { Label::secondary(text, range) };
        self.labels.push(label.with_message(message));
    }
}

fn did_you_mean(error: &Error) -> Option<String> {
    let names: Vec<&[u8]> = error.suggestions().iter().map(String::as_bytes).collect();
    hint(&names, |name| String::from_utf8_lossy(name).into_owned())
}

/// How much of the trace has no label.
fn trace_hint(frames: &[&TraceFrame], labels: usize) -> Option<String> {
    let hidden = frames.len().saturating_sub(labels);
    (hidden > 0).then(|| format!("{hidden} more steps led here; --show-trace lists them"))
}

/// All frames, innermost first; those that repeat are counted only.
fn full_trace(frames: &[&TraceFrame], places: &Places<'_>) -> Option<String> {
    let mut text = "trace, innermost first:".to_owned();
    let mut seen = FxHashSet::default();
    let mut repeated = 0_usize;
    for frame in frames {
        if !seen.insert((frame.place, &frame.message)) {
            repeated += 1;
            continue;
        }
        tell_repeated(&mut text, &mut repeated);
        text.push_str(&format!("\n  {}", frame.message));
        if let Some(place) = places.locate(frame.place) {
            text.push_str(&format!(" ({}:{}:{})", place.source.origin.display(), place.line, place.column));
        }
    }
    tell_repeated(&mut text, &mut repeated);
    (!frames.is_empty()).then_some(text)
}

fn tell_repeated(text: &mut String, repeated: &mut usize) {
    if std::mem::take(repeated) > 0 {
        text.push_str("\n  (steps listed above, repeated)");
    }
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
        assert!(text.starts_with("error: attribute 'fo' missing\n"), "{text}");
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

//! Errors as text: [`pretty`] for people at a terminal, [`plain`] as C++ Nix writes them.
//!
//! In: an [`Error`], which knows what happened, where and through what; and the texts that positions refer to. Out: text
//! without a newline at its end. This file alone names codespan-reporting.

mod plain;

pub use plain::plain;

use crate::codec::levenshtein::hint;
use crate::error::{Error, ErrorKind, TraceFrame};
use crate::heap::PosId;
use crate::source::{Location, SourceText, Sources};
use codespan_reporting::diagnostic::{Diagnostic, Label};
use codespan_reporting::files::SimpleFiles;
use codespan_reporting::term::termcolor::{Ansi, NoColor, WriteColor};
use codespan_reporting::term::{Config, emit_to_write_style};
use rustc_hash::FxHashSet;
use std::ops::Range;
use std::sync::Arc;

/// Trace frames nearest to the error that get a label in the source.
const INNER_LABELS: usize = 2;

/// The error with the source around it: a label where it happened, labels for the nearest things that were being done and
/// for the outermost, and what may have been meant. With `show_trace`, everything that was being done is listed.
pub fn pretty(error: &Error, sources: &Sources, colour: bool, show_trace: bool) -> String {
    let mut picture = Picture::new(sources);
    let frames = frames(error);
    picture.label(error.position(), "");
    picture.label_frames(&frames);
    let message = error.to_string();
    let mut lines = message.trim_matches('\n').splitn(2, '\n');
    let mut notes = Vec::new();
    let title = lines.next().unwrap_or_default();
    notes.extend(lines.next().map(str::to_owned));
    notes.extend(did_you_mean(error));
    notes.extend(if show_trace { full_trace(&frames, sources) } else { trace_hint(&frames, picture.labels.len()) });
    let diagnostic = Diagnostic::error().with_message(title).with_labels(picture.labels).with_notes(notes);
    render(&diagnostic, &picture.files, colour).unwrap_or_else(|| plain(error, sources, show_trace))
}

/// What was being done, innermost first. Where the user stopped the evaluation tells nothing about the program.
fn frames(error: &Error) -> Vec<&TraceFrame> {
    let interrupted = matches!(error.kind(), ErrorKind::Interrupted);
    let mut frames: Vec<_> = error.trace().filter(|frame| !interrupted && !frame.message.is_empty()).collect();
    frames.reverse();
    frames
}

type Files = SimpleFiles<String, String>;

fn render(diagnostic: &Diagnostic<usize>, files: &Files, colour: bool) -> Option<String> {
    fn write(mut writer: impl WriteColor, files: &Files, diagnostic: &Diagnostic<usize>) -> bool {
        let config = Config { tab_width: 8, ..Config::default() };
        emit_to_write_style(&mut writer, &config, files, diagnostic).is_ok()
    }
    let mut out = Vec::new();
    let written = if colour {
        write(Ansi::new(&mut out), files, diagnostic)
    } else {
        write(NoColor::new(&mut out), files, diagnostic)
    };
    let text = String::from_utf8_lossy(&out);
    written.then(|| text.trim_end().lines().map(str::trim_end).collect::<Vec<_>>().join("\n"))
}

/// Labels in the texts they need, gathered one after the other.
struct Picture<'s> {
    sources: &'s Sources,
    files: Files,
    texts: Vec<Arc<SourceText>>,
    labels: Vec<Label<usize>>,
    labelled: FxHashSet<PosId>,
}

impl<'s> Picture<'s> {
    fn new(sources: &'s Sources) -> Self {
        let labelled = FxHashSet::from_iter([PosId(0)]);
        Self { sources, files: Files::new(), texts: Vec::new(), labels: Vec::new(), labelled }
    }

    /// Labels the innermost frames, and the outermost, which is most likely the user's own code.
    fn label_frames(&mut self, frames: &[&TraceFrame]) {
        let wanted = self.labels.len() + INNER_LABELS;
        for frame in frames {
            if self.labels.len() == wanted {
                break;
            }
            self.label(frame.position, &frame.message);
        }
        if let Some(outermost) = frames.iter().rfind(|frame| frame.position != PosId(0)) {
            self.label(outermost.position, &outermost.message);
        }
    }

    /// Adds a label, unless the place has one. The first is the primary one.
    fn label(&mut self, position: PosId, message: &str) {
        if !self.labelled.insert(position) {
            return;
        }
        let Some(place) = self.sources.locate(position) else { return };
        let file = self.file(&place);
        let range = word_at(&place.source.text, place.offset as usize);
        let label = if self.labels.is_empty() { Label::primary(file, range) } else { Label::secondary(file, range) };
        self.labels.push(label.with_message(message));
    }

    fn file(&mut self, place: &Location) -> usize {
        let known = self.texts.iter().position(|text| Arc::ptr_eq(text, &place.source));
        known.unwrap_or_else(|| {
            self.texts.push(Arc::clone(&place.source));
            self.files.add(place.source.origin.display(), utf8_of_same_length(&place.source.text))
        })
    }
}

/// The text with a `?` for each byte that is not UTF-8, so that offsets stay what they are.
fn utf8_of_same_length(text: &[u8]) -> String {
    let mut out = String::with_capacity(text.len());
    for chunk in text.utf8_chunks() {
        out.push_str(chunk.valid());
        out.extend(std::iter::repeat_n('?', chunk.invalid().len()));
    }
    out
}

/// The name, keyword or number that begins at an offset, or else the one character there.
fn word_at(text: &[u8], start: usize) -> Range<usize> {
    let rest = &text[start.min(text.len())..];
    let in_word = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'\'');
    let word = rest.iter().take_while(in_word).count();
    let character = || rest.utf8_chunks().next().and_then(|chunk| chunk.valid().chars().next()).map_or(0, char::len_utf8);
    start..start + if word > 0 { word } else { character() }
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
fn full_trace(frames: &[&TraceFrame], sources: &Sources) -> Option<String> {
    let mut text = "trace, innermost first:".to_owned();
    let mut seen = FxHashSet::default();
    let mut repeated = 0_usize;
    for frame in frames {
        if !seen.insert((frame.position, &frame.message)) {
            repeated += 1;
            continue;
        }
        tell_repeated(&mut text, &mut repeated);
        text.push_str(&format!("\n  {}", frame.message));
        if let Some(place) = sources.locate(frame.position) {
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
    fn words() {
        let table = [("abc def", 0, 0..3), ("abc def", 4, 4..7), ("a'b-c.d", 0, 0..5), ("é", 0, 0..2), ("a", 1, 1..1)];
        for (text, start, expected) in table {
            assert_eq!(word_at(text.as_bytes(), start), expected, "{text}");
        }
    }

    #[test]
    fn a_trace_is_listed_on_request() {
        let text = "let f = x: builtins.addErrorContext \"while at it\" (throw x); in f \"no\"";
        assert!(report(text, true).contains("trace, innermost first:"));
        assert!(!report(text, false).contains("trace, innermost first:"));
    }
}

//! Errors for programs: one JSON object on one line. `docs/error-json.md` has the schema.

use super::diagnostic::{self, Diagnostic, Label};
use super::places::Places;
use super::{frames, syntax_errors};
use crate::codec::json::write_json_string;
use crate::error::{Error, FrameKind, TraceFrame};
use crate::io::Message;
use crate::source::{Location, Sources, Span};

/// The error as one JSON object on one line; for a text with several syntax errors, all of them, one per line.
pub fn json(error: &Error, sources: &Sources) -> String {
    match syntax_errors::all(error, sources) {
        Some((source, all)) => {
            let objects = all.iter().map(|told| {
                let found = diagnostic::of_syntax_error(told, &source, sources);
                object("error", &found, std::iter::empty())
            });
            objects.collect::<Vec<_>>().join("\n")
        }
        None => {
            let places = Places::new(sources);
            of(error, "error", &diagnostic::of_error(error, &places), &places)
        }
    }
}

impl Message<'_> {
    /// The message as one JSON object, without a line break.
    pub fn json(&self) -> String {
        let text = |level: &str, text: &[u8]| {
            let mut out = Object::new();
            out.text("level", level);
            out.text("message", &String::from_utf8_lossy(text));
            out.finish()
        };
        match self {
            Self::Trace(message) => text("trace", message),
            Self::Warn(message) => text("warning", message),
            Self::Note(message) => text("info", message),
            Self::Warning(error, sources) | Self::Advice(error, sources) => {
                let places = Places::new(sources);
                of(error, "warning", &diagnostic::of_warning(error, &places), &places)
            }
        }
    }
}

fn of(error: &Error, level: &str, found: &Diagnostic, places: &Places<'_>) -> String {
    let frames = frames(error);
    let ranges = places.ranges(frames.iter().rev().map(|frame| frame.place));
    object(level, found, frames.iter().rev().zip(ranges).map(|(frame, range)| step(frame, range, places.sources())))
}

fn object(level: &str, found: &Diagnostic, trace: impl Iterator<Item = String>) -> String {
    let mut out = Object::new();
    out.text("level", level);
    out.text("code", &found.code);
    out.text("message", &found.message);
    out.array("spans", found.labels.iter().map(located));
    out.array("suggestions", found.suggestions.iter().map(|name| quoted(name)));
    out.array("hints", found.hints.iter().map(|hint| quoted(hint)));
    out.array("notes", found.notes.iter().map(|note| quoted(note)));
    out.array("trace", trace);
    out.finish()
}

fn step(frame: &TraceFrame, range: Option<(Location, Span)>, sources: &Sources) -> String {
    let kind = match frame.kind {
        FrameKind::Step => "step",
        FrameKind::Always | FrameKind::Subject => "context",
        FrameKind::Call => "call",
    };
    let mut out = Object::new();
    out.text("message", &frame.message());
    out.text("kind", kind);
    let label = range.and_then(|(at, span)| diagnostic::label(sources, &at.source, span, ""));
    out.array("spans", label.iter().map(located));
    out.finish()
}

fn located(label: &Label) -> String {
    let mut out = Object::new();
    out.text("file", &label.file);
    out.number("start", label.range.start as u64);
    out.number("end", label.range.end as u64);
    out.number("line", label.line as u64);
    out.number("column", label.column as u64);
    out.text("label", &label.message);
    out.finish()
}

/// A JSON object under construction.
struct Object {
    out: String,
}

impl Object {
    fn new() -> Self {
        Self { out: "{".to_owned() }
    }

    fn member(&mut self, name: &str, value: &str) {
        if self.out.len() > 1 {
            self.out.push(',');
        }
        self.out.push_str(&format!("\"{name}\":{value}"));
    }

    fn text(&mut self, name: &str, value: &str) {
        self.member(name, &quoted(value));
    }

    fn number(&mut self, name: &str, value: u64) {
        self.member(name, &value.to_string());
    }

    fn array(&mut self, name: &str, items: impl Iterator<Item = String>) {
        self.member(name, &format!("[{}]", items.collect::<Vec<_>>().join(",")));
    }

    fn finish(mut self) -> String {
        self.out.push('}');
        self.out
    }
}

fn quoted(text: &str) -> String {
    let mut out = Vec::new();
    // Text from Rust strings is UTF-8.
    let _ = write_json_string(&mut out, text.as_bytes());
    String::from_utf8_lossy(&out).into_owned()
}

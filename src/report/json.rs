//! Errors for programs: one JSON object on one line. `docs/error-json.md` has the schema.

use super::places::Places;
use super::syntax_errors::{self, Told};
use super::{frames, hints};
use crate::codec::json::write_json_string;
use crate::error::{Code, Error, FrameKind, TraceFrame};
use crate::io::Message;
use crate::source::{Location, SourceText, Sources, Span};
use std::rc::Rc;

/// The error as one JSON object on one line; for a text with several syntax errors, all of them, one per line.
pub fn json(error: &Error, sources: &Sources) -> String {
    match syntax_errors::all(error, sources) {
        Some((source, all)) => {
            let objects = all.iter().map(|told| syntax_error(told, &source, sources));
            objects.collect::<Vec<_>>().join("\n")
        }
        None => object("error", error, sources),
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
            Self::Warning(error, sources) | Self::Advice(error, sources) => object("warning", error, sources),
        }
    }
}

fn object(level: &str, error: &Error, sources: &Sources) -> String {
    let places = Places::new(sources);
    let frames = frames(error);
    let advice =
        if level == "error" { hints::advice(error, &frames, &places) } else { hints::of_warning(error, &places) };
    let related = error.details().into_iter().flat_map(|details| &details.related);
    let related = related
        .filter_map(|(place, label)| places.range_or_start(*place).map(|(at, span)| (at, span, label.to_string())));
    let labels = advice.primary.iter().chain(&advice.labels).cloned().chain(related);
    let meant = error.suggestions().iter().chain(error.details().into_iter().flat_map(|details| &details.similar));
    let mut out = Object::new();
    out.text("level", level);
    out.text("code", &error.code().to_string());
    out.text("message", &error.to_string());
    out.array("spans", labels.filter_map(|(at, span, label)| located(sources, &at.source, span, &label)));
    out.array("suggestions", meant.map(|name| quoted(name)));
    out.array("hints", advice.hints.iter().map(|hint| quoted(hint)));
    out.array("notes", advice.facts.iter().map(|fact| quoted(fact)));
    let ranges = places.ranges(frames.iter().rev().map(|frame| frame.place));
    out.array("trace", frames.iter().rev().zip(ranges).map(|(frame, range)| step(frame, range, sources)));
    out.finish()
}

fn syntax_error(told: &Told, source: &Rc<SourceText>, sources: &Sources) -> String {
    let mut out = Object::new();
    out.text("level", "error");
    out.text("code", &Code::SYNTAX.to_string());
    out.text("message", &told.message);
    out.array("spans", told.labels.iter().filter_map(|(span, label)| located(sources, source, *span, label)));
    out.array("suggestions", std::iter::empty());
    out.array("hints", told.hints.iter().map(|hint| quoted(hint)));
    out.array("notes", std::iter::empty());
    out.array("trace", std::iter::empty());
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
    out.array("spans", range.and_then(|(at, span)| located(sources, &at.source, span, "")).into_iter());
    out.finish()
}

fn located(sources: &Sources, source: &Rc<SourceText>, span: Span, label: &str) -> Option<String> {
    let start = sources.locate(source.position(span.start))?;
    let mut out = Object::new();
    out.text("file", &source.name());
    out.number("start", u64::from(span.start));
    out.number("end", u64::from(span.end));
    out.number("line", start.line as u64);
    out.number("column", start.column as u64);
    out.text("label", label);
    Some(out.finish())
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

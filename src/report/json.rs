//! Errors for programs: one JSON object on one line. `docs/error-json.md` has the schema.

use super::message::Message;
use super::places::Places;
use super::{frames, hints};
use crate::codec::json::write_json_string;
use crate::error::{Error, FrameKind};
use crate::source::{Location, Place, Sources, Span};

/// The error as one JSON object, without a line break.
pub fn json(error: &Error, sources: &Sources) -> String {
    object("error", error, sources)
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
    let advice = hints::advice(error, &frames, &places);
    let mut out = Object::new();
    out.text("level", level);
    out.text("code", &error.code().to_string());
    out.text("message", &crate::print::without_escapes(&error.to_string()));
    let mut spans: Vec<String> = span(&places, error.place(), advice.primary).into_iter().collect();
    spans.extend(advice.labels.iter().map(|(location, part, label)| located(location, *part, label)));
    let related = error.details().into_iter().flat_map(|details| &details.related);
    spans.extend(related.filter_map(|(place, label)| span(&places, *place, label)));
    out.array("spans", &spans);
    let meant = error.suggestions().iter().chain(error.details().into_iter().flat_map(|details| &details.similar));
    out.array("suggestions", &meant.map(|name| quoted(name)).collect::<Vec<_>>());
    out.array("hints", &advice.hints.iter().map(|hint| quoted(hint)).collect::<Vec<_>>());
    let steps = frames.iter().rev().map(|frame| {
        let mut step = Object::new();
        step.text("message", &frame.message);
        step.text(
            "kind",
            match frame.kind {
                FrameKind::Step => "step",
                FrameKind::Always => "context",
                FrameKind::Call => "call",
            },
        );
        step.array("spans", &span(&places, frame.place, "").into_iter().collect::<Vec<_>>());
        step.finish()
    });
    out.array("trace", &steps.collect::<Vec<_>>());
    out.finish()
}

fn span(places: &Places<'_>, place: Place, label: &str) -> Option<String> {
    if let Some((location, span)) = places.range(place) {
        return Some(located(&location, span, label));
    }
    let location = places.locate(place)?;
    Some(located(&location, Span::new(location.offset, location.offset), label))
}

fn located(location: &Location, span: Span, label: &str) -> String {
    let mut out = Object::new();
    out.text("file", &location.source.origin.display());
    out.number("start", u64::from(span.start));
    out.number("end", u64::from(span.end));
    out.number("line", location.line as u64);
    out.number("column", location.column as u64);
    out.text("label", label);
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

    fn array(&mut self, name: &str, items: &[String]) {
        self.member(name, &format!("[{}]", items.join(",")));
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

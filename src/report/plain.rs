//! Errors as C++ Nix writes them, without colours.
//!
//! ```text
//! error:
//!        … while calling the 'throw' builtin
//!          at /a.nix:1:5:
//!             1| 1 + throw "no"
//!              |     ^
//!
//!        error: no
//! ```

use super::places::Places;
use super::{did_you_mean, frames};
use crate::error::{Error, FrameKind, TraceFrame};
use crate::print::without_escapes;
use crate::source::{Location, Place, Sources};
use rustc_hash::FxHashSet;

const PREFIX: &str = "error: ";
/// Once more than so many lines of trace are shown, the rest is left out; a frame with a place counts twice.
const SHORT_TRACE: usize = 3;
/// Repeated frames up to this number are shown all the same.
const FEW_REPEATED: usize = 5;
const SPACE: [char; 4] = [' ', '\n', '\r', '\t'];

/// The error as C++ Nix writes it, what was being done outermost first. Without `show_trace` a long trace is cut.
pub fn plain(error: &Error, sources: &Sources, show_trace: bool) -> String {
    let mut text = String::new();
    let places = Places::new(sources);
    let mut frames = frames(error);
    frames.retain(|frame| show_trace || frame.kind != FrameKind::Call);
    frames.reverse();
    let frames: Vec<&TraceFrame> = frames.iter().collect();
    if !frames.is_empty() {
        let mut trace = Trace { out: &mut text, places: &places, lines: 0, repeated: Vec::new() };
        trace.write(&frames, show_trace);
        text.push('\n');
        text.push_str(PREFIX);
    }
    match error.nix_words() {
        Some(words) => text.push_str(words),
        None => text.push_str(&error.to_string()),
    }
    text.push('\n');
    write_place(&mut text, "", &places, error.place());
    if let Some(hint) = did_you_mean(error.suggestions()) {
        text.push_str(&hint);
    }
    without_escapes(&indented(text.trim_end_matches(SPACE)))
}

/// A trace on its way out.
struct Trace<'a> {
    out: &'a mut String,
    places: &'a Places<'a>,
    lines: usize,
    /// Frames met before that came one after the other since the last one shown.
    repeated: Vec<&'a TraceFrame>,
}

impl<'a> Trace<'a> {
    fn write(&mut self, frames: &[&'a TraceFrame], show_trace: bool) {
        let mut seen = FxHashSet::default();
        let mut cut = false;
        for frame in frames {
            cut |= !show_trace && self.lines > SHORT_TRACE;
            if cut && frame.kind != FrameKind::Always {
                continue;
            }
            if seen.insert((frame.place, &frame.message)) {
                self.flush_repeated();
                self.lines += 1;
                self.frame(frame);
            } else {
                self.repeated.push(frame);
            }
        }
        self.flush_repeated();
        if cut {
            self.out.push_str("\n(stack trace truncated; use '--show-trace' to show the full, detailed trace)\n");
        }
    }

    fn flush_repeated(&mut self) {
        let repeated = std::mem::take(&mut self.repeated);
        if repeated.len() > FEW_REPEATED {
            self.out.push_str(&format!("\n({} duplicate frames omitted)\n", repeated.len()));
            return;
        }
        for frame in repeated {
            self.frame(frame);
        }
    }

    fn frame(&mut self, frame: &TraceFrame) {
        self.out.push_str(&format!("\n… {}\n", frame.message));
        self.lines += usize::from(write_place(self.out, "  ", self.places, frame.place));
    }
}

/// Writes where something is, with the lines around it. False if it is nowhere.
fn write_place(out: &mut String, indent: &str, places: &Places<'_>, place: Place) -> bool {
    let Some(place) = places.locate(place) else { return false };
    let name = place.source.origin.display();
    out.push_str(&format!("{indent}at {name}:{}:{}:", place.line, place.column));
    write_code(out, &place);
    out.push('\n');
    true
}

/// Writes the line of a place with a caret below it, and its neighbours.
fn write_code(out: &mut String, place: &Location) {
    for number in place.line.saturating_sub(1)..=place.line + 1 {
        let Some(line) = place.source.line(number) else { continue };
        out.push_str(&format!("\n {number:5}| {}", String::from_utf8_lossy(line)));
        if number == place.line {
            out.push_str(&format!("\n      |{:column$}^", "", column = place.column));
        }
    }
}

/// The text with the prefix before its first line, the others aligned with it, and no space at the end of any.
fn indented(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for (index, line) in text.split('\n').enumerate() {
        let before = if index == 0 { PREFIX } else { "\n       " };
        out.push_str(before);
        out.push_str(line);
        out.truncate(out.trim_end_matches(|end| end != '\n' && SPACE.contains(&end)).len());
    }
    out
}

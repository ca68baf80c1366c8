//! Errors in C++ Nix's form.
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

use super::frames_of_nix;
use super::places::Places;
use crate::codec::levenshtein::hint;
use crate::codec::terminal::shown_text;
use crate::error::{Error, ErrorKind, FrameKind, TraceFrame};
use crate::source::{Location, Place, Sources};
use rustc_hash::FxHashSet;

const PREFIX: &str = "\x1b[31;1merror:\x1b[0m ";
/// After this many lines of trace, the rest is left out; a frame with a place counts twice.
const SHORT_TRACE: usize = 3;
/// Up to this many repeated frames are shown.
const FEW_REPEATED: usize = 5;
const SPACE: [char; 4] = [' ', '\n', '\r', '\t'];

/// The error in C++ Nix's form, with its trace outermost first. Without `show_trace` a long trace is cut.
///
/// The colours of the frame are C++ Nix's; in messages the quoted parts are coloured.
pub fn plain(error: &Error, sources: &Sources, show_trace: bool, colour: bool) -> String {
    shown_text(&coloured(error, sources, show_trace), colour)
}

fn coloured(error: &Error, sources: &Sources, show_trace: bool) -> String {
    let mut text = String::new();
    let places = Places::new(sources);
    let mut frames = frames_of_nix(error);
    frames.retain(|frame| show_trace || frame.kind != FrameKind::Call);
    frames.reverse();
    let frames: Vec<&TraceFrame> = frames.iter().collect();
    if !frames.is_empty() {
        let mut trace = Trace { out: &mut text, places: &places, lines: 0, repeated: Vec::new() };
        trace.write(&frames, show_trace);
        text.push('\n');
        text.push_str(PREFIX);
    }
    let message = error.nix_words().map_or_else(|| error.to_string(), str::to_owned);
    let is_syntax = matches!(error.kind(), ErrorKind::Syntax(_));
    text.push_str(&if is_syntax { message } else { highlighted(&message) });
    text.push('\n');
    if !matches!(error.kind(), ErrorKind::Interrupted) {
        write_place(&mut text, "", &places, error.place());
    }
    let names: Vec<&[u8]> = error.suggestions().iter().map(String::as_bytes).collect();
    if let Some(hint) = hint(&names, |name| format!("\x1b[35;1m{}\x1b[0m", String::from_utf8_lossy(name))) {
        text.push_str(&hint);
    }
    indented(text.trim_end_matches(SPACE))
}

/// A place, and the lines around it, as C++ Nix's debugger shows them. `None` for nowhere.
pub fn excerpt(place: Place, sources: &Sources) -> Option<String> {
    let place = Places::new(sources).locate(place)?;
    let mut text = format!("{}:{}:{}\n", place.source.name(), place.line, place.column);
    write_code(&mut text, &place);
    Some(shown_text(&text, false))
}

/// The message with a colour for the text between quotes that surround words.
fn highlighted(message: &str) -> String {
    let mut out = String::with_capacity(message.len());
    let mut rest = message;
    while let Some((before, quoted, after)) = next_quoted(rest) {
        out.push_str(before);
        out.push_str(&format!("'\x1b[35;1m{quoted}\x1b[0m'"));
        rest = after;
    }
    out + rest
}

fn next_quoted(text: &str) -> Option<(&str, &str, &str)> {
    let is_start = |at: usize| text[..at].ends_with([' ', '(', '\n']) || at == 0;
    let start = text.match_indices('\'').map(|(at, _)| at).find(|at| is_start(*at))?;
    let inner = &text[start + 1..];
    let is_end = |at: usize| !inner[at + 1..].starts_with(|next: char| next.is_alphanumeric());
    let end = inner.match_indices('\'').map(|(at, _)| at).find(|at| is_end(*at))?;
    Some((&text[..start], &inner[..end], &inner[end + 1..]))
}

/// A trace being written.
struct Trace<'a> {
    out: &'a mut String,
    places: &'a Places<'a>,
    lines: usize,
    /// Consecutive repeated frames since the last one shown.
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
            if seen.insert((frame.place, frame.message())) {
                self.flush_repeated();
                self.lines += 1;
                self.frame(frame);
            } else {
                self.repeated.push(frame);
            }
        }
        self.flush_repeated();
        if cut {
            let advice = "(stack trace truncated; use '--show-trace' to show the full, detailed trace)";
            self.out.push_str(&format!("\n\x1b[35;1m{advice}\x1b[0m\n"));
        }
    }

    fn flush_repeated(&mut self) {
        let repeated = std::mem::take(&mut self.repeated);
        if repeated.len() > FEW_REPEATED {
            self.out.push_str(&format!("\n\x1b[35;1m({} duplicate frames omitted)\x1b[0m\n", repeated.len()));
            return;
        }
        for frame in repeated {
            self.frame(frame);
        }
    }

    fn frame(&mut self, frame: &TraceFrame) {
        self.out.push_str(&format!("\n… {}\n", highlighted(&frame.message())));
        self.lines += usize::from(write_place(self.out, "  ", self.places, frame.place));
    }
}

/// Writes a place, with the lines around it. Returns false if it is nowhere.
fn write_place(out: &mut String, indent: &str, places: &Places<'_>, place: Place) -> bool {
    let Some(place) = places.locate(place) else { return false };
    let name = place.source.name();
    out.push_str(&format!("{indent}\x1b[34;1mat \x1b[35;1m{name}:{}:{}\x1b[0m:", place.line, place.column));
    write_code(out, &place);
    out.push('\n');
    true
}

/// Writes the line of a place with a caret below it, and its neighbours. An empty text has no line.
fn write_code(out: &mut String, place: &Location) {
    if place.source.text.is_empty() {
        return;
    }
    for number in place.line.saturating_sub(1)..=place.line + 1 {
        let Some(line) = place.source.line(number) else { continue };
        out.push_str(&format!("\n {number:5}| {}", String::from_utf8_lossy(line)));
        if number == place.line {
            out.push_str(&format!("\n      |{}\x1b[31;1m^\x1b[0m", " ".repeat(place.column)));
        }
    }
}

/// The text with the prefix before its first line, the others aligned with it, and no space at the end of any line.
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

//! Error reports that show the lines of a text, with marked places and remarks on them.

use super::TomlError;

/// Longer lines are cut at this distance from the marked part.
const SHOWN_AROUND: usize = 30;

/// A part of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
    /// The end up to which the last line number is counted.
    last_line_at: usize,
}

impl Span {
    pub(super) fn new(start: usize, end: usize) -> Self {
        Self { start, end, last_line_at: end }
    }

    /// The byte at `at`, or the end of `text`.
    pub(super) fn point(text: &[u8], at: usize) -> Self {
        if at < text.len() {
            Self { start: at, end: at + 1, last_line_at: at }
        } else {
            Self { start: text.len().saturating_sub(1), end: text.len(), last_line_at: text.len() }
        }
    }
}

/// A report with a title, the marked places with their remarks, and hints after them.
pub(super) fn report(text: &[u8], title: &str, marks: &[(Span, &str)], hints: &str) -> TomlError {
    report_named("fromTOML", text, title, marks, hints)
}

/// A report about a text of this name.
pub(super) fn report_named(name: &str, text: &[u8], title: &str, marks: &[(Span, &str)], hints: &str) -> TomlError {
    let last_lines = marks.iter().map(|(span, _)| line_number(text, span.last_line_at));
    let margin = last_lines.max().unwrap_or(1).to_string().len();
    let empty = format!("{} |", " ".repeat(margin + 1));
    let mut out = format!("[error] {title}\n --> {name}\n{empty}\n");
    for (index, (span, remark)) in marks.iter().enumerate() {
        if index > 0 {
            out += &format!("{empty} ...\n{empty}\n");
        }
        Excerpt { text, margin, out: &mut out }.mark(*span, remark);
    }
    TomlError(out + hints)
}

struct Excerpt<'a> {
    text: &'a [u8],
    margin: usize,
    out: &'a mut String,
}

impl Excerpt<'_> {
    fn mark(&mut self, span: Span, remark: &str) {
        let (first, last) = (line_number(self.text, span.start), line_number(self.text, span.last_line_at));
        if first == last {
            let (line, column) = self.take_line(span.start, span.end.saturating_sub(1));
            let room = (line.len() + 1).saturating_sub(column + 1).max(1);
            self.line(first, &line);
            return self.underline(column, room.min(span.end - span.start), remark);
        }
        let last_byte = span.end - 1;
        let first_end = find_newline(self.text, span.start, (span.start + 50).min(self.text.len()));
        let (line, column) = self.take_line(span.start, first_end);
        self.line(first, &line);
        let between = if first + 1 == last { "" } else { "and" };
        self.underline(column, line.len().saturating_sub(column), between);
        if first + 1 < last {
            self.line(first + 1, b"...");
            self.underline(0, 3, between);
        }
        let from = if last_byte > 60 { last_byte - 50 } else { 0 };
        let last_start = find_newline(self.text, from, last_byte);
        let (line, column) = self.take_line(last_start, last_byte);
        self.line(last, &line);
        self.underline(0, column + 1, remark);
    }

    /// The line around a part of it, cut where it is long, and the column at which the part begins.
    fn take_line(&self, start: usize, end: usize) -> (Vec<u8>, usize) {
        let text = self.text;
        let lowest = start.saturating_sub(SHOWN_AROUND);
        let highest = (end + SHOWN_AROUND).min(text.len());
        let newline = memchr::memrchr(b'\n', &text[lowest..start]);
        let line_start = newline.map_or(lowest, |index| lowest + index + 1);
        let line_end = find_newline(text, end, highest);
        let mut line = text[line_start..line_end].to_vec();
        let mut column = start - line_start;
        if line_start > 0 && text[line_start - 1] != b'\n' {
            line.splice(0..0, *b"... ");
            column += 4;
        }
        if line_end < text.len() && text[line_end] != b'\n' {
            line.extend(b" ...");
        }
        (line, column)
    }

    fn line(&mut self, number: usize, line: &[u8]) {
        *self.out += &format!(" {number:>0$} | ", self.margin);
        for &byte in line {
            if byte == b' ' {
                self.out.push(' ');
            } else {
                *self.out += &show_byte(byte);
            }
        }
        self.out.push('\n');
    }

    fn underline(&mut self, column: usize, length: usize, remark: &str) {
        let (margin, skipped, marks) = (" ".repeat(self.margin + 1), " ".repeat(column), "^".repeat(length));
        *self.out += &format!("{margin} | {skipped}{marks}-- {remark}\n");
    }
}

fn line_number(text: &[u8], at: usize) -> usize {
    memchr::memchr_iter(b'\n', &text[..at.min(text.len())]).count() + 1
}

fn find_newline(text: &[u8], from: usize, to: usize) -> usize {
    let part = text.get(from..to).unwrap_or_default();
    memchr::memchr(b'\n', part).map_or(to.max(from), |index| from + index)
}

/// A byte as reports show it: itself if it has a glyph, else its code, with its name if it has one.
pub(super) fn show_byte(byte: u8) -> String {
    if byte.is_ascii_graphic() {
        return char::from(byte).to_string();
    }
    let name = match byte {
        0 => "(NUL)",
        b' ' => "(SPACE)",
        b'\n' => "(LINE FEED)",
        b'\r' => "(CARRIAGE RETURN)",
        b'\t' => "(TAB)",
        11 => "(VERTICAL TAB)",
        12 => "(FORM FEED)",
        27 => "(ESCAPE)",
        _ => "",
    };
    format!("0x{byte:02x}{name}")
}

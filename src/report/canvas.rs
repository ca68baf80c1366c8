//! The page that a picture is drawn on: characters with their style, laid out for the width of a terminal.
//!
//! Lines that are too long are divided: titles and notes between words, and a label's text below its carets. Source
//! lines are cut, since carets below a divided line would point nowhere.

use crate::codec::palette::{Look, NORMAL, Palette};
use crate::codec::terminal::width;
use codespan_reporting::diagnostic::{LabelStyle, Severity};
use codespan_reporting::term::WriteStyle;
use std::io;

/// The role of a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ink {
    Plain,
    Title,
    Error,
    Warning,
    Frame,
}

impl Ink {
    fn style(self, palette: Palette) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Title => palette.title,
            Self::Error => palette.error,
            Self::Warning => palette.warning,
            Self::Frame => palette.frame,
        }
    }
}

type Line = Vec<(char, Ink)>;

/// A page while it is drawn.
pub(super) struct Canvas {
    lines: Vec<Line>,
    ink: Ink,
    /// Bytes of a character that is not complete yet.
    bytes: Vec<u8>,
}

/// Less room than this is not enough for the text of a label.
const LEAST: usize = 20;
/// The indentation of the further lines of a title.
const INDENT: usize = 2;

impl Canvas {
    pub(super) fn new() -> Self {
        Self { lines: vec![Vec::new()], ink: Ink::Plain, bytes: Vec::new() }
    }

    /// The text without space at the end of its lines.
    pub(super) fn text(self, look: Look) -> String {
        let lines: Vec<Line> = self.lines.into_iter().map(trimmed).collect();
        let lines = match look.width {
            Some(width) => laid_out(&lines, width.max(LEAST)),
            None => lines,
        };
        let lines: Vec<String> = lines.iter().map(|line| inked(line, look.palette)).collect();
        lines.join("\n").trim_end().to_owned()
    }
}

impl io::Write for Canvas {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.extend_from_slice(bytes);
        let complete = match std::str::from_utf8(&self.bytes) {
            Ok(text) => text.len(),
            Err(error) => error.valid_up_to(),
        };
        let rest = self.bytes.split_off(complete);
        let text = String::from_utf8_lossy(&std::mem::replace(&mut self.bytes, rest)).into_owned();
        for character in text.chars() {
            match (character, self.lines.last_mut()) {
                ('\n', _) | (_, None) => {
                    self.lines.push(Vec::new());
                    // Only the first line of a message is its title.
                    self.ink = if self.ink == Ink::Title { Ink::Plain } else { self.ink };
                }
                (character, Some(line)) => line.push((character, self.ink)),
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl WriteStyle for Canvas {
    fn set_header(&mut self, severity: Severity) -> io::Result<()> {
        self.ink = if severity == Severity::Warning { Ink::Warning } else { Ink::Error };
        Ok(())
    }

    fn set_header_message(&mut self) -> io::Result<()> {
        self.ink = Ink::Title;
        Ok(())
    }

    fn set_line_number(&mut self) -> io::Result<()> {
        self.ink = Ink::Frame;
        Ok(())
    }

    fn set_note_bullet(&mut self) -> io::Result<()> {
        self.ink = Ink::Frame;
        Ok(())
    }

    fn set_source_border(&mut self) -> io::Result<()> {
        self.ink = Ink::Frame;
        Ok(())
    }

    fn set_label(&mut self, severity: Severity, style: LabelStyle) -> io::Result<()> {
        self.ink = match (style, severity) {
            (LabelStyle::Secondary, _) => Ink::Frame,
            (LabelStyle::Primary, Severity::Warning) => Ink::Warning,
            (LabelStyle::Primary, _) => Ink::Error,
        };
        Ok(())
    }

    fn reset(&mut self) -> io::Result<()> {
        self.ink = Ink::Plain;
        Ok(())
    }
}

fn trimmed(mut line: Line) -> Line {
    while line.last().is_some_and(|(character, _)| character.is_whitespace()) {
        line.pop();
    }
    line
}

fn inked(line: &[(char, Ink)], palette: Option<Palette>) -> String {
    let mut text = String::with_capacity(line.len());
    let mut last = "";
    for (character, ink) in line {
        let style = palette.map_or("", |palette| ink.style(palette));
        if style != last && *character != ' ' {
            text.push_str(if last.is_empty() { "" } else { NORMAL });
            text.push_str(style);
            last = style;
        }
        text.push(*character);
    }
    text.push_str(if last.is_empty() { "" } else { NORMAL });
    text
}

/// The number of columns that a part of a line takes. Escape sequences in the program's own messages take none.
fn columns(line: &[(char, Ink)]) -> usize {
    let mut in_escape = false;
    let mut columns = 0;
    for (character, _) in line {
        match character {
            '\x1b' => in_escape = true,
            character if in_escape => in_escape = !character.is_ascii_alphabetic(),
            character => columns += width(*character),
        }
    }
    columns
}

/// The kinds of lines, by their beginnings.
enum Kind {
    /// The title, and lines after a picture.
    Prose,
    /// `  ┌─ /path/to/file.nix:1:2`
    Place,
    /// `1 │ let x = 1;`
    Source,
    /// `  │     ^ here`, with the number of characters up to the labels.
    Labels(usize),
}

fn kind(line: &[(char, Ink)]) -> Kind {
    let first = line.iter().position(|(character, _)| *character != ' ');
    let Some(first) = first.filter(|first| line[*first].1 == Ink::Frame) else { return Kind::Prose };
    if line[first].0 == '┌' {
        return Kind::Place;
    }
    let bar = line.iter().position(|(character, ink)| *character == '│' && *ink == Ink::Frame);
    match bar {
        Some(bar) if bar == first => Kind::Labels(bar + 2),
        Some(_) if line[first].0.is_ascii_digit() => Kind::Source,
        _ => Kind::Prose,
    }
}

fn laid_out(lines: &[Line], width: usize) -> Vec<Line> {
    let mut out = Vec::with_capacity(lines.len());
    for (index, line) in lines.iter().enumerate() {
        if columns(line) <= width {
            out.push(line.clone());
            continue;
        }
        match kind(line) {
            Kind::Prose => prose(line, width, &mut out),
            Kind::Place => out.push(shortened(line, width)),
            Kind::Source => out.push(cut(line, width)),
            Kind::Labels(gutter) => labels(line, lines.get(index + 1), gutter, width, &mut out),
        }
    }
    out
}

/// A title or note: its further lines begin below its first word, after the sign of a note.
fn prose(line: &[(char, Ink)], width: usize, out: &mut Vec<Line>) {
    let is_lead = |character: char| character == ' ' || character == '=';
    let lead = line.iter().take_while(|(character, _)| is_lead(*character)).count();
    let indent = if lead == 0 { INDENT } else { lead };
    let indent = if indent + LEAST > width { INDENT } else { indent };
    let begin: Line = line[..lead].to_vec();
    let spaces = vec![(' ', Ink::Plain); indent];
    divided(&line[lead..], &begin, &spaces, width, out);
}

/// Divides words into lines that begin with `first`, and the others with `other`.
fn divided(words: &[(char, Ink)], first: &[(char, Ink)], other: &[(char, Ink)], width: usize, out: &mut Vec<Line>) {
    let mut current = first.to_vec();
    let mut is_empty = true;
    for word in words.split(|(character, _)| *character == ' ') {
        let gap = usize::from(!is_empty);
        if !is_empty && columns(&current) + gap + columns(word) > width {
            out.push(trimmed(std::mem::replace(&mut current, other.to_vec())));
            is_empty = true;
        }
        if !is_empty {
            current.push((' ', Ink::Plain));
        }
        let mut rest = word;
        // A word that is longer than a line ends after a sign within it.
        while columns(&current) + columns(rest) > width {
            let room = width.saturating_sub(columns(&current)).max(1).min(rest.len());
            let sign = rest[..room].iter().rposition(|(character, _)| "/.-,:=_+".contains(*character));
            let end = sign.map_or(room, |sign| sign + 1);
            current.extend_from_slice(&rest[..end]);
            rest = &rest[end..];
            out.push(trimmed(std::mem::replace(&mut current, other.to_vec())));
        }
        current.extend_from_slice(rest);
        is_empty = false;
    }
    out.push(trimmed(current));
}

/// A place without the beginning of its path.
fn shortened(line: &[(char, Ink)], width: usize) -> Line {
    let begin = line.iter().position(|(character, _)| *character == '─').map_or(0, |dash| dash + 2).min(line.len());
    let room = width.saturating_sub(columns(&line[..begin]) + 1);
    let mut rest = &line[begin..];
    while columns(rest) > room && rest.len() > 1 {
        let next = rest[1..].iter().position(|(character, _)| *character == '/').map(|at| at + 1);
        rest = &rest[next.filter(|next| *next < rest.len()).unwrap_or(1)..];
    }
    let mut short = line[..begin].to_vec();
    short.push(('…', Ink::Plain));
    short.extend_from_slice(rest);
    short
}

/// The beginning of a line.
fn cut(line: &[(char, Ink)], width: usize) -> Line {
    let mut line = line.to_vec();
    while columns(&line) >= width {
        line.pop();
    }
    line.push(('…', Ink::Plain));
    line
}

/// A line of labels: what underlines stays, the text goes on below it.
fn labels(line: &[(char, Ink)], next: Option<&Line>, gutter: usize, width: usize, out: &mut Vec<Line>) {
    let gutter = gutter.min(line.len());
    let is_sign = |character: char| "^-│─╭╰╯╮ '".contains(character);
    let signs = line[gutter..].iter().take_while(|(character, _)| is_sign(*character)).count();
    let text = gutter + signs;
    let (marks, message) = line.split_at(text);
    let marks = trimmed(marks.to_vec());
    if message.is_empty() {
        out.push(cut(&marks, width));
        return;
    }
    let has_carets = line[gutter..text].iter().any(|(character, _)| "^-─".contains(*character));
    let room = width.saturating_sub(columns(&line[..text]));
    let is_beside = room >= LEAST || columns(message) <= room;
    let start = if is_beside { text } else { text.min(width.saturating_sub(LEAST + 4)).max(gutter) };
    // The strokes that lead to other labels go on.
    let bar = |line: &[(char, Ink)], at: usize| line.get(at).copied().filter(|(character, _)| *character == '│');
    let strokes: Line = (0..start)
        .map(|at| bar(line, at).or_else(|| bar(next?, at).filter(|_| at >= gutter)).unwrap_or((' ', Ink::Plain)))
        .collect();
    if is_beside {
        return divided(message, &line[..text], &strokes, width, out);
    }
    if has_carets {
        out.push(cut_if_long(marks, width));
    }
    divided(message, &strokes, &strokes, width, out);
}

fn cut_if_long(line: Line, width: usize) -> Line {
    if columns(&line) > width { cut(&line, width) } else { line }
}

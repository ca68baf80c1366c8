//! A session as a picture of a terminal. Pictures that were drawn in it are shown where they were drawn.

use super::prompts::{self, prompted};
use crate::output::svg::{Picture, escaped};
use crate::output::transcript::{Part, Turn};
use crate::prompt::highlight::highlighted;
use nivis::codec::palette::Palette;
use std::fmt::Write as _;

const CHARACTER: f64 = 8.43;
const LINE: f64 = 20.0;
const MARGIN: f64 = 22.0;
/// The place of the first line, below the bar.
const TOP: f64 = 46.0;
/// Columns at least and at most.
const COLUMNS: (usize, usize) = (72, 96);

/// Text of one colour.
#[derive(Clone, Debug, PartialEq)]
struct Span {
    text: String,
    style: Style,
}

/// The style of text.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Style {
    fill: &'static str,
    is_bold: bool,
}

/// The beginning of a continuation line.
const INDENT: &str = "    ";

const PLAIN: Style = Style { fill: "#d8dee9", is_bold: false };
const PROMPT: Style = Style { fill: "#8fbcbb", is_bold: true };
const ERROR: Style = Style { fill: "#ff7b85", is_bold: true };
const WARNING: Style = Style { fill: "#ebcb8b", is_bold: true };

/// Something that takes lines of the terminal.
enum Item {
    Line(Vec<Span>),
    Picture(Picture),
}

/// The picture.
pub(crate) fn picture(turns: &[Turn]) -> Picture {
    let mut items = Vec::new();
    for turn in turns {
        if !items.is_empty() {
            items.push(Item::Line(Vec::new()));
        }
        items.extend(input(turn));
        turn.parts.iter().for_each(|part| items.extend(answer(part)));
    }
    let longest = items.iter().map(columns).max().unwrap_or(0).clamp(COLUMNS.0, COLUMNS.1);
    let width = longest as f64 * CHARACTER + 2.0 * MARGIN;
    let (body, bottom) = lay_out(&items, width);
    let height = bottom + MARGIN - 6.0;
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {width:.0} {height:.0}\" font-family=\"monospace\" font-size=\"14\">\n\
         <rect width=\"{width:.0}\" height=\"{height:.0}\" rx=\"10\" fill=\"#252b37\"/>\n"
    );
    for (index, fill) in ["#ff5f57", "#febc2e", "#28c840"].iter().enumerate() {
        let _ = writeln!(text, "<circle cx=\"{}\" cy=\"20\" r=\"6\" fill=\"{fill}\"/>", 22 + 20 * index);
    }
    text.push_str(&body);
    text.push_str("</svg>\n");
    Picture { width, height, text }
}

fn columns(item: &Item) -> usize {
    match item {
        Item::Line(spans) => spans.iter().map(|span| span.text.chars().count()).sum(),
        Item::Picture(_) => 0,
    }
}

/// The items one below the other, and where the last one ends.
fn lay_out(items: &[Item], width: f64) -> (String, f64) {
    let mut out = String::new();
    let mut y = TOP;
    for item in items {
        match item {
            Item::Line(spans) if spans.is_empty() => y += LINE / 2.0,
            Item::Line(spans) => {
                line(&mut out, spans, y + LINE * 0.72);
                y += LINE;
            }
            Item::Picture(picture) => {
                let scale = ((width - 2.0 * MARGIN) / picture.width).min(1.0);
                out.push_str(&picture.inside(MARGIN, y + 6.0, scale));
                y += picture.height * scale + 14.0;
            }
        }
    }
    (out, y)
}

fn line(out: &mut String, spans: &[Span], y: f64) {
    let _ = write!(out, "<text x=\"{MARGIN}\" y=\"{y:.1}\" xml:space=\"preserve\">");
    for Span { text, style } in spans {
        let weight = if style.is_bold { " font-weight=\"bold\"" } else { "" };
        let _ = write!(out, "<tspan fill=\"{}\"{weight}>{}</tspan>", style.fill, escaped(text));
    }
    out.push_str("</text>\n");
}

fn input(turn: &Turn) -> Vec<Item> {
    let coloured = highlighted(&turn.input, None, turn.is_command, Palette::DARK);
    let prompts = prompted(&turn.input);
    let prompts = prompts.lines().map(|line| line.get(..prompts::PROMPT.len()).unwrap_or_default());
    let mut items = Vec::new();
    for (prompt, mut spans) in prompts.zip(lines(&coloured)) {
        spans.insert(0, Span { text: prompt.to_owned(), style: PROMPT });
        items.extend(wrapped(spans));
    }
    items
}

fn answer(part: &Part) -> Vec<Item> {
    let text = match part {
        Part::Picture(picture) => return vec![Item::Picture(picture.clone())],
        Part::Value(text) if !text.contains('\x1b') => highlighted(text, None, false, Palette::DARK),
        Part::Value(text) | Part::Text(text) => text.clone(),
    };
    let lines = lines(text.trim_end());
    lines
        .into_iter()
        .map(|line| if text.contains('\x1b') { line } else { with_title(line) })
        .flat_map(wrapped)
        .collect()
}

/// A line of an error or warning without colours, its first word highlighted.
fn with_title(spans: Vec<Span>) -> Vec<Span> {
    let [Span { text, .. }] = &spans[..] else { return spans };
    let style = match text {
        text if text.starts_with("error") => ERROR,
        text if text.starts_with("warning") => WARNING,
        _ => return spans,
    };
    let Some((title, rest)) = text.split_once(": ") else { return spans };
    vec![Span { text: format!("{title}: "), style }, Span { text: rest.to_owned(), style: PLAIN }]
}

/// A line in pieces that are not too long, broken between words where there are any.
fn wrapped(spans: Vec<Span>) -> Vec<Item> {
    let mut items = Vec::new();
    let (mut line, mut left) = (Vec::new(), COLUMNS.1);
    for span in spans {
        let mut rest = &span.text[..];
        while let Some((end, _)) = rest.char_indices().nth(left) {
            let end = rest[..end].rfind(' ').filter(|&space| space > end / 2).map_or(end, |space| space + 1);
            line.push(Span { text: rest[..end].to_owned(), style: span.style });
            items.push(Item::Line(std::mem::take(&mut line)));
            line.push(Span { text: INDENT.to_owned(), style: PLAIN });
            (rest, left) = (&rest[end..], COLUMNS.1 - INDENT.len());
        }
        left -= rest.chars().count();
        line.push(Span { text: rest.to_owned(), style: span.style });
    }
    items.push(Item::Line(line));
    items
}

/// The lines of a text, in the colours that the escape sequences in it say.
fn lines(text: &str) -> Vec<Vec<Span>> {
    let mut style = PLAIN;
    let mut lines = vec![Vec::new()];
    for (index, piece) in text.split("\x1b[").enumerate() {
        let piece = match piece.split_once('m') {
            Some((codes, rest)) if index > 0 => {
                codes.split(';').for_each(|code| style = styled(style, code));
                rest
            }
            _ => piece,
        };
        for (number, part) in piece.split('\n').enumerate() {
            if number > 0 {
                lines.push(Vec::new());
            }
            if let Some(line) = lines.last_mut().filter(|_| !part.is_empty()) {
                line.push(Span { text: part.to_owned(), style });
            }
        }
    }
    lines
}

/// The style after an escape code.
fn styled(style: Style, code: &str) -> Style {
    let fill = match code {
        "1" => return Style { is_bold: true, ..style },
        "2" => "#7b88a1",
        "31" | "91" => "#ff7b85",
        "32" | "92" => "#a3be8c",
        "33" | "93" => "#ebcb8b",
        "34" | "94" => "#81a1c1",
        "35" | "95" => "#c9a0dc",
        "36" | "96" => "#88c0d0",
        "" | "0" => return PLAIN,
        _ => return style,
    };
    Style { fill, ..style }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours() {
        let spans = lines("a\x1b[1;32mb\nc\x1b[0md");
        let text = |text: &str, fill, is_bold| Span { text: text.to_owned(), style: Style { fill, is_bold } };
        assert_eq!(
            spans,
            [
                vec![text("a", PLAIN.fill, false), text("b", "#a3be8c", true)],
                vec![text("c", "#a3be8c", true), text("d", PLAIN.fill, false)]
            ]
        );
    }
}

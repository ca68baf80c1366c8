//! A session as a page for browsers that needs nothing else: no script, no other file.

use super::prompts::{self, prompted};
use crate::output::svg::escaped;
use crate::output::transcript::{Part, Turn};
use crate::prompt::highlight::highlighted;
use nivis::codec::palette::Palette;
use nivis::codec::terminal::visible;

/// The page without its sessions.
const HEAD: &str = include_str!("web_page.html");

/// The page.
pub(crate) fn web_page(turns: &[Turn]) -> String {
    let turns: String = turns.iter().map(turn).collect();
    HEAD.replace("{session}", turns.trim_end())
}

fn turn(turn: &Turn) -> String {
    let coloured = highlighted(&turn.input, None, turn.is_command, Palette::DARK);
    let prompts = prompted(&turn.input);
    let prompts = prompts.lines().map(|line| line.get(..prompts::PROMPT.len()).unwrap_or_default());
    let spans = spans(&coloured);
    let lines = prompts.zip(spans.lines()).map(|(prompt, line)| format!("<i>{}</i>{line}", escaped(prompt)));
    let input = lines.collect::<Vec<_>>().join("\n");
    let answers: String = turn.parts.iter().map(answer).collect();
    format!("<section>\n<pre class=\"in\">{input}</pre>\n{answers}</section>\n")
}

fn answer(part: &Part) -> String {
    let text = match part {
        Part::Picture(picture) => return format!("<figure>{}</figure>\n", picture.text.trim_end()),
        Part::Value(text) if !text.contains('\x1b') => highlighted(text, None, false, Palette::DARK),
        Part::Value(text) | Part::Text(text) => with_title(text),
    };
    format!("<pre class=\"out\">{}</pre>\n", spans(text.trim_end()))
}

/// The text of an error or warning without colours, its first words highlighted.
fn with_title(text: &str) -> String {
    let palette = Palette::DARK;
    let style = match text {
        text if text.starts_with("error") => palette.error,
        text if text.starts_with("warning") => palette.warning,
        _ => return text.to_owned(),
    };
    match text.split_once(": ") {
        Some((title, rest)) => format!("{style}{title}:\x1b[0m {rest}"),
        None => text.to_owned(),
    }
}

/// The text with an element for each style that the escape sequences in it say. No element goes over the end of a line.
fn spans(text: &str) -> String {
    let mut out = String::new();
    let mut classes: Vec<&str> = Vec::new();
    for (index, piece) in text.split("\x1b[").enumerate() {
        let piece = match piece.split_once('m') {
            Some((codes, rest)) if index > 0 => {
                restyle(&mut classes, codes);
                rest
            }
            _ => piece,
        };
        let lines: Vec<String> = piece.split('\n').map(|line| span(line, &classes)).collect();
        out.push_str(&lines.join("\n"));
    }
    out
}

/// A line in these styles.
fn span(line: &str, classes: &[&str]) -> String {
    let line = escaped(&visible(line, false));
    match line.is_empty() || classes.is_empty() {
        true => line,
        false => format!("<span class=\"{}\">{line}</span>", classes.join(" ")),
    }
}

/// The styles after an escape sequence.
fn restyle(classes: &mut Vec<&'static str>, codes: &str) {
    let mut codes = codes.split(';');
    while let Some(code) = codes.next() {
        let class = match code {
            "" | "0" => {
                classes.clear();
                continue;
            }
            "38" => indexed(codes.nth(1).unwrap_or_default()),
            "1" => "bold",
            "2" => "faint",
            "3" => "italic",
            "4" => "underlined",
            "7" => "reverse",
            "31" | "91" => "red",
            "32" | "92" => "green",
            "33" | "93" => "orange",
            "34" | "94" => "blue",
            "35" | "95" => "purple",
            "36" | "96" => "cyan",
            _ => "",
        };
        if !class.is_empty() && !classes.contains(&class) {
            classes.push(class);
        }
    }
}

/// The colours that palettes have by number.
fn indexed(number: &str) -> &'static str {
    match number {
        "22" => "green",
        "19" | "33" => "blue",
        "24" => "cyan",
        "90" => "purple",
        "130" | "172" | "208" => "orange",
        "243" | "245" => "faint",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_become_elements() {
        let table = [
            (
                "a\x1b[1;32mb\nc\x1b[0m<",
                "a<span class=\"bold green\">b</span>\n<span class=\"bold green\">c</span>&lt;",
            ),
            ("\x1b[38;5;22ms\x1b[0m\x1b[m", "<span class=\"green\">s</span>"),
            ("\x1b[999mx", "x"),
        ];
        for (text, expected) in table {
            assert_eq!(spans(text), expected);
        }
    }

    #[test]
    fn pages() {
        let parts = vec![Part::Value("2".to_owned()), Part::Text("error: <no>".to_owned())];
        let page = web_page(&[Turn { input: "1 +\n1".to_owned(), is_command: false, parts }]);
        let inputs = "<pre class=\"in\"><i>nivis&gt; </i><span class=\"cyan\">1</span> +\n<i>     &gt; </i>";
        assert!(page.contains(inputs) && page.contains("&lt;no&gt;"), "{page}");
        assert!(!page.contains("{session}") && !page.contains("<script") && !page.contains("http"), "{page}");
    }
}

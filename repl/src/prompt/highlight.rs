//! Colours for Nix text while it is typed, from rnix's tokens.

use nivis::codec::palette::{NORMAL, Palette};
use rnix::SyntaxKind::{self, *};
use std::ops::Range;

/// Commands, and the partner of a bracket.
const COMMAND: &str = "\x1b[1m";
const BRACKET: &str = "\x1b[1;4m";

/// A longer text is shown as it is: rnix reads some texts in time that grows with the square of their length.
pub(super) const LONGEST: usize = 8 << 10;

/// The text with colours, and the bracket at `bracket` made to stand out. A word with a colon at its start has a colour if
/// the text `is_command`.
pub(crate) fn highlighted(line: &str, bracket: Option<usize>, is_command: bool, palette: Palette) -> String {
    if line.len() > LONGEST {
        return line.to_owned();
    }
    let (command, text) = split_command(line);
    let mut out = String::new();
    if !command.is_empty() {
        out.push_str(&coloured(command, if is_command { COMMAND } else { "" }));
    }
    let mut offset = command.len();
    for (kind, token) in tokens(text) {
        let colour = if bracket == Some(offset) { BRACKET } else { colour(kind, token, palette) };
        out.push_str(&coloured(token, colour));
        offset += token.len();
    }
    out
}

/// The parts of a program, each with its style.
pub(crate) fn styles(text: &str, palette: Palette) -> Vec<(Range<usize>, &'static str)> {
    let mut end = 0;
    let styled = |(kind, token): (SyntaxKind, &str)| {
        let start = end;
        end += token.len();
        (start..end, colour(kind, token, palette))
    };
    if text.len() > LONGEST { vec![(0..text.len(), "")] } else { tokens(text).map(styled).collect() }
}

/// A command's name, and what follows it.
fn split_command(line: &str) -> (&str, &str) {
    match line.find(char::is_whitespace) {
        _ if !line.starts_with(':') => ("", line),
        Some(end) => line.split_at(end),
        None => (line, ""),
    }
}

fn coloured(text: &str, colour: &str) -> String {
    if colour.is_empty() { text.to_owned() } else { format!("{colour}{text}{NORMAL}") }
}

fn colour(kind: SyntaxKind, token: &str, palette: Palette) -> &'static str {
    match kind {
        TOKEN_ASSERT | TOKEN_ELSE | TOKEN_IF | TOKEN_IN | TOKEN_INHERIT | TOKEN_LET | TOKEN_OR | TOKEN_REC
        | TOKEN_THEN | TOKEN_WITH => palette.keyword,
        TOKEN_STRING_START | TOKEN_STRING_CONTENT | TOKEN_STRING_END => palette.string,
        TOKEN_INTEGER | TOKEN_FLOAT => palette.number,
        TOKEN_PATH_ABS | TOKEN_PATH_REL | TOKEN_PATH_HOME | TOKEN_PATH_SEARCH | TOKEN_URI => palette.path,
        TOKEN_COMMENT => palette.faint,
        TOKEN_IDENT if matches!(token, "true" | "false" | "null") => palette.number,
        TOKEN_IDENT if token == "builtins" => palette.path,
        _ => "",
    }
}

/// The tokens of a text, whatever it is.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = (SyntaxKind, &str)> {
    rnix::tokenize(text)
}

/// The place of the partner of the bracket before or under the cursor.
pub(super) fn bracket_at(line: &str, position: usize) -> Option<usize> {
    if line.len() > LONGEST {
        return None;
    }
    let here = [position, position.wrapping_sub(1)]
        .into_iter()
        .find(|&at| line.as_bytes().get(at).is_some_and(|byte| b"()[]{}".contains(byte)))?;
    let (open, close) = bracket_pairs(line).into_iter().find(|(open, close)| here == *open || here == *close)?;
    Some(if here == open { close } else { open })
}

/// The places where brackets open and close, up to the first that closes nothing.
fn bracket_pairs(line: &str) -> Vec<(usize, usize)> {
    let (mut pairs, mut open) = (Vec::new(), Vec::new());
    let mut offset = 0;
    for (kind, token) in tokens(line) {
        let start = offset;
        offset += token.len();
        match kind {
            // The bracket of `${` is its last character.
            TOKEN_L_PAREN | TOKEN_L_BRACK | TOKEN_L_BRACE | TOKEN_INTERPOL_START => open.push(offset.saturating_sub(1)),
            TOKEN_R_PAREN | TOKEN_R_BRACK | TOKEN_R_BRACE | TOKEN_INTERPOL_END => match open.pop() {
                Some(begin) => pairs.push((begin, start)),
                None => break,
            },
            _ => {}
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours() {
        let palette = Palette::DARK;
        let (keyword, number) = (palette.keyword, palette.number);
        assert_eq!(highlighted("let x", None, false, palette), format!("{keyword}let{NORMAL} x"));
        assert_eq!(highlighted(":t 1", None, true, palette), format!("{COMMAND}:t{NORMAL} {number}1{NORMAL}"));
    }

    #[test]
    fn brackets() {
        assert_eq!(bracket_at("f (a [ b ])", 2), Some(10));
        assert_eq!(bracket_at("f (a [ b ])", 11), Some(2));
        assert_eq!(bracket_at("\"${a}\"", 5), Some(2));
        assert_eq!(bracket_at("f ( a", 2), None);
    }
}

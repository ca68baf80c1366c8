//! Messages at run time: traces and warnings.

use super::plain;
use crate::codec::palette::Look;
use crate::codec::terminal::{shown, visible};
use crate::io::{Console, Message};
use crate::source::Place;

const WARN: &[u8] = b"evaluation warning: ";
const MAGENTA: &[u8] = b"\x1b[35;1m";
const NORMAL: &[u8] = b"\x1b[0m";
const INDENT: &[u8] = &[b' '; WARN.len()];

impl Message<'_> {
    /// The text for people, without a newline at its end.
    pub fn pretty(&self, look: Look) -> Vec<u8> {
        match self {
            Self::Trace(_) | Self::Warn(_) | Self::Note(_) => {
                visible(&String::from_utf8_lossy(&self.words()), look.has_colours()).into_owned().into_bytes()
            }
            Self::Warning(error, sources) | Self::Advice(error, sources) => {
                super::pretty::warning(error, sources, look).into_bytes()
            }
        }
    }

    /// The text that C++ Nix shows, without a newline at its end. Empty if it shows nothing.
    pub fn plain(&self, colour: bool) -> Vec<u8> {
        let words = self.words();
        let lead = match self {
            Self::Warn(_) => words.len().min(WARN.len() - 1),
            Self::Warning(..) => words.len().min("warning:".len()),
            Self::Trace(_) | Self::Note(_) | Self::Advice(..) => 0,
        };
        let (lead, rest) = words.split_at(lead);
        let text = if lead.is_empty() { words } else { [MAGENTA, lead, NORMAL, rest].concat() };
        shown(&text, colour)
    }

    /// The text without decoration.
    fn words(&self) -> Vec<u8> {
        match self {
            Self::Advice(..) => Vec::new(),
            Self::Trace(text) => [b"trace: ", *text].concat(),
            Self::Warn(text) => warn(text),
            Self::Note(text) => text.to_vec(),
            Self::Warning(error, _) if error.place() == Place::NOWHERE && error.trace().is_empty() => {
                format!("warning: {error}").into_bytes()
            }
            Self::Warning(error, sources) => as_warning(&plain(error, sources, false, false)).into_bytes(),
        }
    }
}

/// Shows messages on standard error, in C++ Nix's words.
#[derive(Clone, Copy, Debug, Default)]
pub struct StandardError;

impl Console for StandardError {
    fn message(&self, message: &Message<'_>) {
        use std::io::{IsTerminal, Write, stderr};
        let mut text = message.plain(stderr().is_terminal());
        if text.is_empty() && matches!(message, Message::Advice(..)) {
            return;
        }
        text.push(b'\n');
        // A closed standard error does not end the evaluation.
        let _ = stderr().lock().write_all(&text);
    }
}

/// The shown message of `builtins.warn`: further lines are aligned with the first, unless the message begins on a
/// separate line. Trailing white space of lines, and empty lines at the end, are dropped.
fn warn(message: &[u8]) -> Vec<u8> {
    if message.starts_with(b"\n") {
        return [WARN.trim_ascii_end(), without_blank_end(message)].concat();
    }
    let message = without_blank_end(message);
    let mut shown = Vec::new();
    if message.is_empty() {
        return shown;
    }
    for (number, line) in message.split(|&byte| byte == b'\n').enumerate() {
        if number > 0 {
            shown.push(b'\n');
        }
        let lead = if number == 0 { WARN } else { INDENT };
        shown.extend_from_slice(without_blank_end(&[lead, line].concat()));
    }
    shown
}

fn without_blank_end(text: &[u8]) -> &[u8] {
    let end = text.iter().rposition(|byte| !b" \n\r\t".contains(byte)).map_or(0, |last| last + 1);
    &text[..end]
}

/// The text of an error with `warning:` in place of `error:`. The prefix is two characters longer, so further lines
/// are indented more.
fn as_warning(text: &str) -> String {
    let mut lines = Vec::new();
    for line in text.lines() {
        let aligned = line.strip_prefix("       ");
        lines.push(match (line.strip_prefix("error:"), aligned.and_then(|rest| rest.strip_prefix("error: "))) {
            (Some(rest), _) => format!("warning:{rest}"),
            (None, Some(rest)) => format!("         warning: {rest}"),
            (None, None) => aligned.map_or_else(|| line.to_owned(), |rest| format!("         {rest}")),
        });
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_errors_are_aligned() {
        let text = "error:\n       … while\n\n       error: a\n       at b";
        assert_eq!(as_warning(text), "warning:\n         … while\n\n         warning: a\n         at b");
        assert_eq!(as_warning("error: a"), "warning: a");
    }

    #[test]
    fn warnings_are_aligned() {
        let table: [(&str, &str); 7] = [
            ("foo", "evaluation warning: foo"),
            ("foo\nbar", "evaluation warning: foo\n                    bar"),
            ("\nfoo\n bar\n", "evaluation warning:\nfoo\n bar"),
            ("a\n\nb\n", "evaluation warning: a\n\n                    b"),
            ("  \n  a", "evaluation warning:\n                      a"),
            ("a  ", "evaluation warning: a"),
            ("", ""),
        ];
        for (message, shown) in table {
            assert_eq!(String::from_utf8_lossy(&warn(message.as_bytes())), shown);
        }
    }
}

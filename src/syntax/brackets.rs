//! Pairs of brackets and quotes in a text, and those that seem to be paired wrongly.
//!
//! Example: in
//!
//! ```text
//! {
//!   a = {
//!     b = 1;
//!
//!   c = 2;
//! }
//! ```
//!
//! the brace that stays open is the first one, but the brace without an end is the second: the one that closes it is
//! further left than its line.

use super::lexer::Lexer;
use super::terminals::Terminal;
use super::text;
use crate::source::Span;

/// A bracket or quote, and its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// `(`, `[`, `{`, `${`, `"` or `''`.
    pub open: Span,
    /// Its end, if it has one.
    pub close: Option<Span>,
    parent: Option<usize>,
    last_child: Option<usize>,
}

/// The pairs of a text.
#[derive(Clone, Debug, Default)]
pub struct Brackets {
    pairs: Vec<Pair>,
    /// The open pairs at the end, outermost first.
    open: Vec<usize>,
}

impl Brackets {
    /// The pairs that begin before an offset, in the text up to there.
    pub fn before(source: &[u8], offset: u32) -> Self {
        let text = text(source);
        let mut lexer = Lexer::new(text.as_bytes());
        let mut found = Self::default();
        loop {
            let token = lexer.next();
            if token.terminal == Terminal::End || token.start >= offset as usize {
                return found;
            }
            let span = Span::new(token.start as u32, token.end as u32);
            match token.terminal {
                Terminal::ParenOpen
                | Terminal::BracketOpen
                | Terminal::BraceOpen
                | Terminal::Interpolation
                | Terminal::IndentedOpen => found.opens(span),
                Terminal::ParenClose | Terminal::BracketClose | Terminal::BraceClose | Terminal::IndentedClose => {
                    found.closes(span);
                }
                Terminal::Quote if found.is_in_quotes(text.as_bytes()) => found.closes(span),
                Terminal::Quote => found.opens(span),
                _ => {}
            }
        }
    }

    fn is_in_quotes(&self, text: &[u8]) -> bool {
        self.innermost().is_some_and(|pair| text.get(pair.open.start as usize) == Some(&b'"'))
    }

    fn opens(&mut self, span: Span) {
        let parent = self.open.last().copied();
        if let Some(parent) = parent {
            self.pairs[parent].last_child = Some(self.pairs.len());
        }
        self.open.push(self.pairs.len());
        self.pairs.push(Pair { open: span, close: None, parent, last_child: None });
    }

    fn closes(&mut self, span: Span) {
        if let Some(index) = self.open.pop() {
            self.pairs[index].close = Some(span);
        }
    }

    /// The open brackets, outermost first.
    pub fn open(&self) -> Vec<Span> {
        self.open.iter().map(|index| self.pairs[*index].open).collect()
    }

    /// The innermost open pair.
    pub fn innermost(&self) -> Option<Pair> {
        self.open.last().map(|index| self.pairs[*index])
    }

    /// The pair inside the innermost open bracket that most likely lacks its end: its closing bracket is further left
    /// than its line.
    pub fn misindented(&self, source: &[u8]) -> Option<Pair> {
        let mut suspect = None;
        let mut next = self.open.last().and_then(|index| self.pairs[*index].last_child);
        while let Some(pair) = next.map(|index| self.pairs[index]) {
            let close = pair.close?;
            if indent(source, close) >= indent(source, pair.open) || !begins_line(source, close) {
                break;
            }
            suspect = Some(pair);
            next = pair.last_child;
        }
        suspect
    }

    /// A string that most likely lacks its end or beginning: it continues up to the opening quote of another string.
    pub fn runaway_string(&self, source: &[u8]) -> Option<Pair> {
        self.pairs.iter().copied().find(|pair| {
            let Some(close) = pair.close else { return false };
            let inside = source.get(pair.open.end as usize..close.start as usize).unwrap_or_default();
            let after = source.get(close.end as usize).copied().unwrap_or_default();
            let is_several_lines = memchr::memchr(b'\n', inside).is_some();
            match source.get(pair.open.start as usize) {
                Some(b'"') => is_several_lines && (after.is_ascii_alphanumeric() || b"_/$<%@".contains(&after)),
                Some(b'\'') => is_several_lines && inside.trim_ascii_end().ends_with(b" ="),
                _ => false,
            }
        })
    }
}

/// The number of spaces before the first word of the line of a bracket.
fn indent(source: &[u8], bracket: Span) -> usize {
    line_before(source, bracket).iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}

fn line_before(source: &[u8], bracket: Span) -> &[u8] {
    let before = source.get(..bracket.end as usize).unwrap_or_default();
    let start = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    &before[start..]
}

/// True if only spaces and other closing brackets come before it on its line.
fn begins_line(source: &[u8], close: Span) -> bool {
    line_before(source, close).iter().all(|byte| b" \t)]}".contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str, pair: Option<Pair>) -> Option<&str> {
        let pair = pair?;
        source.get(pair.open.start as usize..pair.close.map_or(source.len(), |close| close.end as usize))
    }

    #[test]
    fn brackets_stay_open() {
        let brackets = Brackets::before(b"{ a = [ (1) \"${x", 16);
        assert_eq!(brackets.open(), [Span::new(0, 1), Span::new(6, 7), Span::new(12, 13), Span::new(13, 15)]);
    }

    #[test]
    fn ends_further_left() {
        let table = [
            ("{\n  a = {\n    b = 1;\n\n  c = 2;\n}\n", Some("{\n    b = 1;\n\n  c = 2;\n}")),
            ("{\n  a = {\n    b = 1;\n  };\n  c = 2;\n", None),
            ("{\n  a = [\n    {\n      b = 1;\n  ];\n", Some("{\n      b = 1;\n  ]")),
            ("{\n  a = {\n    b = {\n      c = 1;\n  };\n}\n", Some("{\n      c = 1;\n  }")),
        ];
        for (text, expected) in table {
            let brackets = Brackets::before(text.as_bytes(), text.len() as u32);
            assert_eq!(texts(text, brackets.misindented(text.as_bytes())), expected, "{text}");
        }
    }

    #[test]
    fn strings_without_end() {
        let table = [
            ("{ a = \"x;\n b = \"y\"; }", Some("\"x;\n b = \"")),
            ("{ a = \"x\n\"; b = \"y\"; }", None),
            ("{ a = ''x;\n b = ''\n y''; }", Some("''x;\n b = ''")),
        ];
        for (text, expected) in table {
            let brackets = Brackets::before(text.as_bytes(), text.len() as u32);
            assert_eq!(texts(text, brackets.runaway_string(text.as_bytes())), expected, "{text}");
        }
    }
}

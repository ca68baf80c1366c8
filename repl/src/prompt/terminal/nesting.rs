//! The nesting of a text that is read line by line: are brackets, strings and `let` open at its end?
//!
//! A text in which something is open is incomplete. To know it costs as much as the text is long, whereas parsing it at the
//! end of each line would cost that for each line.

use crate::prompt::highlight::tokens;
use rnix::SyntaxKind::*;

/// The brackets and strings left open by the lines so far.
#[derive(Debug, Default)]
pub(super) struct Nesting {
    /// Brackets, and `let` without its `in`.
    open: usize,
    /// The start of the text that is looked at again with the next line, since it ends within a token or a string.
    begin: usize,
    in_string: bool,
}

impl Nesting {
    /// Looks at the lines that were added to a text.
    pub(super) fn add(&mut self, text: &str) {
        let (mut open, mut strings, mut ends_well) = (self.open, 0_usize, true);
        let mut tokens = tokens(&text[self.begin..]).filter(|(kind, _)| *kind != TOKEN_WHITESPACE).peekable();
        while let Some((kind, _)) = tokens.next() {
            match kind {
                TOKEN_L_BRACE | TOKEN_L_BRACK | TOKEN_L_PAREN => open += 1,
                TOKEN_R_BRACE | TOKEN_R_BRACK | TOKEN_R_PAREN | TOKEN_IN => open = open.saturating_sub(1),
                // The old `let { … }` has no `in`.
                TOKEN_LET if !matches!(tokens.peek(), Some((TOKEN_L_BRACE, _))) => open += 1,
                TOKEN_STRING_START | TOKEN_INTERPOL_START => strings += 1,
                TOKEN_STRING_END | TOKEN_INTERPOL_END => strings = strings.saturating_sub(1),
                _ => {}
            }
            // A comment without an end is one.
            ends_well = kind != TOKEN_ERROR;
        }
        self.in_string = strings > 0 || !ends_well;
        if !self.in_string {
            (self.open, self.begin) = (open, text.len());
        }
    }

    /// True if something is open that only later lines can close.
    pub(super) fn is_open(&self) -> bool {
        self.open > 0 || self.in_string
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_open_after_each_line() {
        let table = [
            ("{|  a = 1;|}", "110"),
            ("let|  a = [ 1|  ];|in|a", "12100"),
            ("let {|  body = 1;|}", "110"),
            ("x = ''|  {|  ${a [|  ]}|''", "11110"),
            ("/* {|*/ 1", "10"),
            ("} 1|(|)", "010"),
        ];
        for (lines, expected) in table {
            let (mut nesting, mut text) = (Nesting::default(), String::new());
            let mut found = String::new();
            for line in lines.split('|') {
                text.push_str(line);
                text.push('\n');
                nesting.add(&text);
                found.push_str(&(nesting.open + usize::from(nesting.in_string)).to_string());
            }
            assert_eq!(found, expected, "{lines}");
        }
    }
}

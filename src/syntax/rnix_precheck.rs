//! Decides from a text whether rnix may parse it.
//!
//! rnix recurses for nested and for right-grouping forms (`[[[…]]]`, `a ++ b ++ …`), and its time is quadratic in the
//! depth of the tree, so a text must not be deep. It must also not contain text that rnix reads differently from Nix:
//! white space unknown to Nix, line ends that are a bare CR. Other differences are found in rnix's tree, by
//! `rnix_check.rs`.
//!
//! Example: `[1 2]` has at most three tokens open at once, `[`, `1` and `2`, so rnix may parse it.

use super::lexer::Lexer;
use super::terminals::Terminal;

/// The largest number of tokens open at once. In a text of at most this many bytes the tokens need not be counted.
const MOST_OPEN: usize = 2048;

/// True if rnix reads the text like Nix (as far as this can be decided in advance), quickly and without deep
/// recursion.
pub(super) fn suits_rnix(text: &str) -> bool {
    blanks_are_plain(text) && (text.len() <= MOST_OPEN || is_shallow(text))
}

fn blanks_are_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let strange = memchr::memchr3(0, 0x0b, 0x0c, bytes).is_some();
    let bare_return = || memchr::memchr_iter(b'\r', bytes).any(|at| bytes.get(at + 1) != Some(&b'\n'));
    let wide_blank = || !text.is_ascii() && text.chars().any(|char| !char.is_ascii() && char.is_whitespace());
    !strange && !bare_return() && !wide_blank()
}

/// True if no token has more than [`MOST_OPEN`] tokens open before it: tokens since the last `;` or `,` of each
/// bracket around it. rnix recurses no deeper than that, except for bodies (`with a; with b; …`), which it limits
/// itself.
fn is_shallow(text: &str) -> bool {
    let mut lexer = Lexer::new(text.as_bytes());
    let mut before: Vec<usize> = Vec::new(); // the number open before each bracket and its separators
    let (mut base, mut open) = (0, 0);
    loop {
        match lexer.next().terminal {
            Terminal::Trivia => continue,
            Terminal::End => return true,
            Terminal::ParenOpen
            | Terminal::BracketOpen
            | Terminal::BraceOpen
            | Terminal::Interpolation
            | Terminal::IndentedOpen => {
                before.push(base);
                open += 1;
                base = open;
            }
            Terminal::ParenClose | Terminal::BracketClose | Terminal::BraceClose | Terminal::IndentedClose => {
                open = base;
                base = before.pop().unwrap_or_default();
            }
            Terminal::Semicolon | Terminal::Comma => open = base,
            _ => open += 1,
        }
        if open > MOST_OPEN {
            return false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deep_texts_are_refused() {
        let long = 5000;
        let table = [
            ("[".repeat(long), false),
            ("a ++ ".repeat(long), false),
            ("f a ".repeat(long), false),
            ("a = 1; ".repeat(long), true),
            ("(a) ".repeat(100) + &"a,".repeat(long), true),
        ];
        for (text, expected) in table {
            assert_eq!(suits_rnix(&text), expected, "{}", &text[..10]);
        }
    }

    #[test]
    fn strange_blanks_are_refused() {
        for text in ["a\r", "a\rb", "a\u{a0}b", "a\x0c", "\"\0\""] {
            assert!(!suits_rnix(text), "{text:?}");
        }
        assert!(suits_rnix("a\r\nb # ä"));
    }
}

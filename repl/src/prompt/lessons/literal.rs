//! Recognition of values written by hand, with nothing in them to compute.

use crate::prompt::highlight::tokens;
use rnix::SyntaxKind::*;

/// True for `"7 dwarfs"`, `x = [ 1 2 ]` and the like.
pub(crate) fn is_literal(input: &str) -> bool {
    if input.trim_start().starts_with(':') {
        return false;
    }
    let all: Vec<_> = tokens(input).filter(|(kind, _)| !matches!(kind, TOKEN_WHITESPACE | TOKEN_COMMENT)).collect();
    let is_name = |at: usize| {
        let next = all[at + 1..].iter().find(|(kind, _)| !matches!(kind, TOKEN_IDENT | TOKEN_DOT));
        matches!(next, Some((TOKEN_ASSIGN, _)))
    };
    !all.is_empty()
        && all.iter().enumerate().all(|(at, (kind, text))| match kind {
            TOKEN_IDENT => matches!(*text, "true" | "false" | "null") || is_name(at),
            TOKEN_DOT => is_name(at),
            TOKEN_STRING_START | TOKEN_STRING_CONTENT | TOKEN_STRING_END | TOKEN_INTEGER | TOKEN_FLOAT
            | TOKEN_L_BRACE | TOKEN_R_BRACE | TOKEN_L_BRACK | TOKEN_R_BRACK | TOKEN_L_PAREN | TOKEN_R_PAREN
            | TOKEN_ASSIGN | TOKEN_SEMICOLON | TOKEN_SUB => true,
            _ => false,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_by_hand() {
        for input in ["\"7 dwarfs\"", "x = [ 1 2 ]", "{ a.b = 1; }", "(-1)", "true", "''a''"] {
            assert!(is_literal(input), "{input}");
        }
        for input in ["\"${x}\"", "x", "1 + 1", "[ x ]", "f 1", ":p 1", "{ inherit a; }", "", "x: 1", "./a"] {
            assert!(!is_literal(input), "{input}");
        }
    }
}

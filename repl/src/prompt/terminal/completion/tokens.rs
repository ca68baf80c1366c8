//! The text before the cursor as tokens: what is being typed, and the expressions around it.

use crate::prompt::highlight::tokens;
use rnix::SyntaxKind::{self, *};

/// A token and where it begins.
pub(super) type Token<'l> = (SyntaxKind, &'l str, usize);

pub(super) fn located(text: &str) -> Vec<Token<'_>> {
    let mut offset = 0;
    let place = |(kind, token): (SyntaxKind, &'_ str)| {
        offset += token.len();
        (kind, offset - token.len())
    };
    let places: Vec<_> = tokens(text).map(place).collect();
    let ends = places.iter().skip(1).map(|(_, start)| *start).chain([text.len()]);
    places.iter().zip(ends).map(|(&(kind, start), end)| (kind, &text[start..end], start)).collect()
}

/// The index of the last brace that is not closed, if no other bracket after it is open.
pub(super) fn open_brace(tokens: &[Token<'_>]) -> Option<usize> {
    let mut depth = 0_usize;
    tokens.iter().rposition(|(kind, ..)| match kind {
        TOKEN_R_BRACE | TOKEN_R_PAREN | TOKEN_R_BRACK => {
            depth += 1;
            false
        }
        TOKEN_L_BRACE | TOKEN_L_PAREN | TOKEN_L_BRACK if depth > 0 => {
            depth -= 1;
            false
        }
        TOKEN_L_BRACE => true,
        _ => false,
    })
}

/// The name being typed at the end: where it begins, its text without quotes, and the text before it.
pub(super) fn partial<'t, 'l>(tokens: &'t [Token<'l>], end: usize) -> Option<(usize, String, &'t [Token<'l>])> {
    match tokens {
        [] => Some((end, String::new(), tokens)),
        [before @ .., (TOKEN_STRING_START, "\"", start)] => Some((*start, String::new(), before)),
        [before @ .., (TOKEN_STRING_START, "\"", start), (TOKEN_STRING_CONTENT | TOKEN_ERROR, text, _)] => {
            Some((*start, (*text).to_owned(), before))
        }
        // Nothing that begins here would be a word of its own.
        [
            ..,
            (TOKEN_STRING_CONTENT | TOKEN_COMMENT | TOKEN_STRING_END | TOKEN_ERROR | TOKEN_INTEGER | TOKEN_FLOAT, ..),
        ] => None,
        [.., (TOKEN_WHITESPACE | TOKEN_DOT, ..)] => Some((end, String::new(), tokens)),
        [before @ .., (kind, text, start)] => match is_word(*kind) {
            true => Some((*start, (*text).to_owned(), before)),
            false => Some((end, String::new(), tokens)),
        },
    }
}

fn is_word(kind: SyntaxKind) -> bool {
    matches!(
        kind,
        TOKEN_IDENT
            | TOKEN_ASSERT
            | TOKEN_ELSE
            | TOKEN_IF
            | TOKEN_IN
            | TOKEN_INHERIT
            | TOKEN_LET
            | TOKEN_OR
            | TOKEN_REC
            | TOKEN_THEN
            | TOKEN_WITH
    )
}

/// The start of the expression that ends with these tokens, if it is a selection such as `a."b c".d` or `(…).a`.
pub(super) fn base(tokens: &[Token<'_>]) -> Option<usize> {
    let (rest, start) = component(tokens)?;
    match rest {
        [before @ .., (TOKEN_DOT, ..)] => base(before),
        _ => Some(start),
    }
}

/// The tokens before the last component, and where that begins.
pub(super) fn component<'t, 'l>(tokens: &'t [Token<'l>]) -> Option<(&'t [Token<'l>], usize)> {
    match tokens {
        [before @ .., (kind, _, start)] if is_word(*kind) => Some((before, *start)),
        [before @ .., (TOKEN_STRING_START, _, start), (TOKEN_STRING_CONTENT, ..), (TOKEN_STRING_END, ..)] => {
            Some((before, *start))
        }
        [.., (TOKEN_R_PAREN | TOKEN_INTERPOL_END, ..)] => bracketed(tokens),
        _ => None,
    }
}

/// The tokens before the bracket that the last token closes, and the offset of that bracket.
fn bracketed<'t, 'l>(tokens: &'t [Token<'l>]) -> Option<(&'t [Token<'l>], usize)> {
    let mut depth = 0;
    for (index, (kind, _, start)) in tokens.iter().enumerate().rev() {
        match kind {
            TOKEN_R_PAREN | TOKEN_INTERPOL_END => depth += 1,
            TOKEN_L_PAREN | TOKEN_INTERPOL_START => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((&tokens[..index], *start));
        }
    }
    None
}

/// Names that the text itself binds, by `let` or as parameters.
pub(super) fn local_names<'l>(tokens: &[Token<'l>]) -> impl Iterator<Item = &'l str> {
    let visible: Vec<_> = tokens.iter().filter(|(kind, ..)| *kind != TOKEN_WHITESPACE).collect();
    let names = visible.windows(2).filter(|pair| {
        let binds =
            matches!(pair[1].0, TOKEN_ASSIGN | TOKEN_COLON | TOKEN_COMMA | TOKEN_QUESTION | TOKEN_R_BRACE | TOKEN_AT);
        pair[0].0 == TOKEN_IDENT && binds
    });
    names.map(|pair| pair[0].1).collect::<Vec<_>>().into_iter()
}

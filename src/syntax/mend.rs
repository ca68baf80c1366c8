//! All syntax errors of a text, and what would mend each.
//!
//! The parser stops at its first error. To find the next, the text is edited at the error in each of a few ways, and the
//! edit is kept with which the parser goes furthest: in `{ a = 1 b = 2; }` that is a `;` behind the `1`.

use super::lexer::{Lexer, Token};
use super::terminals::Terminal;
use super::{SyntaxError, exact, parse, text};
use crate::source::Span;

/// Most errors that are looked for.
const MOST_ERRORS: usize = 6;
/// Longer texts are not edited: each try reads all of them.
const LONGEST: usize = 2 << 20;

/// What is inserted, in order of preference where several go equally far.
const INSERTIONS: [&str; 7] = [";", "}", ")", "]", "=", "in ", "then "];

/// A syntax error, and the change of the text that lets the parser go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mended {
    /// The error. Its span is that in the original text.
    pub error: SyntaxError,
    /// The change, if one was found.
    pub edit: Option<Edit>,
}

/// A change of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Put this before the offset.
    Insert(u32, &'static str),
    /// Take this out.
    Remove(Span),
    /// `==` for the `=` there.
    Compare(Span),
}

/// The errors of an expression in order, each with its mend.
pub fn errors(source: &[u8]) -> Vec<Mended> {
    let mut current = text(source).into_owned();
    let mut edits: Vec<(usize, isize)> = Vec::new();
    let mut found: Vec<Mended> = Vec::new();
    while let Some(error) = parse(current.as_bytes()).errors.first().cloned() {
        let at = error.span.start as usize;
        let best = if current.len() <= LONGEST { best_edit(&current, at, error.span) } else { None };
        let original = |offset: usize| original(&edits, offset);
        let span = Span::new(original(at), original(error.span.end as usize));
        let edit = best.as_ref().map(|best| best.edit.moved(original));
        found.push(Mended { error: SyntaxError { span, ..error }, edit });
        match best {
            Some(best) if found.len() < MOST_ERRORS => {
                edits.push((best.at, best.text.len() as isize - current.len() as isize));
                current = best.text;
            }
            _ => break,
        }
    }
    found
}

/// The brackets that are open at an offset, outermost first.
pub fn open_brackets(source: &[u8], offset: u32) -> Vec<Span> {
    let text = text(source);
    let mut lexer = Lexer::new(text.as_bytes());
    let mut open = Vec::new();
    loop {
        let token = lexer.next();
        if token.start >= offset as usize || token.terminal == Terminal::End {
            return open;
        }
        match token.terminal {
            Terminal::ParenOpen
            | Terminal::BracketOpen
            | Terminal::BraceOpen
            | Terminal::Interpolation
            | Terminal::IndentedOpen => open.push(Span::new(token.start as u32, token.end as u32)),
            Terminal::ParenClose | Terminal::BracketClose | Terminal::BraceClose | Terminal::IndentedClose => {
                open.pop();
            }
            _ => {}
        }
    }
}

/// The last token that is no blank and begins before an offset.
pub fn token_before(source: &[u8], offset: u32) -> Option<Span> {
    let text = text(source);
    previous(&text, offset as usize).map(|(start, end)| Span::new(start as u32, end as u32))
}

struct Candidate {
    edit: Edit,
    /// Where the text changes.
    at: usize,
    text: String,
    /// How far the parser comes, as an offset of the text before.
    reach: usize,
}

fn best_edit(current: &str, at: usize, unexpected: Span) -> Option<Candidate> {
    let behind = previous(current, at).map_or(0, |(_, end)| end);
    let token = unexpected.start as usize..unexpected.end as usize;
    let insert = |word: &'static str| (Edit::Insert(behind as u32, word), behind, behind..behind, word);
    let mut tries: Vec<(Edit, usize, std::ops::Range<usize>, &str)> = INSERTIONS.map(insert).into();
    if current.get(token.clone()) == Some("=") {
        // `a = 1 b = 2`: the parser stumbles at the sign, but what is missing belongs before the name.
        let before_name = end_before_path(current, at);
        tries.insert(0, (Edit::Insert(before_name as u32, ";"), before_name, before_name..before_name, ";"));
        tries.push((Edit::Compare(unexpected), token.start, token.clone(), "=="));
    }
    // What ends something else is rarely what is too much.
    let ends = matches!(current.get(token.clone()), Some(";" | "}" | ")" | "]" | "''"));
    if !token.is_empty() && !ends {
        tries.push((Edit::Remove(unexpected), token.start, token, ""));
    }
    let candidates = tries.into_iter().filter_map(|(edit, at, range, word)| {
        let mut text = current.to_owned();
        let grown = word.len() as isize - range.len() as isize;
        text.is_char_boundary(range.start).then_some(())?;
        text.replace_range(range, if word.is_empty() { " " } else { word });
        let grown = if word.is_empty() { grown + 1 } else { grown };
        let reach = match exact::parse(&text, exact::Start::Expression).error {
            None => usize::MAX,
            Some(error) => (error.span.start as usize).saturating_add_signed(-grown),
        };
        Some(Candidate { edit, at, text, reach })
    });
    // Of several that go equally far the first is taken; what makes no way is no mend.
    let best = candidates.fold(None, |best: Option<Candidate>, next| match best {
        Some(best) if best.reach >= next.reach => Some(best),
        _ => Some(next),
    });
    best.filter(|best| best.reach > unexpected.end as usize)
}

fn previous(text: &str, offset: usize) -> Option<(usize, usize)> {
    tokens_before(text, offset).last().map(|token| (token.start, token.end))
}

/// The tokens before an offset, blanks left out.
fn tokens_before(text: &str, offset: usize) -> Vec<Token> {
    let mut lexer = Lexer::new(text.as_bytes());
    let mut tokens = Vec::new();
    loop {
        let token = lexer.next();
        if token.terminal == Terminal::End || token.start >= offset {
            return tokens;
        }
        if token.terminal != Terminal::Trivia && token.end > token.start {
            tokens.push(token);
        }
    }
}

/// Where the token ends that stands before the attribute path before an offset.
fn end_before_path(text: &str, offset: usize) -> usize {
    let mut tokens = tokens_before(text, offset);
    loop {
        tokens.pop();
        match tokens.last() {
            Some(token) if token.terminal == Terminal::Dot => {
                tokens.pop();
            }
            token => return token.map_or(0, |token| token.end),
        }
    }
}

/// The place in the original text of a place in the edited one.
fn original(edits: &[(usize, isize)], offset: usize) -> u32 {
    let back = edits
        .iter()
        .rev()
        .fold(offset, |offset, (at, grown)| if offset > *at { offset.saturating_add_signed(-grown) } else { offset });
    back as u32
}

impl Edit {
    fn moved(self, original: impl Fn(usize) -> u32) -> Self {
        let span = |span: Span| Span::new(original(span.start as usize), original(span.end as usize));
        match self {
            Self::Insert(at, word) => Self::Insert(original(at as usize), word),
            Self::Remove(removed) => Self::Remove(span(removed)),
            Self::Compare(sign) => Self::Compare(span(sign)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_mended() {
        let table: [(&str, &[Option<Edit>]); 8] = [
            ("{ a = 1 b = 2; }", &[Some(Edit::Insert(7, ";"))]),
            ("{ a = 1; b = 2 }", &[Some(Edit::Insert(14, ";"))]),
            ("{ a = [ 1 2; }", &[Some(Edit::Insert(11, "]"))]),
            ("(1 + 2", &[Some(Edit::Insert(6, ")"))]),
            ("if a = b then 1 else 2", &[Some(Edit::Compare(Span::new(5, 6)))]),
            ("[ 1, 2 ]", &[Some(Edit::Remove(Span::new(3, 4)))]),
            ("{ a = 1 b = [ 2, 3 ]; }", &[Some(Edit::Insert(7, ";")), Some(Edit::Remove(Span::new(15, 16)))]),
            ("1 +", &[None]),
        ];
        for (text, expected) in table {
            let edits: Vec<_> = errors(text.as_bytes()).into_iter().map(|mended| mended.edit).collect();
            assert_eq!(edits, expected, "{text}");
        }
    }

    #[test]
    fn brackets_stay_open() {
        let open = open_brackets(b"{ a = [ (1) \"${x", 16);
        assert_eq!(open, [Span::new(0, 1), Span::new(6, 7), Span::new(13, 15)]);
        assert_eq!(token_before(b"a = 1  ;", 7), Some(Span::new(4, 5)));
    }
}

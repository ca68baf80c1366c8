//! All syntax errors of a text, with a repair for each.
//!
//! The parser stops at its first error. To find the next one, the text is edited at the error in each of a few ways.
//! The edit with which the parser goes furthest is kept: in `{ a = 1 b = 2; }` that is a `;` after the `1`.

use super::brackets::Brackets;
use super::lalr::Start;
use super::lexer::{Lexer, Token};
use super::terminals::Terminal;
use super::{SyntaxError, lalr, parse_unclosed_bindings, text};
use crate::source::Span;

/// The largest number of errors.
const MOST_ERRORS: usize = 6;
/// Longer texts are not edited: each attempt reads the whole text. In bytes.
const LONGEST: usize = 512 << 10;
/// So many bytes are read at most in search of edits, with the same number of attempts for each error.
const READ_AT_MOST: usize = 2 << 20;

/// The texts to insert, in order of preference among those that go equally far.
const INSERTIONS: [&str; 9] = [";", ",", "}", ")", "]", "=", " in ", " then ", " else null "];
/// The text to insert for a missing value.
pub const VALUE: &str = " null ";
/// Keywords that are not names, and their replacements that are.
const KEYWORDS: [(&str, &str); 9] = [
    ("if", "\"if\""),
    ("then", "\"then\""),
    ("else", "\"else\""),
    ("assert", "\"assert\""),
    ("with", "\"with\""),
    ("let", "\"let\""),
    ("in", "\"in\""),
    ("rec", "\"rec\""),
    ("inherit", "\"inherit\""),
];

/// A syntax error, and the edit with which the parser can continue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mended {
    /// The error. Its span is in the original text.
    pub error: SyntaxError,
    /// The edit, if one was found.
    pub edit: Option<Edit>,
}

/// An edit of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Inserts this before the offset.
    Insert(u32, &'static str),
    /// Removes this.
    Remove(Span),
    /// Replaces this, for example `=` by `==`.
    Replace(Span, &'static str),
}

/// The errors of an expression in order, each with its repair.
pub fn errors(source: &[u8]) -> Vec<Mended> {
    errors_in(source, Start::Expression)
}

/// The same for the bindings of a REPL's line, whose last semicolon may be missing.
pub fn errors_in_bindings(source: &[u8]) -> Vec<Mended> {
    errors_in(source, Start::Bindings)
}

fn errors_in(source: &[u8], start: Start) -> Vec<Mended> {
    let mut current = text(source).into_owned();
    let mut edits: Vec<(usize, isize)> = Vec::new();
    let mut found: Vec<Mended> = Vec::new();
    let most_errors = (READ_AT_MOST / current.len().max(1)).clamp(1, MOST_ERRORS);
    while let Some(error) = first_error(&current, start) {
        let at = error.span.start as usize;
        if is_consequence(&current, edits.last(), &error) {
            break;
        }
        let is_mendable = current.len() <= LONGEST && error.unexpected().is_some();
        let best = if is_mendable { best_edit(&current, at, &error, start) } else { None };
        let original = |offset: usize| original(&edits, offset);
        let span = Span::new(original(at), original(error.span.end as usize));
        let edit = best.as_ref().map(|best| best.edit.moved(original));
        found.push(Mended { error: SyntaxError { span, ..error }, edit });
        match best {
            Some(best) if found.len() < most_errors => {
                edits.push((best.at, best.text.len() as isize - current.len() as isize));
                current = best.text;
            }
            _ => break,
        }
    }
    found
}

fn first_error(text: &str, start: Start) -> Option<SyntaxError> {
    let parsed = match start {
        Start::Expression => lalr::parse(text, start),
        Start::Bindings | Start::RecursiveBindings => parse_unclosed_bindings(text.as_bytes()),
    };
    parsed.errors.first().cloned()
}

/// True if nothing was read between the last edit and the end of the text: such an error adds no information.
fn is_consequence(text: &str, edit: Option<&(usize, isize)>, error: &SyntaxError) -> bool {
    edit.is_some_and(|(at, _)| {
        error.is_at_end() && tokens_before(text, text.len()).last().is_none_or(|last| last.start < *at)
    })
}

/// The last token that begins before an offset, white space excluded.
pub fn token_before(source: &[u8], offset: u32) -> Option<Span> {
    let text = text(source);
    previous(&text, offset as usize).map(|(start, end)| Span::new(start as u32, end as u32))
}

/// The tokens that begin before an offset, white space and comments excluded.
pub fn tokens_up_to(source: &[u8], offset: u32) -> Vec<Span> {
    let tokens = tokens_before(&text(source), offset as usize);
    tokens.into_iter().map(|token| Span::new(token.start as u32, token.end as u32)).collect()
}

struct Candidate {
    edit: Edit,
    /// The offset of the edit.
    at: usize,
    text: String,
    /// The offset that the parser reaches, in the text before the edit.
    reach: usize,
}

/// An edit, with the replaced range of the text and its replacement.
type Try = (Edit, std::ops::Range<usize>, &'static str);

fn best_edit(current: &str, at: usize, error: &SyntaxError, start: Start) -> Option<Candidate> {
    let unexpected = error.span;
    let tries = tries(current, at, unexpected, error.expected() == ["';'"]);
    let candidates = tries.into_iter().filter_map(|(edit, range, word)| {
        let mut text = current.to_owned();
        let word = if word.is_empty() { " " } else { word };
        let grown = word.len() as isize - range.len() as isize;
        (text.is_char_boundary(range.start) && text.is_char_boundary(range.end)).then_some(())?;
        text.replace_range(range.clone(), word);
        is_apart(&text, range.start, word).then_some(())?;
        let reach = match first_error(&text, start) {
            None => usize::MAX,
            Some(error) => (error.span.start as usize).saturating_add_signed(-grown),
        };
        let is_way = reach > least_reach(current, edit, unexpected);
        is_way.then_some(Candidate { edit, at: range.start, text, reach })
    });
    // The first of several that go equally far is taken.
    candidates.fold(None, |best: Option<Candidate>, next| match best {
        Some(best) if best.reach >= next.reach => Some(best),
        _ => Some(next),
    })
}

/// True if an inserted word is a token of its own. After `x:`, a `,` would make a URL.
fn is_apart(text: &str, at: usize, word: &str) -> bool {
    let start = at + word.len() - word.trim_start().len();
    word.trim().is_empty() || tokens_before(text, start + 1).last().is_some_and(|token| token.start == start)
}

/// The distance that the parser must get for an edit to count as a repair. Removing a token always gains a little.
fn least_reach(current: &str, edit: Edit, unexpected: Span) -> usize {
    let end = unexpected.end as usize;
    let is_separator = matches!(current.get(unexpected.start as usize..end), Some("," | ";"));
    match edit {
        Edit::Remove(_) if !is_separator => {
            let mut lexer = Lexer::new(current.as_bytes());
            let behind = std::iter::from_fn(|| Some(lexer.next()).filter(|token| token.terminal != Terminal::End))
                .filter(|token| token.start >= end && token.terminal != Terminal::Trivia);
            behind.take(2).last().map_or(end, |token| token.end)
        }
        _ => end,
    }
}

fn tries(current: &str, at: usize, unexpected: Span, expects_semicolon: bool) -> Vec<Try> {
    let behind = previous(current, at).map_or(0, |(_, end)| end);
    let before_name = end_before_path(current, at);
    let range = unexpected.start as usize..unexpected.end as usize;
    let token = current.get(range.clone()).unwrap_or_default();
    let insert = |at: usize, word: &'static str| (Edit::Insert(at as u32, word), at..at, word);
    let replace = |end: usize, word| {
        let span = Span::new(unexpected.start, end as u32);
        (Edit::Replace(span, word), range.start..end, word)
    };
    let innermost = Brackets::before(current.as_bytes(), unexpected.start).innermost();
    let innermost = innermost.and_then(|pair| current.as_bytes().get(pair.open.start as usize)).copied();
    let mut tries: Vec<Try> = Vec::new();
    match token {
        // `a = 1 b = 2`: the parser fails at the sign, but the missing token belongs before the name.
        "=" if current.get(range.end..).is_some_and(|rest| rest.starts_with('>')) => {
            tries.push(replace(range.end + 1, ":"));
        }
        "=" => tries.extend([insert(before_name, ";"), replace(range.end, "==")]),
        "==" => tries.extend([replace(range.end, "="), insert(before_name, " in ")]),
        "," if innermost == Some(b'{') && expects_semicolon => tries.push(replace(range.end, ";")),
        ":" if innermost == Some(b'{') => tries.push(replace(range.end, "=")),
        ":" => {}
        _ => tries.push(insert(before_name, " in ")),
    }
    tries.extend(KEYWORDS.iter().filter(|(word, _)| *word == token).map(|(_, quoted)| replace(range.end, quoted)));
    tries.extend(INSERTIONS.map(|word| insert(behind, word)));
    if matches!(token, ";" | ")" | "]" | "}" | "then" | "else" | "in" | "") && !ends_in_path(&current[..behind]) {
        tries.push(insert(behind, VALUE));
    }
    // A closing token is rarely superfluous.
    let ends = matches!(token, "}" | ")" | "]" | "''") || (token == ";" && innermost == Some(b'{'));
    if !range.is_empty() && !ends {
        tries.push((Edit::Remove(unexpected), range, ""));
    }
    tries
}

/// True after the `.` or `?` of an attribute path, where a name is missing and no value.
fn ends_in_path(text: &str) -> bool {
    text.ends_with(['.', '?'])
}

fn previous(text: &str, offset: usize) -> Option<(usize, usize)> {
    tokens_before(text, offset).last().map(|token| (token.start, token.end))
}

/// The tokens before an offset, without white space.
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

/// The end of the token before the attribute path before an offset.
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

/// The offset in the original text for an offset in the edited one.
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
            Self::Replace(replaced, word) => Self::Replace(span(replaced), word),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_mended() {
        let replace = |start, end, word| Some(Edit::Replace(Span::new(start, end), word));
        let table: [(&str, &[Option<Edit>]); 22] = [
            ("{ a = 1 b = 2; }", &[Some(Edit::Insert(7, ";"))]),
            ("{ a = 1; b = 2 }", &[Some(Edit::Insert(14, ";"))]),
            ("{ a = [ 1 2; }", &[Some(Edit::Insert(11, "]"))]),
            ("(1 + 2", &[Some(Edit::Insert(6, ")"))]),
            ("if a = b then 1 else 2", &[replace(5, 6, "==")]),
            ("let a == 1; in a", &[replace(6, 8, "=")]),
            ("{ a.b == 1; c = 2 == 3; }", &[replace(6, 8, "=")]),
            ("{ a = 1, b = 2; }", &[replace(7, 8, ";")]),
            ("{ a: 1; }", &[replace(3, 4, "=")]),
            ("map (x => x) [ ]", &[replace(7, 9, ":")]),
            ("{ in = 1; }", &[replace(2, 4, "\"in\"")]),
            ("let a = 1; a + 1", &[Some(Edit::Insert(10, " in "))]),
            ("{ a b }: 1", &[Some(Edit::Insert(3, ","))]),
            ("a ? 1 : 2", &[None]),
            ("[ 1, 2 ]", &[Some(Edit::Remove(Span::new(3, 4)))]),
            ("{ a = 1 b = [ 2, 3 ]; }", &[Some(Edit::Insert(7, ";")), Some(Edit::Remove(Span::new(15, 16)))]),
            ("1 +", &[Some(Edit::Insert(3, VALUE))]),
            ("x: y: ", &[Some(Edit::Insert(5, VALUE))]),
            ("[ (x: ) ]", &[Some(Edit::Insert(5, VALUE))]),
            ("a ? ", &[None]),
            ("let a = ; in a", &[Some(Edit::Insert(7, VALUE))]),
            ("if a then else b", &[Some(Edit::Insert(9, VALUE))]),
        ];
        for (text, expected) in table {
            let edits: Vec<_> = errors(text.as_bytes()).into_iter().map(|mended| mended.edit).collect();
            assert_eq!(edits, expected, "{text}");
        }
    }

    #[test]
    fn tokens_before_an_offset() {
        assert_eq!(token_before(b"a = 1  ;", 7), Some(Span::new(4, 5)));
    }
}

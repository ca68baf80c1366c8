//! The lexer: the tokens of a text one at a time, with exactly the boundaries of C++ Nix.
//!
//! Example: `a/b` is one path, `a / b` three tokens, and `x:x` a URI. The longest match wins. Other rules apply
//! inside strings and paths, so the lexer keeps a stack of them.

use rnix::SyntaxKind::{self, *};

use super::bytes::{BLANK, DIGIT, NAME, NAME_START, is, is_at, run};
use super::lexer_modes::Runs;
use super::terminals::Terminal;

/// A token: its terminal in the grammar, its kind in the tree, and its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) terminal: Terminal,
    pub(super) kind: SyntaxKind,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The construct that the lexer is inside of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Inside {
    Braces,
    Interpolation,
    Quotes,
    IndentedString,
    /// A path that may continue, possibly with `${`, with the kind of its tokens.
    Path(SyntaxKind),
    /// A path whose last byte was a slash: it must continue.
    PathAfterSlash(SyntaxKind),
}

/// Splits a text into tokens.
pub(super) struct Lexer<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
    pub(super) inside: Vec<Inside>,
    pub(super) runs: Runs,
    /// The starts of the last two parts of a path.
    pub(super) path_parts: (usize, usize),
    /// The position at which the end of the text is reported. Nix puts it before a path that ends the text.
    pub(super) end_at: usize,
    /// True if no comment ends from here on, so that `*/` is not searched again.
    endless_comment: bool,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            inside: Vec::new(),
            runs: Runs::default(),
            path_parts: (0, 0),
            end_at: bytes.len(),
            endless_comment: false,
        }
    }

    /// The next token; always `End` after the end of the text.
    #[inline]
    pub(super) fn next(&mut self) -> Token {
        match self.inside.last() {
            None | Some(Inside::Braces | Inside::Interpolation) => self.ordinary(),
            Some(Inside::Quotes) => self.in_quotes(),
            Some(Inside::IndentedString) => self.in_indented_string(),
            Some(Inside::Path(kind)) => self.in_path(*kind, false),
            Some(Inside::PathAfterSlash(kind)) => self.in_path(*kind, true),
        }
    }

    /// Takes `length` bytes as a token.
    #[inline]
    pub(super) fn take(&mut self, length: usize, terminal: Terminal, kind: SyntaxKind) -> Token {
        let start = self.at;
        self.at += length;
        Token { terminal, kind, start, end: self.at }
    }

    /// The end of the text, to be reported at `at`.
    pub(super) fn end(&self, at: usize) -> Token {
        Token { terminal: Terminal::End, kind: TOKEN_ERROR, start: at, end: at }
    }

    #[inline]
    pub(super) fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    /// True if the text continues with `word`.
    pub(super) fn sees(&self, word: &[u8]) -> bool {
        self.bytes[self.at..].starts_with(word)
    }

    fn ordinary(&mut self) -> Token {
        let Some(&byte) = self.bytes.get(self.at) else { return self.end(self.end_at) };
        if is(byte, BLANK) {
            return self.trivia(run(self.bytes, self.at + 1, BLANK), TOKEN_WHITESPACE);
        }
        if is(byte, NAME_START) {
            return self.word();
        }
        if is(byte, DIGIT) {
            return self.number();
        }
        match byte {
            b'{' | b'}' | b'"' | b'\'' | b'$' => self.bracket(byte),
            b'#' => self.line_comment(),
            b'/' | b'.' | b'+' | b'-' | b'~' | b'<' => self.path_or_symbol(byte),
            _ => self.symbol(byte),
        }
    }

    fn trivia(&mut self, end: usize, kind: SyntaxKind) -> Token {
        self.take(end - self.at, Terminal::Trivia, kind)
    }

    fn line_comment(&mut self) -> Token {
        let rest = &self.bytes[self.at..];
        let length = memchr::memchr2(b'\r', b'\n', rest).unwrap_or(rest.len());
        self.trivia(self.at + length, TOKEN_COMMENT)
    }

    /// `/* … */`. Without its end it is not a comment, and the slash is just a slash.
    fn block_comment(&mut self) -> Option<Token> {
        if self.endless_comment {
            return None;
        }
        let body = self.bytes.get(self.at + 2..).unwrap_or_default();
        let Some(length) = memchr::memmem::find(body, b"*/") else {
            self.endless_comment = true;
            return None;
        };
        Some(self.trivia(self.at + length + 4, TOKEN_COMMENT))
    }

    fn word(&mut self) -> Token {
        let end = run(self.bytes, self.at + 1, NAME);
        if matches!(self.bytes.get(end), Some(b'/' | b'.' | b'+' | b':'))
            && let Some(token) = self.path_or_uri(end)
        {
            return token;
        }
        let (terminal, kind) = keyword(&self.bytes[self.at..end]);
        self.take(end - self.at, terminal, kind)
    }

    fn number(&mut self) -> Token {
        let digits = run(self.bytes, self.at, DIGIT);
        let (end, terminal, kind) = match self.float_end(digits) {
            Some(end) => (end, Terminal::Float, TOKEN_FLOAT),
            None => (digits, Terminal::Integer, TOKEN_INTEGER),
        };
        match self.path_or_uri(end) {
            Some(token) => token,
            None => self.take(end - self.at, terminal, kind),
        }
    }

    /// The end of a float whose digits before the dot end at `digits`. `00.5` is the integer 00 and then the float .5.
    fn float_end(&self, digits: usize) -> Option<usize> {
        if self.bytes.get(digits) != Some(&b'.') {
            return None;
        }
        let fraction = run(self.bytes, digits + 1, DIGIT);
        let leads = match &self.bytes[self.at..digits] {
            [] | [b'0'] => fraction > digits + 1,
            [first, ..] => *first != b'0',
        };
        if !leads {
            return None;
        }
        let mut exponent = fraction + 1;
        if matches!(self.bytes.get(fraction), Some(b'e' | b'E')) {
            exponent += usize::from(matches!(self.bytes.get(exponent), Some(b'+' | b'-')));
            if is_at(self.bytes, exponent, DIGIT) {
                return Some(run(self.bytes, exponent, DIGIT));
            }
        }
        Some(fraction)
    }

    fn bracket(&mut self, byte: u8) -> Token {
        match byte {
            b'{' => {
                self.inside.push(Inside::Braces);
                self.take(1, Terminal::BraceOpen, TOKEN_L_BRACE)
            }
            b'}' => {
                let interpolation = self.inside.pop() == Some(Inside::Interpolation);
                self.take(1, Terminal::BraceClose, if interpolation { TOKEN_INTERPOL_END } else { TOKEN_R_BRACE })
            }
            b'"' => {
                self.inside.push(Inside::Quotes);
                self.take(1, Terminal::Quote, TOKEN_STRING_START)
            }
            b'\'' if self.peek(1) == Some(b'\'') => {
                self.inside.push(Inside::IndentedString);
                self.take(2, Terminal::IndentedOpen, TOKEN_STRING_START)
            }
            b'$' if self.peek(1) == Some(b'{') => self.interpolation(),
            _ => self.invalid(),
        }
    }

    pub(super) fn interpolation(&mut self) -> Token {
        self.inside.push(Inside::Interpolation);
        self.take(2, Terminal::Interpolation, TOKEN_INTERPOL_START)
    }

    fn path_or_symbol(&mut self, byte: u8) -> Token {
        match (byte, self.peek(1)) {
            (b'/', Some(b'*')) => self.block_comment().unwrap_or_else(|| self.symbol(byte)),
            (b'.', Some(b'0'..=b'9')) => self.number(),
            (_, None | Some(b' ' | b'\n')) => self.symbol(byte),
            (b'<', _) => self.search_path().unwrap_or_else(|| self.symbol(byte)),
            (b'~', _) => self.home_path().unwrap_or_else(|| self.symbol(byte)),
            _ => self.path_or_uri(self.at).unwrap_or_else(|| self.symbol(byte)),
        }
    }

    fn symbol(&mut self, byte: u8) -> Token {
        let two = match (byte, self.peek(1)) {
            (b'=', Some(b'=')) => (Terminal::Equal, TOKEN_EQUAL),
            (b'!', Some(b'=')) => (Terminal::NotEqual, TOKEN_NOT_EQUAL),
            (b'<', Some(b'=')) => (Terminal::LessEqual, TOKEN_LESS_OR_EQ),
            (b'>', Some(b'=')) => (Terminal::GreaterEqual, TOKEN_MORE_OR_EQ),
            (b'&', Some(b'&')) => (Terminal::And, TOKEN_AND_AND),
            (b'|', Some(b'|')) => (Terminal::OrOr, TOKEN_OR_OR),
            (b'-', Some(b'>')) => (Terminal::Implies, TOKEN_IMPLICATION),
            (b'/', Some(b'/')) => (Terminal::Update, TOKEN_UPDATE),
            (b'+', Some(b'+')) => (Terminal::Concat, TOKEN_CONCAT),
            (b'<', Some(b'|')) => (Terminal::PipeFrom, TOKEN_PIPE_LEFT),
            (b'|', Some(b'>')) => (Terminal::PipeInto, TOKEN_PIPE_RIGHT),
            (b'.', Some(b'.')) if self.peek(2) == Some(b'.') => {
                return self.take(3, Terminal::Ellipsis, TOKEN_ELLIPSIS);
            }
            _ => return self.single(byte),
        };
        self.take(2, two.0, two.1)
    }

    fn single(&mut self, byte: u8) -> Token {
        let (terminal, kind) = match byte {
            b'.' => (Terminal::Dot, TOKEN_DOT),
            b';' => (Terminal::Semicolon, TOKEN_SEMICOLON),
            b'=' => (Terminal::Assign, TOKEN_ASSIGN),
            b'(' => (Terminal::ParenOpen, TOKEN_L_PAREN),
            b')' => (Terminal::ParenClose, TOKEN_R_PAREN),
            b'[' => (Terminal::BracketOpen, TOKEN_L_BRACK),
            b']' => (Terminal::BracketClose, TOKEN_R_BRACK),
            b':' => (Terminal::Colon, TOKEN_COLON),
            b',' => (Terminal::Comma, TOKEN_COMMA),
            b'?' => (Terminal::Question, TOKEN_QUESTION),
            b'@' => (Terminal::At, TOKEN_AT),
            b'+' => (Terminal::Plus, TOKEN_ADD),
            b'-' => (Terminal::Minus, TOKEN_SUB),
            b'*' => (Terminal::Times, TOKEN_MUL),
            b'/' => (Terminal::Slash, TOKEN_DIV),
            b'<' => (Terminal::Less, TOKEN_LESS),
            b'>' => (Terminal::Greater, TOKEN_MORE),
            b'!' => (Terminal::Not, TOKEN_INVERT),
            // A NUL byte outside of strings and comments ends the text.
            0 => return self.end(self.at + 1),
            _ => return self.invalid(),
        };
        self.take(1, terminal, kind)
    }

    /// One character that cannot start a token, with all of its bytes, so that the tree can contain it as text.
    fn invalid(&mut self) -> Token {
        let rest = &self.bytes[self.at + 1..];
        let more = rest.iter().take_while(|&&byte| byte & 0xc0 == 0x80).count();
        self.take(1 + more, Terminal::Invalid, TOKEN_ERROR)
    }
}

fn keyword(word: &[u8]) -> (Terminal, SyntaxKind) {
    match word {
        b"if" => (Terminal::If, TOKEN_IF),
        b"then" => (Terminal::Then, TOKEN_THEN),
        b"else" => (Terminal::Else, TOKEN_ELSE),
        b"assert" => (Terminal::Assert, TOKEN_ASSERT),
        b"with" => (Terminal::With, TOKEN_WITH),
        b"let" => (Terminal::Let, TOKEN_LET),
        b"in" => (Terminal::In, TOKEN_IN),
        b"rec" => (Terminal::Rec, TOKEN_REC),
        b"inherit" => (Terminal::Inherit, TOKEN_INHERIT),
        b"or" => (Terminal::Or, TOKEN_OR),
        _ => (Terminal::Name, TOKEN_IDENT),
    }
}

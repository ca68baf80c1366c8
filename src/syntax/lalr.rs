//! The exact parser: gives the tree or the first error of a text, both as in C++ Nix.
//!
//! It follows the table of `table.rs` with its own stack, so nesting is not limited by the stack of the thread.
//! Example: in `{ a = 1 }` the only token that may follow `1` is `;`, hence `syntax error, unexpected '}', expecting
//! ';'`.

use super::builder::{Builder, Extent};
use super::lexer::{Lexer, Token};
use super::rules::Symbol;
use super::table::{Action, Row, Table, table};
use super::terminals::{COUNT, TERMINALS, Terminal};
use super::{Fault, Parsed, SyntaxError, literals, strings};
use crate::source::Span;
use rnix::SyntaxKind::{NODE_ERROR, TOKEN_COMMENT, TOKEN_ERROR, TOKEN_REC};

/// In a longer text, the rest after an error is one token: its colours don't matter.
const HIGHLIGHTED: usize = 64 << 10;

/// The start symbol of a text: an expression, or bindings such as `a = 1; b = 2;`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    Expression,
    Bindings,
    /// Bindings that see each other, as after `rec`.
    RecursiveBindings,
}

/// Parses `text`.
pub(super) fn parse(text: &str, start: Start) -> Parsed {
    let mut parser = Parser {
        table: table(),
        lexer: Lexer::new(text.as_bytes()),
        builder: Builder::new(text),
        stack: Vec::new(),
        states: vec![0],
        trivia: Vec::new(),
        token: None,
    };
    let result = parser.run(start);
    parser.finish(text, result.err())
}

struct Parser<'a> {
    table: &'static Table,
    lexer: Lexer<'a>,
    builder: Builder<'a>,
    /// The symbols found so far that no completed rule has consumed.
    stack: Vec<Extent>,
    /// The state before each of them, and the current one.
    states: Vec<u16>,
    /// White space and comments before the next token.
    trivia: Vec<Token>,
    /// The latest token.
    token: Option<Token>,
}

impl Parser<'_> {
    fn run(&mut self, start: Start) -> Result<(), SyntaxError> {
        let kind = match start {
            Start::Expression => None,
            Start::Bindings => Some(TOKEN_ERROR),
            Start::RecursiveBindings => Some(TOKEN_REC),
        };
        if let Some(kind) = kind {
            self.accept(Token { terminal: Terminal::Bindings, kind, start: 0, end: 0 })?;
        }
        loop {
            self.settle();
            let token = self.lexer.next();
            self.token = Some(token);
            match token.terminal {
                Terminal::Trivia => self.trivia.push(token),
                Terminal::End => return self.accept(token),
                _ => self.accept(token)?,
            }
        }
    }

    /// Completes rules until the token can be taken, and takes it.
    fn accept(&mut self, token: Token) -> Result<(), SyntaxError> {
        self.check_token(token)?;
        loop {
            let row = self.row();
            match row.actions[token.terminal as usize] {
                Action::Shift(state) => {
                    self.shift(token, state);
                    return Ok(());
                }
                Action::Reduce(rule) => self.reduce(rule),
                Action::Error => return Err(self.unexpected(token)),
                Action::Default => match row.default {
                    Some(rule) => self.reduce(rule),
                    None => return Err(self.unexpected(token)),
                },
            }
        }
    }

    /// Completes the rules that are complete for any next token, so that their errors are found before the next token
    /// is read.
    fn settle(&mut self) {
        while let Some(rule) = self.row().settled {
            self.reduce(rule);
        }
    }

    fn row(&self) -> &'static Row {
        let state = self.states.last().copied().unwrap_or_default();
        &self.table.rows[usize::from(state)]
    }

    fn shift(&mut self, token: Token, state: u16) {
        self.flush_trivia();
        let start = self.builder.length();
        // The `rec` of recursive bindings is in the tree, though not in the text.
        if token.end > token.start || token.kind == TOKEN_REC {
            self.builder.token(token.kind, token.start, token.end);
        }
        self.stack.push(Extent { start, end: self.builder.length(), symbol: token.terminal as Symbol });
        self.states.push(state);
    }

    fn flush_trivia(&mut self) {
        for token in self.trivia.drain(..) {
            self.builder.token(token.kind, token.start, token.end);
        }
    }

    fn reduce(&mut self, number: u16) {
        let rule = &self.table.rules[usize::from(number)];
        let base = self.stack.len() - rule.length;
        for group in &rule.groups {
            self.builder.group(group, &mut self.stack[base..]);
        }
        let end = self.builder.length();
        let start = self.stack.get(base).map_or(end, |first| first.start);
        self.stack.truncate(base);
        self.states.truncate(base + 1);
        let state = self.row().gotos[usize::from(rule.left) - COUNT];
        self.stack.push(Extent { start, end, symbol: rule.left });
        self.states.push(state);
    }

    /// Raises the errors of Nix's lexer.
    fn check_token(&self, token: Token) -> Result<(), SyntaxError> {
        let text = || String::from_utf8_lossy(&self.lexer.bytes[token.start..token.end]);
        let fault = match token.terminal {
            Terminal::Integer => literals::integer(&text()).err().map(Fault::Literal),
            Terminal::Float => literals::float(&text()).err().map(Fault::Literal),
            Terminal::Text | Terminal::IndentedText => return self.check_nul(token),
            Terminal::Refused => Some(Fault::TrailingSlash),
            _ => None,
        };
        fault.map_or(Ok(()), |fault| Err(SyntaxError { span: span(token), fault, incomplete: false }))
    }

    /// Refuses NUL bytes in strings.
    fn check_nul(&self, token: Token) -> Result<(), SyntaxError> {
        let (before, rest) = self.lexer.bytes.split_at(token.start);
        let mut raw = &rest[..token.end - token.start];
        if memchr::memchr(0, raw).is_none() {
            return Ok(());
        }
        let mut text = Vec::new();
        if token.terminal == Terminal::Text {
            strings::unescape(raw, &mut text);
        } else {
            raw = if before.ends_with(b"''") { strings::without_blank_first_line(raw) } else { raw };
            let (start, part) = strings::part_with_nul(raw);
            raw = &raw[start..];
            text.extend_from_slice(part);
        }
        let shown = String::from_utf8_lossy(&text).replace('\0', "\u{2400}");
        let why = "cannot be represented as Nix string because it contains null bytes";
        let span = Span::new(place(token.end - raw.len()), place(token.end));
        let fault = Fault::Literal(format!("input string '{shown}' {why}"));
        Err(SyntaxError { span, fault, incomplete: false })
    }

    fn unexpected(&self, token: Token) -> SyntaxError {
        let mut expected: Vec<&str> = self.row().expected().into_iter().map(|it| TERMINALS[it].1).collect();
        // A message has room for four.
        if expected.len() > 4 {
            expected.clear();
        }
        let fault = Fault::Unexpected { token: TERMINALS[token.terminal as usize].1, expected };
        let incomplete = token.terminal == Terminal::End || self.in_endless_comment(token);
        SyntaxError { span: span(token), fault, incomplete }
    }

    /// True if the text ends in an unclosed comment: its `/` or, after a value, its `*` is unexpected.
    fn in_endless_comment(&self, token: Token) -> bool {
        let from = if token.terminal == Terminal::Times { token.start.saturating_sub(1) } else { token.start };
        self.lexer.bytes[from..].starts_with(b"/*")
    }

    /// Puts the rest of the text into the tree: all of it after an error, or after a NUL byte that ended the text.
    fn finish(mut self, text: &str, error: Option<SyntaxError>) -> Parsed {
        self.flush_trivia();
        let start = self.builder.length();
        let mut next = self.token.filter(|_| error.is_some());
        while let Some(token) = next.filter(|token| token.terminal != Terminal::End) {
            if token.end > token.start {
                self.builder.token(token.kind, token.start, token.end);
            }
            next = (text.len() <= HIGHLIGHTED).then(|| self.lexer.next());
        }
        let used = self.builder.text_length();
        if used < text.len() {
            self.builder.token(if error.is_some() { TOKEN_ERROR } else { TOKEN_COMMENT }, used, text.len());
        }
        let end = self.builder.length();
        if error.is_some() && start < end {
            self.builder.wrap(NODE_ERROR, start, end);
        }
        if error.is_some() {
            self.close_gathered();
        }
        let (root, height) = self.builder.finish();
        Parsed { root, errors: error.into_iter().collect(), height }
    }

    /// Wraps the parts gathered before the error into nodes: the definitions of a set without its end.
    fn close_gathered(&mut self) {
        for extent in self.stack.iter().rev().filter(|extent| extent.start < extent.end) {
            if let Some(kind) = self.table.gathered(extent.symbol) {
                self.builder.wrap(kind, extent.start, extent.end);
            }
        }
    }
}

fn span(token: Token) -> Span {
    Span::new(place(token.start), place(token.end))
}

fn place(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

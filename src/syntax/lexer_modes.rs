//! The part of the lexer for paths, URIs and the text of strings.
//!
//! Example: in `./a/${b}.nix` the lexer takes `./a/`, then the interpolation, then `.nix`, then the end of the path,
//! which has no bytes.

use rnix::SyntaxKind::{self, *};

use super::bytes::{NAME_START, PATH, SCHEME, URI, is_at, run};
use super::lexer::{Inside, Lexer, Token};
use super::terminals::Terminal;

/// The latest run of path bytes, and of scheme bytes in it: without it, `a.a.a…` would be scanned again from each
/// `a`.
#[derive(Default)]
pub(super) struct Runs {
    path: (usize, usize),
    scheme: (usize, usize),
}

impl Runs {
    fn path_end(&mut self, bytes: &[u8], at: usize) -> usize {
        remembered(&mut self.path, bytes, at, PATH)
    }

    fn scheme_end(&mut self, bytes: &[u8], at: usize) -> usize {
        remembered(&mut self.scheme, bytes, at, SCHEME)
    }
}

fn remembered(last: &mut (usize, usize), bytes: &[u8], at: usize, class: u8) -> usize {
    if !(last.0..last.1).contains(&at) {
        *last = (at, run(bytes, at, class));
    }
    last.1
}

impl Lexer<'_> {
    /// A path or URI that starts here, if it is longer than the other token, which ends at `end`.
    pub(super) fn path_or_uri(&mut self, end: usize) -> Option<Token> {
        if let Some(uri) = self.uri_end()
            && uri > end
        {
            return Some(self.take(uri - self.at, Terminal::Uri, TOKEN_URI));
        }
        let slash = self.runs.path_end(self.bytes, self.at);
        let path = self.segments_end(slash)?;
        if path <= end {
            return None;
        }
        let kind = if self.bytes[self.at] == b'/' { TOKEN_PATH_ABS } else { TOKEN_PATH_REL };
        Some(self.path(path, Terminal::Path, kind))
    }

    fn uri_end(&mut self) -> Option<usize> {
        if !is_at(self.bytes, self.at, NAME_START) || self.bytes[self.at] == b'_' {
            return None;
        }
        let colon = self.runs.scheme_end(self.bytes, self.at);
        let starts = self.bytes.get(colon) == Some(&b':') && is_at(self.bytes, colon + 1, URI);
        starts.then(|| run(self.bytes, colon + 1, URI))
    }

    /// The end of `/a/b` or `/a/`, or of the single slash of `/${`, at `slash`.
    fn segments_end(&self, slash: usize) -> Option<usize> {
        let mut end = slash;
        while self.bytes.get(end) == Some(&b'/') && is_at(self.bytes, end + 1, PATH) {
            end = run(self.bytes, end + 1, PATH);
        }
        let rest = self.bytes.get(end..).unwrap_or_default();
        match (end > slash, rest.starts_with(b"/"), rest.starts_with(b"/${")) {
            (true, true, _) | (false, _, true) => Some(end + 1),
            (true, false, _) => Some(end),
            (false, _, false) => None,
        }
    }

    fn path(&mut self, end: usize, terminal: Terminal, kind: SyntaxKind) -> Token {
        let slash = self.bytes[end - 1] == b'/';
        self.path_parts = (self.path_parts.1, self.at);
        self.inside.push(if slash { Inside::PathAfterSlash(kind) } else { Inside::Path(kind) });
        self.take(end - self.at, terminal, kind)
    }

    /// `~/a`.
    pub(super) fn home_path(&mut self) -> Option<Token> {
        let end = self.segments_end(self.at + 1)?;
        Some(self.path(end, Terminal::HomePath, TOKEN_PATH_HOME))
    }

    /// `<nixpkgs/lib>`.
    pub(super) fn search_path(&mut self) -> Option<Token> {
        let mut end = self.at;
        while (end == self.at || self.bytes.get(end) == Some(&b'/')) && is_at(self.bytes, end + 1, PATH) {
            end = run(self.bytes, end + 1, PATH);
        }
        let complete = end > self.at && self.bytes.get(end) == Some(&b'>');
        complete.then(|| self.take(end + 1 - self.at, Terminal::SearchPath, TOKEN_PATH_SEARCH))
    }

    /// The token after the start of a path: `${`, more path, or its end.
    pub(super) fn in_path(&mut self, kind: SyntaxKind, after_slash: bool) -> Token {
        self.inside.pop();
        if self.sees(b"${") {
            self.inside.push(Inside::Path(kind));
            return self.interpolation();
        }
        let segment = run(self.bytes, self.at, PATH);
        let slash = usize::from(self.bytes.get(segment) == Some(&b'/'));
        let end = self.segments_end(segment).unwrap_or(segment + slash);
        if end > self.at {
            return self.path(end, Terminal::Text, kind);
        }
        self.path_end(after_slash)
    }

    /// The end of a path. Nix reports it at the start of the last token, or one token earlier if the text ends here.
    fn path_end(&mut self, after_slash: bool) -> Token {
        let after_interpolation = self.bytes[..self.at].ends_with(b"}");
        let last = if after_interpolation { self.at - 1 } else { self.path_parts.1 };
        let ended = self.at == self.bytes.len();
        let start = match (after_slash, ended) {
            (true, false) => self.at,
            (true, true) | (false, false) => last,
            (false, true) => self.path_parts.0,
        };
        if ended {
            self.end_at = last;
        }
        let terminal = if after_slash { Terminal::Refused } else { Terminal::PathEnd };
        Token { terminal, kind: TOKEN_ERROR, start, end: start }
    }

    /// The text up to `${` or the closing quote.
    pub(super) fn in_quotes(&mut self) -> Token {
        let end = self.quoted_end();
        if end > self.at {
            return self.take(end - self.at, Terminal::Text, TOKEN_STRING_CONTENT);
        }
        match self.peek(0) {
            Some(b'"') => {
                self.inside.pop();
                self.take(1, Terminal::Quote, TOKEN_STRING_END)
            }
            Some(b'$') if self.peek(1) == Some(b'{') => self.interpolation(),
            // A lone `$` or `\` at the end of the text.
            _ => self.end(self.bytes.len()),
        }
    }

    fn quoted_end(&self) -> usize {
        let mut at = self.at;
        while let Some(found) = memchr::memchr3(b'"', b'\\', b'$', self.bytes.get(at..).unwrap_or_default()) {
            at += found;
            at += match (self.bytes[at], self.bytes.get(at + 1)) {
                (b'"', _) | (_, None) | (b'$', Some(b'{')) => return at,
                (b'$', Some(b'"')) => 1,
                (b'$', Some(b'\\')) if at + 2 == self.bytes.len() => return at,
                (b'$', Some(b'\\')) => 3,
                _ => 2,
            };
        }
        self.bytes.len()
    }

    /// The text up to `${` or the closing quotes.
    pub(super) fn in_indented_string(&mut self) -> Token {
        let end = self.indented_end();
        if end > self.at {
            return self.take(end - self.at, Terminal::IndentedText, TOKEN_STRING_CONTENT);
        }
        if self.sees(b"${") {
            return self.interpolation();
        }
        if self.sees(b"''") {
            self.inside.pop();
            return self.take(2, Terminal::IndentedClose, TOKEN_STRING_END);
        }
        self.end(self.bytes.len())
    }

    fn indented_end(&self) -> usize {
        let mut at = self.at;
        while let Some(found) = memchr::memchr2(b'$', b'\'', self.bytes.get(at..).unwrap_or_default()) {
            at += found;
            at += match &self.bytes[at..] {
                [b'$', b'{', ..] => return at,
                [b'\'', b'\'', b'$' | b'\'', ..] => 3,
                [b'\'', b'\'', b'\\', _, ..] => 4,
                [b'\'', b'\'', ..] => return at,
                [b'$', b'\'', ..] | [b'\'', b'$', ..] | [_] | [] => 1,
                _ => 2,
            };
        }
        self.bytes.len()
    }
}

//! The lexer of JSON: the tokens of a text one by one, and for errors the place and the text last read.

/// A token of JSON.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    BeginArray,
    EndArray,
    BeginObject,
    EndObject,
    NameSeparator,
    ValueSeparator,
    True,
    False,
    Null,
    String(Vec<u8>),
    Unsigned(u64),
    Integer(i64),
    Float(f64),
    EndOfInput,
    /// An invalid token, with the reason.
    Error(String),
}

impl Token {
    /// The name of such a token in messages.
    pub(super) fn description(&self) -> &'static str {
        match self {
            Self::BeginArray => "'['",
            Self::EndArray => "']'",
            Self::BeginObject => "'{'",
            Self::EndObject => "'}'",
            Self::NameSeparator => "':'",
            Self::ValueSeparator => "','",
            Self::True => "true literal",
            Self::False => "false literal",
            Self::Null => "null literal",
            Self::String(_) => "string literal",
            Self::Unsigned(_) | Self::Integer(_) | Self::Float(_) => "number literal",
            Self::EndOfInput => "end of input",
            Self::Error(_) => "<parse error>",
        }
    }
}

pub(super) struct Lexer<'text> {
    pub(super) text: &'text [u8],
    /// Bytes read so far.
    pub(super) read: usize,
    /// True once the end has been read after them.
    read_end: bool,
    /// The start of the text for error messages: the last string or number.
    pub(super) token_start: usize,
    /// True if a newline was read after a number and put back, which loses the column.
    newline_put_back: bool,
}

/// A part of a token, or the error in it.
pub(super) type Scanned<T> = Result<T, &'static str>;

impl<'text> Lexer<'text> {
    pub(super) fn new(text: &'text [u8]) -> Self {
        Self { text, read: 0, read_end: false, token_start: 0, newline_put_back: false }
    }

    /// The next token. After an error the lexer must not be called again.
    pub(super) fn next_token(&mut self) -> Token {
        if self.read == 0 && self.text.first() == Some(&0xef) && !self.skip_byte_order_mark() {
            return Token::Error("invalid BOM; must be 0xEF 0xBB 0xBF if given".to_owned());
        }
        let mut byte = self.get();
        while matches!(byte, Some(b' ' | b'\t' | b'\n' | b'\r')) {
            byte = self.get();
        }
        match byte {
            None | Some(0) => Token::EndOfInput,
            Some(b'[') => Token::BeginArray,
            Some(b']') => Token::EndArray,
            Some(b'{') => Token::BeginObject,
            Some(b'}') => Token::EndObject,
            Some(b':') => Token::NameSeparator,
            Some(b',') => Token::ValueSeparator,
            Some(b't') => self.literal(b"rue", Token::True),
            Some(b'f') => self.literal(b"alse", Token::False),
            Some(b'n') => self.literal(b"ull", Token::Null),
            Some(b'"') => self.string(),
            Some(first @ (b'-' | b'0'..=b'9')) => {
                self.number(first).unwrap_or_else(|error| Token::Error(format!("invalid number; {error}")))
            }
            Some(_) => Token::Error("invalid literal".to_owned()),
        }
    }

    /// True if only the end, or one NUL, has been read.
    pub(super) fn is_empty_input(&self) -> bool {
        self.read + usize::from(self.read_end) == 1
    }

    /// Line and column of the byte last read, counted from 1.
    pub(super) fn position(&self) -> (usize, usize) {
        let read = &self.text[..self.read];
        let line = memchr::memchr_iter(b'\n', read).count() + 1;
        if self.newline_put_back {
            return (line, 0);
        }
        let line_start = memchr::memrchr(b'\n', read).map_or(0, |newline| newline + 1);
        (line, self.read - line_start + usize::from(self.read_end))
    }

    /// The text since the last string or number began, with control characters written like `<U+0009>`.
    pub(super) fn last_read(&self) -> String {
        let mut shown = Vec::new();
        for &byte in &self.text[self.token_start..self.read] {
            if byte < b' ' {
                shown.extend(format!("<U+{byte:04X}>").into_bytes());
            } else {
                shown.push(byte);
            }
        }
        String::from_utf8_lossy(&shown).into_owned()
    }

    pub(super) fn get(&mut self) -> Option<u8> {
        self.newline_put_back = false;
        let byte = self.text.get(self.read).copied();
        self.read += usize::from(byte.is_some());
        self.read_end = byte.is_none();
        byte
    }

    fn skip_byte_order_mark(&mut self) -> bool {
        self.get();
        self.get() == Some(0xbb) && self.get() == Some(0xbf)
    }

    fn literal(&mut self, rest: &[u8], token: Token) -> Token {
        if rest.iter().all(|byte| self.get() == Some(*byte)) {
            token
        } else {
            Token::Error("invalid literal".to_owned())
        }
    }

    fn digits(&mut self) {
        self.read += self.text[self.read..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    }

    fn some_digits(&mut self, missing: &'static str) -> Scanned<()> {
        if !self.get().is_some_and(|byte| byte.is_ascii_digit()) {
            return Err(missing);
        }
        self.digits();
        Ok(())
    }

    fn number(&mut self, first: u8) -> Scanned<Token> {
        self.token_start = self.read - 1;
        let first_digit = if first == b'-' { self.get() } else { Some(first) };
        match first_digit {
            Some(b'0') => {}
            Some(b'1'..=b'9') => self.digits(),
            _ => return Err("expected digit after '-'"),
        }
        let integer_end = self.read;
        if self.peek() == Some(b'.') {
            self.get();
            self.some_digits("expected digit after '.'")?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.get();
            self.exponent()?;
        }
        self.newline_put_back = self.peek() == Some(b'\n');
        Ok(self.number_value(integer_end == self.read))
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.read).copied()
    }

    fn exponent(&mut self) -> Scanned<()> {
        if matches!(self.peek(), Some(b'+' | b'-')) {
            self.get();
            return self.some_digits("expected digit after exponent sign");
        }
        self.some_digits("expected '+', '-', or digit after exponent")
    }

    fn number_value(&self, integer: bool) -> Token {
        let text = String::from_utf8_lossy(&self.text[self.token_start..self.read]);
        if integer && let Ok(value) = text.parse() {
            return Token::Unsigned(value);
        }
        if integer && let Ok(value) = text.parse() {
            return Token::Integer(value);
        }
        Token::Float(text.parse().expect("the number has been checked to be one"))
    }
}

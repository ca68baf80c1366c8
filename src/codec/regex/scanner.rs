//! The tokens of a pattern outside brackets; a whole bracket expression goes to [`super::bracket`].

use super::bracket::{ByteSet, parse_bracket};
use super::parser::ParseError;

/// A token of an extended regular expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Byte(u8),
    AnyByte,
    Set(Box<ByteSet>),
    LineStart,
    LineEnd,
    GroupStart,
    GroupEnd,
    Or,
    ZeroOrMore,
    OneOrMore,
    ZeroOrOne,
    /// The lower and upper bound; `None` for no upper bound.
    Interval(i32, Option<i32>),
    End,
}

/// The bytes with a special meaning. Only these may be escaped.
const SPECIAL_BYTES: &[u8] = b".[\\()*+?{|^$";

pub(super) struct Scanner<'pattern> {
    rest: &'pattern [u8],
}

impl<'pattern> Scanner<'pattern> {
    pub(super) fn new(pattern: &'pattern [u8]) -> Self {
        Self { rest: pattern }
    }

    pub(super) fn next_token(&mut self) -> Result<Token, ParseError> {
        let Some(byte) = self.take_byte() else {
            return Ok(Token::End);
        };
        Ok(match byte {
            b'.' => Token::AnyByte,
            b'[' => Token::Set(Box::new(parse_bracket(&mut self.rest)?)),
            b'\\' => self.escape()?,
            b'(' => Token::GroupStart,
            b')' => Token::GroupEnd,
            b'*' => Token::ZeroOrMore,
            b'+' => Token::OneOrMore,
            b'?' => Token::ZeroOrOne,
            b'{' => self.interval()?,
            b'|' => Token::Or,
            b'^' => Token::LineStart,
            b'$' => Token::LineEnd,
            0 => return Err(ParseError::Invalid),
            _ => Token::Byte(byte),
        })
    }

    fn take_byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*byte)
    }

    fn escape(&mut self) -> Result<Token, ParseError> {
        match self.take_byte() {
            Some(byte) if SPECIAL_BYTES.contains(&byte) => Ok(Token::Byte(byte)),
            _ => Err(ParseError::Invalid),
        }
    }

    /// The rest of `{n}`, `{n,}` or `{n,m}`.
    fn interval(&mut self) -> Result<Token, ParseError> {
        let least = self.number()?.ok_or(ParseError::Invalid)?;
        let mut most = Some(least);
        let mut end = self.take_byte();
        if end == Some(b',') {
            most = self.number()?;
            end = self.take_byte();
        }
        if end == Some(b'}') { Ok(Token::Interval(least, most)) } else { Err(ParseError::Invalid) }
    }

    fn number(&mut self) -> Result<Option<i32>, ParseError> {
        let length = self.rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = self.rest.split_at(length);
        self.rest = rest;
        let append = |value: i32, digit: &u8| value.checked_mul(10)?.checked_add(i32::from(digit - b'0'));
        let value = digits.iter().try_fold(0, append).ok_or(ParseError::Invalid)?;
        Ok((length > 0).then_some(value))
    }
}

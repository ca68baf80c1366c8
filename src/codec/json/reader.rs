//! The JSON reader: the tree of a text, or the message of the first error.

use super::lexer::{Lexer, Token};
use super::{Json, JsonError};

/// An array or object whose end has not been read.
enum Open {
    Array(Vec<Json>),
    /// The members so far, and the name of the one whose value comes next.
    Object(Vec<(Vec<u8>, Json)>, Vec<u8>),
}

/// The value of `text`. Only white space may follow the value.
pub fn parse_json(text: &[u8]) -> Result<Json, JsonError> {
    let mut reader = Reader { lexer: Lexer::new(text), open: Vec::new() };
    let mut token = reader.lexer.next_token();
    loop {
        match reader.begin_value(token)? {
            Begun::Inside(first) => token = first,
            Begun::Complete(value) => {
                if let Some(whole) = reader.complete(value)? {
                    return Ok(whole);
                }
                token = reader.lexer.next_token();
            }
        }
    }
}

/// The result of the first token of a value.
enum Begun {
    /// The value is read.
    Complete(Json),
    /// An array or object is open; its first value begins with this token.
    Inside(Token),
}

struct Reader<'text> {
    lexer: Lexer<'text>,
    open: Vec<Open>,
}

impl Reader<'_> {
    fn begin_value(&mut self, token: Token) -> Result<Begun, JsonError> {
        match token {
            Token::BeginArray => {
                let next = self.lexer.next_token();
                if next == Token::EndArray {
                    return Ok(Begun::Complete(Json::Array(Vec::new())));
                }
                self.open.push(Open::Array(Vec::new()));
                Ok(Begun::Inside(next))
            }
            Token::BeginObject => {
                let next = self.lexer.next_token();
                if next == Token::EndObject {
                    return Ok(Begun::Complete(Json::Object(Vec::new())));
                }
                let name = self.name(next)?;
                self.open.push(Open::Object(Vec::new(), name));
                Ok(Begun::Inside(self.lexer.next_token()))
            }
            scalar => self.scalar(scalar).map(Begun::Complete),
        }
    }

    fn scalar(&self, token: Token) -> Result<Json, JsonError> {
        match token {
            Token::Null => Ok(Json::Null),
            Token::True => Ok(Json::Bool(true)),
            Token::False => Ok(Json::Bool(false)),
            Token::Integer(value) => Ok(Json::Int(value)),
            Token::Unsigned(value) => i64::try_from(value).map(Json::Int).map_err(|_| JsonError::IntegerRange(value)),
            Token::Float(value) if value.is_finite() => Ok(Json::Float(value)),
            Token::Float(_) => Err(JsonError::Parse {
                kind: "out_of_range.406",
                reason: format!("number overflow parsing '{}'", self.lexer.last_read()),
            }),
            Token::String(text) => without_nul(text).map(Json::String),
            Token::EndOfInput if self.lexer.is_empty_input() => Err(self.parse_error(
                "attempting to parse an empty input; check that your input string or stream contains the expected JSON",
            )),
            Token::Error(_) => Err(self.unexpected(&token, "value", None)),
            other => Err(self.unexpected(&other, "value", Some("'[', '{', or a literal"))),
        }
    }

    /// The name of a member, with the colon after it.
    fn name(&mut self, token: Token) -> Result<Vec<u8>, JsonError> {
        let Token::String(text) = token else {
            return Err(self.unexpected(&token, "object key", Some("string literal")));
        };
        let name = without_nul(text)?;
        match self.lexer.next_token() {
            Token::NameSeparator => Ok(name),
            other => Err(self.unexpected(&other, "object separator", Some("':'"))),
        }
    }

    /// Puts a value into the innermost open array or object and closes all that end after it. Returns the value of
    /// the whole text once that is complete.
    fn complete(&mut self, mut value: Json) -> Result<Option<Json>, JsonError> {
        while let Some(open) = self.open.pop() {
            let token = self.lexer.next_token();
            value = match open {
                Open::Array(mut elements) => {
                    elements.push(value);
                    match token {
                        Token::EndArray => Json::Array(elements),
                        Token::ValueSeparator => {
                            self.open.push(Open::Array(elements));
                            return Ok(None);
                        }
                        other => return Err(self.unexpected(&other, "array", Some("']'"))),
                    }
                }
                Open::Object(mut members, name) => {
                    members.push((name, value));
                    match token {
                        Token::EndObject => Json::Object(sorted_members(members)),
                        Token::ValueSeparator => {
                            let next = self.lexer.next_token();
                            let name = self.name(next)?;
                            self.open.push(Open::Object(members, name));
                            return Ok(None);
                        }
                        other => return Err(self.unexpected(&other, "object", Some("'}'"))),
                    }
                }
            };
        }
        match self.lexer.next_token() {
            Token::EndOfInput => Ok(Some(value)),
            other => Err(self.unexpected(&other, "value", Some("end of input"))),
        }
    }

    fn unexpected(&self, token: &Token, context: &str, expected: Option<&str>) -> JsonError {
        let found = match token {
            Token::Error(error) => format!("{error}; last read: '{}'", self.lexer.last_read()),
            other => format!("unexpected {}", other.description()),
        };
        let expected = expected.map_or_else(String::new, |expected| format!("; expected {expected}"));
        self.parse_error(&format!("syntax error while parsing {context} - {found}{expected}"))
    }

    fn parse_error(&self, message: &str) -> JsonError {
        let (line, column) = self.lexer.position();
        let place = format!("parse error at line {line}, column {column}");
        JsonError::Parse { kind: "parse_error.101", reason: format!("{place}: {message}") }
    }
}

fn sorted_members(mut members: Vec<(Vec<u8>, Json)>) -> Vec<(Vec<u8>, Json)> {
    // Reversed, so that of equal names the last one comes first and is kept.
    members.reverse();
    members.sort_by(|left, right| left.0.cmp(&right.0));
    members.dedup_by(|later, kept| later.0 == kept.0);
    members
}

fn without_nul(text: Vec<u8>) -> Result<Vec<u8>, JsonError> {
    if text.contains(&0) { Err(JsonError::NulByte(text)) } else { Ok(text) }
}

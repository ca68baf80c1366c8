//! TOML numbers, and words such as `true`.

use super::report::show_byte;
use super::scanner::Scanner;
use super::{Toml, TomlError};

const INTEGER_HINT: &str = "Hint: valid  : -42, 1_000, 1_2_3_4_5, 0xC0FFEE, 0b0010, 0o755\n\
                            Hint: invalid: _42, 1__000, 0123\n";
const FLOAT_HINT: &str = "Hint: valid  : +1.0, -2e-2, 3.141_592_653_589, inf, nan\n\
                          Hint: invalid: .0, 1., _1.0, 1.0_, 1_.0, 1.0__0\n";
const DATE_HINT: &str = "Hint: valid  : 1979-05-27T07:32:00-07:00, 1979-05-27 07:32:00.999999Z\n\
                         Hint: invalid: 1979-05-27T7:32:00-7:00, 1979-05-27 7:32-00:30";

/// A base for integers with a prefix.
struct Base {
    radix: u32,
    name: &'static str,
    prefix: &'static str,
    example: &'static str,
    digits: &'static str,
}

const BASES: [Base; 3] = [
    Base { radix: 16, name: "hex", prefix: "0x", example: "0xC0FFEE, 0xdead_beef", digits: "hex [0-9a-fA-F]" },
    Base { radix: 8, name: "oct", prefix: "0o", example: "0o775, 0o04_44", digits: "from `0` to `7`" },
    Base { radix: 2, name: "bin", prefix: "0b", example: "0b0101, 0b1111_0000", digits: "0 or 1" },
];

impl Scanner<'_> {
    /// The value at the current place, if it is not a string, array or table.
    pub(super) fn scalar(&mut self) -> Result<Toml, TomlError> {
        match self.peek() {
            Some(b't' | b'f') => self.boolean(),
            Some(first @ (b'T' | b'F')) => {
                let word = if first == b'T' { "true" } else { "false" };
                Err(self.word_error(word, "true or false"))
            }
            Some(b'i' | b'I') if !self.rest().starts_with(b"inf") => Err(self.float_word_error("inf")),
            Some(b'n' | b'N') if !self.rest().starts_with(b"nan") => Err(self.float_word_error("nan")),
            _ => match self.timestamp()? {
                Some(text) => Ok(Toml::Timestamp(text)),
                None => self.number(),
            },
        }
    }

    fn boolean(&mut self) -> Result<Toml, TomlError> {
        if self.take(b"true") {
            return Ok(Toml::Bool(true));
        }
        if self.take(b"false") {
            return Ok(Toml::Bool(false));
        }
        let title = "toml::parse_boolean: invalid boolean: boolean must be `true` or `false`, in lowercase. \
                     string must be surrounded by `\"`";
        Err(self.error(title, "expected true or false"))
    }

    fn word_error(&self, word: &str, expected: &str) -> TomlError {
        let title = format!("toml::parse_value: `{word}` must be in lowercase. A string must be surrounded by quotes.");
        self.error(&title, &format!("expected {expected}"))
    }

    fn float_word_error(&self, word: &str) -> TomlError {
        self.word_error(word, "from `1` to `9` or digit [0-9] or inf or nan")
    }

    fn number(&mut self) -> Result<Toml, TomlError> {
        let start = self.at;
        if let Some(end) = self.float_end() {
            if self.text.get(end) == Some(&b'_') && !self.text[start..end].ends_with(b"f") {
                let title = "bad float: `_` must be surrounded by digits";
                return Err(self.error_at(end, title, "invalid underscore", FLOAT_HINT));
            }
            return self.float(end);
        }
        let Some(end) = self.integer_end() else {
            return Err(self.no_number_error());
        };
        self.check_after_integer(end)?;
        let sign = usize::from(matches!(self.peek(), Some(b'+' | b'-')));
        let prefix = self.text.get(start + sign..start + sign + 2).unwrap_or_default();
        match BASES.iter().find(|base| base.prefix.as_bytes() == prefix) {
            Some(base) => self.prefixed_integer(base),
            None => self.decimal_integer(end),
        }
    }

    /// The end of digits of this radix with single underscores between them; `None` without a first digit.
    fn digits_end(&self, start: usize, radix: u32) -> Option<usize> {
        let is_digit = |at: usize| self.text.get(at).is_some_and(|byte| char::from(*byte).is_digit(radix));
        let mut end = is_digit(start).then_some(start + 1)?;
        loop {
            end += match self.text.get(end) {
                Some(b'_') if is_digit(end + 1) => 2,
                _ if is_digit(end) => 1,
                _ => return Some(end),
            };
        }
    }

    /// The end of a decimal integer. A leading zero must be the only digit.
    fn decimal_end(&self) -> Option<usize> {
        let sign = usize::from(matches!(self.peek(), Some(b'+' | b'-')));
        let start = self.at + sign;
        if self.text.get(start) == Some(&b'0') { Some(start + 1) } else { self.digits_end(start, 10) }
    }

    fn integer_end(&self) -> Option<usize> {
        let base = BASES.iter().find(|base| self.rest().starts_with(base.prefix.as_bytes()));
        let prefixed = base.and_then(|base| self.digits_end(self.at + 2, base.radix));
        prefixed.or_else(|| self.decimal_end())
    }

    fn float_end(&self) -> Option<usize> {
        let unsigned = self.rest().strip_prefix(b"+").or(self.rest().strip_prefix(b"-")).unwrap_or(self.rest());
        if unsigned.starts_with(b"inf") || unsigned.starts_with(b"nan") {
            return Some(self.text.len() - unsigned.len() + 3);
        }
        let integer_end = self.decimal_end()?;
        let fraction = |start| (self.text.get(start) == Some(&b'.')).then(|| self.digits_end(start + 1, 10));
        let mut end = match fraction(integer_end) {
            Some(fraction_end) => fraction_end?,
            None => integer_end,
        };
        if matches!(self.text.get(end), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(self.text.get(end + 1), Some(b'+' | b'-')));
            end = self.digits_end(end + 1 + sign, 10).unwrap_or(end);
        }
        (end > integer_end).then_some(end)
    }

    fn float(&mut self, end: usize) -> Result<Toml, TomlError> {
        let text = self.without_underscores(end);
        self.at = end;
        let value: f64 = match text.trim_start_matches(['+', '-']) {
            "nan" if text.starts_with('-') => -f64::NAN,
            "nan" => f64::NAN,
            "inf" if text.starts_with('-') => f64::NEG_INFINITY,
            "inf" => f64::INFINITY,
            _ => text.parse().unwrap_or(f64::INFINITY),
        };
        if value.is_infinite() && !text.ends_with('f') {
            let title = "toml::parse_floating: failed to read floating point value from stream";
            return Err(self.error(title, "here"));
        }
        Ok(Toml::Float(value))
    }

    fn without_underscores(&self, end: usize) -> String {
        String::from_utf8_lossy(&self.text[self.at..end]).replace('_', "")
    }

    fn decimal_integer(&mut self, end: usize) -> Result<Toml, TomlError> {
        let text = self.without_underscores(end);
        if let Ok(int) = text.parse() {
            self.at = end;
            return Ok(Toml::Int(int));
        }
        let title = "toml::parse_dec_integer: too large integer: current max digits = 2^63";
        Err(self.error_at(end, title, "must be < 2^63", ""))
    }

    fn prefixed_integer(&mut self, base: &Base) -> Result<Toml, TomlError> {
        let title = format!("toml::parse_{}_integer: ", base.name);
        let invalid = format!("{title}invalid integer: {}_int must be like: {}", base.name, base.example);
        if !self.take(base.prefix.as_bytes()) {
            return Err(self.error(&invalid, &format!("expected {}", base.prefix)));
        }
        let Some(end) = self.digits_end(self.at, base.radix) else {
            let error = self.error(&invalid, &format!("expected {}", base.digits));
            // No byte of a wrong number counts as read.
            self.at -= base.prefix.len();
            return Err(error);
        };
        let digits = self.without_underscores(end);
        self.at = end;
        i64::from_str_radix(&digits, base.radix)
            .map(Toml::Int)
            .map_err(|_| self.error(&format!("{title}too large integer: current max value = 2^63"), "must be < 2^63"))
    }

    /// Reports an error for digits with an invalid continuation.
    fn check_after_integer(&self, end: usize) -> Result<(), TomlError> {
        let zero = matches!(&self.text[self.at..end], b"0" | b"+0" | b"-0");
        let (at, title, remark, hint) = match self.text.get(end) {
            Some(b'_') if zero => {
                (end, "bad integer: leading zero is not allowed in decimal int", "leading zero", INTEGER_HINT)
            }
            Some(b'_') => (end, "bad integer: `_` must be surrounded by digits", "invalid underscore", INTEGER_HINT),
            Some(b'0') => (end - 1, "bad integer: leading zero", "leading zero is not allowed", INTEGER_HINT),
            Some(b'1'..=b'9') => {
                (end, "bad integer: invalid digit after an integer", "this digit is not allowed", INTEGER_HINT)
            }
            Some(b':' | b'-') => (end, "bad datetime: invalid format", "here", DATE_HINT),
            Some(b'.' | b'e' | b'E') => (end, "bad float: invalid format", "here", FLOAT_HINT),
            _ => return Ok(()),
        };
        Err(self.error_at(at, title, remark, hint))
    }

    fn no_number_error(&self) -> TomlError {
        let (title, remark, hint) = match self.peek() {
            Some(b'.') => {
                ("bad float: integer part is required before decimal point", "missing integer part", FLOAT_HINT)
            }
            Some(b'_') => ("bad number: `_` must be surrounded by digits", "digits required before `_`", INTEGER_HINT),
            _ => ("bad format: unknown value appeared", "here", ""),
        };
        self.error_at(self.at, title, remark, hint)
    }

    /// Matches a pattern in which `d` means a digit. Returns the end, or the place and text of what is missing.
    pub(super) fn pattern_end(&self, start: usize, pattern: &[u8]) -> Result<usize, (usize, String)> {
        for (at, &wanted) in (start..).zip(pattern) {
            let found = self.text.get(at).copied();
            match wanted {
                b'd' if found.is_some_and(|byte| byte.is_ascii_digit()) => {}
                b'd' => return Err((at, "digit [0-9]".to_owned())),
                _ if found == Some(wanted) => {}
                _ => return Err((at, show_byte(wanted))),
            }
        }
        Ok(start + pattern.len())
    }
}

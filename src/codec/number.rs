//! Numbers: the two C++ texts of a float (stream output and `std::to_string`), and Nix's number literals. The JSON
//! text of a float is in [`super::float_json`].

use std::fmt;

/// The number of significant digits of a C++ stream in its default state.
const STREAM_DIGITS: i32 = 6;

/// The reason why a number literal has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NumberError {
    /// An integer literal beyond 64 signed bits.
    Integer(String),
    /// A float literal that overflows or underflows a double.
    Float(String),
}

impl fmt::Display for NumberError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(text) => write!(formatter, "invalid integer '{text}'"),
            Self::Float(text) => write!(formatter, "invalid float '{text}'"),
        }
    }
}

impl std::error::Error for NumberError {}

/// The value of a run of decimal digits; digits beyond `i64` are an error, never a wrapped value.
pub fn parse_integer_literal(text: &str) -> Result<i64, NumberError> {
    text.parse().map_err(|_| NumberError::Integer(text.to_owned()))
}

/// The value of a Nix float literal, rounded to the nearest double. Like `strtod`, it reports overflow and nonzero
/// results below the smallest normal double as range errors.
pub fn parse_float_literal(text: &str) -> Result<f64, NumberError> {
    let error = || NumberError::Float(text.to_owned());
    let value: f64 = text.parse().map_err(|_| error())?;
    let mantissa = text.split(['e', 'E']).next().unwrap_or_default();
    let written_zero = !mantissa.bytes().any(|byte| matches!(byte, b'1'..=b'9'));
    if value.is_normal() || (value == 0.0 && written_zero) { Ok(value) } else { Err(error()) }
}

/// The text of `value` in a C++ stream: at most six significant digits, without trailing zeros; an exponent of at
/// least two digits when it is below -4 or above 5 (`0.333333`, `1e+06`, `inf`, `-nan`).
pub fn float_to_stream_text(value: f64) -> String {
    if let Some(text) = special_text(value) {
        return text.to_owned();
    }
    let scientific = format!("{value:.*e}", (STREAM_DIGITS - 1) as usize);
    let (mantissa, exponent) = split_exponent(&scientific);
    if (-4..STREAM_DIGITS).contains(&exponent) {
        let decimals = (STREAM_DIGITS - 1 - exponent).max(0) as usize;
        trim_fraction(&format!("{value:.decimals$}")).to_owned()
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{}e{sign}{:02}", trim_fraction(mantissa), exponent.abs())
    }
}

/// The text of `value` as `std::to_string` gives it: always six decimals (`1.500000`, `inf`, `-nan`).
pub fn float_to_fixed_text(value: f64) -> String {
    special_text(value).map_or_else(|| format!("{value:.6}"), str::to_owned)
}

fn special_text(value: f64) -> Option<&'static str> {
    match (value.is_nan(), value.is_infinite(), value.is_sign_negative()) {
        (true, _, false) => Some("nan"),
        (true, _, true) => Some("-nan"),
        (_, true, false) => Some("inf"),
        (_, true, true) => Some("-inf"),
        _ => None,
    }
}

fn split_exponent(scientific: &str) -> (&str, i32) {
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    (mantissa, exponent.parse().unwrap_or(0))
}

fn trim_fraction(text: &str) -> &str {
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stream_text() {
        let table: [(f64, &str); 14] = [
            (1.0, "1"),
            (0.1, "0.1"),
            (1.0 / 3.0, "0.333333"),
            (123_456.5, "123456"),
            (1_000_005.0, "1e+06"),
            (1_000_015.0, "1.00002e+06"),
            (1_234_565.0, "1.23456e+06"),
            (999_999.5, "1e+06"),
            (0.0001, "0.0001"),
            (0.000_012_345_67, "1.23457e-05"),
            (1e300, "1e+300"),
            (-0.0, "-0"),
            (f64::NEG_INFINITY, "-inf"),
            (-f64::NAN, "-nan"),
        ];
        for (value, text) in table {
            assert_eq!(float_to_stream_text(value), text);
        }
    }

    #[test]
    fn fixed_text() {
        let table: [(f64, &str); 4] =
            [(1.5, "1.500000"), (1e15, "1000000000000000.000000"), (1.234567e-5, "0.000012"), (f64::INFINITY, "inf")];
        for (value, text) in table {
            assert_eq!(float_to_fixed_text(value), text);
        }
    }

    #[test]
    fn literals() {
        assert_eq!(parse_integer_literal("007"), Ok(7));
        assert_eq!(parse_integer_literal("9223372036854775807"), Ok(i64::MAX));
        let error = parse_integer_literal("9223372036854775808").map_err(|error| error.to_string());
        assert_eq!(error, Err("invalid integer '9223372036854775808'".to_owned()));
        for (text, value) in [("1.", 1.0), (".5", 0.5), ("0.0e-400", 0.0), ("1.5e3", 1500.0)] {
            assert_eq!(parse_float_literal(text), Ok(value));
        }
        for text in ["1.0e400", "1.0e-400", "1.0e-310", "5.0e-324"] {
            assert_eq!(
                parse_float_literal(text).map_err(|error| error.to_string()),
                Err(format!("invalid float '{text}'"))
            );
        }
    }
}

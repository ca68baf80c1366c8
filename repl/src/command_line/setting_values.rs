//! Values of settings, read from text.

use crate::command_line::words::usage;
use nivis::settings::Lint;
use nivis::{Error, Result};

/// The error of a setting that can't have this value.
pub(crate) fn refused(name: &str, value: &str) -> Error {
    usage(format!("setting '{name}' has invalid value '{value}'"))
}

/// A Boolean.
///
/// # Errors
/// Fails if the text is not a Boolean.
pub(crate) fn switch(name: &str, value: &str) -> Result<bool> {
    match value {
        "true" | "yes" | "1" => Ok(true),
        "false" | "no" | "0" => Ok(false),
        _ => Err(usage(format!("Boolean setting '{name}' has invalid value '{value}'"))),
    }
}

/// The treatment of a discouraged literal.
///
/// # Errors
/// Fails if the text is not such a treatment.
pub(crate) fn lint(name: &str, value: &str) -> Result<Lint> {
    match value {
        "ignore" => Ok(Lint::Ignore),
        "warn" => Ok(Lint::Warn),
        "fatal" => Ok(Lint::Fatal),
        _ => Err(usage(format!("option '{name}' has invalid value '{value}' (expected 'ignore', 'warn', or 'fatal')"))),
    }
}

/// A number, which may have a unit.
///
/// # Errors
/// Fails if the text is not a number of at most 32 bits.
pub(crate) fn number(name: &str, value: &str) -> Result<u32> {
    large(value).ok().and_then(|number| u32::try_from(number).ok()).ok_or_else(|| refused(name, value))
}

/// A number that may have a unit: `k` for 1024, then `m`, `g`, `t`.
///
/// # Errors
/// Fails if the text is not a number, or has an unknown unit.
pub(crate) fn large(value: &str) -> Result<i128> {
    let unit = value.chars().next_back().filter(char::is_ascii_alphabetic).map(|unit| unit.to_ascii_uppercase());
    let shift = match unit {
        None => 0,
        Some('K') => 10,
        Some('M') => 20,
        Some('G') => 30,
        Some('T') => 40,
        Some(other) => return Err(usage(format!("invalid unit specifier '{other}'"))),
    };
    let digits = if unit.is_some() { &value[..value.len() - 1] } else { value };
    let number: i64 = digits.parse().map_err(|_| usage(format!("'{digits}' is not an integer")))?;
    Ok(i128::from(number) << shift)
}

/// The words of a list.
pub(crate) fn words(value: &str) -> Vec<String> {
    value.split_ascii_whitespace().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        let table = [
            ("0", Ok(0)),
            ("10k", Ok(10 << 10)),
            ("3T", Ok(3 << 40)),
            ("-1", Ok(-1)),
            ("1x", Err("invalid unit specifier 'X'")),
            ("", Err("'' is not an integer")),
            ("k", Err("'' is not an integer")),
            ("1.5", Err("'1.5' is not an integer")),
        ];
        for (text, expected) in table {
            assert_eq!(large(text).map_err(|error| error.to_string()), expected.map_err(str::to_owned), "{text}");
        }
        assert_eq!(number("n", "4294967295").ok(), Some(u32::MAX));
        assert!(number("n", "-1").is_err() && number("n", "4g").is_err());
    }
}

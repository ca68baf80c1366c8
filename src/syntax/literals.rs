//! Number literals.
//!
//! Example: `42` is the integer 42; `9223372036854775808` does not fit into 64 bits and is refused with the message
//! `invalid integer '9223372036854775808'`.

/// Reads an integer literal: decimal digits, leading zeros allowed (`007` is 7).
///
/// # Errors
///
/// Fails with C++ Nix's message if the number does not fit into 64 signed bits.
pub fn integer(text: &str) -> Result<i64, String> {
    text.parse().map_err(|_| format!("invalid integer '{text}'"))
}

/// Reads a float literal such as `1.`, `.5` or `2.5e-3`.
///
/// # Errors
///
/// Fails with C++ Nix's message, like C's `strtod`, if the number is too large for a float, or so small that it loses
/// precision.
pub fn float(text: &str) -> Result<f64, String> {
    let refused = || format!("invalid float '{text}'");
    let number: f64 = text.parse().map_err(|_| refused())?;
    let mantissa = text.split(['e', 'E']).next().unwrap_or_default();
    let is_zero = !mantissa.bytes().any(|byte| matches!(byte, b'1'..=b'9'));
    if is_zero || number.is_normal() { Ok(number) } else { Err(refused()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers() {
        assert_eq!(integer("007"), Ok(7));
        assert_eq!(integer("9223372036854775807"), Ok(i64::MAX));
        assert_eq!(integer("9223372036854775808"), Err("invalid integer '9223372036854775808'".to_owned()));
    }

    #[test]
    fn floats() {
        for (text, value) in [("1.", 1.0), (".5", 0.5), ("0.0", 0.0), ("2.5e-3", 0.0025), ("1.5E2", 150.0)] {
            assert_eq!(float(text), Ok(value), "{text}");
        }
        for text in ["1.0e999", "1.0e-400", "4.0e-320"] {
            assert_eq!(float(text), Err(format!("invalid float '{text}'")));
        }
    }
}

//! Nix string literals, and attribute names with quotes where the parser needs them.

use memchr::memchr;

/// The words that cannot be attribute names without quotes; `or` can.
pub const RESERVED_WORDS: [&str; 9] = ["assert", "else", "if", "in", "inherit", "let", "rec", "then", "with"];

/// Appends the literal `"…"` of `bytes`. Only `"`, `\`, newline, carriage return, tab and the `$` of `${` are
/// escaped; all other bytes stay as they are.
pub fn write_string_literal(out: &mut Vec<u8>, bytes: &[u8]) {
    out.reserve(bytes.len() + 2);
    out.push(b'"');
    write_escaped(out, bytes, bytes.len());
    out.push(b'"');
}

/// Appends the escaped form of the first `limit` bytes, without quotes, and returns how many bytes were left out.
/// Escapes depend on the whole string: a `$` cut off just before `{` is still escaped.
pub fn write_escaped(out: &mut Vec<u8>, bytes: &[u8], limit: usize) -> usize {
    let shown = limit.min(bytes.len());
    for (index, &byte) in bytes[..shown].iter().enumerate() {
        match byte {
            b'"' | b'\\' => out.extend([b'\\', byte]),
            b'\n' => out.extend(b"\\n"),
            b'\r' => out.extend(b"\\r"),
            b'\t' => out.extend(b"\\t"),
            b'$' if bytes.get(index + 1) == Some(&b'{') => out.extend(b"\\$"),
            _ => out.push(byte),
        }
    }
    bytes.len() - shown
}

/// True if `name` has the form of an identifier: a letter or `_`, then letters, digits, `_`, `'` and `-`.
/// Reserved words have it too.
pub fn is_identifier(name: &[u8]) -> bool {
    let Some((first, rest)) = name.split_first() else {
        return false;
    };
    (first.is_ascii_alphabetic() || *first == b'_')
        && rest.iter().all(|byte| byte.is_ascii_alphanumeric() || memchr(*byte, b"_'-").is_some())
}

/// True if the parser reserves the word `name`.
pub fn is_reserved_word(name: &[u8]) -> bool {
    RESERVED_WORDS.iter().any(|word| word.as_bytes() == name)
}

/// True if an attribute called `name` is printed in quotes: it is not an identifier, or it is reserved.
pub fn name_needs_quotes(name: &[u8]) -> bool {
    !is_identifier(name) || is_reserved_word(name)
}

/// Appends an attribute name, as a string literal where it needs quotes.
pub fn write_attribute_name(out: &mut Vec<u8>, name: &[u8]) {
    if name_needs_quotes(name) {
        write_string_literal(out, name);
    } else {
        out.extend(name);
    }
}

/// An attribute name as Nix code writes it, for messages.
pub fn attribute_name(name: &[u8]) -> String {
    let mut text = Vec::new();
    write_attribute_name(&mut text, name);
    String::from_utf8_lossy(&text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals() {
        let table: [(&[u8], &str); 5] = [
            (b"", r#""""#),
            (b"a\"b\\c", r#""a\"b\\c""#),
            (b"\n\r\t\x1b", "\"\\n\\r\\t\x1b\""),
            (b"${x} $x $$ ${", r#""\${x} $x $$ \${""#),
            (b"$", r#""$""#),
        ];
        for (value, literal) in table {
            let mut out = Vec::new();
            write_string_literal(&mut out, value);
            assert_eq!(out, literal.as_bytes());
        }
    }

    #[test]
    fn limit_counts_the_bytes_left_out() {
        let mut out = Vec::new();
        assert_eq!(write_escaped(&mut out, b"a${b}", 2), 3);
        assert_eq!(out, b"a\\$");
    }

    #[test]
    fn names() {
        let table = [
            ("a", "a"),
            ("_a-b'", "_a-b'"),
            ("or", "or"),
            ("", r#""""#),
            ("a b", r#""a b""#),
            ("1a", r#""1a""#),
            ("-a", r#""-a""#),
            ("if", r#""if""#),
            ("inherit", r#""inherit""#),
        ];
        for (name, text) in table {
            let mut out = Vec::new();
            write_attribute_name(&mut out, name.as_bytes());
            assert_eq!(out, text.as_bytes());
        }
    }
}

//! Tests of the JSON reader and writer.

use super::{Json, parse_json, write_json_string};

fn error(text: &[u8]) -> String {
    parse_json(text).map_or_else(|error| error.to_string(), |value| format!("{value:?}"))
}

#[test]
fn values() {
    let table: [(&str, Json); 12] = [
        (" null\n", Json::Null),
        ("\u{feff}true", Json::Bool(true)),
        ("-0", Json::Int(0)),
        ("-9223372036854775808", Json::Int(i64::MIN)),
        ("18446744073709551616", Json::Float(18_446_744_073_709_551_616.0)),
        ("-9223372036854775809", Json::Float(-9_223_372_036_854_775_808.0)),
        ("1e2", Json::Float(100.0)),
        (r#""\"\\\/\b\f\n\r\té€😀\u00e9\ud83d\ude00""#, Json::String("\"\\/\u{8}\u{c}\n\r\té€😀é😀".into())),
        ("[]", Json::Array(vec![])),
        ("{}", Json::Object(vec![])),
        ("[1,[2],{}]", Json::Array(vec![Json::Int(1), Json::Array(vec![Json::Int(2)]), Json::Object(vec![])])),
        (r#"{"b":1,"a":2,"b":3}"#, Json::Object(vec![(b"a".to_vec(), Json::Int(2)), (b"b".to_vec(), Json::Int(3))])),
    ];
    for (text, value) in table {
        assert_eq!(parse_json(text.as_bytes()), Ok(value), "{text}");
    }
}

#[test]
fn parse_errors() {
    let table: [(&[u8], &str); 22] = [
        (
            b"",
            "1, column 1: attempting to parse an empty input; check that your input string or stream contains the expected JSON",
        ),
        (
            b"[",
            "1, column 2: syntax error while parsing value - unexpected end of input; expected '[', '{', or a literal",
        ),
        (b"{\"a\":1,}", "1, column 8: syntax error while parsing object key - unexpected '}'; expected string literal"),
        (
            b"{\"a\" 1}",
            "1, column 6: syntax error while parsing object separator - unexpected number literal; expected ':'",
        ),
        (
            b"{x",
            "1, column 2: syntax error while parsing object key - invalid literal; last read: '{x'; expected string literal",
        ),
        (b"[tru]", "1, column 5: syntax error while parsing value - invalid literal; last read: '[tru]'"),
        (
            b"[1, \"x\", tru]",
            "1, column 13: syntax error while parsing value - invalid literal; last read: '\"x\", tru]'",
        ),
        (b"01", "1, column 2: syntax error while parsing value - unexpected number literal; expected end of input"),
        (
            b"-",
            "1, column 2: syntax error while parsing value - invalid number; expected digit after '-'; last read: '-'",
        ),
        (
            b"1.e",
            "1, column 3: syntax error while parsing value - invalid number; expected digit after '.'; last read: '1.e'",
        ),
        (
            b"1e",
            "1, column 3: syntax error while parsing value - invalid number; expected '+', '-', or digit after exponent; last read: '1e'",
        ),
        (
            b"1e+",
            "1, column 4: syntax error while parsing value - invalid number; expected digit after exponent sign; last read: '1e+'",
        ),
        (
            b"\"abc",
            "1, column 5: syntax error while parsing value - invalid string: missing closing quote; last read: '\"abc'",
        ),
        (
            b"\"\\x\"",
            "1, column 3: syntax error while parsing value - invalid string: forbidden character after backslash; last read: '\"\\x'",
        ),
        (
            b"\"\\udc00\"",
            "1, column 7: syntax error while parsing value - invalid string: surrogate U+DC00..U+DFFF must follow U+D800..U+DBFF; last read: '\"\\udc00'",
        ),
        (
            b"\"\\u12\"",
            "1, column 6: syntax error while parsing value - invalid string: '\\u' must be followed by 4 hex digits; last read: '\"\\u12\"'",
        ),
        (
            b"\"\t\"",
            "1, column 2: syntax error while parsing value - invalid string: control character U+0009 (HT) must be escaped to \\u0009 or \\t; last read: '\"<U+0009>'",
        ),
        (b"[1 2]", "1, column 4: syntax error while parsing array - unexpected number literal; expected ']'"),
        (
            b"{\"a\":1 \"b\"}",
            "1, column 10: syntax error while parsing object - unexpected string literal; expected '}'",
        ),
        (b"[\n1\n2\n]", "3, column 0: syntax error while parsing array - unexpected number literal; expected ']'"),
        (b"[\n  }", "2, column 3: syntax error while parsing value - unexpected '}'; expected '[', '{', or a literal"),
        (
            b"\xef\xbbx",
            "1, column 3: syntax error while parsing value - invalid BOM; must be 0xEF 0xBB 0xBF if given; last read: '\u{fffd}x'",
        ),
    ];
    for (text, message) in table {
        let expected = format!("[json.exception.parse_error.101] parse error at line {message}");
        assert_eq!(error(text), expected);
    }
}

#[test]
fn value_errors() {
    let table = [
        ("[1e999]", "[json.exception.out_of_range.406] number overflow parsing '1e999'"),
        ("9223372036854775808", "unsigned json number 9223372036854775808 outside of Nix integer range"),
        (r#"{"a\u0000b": 1}"#, "input string 'a␀b' cannot be represented as Nix string because it contains null bytes"),
    ];
    for (text, message) in table {
        assert_eq!(error(text.as_bytes()), message);
    }
}

#[test]
fn any_depth() {
    let depth = 200_000;
    let nested = "[".repeat(depth) + &"]".repeat(depth);
    assert!(parse_json(nested.as_bytes()).is_ok());
    assert!(parse_json("{\"a\":[".repeat(depth).as_bytes()).is_err());
}

#[test]
fn strings() {
    let mut out = Vec::new();
    assert_eq!(write_json_string(&mut out, "a\"\\\u{8}\t\n\u{c}\r\u{1}\u{1f}\u{7f}é/".as_bytes()), Ok(()));
    assert_eq!(out, "\"a\\\"\\\\\\b\\t\\n\\f\\r\\u0001\\u001f\u{7f}é/\"".as_bytes());
    let table: [(&[u8], &str); 6] = [
        (b"_\xff_", "invalid UTF-8 byte at index 1: 0xFF"),
        (b"\xc3a", "invalid UTF-8 byte at index 1: 0x61"),
        (b"\xe2\x82a", "invalid UTF-8 byte at index 2: 0x61"),
        (b"a\x80", "invalid UTF-8 byte at index 1: 0x80"),
        (b"\xed\xa0\x80", "invalid UTF-8 byte at index 1: 0xA0"),
        (b"a\xe2\x82", "incomplete UTF-8 string; last byte: 0x82"),
    ];
    for (bytes, message) in table {
        let error = write_json_string(&mut Vec::new(), bytes).map_err(|error| error.to_string());
        assert_eq!(error, Err(format!("[json.exception.type_error.316] {message}")));
    }
}

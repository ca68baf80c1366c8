//! Tests of the TOML reader.

use super::{Toml, parse_toml};

/// The tree in a short form.
fn show(value: &Toml) -> String {
    match value {
        Toml::Bool(value) => value.to_string(),
        Toml::Int(value) => value.to_string(),
        Toml::Float(value) => format!("{value:?}"),
        Toml::String(text) => format!("{:?}", String::from_utf8_lossy(text)),
        Toml::Timestamp(text) => format!("<{text}>"),
        Toml::Array(elements) => format!("[{}]", elements.iter().map(show).collect::<Vec<_>>().join(" ")),
        Toml::Table(entries) => {
            let entry = |(name, value): &(Vec<u8>, Toml)| format!("{}={}", String::from_utf8_lossy(name), show(value));
            format!("{{{}}}", entries.iter().map(entry).collect::<Vec<_>>().join(" "))
        }
    }
}

fn read(text: &str) -> String {
    parse_toml(text.as_bytes()).map_or_else(|error| error.to_string(), |value| show(&value))
}

#[test]
fn documents() {
    let table = [
        ("", "{}"),
        ("\u{feff}# é\r\na = 1 # b\r\n\n\"b c\".'d' . e=2", "{a=1 b c={d={e=2}}}"),
        ("a=+99\nb=-1_000\nc=0xDEAD_beef\nd=0o755\ne=0b1101\nf=-0", "{a=99 b=-1000 c=3735928559 d=493 e=13 f=0}"),
        (
            "a=1.5\nb=-2E-2\nc=1e6\nd=9_2.4_4\ne=-inf\nf=nan\ng=1e-400",
            "{a=1.5 b=-0.02 c=1000000.0 d=92.44 e=-inf f=NaN g=0.0}",
        ),
        ("a=[1,[2,],\n# c\n[]\n, # d\n{b=true,c.d=false}]", "{a=[1 [2] [] {b=true c={d=false}}]}"),
        ("[a.b]\nc=1\n[a]\nd=2\n[[e]]\n[e.f]\n[[e]]\ng=3", "{a={b={c=1} d=2} e=[{f={}} {g=3}]}"),
        ("a=\"x\\u00e9\\t\\\"\\U0001F600\"\nb='\\x'", "{a=\"xé\\t\\\"😀\" b=\"\\\\x\"}"),
        ("a=\"\"\"\nx\\  \n\n  y\"\"z\"\"\"\"\"\nb='''a''b'''''", "{a=\"xy\\\"\\\"z\\\"\\\"\" b=\"a''b''\"}"),
    ];
    for (text, value) in table {
        assert_eq!(read(text), value);
    }
}

#[test]
fn timestamps() {
    let table = [
        ("1979-05-27T07:32:00Z", "1979-05-27T07:32:00Z"),
        ("1979-05-27 07:32:00-00:00", "1979-05-27T07:32:00Z"),
        ("1979-05-27t00:32:00.5-07:00", "1979-05-27T00:32:00.500-07:00"),
        ("1979-05-27T00:32:00.1234", "1979-05-27T00:32:00.123400"),
        ("1979-05-27T00:32:00.1234567891", "1979-05-27T00:32:00.123456789"),
        ("2000-02-29", "2000-02-29"),
        ("23:59:60.000", "23:59:60"),
    ];
    for (text, value) in table {
        assert_eq!(read(&format!("a={text}")), format!("{{a=<{value}>}}"));
    }
}

#[test]
fn titles_of_errors() {
    let table = [
        ("a", "toml::parse_key_value_pair: invalid key value separator `=`"),
        ("a = x", "bad format: unknown value appeared"),
        ("a = 1 b = 2", "toml::parse_table: newline (LF / CRLF) or EOF is expected"),
        ("a = {b = 1\n}", "toml::parse_inline_table: expected value-separator `,` or closing `}`"),
        ("a = \"\\x41\"", "toml::parse_basic_string: invalid string format"),
        ("a = 01", "bad integer: invalid digit after an integer"),
        ("a = 1.", "bad float: invalid format"),
        ("a = 12:00", "bad datetime: invalid format"),
        ("a = 1979-05-27 07:32", "bad time: must be HH:MM:SS.subsec"),
        ("a = 2000-02-30", "toml::parse_local_date: invalid date."),
        ("a.b=1\n[a]", "toml::insert_value: failed to insert a table, table already defined"),
        ("a={}\n[a.b]", "toml::insert_value: failed to insert a value: inline table is immutable"),
        ("[a.b]\n[a]\nb.c=1", "toml::insert_value: reopening a table using dotted keys"),
        ("a=[{}]\n[[a]]", "toml::insert_value: failed to insert a table, inline array of tables is immutable"),
        ("a=0xFFFFFFFFFFFFFFFF", "toml::parse_hex_integer: too large integer: current max value = 2^63"),
        ("a=1e400", "toml::parse_floating: failed to read floating point value from stream"),
    ];
    for (text, title) in table {
        assert_eq!(read(text).lines().next(), Some(format!("[error] {title}").as_str()), "{text}");
    }
}

#[test]
fn numbers_of_errors() {
    let table = [
        ("a = \nb = ", 2),
        ("a = 1 x\nb = ", 1),
        ("a = [1, x, 2]\nb = ", 4),
        ("a = [1, \n x\n, 2]\nb = \nc = 1", 5),
        ("a = [[x]]", 3),
        ("a = [0x]", 2),
        ("a = [0x, 1]", 3),
        ("a = [inf_]", 1),
        ("a = [{b = }, {c = }]", 3),
        ("a = [[1, [2, x, y], 3], z]\nb=", 6),
        ("a = {b = [1, {c = [x]}]}\nb=", 4),
        ("a = {b = 1, b = 2, b = 3, c = 4}", 2),
        ("a = {b = 1 c = 2}\nd=", 2),
        ("a = {b = x", 2),
        ("a = [[x][y = 2]\nb=", 5),
        ("a = [\n1, [x]\n[y]\nb = 2", 3),
        ("a = [\n1, x, [y\n]\nb =", 5),
        ("a = [\n1, {b = }, [x]\n]", 3),
        ("[a\nb = \n[c]\nd = ", 2),
        ("[a]\nb = \n[a]\nc = \nd = \n[e", 4),
        ("a = \n\n[c]\n[d\n\n[e]\nf=", 1),
        ("a = 1 # \u{1}\nb = \n[c]\nd=", 3),
        ("# \u{1}\nb=\n[c]\nd=", 4),
    ];
    for (text, number) in table {
        assert_eq!(read(text).matches("[error]").count(), number, "{text}");
    }
    let many = "a\n".repeat(2 * super::scanner::MOST_ERRORS);
    assert_eq!(read(&many).matches("[error]").count(), super::scanner::MOST_ERRORS);
}

#[test]
fn whole_errors() {
    let table = [
        (
            "attr = 9223372036854775808",
            "[error] toml::parse_dec_integer: too large integer: current max digits = 2^63
 --> fromTOML
   |
 1 | attr = 9223372036854775808
   |                           ^-- must be < 2^63
",
        ),
        (
            "a = 1\na = 2",
            "[error] toml::insert_value: failed to insert a value, value already exists
 --> fromTOML
   |
 2 | a = 2
   | ^-- inserting this
   | ...
   |
 1 | a = 1
   |     ^-- but value already exists
",
        ),
        (
            "a = '''x",
            "[error] toml::parse_ml_literal_string: invalid string format
 --> fromTOML
   |
 1 | a = '''x
   |         --\x20
 2 | a = '''x
   | ^^^^^^^^^-- expected '''
",
        ),
        (
            "\"a\\u0000b\"=1",
            "error: input string 'a␀b' cannot be represented as Nix string because it contains null bytes",
        ),
    ];
    for (text, message) in table {
        assert_eq!(read(text), message);
    }
}

#[test]
fn any_depth() {
    let depth = 100_000;
    assert!(parse_toml(format!("a={}{}", "[".repeat(depth), "]".repeat(depth)).as_bytes()).is_ok());
    assert!(parse_toml(format!("a{}=1", ".a".repeat(depth)).as_bytes()).is_ok());
    assert!(parse_toml(format!("a={}", "{a=[".repeat(depth)).as_bytes()).is_err());
}

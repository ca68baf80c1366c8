//! Tests of the printers on values of expressions. The texts are C++ Nix's.

use super::{ErrorDisplay, Options, ambiguous, excerpt, json, print, xml};
use crate::error::Result;
use crate::eval::Eval;
use crate::heap::Value;
use crate::settings::Settings;
use crate::{Engine, io::MemoryIo};

type Print = for<'h> fn(&mut Eval<'h>, Value<'h>) -> Result<Vec<u8>>;

/// The output of `print` for an expression, or the message of the error.
fn printed(expression: &str, print: Print) -> String {
    let mut engine = Engine::with_io(Settings::default(), Box::new(MemoryIo::default()));
    let text = engine.enter(|cx| {
        let value = cx.eval_text(expression.as_bytes().to_vec(), &[])?;
        print(cx, value)
    });
    text.map_or_else(|error| error.to_string(), |text| String::from_utf8_lossy(&text).into_owned())
}

fn check(print: Print, table: &[(&str, &str)]) {
    for (expression, text) in table {
        assert_eq!(printed(expression, print), *text, "{expression}");
    }
}

fn strictly<'h>(cx: &mut Eval<'h>, value: Value<'h>) -> Result<Vec<u8>> {
    cx.force_deep(value)?;
    ambiguous(cx, value)
}

fn forcing<'h>(cx: &mut Eval<'h>, value: Value<'h>) -> Result<Vec<u8>> {
    print(cx, value, &Options { force: true, derivation_paths: true, ..Options::default() })
}

fn for_prompt<'h>(cx: &mut Eval<'h>, value: Value<'h>) -> Result<Vec<u8>> {
    let errors = ErrorDisplay::ThrowAtTop;
    print(cx, value, &Options { force: true, indent: 2, errors, ..Options::default() })
}

#[test]
fn ambiguous_text() {
    let table = [
        (r#"{ "a b" = 1; "if" = 2; "" = 3; or = 4; }"#, r#"{ "" = 3; "a b" = 1; "if" = 2; or = 4; }"#),
        ("[ builtins.head (builtins.elemAt [ ]) (x: x) ]", "[ <PRIMOP> <PRIMOP-APP> <LAMBDA> ]"),
        ("[ [ ] [ ] { } { } ]", "[ [ ] [ ] { } { } ]"),
        ("[ 1.5 1000000.0 (1.0 / 3) 1.0 ]", "[ 1.5 1e+06 0.333333 1 ]"),
    ];
    check(strictly, &table);
    check(
        ambiguous,
        &[("{ a = 1; b = { }; c = 1 + 1; d = [ 1 ]; }", "{ a = 1; b = <CODE>; c = <CODE>; d = <CODE>; }")],
    );
}

#[test]
fn repeated_sets_and_lists() {
    let table = [
        ("let x = [ 1 ]; y = { a = 1; }; in [ x x y y ]", "[ [ 1 ] «repeated» { a = 1; } «repeated» ]"),
        ("let x = [ 1 ]; in [ x [ x ] ]", "[ [ 1 ] [ «repeated» ] ]"),
        ("let s = { l = [ 1 ]; }; in [ s.l s.l s ]", "[ [ 1 ] [ 1 ] { l = [ 1 ]; } ]"),
        ("let x = [ 1 ]; in map (y: y) [ x x ]", "[ [ 1 ] [ 1 ] ]"),
        ("let l = [ l ]; in l", "[ [ «repeated» ] ]"),
        ("let r = { a = r; b = [ r ]; }; in r", "{ a = «repeated»; b = [ «repeated» ]; }"),
    ];
    check(strictly, &table);
    check(forcing, &[("[ { } { } [ ] [ ] ]", "[ { } «repeated» [ ] [ ] ]")]);
}

#[test]
fn forced_text() {
    let store_path = "/nix/store/00000000000000000000000000000000-x.drv";
    let table = [
        (r#"{ x = throw "a\tb"; }"#, "{ x = «error: a       b»; }"),
        (r#"{ type = "derivation"; }"#, "«derivation»"),
        (r#"{ type = "derivation"; drvPath = "x"; }"#, "«error: path 'x' is not in the Nix store»"),
        ("let g = x: y: x; in [ g (g 1) ]", "[ «lambda g @ «string»:1:9» «lambda g @ «string»:1:12» ]"),
        ("[ builtins.head (builtins.elemAt [ ]) ]", "[ «primop head» «partially applied primop elemAt» ]"),
        ("let f = n: { a = f (n + 1); }; in f 0", "stack overflow; max-call-depth exceeded"),
    ];
    check(forcing, &table);
    let derivation = format!(r#"{{ type = "derivation"; drvPath = "{store_path}"; }}"#);
    assert_eq!(printed(&derivation, forcing), format!("«derivation {store_path}»"));
}

#[test]
fn several_lines() {
    let table = [
        (
            "{ a = 1; b = { c = { }; }; d = [ [ ] ]; }",
            "{\n  a = 1;\n  b = {\n    c = { };\n  };\n  d = [\n    [ ]\n  ];\n}",
        ),
        ("{ a = 1; }", "{ a = 1; }"),
        (r#"{ a = throw "x"; }"#, "x"),
        (r#"throw "x""#, "x"),
    ];
    check(for_prompt, &table);
}

#[test]
fn excerpts_are_short_and_force_nothing() {
    let short: Print = |cx, value| Ok(excerpt(cx, value).into_bytes());
    let table = [
        ("{ a = 1 + 1; b = 1; }", "{ a = «thunk»; b = 1; }"),
        ("[ 1 2 3 4 5 6 7 8 9 10 11 12 ]", "[ 1 2 3 4 5 6 7 8 9 10 «2 items elided» ]"),
        (
            "{ a = 1; b = 2; c = 3; d = 4; e = 5; f = 6; g = 7; h = 8; i = 9; j = 10; type = 0; }",
            "{ type = 0; a = 1; b = 2; c = 3; d = 4; e = 5; f = 6; g = 7; h = 8; i = 9; «1 attribute elided» }",
        ),
        (r#"builtins.fromJSON "[[[[[[[[[[[1]]]]]]]]]]]""#, "[ [ [ [ [ [ [ [ [ [ [ ... ] ] ] ] ] ] ] ] ] ] ]"),
    ];
    check(short, &table);
    let long = printed(r#"builtins.concatStringsSep "" (builtins.genList (x: "a") 1026)"#, short);
    assert!(long.starts_with("\"aaa") && long.ends_with("a\" «2 bytes elided»"));
}

#[test]
fn json_text() {
    let strict: Print = |cx, value| Ok(json(cx, value, true)?.0);
    let table = [
        (r#"{ b = [ 1 null 1.0 ]; A = "\n/"; }"#, r#"{"A":"\n/","b":[1,null,1.0]}"#),
        ("{ outPath.foo = true; }", r#"{"foo":true}"#),
        ("{ __toString = s: /foo; }", r#""/foo""#),
        ("{ __toString = s: 1; }", "`__toString` should return a string, but got an integer: 1"),
        ("{ __toString = s: { a = 1; }; }", "`__toString` must return a string, but got a set: { a = 1; }"),
        ("[ (x: x) ]", "cannot convert a function to JSON"),
        (
            r#"[ (builtins.substring 0 1 "é") ]"#,
            "JSON serialization error: [json.exception.type_error.316] incomplete UTF-8 string; last byte: 0xC3",
        ),
    ];
    check(strict, &table);
    check(|cx, value| Ok(json(cx, value, false)?.0), &[("{ a = 1 + 1; }", "cannot convert a thunk to JSON")]);
}

#[test]
fn xml_text() {
    let body: Print = |cx, value| {
        let (text, _) = xml(cx, value, true, true)?;
        let lines = text.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii);
        Ok(lines.skip(1).collect::<Vec<_>>().concat())
    };
    let table = [
        ("[ 1.5 null builtins.head ]", r#"<expr><list><float value="1.5" /><null /><unevaluated /></list></expr>"#),
        (
            "{a, ...}@b: 1",
            concat!(
                r#"<expr><function column="1" line="1"><attrspat ellipsis="1" name="b"><attr name="a" />"#,
                "</attrspat></function></expr>"
            ),
        ),
        (r#"{ type = "derivation"; }"#, "<expr><derivation><repeated /></derivation></expr>"),
    ];
    check(body, &table);
}

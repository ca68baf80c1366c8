//! Tests: texts in, errors and trees compared with C++ Nix's and rnix's.

use super::*;

#[test]
fn errors_are_those_of_nix() {
    let table = [
        ("{ a = 1 }", 8, "unexpected '}', expecting ';'"),
        ("f 1 }", 4, "unexpected '}', expecting end of file"),
        ("a = 1", 2, "unexpected '=', expecting end of file"),
        ("]", 0, "unexpected ']'"),
        ("${a}", 0, "unexpected '${'"),
        ("<nixpkgs", 0, "unexpected '<'"),
        ("1 == 2 == 3", 7, "unexpected '=='"),
        ("a |> b <| c", 7, "unexpected '<|', expecting end of file"),
        ("{ 1 = x; }", 2, "unexpected integer, expecting 'inherit'"),
        ("a.if", 2, "unexpected 'if', expecting identifier or 'or' or '${' or '\"'"),
        ("123 é 4", 4, "unexpected invalid token, expecting end of file"),
        ("1\u{a0}2", 1, "unexpected invalid token, expecting end of file"),
        // rnix accepts these:
        ("[ x: x ]", 3, "unexpected ':'"),
        ("1 + x: x", 5, "unexpected ':', expecting end of file"),
        ("(1 ]", 3, "unexpected ']', expecting ')'"),
        ("</a>", 0, "unexpected '<'"),
        ("a.''b''", 2, "unexpected start of an indented string, expecting identifier or 'or' or '${' or '\"'"),
    ];
    for (text, start, message) in table {
        let error = parse(text.as_bytes()).errors.pop().expect(text);
        assert_eq!((error.span.start, error.message()), (start, format!("syntax error, {message}")), "{text}");
        assert!(!error.incomplete, "{text}");
    }
}

#[test]
fn unfinished_texts() {
    let table = [
        ("", 0, ""),
        ("# only a comment", 16, ""),
        ("(1", 2, ", expecting ')'"),
        ("if 1 then 2", 11, ", expecting 'else'"),
        ("let x = 1; x", 12, ", expecting '.' or '='"),
        ("{ a, b", 6, ", expecting '}' or ','"),
        ("\"abc", 4, ", expecting '\"'"),
        ("''abc", 5, ", expecting indented string or '${' or end of an indented string"),
        ("a.", 2, ", expecting identifier or 'or' or '${' or '\"'"),
        ("(./p", 1, ", expecting ')'"),
    ];
    for (text, start, message) in table {
        let error = parse(text.as_bytes()).errors.pop().expect(text);
        let message = format!("syntax error, unexpected end of file{message}");
        assert_eq!((error.span.start, error.message(), error.incomplete), (start, message, true), "{text}");
    }
    assert!(is_incomplete(b"1 + /* two"));
    assert!(!is_incomplete(b"1 + 2"));
    assert!(!is_incomplete(b"1 + )"));
}

#[test]
fn errors_of_the_lexer() {
    let table = [
        ("./a/", 0, "path has a trailing slash"),
        ("./a/ b", 4, "path has a trailing slash"),
        ("[ 9223372036854775808 ]", 2, "invalid integer '9223372036854775808'"),
        ("1.0e999", 0, "invalid float '1.0e999'"),
        ("\"a\0\"", 1, "input string 'a\u{2400}' cannot be represented as Nix string because it contains null bytes"),
        (
            "''one '''two\0 ''$ three''",
            9,
            "input string 'two\u{2400} ' cannot be represented as Nix string because it contains null bytes",
        ),
    ];
    for (text, start, message) in table {
        let error = parse(text.as_bytes()).errors.pop().expect(text);
        assert_eq!((error.span.start, error.message().as_str()), (start, message), "{text:?}");
    }
}

#[test]
fn rnix_refuses_what_nix_accepts() {
    let long = 600;
    let texts = [
        "-!1".to_owned(),
        "[] ++ !x".to_owned(),
        "let { body = 1; }.a + let { body = 2; }".to_owned(),
        "a # comment\rb".to_owned(),
        ".../a".to_owned(),
        "x: ".repeat(long) + "1",
        "if a then b else ".repeat(long) + "c",
    ];
    for text in texts {
        assert!(!rnix::Root::parse(&text).errors().is_empty() || text.contains('\r'), "{text}");
        assert_eq!(parse(text.as_bytes()).errors, [], "{text}");
    }
}

#[test]
fn the_exact_tree_is_that_of_rnix() {
    let texts = [
        "{ lib, stdenv ? null, ... }@args: with lib; rec { a.b.\"c\" = -1 + 2.5 * x; inherit (a) b \"c\"; inherit d; }",
        "x: args@{ }: if !a then b.c or d.${e} else assert f ? g.h; [ (i j) \"k${l}m\" ''n${o}'' ./p/${q}.n <r> s:t ]",
        "let a = __curPos; or = 1; in f or a // { } ++ [ ] -> b || c && d == e < g",
    ];
    for text in texts {
        let parse = rnix::Root::parse(text);
        assert_eq!(parse.errors(), []);
        let exact = lalr::parse(text, Start::Expression).root.clone();
        assert_eq!(exact, (*parse.syntax().green()).to_owned(), "{text}");
    }
}

#[test]
fn deep_texts() {
    let forms: [fn(usize) -> String; 6] = [
        |n| "(".repeat(n) + "1" + &")".repeat(n),
        |n| "[".repeat(n) + &"]".repeat(n),
        |n| "f ".to_owned() + &"a ".repeat(n),
        |n| "a".to_owned() + &" ++ a".repeat(n),
        |n| "!".repeat(n) + "a",
        |n| "with a; ".repeat(n) + "1",
    ];
    for form in forms {
        let parsed = parse(form(100_000).as_bytes());
        assert_eq!(parsed.errors, []);
        assert!(parsed.height() >= 100_000);
    }
}

#[test]
fn bytes_that_are_not_text() {
    for source in [&b"\"\xff\""[..], b"1 # \xe2\x80", b"''\xff''"] {
        let parsed = parse(source);
        assert_eq!(parsed.errors, []);
        assert_eq!(usize::from(parsed.root.text_len()), source.len());
    }
    let error = parse(b"1 \xff").errors.pop();
    assert!(error.is_some_and(|error| error.span.start == 2 && error.unexpected() == Some("invalid token")));
}

#[test]
fn bindings() {
    assert_eq!(parse_bindings(b" a = 1; inherit b; c.d = 2;").errors, []);
    assert_eq!(parse_bindings(b"1").errors.len(), 1);
    assert!(parse_bindings(b"a = 1").errors[0].incomplete);
}

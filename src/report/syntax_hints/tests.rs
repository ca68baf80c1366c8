//! Tests of the rules: each with a text that it applies to, and with texts that only look similar.

use super::{ErrorSite, RULES, hints};
use crate::syntax::recovery;

/// A rule, a text that it applies to, a part of its hint, and texts that it does not apply to.
type Case = (&'static str, &'static str, &'static str, &'static [&'static str]);

const CASES: &[Case] = &[
    ("character", "{ a =\u{a0}1; }", "only looks like one", &["{ a = é; }", "\"\u{a0}\" ;", "a # \u{a0}\n ;"]),
    ("or", "let or = 1; in or", "can't name a variable", &["a.b or ;", "{ or 1; }", "( or' ; )"]),
    ("separator", "[ 1, 2 ]", "separated by", &["{ a, b: a", "[ 1 2", "{ a = 1 }", "f a; b"]),
    (
        "else_if",
        "if a then 1 elif b then 2 else 3",
        "`else if`",
        &["if a then 1 then 2", "elif 1 =", "if a then if b then 1 then 2"],
    ),
    ("safe_access", "a?.b", "`a.b or null`", &["a ? .b", "a.?b", "a ? 1", "a..b"]),
    ("choice", "a ? 1 : 2", "asks whether", &["{ a ? 1, : 2 }", "x : y : 1 2 :", "a.1b :", "f (a: b) : c"]),
    ("dotted_number", "xs . 1", "builtins.elemAt xs 0", &["xs 1 ;", "a.then", "{ a.if = 1; }", "[ . ]"]),
    ("negative_number", "[ -1 ]", "`[ (-1) ]`", &["( - )", "{ -1 }", "[ + ]", "f - "]),
    ("function", "x => x", "`x: …`", &["a =", "let a := 1; in a", "{ a: 1; }", "[ 1 : 2 ]", "( 1 +"]),
    ("definition", "a = 1", "a file is one expression", &["{ a 1; }", "let a 1 in a", "[ a", "let a = = 1; in a"]),
    (
        "keyword",
        "{ in = 1; }",
        "as an attribute name it needs quotes",
        &["if a then b then c else d", "let in in", "( then )", "if true then 1 elif false then 2 else 3"],
    ),
    (
        "link",
        "{ a = https://x.org/#b; }",
        "put the URL in quotes",
        &["{ a = 1 # b\n }", "a # b\n ;", "\"#\" ;", "[ a#b"],
    ),
    ("quotes", "{ a = 'x'; }", "`\"x\"`", &["a' ;", "\"'\" ;", "''"]),
    ("dollar", "$x", "a variable has no `$`: `x`", &["\"$x\" ;", "\"${x\""]),
    ("backslash", "map (\\x y -> x) [ ]", "`x: y: …`", &["\"\\\" ;", "x -> ;"]),
    ("sign", "10 % 3", "lib.mod 10 3", &["\"%\" ;", "a && ;", "a || ;"]),
    ("json", "{ \"a\": 1, \"b\": [ 1, 2 ] }", "looks like JSON", &["{ a: 1 }", "\"a\": 1", "[ \"a\": ]"]),
    (
        "inherit_path",
        "{ inherit lib.strings.x; }",
        "`inherit (lib.strings) x;`",
        &["{ inherit (a) .b; }", "a..b", "inherit.x ;"],
    ),
    ("arrow", "(x, y) => x", "`x: y: …`", &["f (x, y)", "(x) -> ;", "x => x"]),
    (
        "defined_otherwise",
        "let f x y = x; in f",
        "`f = x: y: …;`",
        &["a = 1", "f x: x", "let a = b c = 1; in a", "let x = f y == 1", "f { x = 1 }", "{ x, y: x }"],
    ),
    ("repetition", "[ x for x in xs ]", "Nix has no loops", &["let for = 1 in for", "for;", "{ for = a b; }}"]),
    ("comment", "// note", "begins with `#`", &["a // ;", "a - - ;", "\"--\" ;"]),
    ("element_sign", "xs !! 0", "`builtins.elemAt xs 0`", &["[ xs !!y ]", "(!!x ;)", "a ! b"]),
    ("double_sign", "a += 1", "names never change", &["a + = 1", "a = = 1", "a == ;"]),
    (
        "condition_form",
        "if true { 1 } else { 2 }",
        "`if c then a else b`, without braces",
        &[
            "if a = b then 1 else 2",
            "if a then { b = 1 }",
            "{ if = 1; }",
            "if a then b",
            "[ if a then b ; ]",
            "if { a = 1 }.a then",
        ],
    ),
    ("shorthand", "{ a, b }", "`{ inherit a b; }`", &["{ a, b: a", "{ }:", "{ a ? 1, b }", "{ a = 1; b }"]),
    ("ending", "a;", "`;` ends definitions", &["(a;", "{ a = 1 }", "let a = 1 in a", "a + "]),
];

/// The hints of the rules for the first error of a text.
fn said(text: &str) -> Vec<(&'static str, String)> {
    let errors = recovery::errors(text.as_bytes());
    let Some(first) = errors.first() else { return Vec::new() };
    let found = ErrorSite::new(text.as_bytes(), first);
    RULES.iter().filter_map(|(name, rule)| Some((*name, rule(&found)?))).collect()
}

#[test]
fn rules_say_what_is_true() {
    for (rule, text, says, _) in CASES {
        let said = said(text);
        let first = said.first();
        assert!(first.is_some_and(|(name, hint)| name == rule && hint.contains(says)), "{rule}, {text}: {said:?}");
    }
}

#[test]
fn rules_say_nothing_of_what_only_looks_like_it() {
    for (rule, _, _, misses) in CASES {
        for text in *misses {
            let said = said(text);
            assert!(said.iter().all(|(name, _)| name != rule), "{rule}, {text}: {said:?}");
        }
    }
}

#[test]
fn every_rule_has_a_case() {
    for (name, _) in RULES {
        assert!(CASES.iter().any(|(rule, ..)| rule == name), "{name}");
    }
}

#[test]
fn an_if_needs_an_else() {
    let of = |text: &str| {
        let errors = recovery::errors(text.as_bytes());
        errors.first().map(|first| hints(&ErrorSite::new(text.as_bytes(), first)).join("; ")).unwrap_or_default()
    };
    assert!(of("if a then b").contains("every `if` needs an `else`"));
    assert!(!of("if a then 1 elif b then 2 else 3").contains("every `if`"));
    assert!(!of("if a b").contains("every `if`"));
}

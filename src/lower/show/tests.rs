//! Tests of programs and their shown text. The corpus has more: `parse-okay-*.nix`.

use super::*;

fn options() -> Options<'static> {
    Options {
        directory: b"/dir",
        home: Some(b"/home"),
        pipe_operators: true,
        lints: Lints::default(),
        scope: &Nothing,
        stack_floor: 0,
        steps: Default::default(),
    }
}

fn shown(text: &str) -> String {
    let shown = show_program(&parse(text.as_bytes()), text.as_bytes(), options());
    String::from_utf8_lossy(&shown).into_owned()
}

fn check(table: &[(&str, &str)]) {
    for (text, expected) in table {
        assert_eq!(shown(text), *expected, "{text}");
    }
}

#[test]
fn a_call_of_a_call_is_one_call() {
    check(&[
        ("(a - b) c d", "(__sub a b c d)"),
        ("(-a) b", "(__sub 0 a b)"),
        ("(a > b) c", "(__lessThan b a c)"),
        ("(a >= b) c", "((! (__lessThan a b)) c)"),
        ("<a/b> c", "(__findFile __nixPath \"a/b\" c)"),
        ("a |> f (b c) |> g", "(g (f (b c) a))"),
        ("f a <| g <| b", "(f a (g b))"),
        ("f or a", "(f or a)"),
    ]);
}

#[test]
fn strings_are_concatenations() {
    check(&[
        (r#""${"a"}""#, r#"("a")"#),
        (r#"''${"a"}''"#, r#""a""#),
        (r#"''${"a${b}"}''"#, r#"(("a" + b))"#),
        ("''${http://a.b}''", r#""http://a.b""#),
        ("''a''$b${c}''", r#"("a" + "$" + "b" + c)"#),
    ]);
}

#[test]
fn paths_are_absolute() {
    check(&[
        ("./a/../b", "/dir/b"),
        ("a/b", "/dir/a/b"),
        ("./.", "/dir"),
        ("~/a/../b", "/home/a/../b"),
        ("/${a}", "(/ + a)"),
        ("/./${a}b/c", "(// + a + \"b/c\")"),
        ("~/a/./${b}", "(/home/a/./ + b)"),
    ]);
}

#[test]
fn definitions_are_merged_and_sorted() {
    check(&[
        (
            "{ z = 1; a.c = 2; inherit (x) r q; a = rec { b = 3; inherit y; }; ${k}.l = 4; \"\" = 5; }",
            "{ inherit (x) q r; \"\" = 5; a = { inherit y; b = 3; c = 2; }; z = 1; \"${k}\" = { l = 4; }; }",
        ),
        ("{ inherit; inherit (x); }", "{ }"),
        ("let { a = 1; body.b = a; }", "(rec { a = 1; body = { b = a; }; }).body"),
        ("{ b ? 1, a, ... }@c: c", "({ a, b ? 1, ... } @ c: c)"),
        ("x ? \"a b\".${c}.or", "((x) ? \"a b\".\"${c}\".or)"),
    ]);
}

#[test]
fn an_assertion_is_its_condition() {
    let shown = show_assertion(b"assert a == ./b; 1", b"/dir");
    assert_eq!(shown, b"(a == /dir/b)");
}

#[test]
fn depth_is_no_danger() {
    let deep = 15_000;
    for (open, middle, close) in [
        ("(", "a", ")"),
        ("[", "a", "]"),
        ("{ a = ", "a", "; }"),
        ("x: ", "a", ""),
        ("f (", "a", ")"),
        ("(", "a", ") a"),
        ("a ++ ", "a", ""),
        ("", "a", " - a"),
        ("", "a", " + a"),
        ("\"${", "a", "}\""),
        ("''${", "a", "}''"),
        ("a.", "a", ""),
    ] {
        let text = [open.repeat(deep), middle.into(), close.repeat(deep)].concat();
        let parsed = parse(text.as_bytes());
        assert!(parsed.errors.is_empty(), "{open}{close}: {:?}", parsed.errors);
        assert!(!show_program(&parsed, text.as_bytes(), options()).is_empty(), "{open}{close}");
    }
    let set = ["{ a = ".repeat(deep).as_str(), "{ }", &"; }".repeat(deep)].concat();
    assert_eq!(shown(&format!("{{ a = {set}; a = {set}; }}")).len(), 9 * deep + 12);
    let path = ["{ ", &"a.".repeat(900), "a = 1; }"].concat();
    assert!(shown(&path).len() > 900);
}

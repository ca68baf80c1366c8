//! Tests of the rules: each with a program that it applies to, and with programs that only look similar.

use super::scene::Scene;
use super::{ACCESS, RULES};
use crate::engine::Engine;
use crate::error::Error;
use crate::report::frames;
use crate::report::places::Places;
use crate::settings::Settings;

/// A rule, a program that it applies to, a part of its hint, and programs that it does not apply to.
struct Case {
    rule: &'static str,
    hit: &'static str,
    says: &'static str,
    misses: &'static [&'static str],
}

const CASES: &[Case] = &[
    Case {
        rule: "number_or_default",
        hit: "let xs = [ 1 ]; in xs.0 or 2",
        says: "builtins.elemAt xs 0",
        misses: &["let xs = [ 1 ]; in xs.0 nor", "or", "let f = x: y: x; in f .0 oder"],
    },
    Case {
        rule: "dotted_number",
        hit: "let xs = [ 1 2 ]; in xs.1",
        says: "`builtins.elemAt xs 1`",
        misses: &[
            "1.2.3",
            "1..5",
            "5.0.0",
            "let n = 5; in n.1",
            "let xs = [ 1 2 ]; in map (f: f) [ xs.0 (1 + \"a\") ] + 1",
            "let f = x: x 1; in f .5",
            "let xs = [ 1 ]; in xs.0 + nope",
        ],
    },
    Case {
        rule: "bracketed_number",
        hit: "let xs = [ 1 2 ]; in xs[0]",
        says: "builtins.elemAt xs 0",
        misses: &[
            "let xs = [ 1 2 ]; in xs [ 0 ]",
            "let s = \"a\"; in s[0]",
            "let xs = [ 1 2 ]; in xs[0 1]",
            "let n = 1; in n(0)",
        ],
    },
    Case {
        rule: "name_on_list",
        hit: "let xs = [ { a = 1; } ]; in xs.a",
        says: "map (x: x.a) xs",
        misses: &[
            "let xs = [ ]; in (xs // { }).a",
            "\"abc\".a",
            "(x: x).a",
            "builtins.attrNames [ ]",
            "{ a = [ ]; }.b.c",
        ],
    },
    Case {
        rule: "number_as_name",
        hit: "{ a = 1; }.${1}",
        says: "`\"1\"`",
        misses: &["{ a = 1; }.${null}", "{ a = 1; }.\"1\"", "{ a = 1; }.${[ ]}", "{ ${true} = 1; }"],
    },
    Case {
        rule: "swapped_arguments",
        hit: "builtins.elemAt 0 [ 1 2 ]",
        says: "`builtins.elemAt [ 1 2 ] 0`",
        misses: &[
            "builtins.elemAt [ 1 ] [ 0 ]",
            "builtins.elemAt [ 1 ] \"0\"",
            "builtins.elemAt [ 1 ] 3",
            "builtins.genList (x: x) [ ]",
        ],
    },
    Case {
        rule: "version_or_range",
        hit: "1.2.3",
        says: "a version is a string: `\"1.2.3\"`",
        misses: &["1.2 3", "let xs = [ 1 ]; in xs.0", "1 \"2\"", "1.5 .5"],
    },
    Case {
        rule: "list_of_two",
        hit: "let f = x: x; in toString [ f 1 ]",
        says: "`[ f 1 ]` has two elements",
        misses: &[
            "let f = x: x; in toString [ 1 f ]",
            "let f = x: x; in toString [ f toString ]",
            "let f = x: x; in [ f 1 ] ++ f",
            "toString [ (x: x) ]",
            "let map = 1; in toString [ map (x: x) ]",
        ],
    },
    Case {
        rule: "config_in_imports",
        hit: "let config = builtins.addErrorContext \"while evaluating the module argument `config' in \\\"m\\\":\" (module { inherit \
              config; }).imports; module = { config }: { imports = if config.a then [ ] else [ ]; }; in config",
        says: "`imports` are read before `config` exists",
        misses: &[
            "let config = (module { inherit config; }).imports; module = { config }: { imports = if config.a then [ ] else [ ]; }; in \
             config",
            "let imports = imports; in imports",
            "let f = { imports ? imports }: imports; in f { }",
        ],
    },
    Case {
        rule: "condition_of_config",
        hit: "let config = builtins.addErrorContext \"while evaluating the module argument `config' in \\\"m\\\":\" (module { inherit \
              config; }).config; module = { config }: { config = if config.a then { } else { }; }; in config",
        says: "lib.mkIf",
        misses: &[
            "let config = (module { inherit config; }).config; module = { config }: { config = if config.a then { } \
             else { }; }; in config",
            "let config = if config.a then { } else { }; in config",
            "let config = builtins.addErrorContext \"while evaluating the module argument `config' in \\\"m\\\":\" (module { inherit config; \
             }).options; module = { config }: { options = config.a; }; in config",
        ],
    },
    Case {
        rule: "number_before_name",
        hit: "0x10",
        says: "`0x10` is the number 0 and then a name",
        misses: &["x10", "[ 1 x10 ]", "a1.b", "\"1${x}\""],
    },
    Case {
        rule: "implication",
        hit: "x -> x + 1",
        says: "`x: …`",
        misses: &["x -> y", "true -> x", "(y -> z) x", "let x = true; in x -> z"],
    },
    Case {
        rule: "minus_in_name",
        hit: "let a = 3; b = 1; in a-b",
        says: "`a - b`",
        misses: &["with { }; python-foo", "-a", "a", "a - b", "{ a-b = 1; }.a-c"],
    },
    Case {
        rule: "or_without_selection",
        hit: "let f = x: x; in f 1 or 2",
        says: "`s.a or d`",
        misses: &["{ a = 1; }.a or b", "let or = x: x; in or nope", "let a = 1; in a.or", "nor"],
    },
    Case {
        rule: "own_attribute",
        hit: "{ a = { x = 1; }; b = a.x; }.b",
        says: "define `a` in a `let`",
        misses: &[
            "{ a = 1; b = c; }.b",
            "rec { a = 1; b = c; }.b",
            "{ s = { }; s = rec { a = 1; b = a; }; }.s.b",
            "{ a = 1; }.b",
            "{ inherit a; }.a",
        ],
    },
    Case {
        rule: "argument_of_files",
        hit: "lib.mkIf true 1",
        says: "`{ lib, ... }: …`",
        misses: &["libs.x", "(pkgs: pkgs.x) { }", "{ pkgs = 1; }.lib", "config.x"],
    },
    Case {
        rule: "default_not_in_set",
        hit: "(all@{ p ? 1, ... }: all.p) { }",
        says: "without defaults",
        misses: &[
            "(all@{ p ? 1, ... }: all.q) { }",
            "(all@{ p, ... }: all.q) { p = 1; }",
            "(all@{ p ? { }, ... }: p.p) { }",
            "(let all = { }; in { p ? 1 }: all.p) { }",
            "(all@{ p ? 1, ... }: all.q.p) { q = { }; }",
        ],
    },
    Case {
        rule: "quoted_interpolation",
        hit: "''echo ${HOME.y}''",
        says: "`''${HOME.y}`",
        misses: &["\"${pkgs.hello}/bin\"", "HOME", "\"${hello}\"", "let name = 1; in ''${nam}''", "''${lib.x}''"],
    },
    Case {
        rule: "known_elsewhere",
        hit: "({ lib }: mkIf true 1) { lib = 1; }",
        says: "`lib.mkIf`",
        misses: &["mkIf true 1", "truth", "nothing", "({ lib }: mkIff 1) { lib = 1; }"],
    },
    Case {
        rule: "search_path",
        hit: "<nixpkgs>",
        says: "`-I nixpkgs=PATH`",
        misses: &["import ./nixpkgs", "builtins.findFile 1 \"nixpkgs\"", "throw \"file 'a' was not found\"", "nixpkgs"],
    },
    Case {
        rule: "shadowing_with",
        hit: "let a = \"x\"; in with { a = 1; }; a * 2",
        says: "wins over `with",
        misses: &[
            "let a = \"x\"; in with { b = 2; }; a * 2",
            "with { a = \"x\"; }; a * 2",
            "let a = \"x\"; in a * 2",
            "with { a = 2; }; let a = \"x\"; in a * 2",
            "let f = x: with x; a; in f 2",
            "let a = 1; in with a; b",
        ],
    },
    Case {
        rule: "negative_argument",
        hit: "let f = a: b: a; in f -1 2",
        says: "`f (-1) 2`",
        misses: &[
            "let width = x: x; in 5 - width",
            "let width = x: x; in width - 5",
            "5 - (x: x)",
            "let width = 3; in 5 - width 1",
            "let width = 3; in width -1 2",
            "-(x: x)",
        ],
    },
    Case {
        rule: "path_for_division",
        hit: "let total = 6; n = 2; in total/n + 1",
        says: "`total / n`",
        misses: &[
            "./a/b + 1",
            "builtins.readFile docs/missing.md",
            "import lib/x",
            "lib/x + 1",
            "let a = 1; in a/b.nix + 1",
        ],
    },
    Case {
        rule: "url_for_function",
        hit: "let f = x:y:x; in f 1",
        says: "`x: y: x`",
        misses: &[
            "mailto:me@x.org 3",
            "{ a = mailto:me@x.org; }.a.b",
            "http://x.org 1",
            "let u = http://x.org; in u + 1",
            "builtins.filter github:a/b [ 1 ]",
            "\"x:x\" 1",
        ],
    },
    Case {
        rule: "missing_semicolon",
        hit: "let a = { }\n{ }; in a",
        says: "perhaps `;` or `//` is missing",
        misses: &["let a = { }\n  { }; in a", "{ } { }", "(x: x) 1\n2 + \"a\"", "let f = 1; in f\n  2"],
    },
    Case {
        rule: "one_argument_more",
        hit: "let double = x: x * 2; in double 3 4",
        says: "`double 3` already has its result",
        misses: &["3 4", "let map = 1; in map 2 3", "let f = x: y: 1; in f 1 + 1", "let f = 5; in f 1 2"],
    },
    Case {
        rule: "many_arguments",
        hit: "let s.f = x: 1; in s.f 1 2",
        says: "`s.f` gets 2 arguments",
        misses: &["let s.f = 1; in s.f 1", "1 2 3", "let s.f = x: x; in s.f.g 1"],
    },
    Case {
        rule: "joined_with_plus",
        hit: "[ 1 ] + [ 2 ]",
        says: "lists are joined with `++`",
        misses: &["\"a\" + [ 1 ]", "1 + \"a\"", "\"${[ ]}\"", "[ ] + 1 == nope", "1 - [ ]", "[ 1 ] ++ { }"],
    },
    Case {
        rule: "element_joined",
        hit: "[ 1 ] ++ 2",
        says: "`[ 2 ]`",
        misses: &["[ 1 ] ++ (x: x)", "[ 1 ] + 2", "builtins.concatLists [ 1 ]", "[ 1 ] ++ nope"],
    },
    Case {
        rule: "function_as_value",
        hit: "toString [ 1 [ (x: x) ] ]",
        says: "`(x: x) …`",
        misses: &["1 + (x: x)", "(x: x) == 1 && nope", "toString [ { } ]", "(x: x) // { }", "\"${{ }}\""],
    },
    Case {
        rule: "number_as_string",
        hit: "let port = 80; in \"port ${port}\"",
        says: "`toString port`",
        misses: &[
            "\"${{ }}\"",
            "\"${x: x}\"",
            "1 + \"a\"",
            "builtins.stringLength { }",
            "builtins.length 1",
            "[ ] ++ 1",
        ],
    },
    Case {
        rule: "set_as_string",
        hit: "\"${{ a = 1; }}\"",
        says: "`outPath`",
        misses: &["\"${[ ]}\"", "{ } + 1 == nope", "builtins.length { }", "\"${{ outPath = 1; }}\""],
    },
    Case {
        rule: "path_as_string",
        hit: "builtins.fromJSON ./a.json",
        says: "`builtins.readFile`",
        misses: &["[ ] ++ ./a", "builtins.length ./a", "\"${./missing}\"", "./a 1"],
    },
    Case {
        rule: "import_not_called",
        hit: "(import <nix/fetchurl.nix>).url",
        says: "call it",
        misses: &["(x: x).a", "{ }.a", "(import /missing).a"],
    },
    Case {
        rule: "overlay_of_one_argument",
        hit: "let apply = overlay: let final = { }; prev = { }; in overlay final prev; in apply (self: { x = 1; })",
        says: "`final: prev: { … }`",
        misses: &["let f = x: { }; in f 1 2", "let f = x: { }; self = 1; in f self 2", "{ } { }"],
    },
    Case {
        rule: "overlay_of_itself",
        hit: "let over = final: prev: { a = final.a + 1; }; final = over final { a = 1; }; in final.a",
        says: "`prev.a`",
        misses: &["let x = x; in x", "let f = self: { a = self.a; }; x = f x; in x.a", "rec { a = b; b = a; }.a"],
    },
    Case {
        rule: "package_without_name",
        hit: "",
        says: "",
        misses: &["{ }.name", "{ }.pname", "let a = { }; in a.version"],
    },
    Case {
        rule: "type_of_option",
        hit: "let types = { str = 1; }; in types.string",
        says: "`types.str`",
        misses: &["{ }.string", "let types = { }; in types.nothing", "let a = { }; in a.list"],
    },
    Case { rule: "pure_search_path", hit: "", says: "", misses: &["<nothing>", "{ }.a", "1 + \"a\""] },
    Case {
        rule: "impure_builtin",
        hit: "let builtins = { }; in builtins.currentSystem",
        says: "name the system",
        misses: &["{ }.currentSystem", "let builtins = { }; in builtins.nothing", "{ }.currentTime"],
    },
    Case {
        rule: "forbidden_path",
        hit: "",
        says: "",
        misses: &["import /nothing", "throw \"absolute path\"", "{ }.a"],
    },
    Case {
        rule: "outputs_of_flake",
        hit: "let outputs = { }: 1; in outputs { self = 1; }",
        says: "`{ self, ... }: …`",
        misses: &["let f = { }: 1; in f { self = 1; }", "let outputs = { a }: 1; in outputs { }", "(x: x).a"],
    },
    Case {
        rule: "string_as_path",
        hit: "builtins.readFile \"./a.txt\"",
        says: "`./a.txt`",
        misses: &[
            "builtins.readFile 1",
            "builtins.readFile ./missing",
            "builtins.readFile \"/missing\"",
            "throw \"string 'a'\"",
        ],
    },
    Case {
        rule: "copied_path",
        hit: "\"${/missing/file}\"",
        says: "copies the file to the store",
        misses: &["builtins.readFile /missing/file", "import /missing", "\"${throw \"x\"}\"", "\"${1}\""],
    },
    Case {
        rule: "different_types",
        hit: "1 + \"a\"",
        says: "`toString`",
        misses: &["{ } < { }", "1 - \"a\"", "\"a\" + 1 - nope", "[ 1 ] ++ 1"],
    },
    Case {
        rule: "signature",
        hit: "map [ 1 ] (x: x)",
        says: "`map f list`",
        misses: &["builtins.length 1", "1 + nope", "\"${1}\"", "builtins.fromJSON 1"],
    },
    Case {
        rule: "endless_text",
        hit: "let x.__toString = self: \"<${self}>\"; in \"${x}\"",
        says: "`__toString` must not turn its own set into text",
        misses: &[
            "let f = n: 1 + f n; x.__toString = self: f 1; in \"${x}\"",
            "let x.outPath = x; in \"${x}\"",
            "let x.__toString = self: throw \"a\"; in toString x",
        ],
    },
    Case {
        rule: "endless_call",
        hit: "(f: f f) (f: f f)",
        says: "each call waits",
        misses: &[
            "let x = [ x ]; in builtins.toJSON x",
            "let x = { a = x; }; y = { a = y; }; in x == y",
            "let x = [ x ]; in toString x",
            "let x = x; in x",
            "let x.__toString = self: \"<${self}>\"; in \"${x}\"",
        ],
    },
    Case {
        rule: "endless_value",
        hit: "let x = { a = x; }; y = { a = y; }; in x == y",
        says: "perhaps it contains itself",
        misses: &[
            "let f = x: f (x + 1); in f 0",
            "let f = x: 1 + f x; in f 0",
            "let x = x; in x",
            "let x.a = x; in x.b",
        ],
    },
    Case {
        rule: "own_name",
        hit: "let x = x + 1; in x",
        says: "give one of the two another name",
        misses: &[
            "let x = y; y = x; in x",
            "let f = x: f x; in f 1",
            "rec { a = b; b = a; }.a",
            "let x = nope + x; in x",
        ],
    },
];

/// The hints of the rules for a program's error, with their names and in the order of the rules.
fn said(program: &str) -> Vec<(&'static str, String)> {
    let mut engine = Engine::new(Settings::default());
    let result = engine.eval_str(program).and_then(|value| engine.render(&value));
    let error = result.err().unwrap_or_else(|| Error::eval(format!("a value: {program}")));
    let frames = frames(&error);
    let places = Places::new(engine.sources());
    let scene = Scene::new(&error, &frames, &places);
    let all = ACCESS.iter().chain(RULES);
    all.filter_map(|(name, rule)| Some((*name, rule(&scene)?))).collect()
}

#[test]
fn rules_say_what_is_true() {
    // Rules about nixpkgs have their cases where it is.
    for case in CASES.iter().filter(|case| !case.hit.is_empty()) {
        let said = said(case.hit);
        let first = said.first();
        assert!(
            first.is_some_and(|(name, text)| *name == case.rule && text.contains(case.says)),
            "{}, {}: {said:?}",
            case.rule,
            case.hit
        );
    }
}

#[test]
fn rules_say_nothing_of_what_only_looks_like_it() {
    let mut wrong = Vec::new();
    for case in CASES {
        for miss in case.misses {
            wrong.extend(said(miss).into_iter().filter(|(name, _)| *name == case.rule).map(|said| (*miss, said)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_rule_has_a_case() {
    for (name, _) in ACCESS.iter().chain(RULES) {
        let case = CASES.iter().find(|case| case.rule == *name);
        assert!(case.is_some_and(|case| case.misses.len() >= 3), "{name}");
    }
}

//! Lines of garbage: from text that is nearly Nix to arbitrary bytes.

use super::random::Random;
use crate::prompt::commands;
use nivis::builtins;

const ATOMS: &[&str] = &[
    "1",
    "x",
    "y",
    "f",
    "xs",
    "set",
    "true",
    "null",
    "\"a\"",
    "''\n  b\n''",
    "{ }",
    "[ ]",
    "1.5",
    "it",
    "_2",
    "./a",
    "/set.nix",
    "(import /set.nix)",
    "(let f = n: f (n + 1); in f 0)",
    "(let f = n: f n; in f 0)",
    "(let x = x; in x)",
    "(let xs = [ xs ]; in xs)",
    "(rec { a = { inherit a; }; })",
    "9223372036854775807",
    "(builtins.foldl' (a: b: a ++ a) [ 1 ] (builtins.genList (x: x) 60))",
    "(throw \"no\")",
    "(abort \"no\")",
    "(let d = derivation { name = \"d\"; system = \"s\"; builder = \"b\"; }; in d)",
    "\"\\u{1}\"",
    "<x>",
    "(builtins.trace \"t\" 1)",
    "(builtins.genericClosure { startSet = [ { key = 0; } ]; operator = x: [ { key = x.key + 1; } ]; })",
];

const TOKENS: &[&str] = &[
    "if",
    "then",
    "else",
    "assert",
    "with",
    "let",
    "in",
    "rec",
    "inherit",
    "or",
    "null",
    "true",
    "false",
    "x",
    "y",
    "f",
    "xs",
    "set",
    "it",
    "_1",
    "_2",
    "_9",
    "builtins",
    "builtins.map",
    "toString",
    "import",
    "throw",
    "abort",
    "+",
    "-",
    "*",
    "/",
    "//",
    "++",
    "==",
    "!=",
    "<",
    "<=",
    "&&",
    "||",
    "->",
    "!",
    "?",
    ".",
    "...",
    ":",
    ";",
    ",",
    "@",
    "=",
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "${",
    "\"",
    "''",
    "''${",
    "\\",
    "'",
    "#",
    "/*",
    "*/",
    "./a",
    "../..",
    "/",
    "/nix/store",
    "~/x",
    "<nixpkgs>",
    "<",
    "https://a.b/c",
    "a.b.c",
    "x.0",
    "1",
    "0",
    "-1",
    "1.5",
    "1e999",
    "9223372036854775807",
    "9223372036854775808",
    "99999999999999999999999999",
    "0.0000000000000000000000001",
    ".5",
    "5.",
    "|>",
    "<|",
    "\u{e4}",
    "\u{4e2d}",
    "\u{1f600}",
    "\u{0}",
    "\u{feff}",
    "\t",
    "\r",
    "\n",
    "\u{1b}[31m",
    "set.nix",
    "/set.nix",
    "/function.nix",
];

const NAMES: &[&str] = &["x", "y", "f", "xs", "set", "\"a b\"", "it", "_1", "builtins", "true", "a.b.c", "a.\"\".b"];

const FILES: &[&str] = &[
    "/set.nix",
    "set.nix",
    "/function.nix",
    "/wrong.nix",
    "/number.nix",
    "/endless.nix",
    "/nowhere.nix",
    ".",
    "/",
    "<x>",
    "~/x.svg",
    "a.svg",
    "a.dot",
    "a.md",
    "../../a.md",
    "a b.svg",
    "\"",
    "",
    "https://example.org/x.tar.gz",
    "\u{0}.svg",
];

const WORDS: &[&str] = &[
    "depth",
    "all",
    "-1",
    "0",
    "1",
    "99999999999999999999",
    "prompt",
    "\"",
    "\"\"",
    "editing",
    "vi",
    "emacs",
    "pager",
    "trace",
    "on",
    "off",
    "format",
    "json",
    "nix",
    "pretty",
    "next",
    "again",
    "answer",
    "stop",
    "laziness",
    "values",
    "true",
    "false",
    "NIVIS-0001",
    "x",
    "x.a",
    "xs.0",
    "xs.99999999999999999999",
    "x.",
    ".x",
    "..",
    "x..y",
    "x.\"",
    "é",
];

/// Opening texts, with those that close them.
const NESTS: &[(&str, &str)] = &[
    ("(", ")"),
    ("[", "]"),
    ("{ a = ", "; }"),
    ("\"${", "}\""),
    ("''${", "}''"),
    ("let x = ", "; in x"),
    ("x: ", ""),
    ("f (", ")"),
    ("!", ""),
    ("- ", ""),
    ("1 + ", ""),
    ("if true then ", " else 1"),
    ("with x; ", ""),
    ("x.", "x"),
    ("assert true; ", ""),
    ("/* ", " */"),
    ("rec { inherit ({ a = ", "; }) a; }"),
    ("a ? ", "a"),
    ("x // ", "x"),
];

/// A line, or several.
pub(super) fn line(random: &mut Random) -> String {
    match random.below(100) {
        0..25 => tokens(random, 30),
        25..50 => expression(random, 5),
        50..60 => format!("{} = {}", random.pick(NAMES), expression(random, 4)),
        60..85 => command(random),
        85..88 => unfinished(random),
        88..93 => bytes(random),
        93..95 => digits(random),
        95..96 => tokens(random, 3).repeat(1 + random.below(3000)),
        96..97 => nested(random, 30_000),
        _ => nested(random, 300),
    }
}

fn tokens(random: &mut Random, most: usize) -> String {
    let gap = *random.pick(&["", " ", " "]);
    let count = 1 + random.below(most);
    (0..count).map(|_| *random.pick(TOKENS)).collect::<Vec<_>>().join(gap)
}

/// Something that is an expression for the most part, so that it comes to be evaluated.
fn expression(random: &mut Random, depth: usize) -> String {
    if depth == 0 || random.once_in(6) {
        return (*random.pick(ATOMS)).to_owned();
    }
    let part = |random: &mut Random| expression(random, depth - 1);
    let (a, b) = (part(random), part(random));
    match random.below(18) {
        0 => format!("({a} {b})"),
        1 => format!("[ {a} ({b}) ]"),
        2 => format!("{{ x = {a}; y = {b}; }}"),
        3 => format!("rec {{ x = {a}; y = {b}; f = n: f (x + n); }}"),
        4 => format!("(let x = {a}; f = n: {b}; in f x)"),
        5 => format!("(if {a} then {b} else x)"),
        6 => format!("\"${{toString ({a})}} {b}\"").replace("\"\"", "\""),
        7 => format!("({a} // {b})"),
        8 => format!("({a} ++ [ {b} ])"),
        9 => format!("({a} {} {b})", random.pick(&["+", "-", "*", "/", "==", "<", "&&", "||", "->"])),
        10 => format!("(with {a}; {b})"),
        11 => format!("({{ x ? {a}, ... }}@y: {b})"),
        12 => format!("(x: {a})"),
        13 => format!("(builtins.{} ({a}) ({b}))", builtin(random)),
        14 => format!("(builtins.{} (x: y: {a}) 0 [ 1 2 x ])", random.pick(&["foldl'", "map", "filter", "genList"])),
        15 => format!("(builtins.genList (x: {a}) {})", random.pick(&["3", "100000", "9999999999999", "-1", "xs"])),
        16 => format!("({a}).{}", random.pick(&["x", "y or 1", "\"a b\"", "${x}", "x.y.f"])),
        _ => format!("(builtins.{} ({a}))", builtin(random)),
    }
}

fn builtin(random: &mut Random) -> &'static str {
    let all: Vec<_> = builtins::all().map(|builtin| builtin.name).collect();
    all[random.below(all.len())]
}

fn command(random: &mut Random) -> String {
    let names: Vec<_> = commands::names().filter(|name| !matches!(*name, ":q" | ":quit")).collect();
    let name = match random.below(12) {
        0 => format!(":{}", random.pick(TOKENS)),
        1 => format!("{}{}", random.pick(&names), random.pick(TOKENS)),
        2 => ":".to_owned(),
        _ => (*random.pick(&names)).to_owned(),
    };
    let argument = match random.below(8) {
        0 => String::new(),
        1 => tokens(random, 8),
        2 => (*random.pick(FILES)).to_owned(),
        3 => (*random.pick(WORDS)).to_owned(),
        4 => format!("{} {}", random.pick(WORDS), random.pick(WORDS)),
        5 => format!("{} {}", expression(random, 2), random.pick(FILES)),
        6 => format!("({}) ({})", expression(random, 3), expression(random, 3)),
        _ => expression(random, 4),
    };
    format!("{name} {argument}")
}

fn unfinished(random: &mut Random) -> String {
    let end = *random.pick(&["\"", "''", "${", "\"${", "''a ''${ x", "/*", "#", "\\", "\"\\", "{ a =", "x."]);
    format!("{}{end}", tokens(random, 5))
}

fn bytes(random: &mut Random) -> String {
    let count = 1 + random.below(200);
    let bytes: Vec<u8> = (0..count).map(|_| random.next() as u8).collect();
    String::from_utf8_lossy(&bytes).into_owned()
}

fn digits(random: &mut Random) -> String {
    let count = 1 + random.below(5000);
    let digits: String = (0..count).map(|_| char::from(b'0' + random.below(10) as u8)).collect();
    match random.below(4) {
        0 => format!("-{digits}"),
        1 => format!("{digits}.{digits}e{digits}"),
        2 => format!("builtins.elemAt xs {digits}"),
        _ => digits,
    }
}

fn nested(random: &mut Random, most: usize) -> String {
    let depth = 1 + random.below(most);
    let (open, close) = *random.pick(NESTS);
    let missing = if random.once_in(3) { random.below(depth) } else { 0 };
    format!("{}{}{}", open.repeat(depth), random.pick(TOKENS), close.repeat(depth - missing))
}

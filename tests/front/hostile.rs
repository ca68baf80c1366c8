//! Programs that would run for ever, or take all memory. Each ends with an error of the right kind, and the session answers the
//! next request. A request has 8 MiB and a twentieth of a second, so which of both limits comes first is left open where it
//! depends on the machine.

use libtest_mimic::Failed;
use nivis::front::Kind::{self, InfiniteRecursion, OutOfMemory, Syntax, TimedOut, TooDeep};
use nivis::front::{Files, Limits, Nix};
use std::time::Duration;

/// Either limit of a request.
const LIMIT: &[Kind] = &[TimedOut, OutOfMemory];
/// Before the beginning of each program: a text of a megabyte, a list that has itself twice, and loops.
const PRELUDE: &str = "
    let
      t = builtins.concatStringsSep \"\" (builtins.genList (x: \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\") 32768);
      small = builtins.substring 0 30000 t;
      twice = leaf: builtins.foldl' (a: _: [ a a ]) leaf (builtins.genList (x: x) 50);
      twiceSet = leaf: builtins.foldl' (a: _: { x = a; y = a; }) leaf (builtins.genList (x: x) 50);
      thousand = builtins.genList (x: x) 1000;
      many = builtins.genList (x: x) 100000;
      forever = f: builtins.foldl' (a: i: builtins.foldl' (b: j: builtins.seq (f (i * 1000 + j)) b) a thousand) 0 many;
      rep = n: s: builtins.concatStringsSep \"\" (builtins.genList (x: s) n);
    in
";

const PROGRAMS: &[(&str, &[Kind])] = &[
    // Large by repetition.
    ("builtins.stringLength (builtins.toJSON (twice \"x\"))", LIMIT),
    ("builtins.stringLength (builtins.toXML (twiceSet 1))", LIMIT),
    ("builtins.stringLength (toString (twice \"x\"))", LIMIT),
    ("twice 1 == twice 1", LIMIT),
    ("twiceSet 1 == twiceSet 1", LIMIT),
    ("(derivation { name = \"x\"; system = \"x\"; builder = \"x\"; args = twice \"x\"; }).drvPath", LIMIT),
    (
        "(derivation { name = \"x\"; system = \"x\"; builder = \"x\"; __structuredAttrs = true; a = twice \"x\"; }).drvPath",
        LIMIT,
    ),
    ("builtins.hashString \"sha256\" (builtins.toJSON (twiceSet \"x\"))", LIMIT),
    // Texts that grow.
    ("builtins.stringLength (builtins.concatStringsSep \"\" (builtins.genList (x: t) 100000))", LIMIT),
    ("builtins.stringLength (builtins.replaceStrings [ \"a\" ] [ t ] t)", LIMIT),
    ("builtins.stringLength (builtins.foldl' (a: b: a + a) \"x\" thousand)", LIMIT),
    ("builtins.stringLength (builtins.foldl' (a: b: \"${a}${a}\") \"x\" thousand)", LIMIT),
    ("builtins.length (builtins.foldl' (a: b: a ++ a) [ 1 ] thousand)", LIMIT),
    ("builtins.stringLength (rep 100000000 \"x\")", LIMIT),
    ("builtins.length (builtins.genList (x: x) 1000000000)", LIMIT),
    ("builtins.length (builtins.genList (x: x) 1000000000000000000)", LIMIT),
    ("builtins.length (builtins.concatMap (x: many) many)", LIMIT),
    ("builtins.length (builtins.concatLists (builtins.genList (x: many) 10000))", LIMIT),
    ("builtins.length (builtins.split \"\" (t + t + t + t + t + t + t + t))", LIMIT),
    ("builtins.length (builtins.splitVersion (builtins.replaceStrings [ \"a\" ] [ \"1.\" ] (t + t + t)))", LIMIT),
    // Sets that grow.
    ("builtins.listToAttrs (builtins.genList (i: { name = \"n${toString i}\"; value = 1; }) 10000000)", LIMIT),
    ("builtins.foldl' (a: i: a // { \"n${toString i}\" = i; }) { } (builtins.genList (x: x) 1000000)", LIMIT),
    ("builtins.groupBy toString (builtins.genList (x: x) 3000000)", LIMIT),
    ("builtins.zipAttrsWith (n: v: v) (builtins.genList (i: { ${toString i} = i; }) 3000000)", LIMIT),
    ("builtins.genericClosure { startSet = [ { key = 0; } ]; operator = x: [ { key = x.key + 1; } ]; }", LIMIT),
    ("builtins.length (builtins.sort (a: b: a < b) (builtins.genList (x: 10000000 - x) 10000000))", LIMIT),
    ("builtins.partition (x: builtins.foldl' (a: b: a) true thousand) many", LIMIT),
    // Regular expressions.
    ("builtins.match \"(a|aa)*(a|aa)*(a|aa)*b\" t", LIMIT),
    ("builtins.match \"(a*)(a*)(a*)(a*)(a*)(a*)b\" t", LIMIT),
    ("builtins.length (builtins.split \"(a*)b\" (t + t))", LIMIT),
    ("builtins.length (builtins.split \"a*b\" (t + t))", LIMIT),
    ("forever (k: builtins.match \"${toString k}(a|b|c)*\" \"1\")", LIMIT),
    ("forever (k: builtins.match \"${toString k}(abc|bcd|cde){1,200}\" \"1\")", LIMIT),
    ("builtins.match \"((a{1,255}){1,255}){1,255}\" \"b\"", &[Kind::Other, TimedOut, OutOfMemory]),
    // Tables that the evaluator keeps.
    ("forever (k: { }.${toString k} or 1)", LIMIT),
    ("forever (k: builtins.toFile \"x\" \"${toString k}${small}\")", LIMIT),
    ("forever (k: (derivation { name = \"x${toString k}\"; system = \"x\"; builder = \"x\"; }).drvPath)", LIMIT),
    ("builtins.stringLength (builtins.foldl' (a: i: a + builtins.toFile \"x\" (toString i)) \"\" many)", LIMIT),
    ("forever (k: builtins.tryEval (throw \"x${toString k}\"))", LIMIT),
    ("let f = n: if n == 0 then throw \"x\" else 1 + f (n - 1); in forever (k: builtins.tryEval (f 500))", LIMIT),
    ("forever (k: import (builtins.toFile \"x.nix\" (toString k)))", LIMIT),
    ("forever (k: builtins.scopedImport { inherit k; } /x.nix)", LIMIT),
    ("forever (k: builtins.path { path = /x.nix; name = \"x${toString k}\"; })", LIMIT),
    ("forever (k: host.id k)", LIMIT),
    // What takes long, without memory.
    ("forever (k: k)", LIMIT),
    ("forever (k: builtins.hashString \"sha512\" t)", LIMIT),
    ("forever (k: builtins.readFile /x.nix)", LIMIT),
    ("forever (k: builtins.compareVersions t t)", LIMIT),
    ("forever (k: t == t + \"\")", LIMIT),
    ("forever (k: builtins.trace t 1)", LIMIT),
    ("forever (k: builtins.toJSON t)", LIMIT),
    ("forever (k: builtins.elem (-1) many)", LIMIT),
    ("forever (k: builtins.substring k 10 t)", LIMIT),
    ("forever (k: builtins.replaceStrings [ \"b\" ] [ \"c\" ] t)", LIMIT),
    // Readers.
    ("builtins.fromJSON \"[${rep 3000000 \"{},\"}{}]\"", LIMIT),
    ("builtins.fromJSON (rep 100000 \"[\" + rep 100000 \"]\")", &[TooDeep, TimedOut, OutOfMemory, Kind::Other]),
    (
        "builtins.fromTOML (builtins.concatStringsSep \"\" (builtins.genList (x: \"[a${toString x}.b.c]\\nx=1\\n\") 100000))",
        LIMIT,
    ),
    ("import (builtins.toFile \"x.nix\" (\"[\" + rep 3000000 \"1 \" + \"]\"))", LIMIT),
    ("import (builtins.toFile \"x.nix\" (rep 300000 \"a = ; \"))", &[Syntax, TimedOut, OutOfMemory]),
    (
        "import (builtins.toFile \"x.nix\" (rep 1000000 \"(\" + \"1\" + rep 1000000 \")\"))",
        &[TooDeep, TimedOut, OutOfMemory, Syntax],
    ),
    // Without end.
    ("let f = x: f (x + 1); in f 0", &[TooDeep, TimedOut]),
    ("let f = x: 1 + f x; in f 0", &[TooDeep]),
    ("let x = x + 1; in x", &[InfiniteRecursion]),
    ("let x = { y = x; }; in builtins.toJSON x", &[TooDeep, TimedOut, OutOfMemory]),
    ("let x = [ x ]; in builtins.toJSON x", &[TooDeep, TimedOut, OutOfMemory]),
    ("let f = n: { x = f (n + 1); }; in builtins.deepSeq (f 0) 1", &[TooDeep, TimedOut, OutOfMemory]),
    ("let s = { __functor = self: self; }; in s 1", &[TooDeep, TimedOut]),
    ("let s = { __toString = s: \"${s}\"; }; in \"${s}\"", &[TooDeep]),
    ("let s = { outPath = s; }; in \"${s}\"", &[TooDeep, InfiniteRecursion, TimedOut]),
    ("1 + twice [ ]", &[Kind::Type]),
    ("throw (toString (rep 2000000 \"x\"))", &[Kind::Thrown, OutOfMemory]),
    ("host.fail t", &[Kind::Host]),
];

pub(super) fn check() -> Result<(), Failed> {
    let nix = Nix::sandboxed()
        .files(Files::Memory(vec![("/x.nix".into(), format!("1 {}", "# a comment\n".repeat(10_000)))]))
        .function("id", |number: i64| number)
        .function("fail", |text: String| Err::<(), _>(text));
    let mut session = nix.session();
    let limits = Limits::new().memory(8 << 20).time(Duration::from_millis(50));
    let mut wrong = Vec::new();
    for (program, kinds) in PROGRAMS {
        let result = session.limited(&limits, |session| {
            let value = session.eval(&format!("{PRELUDE}{program}"))?;
            session.text(&value)
        });
        match &result {
            Err(error) if kinds.contains(&error.kind()) => {}
            Err(error) => wrong.push(format!("{program}: {:?}, {:.200}", error.kind(), error.to_string())),
            Ok(text) => wrong.push(format!("{program}: {text:.100}")),
        }
        // The report of any error is made in the end.
        let _ = result.map_err(|error| format!("{error:#}"));
        let next = session.eval("builtins.foldl' (a: b: a + b) 0 (builtins.genList (x: x) 100)");
        match next.and_then(|value| session.get::<i64>(&value)) {
            Ok(4950) => {}
            other => wrong.push(format!("after {program}: {other:?}")),
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

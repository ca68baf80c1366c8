//! Evaluations step by step: each program has the value of the first, the last one is the value, and every step is a
//! valid program.

use libtest_mimic::{Failed, Trial};
use nivis::eval::Reductions;
use nivis::{Engine, Settings};

/// Programs as the lessons have them.
const PROGRAMS: &[&str] = &[
    "1 + 2 * 3",
    "let x = 1 + 2; in x * x",
    "let fact = n: if n == 0 then 1 else n * fact (n - 1); in fact 4",
    "builtins.length [ (throw \"x\") ]",
    "let xs = [ (throw \"no\") (1 + 1) ]; in builtins.elemAt xs 1",
    "map (x: x * 2) [ 1 (1 + 1) ]",
    "builtins.foldl' (sum: x: sum + x) 0 [ 1 2 (1 + 2) ]",
    "builtins.filter (x: x > 1) [ 1 2 3 ]",
    "builtins.concatStringsSep \", \" (map toString [ 1 2 ])",
    "\"sum: ${toString (1 + 2)}\"",
    "{ a = 1 + 2; b.c = \"x${toString 3}\"; }",
    "rec { a = 1 + 1; b = a * 2; }",
    "let f = { a, b ? a + 1 }: a + b; in f { a = 1; }",
    "let f = { a, ... }@args: args.b or a; in f { a = 1 + 1; c = throw \"unused\"; }",
    "(y: (x: x + y) 5) (1 + 2)",
    "(x: (x: x) (x + 1)) 1",
    "let f = a: let g = b: a + b; in g; in f 1 2",
    "let add = x: y: x + y; addOne = add 1; in addOne (2 + 3)",
    "with { x = 1; y = 2; }; x + y",
    "let a = 1; in with { a = 2; b = a + 1; }; a + b",
    "let inherit (builtins) head; s = { inherit (p) v; }; p = { v = 1 + 1; }; in head [ s.v ]",
    "let fix = f: let x = f x; in x; in (fix (self: { a = 1; b = self.a + 1; })).b",
    "let over = final: prev: { b = final.a + 1; a = prev.a * 10; }; base = final: { a = 1; }; \
     extend = f: o: final: let prev = f final; in prev // o final prev; fix = f: let x = f x; in x; in \
     fix (extend base over)",
    "let ones = [ 1 ] ++ ones'; ones' = [ 2 ]; in ones",
    "if 1 < 2 && !(2 < 1) then \"yes\" else throw \"no\"",
    "true || throw \"never\"",
    "assert 1 == 1; { ok = true; }",
    "({ a = 1; } // { b = throw \"later\"; }) ? b",
    "builtins.tryEval (throw \"x\")",
    "builtins.mapAttrs (name: value: \"${name}${toString value}\") { a = 1; b = 1 + 1; }",
    "let xs = builtins.genList (i: i * i) 4; in builtins.elemAt xs 3",
    "let even = n: if n == 0 then true else odd (n - 1); odd = n: if n == 0 then false else even (n - 1); in even 3",
    "{ __functor = self: x: self.k + x; k = 1; } 2",
    "let p = { v = 1 + 1; }; in p.v + p.v",
    "[ 1 2 ] == [ 1 (1 + 1) ]",
    "builtins.fromJSON \"{ \\\"a\\\": [ 1, 2.5, null ] }\"",
    "-(1 + 1) + 1.5",
    "let s = \"a text that is too long to stand in place of a name\"; in [ s s ]",
    "let x = 1; in let y = x; x = 2; in [ x y ]",
    "builtins.sort (a: b: a < b) [ 3 1 2 ]",
    "builtins.attrNames { b = 1; a = throw \"never\"; }",
    "builtins.seq (1 + 1) (2 + 2)",
];

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials: Vec<Trial> =
        PROGRAMS.iter().map(|text| Trial::test(format!("stepping/{text}"), || check(text))).collect();
    trials.push(Trial::test("stepping/an error ends the steps", an_error));
    trials.push(Trial::test("stepping/no more steps than asked for", an_end));
    trials
}

fn reductions(text: &str, limit: usize) -> Result<Reductions, Failed> {
    let mut engine = Engine::new(Settings::default());
    engine.enter(|cx| cx.reductions(text.into(), &[], limit)).map_err(|error| error.to_string().into())
}

fn value(text: &str) -> Result<String, Failed> {
    let mut engine = Engine::new(Settings::default());
    let value = engine.eval_str(text).and_then(|value| engine.render(&value));
    value.map_err(|error| format!("{text}: {error}").into())
}

fn check(text: &str) -> Result<(), Failed> {
    let expected = value(text)?;
    let done = reductions(text, 200)?;
    if let Some(error) = done.error {
        return Err(error.to_string().into());
    }
    for (number, step) in done.steps.iter().enumerate() {
        let found = value(&step.program)?;
        if found != expected {
            return Err(format!("step {number} is {found}, not {expected}: {}", step.program).into());
        }
        let redex = step.redex.clone().map(|range| step.program.get(range));
        let is_last = number + 1 == done.steps.len();
        if redex.map_or(!is_last, |part| part.is_none_or(str::is_empty)) {
            return Err(format!("step {number} changes nothing: {}", step.program).into());
        }
    }
    let last = done.steps.last().map(|step| step.program.as_str()).unwrap_or_default();
    if last == expected { Ok(()) } else { Err(format!("the last step is {last}, not {expected}").into()) }
}

fn an_error() -> Result<(), Failed> {
    let done = reductions("let x = 1 + 1; in x + throw \"no\"", 200)?;
    let programs: Vec<_> = done.steps.iter().map(|step| step.program.as_str()).collect();
    assert_eq!(programs, ["let x = 1 + 1; in x + throw \"no\"", "2 + throw \"no\""]);
    assert_eq!(done.error.map(|error| error.to_string()).as_deref(), Some("no"));
    Ok(())
}

fn an_end() -> Result<(), Failed> {
    let done = reductions("let loop = n: loop (n + 1); in loop 0", 10)?;
    assert_eq!((done.steps.len(), done.is_cut, done.error.is_none()), (10, true, true));
    Ok(())
}

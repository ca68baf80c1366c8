//! Depth, memory and interrupts: a value or an error, never a crash, even on a small stack.

use libtest_mimic::{Failed, Trial};
use nivis::{Engine, ErrorKind, Root, Settings, report};

/// Programs of a given size, and their accepted results: a value, or an error with one of these words.
type Form = (&'static str, fn(usize) -> String);

const FORMS: &[Form] = &[
    ("parentheses", |n| format!("{}1{}", "(".repeat(n), ")".repeat(n))),
    ("lists", |n| format!("{}1{}", "[".repeat(n), "]".repeat(n))),
    ("not", |n| format!("{}true", "!".repeat(n))),
    ("negation", |n| format!("{}1", "- ".repeat(n))),
    ("applications", |n| format!("let f = x: f; in builtins.isFunction (f{})", " 1".repeat(n))),
    ("functors", |n| format!("let f.__functor = self: x: f; in f{} ? __functor", " 1".repeat(n))),
    ("partial applications", |n| format!("let f = (x: y: f) 1; in builtins.isFunction (f{})", " 1".repeat(n))),
    ("selections", |n| format!("let a.a = a; in a{} == 1", ".a".repeat(n))),
    ("additions", |n| format!("1{}", " + 1".repeat(n))),
    ("sets", |n| format!("{}1{}", "{ a = ".repeat(n), "; }".repeat(n))),
    ("functions", |n| format!("builtins.isFunction ({}1)", "x: ".repeat(n))),
    ("else if", |n| format!("{}2", "if false then 1 else ".repeat(n))),
    ("variables", |n| {
        let names = |before: &str, after: &str| (0..n).map(|i| format!("{before}v{i}{after}")).collect::<String>();
        format!("let {} all = x: [ {} ]; in builtins.length (all 1)", names("", " = { };"), names("", " "))
    }),
    ("let", |n| format!("{}1", "let a = 1; in ".repeat(n))),
    ("with", |n| format!("{}1", "with { }; ".repeat(n))),
    ("attribute path", |n| format!("{{ {} = 1; }} ? a", vec!["a"; n].join("."))),
    ("defaults", |n| format!("builtins.isFunction ({}1{})", "{ a ? ".repeat(n), " }: 1".repeat(n))),
    ("a duplicate", |n| format!("{}{{ b = 1; b = 2; }}{}", "{ a = ".repeat(n), "; }".repeat(n))),
    ("an undefined variable", |n| format!("{}missing{}", "{ a = ".repeat(n), "; }".repeat(n))),
    ("interpolation", |n| format!("{}a{}", "\"${".repeat(n), "}\"".repeat(n))),
    ("interpolation without an end", |n| "\"${".repeat(n)),
    ("parentheses without an end", |n| "(".repeat(n)),
    ("recursion", |n| format!("let f = x: if x == 0 then 0 else 1 + f (x - 1); in f {n}")),
    ("endless calls", |_| "let f = x: f (x + 1); in f 0".to_owned()),
    ("thunk chain", |n| format!("builtins.foldl' (a: b: x: a b) (x: x) (builtins.genList (x: x) {n}) 1")),
    ("lazy sum", |n| {
        format!(
            "builtins.elemAt (builtins.foldl' (a: b: [ (builtins.head a + b) ]) [ 0 ] (builtins.genList (x: x) {n})) 0"
        )
    }),
    ("deep list, deepSeq", |n| format!("builtins.deepSeq ({}) 1", deep_list(n))),
    ("deep list, equality", |n| format!("{0} == {0}", deep_list(n))),
    ("deep list, JSON", |n| format!("builtins.stringLength (builtins.toJSON ({}))", deep_list(n))),
    ("deep list, printing", deep_list),
    ("deep list, toString", |n| format!("toString ({})", deep_list(n))),
    ("deep JSON", |n| {
        format!(
            "builtins.deepSeq (builtins.fromJSON (builtins.concatStringsSep \"\" (builtins.genList (x: \"[\") {n} ++ builtins.genList (x: \"]\") {n}))) 1"
        )
    }),
    ("deep regex", |n| {
        format!(
            "builtins.match (builtins.concatStringsSep \"\" (builtins.genList (x: \"(\") {n} ++ [ \"a\" ] ++ builtins.genList (x: \")\") {n})) \"a\""
        )
    }),
];

fn deep_list(n: usize) -> String {
    format!("(builtins.foldl' (a: b: [ a ]) 1 (builtins.genList (x: x) {n}))")
}

/// One trial per form, and one per limit.
pub(crate) fn trials() -> Vec<Trial> {
    let sizes = [1_000, 10_000, 30_000, 100_000];
    let forms = FORMS.iter().map(move |(name, form)| {
        Trial::test(format!("depth/{name}"), move || {
            for size in sizes {
                on_stack(8 << 20, form(size))?;
                on_stack(1 << 20, form(size))?;
            }
            Ok(())
        })
    });
    let limits = [
        Trial::test("limits/memory", memory_limit),
        Trial::test("limits/interrupt", interrupt),
        Trial::test("limits/interrupt-from-another-thread", interrupt_from_another_thread),
        Trial::test("limits/memory-of-errors", memory_of_errors),
        Trial::test("limits/huge sizes", huge_sizes),
        Trial::test("limits/call depth is C++ Nix's", call_depth),
        Trial::test("limits/depth of values is C++ Nix's", depth_of_values),
        Trial::test("limits/nesting has none of its own", nesting),
    ];
    forms.chain(limits).collect()
}

/// A deeply nested text has a value, as long as there is memory for the stack.
fn nesting() -> Result<(), Failed> {
    let programs = [
        ("(".repeat(40_000) + "1" + &")".repeat(40_000), "1"),
        ("with { a = 2; }; ".repeat(20_000) + "a", "2"),
        ("if false then 1 else ".repeat(100_000) + "3", "3"),
        ("1".to_owned() + &" + 1".repeat(40_000), "40001"),
        (format!("{{ {} = 1; }} ? a.a", vec!["a"; 4_000].join(".")), "true"),
    ];
    for (program, expected) in programs {
        let mut engine = Engine::new(Settings::default());
        let value =
            engine.eval_str(&program).and_then(|value| engine.render(&value)).map_err(|error| error.to_string())?;
        if value != expected {
            return Err(format!("{value} instead of {expected}").into());
        }
    }
    Ok(())
}

/// Evaluates on a thread with a small stack, and without a larger one to fall back on.
fn on_stack(size: usize, program: String) -> Result<(), Failed> {
    let run = move || {
        let mut settings = Settings::default();
        settings.stack_size = 0;
        let mut engine = Engine::new(settings);
        // A value or an error: both are fine, as long as the program survives.
        if let Err(error) = engine.eval_str(&program).and_then(|value| engine.render(&value)) {
            report::pretty(&error, engine.sources(), nivis::codec::palette::Look::PLAIN, true);
        }
    };
    let thread = std::thread::Builder::new().stack_size(size).spawn(run)?;
    thread.join().map_err(|_| Failed::from("panicked"))
}

fn fails_with(engine: &mut Engine, program: &str, words: &str) -> Result<(), Failed> {
    match engine.eval_str(program).and_then(|value| engine.render(&value)) {
        Err(error) if error.to_string().contains(words) => Ok(()),
        Err(error) => Err(format!("another error: {error}").into()),
        Ok(value) => Err(format!("a value: {value}").into()),
    }
}

fn memory_limit() -> Result<(), Failed> {
    let mut settings = Settings::default();
    settings.memory_limit = 64 << 20;
    let mut engine = Engine::new(settings);
    fails_with(&mut engine, "builtins.foldl' (a: b: a ++ a) [ 1 ] (builtins.genList (x: x) 60)", "memory limit")?;
    Ok(())
}

/// An interrupted thunk is unchanged: forcing it again gives its value.
fn interrupt() -> Result<(), Failed> {
    let mut engine = Engine::new(Settings::default());
    let sum = engine.eval_str("{ x = builtins.foldl' (a: b: a + b) 0 (builtins.genList (x: x) 1000); }")?;
    engine.stop_flags().interrupt();
    match engine.render(&sum) {
        Err(error) if *error.kind() == ErrorKind::Interrupted => {}
        other => return Err(format!("not interrupted: {other:?}").into()),
    }
    expect_value(&mut engine, &sum, "{ x = 499500; }")
}

/// An endless evaluation ends.
fn interrupt_from_another_thread() -> Result<(), Failed> {
    let mut engine = Engine::new(Settings::default());
    let flags = engine.stop_flags();
    let stopper = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(20));
        flags.interrupt();
    });
    let endless = "let count = n: if n < 0 then n else builtins.foldl' (a: b: b) 0 [ 1 2 (n + 1) ]; in
        (builtins.genericClosure { startSet = [ { key = 0; } ]; operator = x: [ { key = count x.key; } ]; })";
    let ended = fails_with(&mut engine, endless, "interrupted");
    stopper.join().map_err(|_| Failed::from("panicked"))?;
    ended
}

/// The errors of thunks count towards the limit.
fn memory_of_errors() -> Result<(), Failed> {
    let mut settings = Settings::default();
    settings.memory_limit = 16 << 20;
    let mut engine = Engine::new(settings);
    let failures =
        "builtins.foldl' (a: b: a && !(builtins.tryEval (throw \"it\" + \"\")).success) true (builtins.genList (x: x)";
    let few = engine.eval_str(&format!("{failures} 100)"))?;
    expect_value(&mut engine, &few, "true")?;
    fails_with(&mut engine, &format!("{failures} 1000000)"), "memory limit")
}

fn expect_value(engine: &mut Engine, root: &Root, wanted: &str) -> Result<(), Failed> {
    let got = engine.render(root)?;
    if got == wanted { Ok(()) } else { Err(format!("got {got}").into()) }
}

fn huge_sizes() -> Result<(), Failed> {
    let mut engine = Engine::new(Settings::default());
    fails_with(&mut engine, "builtins.genList (x: x) 9000000000000000000", "")?;
    fails_with(&mut engine, "builtins.genList (x: x) (-1)", "cannot create list of size -1")
}

fn call_depth() -> Result<(), Failed> {
    let mut engine = Engine::new(Settings::default());
    fails_with(&mut engine, "let f = x: f (x + 1); in f 0", "stack overflow; max-call-depth exceeded")?;
    let fine = engine.eval_str("let f = x: if x == 0 then 0 else f (x - 1); in f 9900")?;
    expect_value(&mut engine, &fine, "0")
}

/// Numbers of nested lists or sets that are too many for 30 nested calls. `NESTED` is replaced by that many around an
/// element.
const TOO_DEEP: [(&str, &str, usize); 11] = [
    ("NESTED == NESTED", "1", 31),
    ("NESTED == NESTED", "(f 1)", 30),
    ("NESTED != NESTED", "\"a\"", 31),
    ("builtins.elem NESTED [ NESTED ]", "1", 30),
    ("NESTED < NESTED", "1", 31),
    ("NESTED >= NESTED", "(f 1)", 30),
    ("assert NESTED == NESTED; 1", "1", 31),
    ("toString NESTED", "1", 30),
    ("builtins.toJSON NESTED", "1", 30),
    ("builtins.toXML NESTED", "1", 30),
    ("builtins.deepSeq NESTED 1", "1", 30),
];

fn depth_of_values() -> Result<(), Failed> {
    let mut settings = Settings::default();
    settings.max_call_depth = 30;
    let mut engine = Engine::new(settings);
    for (form, element, too_deep) in TOO_DEEP {
        let program = |count: usize| {
            let nested = format!("(builtins.foldl' (inner: _: [ inner ]) {element} (builtins.genList (x: x) {count}))");
            format!("let f = x: x; in {}", form.replace("NESTED", &nested))
        };
        engine.eval_str(&program(too_deep - 1)).map_err(|error| format!("{form}, {element}: {error}"))?;
        fails_with(&mut engine, &program(too_deep), "stack overflow; max-call-depth exceeded")?;
    }
    Ok(())
}

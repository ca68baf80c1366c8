//! Tests of the front door: conversions, functions of the host, errors, limits, and the list of its items.

mod hostile;

use crate::support::{expect, files, project, with_files};
use libtest_mimic::{Failed, Trial};
use nivis::front::{
    Cancel, Data, Error, Files, FromNix, Function, Kind, Lazy, Limits, Nix, OwnedValue, Serde, Session, from_file,
    to_nix,
};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        Trial::test("front/values become types of Rust", conversions),
        Trial::test("front/errors of conversions point to the value", places),
        Trial::test("front/data becomes values", data),
        Trial::test("front/functions of the host", functions),
        Trial::test("front/functions of the host that fail", failures),
        Trial::test("front/a panic of the host is an error", panics),
        Trial::test("front/functions of the host take functions", callbacks),
        Trial::test("front/host is there in imported files", imported_host),
        Trial::test("front/a sandbox sees its files only", sandbox),
        Trial::test("front/errors stand alone", standalone),
        Trial::test("front/diagnostics have edits", edits),
        Trial::test("front/no message speaks of the command line", command_line),
        Trial::test("front/requests are cancelled", cancelling),
        Trial::test("front/limits of one request", limits),
        Trial::test("front/programs that nobody trusts end at a limit", hostile::check),
        Trial::test("front/a session lives long", long_life),
        Trial::test("front/changed files are read again", changed_files),
        Trial::test("front/strings have references", references),
        Trial::test("front/a value of another session is refused", foreign),
        Trial::test("front/a file is read with what is beside it", configuration_file),
        Trial::test("front/threads have sessions of one configuration", threads),
        Trial::test("front/the list of items", items),
    ]
}

type Tested = Result<(), Failed>;

fn check<T: PartialEq + std::fmt::Debug>(got: T, wanted: T) -> Tested {
    if got == wanted { Ok(()) } else { Err(format!("wanted {wanted:?}, got {got:?}").into()) }
}

fn read<T: FromNix>(session: &mut Session, text: &str) -> Result<T, Error> {
    let value = session.eval(text)?;
    session.get(&value)
}

fn failed<T>(result: Result<T, Error>) -> Result<Error, Failed> {
    result.err().ok_or_else(|| "no error".into())
}

fn conversions() -> Tested {
    let mut session = Nix::sandboxed().session();
    check(read::<i64>(&mut session, "4611686018427387904")?, 1 << 62)?;
    check(read::<u8>(&mut session, "255")?, 255)?;
    check(read::<f64>(&mut session, "1")?, 1.0)?;
    check(read::<Option<bool>>(&mut session, "null")?, None)?;
    check(read::<Vec<Option<String>>>(&mut session, "[ null \"a\" ]")?, vec![None, Some("a".to_owned())])?;
    let map: BTreeMap<String, Vec<i64>> = read(&mut session, "{ b = [ ]; a = [ 1 2 ]; }")?;
    check(map, BTreeMap::from([("a".to_owned(), vec![1, 2]), ("b".to_owned(), vec![])]))?;
    check(read::<std::path::PathBuf>(&mut session, "/a/b")?, "/a/b".into())?;
    let Serde((number, text)) = read::<Serde<(u16, String)>>(&mut session, "[ 1 \"a\" ]")?;
    check((number, text.as_str()), (1, "a"))?;
    let set = session.eval("{ a = throw \"a\"; b.c = [ { d = 7; } ]; }")?;
    check(session.select::<i32>(&set, "b.c.0.d")?, 7)?;
    check(session.names(&set)?, vec!["a".to_owned(), "b".to_owned()])?;
    check(session.type_name(&set)?, "set")?;
    let lazy: BTreeMap<String, Lazy<i64>> = session.get(&set)?;
    check(failed(lazy["a"].get(&mut session))?.kind(), Kind::Thrown)?;
    let lazy: BTreeMap<String, Lazy<i64>> = session.deserialize(&set)?;
    check(failed(lazy["a"].get(&mut session))?.kind(), Kind::Thrown)
}

/// Reads a text as some type.
type Read = fn(&mut Session, &str) -> Result<(), Error>;

fn places() -> Tested {
    let mut session = Nix::sandboxed().session();
    let table: &[(&str, Read, &str)] = &[
        ("{ a = [ 1\n  \"x\" ]; }", |it, text| read::<BTreeMap<String, Vec<i64>>>(it, text).map(drop), "2:3"),
        ("{ a = [ 1\n  \"x\" ]; }", |it, text| read::<Serde<BTreeMap<String, Vec<i64>>>>(it, text).map(drop), "2:3"),
        ("[ [ 1 ] [ 2 ({ }) ] ]", |it, text| read::<Vec<Vec<i64>>>(it, text).map(drop), "1:14"),
        (
            "{ a.b.c = 300; }",
            |it, text| read::<BTreeMap<String, BTreeMap<String, BTreeMap<String, u8>>>>(it, text).map(drop),
            "1:3",
        ),
        ("let x = 1; in { inherit x; }", |it, text| read::<BTreeMap<String, String>>(it, text).map(drop), "1:25"),
        ("\"x\"", |it, text| read::<i64>(it, text).map(drop), "1:1"),
        ("{ a = 1 + true; }", |it, text| read::<BTreeMap<String, i64>>(it, text).map(drop), "1:11"),
    ];
    for (text, read, place) in table {
        let error = failed(read(&mut session, text))?;
        check(error.kind(), Kind::Type)?;
        let line = error.to_string();
        if !line.ends_with(&format!(" at «string»:{place}")) {
            return Err(format!("{text}: wanted {place}, got {line}").into());
        }
    }
    Ok(())
}

#[derive(serde::Serialize)]
enum Shape {
    Point,
    Circle { radius: f64 },
}

fn data() -> Tested {
    let mut session = Nix::sandboxed().session();
    let values = Data::list([
        Data::Null,
        true.into(),
        i64::MIN.into(),
        0.5.into(),
        "a${b}".into(),
        Data::Path(b"/a/../b".to_vec()),
        Data::set([("x y", 1), ("b", 2), ("b", 3)]),
    ]);
    let value = session.keep(values)?;
    let text = "[ null true -9223372036854775808 0.5 \"a\\${b}\" /b { b = 3; \"x y\" = 1; } ]";
    check(session.text(&value)?.as_str(), text)?;
    check(
        to_nix(&[Shape::Point, Shape::Circle { radius: 1.0 }])?.as_str(),
        "[ \"Point\" { Circle = { radius = 1.0; }; } ]",
    )?;
    check(failed(to_nix(&u64::MAX))?.to_string().contains("is not an integer of 64 bits"), true)?;
    // What Nix does not have fails where it is needed.
    let list = session.keep(vec![u64::MAX, 1])?;
    let length = session.eval("builtins.length")?;
    check(session.call::<usize>(&length, &list)?, 2)?;
    check(failed(session.text(&list))?.kind(), Kind::Host)
}

fn functions() -> Tested {
    let calls = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&calls);
    let nix = Nix::sandboxed()
        .function("count", move || counter.fetch_add(1, Ordering::Relaxed))
        .function("five", |a: i64, b: i64, c: i64, d: i64, e: i64| vec![a, b, c, d, e])
        .value("documented", Function::new("twice", |n: i64| n * 2).documented(&["number"], "Doubles."))
        .value(
            "pick",
            Function::raw("pick", &["index", "a", "b"], |call| {
                let index: usize = call.argument(0)?;
                Ok(call.argument::<OwnedValue>(1 + index)?.into())
            }),
        );
    let mut session = nix.session();
    let text = read::<OwnedValue>(
        &mut session,
        "with host; [ (count null) (count { }) (map (five 1 2 3 4) [ 5 6 ]) (documented 4) ]",
    )?;
    check(session.text(&text)?.as_str(), "[ 0 1 [ [ 1 2 3 4 5 ] [ 1 2 3 4 6 ] ] 8 ]")?;
    check(calls.load(Ordering::Relaxed), 2)?;
    check(read::<i64>(&mut session, "host.pick 0 1 (throw \"not needed\")")?, 1)?;
    check(read::<String>(&mut session, "builtins.typeOf host.five")?.as_str(), "lambda")?;
    check(read::<bool>(&mut session, "host.five 1 2 == null")?, false)?;
    let known: Vec<_> = nix.functions().map(|function| (function.name(), function.doc())).collect();
    check(known, vec![("count", ""), ("five", ""), ("twice", "Doubles."), ("pick", "")])?;
    let shown = read::<OwnedValue>(&mut session, "host.documented")?;
    check(session.text(&shown)?.as_str(), "<PRIMOP>")
}

fn failures() -> Tested {
    let nix = Nix::sandboxed()
        .function("fail", |text: String| Err::<(), _>(text))
        .function("io", || Err::<(), _>(std::io::Error::other("the disk is full")))
        .function("port", |port: u16| port);
    let mut session = nix.session();
    let error = failed(session.eval("let f = x:\n  host.fail x; in f \"no\""))?;
    check(error.to_string().as_str(), "no at «string»:2:3")?;
    check(error.kind(), Kind::Host)?;
    let error = failed(session.eval("host.io { }"))?;
    let source = std::error::Error::source(&error).and_then(|source| source.downcast_ref::<std::io::Error>());
    check(source.is_some(), true)?;
    check(failed(session.eval("builtins.tryEval (host.fail \"no\")"))?.kind(), Kind::Host)?;
    let error = failed(session.eval("map host.port [ 70000 ] == [ 1 ]"))?;
    check(error.message().as_str(), "expected an integer from 0 to 65535 but found 70000")?;
    // An error is remembered, as those of the language are.
    let set = session.eval("let x = host.fail \"once\"; in { a = x; b = x; }")?;
    check(failed(session.select::<i64>(&set, "a"))?.message(), "once".to_owned())?;
    check(failed(session.select::<i64>(&set, "b"))?.message(), "once".to_owned())
}

fn panics() -> Tested {
    let nix = Nix::sandboxed().function("panic", |text: String| -> i64 { std::panic::panic_any(text) });
    let mut session = nix.session();
    let set = session.eval("let x = [ (host.panic \"a bug\") ]; in { y = builtins.head x; z = 1; }")?;
    for _ in 0..2 {
        let error = failed(session.select::<i64>(&set, "y"))?;
        check(error.message().as_str(), "the function 'panic' panicked: a bug")?;
        check(error.kind(), Kind::Host)?;
        check(session.select::<i64>(&set, "z")?, 1)?;
    }
    Ok(())
}

fn callbacks() -> Tested {
    let nix = Nix::sandboxed().value(
        "twice",
        Function::raw("twice", &["function", "value"], |call| {
            let (function, value) = (call.argument::<OwnedValue>(0)?, call.argument::<OwnedValue>(1)?);
            let once: OwnedValue = call.call(&function, &[value.into()])?;
            Ok(call.call::<OwnedValue>(&function, &[once.into()])?.into())
        }),
    );
    let mut session = nix.session();
    check(read::<i64>(&mut session, "host.twice (x: x * 3) 2")?, 18)?;
    let error = failed(session.eval("host.twice (x: x.a) { a = 1; }"))?;
    check(error.kind(), Kind::Type)?;
    // A function that a function returns.
    let adder = Function::new("adder", |a: i64| Function::new("add", move |b: i64| a + b));
    let mut session = Nix::sandboxed().value("adder", adder).session();
    check(read::<i64>(&mut session, "host.adder 1 2 + host.adder 10 20")?, 33)
}

fn imported_host() -> Tested {
    let files = vec![("/a/x.nix".into(), "{ y = import ./y.nix; }".into()), ("/a/y.nix".into(), "host.version".into())];
    let mut session = Nix::sandboxed().files(Files::Memory(files)).value("version", "1.2").session();
    check(read::<String>(&mut session, "(import /a/x.nix).y")?.as_str(), "1.2")?;
    check(read::<i64>(&mut session, "let host = 1; in host")?, 1)
}

fn sandbox() -> Tested {
    let mut session = Nix::sandboxed().session();
    for text in [
        "builtins.readFile /etc/passwd",
        "builtins.readDir /.",
        "import /etc",
        "import <nixpkgs> { }",
        "./x + \"\" + builtins.readFile ./x",
    ] {
        let kind = failed(read::<OwnedValue>(&mut session, text))?.kind();
        check(matches!(kind, Kind::Forbidden | Kind::File), true).map_err(|_| format!("{text}: {kind:?}"))?;
    }
    check(read::<String>(&mut session, "builtins.getEnv \"HOME\"")?.as_str(), "")?;
    check(read::<i64>(&mut session, "builtins.currentTime")?, 0)?;
    let fetched = failed(session.eval("builtins.fetchurl \"https://example.org\""))?;
    check(fetched.kind(), Kind::Forbidden)?;
    with_files(&[("in/a.nix".into(), "1".into()), ("out/b.nix".into(), "2".into())], |folder| {
        std::os::unix::fs::symlink(folder.join("out/b.nix"), folder.join("in/link.nix"))?;
        let mut session = Nix::sandboxed().files(Files::Folders(vec![folder.join("in")])).session();
        check(read::<i64>(&mut session, "import ./a.nix")?, 1)?;
        for path in ["./link.nix", "../out/b.nix", "./../out/b.nix"] {
            check(failed(session.eval(&format!("import {path}")))?.kind(), Kind::Forbidden)?;
        }
        Ok(())
    })
}

fn standalone() -> Tested {
    let error = {
        let mut session = Nix::sandboxed().session();
        failed(session.eval_as("/app/main.nix", "let x = { length = 1; };\nin x.lenght"))?
    };
    let error = std::thread::spawn(move || error).join().map_err(|_| "panicked")?;
    check(error.to_string().as_str(), "attribute 'lenght' missing at /app/main.nix:2:6")?;
    let report = format!("{error:#}");
    check(report.contains("/app/main.nix:2:6") && report.contains("Did you mean length?"), true)?;
    check(format!("{error:?}"), report)?;
    check(error.code().as_str(), "E0011")
}

fn edits() -> Tested {
    let mut session = Nix::sandboxed().session();
    for (text, wanted) in [
        ("let x = { length = 1; }; in x.lenght", "let x = { length = 1; }; in x.length"),
        ("let count = 1; in coutn + 1", "let count = 1; in count + 1"),
        ("{ a = 1; b = 2 }", "{ a = 1; b = 2; }"),
        ("if 1 = 1 then 1 else 2", "if 1 == 1 then 1 else 2"),
    ] {
        let error = failed(session.eval(text))?;
        let mut mended = text.to_owned();
        for found in error.diagnostics().iter().rev() {
            for edit in &found.edits {
                mended.replace_range(edit.range.clone(), &edit.replacement);
            }
        }
        check(mended.as_str(), wanted)?;
    }
    Ok(())
}

fn command_line() -> Tested {
    let mut session = Nix::sandboxed().session();
    for text in [
        "builtins.readFile /etc/passwd",
        "import <nixpkgs>",
        "let f = x: f (x + 1) + 1; in f 1",
        "let x = { y = x; }; in builtins.toJSON x",
        "1 |> (x: x)",
        "builtins.getFlake \"nixpkgs\"",
        "let f = x: g x; g = x: h x; h = x: i x; i = x: j x; j = x: x.y; in f 1",
        "[ 1 2 ].0",
        "{ a = ; }",
    ] {
        let error = failed(read::<OwnedValue>(&mut session, text).and_then(|value| session.text(&value)))?;
        let all = format!("{error} {error:#} {:?}", error.diagnostics());
        if let Some(word) = ["`--", "'--", "--show-trace", "-I ", "nivis "].iter().find(|word| all.contains(**word)) {
            return Err(format!("{text}: {word} in {all}").into());
        }
    }
    Ok(())
}

const ENDLESS: &str = "let l = builtins.genList (x: x) 1000; in builtins.foldl' (a: b: builtins.foldl' (c: d: d) 0 l) 0 (builtins.genList (x: x) 1000000000)";

fn cancelling() -> Tested {
    let text = "let l = builtins.genList (x: x) 1000; m = builtins.genList (x: x) 100000; in builtins.foldl' (a: b: builtins.foldl' (c: d: d) 0 l) 0 m";
    let mut session = Nix::sandboxed().session();
    let cancel = Cancel::new();
    let other = cancel.clone();
    let later = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(50));
        other.cancel();
    });
    let limits = Limits::new().cancel(&cancel);
    let stopped = session.limited(&limits, |session| session.eval(text));
    check(failed(stopped)?.kind(), Kind::Cancelled)?;
    later.join().map_err(|_| "panicked")?;
    check(failed(session.limited(&limits, |session| session.eval("1")))?.kind(), Kind::Cancelled)?;
    // Others are not affected, neither by a handle that was used before.
    check(read::<i64>(&mut session, "1 + 1")?, 2)?;
    cancel.cancel();
    check(read::<i64>(&mut session, "builtins.foldl' (a: b: a + b) 0 [ 1 2 3 ]")?, 6)
}

fn limits() -> Tested {
    let mut session = Nix::sandboxed().session();
    let deep = "let f = n: if n == 0 then 0 else 1 + f (n - 1); in f 500";
    check(failed(session.limited(&Limits::new().depth(100), |it| it.eval(deep)))?.kind(), Kind::TooDeep)?;
    check(read::<i64>(&mut session, deep)?, 500)?;
    let large = "builtins.length (builtins.genList (x: x) 10000000)";
    check(failed(session.limited(&Limits::new().memory(1 << 20), |it| it.eval(large)))?.kind(), Kind::OutOfMemory)?;
    check(read::<i64>(&mut session, large)?, 10_000_000)?;
    let time = Limits::new().time(Duration::from_millis(20));
    check(failed(session.limited(&time, |it| it.eval(ENDLESS)))?.kind(), Kind::OutOfMemory).or_else(|_| {
        check(
            failed(session.limited(&time, |it| it.eval(&ENDLESS.replace("1000000000", "1000000"))))?.kind(),
            Kind::TimedOut,
        )
    })?;
    let over = Limits::new().deadline(std::time::Instant::now());
    check(failed(session.limited(&over, |it| it.eval("1")))?.kind(), Kind::TimedOut)?;
    check(read::<i64>(&mut session, "1")?, 1)
}

fn foreign() -> Tested {
    let (mut first, mut second) = (Nix::sandboxed().session(), Nix::sandboxed().session());
    let value = first.eval("1")?;
    check(failed(second.text(&value))?.kind(), Kind::Usage)?;
    let function = second.eval("x: x")?;
    check(failed(second.call::<i64>(&function, &value))?.kind(), Kind::Usage)?;
    let mut third = Nix::sandboxed().value("it", &value).session();
    check(failed(read::<i64>(&mut third, "host.it"))?.kind(), Kind::Host)
}

fn configuration_file() -> Tested {
    #[derive(serde::Deserialize, Debug, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Config {
        name: String,
        ports: Vec<u16>,
    }
    let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let all = [
        file("app/config.nix", "{ name = \"a\"; ports = import ./ports.nix; }"),
        file("app/ports.nix", "[ 80 ]"),
        file("app/wrong.nix", "{ name = \"a\"; ports = [ ];\n  port = 1; }"),
        file("app/curious.nix", "{ name = builtins.readFile ../secret; ports = [ ]; }"),
        file("secret", "secret"),
    ];
    with_files(&all, |folder: &Path| {
        let config: Config = from_file(folder.join("app/config.nix"))?;
        check(config, Config { name: "a".to_owned(), ports: vec![80] })?;
        let error = failed(from_file::<Config>(folder.join("app/wrong.nix")))?;
        check(error.to_string().ends_with("wrong.nix:2:3"), true)?;
        check(failed(from_file::<Config>(folder.join("app/curious.nix")))?.kind(), Kind::Forbidden)?;
        check(failed(from_file::<Config>(folder.join("app/none.nix")))?.kind(), Kind::File)
    })
}

fn threads() -> Tested {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let nix = Nix::sandboxed()
        .files(Files::Memory(vec![(
            "/sum.nix".into(),
            "n: builtins.foldl' (a: b: a + b) 0 (builtins.genList (x: x) n)".into(),
        )]))
        .function("log", move |number: i64| {
            log.lock().map(|mut all| all.push(number)).map_err(|error| error.to_string())
        });
    let sums = std::thread::scope(|threads| {
        let one = |n: i64| {
            let nix = &nix;
            threads.spawn(move || -> Result<i64, Error> {
                let mut session = nix.session();
                let sum = session.eval("n: let sum = import /sum.nix n; in builtins.seq (host.log sum) sum")?;
                (0..20).map(|_| session.call::<i64>(&sum, n)).sum()
            })
        };
        let running = [10, 20, 30].map(one);
        running.map(|thread| thread.join().map_err(|_| Failed::from("panicked")))
    });
    for (sum, wanted) in sums.into_iter().zip([45, 190, 435]) {
        check(sum??, wanted * 20)?;
    }
    check(seen.lock().map(|all| all.len()).unwrap_or_default(), 60)
}

/// Values that nobody holds are freed, and equal texts are loaded once.
fn long_life() -> Tested {
    let mut session = Nix::sandboxed().memory_limit(16 << 20).session();
    for number in 0..2000 {
        let text = "builtins.length (builtins.genList (x: x * 1.5) 10000)";
        check(read::<i64>(&mut session, text)?, 10_000).map_err(|error| format!("{number}: {error:?}"))?;
    }
    session.collect();
    check(session.memory() < 8 << 20, true)
}

fn changed_files() -> Tested {
    let tree = [("a.nix".into(), "import ./b.nix".into()), ("b.nix".into(), "1".into())];
    with_files(&tree, |folder| {
        let mut session = Nix::sandboxed().files(Files::Folders(vec![folder.to_path_buf()])).session();
        let text = "{ number = import ./a.nix; copy = \"${./b.nix}\"; }";
        let before = session.eval(text)?;
        let copy: String = session.select(&before, "copy")?;
        check(session.select::<i64>(&before, "number")?, 1)?;
        std::fs::write(folder.join("b.nix"), "20")?;
        let same = session.eval(text)?;
        check(session.select::<i64>(&same, "number")?, 1)?;
        session.forget_files();
        let after = session.eval(text)?;
        check(session.select::<i64>(&after, "number")?, 20)?;
        check(session.select::<String>(&after, "copy")? != copy, true)?;
        check(session.select::<i64>(&before, "number")?, 1)
    })
}

fn references() -> Tested {
    let mut session = Nix::sandboxed().session();
    let derivation = "derivation { name = \"d\"; system = \"s\"; builder = \"${builtins.toFile \"b\" \"\"}\"; }";
    let kinds = [("outPath", "-d.drv^out"), ("drvPath", "-d.drv (deep)"), ("builder", "-b")];
    for (attribute, end) in kinds {
        let value = session.eval(&format!("({derivation}).{attribute}"))?;
        let references = session.references(&value)?;
        check(references.len() == 1 && references[0].ends_with(end), true)
            .map_err(|_| format!("{attribute}: {references:?}"))?;
    }
    let plain = session.eval("\"text\"")?;
    check(session.references(&plain)?, Vec::new())?;
    let number = session.eval("1")?;
    check(failed(session.references(&number))?.kind(), Kind::Type)
}

/// The items of the front, as its source has them.
fn items() -> Tested {
    let mut all = Vec::new();
    let front = files(&project().join("src/front"), ".rs");
    for file in front.into_iter().chain([project().join("src/report/diagnostic.rs")]) {
        let text = std::fs::read_to_string(&file)?;
        let name = file.strip_prefix(project().join("src"))?.display().to_string();
        let public = text.lines().map(str::trim).filter(|line| line.starts_with("pub "));
        all.extend(public.map(|line| format!("{name}: {}", line.trim_end_matches(['{', ' ', '(', ',']))));
    }
    expect(&project().join("tests/front-items.txt"), (all.join("\n") + "\n").as_bytes(), "the list of items")
}

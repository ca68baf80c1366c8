//! Tests of the Rust interface of an engine.

use libtest_mimic::{Failed, Trial};
use nivis::eval::{Debugger, Reason, Resume, ScopeNames, Stop};
use nivis::io::{FileType, Io, MemoryIo, Status};
use nivis::print::thunk_text;
use nivis::{Engine, ErrorKind, Eval, Settings};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// One trial per use.
pub(crate) fn trials() -> Vec<Trial> {
    vec![
        Trial::test("api/values outlive a visit as roots", roots),
        Trial::test("api/functions are called from Rust", calls),
        Trial::test("api/files come through Io", memory_files),
        Trial::test("api/files are looked at once per visit", looks),
        Trial::test("api/a root of another engine is refused", foreign_root),
        Trial::test("api/each thread can have its own engine", threads),
        Trial::test("api/a failed value stays failed", memoised_failure),
        Trial::test("api/names given to a text shadow the language's", inputs),
        Trial::test("api/an evaluation can be watched", watching),
        Trial::test("api/an evaluation can be debugged", debugging),
    ]
}

fn check(got: &str, wanted: &str) -> Result<(), Failed> {
    if got == wanted { Ok(()) } else { Err(format!("wanted {wanted}, got {got}").into()) }
}

fn roots() -> Result<(), Failed> {
    let mut engine = Engine::new(Settings::default());
    let set = engine.eval_str("{ a = 1; b = [ 2 ]; }")?;
    for _ in 0..3 {
        check(&engine.render(&set)?, "{ a = 1; b = [ 2 ]; }")?;
    }
    Ok(())
}

fn calls() -> Result<(), Failed> {
    let mut engine = Engine::new(Settings::default());
    let function = engine.eval_str("a: { b, c ? 3 }: [ a b c ]")?;
    let (one, set) = (engine.eval_str("1")?, engine.eval_str("{ b = 2; }")?);
    let result = engine.call(&function, &[&one, &set])?;
    check(&engine.render(&result)?, "[ 1 2 3 ]")
}

fn memory_files() -> Result<(), Failed> {
    let io = MemoryIo::default().with_file("/p/default.nix", "import ./x.nix + 1").with_file("/p/x.nix", "41");
    let mut engine = Engine::with_io(Settings::default(), Box::new(io));
    let value = engine.eval_file("/p")?;
    check(&engine.render(&value)?, "42")
}

/// Files that change, and the number of reads of one of them.
#[derive(Clone, Default)]
struct Counting {
    files: Rc<RefCell<MemoryIo>>,
    looks: Rc<Cell<usize>>,
}

impl Io for Counting {
    fn read_file(&self, path: &[u8]) -> std::io::Result<Vec<u8>> {
        self.files.borrow().read_file(path)
    }
    fn read_dir(&self, path: &[u8]) -> std::io::Result<Vec<(Vec<u8>, FileType)>> {
        self.files.borrow().read_dir(path)
    }
    fn status(&self, path: &[u8]) -> std::io::Result<Option<Status>> {
        self.looks.set(self.looks.get() + 1);
        self.files.borrow().status(path)
    }
    fn read_link(&self, path: &[u8]) -> std::io::Result<Vec<u8>> {
        self.files.borrow().read_link(path)
    }
    fn variable(&self, _name: &[u8]) -> Option<Vec<u8>> {
        None
    }
    fn now(&self) -> i64 {
        0
    }
    fn current_dir(&self) -> Vec<u8> {
        b"/".to_vec()
    }
}

fn looks() -> Result<(), Failed> {
    let program = "[ (builtins.readFileType /p/x) (builtins.pathExists /p/x) (builtins.pathExists /p/y) ]";
    let world = Counting::default();
    let mut engine = Engine::with_io(Settings::default(), Box::new(world.clone()));
    for (files, wanted, looks) in [
        (&["/p/x"][..], "[ \"regular\" true false ]", 2),
        (&["/p/x/z", "/p/y"], "[ \"directory\" true true ]", 2),
        (&["/p/x"], "[ \"regular\" true false ]", 2),
    ] {
        world.files.replace(files.iter().fold(MemoryIo::default(), |io, path| io.with_file(path, "1")));
        world.looks.set(0);
        check(
            &engine.enter(|cx| {
                let value = cx.eval_text(program.into(), &[])?;
                cx.force_deep(value)?;
                nivis::print::ambiguous(cx, value).map(|text| String::from_utf8_lossy(&text).into_owned())
            })?,
            wanted,
        )?;
        check(&world.looks.get().to_string(), &looks.to_string())?;
    }
    Ok(())
}

fn foreign_root() -> Result<(), Failed> {
    let mut first = Engine::new(Settings::default());
    let mut second = Engine::new(Settings::default());
    let root = first.eval_str("1")?;
    match second.render(&root).map_err(|error| error.kind().clone()) {
        Err(ErrorKind::Usage(_)) => Ok(()),
        other => Err(format!("{other:?}").into()),
    }
}

fn threads() -> Result<(), Failed> {
    let sum = |count: usize| -> Result<String, String> {
        let mut engine = Engine::new(Settings::default());
        let text = format!("builtins.foldl' (sum: n: sum + n) 0 (builtins.genList (n: n) {count})");
        let value = engine.eval_str(&text).map_err(|error| error.to_string())?;
        engine.render(&value).map_err(|error| error.to_string())
    };
    let running = [1000, 2000, 3000].map(|count| (count, std::thread::spawn(move || sum(count))));
    for (count, thread) in running {
        let got = thread.join().map_err(|_| Failed::from("panicked"))?;
        check(&got?, &(count * (count - 1) / 2).to_string())?;
    }
    Ok(())
}

fn memoised_failure() -> Result<(), Failed> {
    let mut engine = Engine::new(Settings::default());
    let set = engine.eval_str("{ x = throw \"once\"; }")?;
    let (first, second) = (engine.render(&set), engine.render(&set));
    match (first, second) {
        (Err(first), Err(second)) => check(&first.to_string(), &second.to_string()),
        _ => Err("no error".into()),
    }
}

fn inputs() -> Result<(), Failed> {
    let mut engine = Engine::new(Settings::default());
    let text = engine.enter(|cx| {
        let mine = cx.int(5);
        let value = cx.eval_text(b"map + x".to_vec(), &[("map", mine), ("x", mine)])?;
        Ok::<_, nivis::Error>(cx.keep(value))
    })?;
    check(&engine.render(&text)?, "10")
}

fn watching() -> Result<(), Failed> {
    let mut engine = Engine::new(Settings::default());
    let seen = engine.enter(|cx| {
        cx.watch(3);
        cx.eval_text(b"let a = b + 1; b = c + 1; c = d + 1; d = 1 + 1; e = 1 + 1; in a".to_vec(), &[])?;
        let seen = cx.seen().iter();
        let texts = seen.map(|one| format!("{:?} {}", one.by, thunk_text(cx, one.thunk, one.before)));
        Ok::<_, nivis::Error>(texts.collect::<Vec<_>>())
    })?;
    // Only as many as requested.
    let whole = "let a = b + 1; b = c + 1; c = d + 1; d = 1 + 1;…";
    check(&seen.join(", "), &format!("None {whole}, Some(0) b + 1, Some(1) c + 1"))
}

/// Records where evaluations stop, and the value of `n` there.
#[derive(Default)]
struct Notes(RefCell<Vec<String>>);

impl Debugger for Notes {
    fn stop<'h>(&self, cx: &mut Eval<'h>, stop: &Stop<'_, 'h>) -> Resume {
        let scopes = stop.frames.last().map(|frame| cx.scopes_of(frame)).unwrap_or_default();
        let names = scopes.into_iter().filter_map(|scope| match scope {
            ScopeNames::Lexical(names) => Some(names),
            ScopeNames::With(names) => names,
        });
        let n = names.flatten().find(|(name, _)| cx.symbol_text(*name) == b"n");
        let n = n.and_then(|(_, value)| cx.force(value).ok()?.as_small_int());
        let what = match stop.reason {
            Reason::Error(error) => error.to_string(),
            other => format!("{other:?}"),
        };
        self.0.borrow_mut().push(format!("{what}, n is {n:?}"));
        Resume::Continue
    }
}

fn debugging() -> Result<(), Failed> {
    let mut engine = Engine::new(Settings::default());
    let notes = Rc::new(Notes::default());
    engine.debug(notes.clone());
    let failed =
        engine.eval_str("let f = n: builtins.break n + 1; in f 1 + (with { n = f 2; }; throw \"no ${toString n}\")");
    check(&failed.err().map(|error| error.to_string()).unwrap_or_default(), "no 3")?;
    check(&notes.0.borrow().join("; "), "Break, n is Some(1); Break, n is Some(2); no 3, n is Some(3)")
}

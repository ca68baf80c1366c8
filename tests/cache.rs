//! The cache of lowered files: whatever happens to it, to the files, and to the processes that share it, values,
//! messages and positions are the same as without it. `NIVIS_ROUNDS=1000` damages it more often.

use crate::support::{nivis, with_files};
use libtest_mimic::{Failed, Trial};
use nivis::cache::{Cache, DiskCache, MemoryCache};
use nivis::io::MemoryIo;
use nivis::ir::Unit;
use nivis::{Engine, Settings};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::rc::Rc;
use std::time::{Duration, SystemTime};

/// One trial per fault.
pub(crate) fn trials() -> Vec<Trial> {
    vec![
        Trial::test("cache/nothing shows whether a file was parsed", same_output),
        Trial::test("cache/the text of an error is that which was evaluated", changed_later),
        Trial::test("cache/equal files have paths of their own", moved),
        Trial::test("cache/a changed file is parsed again", changed),
        Trial::test("cache/damaged packs are not believed", damaged),
        Trial::test("cache/units that can't be run are refused", unsound),
        Trial::test("cache/processes share it", together),
        Trial::test("cache/processes may be killed", killed),
        Trial::test("cache/there need be no place for it", no_place),
        Trial::test("cache/old packs make room", room),
        Trial::test("cache/the command tells of it", command),
    ]
}

/// A program of several files that fails, warns, and uses positions.
const FILES: &[(&str, &str)] = &[
    (
        "default.nix",
        "let inherit (import ./lib.nix) double where or'; f = { a, b ? double a, ... }@all: [ a b all.c ]; in\n\
         { list = f { a = 3; c = ./lib.nix; }; at = where; text = \"${toString 1.5} ${or'}\"; path = ./sub/${\"x\"}.nix;\n\
         deep = import ./sub { z = 1; y = throw \"y\"; }; fails = (import ./lib.nix).fail 7; big = 9223372036854775807; }",
    ),
    (
        "lib.nix",
        "# Twice as much.\nrec {\n  double = x: x * 2;\n  where = builtins.unsafeGetAttrPos \"double\" (import ./lib.nix);\n\
         or' = with { q = \"with\"; }; q;\n  fail = x:\n    assert x == 8; x;\n  __overrides = { extra = 1; };\n}\n",
    ),
    (
        "sub/default.nix",
        "{ z, y }@args: if args ? z && !(args ? q.r) then builtins.attrNames args ++ [ args.n or z ] else -y",
    ),
];

fn program() -> Vec<(String, String)> {
    FILES.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

fn with_cache(folder: &Path, words: &[&str]) -> Command {
    let mut command = nivis();
    command.args(words).current_dir(folder).env("XDG_CACHE_HOME", folder.join("cache")).env_remove("NIVIS_NO_CACHE");
    command
}

fn evaluated(folder: &Path, words: &[&str]) -> Result<Output, Failed> {
    Ok(with_cache(folder, words).output()?)
}

/// Files that were changed just now are checked more closely; this waits until they are older.
fn let_settle() {
    std::thread::sleep(Duration::from_millis(2100));
}

fn packs(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.filter(|path| path.extension().is_some_and(|extension| extension == "pack1")).collect()
}

fn same<T: PartialEq + std::fmt::Debug>(got: T, wanted: T) -> Result<(), Failed> {
    if got == wanted { Ok(()) } else { Err(format!("wanted {wanted:#?}\ngot {got:#?}").into()) }
}

const ASKED: &[&[&str]] = &[
    &["--eval", "--strict", "default.nix", "-A", "list"],
    &["--eval", "--strict", "--json", "default.nix", "-A", "at"],
    &["--eval", "--strict", "default.nix", "-A", "text", "-A", "path", "-A", "deep", "-A", "big"],
    &["--eval", "default.nix", "-A", "fails", "--show-trace"],
    &["--eval", "default.nix", "-A", "fails", "--error-format", "nix"],
    &["--eval", "--xml", "--strict", "default.nix", "-A", "at"],
    &["--eval", "default.nix", "--lint-absolute-path-literals", "warn"],
];

fn same_output() -> Result<(), Failed> {
    with_files(&program(), |folder| {
        let uncached = |words: &&[&str]| evaluated(folder, &[words, &["--no-cache"][..]].concat());
        let wanted: Vec<Output> = ASKED.iter().map(uncached).collect::<Result<_, _>>()?;
        same(folder.join("cache").exists(), false)?;
        let_settle();
        // Written, read by contents, read by stamp.
        for _ in 0..3 {
            for (words, wanted) in ASKED.iter().zip(&wanted) {
                same(&evaluated(folder, words)?, wanted)?;
            }
        }
        same(packs(&folder.join("cache/nivis/ir")).is_empty(), false)
    })
}

/// An engine with the cache in a folder.
fn engine(cache: &Path) -> (Engine, Rc<DiskCache>) {
    let cache = Rc::new(DiskCache::at(cache));
    (Engine::new(Settings::default()).with_cache(Rc::clone(&cache) as Rc<dyn Cache>), cache)
}

fn changed_later() -> Result<(), Failed> {
    let files = [("a.nix".to_owned(), "{\n  x = throw \"here\";\n  y = __curPos.line; }".to_owned())];
    with_files(&files, |folder| {
        let (file, cache) = (folder.join("a.nix"), folder.join("cache"));
        let_settle();
        let (mut first, kept) = engine(&cache);
        first.eval_file(&file)?;
        kept.save()?;
        let (mut second, _) = engine(&cache);
        let set = second.eval_file(&file)?;
        fs::write(&file, "# changed\n{ }")?;
        let place = second.enter(|cx| {
            let set = cx.get(&set)?;
            let attrs = cx.force_attrs(set, "")?;
            let position = attrs.iter().next().map(|(.., position)| position);
            Ok::<_, nivis::Error>(position.map(|position| cx.show_position(position)))
        })?;
        same(place, Some(format!("{}:2:3", file.display())))
    })
}

fn moved() -> Result<(), Failed> {
    let text = "[ ./. ./x/../y ../z a/b ./${\"q\"} /abs <nix/fetchurl.nix> __curPos.file ]";
    let files = ["one/p.nix", "two/deep/p.nix"].map(|path| (path.to_owned(), text.to_owned()));
    with_files(&files, |folder| {
        let_settle();
        for _ in 0..2 {
            for (file, _) in &files {
                let words = ["--eval", "--strict", file];
                let wanted = evaluated(folder, &[&words[..], &["--no-cache"]].concat())?;
                same(evaluated(folder, &words)?, wanted)?;
            }
        }
        let count = evaluated(folder, &["cache", "info"])?;
        same(String::from_utf8_lossy(&count.stdout).contains("files: 1 lowered"), true)
    })
}

/// Two texts of the same length, one after the other, with the same settable modification time.
fn changed() -> Result<(), Failed> {
    with_files(&[("a.nix".to_owned(), "100".to_owned())], |folder| {
        let (file, cache) = (folder.join("a.nix"), folder.join("cache"));
        let time = SystemTime::now() - Duration::from_secs(1000);
        for number in 101..160 {
            fs::write(&file, number.to_string())?;
            File::options().write(true).open(&file)?.set_modified(time)?;
            if number == 150 {
                let_settle();
            }
            let (mut engine, kept) = engine(&cache);
            let value = engine.eval_file(&file)?;
            same(engine.render(&value)?, number.to_string())?;
            kept.save()?;
        }
        Ok(())
    })
}

/// Pseudorandom numbers, the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit.max(1)
    }

    /// Damages bytes in one of the ways that disks and people do.
    fn damage(&mut self, bytes: &mut Vec<u8>) {
        let (at, other) = (self.below(bytes.len()), self.below(bytes.len()));
        let end = (at + 1 + self.below(64)).min(bytes.len());
        match self.below(6) {
            0 => bytes[at] ^= 1 << self.below(8),
            1 => bytes.truncate(at),
            2 => bytes[at..end].fill(0),
            3 => {
                let to = other.min(bytes.len() - (end - at));
                bytes.copy_within(at..end, to);
            }
            4 => bytes.extend_from_within(at..end),
            _ => drop(bytes.splice(at..end, [0xff; 16])),
        }
    }
}

fn rounds(usual: usize) -> usize {
    std::env::var("NIVIS_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(usual)
}

fn damaged() -> Result<(), Failed> {
    with_files(&program(), |folder| {
        let (file, cache) = (folder.join("default.nix"), folder.join("cache"));
        let_settle();
        let value = |(mut engine, kept): (Engine, Rc<DiskCache>)| {
            let text = format!("let p = import {}; in [ p.list p.at p.text p.deep ]", file.display());
            let value = engine.eval_str(&text).and_then(|value| engine.render(&value));
            kept.save().map(|()| value.map_err(|error| error.to_string()))
        };
        let wanted = value(engine(&cache))?;
        let whole = fs::read(packs(&cache).first().ok_or("nothing was kept")?)?;
        let mut random = Random(7);
        for _ in 0..rounds(60) {
            packs(&cache).iter().try_for_each(fs::remove_file)?;
            let mut bytes = whole.clone();
            (0..=random.below(3)).for_each(|_| random.damage(&mut bytes));
            fs::write(cache.join("x.pack1"), bytes)?;
            same(value(engine(&cache))?, wanted.clone())?;
            same(value(engine(&cache))?, wanted.clone())?;
        }
        Ok(())
    })
}

/// Bytes that are not a valid unit, without a checksum: they are refused, or are a unit that can be run, with any
/// result.
fn unsound() -> Result<(), Failed> {
    let mut random = Random(11);
    let mut settings = Settings::default();
    (settings.max_call_depth, settings.memory_limit, settings.stack_size) = (100, 1 << 26, 1 << 22);
    for (_, text) in FILES {
        let mut engine = Engine::new(settings.clone());
        let lowered =
            engine.enter(|cx| cx.lower_text(nivis::source::Origin::String, text.as_bytes().to_vec(), b"/"))?;
        let bytes = lowered.encode().ok_or("the unit has no inputs")?;
        let decoded = Unit::decode(&bytes).ok_or("what was encoded can be decoded")?;
        same(format!("{decoded:?}"), format!("{lowered:?}"))?;
        for _ in 0..rounds(200) {
            let mut bytes = bytes.clone();
            random.damage(&mut bytes);
            if Unit::decode(&bytes).is_none() {
                continue;
            }
            let io = MemoryIo::default().with_file("/a.nix", "1").with_file("/lib.nix", "1");
            let mut engine =
                Engine::with_io(settings.clone(), Box::new(io)).with_cache(Rc::new(MemoryCache::of_one_unit(bytes)));
            let shown = engine.eval_file("/a.nix").and_then(|value| engine.render(&value));
            let _ = shown.map_err(|error| nivis::report::plain(&error, engine.sources(), true, false));
        }
    }
    Ok(())
}

fn together() -> Result<(), Failed> {
    with_files(&program(), |folder| {
        let words = ASKED[0];
        let wanted = evaluated(folder, &[words, &["--no-cache"]].concat())?;
        // A process that comes late would otherwise be the first to note the state of the files.
        let_settle();
        let started: Vec<_> = (0..8).map(|_| with_cache(folder, words).spawn()).collect::<Result<_, _>>()?;
        for process in started {
            same(process.wait_with_output()?, wanted.clone())?;
        }
        same(evaluated(folder, words)?, wanted)?;
        let cache = DiskCache::at(folder.join("cache/nivis/ir"));
        same((cache.census().packs, cache.census().entries), (1, 2))
    })
}

fn killed() -> Result<(), Failed> {
    with_files(&program(), |folder| {
        let words = ASKED[0];
        let wanted = evaluated(folder, &[words, &["--no-cache"]].concat())?;
        let mut random = Random(13);
        for round in 0..rounds(60) / 10 {
            if round % 4 == 0 {
                evaluated(folder, &["cache", "clear"])?;
            }
            let mut process = with_cache(folder, words).spawn()?;
            std::thread::sleep(Duration::from_micros(random.below(30_000) as u64));
            process.kill()?;
            process.wait()?;
            same(evaluated(folder, words)?, wanted.clone())?;
        }
        Ok(())
    })
}

fn no_place() -> Result<(), Failed> {
    let files = [program(), vec![("file".to_owned(), String::new())]].concat();
    with_files(&files, |folder| {
        let words = ASKED[0];
        let wanted = evaluated(folder, &[words, &["--no-cache"]].concat())?;
        for place in ["/dev/full", "/proc/nowhere", &*folder.join("file").to_string_lossy(), "relative"] {
            let output = with_cache(folder, words).env("XDG_CACHE_HOME", place).output()?;
            same(output, wanted.clone())?;
        }
        Ok(())
    })
}

fn room() -> Result<(), Failed> {
    with_files(&[("a.nix".to_owned(), String::new())], |folder| {
        let (file, folder) = (folder.join("a.nix"), folder.join("cache"));
        for number in 0..40 {
            fs::write(&file, format!("{{ text = \"{}\"; number = {number}; }}", "x".repeat(1000)))?;
            let cache = Rc::new(DiskCache::at(&folder).with_limit(20_000));
            let mut engine = Engine::new(Settings::default()).with_cache(Rc::clone(&cache) as Rc<dyn Cache>);
            engine.eval_file(&file)?;
            cache.save()?;
            let census = cache.census();
            same((census.bytes <= 20_000, census.packs < 6, census.entries > 0), (true, true, true))?;
        }
        Ok(())
    })
}

fn command() -> Result<(), Failed> {
    with_files(&program(), |folder| {
        let info = || Ok::<_, Failed>(String::from_utf8(evaluated(folder, &["cache", "info"])?.stdout)?);
        same(info()?.contains("files: 0 lowered, in 0 packs"), true)?;
        evaluated(folder, ASKED[0])?;
        same(info()?.contains("files: 2 lowered, in 1 packs"), true)?;
        same(evaluated(folder, &["cache", "clear"])?.status.success(), true)?;
        same(info()?.contains("files: 0 lowered, in 0 packs"), true)?;
        let wrong = evaluated(folder, &["cache", "melt"])?;
        same(String::from_utf8_lossy(&wrong.stderr).contains("'cache' takes 'info', 'clear' or 'why'"), true)
    })
}

//! Random programs over a folder that changes at random: a record that still holds has the right value.

use super::{Aspect, Change, Hearing, PartRecords, Question, Record, Recorder, RecordingIo, SetId, Telling};
use crate::cache::{Cache, MemoryCache};
use crate::io::{FileType, Io, Stamp, Status, SystemIo};
use crate::store::backend::ComputeOnly;
use crate::{Engine, Settings, Value};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::thread;
use std::time::Duration;

/// A fixed sequence of pseudorandom numbers.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn one<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }
}

type Variables = Rc<RefCell<BTreeMap<Vec<u8>, Vec<u8>>>>;

/// The machine, ten seconds later: what was written just now is settled. With variables of its own.
struct Later(Variables);

impl Io for Later {
    fn read_file(&self, path: &[u8]) -> io::Result<Vec<u8>> {
        SystemIo.read_file(path)
    }

    fn read_dir(&self, path: &[u8]) -> io::Result<Vec<(Vec<u8>, FileType)>> {
        SystemIo.read_dir(path)
    }

    fn status(&self, path: &[u8]) -> io::Result<Option<Status>> {
        SystemIo.status(path)
    }

    fn stamp(&self, path: &[u8]) -> io::Result<Option<Stamp>> {
        SystemIo.stamp(path)
    }

    fn read_link(&self, path: &[u8]) -> io::Result<Vec<u8>> {
        SystemIo.read_link(path)
    }

    fn variable(&self, name: &[u8]) -> Option<Vec<u8>> {
        self.0.borrow().get(name).cloned()
    }

    fn now(&self) -> i64 {
        SystemIo.now() + 10
    }

    fn nanoseconds(&self) -> i64 {
        SystemIo.nanoseconds() + 10_000_000_000
    }

    fn current_dir(&self) -> Vec<u8> {
        b"/".to_vec()
    }
}

const PATHS: [&str; 9] = ["a", "b", "d", "d/a", "d/b", "d/e", "d/e/a", "l", "l/a"];
const VARIABLES: [&str; 2] = ["V", "W"];
const CONTENTS: [&str; 5] = ["1", "2", "[ 3 ]", "{ x = 4; }", "throw \"five\""];

/// A program that looks at the folder in some ways.
fn program(folder: &Path, numbers: &mut Numbers) -> String {
    let probe = |numbers: &mut Numbers| {
        let path = folder.join(numbers.one(&PATHS));
        let path = path.display();
        match numbers.below(7) {
            0 => format!("(builtins.pathExists {path})"),
            1 => format!("(if builtins.pathExists {path} then builtins.readFileType {path} else 0)"),
            2 => format!("(look {path} (p: builtins.readFile p) (p: builtins.readDir p))"),
            3 => format!("(look {path} (p: builtins.tryEval (import p)) (p: builtins.attrNames (builtins.readDir p)))"),
            4 => format!(
                "(look {path} (p: builtins.hashFile \"sha256\" p) (p: \"${{builtins.path {{ path = p; name = \"n\"; }}}}\"))"
            ),
            5 => format!("(builtins.getEnv \"{}\")", numbers.one(&VARIABLES)),
            _ => format!("(look {path} (p: \"${{p}}\") (p: builtins.filterSource (p: t: t != \"symlink\") p))"),
        }
    };
    let probes: Vec<_> = (0..1 + numbers.below(4)).map(|_| probe(numbers)).collect();
    format!(
        "let look = p: file: folder: if !builtins.pathExists p then null else
           {{ regular = file p; directory = folder p; }}.${{builtins.readFileType p}} or \"other\";
         in builtins.toJSON [ {} ]",
        probes.join(" ")
    )
}

/// Changes the folder or the variables. What fails changes nothing.
fn change(folder: &Path, variables: &Variables, numbers: &mut Numbers) {
    let path = |numbers: &mut Numbers| folder.join(numbers.one(&PATHS));
    let place = path(numbers);
    let _ = match numbers.below(9) {
        0 | 1 => fs::write(&place, numbers.one(&CONTENTS)),
        2 => fs::remove_file(&place).or_else(|_| fs::remove_dir_all(&place)),
        3 => fs::create_dir(&place),
        4 => fs::rename(&place, path(numbers)),
        5 => {
            let place = folder.join(numbers.one(&["l", "d/b"]));
            let _ = remove(&place);
            symlink(numbers.one(&["a", "d", "d/e", "../a", "e"]), &place)
        }
        6 => fs::set_permissions(&place, fs::Permissions::from_mode(numbers.one(&[0o644, 0o755]))),
        7 => fs::read(&place).and_then(|contents| fs::write(&place, contents)),
        _ => {
            let name = numbers.one(&VARIABLES).as_bytes().to_vec();
            match numbers.below(3) {
                0 => variables.borrow_mut().remove(&name),
                value => variables.borrow_mut().insert(name, vec![b'0' + value as u8]),
            };
            Ok(())
        }
    };
    // The clock of files has a grain, which nothing here waits for.
    thread::sleep(Duration::from_millis(11));
}

fn remove(place: &Path) -> io::Result<()> {
    if place.is_dir() && !place.is_symlink() { fs::remove_dir_all(place) } else { fs::remove_file(place) }
}

/// The value of a program, and the record of its evaluation.
fn evaluated(text: &str, variables: &Variables, cache: &Rc<MemoryCache>) -> (Result<String, String>, Option<Record>) {
    let recorder = Rc::new(Recorder::default());
    let io = RecordingIo::new(Later(Rc::clone(variables)), Rc::clone(&recorder));
    let cache = Rc::clone(cache) as Rc<dyn Cache>;
    let mut engine = Engine::with_io(Settings::default(), Box::new(io)).with_cache(cache);
    let value = engine.eval_str(text).and_then(|value| engine.render(&value)).map_err(|error| error.to_string());
    (value, recorder.record())
}

#[test]
fn a_record_that_holds_has_the_right_value() {
    let rounds = std::env::var("NIVIS_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(150);
    let place = tempfile::tempdir().expect("a folder");
    // Without links on the way.
    let folder: PathBuf = place.path().canonicalize().expect("a folder");
    let (variables, cache) = (Variables::default(), Rc::new(MemoryCache::default()));
    let mut numbers = Numbers(20);
    (0..20).for_each(|_| change(&folder, &variables, &mut numbers));
    let (mut held, mut changed) = (0, 0);
    for round in 0..rounds {
        let text = program(&folder, &mut numbers);
        let (value, record) = evaluated(&text, &variables, &cache);
        let Some(record) = record else { continue };
        let again = Record::from_bytes(&record.to_bytes());
        assert_eq!(again.as_ref(), Some(&record), "bytes and back");
        (0..numbers.below(4)).for_each(|_| change(&folder, &variables, &mut numbers));
        match record.change(&Later(Rc::clone(&variables)), &ComputeOnly) {
            Some(_) => changed += 1,
            None => {
                held += 1;
                assert_eq!(evaluated(&text, &variables, &cache).0, value, "round {round}: {text}");
            }
        }
    }
    assert!(held > rounds / 5 && changed > rounds / 30, "{held} held, {changed} did not");
}

/// The values of the parts of a program that share others, and what each depends on.
fn parts_of(text: &str, variables: &Variables, records: &mut PartRecords) -> Vec<(Result<String, String>, SetId)> {
    let recorder = Rc::new(Recorder::of_parts(0));
    let io = RecordingIo::new(Later(Rc::clone(variables)), Rc::clone(&recorder));
    let mut engine = Engine::with_io(Settings::default(), Box::new(io)).with_parts(Rc::clone(&recorder));
    let (mut telling, mut hearing) = (Telling::default(), Hearing::default());
    engine.enter(|cx| {
        let (set, shared) = cx.part(|cx| cx.eval_text(text.into(), &[]).expect("a set"));
        let members: Vec<_> = set.as_attrs().expect("a set").iter().map(|(_, member, _)| member).collect();
        let told = members.into_iter().map(|member| {
            let (value, part) = cx.part(|cx| {
                cx.depend_on(shared);
                cx.force(member)
            });
            let text =
                |value: Value<'_>| value.as_str().map(|text| String::from_utf8_lossy(text.as_bytes()).into_owned());
            let value = value.map(|value| text(value).expect("JSON")).map_err(|error| error.to_string());
            let bytes = recorder.tell(&mut telling, part).expect("nothing changes meanwhile");
            (value, records.hear(&mut hearing, &bytes).expect("what was told"))
        });
        told.collect()
    })
}

#[test]
fn a_part_that_depends_on_nothing_changed_has_the_right_value() {
    let place = tempfile::tempdir().expect("a folder");
    let folder: PathBuf = place.path().canonicalize().expect("a folder");
    let (variables, mut numbers) = (Variables::default(), Numbers(21));
    (0..20).for_each(|_| change(&folder, &variables, &mut numbers));
    let (mut held, mut changed) = (0, 0);
    for round in 0..60 {
        let shared: String = (0..4).map(|index| format!("s{index} = {}; ", program(&folder, &mut numbers))).collect();
        let member = |index| {
            let (a, b) = (numbers.below(4), numbers.below(4));
            let texts = [format!("s{a}"), format!("[ s{a} s{b} ]"), format!("if s{a} == s{b} then s{a} else 1")];
            format!("p{index} = builtins.toJSON ({}); ", texts[numbers.below(3)])
        };
        let text = format!("let {shared} in {{ {} }}", (0..6).map(member).collect::<String>());
        let mut records = PartRecords::default();
        let before = parts_of(&text, &variables, &mut records);
        (0..numbers.below(3)).for_each(|_| change(&folder, &variables, &mut numbers));
        let differing = records.changed(&Later(Rc::clone(&variables)), &ComputeOnly);
        let after = parts_of(&text, &variables, &mut PartRecords::default());
        for ((value, part), (now, _)) in before.into_iter().zip(after) {
            if records.depends_on(part, differing) {
                changed += 1;
            } else {
                held += 1;
                assert_eq!(value, now, "round {round}: {text}");
            }
        }
    }
    assert!(held > 100 && changed > 10, "{held} held, {changed} did not");
}

#[test]
fn what_cannot_be_asked_again_spoils_a_record() {
    let recorded = |text: &str| evaluated(text, &Variables::default(), &Rc::default()).1.is_some();
    assert!(recorded("1 + 1"));
    assert!(recorded("builtins ? currentTime && builtins.getEnv \"V\" == \"\""));
    assert!(!recorded("builtins.currentTime > 0"));
    let io = RecordingIo::new(SystemIo, Rc::default());
    let recorder = Rc::new(Recorder::default());
    RecordingIo::new(io, Rc::clone(&recorder)).ask_elsewhere();
    assert_eq!(recorder.record(), None, "a download");
}

#[test]
fn files_without_a_size_are_read_again() {
    // It changes without another stamp.
    let (_, record) = evaluated("builtins.readFile /proc/uptime", &Variables::default(), &Rc::default());
    thread::sleep(Duration::from_millis(30));
    let change = record.expect("a record").change(&SystemIo, &ComputeOnly);
    let is_it = |question: &Question| question.subject.ends_with(b"uptime");
    assert!(matches!(&change, Some(Change::Answer(question)) if is_it(question)), "{change:?}");
}

#[test]
fn other_bytes_are_no_record() {
    let (_, record) = evaluated("builtins.readDir /", &Variables::default(), &Rc::default());
    let bytes = record.expect("a record").to_bytes();
    for length in 0..bytes.len() {
        assert_eq!(Record::from_bytes(&bytes[..length]), None);
    }
    assert_eq!(Record::from_bytes(&[&bytes[..], b"x"].concat()), None);
}

#[test]
fn hostile_bytes_do_no_harm() {
    let program = "[ (builtins.readDir /) (builtins.pathExists /nowhere) (builtins.getEnv \"V\") ]";
    let (_, record) = evaluated(program, &Variables::default(), &Rc::default());
    let bytes = record.expect("a record").to_bytes();
    let mut numbers = Numbers(7);
    for _ in 0..3000 {
        let mut bytes = bytes.clone();
        for _ in 0..1 + numbers.below(3) {
            let at = numbers.below(bytes.len());
            match numbers.below(3) {
                0 => bytes[at] ^= 1 << numbers.below(8),
                1 => bytes[at] = u8::try_from(numbers.below(12)).unwrap_or_default(),
                _ => bytes.iter_mut().skip(at).take(8).for_each(|byte| *byte = 0xff),
            }
        }
        if let Some(record) = Record::from_bytes(&bytes) {
            record.change(&SystemIo, &ComputeOnly);
        }
    }
}

#[test]
fn a_time_that_has_come_is_a_change() {
    let recorder = Rc::new(Recorder::default());
    let io = RecordingIo::new(SystemIo, Rc::clone(&recorder));
    let soon = SystemIo.now() + 1;
    assert!(io.is_before(soon + 1000) && io.is_before(soon));
    let record = recorder.record().expect("a record");
    let is_now = |record: &Record| matches!(record.change(&Later(Variables::default()), &ComputeOnly), Some(Change::Answer(question)) if question.aspect == Aspect::Before);
    assert!(is_now(&record), "ten seconds later");
    assert_eq!(record.change(&Fixed(soon - 1), &ComputeOnly), None, "clocks may go back");
}

#[test]
fn what_others_read_is_observed_as_it_is() {
    let place = tempfile::tempdir().expect("a folder");
    let path = |name: &str| place.path().join(name);
    let observed = |name: &str, start: i64| {
        let recorder = Rc::new(Recorder::starting(start));
        RecordingIo::new(SystemIo, Rc::clone(&recorder)).observe(path(name).as_os_str().as_encoded_bytes());
        recorder.record()
    };
    let is_same = |record: &Option<Record>| {
        record.as_ref().is_some_and(|record| record.change(&SystemIo, &ComputeOnly).is_none())
    };
    fs::write(path("a"), "1").expect("a file");
    assert_eq!(observed("a", SystemIo.nanoseconds()), None, "it may have changed since the start");
    thread::sleep(Duration::from_millis(50));
    let start = SystemIo.nanoseconds();
    let (file, absent) = (observed("a", start), observed("b", start));
    assert!(is_same(&file) && is_same(&absent));
    fs::write(path("a"), "1").expect("a file");
    assert!(is_same(&file), "the same contents");
    fs::set_permissions(path("a"), fs::Permissions::from_mode(0o755)).expect("a file");
    assert!(!is_same(&file), "executable now");
    symlink("a", path("b")).expect("a link");
    assert!(!is_same(&absent), "a link now");
    let link = observed("b", start);
    assert!(is_same(&link));
    remove(&path("b")).and_then(|()| fs::write(path("b"), "1")).expect("a file");
    assert!(!is_same(&link), "a file with what it led to");
}

/// A machine with nothing but a clock that stands still.
struct Fixed(i64);

impl Io for Fixed {
    fn read_file(&self, _: &[u8]) -> io::Result<Vec<u8>> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn read_dir(&self, _: &[u8]) -> io::Result<Vec<(Vec<u8>, FileType)>> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn status(&self, _: &[u8]) -> io::Result<Option<Status>> {
        Ok(None)
    }

    fn read_link(&self, _: &[u8]) -> io::Result<Vec<u8>> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn variable(&self, _: &[u8]) -> Option<Vec<u8>> {
        None
    }

    fn now(&self) -> i64 {
        self.0
    }

    fn current_dir(&self) -> Vec<u8> {
        b"/".to_vec()
    }
}

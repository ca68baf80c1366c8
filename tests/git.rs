//! Git repositories: the fetched trees, and the absence of side effects.
//!
//! `git/make-repositories` creates them with fixed dates, so that hashes are known; `git/cases` has inputs and their
//! results.

use crate::support::{accepts, difference, project};
use libtest_mimic::{Failed, Trial};
use nivis::codec::hash_format::HashFormat;
use nivis::codec::hash_text::hash_to_text;
use nivis::error::{ErrorKind, Result};
use nivis::fetch::cache::FetchCache;
use nivis::fetch::options::FetchOptions;
use nivis::fetch::{FetchContext, Fetched, git};
use nivis::flake_ref::{InputAttr, InputAttrs, attrs_from_json, attrs_to_json, check_input};
use nivis::io::{Console, FileType, Io, Message, Status, SystemIo};
use nivis::store::folder::FolderStore;
use nivis::store::tree::hash_archive;
use std::cell::{Cell, RefCell};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// One trial per case, and one per possible failure.
pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = vec![
        Trial::test("git/names that no file may have are refused", hostile_names),
        Trial::test("git/it can be interrupted anywhere", interrupted),
        Trial::test("git/what a killed process has left does no harm", killed),
        Trial::test("git/threads fetch the same at once", together),
        Trial::test("git/what was fetched is used for a while", ages),
        Trial::test("git/what is there needs no repository", kept),
        Trial::test("git/nothing that a repository names is run", untrusted),
        Trial::test("git/changes may be refused", refused),
        Trial::test("git/changes have a fingerprint", fingerprints),
    ];
    let text = fs::read_to_string(file()).unwrap_or_default();
    if accepts() {
        trials.push(Trial::test("git/cases", accept));
        return trials;
    }
    for case in text.split("\n\n").skip(1) {
        let (input, wanted) = case.trim_end().split_once('\n').unwrap_or((case.trim_end(), ""));
        let (input, wanted) = (input.to_owned(), wanted.to_owned());
        trials.push(Trial::test(format!("git/{input}"), move || {
            let got = answer(&input)?;
            if got == wanted { Ok(()) } else { Err(difference(&input, wanted.as_bytes(), got.as_bytes())) }
        }));
    }
    trials
}

fn file() -> PathBuf {
    project().join("tests/git/cases")
}

fn accept() -> std::result::Result<(), Failed> {
    let text = fs::read_to_string(file())?;
    let mut cases = text.split("\n\n");
    let mut new = cases.next().unwrap_or_default().to_owned();
    for case in cases {
        let input = case.lines().next().unwrap_or_default();
        new += &format!("\n\n{input}\n{}", answer(input)?);
    }
    Ok(fs::write(file(), new.trim_end().to_owned() + "\n")?)
}

/// A new folder, in the system's temporary folder.
fn folder(name: &str) -> std::result::Result<PathBuf, Failed> {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("nivis-git-{}-{number}-{name}", std::process::id()));
    remove(&folder);
    fs::create_dir_all(&folder)?;
    Ok(folder.canonicalize()?)
}

/// Removes a folder with a store in it.
fn remove(folder: &Path) {
    let _ = Command::new("chmod").args(["-R", "u+w"]).arg(folder).stderr(Stdio::null()).status();
    let _ = fs::remove_dir_all(folder);
}

/// The folder of the repositories.
fn repositories() -> &'static Path {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(|| make(&folder("all").expect("the temporary folder can be written")))
}

fn make(folder: &Path) -> PathBuf {
    let script = project().join("tests/git/make-repositories");
    let output = Command::new("sh").arg(script).current_dir(folder).output().expect("there is a shell");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "these tests need the program 'git': {complaint}");
    folder.to_owned()
}

/// Runs Git in a repository, and returns its output.
fn run(repository: &Path, arguments: &[&str], input: &[u8]) -> std::result::Result<String, Failed> {
    let mut command = Command::new("git");
    command.arg("-C").arg(repository).args(arguments).env("GIT_CONFIG_GLOBAL", "/dev/null");
    for name in ["GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"] {
        command.env(name, "a");
    }
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    child.stdin.take().ok_or("there is no input")?.write_all(input)?;
    let output = child.wait_with_output()?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// A fetcher with its own cache and store.
struct Fetcher {
    folder: PathBuf,
    options: FetchOptions,
    io: Clock,
}

/// The machine, with a settable clock and recorded messages.
#[derive(Default)]
struct Clock {
    now: Cell<i64>,
    messages: RefCell<Vec<String>>,
}

impl Io for Clock {
    fn read_file(&self, path: &[u8]) -> io::Result<Vec<u8>> {
        SystemIo.read_file(path)
    }
    fn read_dir(&self, path: &[u8]) -> io::Result<Vec<(Vec<u8>, FileType)>> {
        SystemIo.read_dir(path)
    }
    fn status(&self, path: &[u8]) -> io::Result<Option<Status>> {
        SystemIo.status(path)
    }
    fn read_link(&self, path: &[u8]) -> io::Result<Vec<u8>> {
        SystemIo.read_link(path)
    }
    fn variable(&self, name: &[u8]) -> Option<Vec<u8>> {
        SystemIo.variable(name)
    }
    fn now(&self) -> i64 {
        self.now.get()
    }
    fn current_dir(&self) -> Vec<u8> {
        SystemIo.current_dir()
    }
}

impl Console for Clock {
    fn message(&self, message: &Message<'_>) {
        self.messages.borrow_mut().push(String::from_utf8_lossy(&message.plain(false)).into_owned());
    }
}

impl Fetcher {
    fn new() -> std::result::Result<Self, Failed> {
        Ok(Self::at(folder("fetcher")?))
    }

    fn at(folder: PathBuf) -> Self {
        let options = FetchOptions::new(folder.join("cache"));
        Self { options, folder, io: Clock::default() }
    }

    fn fetch_until(&self, input: &InputAttrs, stop: &dyn Fn() -> bool) -> Result<Fetched> {
        let store = FolderStore::at(self.folder.join("store"), "/nix/store");
        let context = FetchContext { io: &self.io, console: &self.io, store: &store, store_dir: "/nix/store", stop };
        git::fetch(&self.options, &FetchCache::at(self.folder.join("cache")), &context, input)
    }

    fn fetch(&self, input: &InputAttrs) -> Result<Fetched> {
        self.fetch_until(input, &|| false)
    }

    fn rev(&self, input: &InputAttrs) -> std::result::Result<String, Failed> {
        let fetched = self.fetch(input).map_err(|error| error.to_string())?;
        match fetched.attrs.get(&b"rev"[..]) {
            Some(InputAttr::String(rev)) => Ok(String::from_utf8_lossy(rev).into_owned()),
            _ => Err("there is no rev".into()),
        }
    }

    fn messages(&self) -> String {
        self.io.messages.take().join("\n")
    }
}

impl Drop for Fetcher {
    fn drop(&mut self) {
        remove(&self.folder);
    }
}

/// The attributes of a Git input, checked.
fn input(json: &str) -> std::result::Result<InputAttrs, String> {
    let json: serde_json::Value = serde_json::from_str(json).map_err(|error| error.to_string())?;
    let mut attrs = attrs_from_json(&json).ok_or("these are no attributes")?;
    attrs.insert(b"type".to_vec(), InputAttr::String(b"git".to_vec()));
    check_input(attrs).map_err(|error| error.to_string())
}

fn at(repository: &Path) -> std::result::Result<InputAttrs, String> {
    input(&format!("{{\"url\":\"{}\"}}", repository.display()))
}

/// The hash of a fetched tree.
fn hash(fetched: &Fetched) -> std::result::Result<String, Failed> {
    let start = fetched.place.len() + 1;
    let is_taken = |path: &[u8]| fetched.selection.as_ref().is_none_or(|selection| selection.has(&path[start..]));
    let found = hash_archive(&SystemIo, &fetched.place, &mut |path, _| Ok(is_taken(path)));
    let found = found.map_err(|error| error.to_string())?;
    if fetched.hash.as_ref().is_some_and(|hash| *hash != found) {
        return Err("the hash is not that of what lies there".into());
    }
    Ok(hash_to_text(&found, HashFormat::Sri, true))
}

/// The messages and the result for an input.
fn answer(case: &str) -> std::result::Result<String, Failed> {
    let here = repositories().display().to_string();
    let fetcher = Fetcher::new()?;
    let mut result = match input(&case.replace("HERE", &here)) {
        Err(error) => format!("error: {error}"),
        Ok(input) => match fetcher.fetch(&input) {
            Err(error) => format!("error: {error}"),
            Ok(fetched) => {
                let mut attrs = fetched.attrs.clone();
                attrs.retain(|name, _| name != b"url" && name != b"type");
                attrs.insert(b"narHash".to_vec(), InputAttr::String(hash(&fetched)?.into_bytes()));
                attrs_to_json(&attrs).to_string()
            }
        },
    };
    let messages = fetcher.messages();
    if !messages.is_empty() {
        result = format!("{messages}\n{result}");
    }
    Ok(result.replace(&here, "HERE"))
}

/// An entry of a tree in its stored form.
fn entry(mode: &str, name: &str, id: &str) -> Vec<u8> {
    let digit = |index: usize| u8::from_str_radix(&id[index..index + 2], 16).unwrap_or_default();
    let hash: Vec<u8> = (0..id.len()).step_by(2).map(digit).collect();
    [mode.as_bytes(), b" ", name.as_bytes(), b"\0", &hash].concat()
}

fn hostile_names() -> std::result::Result<(), Failed> {
    let outside = folder("outside")?;
    let repository = folder("hostile")?;
    run(&repository, &["init", "--quiet"], b"")?;
    let object = |kind: &str, contents: &[u8]| {
        run(&repository, &["hash-object", "-t", kind, "--literally", "-w", "--stdin"], contents)
    };
    let blob = object("blob", b"written\n")?;
    let link = object("blob", outside.to_string_lossy().as_bytes())?;
    let inner = object("tree", &entry("100644", "written", &blob))?;
    let is_folder = |name| entry("40000", name, &inner);
    let is_file = |name| entry("100644", name, &blob);
    let trees = [
        is_file(".."),
        is_file("."),
        is_file(""),
        is_file("../../../written"),
        is_file("/written"),
        is_file("a/b"),
        is_file(".git"),
        is_folder(".."),
        is_folder(".git"),
        [entry("120000", "a", &link), is_folder("a")].concat(),
        [is_folder("a"), entry("120000", "a", &link)].concat(),
        [is_file("a"), is_file("a")].concat(),
        [is_folder("a"), is_folder("a")].concat(),
        is_file("a")[..12].to_vec(),
        entry("40000", "a", &blob),
        entry("100644", "a", &inner),
        is_file(&"a".repeat(300)),
    ];
    for tree in trees {
        let shown = String::from_utf8_lossy(&tree).into_owned();
        let tree = object("tree", &tree)?;
        let commit = format!("tree {tree}\nauthor a <a> 1 +0000\ncommitter a <a> 1 +0000\n\nhostile\n");
        let commit = object("commit", commit.as_bytes())?;
        let fetcher = Fetcher::new()?;
        let input = input(&format!("{{\"url\":\"{}\",\"rev\":\"{commit}\"}}", repository.display()))?;
        if fetcher.fetch(&input).is_ok() {
            return Err(format!("{shown:?} was fetched").into());
        }
        let left: Vec<_> = fs::read_dir(fetcher.folder.join("store/nix/store"))?.flatten().collect();
        let staged: Vec<_> = fs::read_dir(fetcher.folder.join("store/nix/var/nivis/staging"))?.flatten().collect();
        if fs::read_dir(&outside)?.next().is_some() || !left.is_empty() || !staged.is_empty() {
            return Err(format!("{shown:?} has left something").into());
        }
    }
    remove(&outside);
    remove(&repository);
    Ok(())
}

/// Interrupts a fetch at each point where it checks for an interruption.
fn interrupted() -> std::result::Result<(), Failed> {
    let input = at(&repositories().join("plain.git"))?;
    for polls in 0_usize.. {
        let fetcher = Fetcher::new()?;
        let left = Cell::new(polls);
        let stop = || left.replace(left.get().saturating_sub(1)) == 0;
        let is_done = match fetcher.fetch_until(&input, &stop) {
            Ok(_) => true,
            Err(error) if *error.kind() == ErrorKind::Interrupted => false,
            Err(error) => return Err(format!("after {polls} polls: {error}").into()),
        };
        fetcher.fetch(&input).map_err(|error| format!("interrupted after {polls} polls: {error}"))?;
        if is_done {
            break;
        }
    }
    Ok(())
}

fn killed() -> std::result::Result<(), Failed> {
    let mut fetcher = Fetcher::new()?;
    let input = at(&repositories().join("plain.git"))?;
    let wanted = fetcher.rev(&input)?;
    fetcher.options.refresh = true;
    for copy in fs::read_dir(fetcher.folder.join("cache/git"))?.flatten().map(|entry| entry.path()) {
        if copy.is_dir() {
            for left in ["shallow.lock", "HEAD.lock", "config.lock", "packed-refs.lock", "refs/heads/main.lock"] {
                fs::write(copy.join(left), "")?;
            }
            fs::create_dir_all(copy.with_extension("new").join("objects"))?;
        }
    }
    if fetcher.rev(&input)? != wanted || !fetcher.messages().is_empty() {
        return Err("locks that were left are in the way".into());
    }
    let copies = || fs::read_dir(fetcher.folder.join("cache/git")).into_iter().flatten().flatten().map(|it| it.path());
    for copy in copies().filter(|path| path.is_dir()) {
        fs::remove_dir_all(copy)?;
    }
    if fetcher.rev(&input)? == wanted { Ok(()) } else { Err("a copy that is gone is in the way".into()) }
}

fn together() -> std::result::Result<(), Failed> {
    let fetcher = Fetcher::new()?;
    let input = at(&repositories().join("plain.git"))?;
    let fetch = || {
        let folder = fetcher.folder.clone();
        let input = input.clone();
        thread::spawn(move || {
            let other = std::mem::ManuallyDrop::new(Fetcher::at(folder));
            other.fetch(&input).map(|fetched| fetched.place).map_err(|error| error.to_string())
        })
    };
    let threads: Vec<_> = (0..8).map(|_| fetch()).collect();
    let places: Vec<_> = threads.into_iter().map(|thread| thread.join().map_err(|_| "a thread failed")).collect();
    for place in places {
        if place?? != fetcher.fetch(&input).map_err(|error| error.to_string())?.place {
            return Err("threads fetch different things".into());
        }
    }
    Ok(())
}

fn ages() -> std::result::Result<(), Failed> {
    let mut fetcher = Fetcher::new()?;
    let repository = fetcher.folder.join("work");
    let bare = repository.join(".git");
    fs::create_dir(&repository)?;
    run(&repository, &["init", "--quiet"], b"")?;
    let commit = || {
        run(&repository, &["commit", "--quiet", "--allow-empty", "--message", "x"], b"")?;
        run(&repository, &["rev-parse", "HEAD"], b"")
    };
    let input = at(&bare)?;
    let first = commit()?;
    let mut seen = vec![fetcher.rev(&input)?];
    let second = commit()?;
    fetcher.io.now.set(3599);
    seen.push(fetcher.rev(&input)?);
    fetcher.options.offline = true;
    fetcher.io.now.set(9_000_000);
    seen.push(fetcher.rev(&input)?);
    fetcher.options.offline = false;
    seen.push(fetcher.rev(&input)?);
    let third = commit()?;
    seen.push(fetcher.rev(&input)?);
    fetcher.options.refresh = true;
    seen.push(fetcher.rev(&input)?);
    let wanted = [&first, &first, &first, &second, &second, &third];
    if !seen.iter().eq(wanted) || !fetcher.messages().is_empty() {
        return Err(format!("{first} {second} {third}: {seen:#?}").into());
    }
    fs::rename(&repository, fetcher.folder.join("away"))?;
    // A missing folder would count as a work tree.
    fs::create_dir_all(&bare)?;
    let last = fetcher.rev(&input)?;
    let messages = fetcher.messages();
    let phrases =
        ["using expired cached ref", "Failed to fetch git repository", "continuing with the most recent version"];
    if last == third && phrases.iter().all(|phrase| messages.contains(phrase)) { Ok(()) } else { Err(messages.into()) }
}

fn kept() -> std::result::Result<(), Failed> {
    let fetcher = Fetcher::new()?;
    let bare = fetcher.folder.join("bare.git");
    let copied = Command::new("cp").arg("-R").arg(repositories().join("plain.git")).arg(&bare).status()?;
    let rev = fetcher.rev(&at(&bare)?)?;
    let input = input(&format!("{{\"url\":\"{}\",\"rev\":\"{rev}\"}}", bare.display()))?;
    remove(&bare);
    let forced = InputAttrs::from_iter(input.into_iter().map(|(name, value)| match name.as_slice() {
        // A missing folder would count as a work tree.
        b"url" => (name, InputAttr::String(format!("file://{}", bare.display()).into_bytes())),
        _ => (name, value),
    }));
    fs::create_dir(&bare)?;
    let again = fetcher.rev(&forced)?;
    remove(&fetcher.folder.join("store"));
    let written = fetcher.rev(&forced)?;
    let is_silent = fetcher.messages().is_empty();
    if copied.success() && again == rev && written == rev && is_silent {
        Ok(())
    } else {
        Err("it was asked for".into())
    }
}

fn untrusted() -> std::result::Result<(), Failed> {
    let repository = repositories().join("untrusted");
    let mark = repositories().join("was-run");
    // Creating the repository may have run something.
    let _ = fs::remove_file(&mark);
    let fetcher = Fetcher::new()?;
    let other = input(&format!("{{\"url\":\"{}\",\"ref\":\"main\"}}", repository.display()))?;
    for input in [at(&repository)?, other] {
        fetcher.fetch(&input).map_err(|error| error.to_string())?;
    }
    if mark.exists() { Err("a program that the repository names was run".into()) } else { Ok(()) }
}

fn refused() -> std::result::Result<(), Failed> {
    let mut fetcher = Fetcher::new()?;
    let input = at(&repositories().join("changed"))?;
    fetcher.options.warn_dirty = false;
    fetcher.fetch(&input).map_err(|error| error.to_string())?;
    fetcher.options.allow_dirty = false;
    let error = fetcher.fetch(&input).err().map(|error| error.to_string()).unwrap_or_default();
    let is_it = error.starts_with("Git tree '") && error.ends_with("/changed' is dirty");
    if is_it && fetcher.messages().is_empty() { Ok(()) } else { Err(error.into()) }
}

fn fingerprints() -> std::result::Result<(), Failed> {
    let fetcher = Fetcher::new()?;
    let fingerprint = |case: &str| {
        let input = input(&case.replace("HERE", &repositories().display().to_string()))?;
        let fetched = fetcher.fetch(&input).map_err(|error| error.to_string())?;
        Ok::<_, String>(fetched.fingerprint.unwrap_or_default())
    };
    let rev = "a26d8ba03aa2ce4910f754a77ad2ebb4c0bbbf89";
    let clean = fingerprint("{\"url\":\"HERE/plain\"}")?;
    let marked = fingerprint("{\"url\":\"HERE/plain\",\"submodules\":true,\"lfs\":true,\"ref\":\"main\"}")?;
    let ignoring = fingerprint("{\"url\":\"HERE/plain\",\"exportIgnore\":true}")?;
    let changed = fingerprint("{\"url\":\"HERE/changed\"}")?;
    let deleted = fingerprint("{\"url\":\"HERE/deleted\"}")?;
    let is_right = clean == rev && marked == format!("{rev};s;l") && ignoring == format!("{rev};e");
    let differ =
        changed != deleted && changed.starts_with(&format!("{rev};d=")) && changed.len() == rev.len() + 3 + 128;
    if is_right && differ { Ok(()) } else { Err(format!("{clean} {marked} {ignoring} {changed} {deleted}").into()) }
}

//! Feeding sessions garbage. Whatever is typed: nothing panics, each input ends in time, the session goes on answering, and
//! keeps nothing that was forgotten. The terminal's completion and highlighting see the same.
//!
//! `NIVIS_FEED=10000 cargo test -p nivis-repl feeding -- --nocapture` feeds that many of each kind, and lists the
//! slowest. `NIVIS_FEED_SEED` begins elsewhere. A file in the temporary folder has the current input, in case the
//! program dies of it.

#[cfg(fuzzing)]
mod fuzz;
mod garbage;
mod mutated;
mod random;

use super::completion::complete;
use crate::command_line::args::Arguments;
use crate::command_line::program::Program;
use crate::config::settings::Configuration;
use crate::output::muted::Stop;
use crate::output::style::{ErrorFormat, ErrorStyle};
use crate::output::theme::Theme;
use crate::prompt::highlight::{bracket_at, highlighted};
use crate::prompt::host::Host;
use crate::prompt::session::{Reply, Session};
use nivis::io::{Io, MemoryIo};
use nivis::syntax::before_nul;
use nivis::{ErrorKind, Settings};
use random::Random;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The number of inputs of each kind that are fed by default.
const USUALLY: usize = 300;
/// After this an input is interrupted, as by Ctrl-C.
const PATIENCE: Duration = Duration::from_millis(500);
/// The time that an interrupted input may take, on a machine that does other things too.
const BOUND: Duration = Duration::from_secs(10);
const MEMORY: usize = 256 << 20;

#[test]
fn garbage_is_survived() {
    feeding("garbage", |random, fed| {
        let line = garbage::line(random);
        fed.feed(random, &line);
    });
}

#[test]
fn mutated_transcripts_are_survived() {
    let originals = mutated::originals();
    assert!(originals.len() > 100, "the tests' sessions and programs are there");
    feeding("transcripts", |random, fed| {
        let transcript = mutated::transcript(random, &originals);
        let mut input = String::new();
        for line in transcript.lines() {
            input.push_str(line);
            input.push('\n');
            if !fed.feed(random, &input) {
                input.clear();
            }
        }
    });
}

fn number(variable: &str, otherwise: usize) -> usize {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Feeds a session as often as is wanted, and looks after each time whether it is well.
fn feeding(name: &str, mut feed: impl FnMut(&mut Random, &mut Fed<'_>)) {
    let (count, seed) = (number("NIVIS_FEED", USUALLY), number("NIVIS_FEED_SEED", 1));
    let arguments = Arguments::parse(Program::Nivis, vec!["nivis".into()]).expect("a command line");
    let mut fed = Fed::new(&arguments, name);
    fed.begin();
    for index in 0..count {
        feed(&mut Random((seed + index) as u64 * 1000), &mut fed);
        fed.answers();
        if index % 20 == 19 {
            fed.forgets(index % 100 == 99);
        }
    }
    fed.forgets(true);
    fed.tell(name, count);
}

/// A session, and what was noticed about it.
struct Fed<'a> {
    session: Session<'a>,
    watch: Watch,
    /// Roots of the session at the start.
    roots: usize,
    /// The last input, to find what killed the program.
    trace: PathBuf,
    is_full: bool,
    inputs: usize,
    values: usize,
    errors: usize,
    interrupts: usize,
    slowest: Vec<(Duration, String)>,
}

impl<'a> Fed<'a> {
    fn new(arguments: &'a Arguments, name: &str) -> Self {
        let session = session(arguments);
        let watch = Watch::begin(session.stop());
        let (roots, trace) = (session.root_count(), std::env::temp_dir().join(format!("nivis-feeding-{name}")));
        let slowest = Vec::new();
        let (inputs, values, errors, interrupts) = (0, 0, 0, 0);
        Self { session, watch, roots, trace, is_full: false, inputs, values, errors, interrupts, slowest }
    }

    /// Feeds an input, after asking what the terminal would ask while it is typed. True if it is incomplete.
    fn feed(&mut self, random: &mut Random, input: &str) -> bool {
        let _ = std::fs::write(&self.trace, input);
        let start = Instant::now();
        self.watch.start();
        let done = catch_unwind(AssertUnwindSafe(|| {
            type_up_to(&mut self.session, input, random.below(input.len() + 1));
            self.session.feed(input)
        }));
        self.watch.end();
        let took = start.elapsed();
        let Ok(reply) = done else { panic!("panicked at {}", shortened(input)) };
        assert!(took < BOUND, "took {took:?}: {}", shortened(input));
        self.slowest.push((took, shortened(input)));
        self.slowest.sort_by(|one, other| other.cmp(one));
        self.slowest.truncate(10);
        self.inputs += 1;
        let is_incomplete = matches!(reply, Reply::Incomplete);
        let reply = if is_incomplete { self.session.end(input) } else { reply };
        let is_leave = matches!(before_nul(input).split_whitespace().next(), Some(":q" | ":quit"));
        self.look_at(&reply, is_leave);
        is_incomplete
    }

    fn look_at(&mut self, reply: &Reply, is_leave: bool) {
        match reply {
            Reply::Quit => assert!(is_leave, "only ':q' leaves"),
            Reply::Error(error) => {
                self.errors += 1;
                self.is_full |= matches!(error.kind(), ErrorKind::OutOfMemory);
                self.interrupts += usize::from(matches!(error.kind(), ErrorKind::Interrupted));
                assert!(!self.session.show(error).is_empty(), "an error says something");
            }
            Reply::Several(replies) => replies.iter().for_each(|reply| self.look_at(reply, is_leave)),
            Reply::Value(_) => self.values += 1,
            _ => {}
        }
    }

    /// The session goes on answering. Memory that is full stays so until everything is loaded again.
    fn answers(&mut self) {
        if std::mem::take(&mut self.is_full) {
            self.session.feed(":r!");
        }
        let mut reply = self.session.feed("1 + 1");
        if matches!(&reply, Reply::Error(error) if *error.kind() == ErrorKind::OutOfMemory) {
            self.session.feed(":r!");
            reply = self.session.feed("1 + 1");
        }
        let reply = match reply {
            // In a lesson something follows.
            Reply::Several(mut replies) if !replies.is_empty() => replies.swap_remove(0),
            reply => reply,
        };
        let text = match &reply {
            Reply::Value(text) => String::from_utf8_lossy(text).into_owned(),
            Reply::Error(error) => self.session.show(error),
            other => format!("{other:?}"),
        };
        assert_eq!(text, "2", "after {}", self.last());
    }

    /// Checks that `:save` would write a program.
    fn saves(&mut self) {
        let text = self.session.as_file("/saved.nix").expect("nothing of that name was loaded");
        let errors = nivis::syntax::parse(text.as_bytes()).errors.clone();
        assert!(errors.is_empty(), "saved after {}: {errors:?}\n{text}", self.last());
    }

    /// Checks that forgotten names are not kept.
    fn forgets(&mut self, anew: bool) {
        self.saves();
        if anew {
            self.session.feed(":forget");
            self.session.feed(":r!");
        }
        self.session.feed(":forget");
        assert_eq!(self.session.root_count(), self.roots, "roots after {}", self.last());
        self.begin();
    }

    /// Something to talk about.
    fn begin(&mut self) {
        self.session.feed(":l /set.nix");
    }

    fn last(&self) -> String {
        shortened(&std::fs::read_to_string(&self.trace).unwrap_or_default())
    }

    fn tell(&self, name: &str, count: usize) {
        let (values, errors, interrupts) = (self.values, self.errors, self.interrupts);
        let summary = format!(
            "{name}: {count} fed, {} inputs, {values} values, {errors} errors, {interrupts} interrupts",
            self.inputs
        );
        let slow: String = self.slowest.iter().map(|(took, input)| format!("\n  {took:?} {input}")).collect();
        let _ = std::io::Write::write_all(&mut std::io::stderr(), format!("{summary}; slowest:{slow}\n").as_bytes());
        let _ = std::fs::remove_file(&self.trace);
    }
}

/// Asks what the terminal asks when the cursor is there.
fn type_up_to(session: &mut Session<'_>, input: &str, mut cursor: usize) {
    while !input.is_char_boundary(cursor) {
        cursor -= 1;
    }
    highlighted(input, bracket_at(input, cursor), true, nivis::codec::palette::Palette::DARK);
    complete(session, &input[..cursor]);
}

fn shortened(input: &str) -> String {
    let start: String = input.chars().take(300).collect();
    format!("{start:?} ({} bytes)", input.len())
}

/// A session whose files, and what it writes, are in memory.
pub(super) fn session(arguments: &Arguments) -> Session<'_> {
    let mut settings = Settings::default();
    settings.memory_limit = MEMORY;
    let errors =
        ErrorStyle { format: ErrorFormat::Pretty, colour: true, show_trace: true, warns: true, theme: Theme::Auto };
    let io = || -> Box<dyn Io> {
        let io = MemoryIo::default();
        let io =
            io.with_file("/set.nix", "{ x = 1; xs = [ 1 { a = 2; } ]; f = x: x + 1; \"a b\" = 3; y = { x = { }; }; }");
        let io = io.with_file("/function.nix", "{ n ? 1 }: { inherit n; }").with_file("/wrong.nix", "{ a = ; }");
        Box::new(io.with_file("/number.nix", "1").with_file("/endless.nix", "let f = n: f (n + 1); in f 0"))
    };
    let host = Host::in_memory(Rc::new(io));
    Session::new(arguments, Configuration::with(settings, errors), host, false).expect("a session")
}

/// A thread that interrupts what takes too long, again and again until it ends.
struct Watch {
    begun: Instant,
    /// When the current input began, in milliseconds since the start; 0 without one.
    since: Arc<AtomicU64>,
    ended: Arc<AtomicBool>,
}

impl Watch {
    fn begin(stop: Stop) -> Self {
        let watch = Self { begun: Instant::now(), since: Arc::default(), ended: Arc::default() };
        let (begun, since, ended) = (watch.begun, Arc::clone(&watch.since), Arc::clone(&watch.ended));
        std::thread::spawn(move || {
            while !ended.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(20));
                let since = since.load(Ordering::Relaxed);
                if since > 0 && begun.elapsed() > Duration::from_millis(since) + PATIENCE {
                    stop.now();
                }
            }
        });
        watch
    }

    fn start(&self) {
        self.since.store(self.begun.elapsed().as_millis().max(1) as u64, Ordering::Relaxed);
    }

    fn end(&self) {
        self.since.store(0, Ordering::Relaxed);
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
    }
}

//! A worker: evaluates the program once, then answers requests on standard input until that ends or memory runs out.

use super::derivation::Wanted;
use super::line::{Line, joined, strings};
use super::path::Path;
use super::protocol::{Aggregate, Answer, Reply, Request};
use super::rewrite::Rewriter;
use super::stats::Stats;
use super::walk::{Found, Walk};
use super::worker_pool;
use crate::command_line::args::Arguments;
use crate::command_line::options::JobsOptions;
use crate::command_line::words::lossy;
use crate::config::engine_parts::EngineParts;
use crate::config::settings::Configuration;
use crate::output::console::{ProgramConsole, Warnings};
use crate::output::stdio;
use crate::output::style::{ErrorFormat, ErrorStyle};
use crate::tasks::automatic::auto_arguments;
use crate::tasks::drv_files::DrvFiles;
use crate::tasks::kept_parts::told;
use nivis::eval::AutoArguments;
use nivis::io::{Io, SystemIo};
use nivis::record::{Recorder, RecordingIo, RecordingStore, SetId, Telling};
use nivis::{Engine, Error, ErrorKind, Eval, Result, Settings, report};
use std::cell::RefCell;
use std::io::{self, BufRead, BufReader};
use std::mem::ManuallyDrop;
use std::rc::Rc;
use std::sync::mpsc::{self, Receiver};
use std::thread;

/// Works until there is nothing more to do, and gives the status to exit with.
pub(super) fn run(arguments: &Arguments, options: &JobsOptions, configuration: Configuration) -> i32 {
    let Ok((automatic, requests)) = listen(arguments) else { return 1 };
    let errors = configuration.errors;
    // The program ends when this returns: taking the heap apart would only take time.
    let warnings = Warnings::kept();
    let console = Rc::new(ProgramConsole { warnings: warnings.clone(), ..ProgramConsole::new(errors) });
    let parts = EngineParts::of(&configuration);
    let drv_files = DrvFiles::of(arguments, &configuration);
    let observed = options.incremental.then(Observed::new);
    let mut engine = ManuallyDrop::new(match &observed {
        Some(observed) => observed.engine(&parts, configuration.settings, console),
        None => parts.engine(configuration.settings, Box::new(SystemIo), console),
    });
    let worked = match auto_arguments(&mut engine, &automatic) {
        Ok(automatic) => engine.enter(|cx| {
            Worker { arguments, options, automatic: &automatic, errors, parts, drv_files, warnings, observed }
                .serve(cx, &requests)
        }),
        Err(error) => {
            let text = errors.render(&error, engine.sources());
            send(&Reply { answer: Answer::NoRoot(text), is_last: true, asked: Vec::new() })
        }
    };
    i32::from(worked.is_err())
}

/// Reads the arguments for automatic calls, and then requests in the background. The program ends at once, whatever it
/// is doing, when its standard input does: there is nobody to answer.
fn listen(arguments: &Arguments) -> io::Result<(worker_pool::Named, Receiver<Vec<u8>>)> {
    let mut input = BufReader::new(io::stdin());
    let automatic = worker_pool::receive_arguments(&mut input, &arguments.common.automatic)?;
    let (sender, requests) = mpsc::channel();
    thread::spawn(move || {
        let mut line = Vec::new();
        while matches!(input.read_until(b'\n', &mut line), Ok(length) if length > 0) {
            line.truncate(line.trim_ascii_end().len());
            // The other end goes away with the program only.
            let _ = sender.send(std::mem::take(&mut line));
        }
        std::process::exit(0);
    });
    Ok((automatic, requests))
}

fn send(reply: &Reply) -> io::Result<()> {
    let mut line = reply.write();
    line.push(b'\n');
    stdio::print(&line)
}

/// The program's questions to the world, for `--incremental`.
struct Observed {
    recorder: Rc<Recorder>,
    told: RefCell<Telling>,
}

impl Observed {
    fn new() -> Self {
        Self { recorder: Rc::new(Recorder::of_parts(SystemIo.nanoseconds())), told: RefCell::default() }
    }

    /// An engine that is observed.
    fn engine(&self, parts: &EngineParts, settings: Settings, console: Rc<ProgramConsole>) -> Engine {
        let recorder = || Rc::clone(&self.recorder);
        let store = Rc::new(RecordingStore::new(parts.open_store(&settings), recorder()));
        let io = Box::new(RecordingIo::new(SystemIo, recorder()));
        parts.engine_with(store, settings, io, console).with_parts(recorder())
    }

    /// The questions that a part depends on, as far as they were not sent before; see [`told`].
    fn asked(&self, part: SetId, on_the_way: SetId, before: usize) -> Vec<u8> {
        told(&self.recorder, &mut self.told.borrow_mut(), part, on_the_way, before)
    }
}

/// Everything that a worker needs all the time.
struct Worker<'a> {
    arguments: &'a Arguments,
    options: &'a JobsOptions,
    automatic: &'a AutoArguments,
    errors: ErrorStyle,
    parts: EngineParts,
    drv_files: DrvFiles,
    warnings: Warnings,
    observed: Option<Observed>,
}

impl Worker<'_> {
    fn serve<'h>(&self, cx: &mut Eval<'h>, requests: &Receiver<Vec<u8>>) -> io::Result<()> {
        let (mut walk, wanted) = match self.begin(cx) {
            Ok(begun) => begun,
            Err(error) => return self.refuse(cx, &error, requests),
        };
        for line in requests {
            let before = self.observed.as_ref().map_or(0, |observed| observed.recorder.messages());
            let (answer, part) = cx.part(|cx| match Request::read(&line) {
                Some(Request::Look(path)) => self.look(cx, &mut walk, &wanted, &path),
                Some(Request::Rewrite(aggregates)) => self.rewrite(cx, &mut walk, &wanted, &aggregates),
                None => Answer::NoRoot(format!("error: a worker was asked '{}'", lossy(Some(line)))),
            });
            let asked = self.observed.as_ref().map(|observed| observed.asked(part, walk.asked_on_the_way(cx), before));
            let asked = asked.unwrap_or_default();
            let is_last = self.is_full(cx) || matches!(answer, Answer::OutOfMemory(_) | Answer::NoRoot(_));
            // Who has all answers ends the workers.
            self.parts.save_now_and_then();
            send(&Reply { answer, is_last, asked })?;
            if is_last {
                break;
            }
        }
        Ok(())
    }

    /// Says that the program can't be evaluated.
    fn refuse(&self, cx: &Eval<'_>, error: &Error, requests: &Receiver<Vec<u8>>) -> io::Result<()> {
        let answer = if matches!(error.kind(), ErrorKind::OutOfMemory) {
            // Another worker may have more memory.
            let Ok(_) = requests.recv() else { return Ok(()) };
            Answer::OutOfMemory(self.plain(cx, error))
        } else {
            Answer::NoRoot(self.errors.render(error, cx.sources()))
        };
        send(&Reply { answer, is_last: true, asked: Vec::new() })
    }

    fn begin<'h>(&self, cx: &mut Eval<'h>) -> Result<(Walk<'_, 'h>, Wanted<'_, 'h>)> {
        let apply = match &self.options.apply {
            Some(text) => Some(cx.delay_text(text.clone(), nivis::source::Origin::String, &[])?),
            None => None,
        };
        let wanted = Wanted { options: self.options, apply, errors: self.errors };
        Ok((Walk::new(cx, self.arguments, self.options, self.automatic)?, wanted))
    }

    fn look<'h>(&self, cx: &mut Eval<'h>, walk: &mut Walk<'_, 'h>, wanted: &Wanted<'_, 'h>, path: &Path) -> Answer {
        let mut line = Line::about(path);
        let begun = Stats::begin(cx);
        self.warnings.take();
        let found = walk.look(cx, path).and_then(|found| match found {
            Found::Names(names) => Ok(Some(names)),
            Found::Derivation(_) if !self.is_of_shard(path) => Ok(None),
            Found::Derivation(set) => wanted.tell(cx, set, path, &mut line).map(|()| None),
        });
        let found = found.and_then(|found| self.write_derivations(cx).map(|()| found));
        let is_told = match &found {
            Ok(Some(_)) => true,
            // With more memory it may be a set.
            Err(error) if matches!(error.kind(), ErrorKind::OutOfMemory) => true,
            _ => self.is_of_shard(path),
        };
        if !is_told {
            return Answer::Names(Vec::new());
        }
        if !self.options.no_stats {
            line.set("stats", begun.end(cx));
        }
        let warnings = self.warnings.take();
        if !warnings.is_empty() {
            line.set("warnings", strings(warnings));
        }
        match found {
            Ok(Some(names)) => Answer::Names(names),
            Ok(None) => Answer::Job(line.into_json()),
            Err(error) => self.failed(cx, path, line, &error),
        }
    }

    /// True if the line of a path is printed here, and not with another part.
    fn is_of_shard(&self, path: &Path) -> bool {
        self.options.shard.is_none_or(|shard| shard.has(&joined(path)))
    }

    fn failed(&self, cx: &Eval<'_>, path: &Path, mut line: Line, error: &Error) -> Answer {
        if matches!(error.kind(), ErrorKind::OutOfMemory) {
            return Answer::OutOfMemory(self.plain(cx, error));
        }
        line.text("error", self.plain(cx, error));
        let shown = self.shown(cx, path, error);
        stdio::eprint_line(&shown);
        Answer::Failed(line.into_json(), shown)
    }

    fn rewrite<'a, 'h>(
        &self,
        cx: &mut Eval<'h>,
        walk: &mut Walk<'a, 'h>,
        wanted: &Wanted<'a, 'h>,
        aggregates: &[Aggregate],
    ) -> Answer {
        let mut rewriter = Rewriter::new(walk, wanted, &self.drv_files);
        match aggregates.iter().map(|aggregate| rewriter.line(cx, aggregate)).collect() {
            Ok(lines) => Answer::Rewritten(lines),
            Err(error) => Answer::OutOfMemory(self.plain(cx, &error)),
        }
    }

    /// Writes derivations before their line is printed: the worker may be killed at any time. Nothing is kept.
    fn write_derivations(&self, cx: &Eval<'_>) -> Result<()> {
        self.drv_files.save(cx).map(|_| ())
    }

    /// The error as lines have it: in C++ Nix's words, without colours.
    fn plain(&self, cx: &Eval<'_>, error: &Error) -> String {
        report::plain(error, cx.sources(), self.errors.show_trace, false)
    }

    /// The error for standard error, where nix-eval-jobs prints it too, with the attribute it is about.
    fn shown(&self, cx: &Eval<'_>, path: &Path, error: &Error) -> String {
        let text = self.errors.render(error, cx.sources());
        match self.errors.format {
            ErrorFormat::Pretty => format!("In '{}':\n{text}", joined(path)),
            ErrorFormat::Nix | ErrorFormat::Json => text,
        }
    }

    /// True if another worker should go on: this one has no room, and can make none.
    fn is_full(&self, cx: &Eval<'_>) -> bool {
        let is_beyond = || cx.scope().chunk_bytes() > cx.settings().memory_limit;
        if is_beyond() {
            cx.collect_if_useful();
        }
        is_beyond()
    }
}

//! Doing something once with an engine: what `--eval`, `eval` and their like have in common.
//!
//! The first error ends it. What was computed until then is written to `--drv-dir` also after an error.

use crate::command_line::args::{Action, Arguments, Task};
use crate::config::engine_parts::EngineParts;
use crate::config::settings::Configuration;
use crate::output::console::ProgramConsole;
use crate::output::statistics;
use crate::output::stdio;
use crate::output::style::ErrorFormat;
use crate::tasks::drv_files::DrvFiles;
use crate::tasks::interrupt;
use crate::tasks::kept_runs::{self, KeptRun};
use crate::tasks::outcome::{Failure, Outcome};
use crate::tasks::profile::Profiled;
use nivis::error::Code;
use nivis::io::{Io, SystemIo};
use nivis::record::{Recorder, RecordingIo, RecordingStore};
use nivis::store::backend::Store;
use nivis::{Engine, Error, ErrorKind, Result};
use std::ffi::OsString;
use std::mem::ManuallyDrop;
use std::rc::Rc;

/// Does a task with a new engine, and gives the status to exit with.
///
/// `attach` gives the engine a debugger if the command line asks for one.
pub(crate) fn run(
    arguments: &Arguments,
    configuration: Configuration,
    attach: impl FnOnce(&mut Engine, &Arguments, &Configuration),
    task: impl FnOnce(&mut Engine, &Arguments) -> Outcome,
) -> i32 {
    let console = Rc::new(ProgramConsole::new(configuration.errors));
    let parts = EngineParts::of(&configuration);
    let store = parts.open_store(&configuration.settings);
    let words: Vec<OsString> = std::env::args_os().skip(1).collect();
    let kept = KeptRun::of(arguments, &configuration, &*store, &words);
    if let Some(tape) = kept.as_ref().and_then(|kept| kept.answer(&*store)) {
        return kept_runs::repeat(arguments, &tape).map_or_else(|error| stdio::failure(&error), |()| 0);
    }
    let parts_recorder = arguments.is_incremental().then(|| Rc::new(Recorder::of_parts(SystemIo.nanoseconds())));
    if kept.is_some() {
        stdio::start_tape();
    }
    let (store, io) = observed(store, kept.as_ref().map(|kept| &kept.recorder).or(parts_recorder.as_ref()));
    // The program ends when this returns: taking the heap apart would only take time.
    let engine = parts.engine_with(store, configuration.settings.clone(), io, console);
    let mut engine = ManuallyDrop::new(match parts_recorder {
        Some(recorder) => engine.with_parts(recorder),
        None => engine,
    });
    attach(&mut engine, arguments, &configuration);
    begin(&engine, arguments, &configuration);
    let done = profiled(&mut engine, &configuration, |engine| task(engine, arguments));
    let done = done.and(save_derivations(&mut engine, arguments, &configuration).map_err(Failure::Program));
    parts.save();
    statistics::report(&engine);
    if shows_statistics(arguments, &done) {
        statistics::show(&engine);
    }
    if let (Some(kept), Some(tape), Ok(())) = (kept, stdio::take_tape(), &done) {
        kept.keep(&tape);
    }
    exit_status(done, &engine, arguments, &configuration)
}

/// Does a task, and writes its profile if there is one; after an error too.
fn profiled(engine: &mut Engine, configuration: &Configuration, task: impl FnOnce(&mut Engine) -> Outcome) -> Outcome {
    let profiled = Profiled::begin(engine, configuration)?;
    let done = task(engine);
    let written = profiled.map_or(Ok(()), |profiled| profiled.end(engine));
    done.and(written.map_err(Failure::Program))
}

/// The store and the machine, observed if the run or parts of it may be kept.
fn observed(store: Rc<dyn Store>, recorder: Option<&Rc<Recorder>>) -> (Rc<dyn Store>, Box<dyn Io>) {
    let Some(recorder) = recorder else { return (store, Box::new(SystemIo)) };
    let store = Rc::new(RecordingStore::new(store, Rc::clone(recorder)));
    (store, Box::new(RecordingIo::new(SystemIo, Rc::clone(recorder))))
}

/// Lets Ctrl-C end evaluations, unless a debugger handles it, and says what C++ Nix says first.
fn begin(engine: &Engine, arguments: &Arguments, configuration: &Configuration) {
    if !arguments.common.debugger {
        interrupt::end_evaluations(engine);
    }
    if engine.settings().tell_files && configuration.errors.format == ErrorFormat::Nix {
        stdio::eprint_line("evaluating file '«nix-internal»/derivation-internal.nix'");
    }
}

/// Writes the derivations that were computed, if they are kept.
fn save_derivations(engine: &mut Engine, arguments: &Arguments, configuration: &Configuration) -> Result<()> {
    if !engine.settings().keep_derivations {
        return Ok(());
    }
    engine.enter(|cx| DrvFiles::of(arguments, configuration).save(cx).map(|_| ()))
}

/// Some commands of C++ Nix show statistics also after an error, and others never do.
fn shows_statistics(arguments: &Arguments, done: &Outcome) -> bool {
    match &arguments.task {
        Task::Eval(_) => true,
        Task::Classic(Action::FindFile, _) => false,
        _ => done.is_ok(),
    }
}

/// Prints the error, if there is one, and gives the status to exit with.
fn exit_status(done: Outcome, engine: &Engine, arguments: &Arguments, configuration: &Configuration) -> i32 {
    match done {
        Ok(()) => 0,
        Err(Failure::Program(error)) => {
            let text = configuration.errors.render(&error, engine.sources());
            stdio::eprint_error(&text, &error, engine.sources());
            if matches!(error.kind(), ErrorKind::Usage(_)) {
                stdio::eprint_line(&arguments.try_help());
            }
            status(&error)
        }
        Err(Failure::Builds(error, status)) => {
            let text = configuration.errors.render(&error, engine.sources());
            stdio::eprint_error(&text, &error, engine.sources());
            status
        }
        Err(Failure::Output(error)) => stdio::failure(&error),
    }
}

/// The status to exit with after an error. Like C++ Nix, it tells scripts if a fetched file is not the expected one.
fn status(error: &Error) -> i32 {
    if error.code() == Code::HASH_MISMATCH { 102 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nivis::Settings;
    use nivis::io::MemoryIo;
    use nivis::settings::LocalSource;

    fn status_of(program: &str) -> Option<i32> {
        let io = MemoryIo::default().with_file("/tree/a", "a");
        let mut settings = Settings::default();
        settings.sources.push(LocalSource { of: "https://example.org/t".into(), path: "/tree".into() });
        settings.sources.push(LocalSource { of: "https://example.org/f".into(), path: "/tree/a".into() });
        let mut engine = Engine::with_io(settings, Box::new(io));
        let result = engine.eval_str(program);
        result.err().map(|error| status(&error))
    }

    #[test]
    fn another_hash_has_a_status_of_its_own() {
        let hash = "0000000000000000000000000000000000000000000000000000";
        let fetch = |fetcher, of| format!(r#"{fetcher} {{ url = "https://example.org/{of}"; sha256 = "{hash}"; }}"#);
        assert_eq!(status_of(&fetch("fetchTarball", "t")), Some(102));
        assert_eq!(status_of(&fetch("builtins.fetchurl", "f")), Some(102));
        assert_eq!(status_of(&fetch("import (fetchTarball", "t").replace('}', "})")), Some(102));
        assert_eq!(status_of("throw \"x\""), Some(1));
        assert_eq!(status_of("1"), None);
    }
}

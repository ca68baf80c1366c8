//! Doing something once with an engine: what `--eval`, `eval` and their like have in common.
//!
//! The first error ends it. What was computed until then is written to `--drv-dir` also after an error.

use crate::command_line::args::{Arguments, Task};
use crate::config::settings::Configuration;
use crate::output::console::Outside;
use crate::output::statistics;
use crate::output::stdio;
use crate::output::style::ErrorFormat;
use crate::prompt::terminal;
use crate::tasks::cache::Kept;
use crate::tasks::drv_files::DrvFiles;
use crate::tasks::interrupt;
use nivis::error::Code;
use nivis::io::SystemIo;
use nivis::{Engine, Error, ErrorKind};
use std::io;
use std::rc::Rc;

/// Why a task was not finished.
pub(crate) enum Failure {
    /// The program has no value.
    Program(Error),
    /// Its value can't be written.
    Output(io::Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Program(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// What comes of a task: what there was to say has been printed, or it failed.
pub(crate) type Outcome = Result<(), Failure>;

/// Does a task with a new engine, and gives the status to exit with.
pub(crate) fn run(
    arguments: &Arguments,
    configuration: Configuration,
    task: impl FnOnce(&mut Engine, &Arguments) -> Outcome,
) -> i32 {
    // The program ends when this returns: taking the heap apart would only take time.
    let outside = Outside::new(configuration.errors);
    let kept = Kept::of(&configuration);
    let settings = configuration.settings.clone();
    let mut engine = std::mem::ManuallyDrop::new(kept.engine(settings, Box::new(SystemIo), Rc::new(outside)));
    terminal::attach(&mut engine, arguments, &configuration);
    if !arguments.debugger {
        interrupt::end_evaluations(&engine);
    }
    if engine.settings().tell_files && configuration.errors.format == ErrorFormat::Nix {
        // With this C++ Nix begins.
        stdio::complain("evaluating file '«nix-internal»/derivation-internal.nix'");
    }
    let done = task(&mut engine, arguments);
    let written = if engine.settings().keep_derivations {
        engine.enter(|cx| DrvFiles::of(arguments, &configuration).save(cx).map(|_| ()))
    } else {
        Ok(())
    };
    kept.save();
    statistics::report(&engine);
    let done = done.and(written.map_err(Failure::Program));
    let shows = match arguments.task {
        Task::Eval => true,
        Task::FindFile => false,
        _ => done.is_ok(),
    };
    if shows {
        statistics::show(&engine);
    }
    match done {
        Ok(()) => 0,
        Err(Failure::Program(error)) => {
            stdio::complain(&configuration.errors.render(&error, engine.sources()));
            if matches!(error.kind(), ErrorKind::Usage(_)) {
                stdio::complain(&arguments.try_help());
            }
            status(&error)
        }
        Err(Failure::Output(error)) => stdio::failure(&error),
    }
}

/// The status to exit with after an error: C++ Nix tells scripts apart that what was fetched is not what was meant.
fn status(error: &Error) -> i32 {
    if error.code() == Code::HASH_MISMATCH { 102 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nivis::Settings;
    use nivis::eval::LocalSource;
    use nivis::io::MemoryIo;

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

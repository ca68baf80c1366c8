//! Runs that need not happen again: what a command printed, with a [record](nivis::record) of what it asked of the
//! world.
//!
//! The record is found by the words of the command, the folder, the environment, the configuration and the store. It
//! answers if the world still gives the answers that the run got, and if the store still has what the run wrote.

use crate::command_line::args::{Action, Arguments, Task};
use crate::command_line::command::Command;
use crate::command_line::options::Automatic;
use crate::config::settings::Configuration;
use crate::output::log_records;
use crate::output::stdio::{self, Stream, Tape};
use crate::output::style::wants_colour;
use crate::tasks::kept_files::KeptFile;
use nivis::io::{Io, SystemIo};
use nivis::record::{Change, Record, Recorder};
use nivis::store::backend::Store;
use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::os::unix::ffi::OsStrExt;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// Shorter runs are not kept: to look them up takes as long.
const SHORTEST: Duration = Duration::from_millis(10);
/// Variables of the environment that shells change and nothing here reads.
const OF_SHELLS: [&str; 4] = ["_", "SHLVL", "OLDPWD", "PWD"];
/// The identity of this build of the program.
const BUILD: &str = env!("NIVIS_BUILD");

/// A run that is or will be kept.
#[derive(Debug)]
pub(crate) struct KeptRun {
    file: KeptFile,
    start: Instant,
    pub(crate) recorder: Rc<Recorder>,
}

impl KeptRun {
    /// The place of the run of a command, given by its words without the program; `None` if it should not be kept.
    pub(crate) fn of(
        arguments: &Arguments,
        configuration: &Configuration,
        store: &dyn Store,
        words: &[OsString],
    ) -> Option<Self> {
        if !is_repeatable(arguments, configuration) {
            return None;
        }
        let recorder = Rc::new(Recorder::starting(SystemIo.nanoseconds()));
        let file = KeptFile::of(&identity(arguments, configuration, store, words)?)?;
        Some(Self { file, start: Instant::now(), recorder })
    }

    /// The output of the run, if it would print the same now.
    pub(crate) fn answer(&self, store: &dyn Store) -> Option<Tape> {
        let (record, tape) = self.kept()?;
        record.change(&SystemIo, store).is_none().then_some(tape)
    }

    /// The first change since the run; `None` if no run is kept.
    pub(crate) fn change(&self, store: &dyn Store) -> Option<Option<Change>> {
        let (record, _) = self.kept()?;
        Some(record.change(&SystemIo, store))
    }

    fn kept(&self) -> Option<(Record, Tape)> {
        let kept = self.file.get()?;
        let length = usize::try_from(u64::from_le_bytes(*kept.first_chunk()?)).ok()?;
        let (record, tape) = kept[8..].split_at_checked(length)?;
        Some((Record::from_bytes(record)?, tape_from(tape)?))
    }

    /// Keeps the run that has printed this, if it can be repeated and took a while.
    pub(crate) fn keep(&self, tape: &Tape) {
        let long_enough = self.start.elapsed() >= SHORTEST;
        let Some(record) = self.recorder.record().filter(|_| long_enough) else { return };
        let record = record.to_bytes();
        self.file.put(&[&(record.len() as u64).to_le_bytes()[..], &record, &tape_bytes(tape)].concat());
    }
}

/// True for commands that read nothing but files and variables, and write nothing but to the store.
fn is_repeatable(arguments: &Arguments, configuration: &Configuration) -> bool {
    let common = &arguments.common;
    let is_kind = match &arguments.task {
        Task::Eval(options) => options.source.file.as_deref() != Some(b"-") && options.write_to.is_none(),
        Task::Classic(Action::Evaluate | Action::Instantiate, options) => !options.stdin && options.root.is_none(),
        Task::Flake(options) => {
            !options.incremental
                && matches!(arguments.command, Command::FlakeCheck | Command::FlakeMetadata | Command::FlakeShow)
        }
        _ => false,
    };
    let watches = common.debugger || configuration.settings.trace_function_calls || configuration.profiling().is_some();
    let tells_cost = ["NIX_SHOW_STATS", "NIVIS_STATS"].iter().any(|name| std::env::var_os(name).is_some());
    let is_kept = keeps_results(arguments) && common.drv_dir.is_none();
    let is_plain = !watches && !tells_cost && !log_records::are_wanted();
    is_kind && is_kept && is_plain
}

/// True if results may be kept: no flag is against it, and the program itself reads nothing outside of records.
pub(crate) fn keeps_results(arguments: &Arguments) -> bool {
    let common = &arguments.common;
    let is_pipe = |value: &Automatic| matches!(value, Automatic::Stdin | Automatic::File(_));
    let reads_pipes = common.reads_stdin || common.automatic.values().any(is_pipe);
    common.keeps_values && !common.no_cache && !reads_pipes
}

/// Everything known before the run that decides what it asks and prints.
pub(crate) fn identity(
    arguments: &Arguments,
    configuration: &Configuration,
    store: &dyn Store,
    words: &[OsString],
) -> Option<Vec<u8>> {
    let (output, errors) = (io::stdout(), io::stderr());
    let terminals = [output.is_terminal(), errors.is_terminal(), wants_colour(&output), wants_colour(&errors)];
    let folder = std::env::current_dir().ok()?;
    let program = arguments.program;
    let mut text = format!("{terminals:?} {BUILD} {} {program:?} {folder:?} {store:?} {configuration:?}", nivis::BUILD)
        .into_bytes();
    for word in words {
        text.push(0);
        text.extend_from_slice(word.as_bytes());
    }
    add_environment(&mut text);
    Some(text)
}

/// Adds the variables that a run may depend on, in order of their names.
fn add_environment(text: &mut Vec<u8>) {
    let mut environment: Vec<_> = std::env::vars_os().collect();
    environment.retain(|(name, _)| !OF_SHELLS.iter().any(|ignored| name == ignored));
    environment.sort_unstable();
    for (name, value) in &environment {
        text.extend_from_slice(b"\0\0");
        text.extend_from_slice(name.as_bytes());
        text.push(b'=');
        text.extend_from_slice(value.as_bytes());
    }
}

/// A tape as bytes: each part with its stream and its length.
fn tape_bytes(tape: &Tape) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (stream, text) in tape {
        bytes.push(u8::from(*stream == Stream::Error));
        bytes.extend_from_slice(&(text.len() as u64).to_le_bytes());
        bytes.extend_from_slice(text);
    }
    bytes
}

fn tape_from(mut bytes: &[u8]) -> Option<Tape> {
    let mut tape = Tape::new();
    while let Some((&stream, rest)) = bytes.split_first() {
        let (length, rest) = rest.split_first_chunk()?;
        let (text, rest) = rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
        tape.push((if stream == 0 { Stream::Output } else { Stream::Error }, text.to_vec()));
        bytes = rest;
    }
    Some(tape)
}

/// Prints what a kept run printed.
///
/// # Errors
/// Fails if standard output can't be written.
pub(crate) fn repeat(arguments: &Arguments, tape: &Tape) -> io::Result<()> {
    if arguments.common.verbosity > 0 {
        stdio::eprint_line("nothing has changed since an earlier run, which answers");
    }
    stdio::play(tape)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tapes_are_bytes_and_back() {
        let tape = vec![(Stream::Error, b"trace: 1\n".to_vec()), (Stream::Output, b"2\n".to_vec())];
        assert_eq!(tape_from(&tape_bytes(&tape)), Some(tape.clone()));
        assert_eq!(tape_from(&tape_bytes(&tape)[1..]), None);
    }
}

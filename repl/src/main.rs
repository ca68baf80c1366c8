//! The program `nivis`: a REPL for the Nix language, and a drop-in for `nix-instantiate`.
//!
//! ```text
//! words ──args──▶ Arguments ──settings──▶ Configuration ──run──▶ values, or derivations' paths, on stdout
//!                                                └──session──▶ replies, shown by the terminal
//! ```
//!
//! It uses only what the library `nivis` makes public. Values go to standard output, everything else to standard error.

mod args;
mod automatic;
mod cache;
mod commands;
mod description;
mod downloads;
mod drv_files;
mod explain;
mod export;
mod files;
mod flags;
mod flake;
mod graph;
mod help;
mod home;
mod instantiate;
mod interrupt;
mod jobs;
mod last_words;
mod lessons;
mod local_sources;
mod one_value;
mod output;
mod outside;
mod present;
mod progress_line;
mod reading;
mod run;
mod search_path;
mod session;
mod settings;
mod shell;
mod shell_completion;
mod statistics;
mod store_dir;
mod store_place;
mod style;
mod svg;
mod terminal;
mod thunks;
mod work;
mod wrap;
mod write_to;

use args::{Arguments, Program, Task};
use nivis::ErrorKind;
use settings::Configuration;
use std::ffi::OsString;

fn main() {
    last_words::prepare();
    std::process::exit(start());
}

/// Does what the command line says, and gives the status to exit with.
fn start() -> i32 {
    let words: Vec<OsString> = std::env::args_os().collect();
    let program = Program::of(&words);
    if let Some(status) = shell_completion::answer(program, &words) {
        return status;
    }
    match understood(program, words) {
        Ok((arguments, configuration)) => perform(&arguments, configuration),
        Err(error) => {
            output::complain(&format!("error: {error}"));
            if let Some(hint) = suggestions(&error) {
                output::complain(&hint);
            }
            if matches!(error.kind(), ErrorKind::Usage(_)) {
                output::complain(&format!("Try '{} --help' for more information.", program.name()));
            }
            1
        }
    }
}

/// What the command line means. What is odd about the configuration is told also if the command line is wrong.
fn understood(program: Program, words: Vec<OsString>) -> nivis::Result<(Arguments, Configuration)> {
    let mut configuration = Configuration::of_environment(program)?;
    let arguments = Arguments::parse(program, words);
    let applied = arguments.and_then(|arguments| configuration.apply(&arguments).map(|()| arguments));
    last_words::speak(configuration.errors.format);
    for warning in configuration.warnings.iter().filter(|_| configuration.errors.warns) {
        output::complain(&format!("warning: {warning}"));
    }
    let mut arguments = applied?;
    arguments.keeps_values = configuration.keeps_values && configuration.keeps_files;
    needed_folder(&arguments)?;
    flake::names::configure(&arguments, &mut configuration)?;
    Ok((arguments, configuration))
}

/// Makes sure that there is a current folder, unless nothing starts there.
///
/// # Errors
/// If it was deleted.
fn needed_folder(arguments: &Arguments) -> nivis::Result<()> {
    let only_tells = matches!(
        arguments.task,
        Task::Help | Task::Version | Task::Explain | Task::Cache | Task::Completions | Task::Manual
    );
    let files = !arguments.expressions && arguments.inputs.iter().all(|input| input.starts_with(b"/"));
    let by_path = matches!(arguments.task, Task::Evaluate | Task::Instantiate | Task::Parse) && files;
    if only_tells || (by_path && !arguments.inputs.is_empty()) {
        return Ok(());
    }
    let failed = |error| ErrorKind::Io(format!("cannot get cwd: {}", output::reason(&error)));
    std::env::current_dir().map(drop).map_err(|error| failed(error).into())
}

/// `Did you mean …?`
fn suggestions(error: &nivis::Error) -> Option<String> {
    let names: Vec<&[u8]> = error.suggestions().iter().map(String::as_bytes).collect();
    nivis::codec::levenshtein::hint(&names, |name| String::from_utf8_lossy(name).into_owned())
}

fn perform(arguments: &Arguments, configuration: Configuration) -> i32 {
    match arguments.task {
        Task::Help => output::print_or_fail(help::text(arguments.program, arguments.command).as_bytes()),
        Task::Version => output::print_or_fail(help::version(arguments.program).as_bytes()),
        Task::Repl => terminal::run(arguments, configuration),
        Task::Eval => work::run(arguments, configuration, one_value::perform),
        Task::Completions => work::run(arguments, configuration, |_, arguments| shell::completions(arguments)),
        Task::Manual => work::run(arguments, configuration, |_, arguments| shell::manual(arguments)),
        Task::Explain => work::run(arguments, configuration, |_, arguments| explain::perform(arguments)),
        Task::Cache => work::run(arguments, configuration, |_, arguments| cache::perform(arguments)),
        Task::Jobs => jobs::run(arguments, configuration),
        Task::Flake => {
            let errors = configuration.errors;
            work::run(arguments, configuration, |engine, arguments| flake::perform(engine, arguments, errors))
        }
        Task::Evaluate | Task::Instantiate | Task::Parse | Task::FindFile => {
            work::run(arguments, configuration, run::perform)
        }
    }
}

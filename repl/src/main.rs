//! The program `nivis`: a REPL for the Nix language, and a drop-in for `nix-instantiate`.
//!
//! ```text
//! words ──command_line──▶ Arguments ──config──▶ Configuration ──tasks──▶ values, or derivations' paths, on stdout
//!                                                      └──prompt──▶ replies, shown by the terminal
//! ```
//!
//! Its rooms, in order; each imports only rooms above it in this list, and `main.rs` joins them:
//!
//! - `output`: standard output and standard error, styles, progress, messages of evaluations
//! - `command_line`: words → `Arguments`
//! - `config`: files, environment and `Arguments` → `Configuration`
//! - `tasks`: commands that run once
//! - `prompt`: the REPL
//!
//! It uses only what the library `nivis` makes public. Values go to standard output, everything else to standard error.

// As a fuzz target, the program has the main function of libFuzzer.
#![cfg_attr(fuzzing, no_main, allow(dead_code))]

mod command_line;
mod config;
mod output;
mod prompt;
mod tasks;

use command_line::args::{Action, Arguments, Task};
use command_line::help;
use command_line::options::{BuildOptions, ClassicOptions, RunOptions};
use command_line::program::Program;
use config::settings::Configuration;
use nivis::{Engine, Error, ErrorKind};
use output::{last_words, stdio};
use prompt::terminal;
use std::ffi::OsString;
use tasks::build::Reporting;
use tasks::launch::Launched;
use tasks::outcome::Outcome;
use tasks::{
    build, cache, classic, eval, explain, flake, jobs, launch, log, nix_build, profile, shell, shell_completion, store,
    work,
};

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
    let asked = cache::asked_why(&words);
    match understood_or_profiled(program, asked.clone().unwrap_or(words)) {
        Ok((arguments, configuration)) => match asked {
            Some(command) => cache::why(&arguments, &configuration, &command[1..]),
            None => perform(&arguments, configuration),
        },
        Err(error) => {
            print_misunderstanding(program, &error);
            1
        }
    }
}

fn print_misunderstanding(program: Program, error: &Error) {
    stdio::eprint_line(&format!("error: {error}"));
    if let Some(hint) = suggestions(error) {
        stdio::eprint_line(&hint);
    }
    if matches!(error.kind(), ErrorKind::Usage(_)) {
        stdio::eprint_line(&format!("Try '{} --help' for more information.", program.name()));
    }
}

/// The same for the command after `profile`.
fn understood_or_profiled(program: Program, words: Vec<OsString>) -> nivis::Result<(Arguments, Configuration)> {
    let Some((words, profiling)) = profile::asked(program, &words)? else { return understood(program, words) };
    let (arguments, mut configuration) = understood(program, words)?;
    configuration.set_profiling(profiling);
    Ok((arguments, configuration))
}

/// Parses the command line. Warnings about the configuration are shown even if the command line is wrong.
fn understood(program: Program, words: Vec<OsString>) -> nivis::Result<(Arguments, Configuration)> {
    let mut configuration = Configuration::of_environment(program)?;
    let arguments = Arguments::parse(program, words);
    let applied = arguments.and_then(|arguments| configuration.apply(&arguments).map(|()| arguments));
    last_words::speak(configuration.errors.format);
    for warning in configuration.warnings.iter().filter(|_| configuration.errors.warns) {
        stdio::eprint_warning(warning);
    }
    let mut arguments = applied?;
    arguments.common.keeps_values = configuration.keeps_values && configuration.keeps_files;
    needed_folder(&arguments)?;
    flake::names::configure(&arguments, &mut configuration)?;
    Ok((arguments, configuration))
}

/// Makes sure that the current folder exists, unless nothing starts there.
///
/// # Errors
/// If it was deleted.
fn needed_folder(arguments: &Arguments) -> nivis::Result<()> {
    let only_tells = matches!(
        arguments.task,
        Task::Help | Task::Version | Task::Explain | Task::Cache | Task::Profile | Task::Completions | Task::Manual
    );
    let files = !arguments.common.expressions && arguments.common.inputs.iter().all(|input| input.starts_with(b"/"));
    let by_path = matches!(&arguments.task, Task::Classic(action, _) if *action != Action::FindFile) && files;
    if only_tells || (by_path && !arguments.common.inputs.is_empty()) {
        return Ok(());
    }
    let failed = |error| ErrorKind::Io(format!("cannot get cwd: {}", stdio::reason(&error)));
    std::env::current_dir().map(drop).map_err(|error| failed(error).into())
}

/// `Did you mean …?`
fn suggestions(error: &Error) -> Option<String> {
    let names: Vec<&[u8]> = error.suggestions().iter().map(String::as_bytes).collect();
    nivis::codec::levenshtein::hint(&names, |name| String::from_utf8_lossy(name).into_owned())
}

fn perform(arguments: &Arguments, configuration: Configuration) -> i32 {
    match &arguments.task {
        Task::Help => stdio::print_or_fail(help::text(arguments.program, arguments.command).as_bytes()),
        Task::Version => stdio::print_or_fail(help::version(arguments.program).as_bytes()),
        Task::Repl(options) => terminal::run(arguments, options, configuration),
        Task::Eval(options) => {
            once(arguments, configuration, |engine, arguments| eval::perform(engine, arguments, options))
        }
        Task::Build(options) => {
            let reporting = Reporting::of(arguments, &configuration);
            once(arguments, configuration, |engine, arguments| build::perform(engine, arguments, options, reporting))
        }
        Task::NixBuild(classic, options) => {
            let reporting = Reporting::of(arguments, &configuration);
            once(arguments, configuration, |engine, arguments| {
                nix_build::perform(engine, arguments, classic, options, reporting)
            })
        }
        Task::Run(options) => {
            launched(arguments, configuration, |engine, reporting| launch::run(engine, arguments, options, reporting))
        }
        Task::Shell(options) => {
            launched(arguments, configuration, |engine, reporting| launch::shell(engine, arguments, options, reporting))
        }
        Task::Develop(options) => develop(arguments, options, configuration),
        Task::PrintDevEnv(options) => {
            let reporting = Reporting::of(arguments, &configuration);
            once(arguments, configuration, |engine, arguments| {
                launch::print_dev_env(engine, arguments, options, reporting)
            })
        }
        Task::NixShell(classic, build, options) => nix_shell(arguments, (classic, build, options), configuration),
        Task::Store(options) => {
            once(arguments, configuration, |engine, arguments| store::perform(engine, arguments, options))
        }
        Task::Log(source) => {
            once(arguments, configuration, |engine, arguments| log::perform(engine, arguments, source))
        }
        Task::Completions => once(arguments, configuration, |_, arguments| shell::completions(arguments)),
        Task::Manual => once(arguments, configuration, |_, arguments| shell::manual(arguments)),
        Task::Explain => once(arguments, configuration, |_, arguments| explain::perform(arguments)),
        Task::Cache => once(arguments, configuration, |_, arguments| cache::perform(arguments)),
        Task::Profile => once(arguments, configuration, |_, _| Err(profile::needs_command().into())),
        Task::Jobs(options) => jobs::run(arguments, options, configuration),
        Task::Flake(options) => {
            let told = configuration.clone();
            once(arguments, configuration, |engine, arguments| flake::perform(engine, arguments, options, &told))
        }
        Task::Classic(action, options) => {
            once(arguments, configuration, |engine, arguments| classic::perform(engine, arguments, *action, options))
        }
    }
}

fn develop(arguments: &Arguments, options: &RunOptions, configuration: Configuration) -> i32 {
    let prompt = configuration.bash_prompt.clone();
    launched(arguments, configuration, |engine, reporting| {
        launch::develop(engine, arguments, options, &prompt, reporting)
    })
}

fn nix_shell(
    arguments: &Arguments,
    options: (&ClassicOptions, &BuildOptions, &RunOptions),
    configuration: Configuration,
) -> i32 {
    let habits = configuration.nix_shell;
    launched(arguments, configuration, |engine, reporting| {
        launch::nix_shell(engine, arguments, options, habits, reporting)
    })
}

/// Does a task, and starts the program that it leads to.
fn launched(
    arguments: &Arguments,
    configuration: Configuration,
    task: impl FnOnce(&mut Engine, Reporting) -> Launched,
) -> i32 {
    let reporting = Reporting::of(arguments, &configuration);
    let mut found = None;
    let status = once(arguments, configuration, |engine, _| {
        found = task(engine, reporting)?;
        Ok(())
    });
    match found {
        Some(launch) if status == 0 => launch.start(),
        _ => status,
    }
}

/// Does a task that can be debugged.
fn once(
    arguments: &Arguments,
    configuration: Configuration,
    task: impl FnOnce(&mut Engine, &Arguments) -> Outcome,
) -> i32 {
    work::run(arguments, configuration, terminal::attach, task)
}

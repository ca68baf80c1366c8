//! `nivis flake …`: the commands about flakes. Nothing is built.

mod archive;
mod check;
mod clone;
pub(crate) mod command;
mod git;
mod incremental;
mod init;
pub(crate) mod installable;
mod lists;
mod metadata;
pub(crate) mod names;
mod nix_config;
pub(crate) mod options;
mod prefetch;
mod show;
mod verbosity;

use crate::command_line::args::Arguments;
use crate::command_line::command::Command;
use crate::command_line::options::FlakeOptions;
use crate::command_line::words::{lossy, usage};
use crate::config::settings::Configuration;
use crate::tasks::outcome::{Failure, Outcome};
pub(crate) use command::json_text;
use command::{locked, reference};
use nivis::flake::{LockOptions, lock};
use nivis::{Engine, Error, Eval};
use options::{Locking, input_path};
use std::collections::BTreeSet;
use verbosity::Verbosity;

/// Does what the command says.
///
/// # Errors
/// Fails on errors of the flake, and on flags that contradict each other.
pub(crate) fn perform(
    engine: &mut Engine,
    arguments: &Arguments,
    options: &FlakeOptions,
    configuration: &Configuration,
) -> Outcome {
    let errors = configuration.errors;
    engine.enter(|cx| match arguments.command {
        Command::FlakeArchive => {
            let locked = locked(cx, arguments, |_| {})?;
            archive::perform(cx, &locked, arguments, options, configuration)
        }
        Command::FlakePrefetchInputs => {
            let locked = locked(cx, arguments, |_| {})?;
            archive::prefetch(cx, &locked, errors)
        }
        Command::FlakeClone => clone::perform(cx, arguments, options),
        Command::FlakeCheck => check::perform(cx, arguments, options, configuration),
        Command::FlakeInit | Command::FlakeNew => init::perform(cx, arguments, options),
        Command::FlakeLock => Ok(locked(cx, arguments, Locking::write).map(|_| ())?),
        Command::FlakeMetadata => {
            let locked = locked(cx, arguments, |_| {})?;
            metadata::print(cx, &locked, arguments, Verbosity::of(arguments, errors))
        }
        Command::FlakePrefetch => prefetch::perform(cx, arguments, options),
        Command::FlakeShow => show::perform(cx, arguments, options, configuration),
        Command::FlakeUpdate => update(cx, arguments),
        _ => Err(Failure::from(usage(format!("'{}' is not a flake command", arguments.command.name())))),
    })
}

fn update(cx: &mut Eval<'_>, arguments: &Arguments) -> Outcome {
    let mut inputs = BTreeSet::new();
    for word in &arguments.common.inputs {
        let word = lossy(Some(word.clone()));
        let path = input_path(&word).map_err(|error| {
            let advice = format!("To update a specific flake, use 'nix flake update --flake {word}' instead.");
            cx.warn(&Error::eval(format!("Invalid flake input '{word}'. {advice}")));
            Error::eval(error.to_string())
        })?;
        if !inputs.insert(path) {
            let problem = "was specified multiple times. You may have done this by accident.";
            cx.warn(&Error::eval(format!("Input '{word}' {problem}")));
        }
    }
    let reference = reference(cx, arguments.common.flakes.flake.as_deref())?;
    let mut locking = Locking::of(cx, arguments)?;
    locking.update(inputs);
    lock(cx, &reference, &LockOptions { on_flake: Some(&nix_config::tell), ..locking.options() })?;
    Ok(())
}

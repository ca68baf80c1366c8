//! `nivis flake …`: what there is to do about flakes. Nothing is built.

mod check;
mod git;
mod init;
pub(crate) mod installable;
pub(crate) mod kept_values;
mod lists;
mod metadata;
pub(crate) mod names;
pub(crate) mod options;
mod prefetch;
mod show;
mod telling;
mod wishes;

use crate::command_line::args::{Arguments, Command, Format, lossy, usage};
use crate::output::stdio;
use crate::output::style::ErrorStyle;
use crate::tasks::work::{Failure, Outcome};
use nivis::flake::{FlakeRef, LockOptions, LockedFlake, Wanted, find_flake, lock};
use nivis::{Engine, Error, Eval, Result};
use options::{Locking, input_path};
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::io::{self, IsTerminal};
use telling::Telling;

/// Does what the command says.
///
/// # Errors
/// Those of the flake, and of flags that don't go together.
pub(crate) fn perform(engine: &mut Engine, arguments: &Arguments, errors: ErrorStyle) -> Outcome {
    engine.enter(|cx| match arguments.command {
        Command::FlakeCheck => check::perform(cx, arguments, errors),
        Command::FlakeInit | Command::FlakeNew => init::perform(cx, arguments),
        Command::FlakeLock => Ok(locked(cx, arguments, Locking::write).map(|_| ())?),
        Command::FlakeMetadata => {
            let locked = locked(cx, arguments, |_| {})?;
            metadata::print(cx, &locked, arguments, Telling::of(arguments, errors))
        }
        Command::FlakePrefetch => prefetch::perform(cx, arguments),
        Command::FlakeShow => show::perform(cx, arguments, errors),
        Command::FlakeUpdate => update(cx, arguments),
        _ => Err(Failure::from(usage(format!("'{}' is not a flake command", arguments.command.name())))),
    })
}

/// The flake that the command line names, or that of this folder.
fn reference(cx: &Eval<'_>, word: Option<&[u8]>) -> Result<FlakeRef> {
    whole_flake(cx, word.unwrap_or(b"."), Wanted::default())
}

/// The flake that a word names. It must be all of it.
pub(crate) fn whole_flake(cx: &Eval<'_>, word: &[u8], wanted: Wanted) -> Result<FlakeRef> {
    let (reference, fragment) = find_flake(cx, word, &cx.io().current_dir(), wanted)?;
    if fragment.is_empty() {
        return Ok(reference);
    }
    let (word, fragment) = (lossy(Some(word.to_vec())), lossy(Some(fragment)));
    Err(Error::eval(format!("unexpected fragment '{fragment}' in flake reference '{word}'")))
}

/// The error with advice, if a lock file is missing where none is written.
pub(crate) fn advised_to_lock(error: Error, reference: &str) -> Error {
    let text = error.to_string();
    let reasons = ["'--no-update-lock-file'", "cannot update unlocked flake input"];
    if !reasons.iter().any(|reason| text.contains(reason)) {
        return error;
    }
    error.noted(format!("the lock file is not written here; `nivis flake lock {reference}` writes it"))
}

/// The only word of a command line, if there is one.
fn only_word(arguments: &Arguments) -> Result<Option<&[u8]>> {
    match &arguments.inputs[..] {
        [] => Ok(None),
        [word] => Ok(Some(word)),
        [_, more, ..] => Err(usage(format!("unexpected argument '{}'", lossy(Some(more.clone()))))),
    }
}

/// The flake of the command line, locked.
fn locked(cx: &mut Eval<'_>, arguments: &Arguments, adjust: impl FnOnce(&mut Locking)) -> Result<LockedFlake> {
    let reference = reference(cx, only_word(arguments)?)?;
    let mut locking = Locking::of(cx, arguments)?;
    adjust(&mut locking);
    let mut options = locking.options();
    if matches!(arguments.command, Command::FlakeCheck | Command::FlakeLock) {
        options.on_flake = Some(&wishes::tell);
    }
    lock(cx, &reference, &options)
}

fn update(cx: &mut Eval<'_>, arguments: &Arguments) -> Outcome {
    let mut inputs = BTreeSet::new();
    for word in &arguments.inputs {
        let word = lossy(Some(word.clone()));
        let path = input_path(&word).inspect_err(|_| {
            let advice = format!("To update a specific flake, use 'nix flake update --flake {word}' instead.");
            cx.warn(&Error::eval(format!("Invalid flake input '{word}'. {advice}")));
        })?;
        if !inputs.insert(path) {
            let problem = "was specified multiple times. You may have done this by accident.";
            cx.warn(&Error::eval(format!("Input '{word}' {problem}")));
        }
    }
    let reference = reference(cx, arguments.flakes.flake.as_deref())?;
    let mut locking = Locking::of(cx, arguments)?;
    locking.update(inputs);
    lock(cx, &reference, &LockOptions { on_flake: Some(&wishes::tell), ..locking.options() })?;
    Ok(())
}

/// JSON as commands print it: over several lines at a terminal.
fn json_text(json: &Json, arguments: &Arguments) -> Vec<u8> {
    let is_pretty = arguments.eval.pretty.unwrap_or_else(|| io::stdout().is_terminal());
    let text = if is_pretty { format!("{json:#}\n") } else { format!("{json}\n") };
    text.into_bytes()
}

/// Prints JSON if that is asked for, else says something on standard error.
fn tell(arguments: &Arguments, json: &Json, text: &str) -> Outcome {
    if arguments.format == Format::Json {
        return Ok(stdio::print(&json_text(json, arguments))?);
    }
    stdio::complain(text);
    Ok(())
}

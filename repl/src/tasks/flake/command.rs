//! The common part of the commands about flakes: the locked flake that the command line names, and how they print.

use super::nix_config;
use super::options::Locking;
use crate::command_line::args::Arguments;
use crate::command_line::command::Command;
use crate::command_line::options::Format;
use crate::command_line::words::{lossy, usage};
use crate::output::stdio;
use crate::tasks::outcome::Outcome;
use nivis::flake::{LockedFlake, Wanted, find_flake, lock};
use nivis::flake_ref::FlakeRef;
use nivis::{Error, Eval, Result};
use serde_json::Value as Json;
use std::io::{self, IsTerminal};

/// The flake that the command line names, or that of this folder.
pub(super) fn reference(cx: &Eval<'_>, word: Option<&[u8]>) -> Result<FlakeRef> {
    whole_flake(cx, word.unwrap_or(b"."), Wanted::default())
}

/// The flake that a word names. The word must not name a part of it.
pub(crate) fn whole_flake(cx: &Eval<'_>, word: &[u8], wanted: Wanted) -> Result<FlakeRef> {
    let (reference, fragment) = find_flake(cx, word, &cx.io().current_dir(), wanted)?;
    if fragment.is_empty() {
        return Ok(reference);
    }
    let (word, fragment) = (lossy(Some(word.to_vec())), lossy(Some(fragment)));
    Err(Error::eval(format!("unexpected fragment '{fragment}' in flake reference '{word}'")))
}

/// The advice where a lock file would have to change and none is written.
pub(crate) fn lock_advice(reference: &str) -> String {
    format!("the lock file is not written here; `nivis flake lock {reference}` writes it")
}

/// The only word of a command line, if there is one.
pub(super) fn only_word(arguments: &Arguments) -> Result<Option<&[u8]>> {
    match &arguments.common.inputs[..] {
        [] => Ok(None),
        [word] => Ok(Some(word)),
        [_, more, ..] => Err(usage(format!("unexpected argument '{}'", lossy(Some(more.clone()))))),
    }
}

/// The flake of the command line, locked.
pub(super) fn locked(
    cx: &mut Eval<'_>,
    arguments: &Arguments,
    adjust: impl FnOnce(&mut Locking),
) -> Result<LockedFlake> {
    let reference = reference(cx, only_word(arguments)?)?;
    let mut locking = Locking::of(cx, arguments)?;
    adjust(&mut locking);
    let mut options = locking.options();
    if matches!(arguments.command, Command::FlakeCheck | Command::FlakeLock) {
        options.on_flake = Some(&nix_config::tell);
    }
    lock(cx, &reference, &options)
}

/// JSON as commands print it: over several lines at a terminal.
pub(crate) fn json_text(json: &Json, arguments: &Arguments) -> Vec<u8> {
    let is_pretty = arguments.common.pretty.unwrap_or_else(|| io::stdout().is_terminal());
    let text = if is_pretty { format!("{json:#}\n") } else { format!("{json}\n") };
    text.into_bytes()
}

/// Prints JSON if `--json` was given, else a message on standard error.
pub(super) fn tell(arguments: &Arguments, json: &Json, text: &str) -> Outcome {
    if arguments.common.format == Format::Json {
        return Ok(stdio::print(&json_text(json, arguments))?);
    }
    stdio::eprint_line(text);
    Ok(())
}

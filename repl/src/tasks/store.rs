//! Commands about the store: what is in it, and what it knows.

mod add;
mod archive;
mod files;
mod path_info;
mod show_derivation;

use crate::command_line::args::Arguments;
use crate::command_line::command::Command;
use crate::command_line::options::StoreOptions;
use crate::command_line::words::usage;
use crate::tasks::automatic::auto_arguments;
use crate::tasks::build::targets;
use crate::tasks::outcome::{Failure, Outcome};
use nivis::codec::lossy;
use nivis::eval::AutoArguments;
use nivis::store::daemon::types::DerivedPath;
use nivis::{Engine, Eval, Result};
use serde_json::Value as Json;

/// Does what the command says.
///
/// # Errors
/// Fails if something can't be evaluated, found or written.
pub(crate) fn perform(engine: &mut Engine, arguments: &Arguments, options: &StoreOptions) -> Outcome {
    let automatic = auto_arguments(engine, &arguments.common.automatic)?;
    engine.enter(|cx| match arguments.command {
        Command::DerivationShow => show_derivation::perform(cx, arguments, options, &automatic),
        Command::PathInfo => path_info::perform(cx, arguments, options, &automatic),
        Command::StoreAdd => add::perform(cx, only_word(arguments)?, options),
        Command::StoreCat => files::cat(cx, only_word(arguments)?),
        Command::StoreLs => files::list(cx, only_word(arguments)?, arguments, options),
        Command::StoreDumpPath => {
            let targets = targets_of(cx, arguments, options, &automatic)?;
            archive::dump(cx, &targets)
        }
        Command::NarPack => archive::pack(cx, only_word(arguments)?),
        _ => Err(Failure::from(usage(format!("'{}' is not a store command", arguments.command.name())))),
    })
}

/// The meaning of the words.
fn targets_of(
    cx: &mut Eval<'_>,
    arguments: &Arguments,
    options: &StoreOptions,
    automatic: &AutoArguments,
) -> Result<Vec<DerivedPath>> {
    targets::of(cx, arguments, &options.source, automatic)
}

fn only_word(arguments: &Arguments) -> Result<&[u8]> {
    match &arguments.common.inputs[..] {
        [word] => Ok(word),
        [] => Err(usage("'path' is not given")),
        [_, more, ..] => Err(usage(format!("unexpected argument '{}'", lossy(more)))),
    }
}

/// The name of an entry, digits included.
fn base_name(path: &[u8]) -> String {
    lossy(path.rsplit(|&byte| byte == b'/').next().unwrap_or_default())
}

fn text(bytes: &[u8]) -> Json {
    Json::String(lossy(bytes))
}

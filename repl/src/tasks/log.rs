//! `log`: the log of a build that this machine has kept.

use crate::command_line::args::Arguments;
use crate::command_line::options::Source;
use crate::command_line::words::usage;
use crate::output::stdio;
use crate::output::style::can_redraw;
use crate::tasks::automatic::auto_arguments;
use crate::tasks::build::targets;
use crate::tasks::outcome::Outcome;
use nivis::codec::lossy;
use nivis::codec::terminal::shown_text;
use nivis::store::daemon::log;
use nivis::store::daemon::types::DerivedPath;
use nivis::store::path::{DERIVATION_SUFFIX, StorePath};
use nivis::{Engine, ErrorKind, Eval, Result};
use std::path::PathBuf;
use std::{env, io};

/// The folder of Nix's logs on this machine, unless `NIX_LOG_DIR` is set.
const FOLDER: &str = "/nix/var/log/nix";

/// Prints the log of what the command line names.
///
/// # Errors
/// Fails if it can't be evaluated, or if there is no log.
pub(crate) fn perform(engine: &mut Engine, arguments: &Arguments, source: &Source) -> Outcome {
    let automatic = auto_arguments(engine, &arguments.common.automatic)?;
    engine.enter(|cx| {
        let words = &arguments.common.inputs;
        if let [_, more, ..] = &words[..] {
            return Err(usage(format!("unexpected argument '{}'", lossy(more))).into());
        }
        let target = match &targets::of(cx, arguments, source, &automatic)?[..] {
            [target] => target.clone(),
            targets => {
                let count = targets.len();
                let text = format!("argument evaluates to {count} derivations, and one is needed");
                return Err(nivis::Error::eval(text).into());
            }
        };
        let text = read(&derivation(cx, &target)?)?;
        // Logs are data: at a terminal, they must not control it.
        let shown = can_redraw(&io::stdout()).then(|| shown_text(&lossy(&text), true).into_bytes());
        Ok(stdio::print(&shown.unwrap_or(text))?)
    })
}

/// The derivation of a target: itself, or the one that an entry was built from.
///
/// # Errors
/// Fails if it is not known.
pub(crate) fn derivation(cx: &Eval<'_>, target: &DerivedPath) -> Result<StorePath> {
    let path = target.base();
    if path.ends_with(DERIVATION_SUFFIX) {
        return Ok(path.clone());
    }
    let deriver = cx.entry_info(path)?.and_then(|info| info.deriver);
    deriver.ok_or_else(|| missing(path))
}

/// The log of a derivation's last build.
///
/// # Errors
/// Fails if this machine has none.
pub(crate) fn read(derivation: &[u8]) -> Result<Vec<u8>> {
    let folder = env::var_os("NIX_LOG_DIR").map_or_else(|| FOLDER.into(), PathBuf::from);
    log::read(&folder, derivation)?.ok_or_else(|| missing(derivation))
}

#[cold]
fn missing(path: &[u8]) -> nivis::Error {
    ErrorKind::Store(format!("build log of '{}' is not available", lossy(path))).into()
}

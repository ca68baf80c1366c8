//! `store dump-path` and `nar pack`: files and folders as archives.

use crate::command_line::words::usage;
use crate::output::stdio;
use crate::tasks::build::entries;
use crate::tasks::outcome::{Failure, Outcome};
use nivis::codec::lossy;
use nivis::io::SystemIo;
use nivis::store::daemon::types::DerivedPath;
use nivis::store::tree::write_archive;
use nivis::{Error, ErrorKind, Eval, Result};
use std::io::{self, IsTerminal};

/// Prints an entry of the store.
///
/// # Errors
/// Fails if there is not one entry, if the store lacks it, or if the output is a terminal.
pub(super) fn dump(cx: &Eval<'_>, targets: &[DerivedPath]) -> Outcome {
    check_output()?;
    let paths = targets.iter().map(|target| entries(cx, target)).collect::<Result<Vec<_>>>()?.concat();
    let [(_, path)] = &paths[..] else { return Err(usage("this command requires exactly one store path").into()) };
    let invalid = || Error::from(ErrorKind::Store(format!("path '{}' is not valid", lossy(path))));
    print(&cx.stored_at(path).ok_or_else(invalid)?)
}

/// Prints any file or folder.
///
/// # Errors
/// Fails if it can't be read, or if the output is a terminal.
pub(super) fn pack(cx: &Eval<'_>, word: &[u8]) -> Outcome {
    check_output()?;
    print(&cx.absolute(word))
}

/// Archives are bytes that no terminal should get.
fn check_output() -> Result<()> {
    if io::stdout().is_terminal() { Err(usage("refusing to write NAR to a terminal")) } else { Ok(()) }
}

fn print(place: &[u8]) -> Outcome {
    let mut broken = None;
    let written = write_archive(&SystemIo, place, &mut |bytes| {
        stdio::print(bytes).map_err(|error| {
            let text = format!("writing an archive: {}", stdio::reason(&error));
            broken = Some(error);
            ErrorKind::Io(text).into()
        })
    });
    match broken {
        Some(error) => Err(Failure::Output(error)),
        None => Ok(written?),
    }
}

//! `nivis flake …`: what there is to do about flakes.

use crate::args::Arguments;
use crate::work::Outcome;
use nivis::{Engine, ErrorKind};

/// Does what the command says.
///
/// # Errors
/// Those of the flake, and of flags that don't go together.
pub(crate) fn perform(_: &mut Engine, arguments: &Arguments) -> Outcome {
    let text = format!("'{}' is not there yet", arguments.command.name());
    Err(nivis::Error::from(ErrorKind::Unsupported(text)).into())
}

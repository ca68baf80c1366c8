//! From the texts of `--arg` and its kin to the evaluator's [`AutoArguments`].

use crate::command_line::options::Automatic;
use crate::output::stdio::reason;
use nivis::eval::AutoArguments;
use nivis::source::Origin;
use nivis::{Engine, ErrorKind, Result, Root};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// The arguments for automatic calls. Expressions are parsed, but evaluated only when they are needed.
///
/// # Errors
/// Fails on an expression that is not valid, or a file that can't be read.
pub(crate) fn auto_arguments(engine: &mut Engine, arguments: &BTreeMap<String, Automatic>) -> Result<AutoArguments> {
    auto_arguments_in(engine, arguments, None)
}

/// The same. Relative paths start from this directory, or else from the current one.
///
/// # Errors
/// Fails on an expression that is not valid, or a file that can't be read.
pub(crate) fn auto_arguments_in(
    engine: &mut Engine,
    arguments: &BTreeMap<String, Automatic>,
    directory: Option<&[u8]>,
) -> Result<AutoArguments> {
    let mut automatic = AutoArguments::default();
    for (name, source) in arguments {
        automatic.set(name, value(engine, source, directory)?);
    }
    Ok(automatic)
}

fn value(engine: &mut Engine, source: &Automatic, directory: Option<&[u8]>) -> Result<Root> {
    engine.enter(|cx| {
        let value = match (source, directory) {
            (Automatic::Expression(text), Some(directory)) => {
                cx.delay_text_in(directory, text.clone(), Origin::String)?
            }
            (Automatic::Expression(text), None) => cx.delay_text(text.clone(), Origin::String, &[])?,
            (Automatic::Text(text), _) => cx.string(text),
            (Automatic::File(path), _) => {
                let place = directory.map(|directory| Path::new(OsStr::from_bytes(directory)));
                cx.string(contents(&place.unwrap_or(Path::new("")).join(OsStr::from_bytes(path)))?)
            }
            (Automatic::Stdin, _) => cx.string(standard_input()?),
        };
        Ok(cx.keep(value))
    })
}

/// The contents of a file that the command line names. Restrictions are for programs.
fn contents(file: &Path) -> Result<Vec<u8>> {
    let failed = |error| format!("opening file \"{}\": {}", file.display(), reason(&error));
    std::fs::read(file).map_err(|error| ErrorKind::Io(failed(error)).into())
}

/// All of standard input.
///
/// # Errors
/// Fails if standard input can't be read.
pub(crate) fn standard_input() -> Result<Vec<u8>> {
    let mut text = Vec::new();
    let read = std::io::stdin().lock().read_to_end(&mut text);
    read.map_err(|error| ErrorKind::Io(format!("reading standard input: {error}")))?;
    Ok(text)
}

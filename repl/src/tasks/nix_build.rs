//! `nix-build`: the derivations of files and expressions, built by the store, linked, and their outputs printed.

use crate::command_line::args::Arguments;
use crate::command_line::options::{BuildOptions, ClassicOptions, Common};
use crate::output::stdio;
use crate::tasks::automatic::auto_arguments;
use crate::tasks::build::targets::followed;
use crate::tasks::build::{MAIN_OUTPUT, Reporting, built, check_builder, mode, plan};
use crate::tasks::classic::{inputs, load};
use crate::tasks::instantiate::{derivation_path, derivations, output_name};
use crate::tasks::outcome::Outcome;
use nivis::codec::lossy;
use nivis::eval::AutoArguments;
use nivis::store::daemon::types::{DerivedPath, Outputs};
use nivis::store::path::{DERIVATION_SUFFIX, StorePath, entry};
use nivis::{Engine, Error, Eval, Result};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// A derivation, and the output of it that is meant.
type Wanted = (StorePath, Box<[u8]>);

/// Does what `nix-build` asks for.
///
/// # Errors
/// Fails if there is nothing that builds, if something can't be evaluated or built, or if a link can't be made.
pub(crate) fn perform(
    engine: &mut Engine,
    arguments: &Arguments,
    classic: &ClassicOptions,
    options: &BuildOptions,
    reporting: Reporting,
) -> Outcome {
    let automatic = auto_arguments(engine, &arguments.common.automatic)?;
    engine.enter(|cx| {
        check_builder(cx)?;
        let wanted = wanted(cx, &arguments.common, classic, &automatic)?;
        let targets: Vec<DerivedPath> = wanted.iter().map(target).collect();
        plan::tell_if_wanted(cx, arguments, &targets)?;
        if options.dry_run {
            return Ok(());
        }
        built(cx, &targets, mode(options), reporting)?;
        let paths = wanted.iter().map(|wanted| path_of(cx, wanted)).collect::<Result<Vec<_>>>()?;
        if let Some(name) = &options.out_link {
            link(cx, name, &wanted, &paths)?;
        }
        for path in paths {
            stdio::print(&[&path[..], b"\n"].concat())?;
        }
        Ok(())
    })
}

/// The things that the command line names, in its order.
fn wanted(
    cx: &mut Eval<'_>,
    common: &Common,
    classic: &ClassicOptions,
    automatic: &AutoArguments,
) -> Result<Vec<Wanted>> {
    let (mut stored, mut found) = (Vec::new(), Vec::new());
    // A program on standard input is the only one.
    for input in inputs(common, classic, b".").into_iter().take(if classic.stdin { 1 } else { usize::MAX }) {
        if let Some(wanted) = input.file().map(|word| in_store(cx, word)).transpose()?.flatten() {
            stored.push(wanted);
            continue;
        }
        let root = load(cx, &input)?;
        for path in &classic.paths {
            let value = cx.select_path(root, path, automatic)?;
            let value = cx.force(value)?;
            found.extend(derivations(cx, value, automatic)?);
        }
    }
    for derivation in found {
        let path = derivation_path(cx, derivation)?;
        let output = output_name(cx, derivation, &path)?;
        stored.push((path.into(), output.into()));
    }
    Ok(stored)
}

/// The derivation that a path in the store names, with `!OUTPUT` after it or not.
///
/// # Errors
/// Fails if the derivation has no such output.
pub(crate) fn in_store(cx: &Eval<'_>, word: &[u8]) -> Result<Option<Wanted>> {
    // A link leads to a derivation, without an output.
    let path = followed(cx, word).map_or_else(|| cx.absolute(word), Vec::from);
    let (path, output) = match path.iter().position(|&byte| byte == b'!') {
        Some(at) => (&path[..at], Some(&path[at + 1..])),
        None => (&path[..], None),
    };
    let is_entry = entry(&cx.settings().store_dir, path).is_ok_and(|entry| entry == path);
    if !is_entry || !path.ends_with(DERIVATION_SUFFIX) {
        return Ok(None);
    }
    let output = output.unwrap_or(MAIN_OUTPUT);
    if output.contains(&b',') {
        let shown = lossy(word);
        return Err(Error::eval(format!("building more than one derivation output is not supported, in '{shown}'")));
    }
    if !cx.outputs_of(path)?.iter().any(|(name, _)| **name == *output) {
        let (path, output) = (lossy(path), lossy(output));
        return Err(Error::eval(format!("derivation '{path}' does not have output '{output}'")));
    }
    Ok(Some((path.into(), output.into())))
}

fn target((derivation, output): &Wanted) -> DerivedPath {
    DerivedPath::Built { derivation: derivation.clone(), outputs: Outputs::Named(vec![output.clone()]) }
}

/// The path of an output that was built.
fn path_of(cx: &Eval<'_>, (derivation, output): &Wanted) -> Result<StorePath> {
    let known = cx.outputs_of(derivation)?.into_iter().find(|(name, _)| name == output);
    known.and_then(|(_, path)| path).ok_or_else(|| {
        let (derivation, output) = (lossy(derivation), lossy(output));
        Error::eval(format!("derivation '{derivation}' does not have output '{output}'"))
    })
}

/// Links the outputs: those of the first derivation as `NAME` and `NAME-dev`, those of the second as `NAME-2`.
fn link(cx: &Eval<'_>, name: &[u8], wanted: &[Wanted], paths: &[StorePath]) -> Result<()> {
    let mut derivations: Vec<&StorePath> = Vec::new();
    for ((derivation, output), path) in wanted.iter().zip(paths) {
        let index = derivations.iter().position(|known| *known == derivation).unwrap_or_else(|| {
            derivations.push(derivation);
            derivations.len() - 1
        });
        let mut link = name.to_vec();
        if index > 0 {
            link.extend(format!("-{}", index + 1).into_bytes());
        }
        if **output != *MAIN_OUTPUT {
            link.extend([b"-", &output[..]].concat());
        }
        cx.link_entry(path, Path::new(OsStr::from_bytes(&link)))?;
    }
    Ok(())
}

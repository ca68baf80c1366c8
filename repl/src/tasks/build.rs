//! `build`: what installables name, built by the store, linked and printed as `nix build` does.

pub(crate) mod plan;
mod status;
pub(crate) mod targets;

use crate::command_line::args::Arguments;
use crate::command_line::command::Command;
use crate::command_line::options::{BuildOptions, Format};
use crate::config::settings::Configuration;
use crate::output::builds::tells_steps;
use crate::output::stdio::{self, FAILED};
use crate::output::style::ErrorStyle;
use crate::tasks::automatic::auto_arguments;
use crate::tasks::flake::json_text;
use crate::tasks::outcome::{Failure, Outcome};
use nivis::codec::lossy;
use nivis::store::daemon::types::{BuildMode, BuildResult, DerivedPath, Outputs};
use nivis::store::path::StorePath;
use nivis::{Engine, Error, ErrorKind, Eval, Result};
use serde_json::{Map, Value as Json};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::Path;

/// The name of the output that links don't name.
pub(crate) const MAIN_OUTPUT: &[u8] = b"out";

/// The form of reports about failed builds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reporting {
    errors: ErrorStyle,
    /// The status tells what failed, as where C++ Nix builds without a daemon.
    is_direct: bool,
    /// Errors about several builds name their outputs.
    names_outputs: bool,
}

impl Reporting {
    /// Prints an error that ends nothing.
    pub(crate) fn tell(self, cx: &Eval<'_>, error: &Error) {
        stdio::eprint_error(&self.errors.render(error, cx.sources()), error, cx.sources());
    }

    /// The way that is configured.
    pub(crate) fn of(arguments: &Arguments, configuration: &Configuration) -> Self {
        Self {
            errors: configuration.errors,
            is_direct: configuration.store_place.is_direct(),
            names_outputs: arguments.command != Command::NixBuild,
        }
    }
}

/// Does what `build` asks for.
///
/// # Errors
/// Fails if there is nothing that builds, if something can't be evaluated or built, or if a link can't be made.
pub(crate) fn perform(
    engine: &mut Engine,
    arguments: &Arguments,
    options: &BuildOptions,
    reporting: Reporting,
) -> Outcome {
    let automatic = auto_arguments(engine, &arguments.common.automatic)?;
    engine.enter(|cx| {
        check_builder(cx)?;
        let targets = targets::of(cx, arguments, &options.source, &automatic)?;
        if options.dry_run {
            return dry_run(cx, arguments, &targets);
        }
        if tells_steps(arguments.common.verbosity) {
            plan::tell(cx, &targets)?;
        }
        let results = built(cx, &targets, mode(options), reporting)?;
        if arguments.common.format == Format::Json {
            let json = targets.iter().map(|target| Ok(with_times(target_json(cx, target)?, target, &results)));
            stdio::print(&json_text(&json.collect::<Result<Json>>()?, arguments))?;
        }
        if let Some(name) = &options.out_link {
            link(cx, name, &targets)?;
        }
        if options.prints_paths {
            for (_, path) in targets.iter().map(|target| entries(cx, target)).collect::<Result<Vec<_>>>()?.concat() {
                stdio::print(&[&path[..], b"\n"].concat())?;
            }
        }
        Ok(())
    })
}

/// The way of building that the flags ask for.
pub(crate) fn mode(options: &BuildOptions) -> BuildMode {
    match options {
        BuildOptions { repairs: true, .. } => BuildMode::Repair,
        BuildOptions { rebuilds: true, .. } => BuildMode::Check,
        _ => BuildMode::Normal,
    }
}

/// Fails if nothing builds.
///
/// # Errors
/// Fails if the store does not build.
pub(crate) fn check_builder(cx: &Eval<'_>) -> Result<()> {
    if cx.can_build() {
        return Ok(());
    }
    let text = "there is no Nix daemon that builds: install Nix, or name a store with '--store' or NIX_REMOTE, such as \
                'ssh-ng://HOST'; 'nivis instantiate' computes derivations without building them";
    Err(ErrorKind::Unsupported(text.to_owned()).into())
}

fn dry_run(cx: &mut Eval<'_>, arguments: &Arguments, targets: &[DerivedPath]) -> Outcome {
    plan::tell(cx, targets)?;
    if arguments.common.format == Format::Json {
        let json: Json = targets.iter().map(|target| target_json(cx, target)).collect::<Result<_>>()?;
        stdio::print(&json_text(&json, arguments))?;
    }
    Ok(())
}

/// Builds all in one request.
///
/// # Errors
/// Fails if anything fails. If several do, each is reported.
pub(crate) fn built(
    cx: &Eval<'_>,
    targets: &[DerivedPath],
    mode: BuildMode,
    reporting: Reporting,
) -> std::result::Result<Vec<BuildResult>, Failure> {
    let results = cx.build_targets(targets, mode)?;
    let failed: Vec<&BuildResult> = results.iter().filter(|result| !result.status.is_success()).collect();
    let failure = |result: &BuildResult| Error::from(ErrorKind::Store(result.message.clone()));
    let status = if reporting.is_direct { status::of(&failed) } else { FAILED };
    match failed[..] {
        [] => return Ok(results),
        [only] if !only.message.is_empty() => return Err(Failure::Builds(failure(only), status)),
        _ => {}
    }
    for result in failed.iter().filter(|result| !result.message.is_empty()) {
        let error = failure(result);
        reporting.tell(cx, &error);
    }
    let is_failed = |target: &&DerivedPath| failed.iter().any(|result| target.is_named_by(&result.target));
    let name = |target: &DerivedPath| match reporting.names_outputs {
        true => format!("'{}'", target.shown()),
        false => format!("'{}'", lossy(target.base())),
    };
    let names: BTreeSet<_> = targets.iter().filter(is_failed).map(name).collect();
    let names = names.into_iter().collect::<Vec<_>>().join(", ");
    Err(Failure::Builds(ErrorKind::Store(format!("build of {names} failed")).into(), status))
}

/// A path that a target has, and the name of the output if it is one.
pub(crate) type Entry = (Option<Box<[u8]>>, StorePath);

/// The paths that a target has: its outputs, or itself.
pub(crate) fn entries(cx: &Eval<'_>, target: &DerivedPath) -> Result<Vec<Entry>> {
    let DerivedPath::Built { derivation, outputs } = target else { return Ok(vec![(None, target.base().clone())]) };
    let known = outputs_by_name(cx, derivation, outputs)?;
    let known = known.into_iter().filter_map(|(name, path)| Some((Some(name), path?)));
    Ok(known.collect())
}

/// The outputs that are meant, with the paths that are known.
///
/// # Errors
/// Fails if the derivation has no such output, or is not in the store.
fn outputs_by_name(
    cx: &Eval<'_>,
    derivation: &[u8],
    outputs: &Outputs,
) -> Result<BTreeMap<Box<[u8]>, Option<StorePath>>> {
    let mut known: BTreeMap<_, _> = cx.outputs_of(derivation)?.into_iter().collect();
    if let Outputs::Named(names) = outputs
        && let Some(name) = names.iter().find(|name| !known.contains_key(*name))
    {
        let (derivation, name) = (lossy(derivation), lossy(name));
        return Err(Error::eval(format!("derivation '{derivation}' does not have output '{name}'")));
    }
    known.retain(|name, _| outputs.contains(name));
    Ok(known)
}

/// A target as `--json` has it.
fn target_json(cx: &Eval<'_>, target: &DerivedPath) -> Result<Json> {
    let text = |bytes: &[u8]| lossy(bytes);
    let DerivedPath::Built { derivation, outputs } = target else { return Ok(Json::String(text(target.base()))) };
    let known = outputs_by_name(cx, derivation, outputs)?.into_iter();
    let known: Map<String, Json> =
        known.map(|(name, path)| (text(&name), path.map_or(Json::Null, |path| Json::String(text(&path))))).collect();
    Ok(Json::Object(Map::from_iter([
        ("drvPath".to_owned(), derivation_json(cx, derivation)?),
        ("outputs".to_owned(), Json::Object(known)),
    ])))
}

/// The path of a derivation; for one that is the output of another, that output.
fn derivation_json(cx: &Eval<'_>, derivation: &[u8]) -> Result<Json> {
    let Some(caret) = derivation.iter().rposition(|&byte| byte == b'^') else {
        return Ok(Json::String(lossy(derivation)));
    };
    let (creator, output) = (&derivation[..caret], &derivation[caret + 1..]);
    let outputs = Outputs::Named(vec![output.into()]);
    let path = outputs_by_name(cx, creator, &outputs)?.remove(output).flatten();
    Ok(Json::Object(Map::from_iter([
        ("drvPath".to_owned(), derivation_json(cx, creator)?),
        ("output".to_owned(), Json::String(lossy(output))),
        ("outputPath".to_owned(), path.map_or(Json::Null, |path| Json::String(lossy(&path)))),
    ])))
}

/// Adds the times of a build, if they are known.
fn with_times(mut json: Json, target: &DerivedPath, results: &[BuildResult]) -> Json {
    let result = results.iter().find(|result| target.is_named_by(&result.target));
    if let (Some(result), Json::Object(map)) = (result, &mut json) {
        let (start, stop) = result.times;
        let times = [("startTime", start), ("stopTime", stop)].into_iter().filter(|(_, time)| *time > 0);
        map.extend(times.map(|(name, time)| (name.to_owned(), time.into())));
    }
    json
}

/// Links all outputs: `NAME` and `NAME-dev`, then `NAME-1` and so on for further targets.
fn link(cx: &Eval<'_>, name: &[u8], targets: &[DerivedPath]) -> Result<()> {
    for (index, target) in targets.iter().enumerate() {
        let number = if index > 0 { format!("-{index}").into_bytes() } else { Vec::new() };
        for (output, path) in entries(cx, target)? {
            let output = output.filter(|output| **output != *MAIN_OUTPUT);
            let suffix = output.map_or_else(Vec::new, |output| [b"-", &output[..]].concat());
            let link = OsString::from_vec([name, &number, &suffix].concat());
            cx.link_entry(&path, Path::new(&link))?;
        }
    }
    Ok(())
}

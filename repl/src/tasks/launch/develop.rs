//! `develop` and `print-dev-env`: the environment that a build has once it is set up, in a shell or as a program for one.

mod captured;
mod derivation;
mod profile;
mod script;

use super::bash::Shell;
use super::{Launch, Launched, environment, not_written, temporary_folder};
use crate::command_line::args::Arguments;
use crate::command_line::options::{Format, RunOptions};
use crate::command_line::words::usage;
use crate::config::shells::BashPrompt;
use crate::output::stdio;
use crate::tasks::automatic::auto_arguments;
use crate::tasks::build::{Reporting, built, check_builder, entries, targets};
use crate::tasks::eval::program;
use crate::tasks::flake::installable::{DefaultOutputs, Installable};
use crate::tasks::flake::json_text;
use crate::tasks::outcome::{Failure, Outcome};
use captured::Captured;
use nivis::codec::lossy;
use nivis::eval::AutoArguments;
use nivis::flake::LockedFlake;
use nivis::flake_ref::InputAttr;
use nivis::store::daemon::types::{BuildMode, DerivedPath};
use nivis::store::path::StorePath;
use nivis::{Engine, Error, Eval, Result};
use script::Script;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

/// The flake whose bash is used if the installable has no such input.
const NIXPKGS: &str = "nixpkgs";
/// The end of the name of an environment that was built before.
const ENVIRONMENT_SUFFIX: &[u8] = b"-env";

/// Starts bash, or a command in it, in the environment of what the command line names.
///
/// # Errors
/// Fails if there is not one derivation, or something can't be evaluated or built.
pub(crate) fn perform(
    engine: &mut Engine,
    arguments: &Arguments,
    options: &RunOptions,
    prompt: &BashPrompt,
    reporting: Reporting,
) -> Launched {
    if options.phase.is_some() && !options.command.is_empty() {
        return Err(usage("you cannot use both '--command' and '--phase'").into());
    }
    let automatic = auto_arguments(engine, &arguments.common.automatic)?;
    engine.enter(|cx| {
        check_builder(cx)?;
        let mut environment = environment(options)?;
        let meant = Meant::find(cx, arguments, options, &automatic)?;
        let (root, captured) = capture(cx, &meant, options, reporting)?;
        let shell = bash(cx, &meant.nixpkgs, reporting)?;
        let redirects = redirects(cx, arguments, options, &automatic)?;
        let folder = temporary_folder()?;
        let outputs = std::path::absolute("outputs").unwrap_or_else(|_| "outputs".into());
        let mut text = Script { captured: &captured, outputs: &outputs, redirects: &redirects }.text();
        text.extend([b"command rm -rf ", &super::rc::quoted(folder.as_os_str().as_bytes())[..], b"\n"].concat());
        let is_prompt = options.phase.is_none() && options.command.is_empty();
        let text = match is_prompt {
            true => script::for_typing(text, prompt),
            false => [text, script::ending(options)].concat(),
        };
        let text = [text, script::with_shell(&shell)].concat();
        let file = folder.join("rc");
        fs::write(&file, text).map_err(|error| not_written(&file, &error))?;
        // Keeps the environment from collection.
        environment.insert("NIX_GCROOT".into(), OsStr::from_bytes(&root).to_owned());
        environment.insert("SHELL".into(), shell.clone());
        let name = Path::new(&shell).file_name().unwrap_or(OsStr::new("bash")).to_owned();
        let mut arguments: Vec<OsString> = Vec::new();
        arguments.extend(is_prompt.then(|| "--rcfile".into()));
        arguments.push(file.into_os_string());
        let folder = options.phase.is_some().then_some(meant.folder).flatten();
        Ok(Some(Launch { name, arguments, folder, ..Launch::of(shell, environment) }))
    })
}

/// Prints the environment of what the command line names, as a program for bash or as JSON.
///
/// # Errors
/// Fails like [`perform`].
pub(crate) fn print(engine: &mut Engine, arguments: &Arguments, options: &RunOptions, reporting: Reporting) -> Outcome {
    let automatic = auto_arguments(engine, &arguments.common.automatic)?;
    engine.enter(|cx| {
        check_builder(cx)?;
        let meant = Meant::find(cx, arguments, options, &automatic)?;
        let (_, captured) = capture(cx, &meant, options, reporting)?;
        if arguments.common.format == Format::Json {
            return Ok(stdio::print(&json_text(&captured.to_json(), arguments))?);
        }
        let redirects = redirects(cx, arguments, options, &automatic)?;
        let outputs = std::path::absolute("outputs").unwrap_or_else(|_| "outputs".into());
        let script = Script { captured: &captured, outputs: &outputs, redirects: &redirects };
        Ok(stdio::print(&script.text())?)
    })
}

/// The meaning of the command line.
struct Meant {
    target: DerivedPath,
    /// The flake that has bash.
    nixpkgs: String,
    /// The folder of the flake, if it is on this machine.
    folder: Option<PathBuf>,
}

impl Meant {
    fn find(cx: &mut Eval<'_>, arguments: &Arguments, options: &RunOptions, automatic: &AutoArguments) -> Result<Self> {
        let word = match &arguments.common.inputs[..] {
            [] => &b"."[..],
            [word] => word,
            [_, more, ..] => return Err(usage(format!("unexpected argument '{}'", lossy(more)))),
        };
        let alone = |target| Self { target, nixpkgs: NIXPKGS.to_owned(), folder: None };
        if options.source.is_given() {
            let root = program(cx, &options.source)?;
            let mut targets = targets::of_attribute(cx, root, word, automatic)?;
            let count = targets.len();
            return match (targets.pop(), count) {
                (Some(target), 1) => Ok(alone(target)),
                _ => {
                    let word = lossy(word);
                    Err(Error::eval(format!(
                        "'{word}' needs to evaluate to a single derivation, but it evaluated to {count} derivations"
                    )))
                }
            };
        }
        if let Some(target) = targets::stored(cx, word)? {
            return Ok(alone(target));
        }
        let installable = Installable::read(cx, arguments, word, DefaultOutputs::Shells)?;
        let locked = installable.lock(cx, arguments)?;
        let target = targets::of_flake(cx, &installable, &locked, word)?;
        Ok(Self { target, nixpkgs: nixpkgs_of(&locked)?, folder: folder_of(&locked) })
    }
}

/// The packages that a flake is made of.
fn nixpkgs_of(locked: &LockedFlake) -> Result<String> {
    let file = &locked.lock_file;
    let lock = file.find(&[NIXPKGS.to_owned()])?.and_then(|id| file.node(id).lock.as_ref());
    let lock = lock.filter(|lock| lock.is_flake);
    Ok(lock.map_or_else(|| NIXPKGS.to_owned(), |lock| lock.locked.url()))
}

/// The folder that a flake is in, where phases of its build can work.
fn folder_of(locked: &LockedFlake) -> Option<PathBuf> {
    let attrs = &locked.flake.resolved.attrs;
    let text = |name: &[u8]| match attrs.get(name) {
        Some(InputAttr::String(text)) => Some(text.as_slice()),
        _ => None,
    };
    let path = match text(b"type")? {
        b"path" => text(b"path")?,
        b"git" => text(b"url")?.strip_prefix(b"file://")?,
        _ => return None,
    };
    Some(PathBuf::from(OsString::from_vec(path.to_vec())))
}

/// Builds the environment, unless that is what is meant already, and reads it.
fn capture(
    cx: &mut Eval<'_>,
    meant: &Meant,
    options: &RunOptions,
    reporting: Reporting,
) -> std::result::Result<(StorePath, Captured), Failure> {
    let path = match &meant.target {
        DerivedPath::Opaque(path) if path.ends_with(ENVIRONMENT_SUFFIX) => path.clone(),
        target => derivation::built_environment(cx, target, reporting)?,
    };
    if let Some(profile) = &options.profile {
        profile::add(cx, profile, &path)?;
    }
    let unread = || Error::eval(format!("'{}' is not the environment of a build", lossy(&path)));
    let place = cx.stored_at(&path).ok_or_else(unread)?;
    let text = fs::read(OsStr::from_bytes(&place)).map_err(|_| unread())?;
    let captured = Captured::read(&text).ok_or_else(unread)?;
    Ok((path, captured))
}

/// The bash to start, built.
fn bash(cx: &mut Eval<'_>, nixpkgs: &str, reporting: Reporting) -> std::result::Result<OsString, Failure> {
    let shell = Shell::of_flake(cx, nixpkgs, reporting)?;
    if let Some(target) = shell.target() {
        built(cx, &[target], BuildMode::Normal, reporting)?;
    }
    Ok(shell.path(cx)?)
}

/// The paths of `--redirect`, and the folders that replace them.
fn redirects(
    cx: &mut Eval<'_>,
    arguments: &Arguments,
    options: &RunOptions,
    automatic: &AutoArguments,
) -> Result<Vec<(StorePath, PathBuf)>> {
    let mut found = Vec::new();
    for (word, folder) in &options.redirects {
        let targets = match options.source.is_given() {
            true => {
                let root = program(cx, &options.source)?;
                targets::of_attribute(cx, root, word, automatic)?
            }
            false => vec![targets::of_word(cx, arguments, word)?],
        };
        let folder = PathBuf::from(OsString::from_vec(cx.absolute(folder)));
        for target in &targets {
            found.extend(entries(cx, target)?.into_iter().map(|(_, path)| (path, folder.clone())));
        }
    }
    Ok(found)
}

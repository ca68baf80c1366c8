//! `run`: an app of a flake, or the program of a package.

use super::{Launch, Launched, check_in_place, environment};
use crate::command_line::args::Arguments;
use crate::command_line::options::RunOptions;
use crate::output::builds::tells_steps;
use crate::tasks::automatic::auto_arguments;
use crate::tasks::build::{Reporting, built, check_builder, plan};
use crate::tasks::eval::{path_of, program};
use crate::tasks::flake::installable::{DefaultOutputs, Installable};
use crate::tasks::instantiate::{derivation_path, output_name};
use crate::tasks::outcome::Failure;
use nivis::codec::lossy;
use nivis::eval::AutoArguments;
use nivis::heap::Attrs;
use nivis::store::daemon::types::{BuildMode, DerivedPath, Outputs};
use nivis::store::path::entry;
use nivis::value::context::Reference;
use nivis::{Engine, Error, Eval, Result, Value};
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

/// The name of a package's program.
const MAIN_PROGRAM: &[u8] = b"d: d.meta.mainProgram or d.pname or (builtins.parseDrvName d.name).name";

/// The program that runs, and its needs.
struct App {
    targets: Vec<DerivedPath>,
    program: Program,
}

enum Program {
    /// A file in the store.
    Path(Vec<u8>),
    /// A file in an output of the only target.
    Within(Vec<u8>),
}

/// Builds what the first word names, to be run with the other words.
///
/// # Errors
/// Fails if that can't be evaluated or built, or is not a program.
pub(crate) fn perform(
    engine: &mut Engine,
    arguments: &Arguments,
    options: &RunOptions,
    reporting: Reporting,
) -> Launched {
    let automatic = auto_arguments(engine, &arguments.common.automatic)?;
    let (word, rest) = match &arguments.common.inputs[..] {
        [] => (&b"."[..], &[][..]),
        [word, rest @ ..] => (&word[..], rest),
    };
    engine.enter(|cx| {
        check_builder(cx)?;
        let environment = environment(options)?;
        let app = app(cx, arguments, options, word, &automatic)?;
        if tells_steps(arguments.common.verbosity) {
            plan::tell(cx, &app.targets)?;
        }
        built(cx, &app.targets, BuildMode::Normal, reporting)?;
        let path = path(cx, &app)?;
        check_in_place(cx, &path).map_err(Failure::from)?;
        let program = OsString::from_vec(path);
        let arguments = rest.iter().cloned().map(OsString::from_vec).collect();
        Ok(Some(Launch { arguments, ..Launch::of(program, environment) }))
    })
}

fn app(
    cx: &mut Eval<'_>,
    arguments: &Arguments,
    options: &RunOptions,
    word: &[u8],
    automatic: &AutoArguments,
) -> Result<App> {
    let (path, value) = if options.source.is_given() {
        let root = program(cx, &options.source)?;
        (String::new(), cx.select_path(root, path_of(word), automatic)?)
    } else {
        let installable = Installable::read(cx, arguments, word, DefaultOutputs::Apps)?;
        let locked = installable.lock(cx, arguments)?;
        let (path, value) = installable.found_in(cx, &locked)?;
        (path.to_owned(), value)
    };
    let value = cx.auto_call(value, automatic)?;
    let set = cx.force_attrs(value, "while evaluating what to run")?;
    let is_app = path.starts_with("apps.") || path.starts_with("defaultApp.");
    let expected = if is_app { "app" } else { "derivation" };
    let kind = match set.get(cx.intern(b"type")) {
        Some(kind) => cx.force_string(kind, "while evaluating the type of what to run")?.as_bytes(),
        None => b"",
    };
    match kind {
        kind if kind != expected.as_bytes() => {
            Err(Error::eval(format!("attribute '{path}' should have type '{expected}'")))
        }
        b"app" => of_app(cx, set, &path),
        _ => of_derivation(cx, set),
    }
}

/// An app: its program is a string that refers to what must be built.
fn of_app<'h>(cx: &mut Eval<'h>, set: Attrs<'h>, path: &str) -> Result<App> {
    let missing = || Error::eval(format!("attribute '{path}.program' does not exist"));
    let value: Value<'h> = set.get(cx.intern(b"program")).ok_or_else(missing)?;
    let text = cx.force_string(value, "while evaluating the program of an app")?;
    let target = |reference| match reference {
        Reference::Opaque(path) => DerivedPath::Opaque(path),
        Reference::Deep(derivation) => DerivedPath::Built { derivation, outputs: Outputs::All },
        Reference::Output { derivation, output } => {
            DerivedPath::Built { derivation, outputs: Outputs::Named(vec![output]) }
        }
    };
    let targets = cx.contexts().references(text.context()).into_iter().map(target).collect();
    cx.save_context(text.context())?;
    Ok(App { targets, program: Program::Path(text.as_bytes().to_vec()) })
}

fn of_derivation<'h>(cx: &mut Eval<'h>, set: Attrs<'h>) -> Result<App> {
    let derivation = derivation_path(cx, set)?;
    let output = output_name(cx, set, &derivation)?;
    let name = cx.eval_text(MAIN_PROGRAM.into(), &[])?;
    let name = cx.call(name, &[set.into()])?;
    let name = cx.force_string(name, "while evaluating the name of a package's program")?.as_bytes();
    let outputs = Outputs::Named(vec![output.into()]);
    let targets = vec![DerivedPath::Built { derivation: derivation.into(), outputs }];
    Ok(App { targets, program: Program::Within([b"bin/", name].concat()) })
}

/// The path of the program, after the build.
fn path(cx: &Eval<'_>, app: &App) -> Result<Vec<u8>> {
    let path = match (&app.program, &app.targets[..]) {
        (Program::Within(file), [DerivedPath::Built { derivation, outputs }]) => {
            let known = cx.outputs_of(derivation)?;
            let output = known.into_iter().find(|(name, _)| outputs.contains(name)).and_then(|(_, path)| path);
            [output.as_deref().unwrap_or_default(), b"/", file].concat()
        }
        (Program::Path(file) | Program::Within(file), _) => file.clone(),
    };
    if entry(&cx.settings().store_dir, &path).is_err() {
        return Err(Error::eval(format!("app program '{}' is not in the Nix store", lossy(&path))));
    }
    Ok(path)
}

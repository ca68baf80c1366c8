//! Evaluating without talking: `--eval`, `--parse`, `--find-file`, and the paths of derivations.
//!
//! Values are printed one after the other, each as soon as it is known.

use crate::command_line::args::{Action, Arguments};
use crate::command_line::options::{ClassicOptions, Common, Format};
use crate::command_line::words::lossy;
use crate::output::stdio;
use crate::tasks::automatic::{auto_arguments, standard_input};
use crate::tasks::instantiate;
use crate::tasks::outcome::Outcome;
use crate::tasks::roots::Roots;
use crate::tasks::silent::warn_of_silent_mistakes;
use nivis::eval::{AutoArguments, Coercion, is_archive_url};
use nivis::source::Origin;
use nivis::{Engine, Error, Eval, Result, Value, print};

/// The source of a program.
pub(crate) enum Input<'a> {
    Stdin,
    Expression(&'a [u8]),
    File(&'a [u8]),
}

impl Input<'_> {
    /// The word for a file.
    pub(crate) fn file(&self) -> Option<&[u8]> {
        match self {
            Self::File(word) => Some(word),
            _ => None,
        }
    }
}

/// Does what the flags of `nix-instantiate` ask for.
///
/// # Errors
/// Fails if the program can't be evaluated, or the result can't be written.
pub(crate) fn perform(engine: &mut Engine, arguments: &Arguments, action: Action, options: &ClassicOptions) -> Outcome {
    if action == Action::FindFile {
        return arguments.common.inputs.iter().try_for_each(|name| find_file(engine, name));
    }
    let automatic = auto_arguments(engine, &arguments.common.automatic)?;
    let format = arguments.common.format;
    let roots = Roots::of(arguments, options);
    let run = Run { action, options, format, automatic: &automatic, roots: &roots };
    for input in inputs(&arguments.common, options, b"./default.nix") {
        engine.enter(|cx| match action {
            Action::Parse => show_parsed(cx, &input),
            _ => run.evaluate(cx, &input),
        })?;
    }
    Ok(())
}

/// The programs of a command line; `usual` is the file that is meant without any.
pub(crate) fn inputs<'a>(common: &'a Common, options: &ClassicOptions, usual: &'a [u8]) -> Vec<Input<'a>> {
    let stdin = options.stdin.then_some(Input::Stdin);
    let given = common.inputs.iter().map(|word| match common.expressions {
        true => Input::Expression(word),
        false => Input::File(word),
    });
    let inputs: Vec<_> = stdin.into_iter().chain(given).collect();
    if inputs.is_empty() && !common.expressions { vec![Input::File(usual)] } else { inputs }
}

fn find_file(engine: &mut Engine, name: &[u8]) -> Outcome {
    let path = engine.enter(|cx| {
        let found = look_up(cx, name)?;
        print::ambiguous(cx, found)
    })?;
    if !path.starts_with(b"/") {
        return Err(Error::eval(format!("'{}' has no physical path", lossy(Some(path)))).into());
    }
    Ok(stdio::print(&[&path[..], b"\n"].concat())?)
}

/// The value of `<name>`.
fn look_up<'h>(cx: &mut Eval<'h>, name: &[u8]) -> Result<Value<'h>> {
    let entries = cx.settings().search_path.iter().map(|entry| (entry.prefix.clone(), entry.path.clone()));
    cx.find_file(name, &entries.collect::<Vec<_>>())
}

/// The absolute path of a file that the command line names. `<name>` is looked up, and what a URL names downloaded.
pub(crate) fn file_path(cx: &mut Eval<'_>, word: &[u8]) -> Result<Vec<u8>> {
    if is_archive_url(word) {
        return cx.fetch_archive(word);
    }
    if let Some(reference) = word.strip_prefix(b"flake:") {
        return nivis::flake::fetch_tree(cx, reference);
    }
    match word.strip_prefix(b"<").and_then(|word| word.strip_suffix(b">")) {
        Some(name) if !name.is_empty() => {
            let found = look_up(cx, name)?;
            Ok(cx.coerce_to_path(found, "while looking up a file")?.as_bytes().to_vec())
        }
        _ => Ok(cx.absolute(word)),
    }
}

fn show_parsed(cx: &mut Eval<'_>, input: &Input<'_>) -> Outcome {
    let (text, origin) = match input {
        Input::Stdin => (standard_input()?, Origin::Stdin),
        Input::Expression(text) => (text.to_vec(), Origin::String),
        Input::File(word) => {
            let path = file_path(cx, word)?;
            let path = cx.resolve_expression_path(&path)?;
            (cx.read_file(&path)?, Origin::File(path))
        }
    };
    let mut shown = cx.show_parsed(text, origin)?;
    shown.push(b'\n');
    Ok(stdio::print(&shown)?)
}

/// Evaluating with the flags of the command line.
struct Run<'a> {
    action: Action,
    options: &'a ClassicOptions,
    format: Format,
    automatic: &'a AutoArguments,
    roots: &'a Roots<'a>,
}

impl Run<'_> {
    fn evaluate(&self, cx: &mut Eval<'_>, input: &Input<'_>) -> Outcome {
        let root = load(cx, input)?;
        for path in &self.options.paths {
            let value = cx.select_path(root, path, self.automatic)?;
            let value = cx.force(value)?;
            if self.action == Action::Instantiate {
                self.print_derivations(cx, value)?;
                continue;
            }
            let value = if self.automatic.is_empty() { value } else { cx.auto_call(value, self.automatic)? };
            if self.format == Format::Json {
                print_json(cx, value, self.options.strict)?;
            } else {
                stdio::print(&self.text(cx, value)?)?;
            }
        }
        Ok(())
    }

    fn print_derivations<'h>(&self, cx: &mut Eval<'h>, value: Value<'h>) -> Outcome {
        for derivation in instantiate::derivations(cx, value, self.automatic)? {
            let path = instantiate::derivation_path(cx, derivation)?;
            let output = instantiate::output_name(cx, derivation, &path)?;
            let shown = self.roots.protected(cx, path)?;
            stdio::print(&instantiate::line(&shown, output))?;
        }
        Ok(())
    }

    /// A value in the form that was asked for.
    fn text<'h>(&self, cx: &mut Eval<'h>, value: Value<'h>) -> Result<Vec<u8>> {
        let (strict, positions) = (self.options.strict, !self.options.no_location);
        let mut text = match self.format {
            Format::Raw => return raw(cx, value),
            Format::Xml => return Ok(print::xml(cx, value, strict, positions)?.0),
            _ => {
                if strict {
                    cx.force_deep(value)?;
                }
                print::ambiguous(cx, value)?
            }
        };
        text.push(b'\n');
        Ok(text)
    }
}

/// Prints the text before a string that is not UTF-8, as nix-instantiate does.
fn print_json<'h>(cx: &mut Eval<'h>, value: Value<'h>, strict: bool) -> Outcome {
    let (mut json, result) = print::json_so_far(cx, value, strict)?;
    if result.is_ok() {
        json.push(b'\n');
    }
    stdio::print(&json)?;
    Ok(result?)
}

/// The value of a program.
///
/// # Errors
/// Fails if there is none.
pub(crate) fn load<'h>(cx: &mut Eval<'h>, input: &Input<'_>) -> Result<Value<'h>> {
    let value = match input {
        Input::Stdin => cx.delay_text(standard_input()?, Origin::Stdin, &[])?,
        Input::Expression(text) => {
            warn_of_silent_mistakes(cx, text, &|_| false);
            cx.delay_text(text.to_vec(), Origin::String, &[])?
        }
        Input::File(word) => {
            let path = file_path(cx, word)?;
            cx.main_file(&path)?
        }
    };
    cx.force(value)
}

fn raw<'h>(cx: &mut Eval<'h>, value: Value<'h>) -> Result<Vec<u8>> {
    let phrase = "while generating the nix-instantiate output";
    let string = cx.coerce_to_string(value, Coercion::interpolation(), phrase)?;
    Ok(string.as_bytes().to_vec())
}

//! `eval`: one value, printed as `nix eval` prints it.
//!
//! The program, or flake, is pure unless `--impure` or `--file` says otherwise. An attribute path after it picks a
//! part.

use crate::command_line::args::Arguments;
use crate::command_line::options::{Common, EvalOptions, Format, Source};
use crate::command_line::words::{lossy, usage};
use crate::output::stdio;
use crate::tasks::automatic::{auto_arguments, standard_input};
use crate::tasks::classic::file_path;
use crate::tasks::flake::installable::{DefaultOutputs, Installable};
use crate::tasks::outcome::Outcome;
use crate::tasks::silent::warn_of_silent_mistakes;
use crate::tasks::write_to;
use nivis::codec::palette::Palette;
use nivis::eval::Coercion;
use nivis::print::{self, Options};
use nivis::source::Origin;
use nivis::{Engine, Eval, Result, Value};
use std::io::{self, IsTerminal};

/// Does what `eval` asks for.
///
/// # Errors
/// Fails if the program can't be evaluated, the result can't be written, or flags don't go together.
pub(crate) fn perform(engine: &mut Engine, arguments: &Arguments, options: &EvalOptions) -> Outcome {
    let word = only_word(arguments)?;
    if !options.source.is_given() {
        return engine.enter(|cx| of_flake(cx, arguments, options, word));
    }
    let automatic = auto_arguments(engine, &arguments.common.automatic)?;
    engine.enter(|cx| {
        let root = program(cx, &options.source)?;
        check_forms(&arguments.common, options)?;
        let value = cx.select_path(root, path_of(word), &automatic)?;
        let value = applied(cx, value, options)?;
        match &options.write_to {
            Some(target) => Ok(write_to::write(cx, value, target)?),
            None => Ok(stdio::print(&text(cx, value, &arguments.common, options)?)?),
        }
    })
}

/// The same for a flake.
fn of_flake(cx: &mut Eval<'_>, arguments: &Arguments, options: &EvalOptions, word: &[u8]) -> Outcome {
    check_forms(&arguments.common, options)?;
    let installable = Installable::read(cx, arguments, word, DefaultOutputs::Packages)?;
    let locked = installable.lock(cx, arguments)?;
    let value = installable.value_in(cx, &locked)?;
    let value = applied(cx, value, options)?;
    if let Some(target) = &options.write_to {
        return Ok(write_to::write(cx, value, target)?);
    }
    Ok(stdio::print(&text(cx, value, &arguments.common, options)?)?)
}

fn check_forms(common: &Common, options: &EvalOptions) -> Result<()> {
    let is_both = common.format == Format::Json && options.raw;
    if is_both { Err(usage("--raw and --json are mutually exclusive")) } else { Ok(()) }
}

/// The value, evaluated, or the result of `--apply`.
fn applied<'h>(cx: &mut Eval<'h>, value: Value<'h>, options: &EvalOptions) -> Result<Value<'h>> {
    let value = cx.force(value)?;
    match &options.apply {
        None => Ok(value),
        Some(function) => {
            let function = cx.eval_text(function.clone(), &[])?;
            cx.call(function, &[value])
        }
    }
}

/// The word that picks a part of the program's value, or names a flake.
fn only_word(arguments: &Arguments) -> Result<&[u8]> {
    match &arguments.common.inputs[..] {
        [] => Ok(b"."),
        [word] => Ok(word),
        [_, more, ..] => Err(usage(format!("unexpected argument '{}'", lossy(Some(more.clone()))))),
    }
}

/// The attribute path that a word means. `.` is the whole, and outputs after `^` mean nothing here.
pub(crate) fn path_of(word: &[u8]) -> &[u8] {
    let path = word.split(|&byte| byte == b'^').next().unwrap_or_default();
    if path == b"." { b"" } else { path }
}

/// The value of the program that `--expr` or `--file` names.
pub(crate) fn program<'h>(cx: &mut Eval<'h>, source: &Source) -> Result<Value<'h>> {
    let value = match (&source.expression, &source.file) {
        (Some(text), _) => {
            warn_of_silent_mistakes(cx, text, &|_| false);
            cx.delay_text(text.clone(), Origin::String, &[])?
        }
        (None, Some(file)) if file == b"-" => cx.delay_text(standard_input()?, Origin::Stdin, &[])?,
        (None, file) => {
            let path = file_path(cx, file.as_deref().unwrap_or(b"."))?;
            cx.import_file(&path)?
        }
    };
    cx.force(value)
}

/// A value as JSON, indented at a terminal.
fn json<'h>(cx: &mut Eval<'h>, value: Value<'h>, common: &Common) -> Result<Vec<u8>> {
    let (json, context) = print::json_keeping_paths(cx, value)?;
    cx.save_context(context)?;
    let pretty = common.pretty.unwrap_or_else(|| io::stdout().is_terminal());
    Ok(if pretty { print::indented_json(&json) } else { json })
}

/// A value in the form that was asked for.
fn text<'h>(cx: &mut Eval<'h>, value: Value<'h>, common: &Common, options: &EvalOptions) -> Result<Vec<u8>> {
    if options.raw {
        let string =
            cx.coerce_to_string(value, Coercion::interpolation(), "while generating the eval command output")?;
        cx.save_context(string.context())?;
        return Ok(string.as_bytes().to_vec());
    }
    let mut text = match common.format {
        Format::Json => json(cx, value, common)?,
        _ => {
            let options = Options {
                force: true,
                derivation_paths: true,
                palette: crate::output::style::wants_colour(&io::stdout()).then_some(Palette::NIX),
                ..Options::default()
            };
            print::print(cx, value, &options)?
        }
    };
    text.push(b'\n');
    Ok(text)
}

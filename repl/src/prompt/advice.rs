//! Advice for somebody at a prompt, besides what an error says by itself.

use crate::command_line::words::usage;
use crate::prompt::commands::{self, Command, Takes};
use crate::prompt::session::is_result;
use nivis::codec::levenshtein::suggestions;
use nivis::syntax::parse_bindings;
use nivis::{Error, ErrorKind};

/// Commands with shorter names are too alike for one to be meant.
const SHORTEST: usize = 5;

/// The error for an input that is a word of other programs, or a result that doesn't exist.
pub(super) fn advised(input: &str, error: Error, is_nix: bool) -> Error {
    let ErrorKind::UndefinedVariable(name) = error.kind() else { return error };
    if matches!(name.as_str(), "pkgs" | "lib") && !is_nix {
        return error.with_note("at this prompt, ':l <nixpkgs>' brings its packages and 'lib' into scope");
    }
    let note = match input {
        "help" | "h" => "':?' lists the commands, ':learn' the lessons",
        "exit" | "quit" | "q" | "bye" => "':q' or Ctrl-D quits",
        word if is_result(word) => {
            "'it' and '_1' are the last result, '_2' to '_9' the ones before it, and 'out12' is that of input 12, if there \
             are any"
        }
        _ => return error,
    };
    error.with_note(note)
}

/// The error for an unknown command, with those that may be meant.
pub(super) fn unknown(name: &str) -> Error {
    let error = usage(format!("unknown command '{name}'"));
    let lower = name.to_lowercase();
    let near = match commands::find(&lower) {
        Some(_) => vec![lower.as_bytes()],
        None if name.len() < SHORTEST => Vec::new(),
        None => suggestions(
            lower.as_bytes(),
            commands::names().filter(|name| name.len() + 1 >= SHORTEST).map(str::as_bytes),
        ),
    };
    if near.is_empty() {
        return error.with_note("':?' lists the commands");
    }
    let near = near.into_iter().map(|name| String::from_utf8_lossy(name).into_owned());
    error.with_suggestions(near.collect())
}

/// The error of a command whose argument is wrong, if that is because it is a binding.
pub(super) fn misused(command: &Command, argument: &str, error: Error) -> Error {
    let takes_expression = matches!(command.takes, Takes::Expression) && matches!(error.kind(), ErrorKind::Syntax(_));
    let binds = || {
        [argument.to_owned(), format!("{argument};")]
            .iter()
            .any(|text| parse_bindings(text.as_bytes()).errors.is_empty())
    };
    if !takes_expression || !binds() {
        return error;
    }
    let name = command.names[0];
    usage(format!("'{name}' takes an expression, but '{argument}' binds a name; bind it first, then use it"))
}

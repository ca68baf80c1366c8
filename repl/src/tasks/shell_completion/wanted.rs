//! The kind of the word being typed, found from the words before it.

use crate::command_line::command::Command;
use crate::command_line::program::Program;
use crate::command_line::setting::Setting;
use crate::command_line::{flags, nix_commands};
use std::ffi::OsString;

/// The kind of word that completes a command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// A flag that begins with two dashes, or one of one letter.
    Flag(Option<Command>),
    /// A command of the program.
    Command(Program),
    /// A command of a group, such as `flake`.
    Nested(Program, Command),
    /// A name of a setting.
    Setting,
    /// A file or folder.
    Path,
    /// A reference to a flake.
    Reference,
    /// A reference to a flake with a path in it, or a path in the value of `--file`.
    Installable,
    /// The same among templates.
    Template,
    /// An input of the flake.
    Input,
    /// A path of attributes in the value of the file that the command line names.
    Attribute,
    /// An error code or topic of `explain`.
    Topic,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// Nothing that is known.
    Nothing,
}

impl Wanted {
    /// The kind of word that comes after these words; `partial` is its beginning.
    pub(super) fn at(program: Program, before: &[OsString], partial: &str) -> Self {
        let mut command = (program != Program::Nix).then(|| program.command());
        let mut inputs = 0;
        let mut words = before.iter().map(|word| word.to_string_lossy().into_owned());
        while let Some(word) = words.next() {
            if word.starts_with('-') {
                let values = values_of(&word, command);
                for value in values {
                    if words.next().is_none() {
                        return Self::value_of(&word, value);
                    }
                }
                continue;
            }
            match named(program, command, &word) {
                Some(named) => command = Some(named),
                None => inputs += 1,
            }
        }
        match command {
            _ if partial.starts_with('-') => Self::Flag(command),
            None => Self::Command(program),
            Some(Command::Classic) if program == Program::Nivis && inputs == 0 => Self::Command(program),
            Some(group) if group.is_group() => Self::Nested(program, group),
            Some(command) => Self::input(command, inputs),
        }
    }

    /// The kind of a flag's value, by its name.
    fn value_of(flag: &str, name: &str) -> Self {
        match flag {
            "-A" | "--attr" => return Self::Attribute,
            "--error-format" => return Self::OneOf(&["json", "nix", "pretty"]),
            "--theme" => return Self::OneOf(&["auto", "colour-blind", "dark", "light"]),
            "--hash-algo" => return Self::OneOf(&["blake3", "md5", "sha1", "sha256", "sha512"]),
            "--log-format" => {
                return Self::OneOf(&[
                    "bar",
                    "bar-with-logs",
                    "internal-json",
                    "multiline",
                    "multiline-with-logs",
                    "raw",
                ]);
            }
            _ => {}
        }
        match name {
            "FILE" | "DIR" | "PATH" | "[NAME=]PATH" => Self::Path,
            "REF" | "FROM" | "TO" => Self::Reference,
            "TEMPLATE" => Self::Template,
            "INPUT" => Self::Input,
            "SETTING" => Self::Setting,
            _ => Self::Nothing,
        }
    }

    /// The kind of a command's next input, after this many.
    fn input(command: Command, inputs: usize) -> Self {
        match command {
            Command::FlakeUpdate => Self::Input,
            Command::Repl | Command::Build | Command::Shell | Command::PathInfo | Command::DerivationShow => {
                Self::Installable
            }
            Command::Classic | Command::Instantiate | Command::NixBuild | Command::NixShell | Command::Jobs => {
                Self::Path
            }
            _ if inputs > 0 => Self::Nothing,
            Command::Eval | Command::Run | Command::Log | Command::Develop | Command::PrintDevEnv => Self::Installable,
            Command::StoreDumpPath => Self::Installable,
            Command::StoreAdd | Command::StoreCat | Command::StoreLs | Command::NarPack => Self::Path,
            Command::FlakeShow
            | Command::FlakeMetadata
            | Command::FlakeCheck
            | Command::FlakeLock
            | Command::FlakePrefetch
            | Command::FlakePrefetchInputs
            | Command::FlakeArchive
            | Command::FlakeClone => Self::Reference,
            Command::FlakeNew | Command::Manual => Self::Path,
            Command::Explain => Self::Topic,
            Command::Completions => Self::OneOf(&["bash", "fish", "zsh"]),
            _ => Self::Nothing,
        }
    }
}

/// The values that a flag takes, by name.
fn values_of(word: &str, command: Option<Command>) -> &'static [&'static str] {
    match flags::find(word, command.unwrap_or(Command::Classic), command.is_none()) {
        Some(flag) if flag.names.contains(&"--template") => &["TEMPLATE"],
        Some(flag) if flag.names.contains(&"--option") => &["SETTING", "VALUE"],
        Some(flag) => flag.values,
        None => match word.strip_prefix("--").and_then(Setting::flag) {
            Some(flag) if flag.value.is_none() => &["VALUE"],
            _ => &[],
        },
    }
}

/// The command that a word names after another one.
fn named(program: Program, command: Option<Command>, word: &str) -> Option<Command> {
    match (program, command) {
        (_, Some(group)) if group.is_group() => Command::within(group, word.as_bytes()).ok(),
        (Program::Nix, None) => nix_commands::command(word.as_bytes()).ok(),
        (Program::Nivis, Some(Command::Classic)) => Command::named(word.as_bytes()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wanted() {
        let table = [
            ("nix|", Wanted::Command(Program::Nix)),
            ("nix eval|.#", Wanted::Installable),
            ("nix eval .#a|", Wanted::Nothing),
            ("nix eval --apply x|", Wanted::Installable),
            ("nix eval --apply|", Wanted::Nothing),
            ("nix eval|--fi", Wanted::Flag(Some(Command::Eval))),
            ("nix eval --file|", Wanted::Path),
            ("nix flake|lo", Wanted::Nested(Program::Nix, Command::Flake)),
            ("nix flake lock|", Wanted::Reference),
            ("nix flake update|", Wanted::Input),
            ("nix flake lock --override-input|", Wanted::Input),
            ("nix flake lock --override-input a|", Wanted::Reference),
            ("nix flake init -t|", Wanted::Template),
            ("nix --option|", Wanted::Setting),
            ("nix --option a|", Wanted::Nothing),
            ("nivis|", Wanted::Command(Program::Nivis)),
            ("nivis --eval x|", Wanted::Path),
            ("nix-instantiate|", Wanted::Path),
            ("nivis explain|E00", Wanted::Topic),
            ("nivis --eval f.nix -A|a", Wanted::Attribute),
            ("nivis eval --error-format|", Wanted::OneOf(&["json", "nix", "pretty"])),
        ];
        for (line, expected) in table {
            let (before, partial) = line.split_once('|').unwrap_or((line, ""));
            let words: Vec<OsString> = before.split(' ').map(OsString::from).collect();
            assert_eq!(Wanted::at(Program::of(&words), &words[1..], partial), expected, "{line}");
        }
    }
}

//! The tables of commands and flags as clap's description of a command line, from which completion scripts and man pages
//! are made. Command lines themselves are read by `args`.

use crate::command_line::command::{Command, last_word};
use crate::command_line::flags::{self, Flag};
use crate::command_line::help;
use crate::command_line::program::Program;
use clap::{Arg, ArgAction};

/// The whole program.
pub(crate) fn program() -> clap::Command {
    let commands = Command::NAMED.iter().map(|(command, ..)| described(*command));
    described(Command::Classic).subcommands(commands)
}

/// One command with its flags.
pub(crate) fn described(command: Command) -> clap::Command {
    let about = Command::all().find(|(known, ..)| *known == command).map_or(ABOUT, |(.., about)| *about);
    let name = if command == Command::Classic { Program::Nivis.name() } else { command.name() };
    let mut described = clap::Command::new(last_word(name))
        .about(about)
        .version(env!("CARGO_PKG_VERSION"))
        .disable_help_flag(true)
        .disable_version_flag(true)
        .disable_help_subcommand(true)
        .after_help(help::after(command));
    for flag in flags::all().filter(|flag| flag.is_of(command) && !flag.help.is_empty()) {
        described = described.args(argument(flag));
    }
    if command.is_group() {
        return described.subcommands(command.nested().map(|(command, ..)| self::described(*command)));
    }
    described.arg(Arg::new("words").num_args(0..).value_name(words(command)).value_hint(hint(command)))
}

const ABOUT: &str = "evaluate Nix: a REPL, a drop-in for nix-instantiate, and an interactive tutor";

/// The name of the words that are not flags.
fn words(command: Command) -> &'static str {
    match command {
        Command::Eval => "PATH",
        Command::Build | Command::Run | Command::Shell | Command::DerivationShow | Command::PathInfo | Command::Log => {
            "INSTALLABLE"
        }
        Command::Develop | Command::PrintDevEnv | Command::StoreDumpPath => "INSTALLABLE",
        Command::StoreAdd | Command::StoreCat | Command::StoreLs | Command::NarPack => "PATH",
        Command::FlakeUpdate => "INPUT",
        Command::FlakeNew => "DIR",
        Command::FlakeShow
        | Command::FlakeMetadata
        | Command::FlakeCheck
        | Command::FlakeLock
        | Command::FlakeInit
        | Command::FlakePrefetch
        | Command::FlakePrefetchInputs
        | Command::FlakeArchive
        | Command::FlakeClone => "REF",
        Command::Explain => "CODE",
        Command::Completions => "SHELL",
        Command::Manual => "DIR",
        _ => "FILE",
    }
}

fn hint(command: Command) -> clap::ValueHint {
    match command {
        Command::Eval | Command::Explain | Command::Completions => clap::ValueHint::Other,
        Command::Manual => clap::ValueHint::DirPath,
        _ => clap::ValueHint::AnyPath,
    }
}

/// A flag; `None` for `-`, which clap has no word for.
fn argument(flag: &'static Flag) -> Option<Arg> {
    let longs: Vec<_> = flag.names.iter().filter_map(|name| name.strip_prefix("--")).collect();
    let short = flag.names.iter().find(|name| name.len() == 2).and_then(|name| name.chars().nth(1));
    let (first, others) = longs.split_first()?;
    let mut argument = Arg::new(*first).long(*first).help(flag.help).visible_aliases(others.to_vec());
    if let Some(short) = short {
        argument = argument.short(short);
    }
    if flag.values.is_empty() {
        return Some(argument.action(ArgAction::SetTrue));
    }
    let takes_file = flag.values.iter().any(|value| ["FILE", "DIR", "[NAME=]PATH"].contains(value));
    let hint = if takes_file { clap::ValueHint::AnyPath } else { clap::ValueHint::Other };
    Some(argument.value_names(flag.values).num_args(flag.values.len()).value_hint(hint))
}

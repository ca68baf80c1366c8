//! A row of the table of flags.

use crate::command_line::command::Command;
use crate::command_line::flag_values::FlagValues;
use nivis::Result;

/// A flag.
pub(crate) struct Flag {
    /// All its spellings.
    pub(crate) names: &'static [&'static str],
    /// Names of its values.
    pub(crate) values: &'static [&'static str],
    /// The description; empty if it does nothing, or nothing that people need.
    pub(crate) help: &'static str,
    /// The section of help texts that has it.
    pub(crate) group: Group,
    /// The commands that know it.
    commands: Commands,
    effect: Effect,
}

impl Flag {
    /// Does what the flag with these values asks for.
    pub(in crate::command_line) fn apply(&self, flags: &mut FlagValues, mut values: Vec<Vec<u8>>) -> Result<()> {
        match self.effect {
            Effect::Switch(place) => *place(flags) = true,
            Effect::Value(place) => *place(flags) = values.pop(),
            Effect::Values(place) => place(flags).extend(values),
            Effect::Other(apply) => return apply(flags, values),
        }
        Ok(())
    }

    /// True if the flag is one of these commands', or of `nix` before a command is named.
    pub(super) fn is_of_any(&self, commands: Commands) -> bool {
        self.commands & commands != 0
    }

    /// True for flags whose values C++ Nix reads in a way of its own, with its own message if one is missing.
    pub(crate) fn is_read_by_hand(&self) -> bool {
        ["--attr", "--add-root"].iter().any(|name| self.names.contains(name))
    }

    /// True if all words after the flag are its values.
    pub(crate) fn takes_rest(&self) -> bool {
        self.values.last().is_some_and(|value| value.ends_with("..."))
    }

    /// True if the command knows this flag, or `nix` before a command is named.
    pub(crate) fn is_known_at(&self, command: Option<Command>) -> bool {
        self.commands & command.map_or(BEFORE, set) != 0
    }

    /// True if the command knows this flag.
    pub(crate) fn is_of(&self, command: Command) -> bool {
        self.commands & set(command) != 0
    }
}

/// The subject of a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    What,
    Output,
    Builds,
    Inputs,
    Flakes,
    Jobs,
    Other,
}

impl Group {
    /// All groups and their headings.
    pub(crate) const ALL: [(Self, &'static str); 7] = [
        (Self::What, "Evaluation"),
        (Self::Output, "Output"),
        (Self::Builds, "Builds"),
        (Self::Inputs, "Inputs"),
        (Self::Flakes, "Flakes and lock files"),
        (Self::Jobs, "Resources"),
        (Self::Other, "Other"),
    ];
}

/// The effect of a flag.
enum Effect {
    /// Sets this to true.
    Switch(fn(&mut FlagValues) -> &mut bool),
    /// Puts its value there.
    Value(fn(&mut FlagValues) -> &mut Option<Vec<u8>>),
    /// Adds its value there.
    Values(fn(&mut FlagValues) -> &mut Vec<Vec<u8>>),
    /// Anything else.
    Other(Apply),
}

pub(super) type Apply = fn(&mut FlagValues, Vec<Vec<u8>>) -> Result<()>;

/// A set of commands, one bit for each.
pub(super) type Commands = u64;

pub(super) const fn set(command: Command) -> Commands {
    1 << command as u64
}

/// The commands that are used as `nix-instantiate` is.
pub(super) const CLASSIC: Commands = set(Command::Classic) | set(Command::Instantiate);
pub(super) const NIX_BUILD: Commands = set(Command::NixBuild);
pub(super) const NIX_SHELL: Commands = set(Command::NixShell);
/// The commands that read their words as the old programs of Nix do.
pub(super) const OLD: Commands = CLASSIC | NIX_BUILD | NIX_SHELL;
pub(super) const RUN: Commands = set(Command::Run);
pub(super) const SHELL: Commands = set(Command::Shell);
pub(super) const DEVELOP: Commands = set(Command::Develop);
/// The commands that make the environment of a build.
pub(super) const ENVIRONMENT: Commands = DEVELOP | set(Command::PrintDevEnv);
pub(super) const PATH_INFO: Commands = set(Command::PathInfo);
pub(super) const SHOW_DERIVATION: Commands = set(Command::DerivationShow);
/// The commands about the store.
pub(super) const STORE: Commands =
    PATH_INFO | SHOW_DERIVATION | set(Command::StoreAdd) | set(Command::StoreCat) | set(Command::StoreLs) | DUMP;
/// The commands that print archives.
const DUMP: Commands = set(Command::StoreDumpPath) | set(Command::NarPack);
pub(super) const EVAL: Commands = set(Command::Eval);
pub(super) const BUILD: Commands = set(Command::Build);
/// The commands that take a program, a flake, or a part of them.
pub(super) const SOURCE: Commands = EVAL
    | BUILD
    | RUN
    | SHELL
    | ENVIRONMENT
    | PATH_INFO
    | SHOW_DERIVATION
    | set(Command::Log)
    | set(Command::StoreDumpPath);
/// The commands that take any number of installables.
pub(super) const MANY: Commands = BUILD | SHELL | PATH_INFO | SHOW_DERIVATION;
/// The commands that can print JSON, besides those used as `nix-instantiate` is.
pub(super) const PRINTS_JSON: Commands =
    EVAL | BUILD | PATH_INFO | SHOW_DERIVATION | set(Command::StoreLs) | set(Command::PrintDevEnv) | (FLAKE & !CHECK);
pub(super) const JOBS: Commands = set(Command::Jobs);
pub(super) const REPL: Commands = set(Command::Repl);
pub(super) const SHOW: Commands = set(Command::FlakeShow);
pub(super) const CHECK: Commands = set(Command::FlakeCheck);
/// All about flakes.
pub(super) const FLAKE: Commands = SHOW
    | CHECK
    | set(Command::FlakeMetadata)
    | set(Command::FlakeLock)
    | set(Command::FlakeUpdate)
    | set(Command::FlakeInit)
    | set(Command::FlakeNew)
    | set(Command::FlakePrefetch)
    | set(Command::FlakePrefetchInputs)
    | ARCHIVE
    | CLONE;
pub(super) const ARCHIVE: Commands = set(Command::FlakeArchive);
pub(super) const CLONE: Commands = set(Command::FlakeClone);
/// The commands that evaluate.
pub(super) const ANY: Commands = OLD | STORE | SOURCE | JOBS | REPL | FLAKE;
/// `nix` knows the flag before a command is named.
pub(super) const BEFORE: Commands = 1 << 63;
pub(super) const ALL: Commands = Commands::MAX;

/// A flag that does anything.
pub(super) const fn flag(
    commands: Commands,
    group: Group,
    names: &'static [&'static str],
    values: &'static [&'static str],
    help: &'static str,
    apply: Apply,
) -> Flag {
    Flag { names, values, help, group, commands, effect: Effect::Other(apply) }
}

/// A flag that sets something to true.
pub(super) const fn switch(
    commands: Commands,
    group: Group,
    names: &'static [&'static str],
    help: &'static str,
    place: fn(&mut FlagValues) -> &mut bool,
) -> Flag {
    Flag { names, values: &[], help, group, commands, effect: Effect::Switch(place) }
}

/// A flag whose last value counts.
pub(super) const fn value(
    commands: Commands,
    group: Group,
    names: &'static [&'static str],
    values: &'static [&'static str],
    help: &'static str,
    place: fn(&mut FlagValues) -> &mut Option<Vec<u8>>,
) -> Flag {
    Flag { names, values, help, group, commands, effect: Effect::Value(place) }
}

/// A flag that may be repeated.
pub(super) const fn values(
    commands: Commands,
    group: Group,
    names: &'static [&'static str],
    values: &'static [&'static str],
    help: &'static str,
    place: fn(&mut FlagValues) -> &mut Vec<Vec<u8>>,
) -> Flag {
    Flag { names, values, help, group, commands, effect: Effect::Values(place) }
}

/// A flag that has no meaning here, but that scripts pass.
pub(super) const fn ignored(
    commands: Commands,
    names: &'static [&'static str],
    values: &'static [&'static str],
) -> Flag {
    flag(commands, Group::Other, names, values, "", |_, _| Ok(()))
}

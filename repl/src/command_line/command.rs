//! The commands, such as `eval` and `flake show`.

use super::words::{lossy, usage};
use nivis::codec::levenshtein::{distance, suggestions};

/// The command that the first word after the program's name gives; each has flags of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// None was named: the flags of `nix-instantiate`, or the REPL.
    Classic,
    /// `instantiate`: the paths of derivations.
    Instantiate,
    /// `repl`
    Repl,
    /// `eval`, as `nix eval`.
    Eval,
    /// `build`, as `nix build`.
    Build,
    /// `nix-build`
    NixBuild,
    /// `run`, as `nix run`.
    Run,
    /// `shell`, as `nix shell`.
    Shell,
    /// `nix-shell`
    NixShell,
    /// `develop`, as `nix develop`.
    Develop,
    /// `print-dev-env`, as `nix print-dev-env`.
    PrintDevEnv,
    /// `derivation`, before the next word says what about it.
    Derivation,
    /// `derivation show`
    DerivationShow,
    /// `path-info`
    PathInfo,
    /// `store`, before the next word says what about it.
    Store,
    /// `store add`
    StoreAdd,
    /// `store cat`
    StoreCat,
    /// `store ls`
    StoreLs,
    /// `store dump-path`
    StoreDumpPath,
    /// `nar`, before the next word says what about it.
    Nar,
    /// `nar pack`
    NarPack,
    /// `log`, as `nix log`.
    Log,
    /// `jobs`, as nix-eval-jobs.
    Jobs,
    /// `explain`
    Explain,
    /// `cache`
    Cache,
    /// `flake`, before the next word says what about it.
    Flake,
    /// `flake show`
    FlakeShow,
    /// `flake metadata`
    FlakeMetadata,
    /// `flake check`
    FlakeCheck,
    /// `flake lock`
    FlakeLock,
    /// `flake update`
    FlakeUpdate,
    /// `flake init`
    FlakeInit,
    /// `flake new`
    FlakeNew,
    /// `flake prefetch`
    FlakePrefetch,
    /// `flake prefetch-inputs`
    FlakePrefetchInputs,
    /// `flake archive`
    FlakeArchive,
    /// `flake clone`
    FlakeClone,
    /// `profile`
    Profile,
    /// `completions`
    Completions,
    /// `manual`
    Manual,
}

impl Command {
    /// All commands that can be named, with descriptions.
    pub(crate) const NAMED: &[(Self, &'static str, &'static str)] = &[
        (Self::Repl, "repl", "start the prompt, with the files' attributes in scope"),
        (Self::Eval, "eval", "print a value, like 'nix eval'"),
        (Self::Instantiate, "instantiate", "evaluate, and print the paths of derivations"),
        (Self::Build, "build", "build derivations with a Nix daemon, like 'nix build'"),
        (Self::NixBuild, "nix-build", "build derivations of files and expressions, like 'nix-build'"),
        (Self::Run, "run", "build a program and run it, like 'nix run'"),
        (Self::Shell, "shell", "start a shell with packages, like 'nix shell'"),
        (Self::NixShell, "nix-shell", "start a shell in which a derivation can be built, like 'nix-shell'"),
        (Self::Develop, "develop", "start a shell with the environment of a build, like 'nix develop'"),
        (Self::PrintDevEnv, "print-dev-env", "print that environment as a program for bash, or as JSON"),
        (Self::Log, "log", "print the log of a build, like 'nix log'"),
        (Self::Derivation, "derivation", "show the contents of derivations"),
        (Self::PathInfo, "path-info", "show what the store knows about entries, like 'nix path-info'"),
        (Self::Store, "store", "add, read and list entries of the store"),
        (Self::Nar, "nar", "write files and folders as archives, as Nix has them"),
        (Self::Flake, "flake", "show, check, lock, update and fetch flakes"),
        (Self::Jobs, "jobs", "print all derivations of a set as JSON lines, like nix-eval-jobs"),
        (Self::Explain, "explain", "explain an error, such as E0012, or a topic, such as list-access"),
        (Self::Cache, "cache", "show or clear the parse cache"),
        (Self::Profile, "profile", "draw a flame graph of a command's evaluation"),
        (Self::Completions, "completions", "print a completion script for bash, zsh or fish"),
        (Self::Manual, "manual", "write man pages into a directory"),
    ];

    /// The commands of groups.
    pub(crate) const NESTED: &[(Self, &'static str, &'static str)] = &[
        (Self::FlakeShow, "flake show", "show the outputs of a flake as a tree"),
        (Self::FlakeMetadata, "flake metadata", "show where a flake comes from, and its inputs"),
        (Self::FlakeCheck, "flake check", "evaluate all outputs of a flake, build its checks and report problems"),
        (Self::FlakeLock, "flake lock", "lock inputs that are not locked yet"),
        (Self::FlakeUpdate, "flake update", "update all inputs, or the named ones, in the lock file"),
        (Self::FlakeInit, "flake init", "copy a template into this folder"),
        (Self::FlakeNew, "flake new", "copy a template into a new folder"),
        (Self::FlakePrefetch, "flake prefetch", "fetch a tree into the store and print its hash"),
        (Self::FlakePrefetchInputs, "flake prefetch-inputs", "fetch all inputs of a flake into the store"),
        (Self::FlakeArchive, "flake archive", "put a flake and all its inputs into the store"),
        (Self::FlakeClone, "flake clone", "clone the repository of a flake"),
        (Self::DerivationShow, "derivation show", "print derivations as JSON"),
        (Self::StoreAdd, "store add", "add a file or folder to the store"),
        (Self::StoreCat, "store cat", "print a file in the store"),
        (Self::StoreLs, "store ls", "list what is in an entry of the store"),
        (Self::StoreDumpPath, "store dump-path", "print an entry of the store as an archive"),
        (Self::NarPack, "nar pack", "print a file or folder as an archive"),
    ];

    /// True for those whose next word says what they do.
    pub(crate) fn is_group(self) -> bool {
        matches!(self, Self::Flake | Self::Derivation | Self::Store | Self::Nar)
    }

    /// All commands, each with its name and what it does.
    pub(crate) fn all() -> impl Iterator<Item = &'static (Self, &'static str, &'static str)> {
        Self::NAMED.iter().chain(Self::NESTED)
    }

    /// The commands of a group.
    pub(crate) fn nested(self) -> impl Iterator<Item = &'static (Self, &'static str, &'static str)> {
        let group = self.name();
        Self::NESTED.iter().filter(move |(_, name, _)| name.split(' ').next() == Some(group))
    }

    /// The command that the word after a group's name means.
    ///
    /// # Errors
    /// Fails if this program doesn't have such a command.
    pub(crate) fn within(group: Self, word: &[u8]) -> nivis::Result<Self> {
        let word: &[u8] = match (group, word) {
            (Self::Flake, b"info") => b"metadata",
            (Self::Store, b"add-path" | b"add-file") => b"add",
            (Self::Nar, b"dump-path") => b"pack",
            _ => word,
        };
        let named = || group.nested().map(|(command, name, _)| (*command, last_word(name).as_bytes()));
        if let Some((command, _)) = named().find(|(_, name)| *name == word) {
            return Ok(command);
        }
        let shown = String::from_utf8_lossy(word);
        let nearest = suggestions(word, named().map(|(_, name)| name));
        let nearest = nearest.iter().map(|name| lossy(Some(name.to_vec()))).collect();
        Err(usage(format!("'{shown}' is not a recognised command")).with_suggestions(nearest))
    }

    /// The command that a mistyped word was most likely meant to be.
    pub(crate) fn similar(word: &[u8]) -> Option<&'static str> {
        let names = Self::NAMED.iter().map(|(_, name, _)| *name).filter(|name| distance(word, name.as_bytes()) <= 2);
        names.min_by_key(|name| distance(word, name.as_bytes()))
    }

    /// The command with this name.
    pub(crate) fn named(word: &[u8]) -> Option<Self> {
        Self::NAMED.iter().find(|(_, name, _)| name.as_bytes() == word).map(|(command, ..)| *command)
    }

    /// Its name; empty for that without one.
    pub(crate) fn name(self) -> &'static str {
        Self::all().find(|(command, ..)| *command == self).map_or("", |(_, name, _)| name)
    }
}

/// The name of a command without its group's.
pub(crate) fn last_word(name: &str) -> &str {
    name.rsplit(' ').next().unwrap_or_default()
}

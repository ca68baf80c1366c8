//! The command line, understood: what the words become. `parse` reads them.

#[cfg(test)]
mod tests;

use crate::output::style::ErrorFormat;
use nivis::codec::levenshtein::{distance, suggestions};
use nivis::{Error, ErrorKind};
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;

/// The name the program was started under. It decides what happens without flags, and how errors look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Program {
    /// `nivis`
    Nivis,
    /// `nix-instantiate`
    NixInstantiate,
    /// `nix`, of which only `nix eval` and `nix repl` are there.
    Nix,
}

impl Program {
    /// The program that the first word names.
    pub(crate) fn of(words: &[OsString]) -> Self {
        let path = words.first().map(|word| word.as_bytes()).unwrap_or_default();
        match path.rsplit(|&byte| byte == b'/').next() {
            Some(b"nix-instantiate") => Self::NixInstantiate,
            Some(b"nix") => Self::Nix,
            _ => Self::Nivis,
        }
    }

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Nivis => "nivis",
            Self::NixInstantiate => "nix-instantiate",
            Self::Nix => "nix",
        }
    }
}

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
    /// `completions`
    Completions,
    /// `manual`
    Manual,
}

impl Command {
    /// All that can be named, with what they do.
    pub(crate) const NAMED: &[(Self, &'static str, &'static str)] = &[
        (Self::Repl, "repl", "start the prompt, with the files' attributes in scope"),
        (Self::Eval, "eval", "print a value, like 'nix eval'"),
        (Self::Instantiate, "instantiate", "evaluate, and print the paths of derivations"),
        (Self::Flake, "flake", "show, check, lock and update flakes"),
        (Self::Jobs, "jobs", "print all derivations of a set as JSON lines, like nix-eval-jobs"),
        (Self::Explain, "explain", "explain an error, such as E0012, or a topic, such as list-access"),
        (Self::Cache, "cache", "show or clear the parse cache"),
        (Self::Completions, "completions", "print a completion script for bash, zsh or fish"),
        (Self::Manual, "manual", "write man pages into a directory"),
    ];

    /// The commands about flakes.
    pub(crate) const OF_FLAKES: &[(Self, &'static str, &'static str)] = &[
        (Self::FlakeShow, "flake show", "show the outputs of a flake as a tree"),
        (Self::FlakeMetadata, "flake metadata", "show where a flake comes from, and its inputs"),
        (Self::FlakeCheck, "flake check", "evaluate all outputs of a flake and report problems"),
        (Self::FlakeLock, "flake lock", "lock inputs that are not locked yet"),
        (Self::FlakeUpdate, "flake update", "update all inputs, or the named ones, in the lock file"),
        (Self::FlakeInit, "flake init", "copy a template into this folder"),
        (Self::FlakeNew, "flake new", "copy a template into a new folder"),
        (Self::FlakePrefetch, "flake prefetch", "fetch a tree into the store and print its hash"),
    ];

    /// The command that the word after `flake` names.
    ///
    /// # Errors
    /// Fails if this program doesn't have such a command.
    pub(crate) fn of_flakes(word: &[u8]) -> nivis::Result<Self> {
        let name = |known: &'static str| known.strip_prefix("flake ").unwrap_or(known);
        let word = if word == b"info" { b"metadata" } else { word };
        if let Some((command, ..)) = Self::OF_FLAKES.iter().find(|(_, known, _)| name(known).as_bytes() == word) {
            return Ok(*command);
        }
        let shown = String::from_utf8_lossy(word);
        if matches!(word, b"archive" | b"clone" | b"prefetch-inputs") {
            let text =
                format!("'flake {shown}' is not part of this program, which evaluates flakes and builds nothing");
            return Err(usage(text));
        }
        let names = Self::OF_FLAKES.iter().map(|(_, known, _)| name(known).as_bytes());
        let nearest = suggestions(word, names);
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
        let all = Self::NAMED.iter().chain(Self::OF_FLAKES);
        all.into_iter().find(|(command, ..)| *command == self).map_or("", |(_, name, _)| name)
    }
}

/// The task that a command line gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    /// Evaluate and print, as `nix-instantiate --eval`.
    Evaluate,
    /// Evaluate, and print the paths of derivations.
    Instantiate,
    /// Print the program without its sugar.
    Parse,
    /// Look up names in the search path.
    FindFile,
    /// Talk.
    Repl,
    /// Evaluate and print, as `nix eval`.
    Eval,
    /// Evaluate all derivations of a set.
    Jobs,
    /// Do something about a flake.
    Flake,
    /// Print a page about an error or a topic.
    Explain,
    /// Describe the cache, or empty it.
    Cache,
    /// Print a completion script.
    Completions,
    /// Write man pages.
    Manual,
    /// Print what flags there are.
    Help,
    /// Print the version.
    Version,
}

/// How values are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Format {
    /// As Nix text.
    #[default]
    Plain,
    /// A string's bytes and nothing else.
    Raw,
    /// As JSON.
    Json,
    /// As XML.
    Xml,
}

/// Where the value of an argument comes from that functions are called with automatically.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Automatic {
    /// `--arg`: an expression.
    Expression(Vec<u8>),
    /// `--argstr`: a string.
    Text(Vec<u8>),
    /// `--arg-from-file`: the contents of a file.
    File(Vec<u8>),
    /// `--arg-from-stdin`: standard input.
    Stdin,
}

/// Options of `eval`. `repl` has those that name a program too.
#[derive(Clone, Debug, Default)]
pub(crate) struct EvalOptions {
    /// `--expr`: a program.
    pub(crate) expression: Option<Vec<u8>>,
    /// `--file`: a file with one.
    pub(crate) file: Option<Vec<u8>>,
    /// `--raw`: a string's bytes and nothing else.
    pub(crate) raw: bool,
    /// `--write-to`: where to write strings as files.
    pub(crate) write_to: Option<Vec<u8>>,
    /// JSON over several lines; `None` leaves it to the terminal.
    pub(crate) pretty: Option<bool>,
}

/// Options of `jobs`.
#[derive(Clone, Debug, Default)]
pub(crate) struct JobsOptions {
    /// How many processes evaluate.
    pub(crate) workers: Option<u32>,
    /// How much memory one may take before another takes its place, in MiB. Together they have that much for each.
    pub(crate) max_memory_size: Option<u32>,
    /// Print `meta`.
    pub(crate) meta: bool,
    /// Look into all sets.
    pub(crate) force_recurse: bool,
    /// A function that the root is given to first.
    pub(crate) select: Option<Vec<u8>>,
    /// Print what aggregate jobs consist of.
    pub(crate) constituents: bool,
    /// Print the derivations that one needs.
    pub(crate) show_input_drvs: bool,
    /// Don't look into derivations: `system` is what the attribute says.
    pub(crate) no_instantiate: bool,
    /// Don't print what evaluating took.
    pub(crate) no_stats: bool,
    /// Print the state of outputs in binary caches, which is never known.
    pub(crate) cache_status: bool,
    /// This process is a worker, started by another that has the same command line, with this memory limit in MiB.
    pub(crate) worker: Option<u32>,
}

/// Options about flakes: which are meant, and how their lock files change.
#[derive(Clone, Debug, Default)]
pub(crate) struct FlakeOptions {
    /// `--override-input`: the path of an input, and what to use instead.
    pub(crate) overrides: Vec<(String, Vec<u8>)>,
    /// `--update-input`: paths of inputs that are locked anew.
    pub(crate) updates: Vec<String>,
    /// `--override-flake`: what registries say first.
    pub(crate) registry: Vec<(Vec<u8>, Vec<u8>)>,
    /// `--inputs-from`: flakes whose inputs are registry entries.
    pub(crate) inputs_from: Vec<Vec<u8>>,
    /// `--recreate-lock-file`
    pub(crate) recreates: bool,
    /// `--no-registries`: the old name of a setting, for locking only.
    pub(crate) without_registries: bool,
    /// `--no-update-lock-file`
    pub(crate) keeps_lock: bool,
    /// `--no-write-lock-file`
    pub(crate) writes_no_lock: bool,
    /// `--commit-lock-file`
    pub(crate) commits: bool,
    /// `--reference-lock-file`: read instead of the flake's own.
    pub(crate) reference: Option<Vec<u8>>,
    /// `--output-lock-file`: written instead of the flake's own.
    pub(crate) output: Option<Vec<u8>>,
    /// `--flake` of other commands than `flake`.
    pub(crate) flake: Option<Vec<u8>>,
    /// `--template` of `flake init`.
    pub(crate) template: Option<Vec<u8>>,
    /// `--out-link` of `flake prefetch`.
    pub(crate) out_link: Option<Vec<u8>>,
    /// `--all-systems`
    pub(crate) all_systems: bool,
    /// `--legacy`: show `legacyPackages`.
    pub(crate) legacy: bool,
    /// `--no-build` of `flake check`.
    pub(crate) builds_nothing: bool,
    /// `--keep-going`: check the rest after something that is wrong.
    pub(crate) keeps_going: bool,
}

/// A setting and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Assignment {
    pub(crate) name: String,
    pub(crate) value: String,
    /// A wrong value is a warning, not an error.
    pub(crate) lenient: bool,
}

/// A command line, understood.
#[derive(Clone, Debug)]
pub(crate) struct Arguments {
    pub(crate) program: Program,
    pub(crate) command: Command,
    pub(crate) task: Task,
    /// Files, expressions or names: the words that are neither flags nor their values.
    pub(crate) inputs: Vec<Vec<u8>>,
    /// The inputs are expressions.
    pub(crate) expressions: bool,
    /// `-`: standard input is a file too, the first.
    pub(crate) stdin: bool,
    /// Attribute paths to print.
    pub(crate) paths: Vec<Vec<u8>>,
    pub(crate) format: Format,
    pub(crate) strict: bool,
    /// The amount of messages besides the output; 0 is the default.
    pub(crate) verbosity: i32,
    /// Flags said that no store is written. `--eval` says so too, unless `writes` is set.
    pub(crate) read_only: bool,
    pub(crate) writes: bool,
    /// Positions in XML.
    pub(crate) location: bool,
    pub(crate) automatic: BTreeMap<String, Automatic>,
    /// A function that the value is given to before it is printed.
    pub(crate) apply: Option<Vec<u8>>,
    /// Entries of the search path, before all others.
    pub(crate) includes: Vec<Vec<u8>>,
    /// Local copies of what programs fetch, as `WHAT=PATH`.
    pub(crate) sources: Vec<Vec<u8>>,
    /// Files are parsed, whatever was kept of them, and nothing is kept.
    pub(crate) no_cache: bool,
    /// Nothing is downloaded, and what was is up to date.
    pub(crate) offline: bool,
    /// Downloads are out of date.
    pub(crate) refresh: bool,
    /// Output for locked flakes is kept.
    pub(crate) keeps_values: bool,
    /// Where to write the derivations that are computed.
    pub(crate) drv_dir: Option<Vec<u8>>,
    /// The file of a prepared session.
    pub(crate) present: Option<Vec<u8>>,
    /// Evaluations stop where they fail.
    pub(crate) debugger: bool,
    /// Assigned settings, in order.
    pub(crate) settings: Vec<Assignment>,
    /// Experimental features without which flags mean nothing.
    pub(crate) needed_features: Vec<&'static str>,
    /// Warnings about the flags.
    pub(crate) warnings: Vec<String>,
    pub(crate) error_format: Option<ErrorFormat>,
    /// `--trace-caught`: tell what `tryEval` catches.
    pub(crate) trace_caught: bool,
    pub(crate) eval: EvalOptions,
    pub(crate) jobs: JobsOptions,
    pub(crate) flakes: FlakeOptions,
    /// Tasks asked for by flags.
    pub(crate) asked: Vec<Task>,
    /// A flag that makes sense only when something is evaluated.
    pub(crate) batch_flag: Option<&'static str>,
}

impl Arguments {
    /// True if evaluation depends on nothing but what the command line names, unless it says otherwise.
    pub(crate) fn is_pure(&self) -> bool {
        self.command == Command::Eval || self.task == Task::Flake || self.flakes.flake.is_some()
    }

    /// True if the command line means a flake, says something of one, or leads to where flakes can be loaded.
    pub(crate) fn is_about_flakes(&self) -> bool {
        let flags = &self.flakes;
        let has_program = self.eval.expression.is_some() || self.eval.file.is_some();
        matches!(self.task, Task::Flake | Task::Repl)
            || (self.task == Task::Eval && !has_program)
            || flags.flake.is_some()
            || !(flags.overrides.is_empty() && flags.registry.is_empty() && flags.inputs_from.is_empty())
    }

    /// The advice where to read more, after a wrong use of the program.
    pub(crate) fn try_help(&self) -> String {
        let command = if self.program == Program::Nix { "" } else { self.command.name() };
        let words = [self.program.name(), command].into_iter().filter(|word| !word.is_empty());
        format!("Try '{} --help' for more information.", words.collect::<Vec<_>>().join(" "))
    }
}

/// An error of the command line.
pub(crate) fn usage(message: impl Into<String>) -> Error {
    ErrorKind::Usage(message.into()).into()
}

/// A word as text; bytes that are not UTF-8 are lost.
pub(crate) fn lossy(word: Option<Vec<u8>>) -> String {
    String::from_utf8_lossy(&word.unwrap_or_default()).into_owned()
}

//! The options of commands: those that all have in common, and a struct for each kind.

use crate::command_line::shard::Shard;
use crate::output::builds::Logs;
use crate::output::style::ErrorFormat;
use crate::output::theme::Theme;
use std::collections::BTreeMap;

/// The formats of values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Format {
    /// Nix text.
    #[default]
    Plain,
    /// A string's bytes and nothing else.
    Raw,
    /// JSON.
    Json,
    /// XML.
    Xml,
}

/// The source of an argument that functions are called with automatically.
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

/// A setting and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Assignment {
    pub(crate) name: String,
    pub(crate) value: String,
    /// A wrong value is a warning, not an error.
    pub(crate) lenient: bool,
}

/// Options of all commands that evaluate.
#[derive(Clone, Debug)]
pub(crate) struct Common {
    /// Files, expressions or names: the words that are neither flags nor their values.
    pub(crate) inputs: Vec<Vec<u8>>,
    /// `--stdin`: standard input has more of them.
    pub(crate) reads_stdin: bool,
    /// The inputs are expressions.
    pub(crate) expressions: bool,
    pub(crate) format: Format,
    /// JSON over several lines; `None` leaves it to the terminal.
    pub(crate) pretty: Option<bool>,
    /// The amount of messages besides the output; 0 is the default.
    pub(crate) verbosity: i32,
    /// FlagValues said that no store is written. `--eval` says so too, unless `writes` is set.
    pub(crate) read_only: bool,
    pub(crate) writes: bool,
    pub(crate) automatic: BTreeMap<String, Automatic>,
    /// Entries of the search path, before all others.
    pub(crate) includes: Vec<Vec<u8>>,
    /// Local copies of what programs fetch, as `WHAT=PATH`.
    pub(crate) sources: Vec<Vec<u8>>,
    /// Files are parsed, whatever was kept of them, and nothing is kept.
    pub(crate) no_cache: bool,
    /// Nothing is downloaded, and earlier downloads are up to date.
    pub(crate) offline: bool,
    /// Earlier downloads are out of date.
    pub(crate) refresh: bool,
    /// Output for locked flakes is kept.
    pub(crate) keeps_values: bool,
    /// The folder for the derivations that are computed.
    pub(crate) drv_dir: Option<Vec<u8>>,
    /// Evaluations stop where they fail.
    pub(crate) debugger: bool,
    /// The limit of memory in MiB: for all of the evaluation, or for each worker of `jobs`.
    pub(crate) max_memory_size: Option<u32>,
    /// Assigned settings, in order.
    pub(crate) settings: Vec<Assignment>,
    /// Experimental features without which flags mean nothing.
    pub(crate) needed_features: Vec<&'static str>,
    /// Warnings about the flags.
    pub(crate) warnings: Vec<String>,
    pub(crate) error_format: Option<ErrorFormat>,
    /// `--theme`: the colours for people.
    pub(crate) theme: Theme,
    /// `--trace-caught`: tell what `tryEval` catches.
    pub(crate) trace_caught: bool,
    /// `--print-build-logs`: print the lines of build logs.
    pub(crate) prints_logs: bool,
    /// `--no-build-output`: don't, where that is usual.
    pub(crate) hides_logs: bool,
    /// `--log-format`
    pub(crate) logs: Option<Logs>,
    pub(crate) flakes: LockFlags,
}

impl Default for Common {
    fn default() -> Self {
        Self {
            inputs: Vec::new(),
            reads_stdin: false,
            expressions: false,
            format: Format::Plain,
            pretty: None,
            verbosity: 0,
            read_only: false,
            writes: false,
            automatic: BTreeMap::new(),
            includes: Vec::new(),
            sources: Vec::new(),
            no_cache: false,
            offline: false,
            refresh: false,
            keeps_values: true,
            drv_dir: None,
            debugger: false,
            max_memory_size: None,
            settings: Vec::new(),
            needed_features: Vec::new(),
            warnings: Vec::new(),
            error_format: None,
            theme: Theme::Auto,
            trace_caught: false,
            prints_logs: false,
            hides_logs: false,
            logs: None,
            flakes: LockFlags::default(),
        }
    }
}

/// The flakes that are meant, and the changes of their lock files.
#[derive(Clone, Debug, Default)]
pub(crate) struct LockFlags {
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
}

/// Options of `--eval` and its kin.
#[derive(Clone, Debug, Default)]
pub(crate) struct ClassicOptions {
    /// `-`: standard input is a file too, the first.
    pub(crate) stdin: bool,
    /// Attribute paths to print.
    pub(crate) paths: Vec<Vec<u8>>,
    pub(crate) strict: bool,
    /// XML without positions.
    pub(crate) no_location: bool,
    /// `--add-root`: where derivations are linked.
    pub(crate) root: Option<Vec<u8>>,
    /// `--no-gc-warning`
    pub(crate) warns_not: bool,
}

/// A program that `eval` or `repl` names; a flake or files without one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Source {
    /// `--expr`: a program.
    pub(crate) expression: Option<Vec<u8>>,
    /// `--file`: a file with one.
    pub(crate) file: Option<Vec<u8>>,
}

impl Source {
    /// True if a program is named.
    pub(crate) fn is_given(&self) -> bool {
        self.expression.is_some() || self.file.is_some()
    }
}

/// Options of `repl`.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReplOptions {
    pub(crate) source: Source,
    /// `--present`: the file of a prepared session.
    pub(crate) present: Option<Vec<u8>>,
}

/// Options of `eval`.
#[derive(Clone, Debug, Default)]
pub(crate) struct EvalOptions {
    pub(crate) source: Source,
    /// `--raw`: a string's bytes and nothing else.
    pub(crate) raw: bool,
    /// `--write-to`: where to write strings as files.
    pub(crate) write_to: Option<Vec<u8>>,
    /// `--apply`: a function that the value is given to before it is printed.
    pub(crate) apply: Option<Vec<u8>>,
}

/// Options of `build`.
#[derive(Clone, Debug)]
pub(crate) struct BuildOptions {
    pub(crate) source: Source,
    /// The name of the links to the results; `None` for no links.
    pub(crate) out_link: Option<Vec<u8>>,
    /// `--print-out-paths`
    pub(crate) prints_paths: bool,
    /// `--dry-run`: tell what would be done.
    pub(crate) dry_run: bool,
    /// `--rebuild`: build again, and compare.
    pub(crate) rebuilds: bool,
    /// `--repair`: replace outputs that are damaged.
    pub(crate) repairs: bool,
}

impl Default for BuildOptions {
    fn default() -> Self {
        Self {
            source: Source::default(),
            out_link: Some(b"result".to_vec()),
            prints_paths: false,
            dry_run: false,
            rebuilds: false,
            repairs: false,
        }
    }
}

/// Options of the commands that start programs: `run`, `shell`, `develop` and `nix-shell`.
#[derive(Clone, Debug, Default)]
pub(crate) struct RunOptions {
    pub(crate) source: Source,
    /// `--command` and `--run`: what to start.
    pub(crate) command: Vec<Vec<u8>>,
    /// `--run`: nobody types there.
    pub(crate) not_interactive: bool,
    /// `--ignore-env`: the environment is empty, but for what is kept.
    pub(crate) ignores_environment: bool,
    /// `--keep-env-var`
    pub(crate) kept: Vec<Vec<u8>>,
    /// `--unset-env-var`
    pub(crate) unset: Vec<Vec<u8>>,
    /// `--set-env-var`: names and values.
    pub(crate) set: Vec<(Vec<u8>, Vec<u8>)>,
    /// `--packages`: words are packages.
    pub(crate) packages: bool,
    /// `--pure`: the environment is nearly empty.
    pub(crate) pure: bool,
    /// `--exclude`: regular expressions for inputs that are not built.
    pub(crate) excluded: Vec<Vec<u8>>,
    /// `--phase`: the phase of a build to run.
    pub(crate) phase: Option<Vec<u8>>,
    /// `--redirect`: what is replaced in the environment, and the folders that replace it.
    pub(crate) redirects: Vec<(Vec<u8>, Vec<u8>)>,
    /// `--profile`: the profile that keeps the environment.
    pub(crate) profile: Option<Vec<u8>>,
    /// The script that has the command line.
    pub(crate) script: Option<Script>,
    /// `-i` in a script: what it is run by.
    pub(crate) interpreter: Option<Vec<u8>>,
}

/// A script, and its arguments.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    pub(crate) path: Vec<u8>,
    pub(crate) arguments: Vec<Vec<u8>>,
}

/// Options of the commands about the store.
#[derive(Clone, Debug, Default)]
pub(crate) struct StoreOptions {
    pub(crate) source: Source,
    /// `--recursive`
    pub(crate) recursive: bool,
    /// `--derivation`: derivations are meant, not their outputs.
    pub(crate) derivations: bool,
    /// `--size`
    pub(crate) sizes: bool,
    /// `--closure-size`
    pub(crate) closure_sizes: bool,
    /// `--human-readable`
    pub(crate) human_readable: bool,
    /// `--sigs`
    pub(crate) signatures: bool,
    /// `--json-format`
    pub(crate) json_format: Option<u8>,
    /// `--dry-run`
    pub(crate) dry_run: bool,
    /// `--name`
    pub(crate) name: Option<Vec<u8>>,
    /// `--mode`
    pub(crate) mode: Option<Vec<u8>>,
    /// `--hash-algo`
    pub(crate) algorithm: Option<Vec<u8>>,
    /// `--long`
    pub(crate) long: bool,
    /// `--directory`
    pub(crate) only_folders: bool,
}

/// Options of `jobs`.
#[derive(Clone, Debug, Default)]
pub(crate) struct JobsOptions {
    /// The number of processes that evaluate.
    pub(crate) workers: Option<u32>,
    /// Print `meta`.
    pub(crate) meta: bool,
    /// Look into all sets.
    pub(crate) force_recurse: bool,
    /// A function that the root is given to first.
    pub(crate) select: Option<Vec<u8>>,
    /// `--apply`: a function that each derivation is given to.
    pub(crate) apply: Option<Vec<u8>>,
    /// Print what aggregate jobs consist of.
    pub(crate) constituents: bool,
    /// Print the derivations that one needs.
    pub(crate) show_input_drvs: bool,
    /// Don't look into derivations: `system` is what the attribute says.
    pub(crate) no_instantiate: bool,
    /// Don't print what evaluating took.
    pub(crate) no_stats: bool,
    /// Print whether outputs are there or can be downloaded.
    pub(crate) cache_status: bool,
    /// `--gc-roots-dir`: the folder where derivations are linked.
    pub(crate) roots: Option<Vec<u8>>,
    /// `--against`: the lines of an earlier run; only what differs is printed.
    pub(crate) against: Option<Vec<u8>>,
    /// `--text`: what differs is printed for people.
    pub(crate) text: bool,
    /// Give the answers of the last run again where nothing has changed.
    pub(crate) incremental: bool,
    /// `--shard`: the part of the attributes that is printed.
    pub(crate) shard: Option<Shard>,
    /// This process is a worker, started by another that has the same command line, with this memory limit in MiB.
    pub(crate) worker: Option<u32>,
}

/// Options of `flake`.
#[derive(Clone, Debug, Default)]
pub(crate) struct FlakeOptions {
    /// `--template` of `flake init`.
    pub(crate) template: Option<Vec<u8>>,
    /// `--out-link` of `flake prefetch`.
    pub(crate) out_link: Option<Vec<u8>>,
    /// `--all-systems`
    pub(crate) all_systems: bool,
    /// `--legacy`: show `legacyPackages`.
    pub(crate) legacy: bool,
    /// `--dest` of `flake clone`.
    pub(crate) destination: Option<Vec<u8>>,
    /// `--dry-run` of `flake archive`.
    pub(crate) dry_run: bool,
    /// `--to` of `flake archive`: the address of another store.
    pub(crate) to: Option<Vec<u8>>,
    /// `--incremental` of `flake show` and `flake check`: the results of the last run are used where nothing has changed.
    pub(crate) incremental: bool,
    /// `--no-build` of `flake check`.
    pub(crate) builds_nothing: bool,
    /// `--keep-going`: check the rest after something that is wrong.
    pub(crate) keeps_going: bool,
}

//! The options of an engine, as plain data.

use crate::flake_ref::RegistryEntry;
use crate::heap::Collection;

/// One entry of the search path that `<name>` is looked up in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchPathEntry {
    /// The first part of its names; empty for all names.
    pub prefix: Vec<u8>,
    /// The directory or file.
    pub path: Vec<u8>,
}

/// A local copy of an input that a program fetches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalSource {
    /// The address of the input, or its hash in any format.
    pub of: Vec<u8>,
    /// The file or directory to use.
    pub path: Vec<u8>,
}

/// The options of an engine. The default has C++ Nix's own limits and no others: programs can read the files and the
/// environment that its [`Io`](crate::io::Io) shows. `front::Nix` has safe defaults.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// The largest depth of nested calls; C++ Nix's `max-call-depth`.
    pub max_call_depth: u32,
    /// The memory limit of the heap, in bytes.
    pub memory_limit: usize,
    /// The number of cores that an evaluation may use; 0 for all. With more than one, threads do work ahead of time that
    /// has no effects, so results don't depend on it.
    pub eval_cores: u32,
    /// When values that nothing refers to are freed.
    pub collection: Collection,
    /// The stack limit of an evaluation, in bytes. The stack is smaller if the system has less.
    pub stack_size: usize,
    /// The value of `builtins.nixPath`, in order.
    pub search_path: Vec<SearchPathEntry>,
    /// The value of `builtins.currentSystem`.
    pub system: String,
    /// The value of `builtins.storeDir`.
    pub store_dir: String,
    /// The home directory, for `~/x`.
    pub home: Vec<u8>,
    /// The names of enabled experimental features, for example `pipe-operators`.
    pub features: Vec<String>,
    /// No impure builtins, and no files except those that the evaluation itself puts into the store; C++ Nix's
    /// `pure-eval`.
    pub pure: bool,
    /// Only files that the search path leads to, and no environment; C++ Nix's `restrict-eval`.
    pub restricted: bool,
    /// With `restricted`: further files and folders that may be read.
    pub allowed_paths: Vec<Vec<u8>>,
    /// With `restricted`: the addresses that may be fetched, or their prefixes.
    pub allowed_uris: Vec<String>,
    /// Errors list each call on the way; C++ Nix's `--show-trace`.
    pub call_traces: bool,
    /// A failed value that is needed again shows the trace of the first time, as in C++ Nix. If false, its error does
    /// not depend on earlier evaluations.
    pub lasting_traces: bool,
    /// Enable `traceVerbose`.
    pub trace_verbose: bool,
    /// Report errors that `tryEval` catches.
    pub trace_caught: bool,
    /// Report the beginning and end of calls.
    pub trace_function_calls: bool,
    /// Report the files that are evaluated.
    pub tell_files: bool,
    /// Outputs of derivations may be read if they exist; C++ Nix's `allow-import-from-derivation`.
    pub import_from_derivation: bool,
    /// Warn of outputs of derivations that are read.
    pub trace_import_from_derivation: bool,
    /// The actions for discouraged literals.
    pub lints: Lints,
    /// `builtins.warn` aborts.
    pub abort_on_warn: bool,
    /// The debugger stops after messages of `builtins.trace`, and at warnings.
    pub debugger_on_trace: bool,
    /// The debugger stops after messages of `builtins.warn`.
    pub debugger_on_warn: bool,
    /// The debugger does not stop at errors while `tryEval` evaluates.
    pub ignore_try: bool,
    /// Keep the text of every computed `.drv` file, for [`Eval::computed`](crate::Eval::computed).
    pub keep_derivations: bool,
    /// Write nothing but fetched trees into the store: [`Eval::save`](crate::Eval::save) does nothing.
    pub read_only: bool,
    /// Local copies of inputs that programs fetch.
    pub sources: Vec<LocalSource>,
    /// Options for registries and for locking flakes.
    pub flakes: FlakeSettings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            max_call_depth: 10_000,
            memory_limit: usize::MAX,
            eval_cores: 1,
            collection: Collection::default(),
            stack_size: 8 << 30,
            search_path: Vec::new(),
            system: format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS),
            store_dir: "/nix/store".to_owned(),
            home: b"/".to_vec(),
            features: Vec::new(),
            pure: false,
            restricted: false,
            allowed_paths: Vec::new(),
            allowed_uris: Vec::new(),
            call_traces: true,
            lasting_traces: true,
            trace_verbose: false,
            trace_caught: false,
            trace_function_calls: false,
            tell_files: false,
            import_from_derivation: true,
            trace_import_from_derivation: false,
            lints: Lints::default(),
            abort_on_warn: false,
            debugger_on_trace: false,
            debugger_on_warn: false,
            ignore_try: false,
            keep_derivations: false,
            read_only: true,
            sources: Vec::new(),
            flakes: FlakeSettings::default(),
        }
    }
}

impl Settings {
    /// True if an evaluation may use more than one core, if there are more.
    pub(crate) fn allows_cores(&self) -> bool {
        self.eval_cores != 1
    }

    /// True if the experimental feature is on. `flakes` includes `fetch-tree`.
    pub fn has_feature(&self, name: &str) -> bool {
        self.features.iter().any(|feature| feature == name || (feature == "flakes" && name == "fetch-tree"))
    }
}

/// The action for a discouraged literal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lint {
    /// Nothing.
    #[default]
    Ignore,
    /// Warns when the file is read.
    Warn,
    /// A syntax error.
    Fatal,
}

/// The action for each kind of discouraged literal.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lints {
    /// `https://example.org` without quotes.
    pub url_literals: Lint,
    /// `a/b` without `./`.
    pub short_path_literals: Lint,
    /// `/a/b` and `~/a`.
    pub absolute_path_literals: Lint,
    /// CRLF in `''…''`, where the CR becomes part of the value.
    pub carriage_returns: Lint,
    /// Tabs in the indentation of `''…''`, which are not removed.
    pub tab_indentation: Lint,
}

/// The configuration of flakes.
#[derive(Clone, Debug)]
pub struct FlakeSettings {
    /// Look names up in registries; C++ Nix's `use-registries`.
    pub use_registries: bool,
    /// The address of the global registry, or its absolute path; empty for none. C++ Nix's `flake-registry`.
    pub global_registry: String,
    /// The user's own registry. It need not exist.
    pub user_registry: Option<Vec<u8>>,
    /// The registry of this machine. It need not exist.
    pub system_registry: Option<Vec<u8>>,
    /// The entries from the command line, which precede all registries.
    pub flag_registry: Vec<RegistryEntry>,
    /// Lock files may have inputs with only a hash; C++ Nix's `allow-dirty-locks`.
    pub allow_dirty_locks: bool,
    /// Allow Git work trees with changes; C++ Nix's `allow-dirty`.
    pub allow_dirty: bool,
    /// Warn about Git work trees with changes, and about a lock file that is not written because of them; C++ Nix's
    /// `warn-dirty`.
    pub warn_dirty: bool,
    /// A commit is enough to lock an archive from a forge; C++ Nix's `trust-tarballs-from-git-forges`.
    pub trust_forges: bool,
    /// Apply the configuration requests of flakes without asking; C++ Nix's `accept-flake-config`.
    pub accept_config: bool,
    /// The first line of the commit messages for lock files, if it is not empty; C++ Nix's
    /// `commit-lock-file-summary`.
    pub commit_summary: String,
}

impl Default for FlakeSettings {
    /// C++ Nix's defaults, but without registries.
    fn default() -> Self {
        Self {
            use_registries: true,
            global_registry: String::new(),
            user_registry: None,
            system_registry: None,
            flag_registry: Vec::new(),
            allow_dirty_locks: false,
            allow_dirty: true,
            warn_dirty: true,
            trust_forges: true,
            accept_config: false,
            commit_summary: String::new(),
        }
    }
}

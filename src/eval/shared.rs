//! The state that lasts from one evaluation to the next: settings, tables, loaded units, caches.

use crate::error::Error;
use crate::fetch::{Fetch, NoFetch};
use crate::flake::{FlakeSettings, Memory};
use crate::heap::{CodeRef, Heap, RootId, Scope, Symbol};
use crate::io::{Console, CountedConsole, Io};
use crate::lower::Lints;
use crate::source::Sources;
use crate::store::known::Known;
use crate::symbol::Symbols;
use crate::value::context::Contexts;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use super::builtin::Builtin;
use super::cached::Caching;
use super::debug::Debugger;
use super::unit::Units;
use super::world::World;

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

/// The options of an embedder. `Settings::default()` is a pure computation without limits beyond C++ Nix's own.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// The largest depth of nested calls; C++ Nix's `max-call-depth`.
    pub max_call_depth: u32,
    /// The memory limit of the heap, in bytes.
    pub memory_limit: usize,
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
    /// Keep the text of every computed `.drv` file, for [`Eval::known`](crate::Eval::known).
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
            stack_size: 8 << 30,
            search_path: Vec::new(),
            system: format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS),
            store_dir: "/nix/store".to_owned(),
            home: b"/".to_vec(),
            features: Vec::new(),
            pure: false,
            restricted: false,
            allowed_uris: Vec::new(),
            call_traces: true,
            lasting_traces: true,
            trace_verbose: false,
            trace_caught: false,
            trace_function_calls: false,
            tell_files: false,
            import_from_derivation: true,
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
    /// True if the experimental feature is on. `flakes` includes `fetch-tree`.
    pub fn has_feature(&self, name: &str) -> bool {
        self.features.iter().any(|feature| feature == name || (feature == "flakes" && name == "fetch-tree"))
    }
}

/// The resolved path of a file, and the names around it.
pub(crate) type Scoped = (Vec<u8>, Vec<Symbol>);

/// The state shared by all evaluations of one engine. Interior mutability throughout: one thread uses it at a time.
pub(crate) struct Shared {
    pub(crate) settings: Settings,
    pub(crate) io: Rc<World>,
    pub(crate) console: CountedConsole,
    /// The cache of lowered files, if there is one.
    pub(crate) caching: Option<Caching>,
    pub(crate) heap: Heap,
    pub(crate) symbols: Symbols,
    pub(crate) sources: Sources,
    pub(crate) contexts: Contexts,
    pub(crate) units: Units,
    /// All builtins; a [`crate::heap::BuiltinId`] is an index.
    pub(crate) builtins: Vec<&'static Builtin>,
    /// The global scope: `true`, `map`, `__add`, …
    pub(crate) globals: RefCell<FxHashMap<Symbol, RootId>>,
    /// The set `builtins`.
    pub(crate) builtins_set: OnceCell<RootId>,
    /// The search path entries that were checked.
    pub(crate) search_entries: RefCell<FxHashSet<Vec<u8>>>,
    /// The locations of downloaded search path entries.
    pub(crate) search_urls: RefCell<FxHashMap<Vec<u8>, Vec<u8>>>,
    /// The results of imported files, by resolved path.
    pub(crate) imports: RefCell<FxHashMap<Vec<u8>, RootId>>,
    /// Files loaded with names around them, by resolved path and these names, each with the code of its text.
    pub(crate) scoped: RefCell<FxHashMap<Scoped, CodeRef>>,
    /// The errors of failed thunks.
    pub(crate) errors: RefCell<Vec<Error>>,
    /// Compiled regular expressions, by source.
    pub(crate) regexes: RefCell<FxHashMap<Vec<u8>, crate::codec::regex::Regex>>,
    /// The time of the first request, in seconds since 1970.
    pub(crate) time: Cell<Option<i64>>,
    /// The computed store entries.
    pub(crate) known: Known,
    /// The fetcher.
    pub(crate) fetcher: Rc<dyn Fetch>,
    /// The engine's knowledge about flakes.
    pub(crate) flakes: Memory,
    /// The debugger, if there is one.
    pub(crate) debugger: Option<Rc<dyn Debugger>>,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Shared {
    /// Empty tables around a heap. The builtins are installed afterwards, from inside.
    pub(crate) fn new(
        settings: Settings,
        io: Box<dyn Io>,
        console: Rc<dyn Console>,
        heap: Heap,
        builtins: Vec<&'static Builtin>,
    ) -> Self {
        let symbols = Symbols::default();
        heap.enter(|scope| symbols.intern_known(scope));
        Self {
            io: Rc::new(World::new(io, &settings)),
            console: CountedConsole::new(console),
            caching: None,
            settings,
            heap,
            symbols,
            sources: Sources::default(),
            contexts: Contexts::default(),
            units: Units::default(),
            builtins,
            globals: RefCell::default(),
            builtins_set: OnceCell::new(),
            search_entries: RefCell::default(),
            search_urls: RefCell::default(),
            imports: RefCell::default(),
            scoped: RefCell::default(),
            errors: RefCell::default(),
            regexes: RefCell::default(),
            time: Cell::new(None),
            known: Known::default(),
            fetcher: Rc::new(NoFetch),
            flakes: Memory::default(),
            debugger: None,
        }
    }

    /// Stores the error of a failed thunk, for as long as the heap keeps the thunk.
    pub(crate) fn remember_error(&self, scope: Scope<'_>, error: Error) -> u32 {
        scope.count_bytes(error.bytes());
        let mut errors = self.errors.borrow_mut();
        errors.push(error);
        (errors.len() - 1) as u32
    }

    /// The error with a number.
    pub(crate) fn remembered_error(&self, number: u32) -> Error {
        let errors = self.errors.borrow();
        errors.get(number as usize).cloned().unwrap_or_else(|| Error::eval("a failed value lost its error"))
    }
}

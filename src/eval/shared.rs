//! What lasts from one evaluation to the next: settings, tables, loaded units, caches.

use crate::builtins::Builtin;
use crate::error::Error;
use crate::fetch::{Fetch, NoFetch};
use crate::flake::{FlakeSettings, Memory};
use crate::heap::{CodeRef, Heap, RootId, Scope, Symbol};
use crate::io::Io;
use crate::lower::Lints;
use crate::source::Sources;
use crate::store::known::Known;
use crate::symbol::Symbols;
use crate::value::context::Contexts;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use super::cached::Caching;
use super::debug::Debugger;
use super::unit::Units;
use super::world::World;

/// One entry of the search path that `<name>` is looked up in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchPathEntry {
    /// The first part of the names it provides; empty for all.
    pub prefix: Vec<u8>,
    /// The directory or file.
    pub path: Vec<u8>,
}

/// A local copy of something that a program fetches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalSource {
    /// The address that it is fetched from, or its hash in any format.
    pub of: Vec<u8>,
    /// The file or directory to take.
    pub path: Vec<u8>,
}

/// What an embedder can decide. `Settings::default()` is a pure computation without limits beyond C++ Nix's own.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// How deep calls may nest; C++ Nix's `max-call-depth`.
    pub max_call_depth: u32,
    /// Most bytes the heap may take.
    pub memory_limit: usize,
    /// Most bytes of stack an evaluation may use. Less is used where the system doesn't give as much.
    pub stack_size: usize,
    /// The value of `builtins.nixPath`, in order.
    pub search_path: Vec<SearchPathEntry>,
    /// The value of `builtins.currentSystem`.
    pub system: String,
    /// The value of `builtins.storeDir`.
    pub store_dir: String,
    /// The home directory, for `~/x`.
    pub home: Vec<u8>,
    /// Names of experimental features that are on, as `pipe-operators`.
    pub features: Vec<String>,
    /// No impure builtins, and no files but those that the evaluation itself puts into the store, as C++ Nix's `pure-eval`.
    pub pure: bool,
    /// Only files that the search path leads to, and no environment, as C++ Nix's `restrict-eval`.
    pub restricted: bool,
    /// With `restricted`: what may be fetched; addresses, or what they begin with.
    pub allowed_uris: Vec<String>,
    /// Errors tell of each call on the way, as C++ Nix does with `--show-trace`.
    pub call_traces: bool,
    /// A failed value that is needed again tells what it came through the first time, as C++ Nix does. Without, its error
    /// doesn't depend on what was evaluated before.
    pub lasting_traces: bool,
    /// `traceVerbose` traces.
    pub trace_verbose: bool,
    /// Tell what `tryEval` catches.
    pub trace_caught: bool,
    /// Tell when calls begin and end.
    pub trace_function_calls: bool,
    /// Tell which files are evaluated.
    pub tell_files: bool,
    /// What a derivation makes may be read, if only it were there: C++ Nix's `allow-import-from-derivation`.
    pub import_from_derivation: bool,
    /// What to say of discouraged literals.
    pub lints: Lints,
    /// `builtins.warn` aborts.
    pub abort_on_warn: bool,
    /// The debugger stops after what `builtins.trace` says, and at warnings.
    pub debugger_on_trace: bool,
    /// The debugger stops after what `builtins.warn` says.
    pub debugger_on_warn: bool,
    /// The debugger does not stop at errors while `tryEval` evaluates.
    pub ignore_try: bool,
    /// Keep the text of every `.drv` file that is computed, for [`Eval::known`](crate::Eval::known) to give.
    pub keep_derivations: bool,
    /// Nothing is written into the store but what is fetched: [`Eval::save`](crate::Eval::save) does nothing.
    pub read_only: bool,
    /// Local copies of what programs fetch.
    pub sources: Vec<LocalSource>,
    /// Registries, and how flakes are locked.
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
    /// True if the experimental feature is on. `flakes` brings `fetch-tree` with it.
    pub fn has_feature(&self, name: &str) -> bool {
        self.features.iter().any(|feature| feature == name || (feature == "flakes" && name == "fetch-tree"))
    }
}

/// The resolved path of a file, and the names around it.
pub(crate) type Scoped = (Vec<u8>, Vec<Symbol>);

/// Everything that evaluations of one engine share. Interior mutability throughout: one thread uses it at a time.
pub(crate) struct Shared {
    pub(crate) settings: Settings,
    pub(crate) io: Rc<World>,
    /// Where lowered files are kept, if they are.
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
    /// Entries of search paths that were looked at.
    pub(crate) search_entries: RefCell<FxHashSet<Vec<u8>>>,
    /// Where entries of search paths lie that were downloaded.
    pub(crate) search_urls: RefCell<FxHashMap<Vec<u8>, Vec<u8>>>,
    /// Results of files already imported, by resolved path.
    pub(crate) imports: RefCell<FxHashMap<Vec<u8>, RootId>>,
    /// Files loaded with names around them, by resolved path and those names, each by the code of its text.
    pub(crate) scoped: RefCell<FxHashMap<Scoped, CodeRef>>,
    /// Errors remembered by failed thunks.
    pub(crate) errors: RefCell<Vec<Error>>,
    /// Compiled regular expressions, by source.
    pub(crate) regexes: RefCell<FxHashMap<Vec<u8>, crate::codec::regex::Regex>>,
    /// Seconds since 1970 when first asked.
    pub(crate) time: Cell<Option<i64>>,
    /// What was computed of the store.
    pub(crate) known: Known,
    /// Who fetches.
    pub(crate) fetcher: Rc<dyn Fetch>,
    /// What is known of flakes.
    pub(crate) flakes: Memory,
    /// Who is asked where an evaluation stops.
    pub(crate) debugger: Option<Rc<dyn Debugger>>,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Shared {
    /// Empty tables around a heap. The builtins are installed afterwards, from inside.
    pub(crate) fn new(settings: Settings, io: Box<dyn Io>, heap: Heap) -> Self {
        let symbols = Symbols::default();
        heap.enter(|scope| symbols.intern_known(scope));
        Self {
            io: Rc::new(World::new(io, &settings)),
            caching: None,
            settings,
            heap,
            symbols,
            sources: Sources::default(),
            contexts: Contexts::default(),
            units: Units::default(),
            builtins: crate::builtins::all().collect(),
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

    /// Remembers an error for a thunk that failed, for as long as the heap keeps the thunk.
    pub(crate) fn remember_error(&self, scope: Scope<'_>, error: Error) -> u32 {
        scope.count_bytes(error.bytes());
        let mut errors = self.errors.borrow_mut();
        errors.push(error);
        (errors.len() - 1) as u32
    }

    /// The error remembered under a number.
    pub(crate) fn remembered_error(&self, number: u32) -> Error {
        let errors = self.errors.borrow();
        errors.get(number as usize).cloned().unwrap_or_else(|| Error::eval("a failed value lost its error"))
    }
}

//! The state that lasts from one evaluation to the next: settings, tables, loaded units, caches.

use crate::ahead::LoweringAhead;
use crate::error::Error;
use crate::fetch::{Fetch, NoFetch};
use crate::heap::{CodeRef, Heap, LiveErrors, RootId, Scope, Symbol};
use crate::io::{Console, Io};
use crate::record::{Recorder, SetId};
use crate::settings::Settings;
use crate::source::Sources;
use crate::store::computed::ComputedStore;
use crate::symbol::Symbols;
use crate::value::context::Contexts;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use super::builtin::Builtin;
use super::debug::Debugger;
use super::host::cached::Caching;
use super::host::flake_cache::{FlakeCache, FlakeResolver};
use super::host_functions::HostFunctions;
use super::profile::Profiler;
use super::remembered::Remembered;
use super::unit::Units;
use crate::world::view::WorldView;

/// The resolved path of a file, and the names around it.
pub(crate) type Scoped = (Vec<u8>, Vec<Symbol>);

/// The state shared by all evaluations of one engine. Interior mutability throughout: one thread uses it at a time.
pub(crate) struct Shared {
    pub(crate) settings: Settings,
    pub(crate) world: Rc<WorldView>,
    pub(crate) console: Rc<dyn Console>,
    /// The cache of lowered files, if there is one.
    pub(crate) caching: Option<Caching>,
    pub(crate) heap: Heap,
    pub(crate) symbols: Symbols,
    pub(crate) sources: Sources,
    pub(crate) contexts: Contexts,
    pub(crate) units: Units,
    /// All builtins; a [`crate::heap::BuiltinId`] is an index.
    pub(crate) builtins: Vec<&'static Builtin>,
    /// The functions of the embedder, which are numbered after the builtins.
    pub(crate) host_functions: HostFunctions,
    /// The global scope: `true`, `map`, `__add`, …
    pub(crate) globals: RefCell<FxHashMap<Symbol, RootId>>,
    /// The set `builtins`.
    pub(crate) builtins_set: OnceCell<RootId>,
    /// The search path entries that were checked.
    pub(crate) search_entries: RefCell<FxHashSet<Vec<u8>>>,
    /// The locations of downloaded search path entries.
    pub(crate) search_urls: RefCell<FxHashMap<Vec<u8>, Vec<u8>>>,
    /// The results of imported files, by resolved path, with what loading them asked.
    pub(crate) imports: RefCell<FxHashMap<Vec<u8>, (RootId, SetId)>>,
    /// Files loaded with names around them, by resolved path and these names, each with the code of its text.
    pub(crate) scoped: RefCell<FxHashMap<Scoped, CodeRef>>,
    /// The texts of embedders that were loaded, by digest.
    pub(crate) texts: RefCell<FxHashMap<[u8; 32], CodeRef>>,
    /// The errors of failed thunks.
    pub(crate) errors: RefCell<Remembered>,
    /// Compiled regular expressions, by source.
    pub(crate) regexes: RefCell<FxHashMap<Vec<u8>, crate::codec::regex::Regex>>,
    /// The core that lowers files ahead of time, once there are any; `None` if there is no such core.
    pub(crate) ahead: OnceCell<Option<LoweringAhead>>,
    /// The time of the first request, in seconds since 1970.
    pub(crate) time: Cell<Option<i64>>,
    /// The computed store entries.
    pub(crate) computed: ComputedStore,
    /// The fetcher.
    pub(crate) fetcher: Rc<dyn Fetch>,
    /// The engine's knowledge about flakes.
    pub(crate) flakes: FlakeCache,
    /// Finds the tree of a flake reference.
    pub(crate) flake_resolver: FlakeResolver,
    /// The recorder of what parts of an evaluation depend on, if there is one.
    pub(crate) recorder: Option<Rc<Recorder>>,
    /// The debugger, if there is one.
    pub(crate) debugger: Option<Rc<dyn Debugger>>,
    /// The profiler, if there is one.
    pub(crate) profiler: Option<RefCell<Profiler>>,
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
        flake_resolver: FlakeResolver,
    ) -> Self {
        let symbols = Symbols::default();
        heap.enter(|scope| symbols.intern_known(scope));
        Self {
            world: Rc::new(WorldView::new(io, &settings)),
            console,
            caching: None,
            settings,
            heap,
            symbols,
            sources: Sources::default(),
            contexts: Contexts::default(),
            units: Units::default(),
            builtins,
            host_functions: HostFunctions::default(),
            globals: RefCell::default(),
            builtins_set: OnceCell::new(),
            search_entries: RefCell::default(),
            search_urls: RefCell::default(),
            imports: RefCell::default(),
            scoped: RefCell::default(),
            texts: RefCell::default(),
            errors: RefCell::default(),
            regexes: RefCell::default(),
            ahead: OnceCell::new(),
            time: Cell::new(None),
            computed: ComputedStore::default(),
            fetcher: Rc::new(NoFetch),
            flakes: FlakeCache::default(),
            flake_resolver,
            recorder: None,
            debugger: None,
            profiler: None,
        }
    }

    /// Stores the error of a failed thunk, for as long as the heap keeps the thunk.
    pub(crate) fn remember_error(&self, scope: Scope<'_>, error: Error) -> u32 {
        self.errors.borrow_mut().add(scope, error)
    }

    /// The error with a number.
    pub(crate) fn remembered_error(&self, number: u32) -> Error {
        let errors = self.errors.borrow();
        errors.get(number).cloned().unwrap_or_else(|| Error::eval("a failed value lost its error"))
    }

    /// Forgets the errors of thunks that a collection has freed.
    pub(crate) fn forget_errors(&self, live: &LiveErrors) {
        self.heap.uncount_bytes(self.errors.borrow_mut().forget_all_but(live));
    }

    /// Forgets what was read of files, so that the next visit reads them again. Values keep what they have.
    pub(crate) fn forget_files(&mut self) {
        for (_, (root, _)) in self.imports.get_mut().drain() {
            self.heap.remove_root(root);
        }
        self.scoped.get_mut().clear();
        self.search_entries.get_mut().clear();
        self.search_urls.get_mut().clear();
        self.computed.forget_sources();
        self.flakes.forget();
    }

    /// Frees what no root refers to, between two visits.
    pub(crate) fn collect(&mut self, thoroughly: bool) {
        let live = self.heap.collect_between_visits(self.errors.get_mut().limit(), thoroughly);
        self.forget_errors(&live);
    }
}

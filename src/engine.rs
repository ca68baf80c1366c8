//! The entry point: an engine owns a heap and all lasting state. Entering it gives an [`Eval`].
//!
//! ```
//! use nivis::{Engine, Settings};
//!
//! let mut engine = Engine::new(Settings::default());
//! let answer = engine.eval_str("let f = x: x * 2; in f 21")?;
//! assert_eq!(engine.render(&answer)?, "42");
//! # Ok::<(), nivis::Error>(())
//! ```

use crate::builtins;
use crate::cache::Cache;
use crate::error::Result;
use crate::eval::builtin::HostFunction;
use crate::eval::debug::Debugger;
use crate::eval::profile::{Profile, Profiler};
use crate::eval::root::{Root, RootOwner, RootRegistry};
use crate::eval::shared::Shared;
use crate::eval::{Caching, Eval};
use crate::fetch::Fetch;
use crate::flake;
use crate::heap::{Collection, CollectionFigures, Count, Heap, StopFlags, Value};
use crate::io::{Console, Io, SystemIo};
use crate::record::Recorder;
use crate::report::StandardError;
use crate::settings::Settings;
use crate::source::Sources;
use crate::stack::KeptStack;
use crate::store::backend::Store;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};

/// A Nix evaluator with its own heap, caches and settings.
#[derive(Debug)]
pub struct Engine {
    shared: Shared,
    flags: StopFlags,
    id: u64,
    kept: Arc<RootRegistry>,
    stack: KeptStack,
}

static NEXT_ENGINE: AtomicU64 = AtomicU64::new(0);

impl Engine {
    /// An engine that sees this machine's files, environment and clock.
    pub fn new(settings: Settings) -> Self {
        Self::with_io(settings, Box::new(SystemIo))
    }

    /// An engine with its own view of the outside world.
    pub fn with_io(settings: Settings, io: Box<dyn Io>) -> Self {
        let flags = StopFlags::default();
        let heap = Heap::new(settings.memory_limit, flags.clone());
        let debugged = SystemIo.variable(b"NIVIS_GC").and_then(|text| Collection::parse(&text));
        heap.set_collection(debugged.unwrap_or(settings.collection));
        let id = NEXT_ENGINE.fetch_add(1, Ordering::Relaxed);
        let mut engine = Self {
            shared: Shared::new(
                settings,
                io,
                Rc::new(StandardError),
                heap,
                builtins::all().collect(),
                flake::fetch_tree,
            ),
            flags,
            id,
            kept: Arc::default(),
            stack: KeptStack::default(),
        };
        engine.enter_on_this_stack(builtins::install);
        engine
    }

    /// The same engine with a different console than standard error.
    pub fn with_console(mut self, console: Rc<dyn Console>) -> Self {
        self.shared.console = console;
        self
    }

    /// The same engine with a cache for lowered files.
    pub fn with_cache(mut self, cache: Rc<dyn Cache>) -> Self {
        self.shared.caching = Some(Caching::new(cache));
        self
    }

    /// The same engine with a store: entries are read from it, and fetched trees are put into it. An interruption of
    /// the engine also ends what the store waits for.
    pub fn with_store(self, store: Rc<dyn Store>) -> Self {
        let flags = self.flags.clone();
        store.stop_if(Rc::new(move || flags.is_interrupted()));
        self.shared.world.store().set_backend(store);
        self
    }

    /// The same engine with a fetcher.
    pub fn with_fetcher(mut self, fetcher: Rc<dyn Fetch>) -> Self {
        self.shared.fetcher = fetcher;
        self
    }

    /// The same engine, in which each thunk remembers what it depends on; see [`Eval::part`]. Evaluations take longer.
    /// `recorder` is that of the engine's [`Io`] and store, made by [`Recorder::of_parts`].
    pub fn with_parts(mut self, recorder: Rc<Recorder>) -> Self {
        self.shared.recorder = Some(recorder);
        self.shared.world.remember_nothing();
        self
    }

    /// Sets a debugger. From now on files are lowered for it, and evaluations stop where it may want to look. Code
    /// loaded before runs at full speed and never stops.
    pub fn debug(&mut self, debugger: Rc<dyn Debugger>) {
        self.shared.debugger = Some(debugger);
        self.shared.world.statuses().remember_nothing();
    }

    /// Samples the calls of all later evaluations, so many times a second; with 0, each call counts.
    /// See [`Engine::take_profile`].
    pub fn profile(&mut self, frequency: u32) {
        self.shared.profiler = Some(RefCell::new(Profiler::new(frequency)));
    }

    /// Ends profiling. `None` if there was no profiler.
    pub fn take_profile(&mut self) -> Option<Profile> {
        let profiler = self.shared.profiler.take()?;
        Some(profiler.into_inner().profile(&self.shared))
    }

    /// Adds a function that programs can call. The result is its value.
    ///
    /// # Errors
    ///
    /// Fails if there are more functions than can be numbered.
    ///
    /// ```
    /// use nivis::builtins::HostFunction;
    /// use nivis::{Engine, Settings};
    /// use std::cell::Cell;
    ///
    /// let mut engine = Engine::new(Settings::default());
    /// let calls = Cell::new(0);
    /// let count = engine.add_function(HostFunction::new("count", &["step"], "Counts.", move |cx, arguments| {
    ///     calls.set(calls.get() + cx.force_int(arguments[0], "while counting")?);
    ///     Ok(cx.int(calls.get()))
    /// }))?;
    /// engine.define("count", &count)?;
    /// let numbers = engine.eval_str("[ (count 1) (count 2) ]")?;
    /// assert_eq!(engine.render(&numbers)?, "[ 1 3 ]");
    /// # Ok::<(), nivis::Error>(())
    /// ```
    pub fn add_function(&mut self, function: HostFunction) -> Result<Root> {
        self.enter_carefully(|cx| {
            let value = cx.add_function(function)?;
            Ok(cx.keep(value))
        })
    }

    /// Defines a variable that all programs see from now on, also in files that they import, unless they define it
    /// themselves.
    ///
    /// # Errors
    ///
    /// Fails if the value belongs to another engine.
    pub fn define(&mut self, name: &str, value: &Root) -> Result<()> {
        self.enter_carefully(|cx| {
            let value = cx.get(value)?;
            let root = cx.scope().add_root(value);
            let before = cx.shared().globals.borrow_mut().insert(cx.intern(name.as_bytes()), root);
            before.into_iter().for_each(|root| cx.scope().set_root(root, Value::NULL));
            Ok(())
        })
    }

    /// Sets the memory limit of the heap, in bytes.
    pub fn set_memory_limit(&mut self, bytes: usize) {
        self.shared.settings.memory_limit = bytes;
        self.shared.heap.set_limit(bytes);
    }

    /// Sets the largest depth of nested calls.
    pub fn set_max_call_depth(&mut self, depth: u32) {
        self.shared.settings.max_call_depth = depth;
    }

    /// The handle that stops a running evaluation, from another thread or a signal handler.
    pub fn stop_flags(&self) -> StopFlags {
        self.flags.clone()
    }

    /// The texts that positions refer to.
    pub fn sources(&self) -> &Sources {
        &self.shared.sources
    }

    /// The settings it was made with.
    pub fn settings(&self) -> &Settings {
        &self.shared.settings
    }

    /// The size of the values, in bytes.
    pub fn heap_bytes(&self) -> usize {
        self.shared.heap.used_bytes()
    }

    /// Frees all values that nothing refers to, and gives their memory back to the system. Values are freed by
    /// themselves too; see [`Settings::collection`].
    pub fn collect(&mut self) {
        self.release_roots();
        self.shared.collect(true);
    }

    /// The same, if so much was allocated since the last collection that it may be worth its time.
    pub fn collect_if_useful(&mut self) {
        /// Allocated bytes that are worth the time.
        const MUCH: usize = 16 << 20;
        if self.shared.heap.recent_bytes() >= MUCH {
            self.collect();
        }
    }

    /// Forgets the files that were imported, copied to the store or found in the search path: the next evaluation reads
    /// them again. Values that exist stay as they are.
    pub fn forget_files(&mut self) {
        self.release_roots();
        self.shared.forget_files();
    }

    /// The number of collections, and what they took and left.
    pub fn collection_figures(&self) -> CollectionFigures {
        self.shared.heap.collection_figures()
    }

    /// The number of kept values: roots that were created and not dropped.
    pub fn root_count(&self) -> usize {
        self.kept.count.load(Ordering::Relaxed)
    }

    /// The number of distinct names.
    pub fn symbol_count(&self) -> usize {
        self.shared.symbols.len()
    }

    /// The memory use by kind: objects of the heap, string contexts, lowered files, remembered errors.
    pub fn census(&self) -> Vec<Count> {
        let mut counts = self.shared.heap.census();
        let (contexts, units) = (self.shared.contexts.census(), self.shared.units.census());
        let errors = self.shared.errors.borrow().census();
        for (kind, (objects, bytes)) in [("string context", contexts), ("lowered file", units), ("error", errors)] {
            counts.push(Count { kind, objects, bytes });
        }
        counts
    }

    /// Runs `body` inside the engine, on a large stack. Values cannot leave it; keep them with [`Eval::keep`].
    ///
    /// An interrupt that came before ends the first evaluation in `body`. An interrupt that was not noticed is
    /// cleared afterwards.
    ///
    /// With [`Collection::Always`], values that `body` keeps while it calls the evaluator have to be where a collection
    /// finds them.
    pub fn enter<R>(&mut self, body: impl for<'h> FnOnce(&mut Eval<'h>) -> R) -> R {
        self.visit(false, body)
    }

    /// Lets the heap use again what dropped roots kept.
    fn release_roots(&mut self) {
        let dropped = std::mem::take(&mut *self.kept.dropped.lock().unwrap_or_else(PoisonError::into_inner));
        for root in dropped {
            self.shared.heap.remove_root(root);
        }
    }

    /// Like [`Engine::enter`], with a body of the library's own, which keeps values where a collection finds them. A
    /// debugger may not.
    pub(crate) fn enter_carefully<R>(&mut self, body: impl for<'h> FnOnce(&mut Eval<'h>) -> R) -> R {
        self.visit(self.shared.debugger.is_none(), body)
    }

    fn visit<R>(&mut self, careful: bool, body: impl for<'h> FnOnce(&mut Eval<'h>) -> R) -> R {
        self.release_roots();
        if self.shared.heap.is_collection_due() {
            self.shared.collect(false);
        }
        self.shared.heap.set_careful(careful);
        self.shared.world.statuses().forget();
        let (shared, owner) = (&self.shared, RootOwner { engine: self.id, kept: Arc::clone(&self.kept) });
        let result = self.stack.run(shared.settings.stack_size, move |floor| {
            shared.heap.enter_with(shared, |scope, shared| body(&mut Eval::new(scope, shared, floor, owner)))
        });
        self.flags.clear();
        result
    }

    fn enter_on_this_stack(&mut self, body: impl for<'h> FnOnce(&mut Eval<'h>)) {
        let owner = RootOwner { engine: self.id, kept: Arc::clone(&self.kept) };
        self.shared.heap.enter_with(&self.shared, |scope, shared| body(&mut Eval::new(scope, shared, 0, owner)));
    }

    /// Evaluates a text to weak head normal form. Relative paths start from the current directory.
    ///
    /// # Errors
    ///
    /// Fails if the text is not a valid program, or if its evaluation fails.
    pub fn eval_str(&mut self, text: &str) -> Result<Root> {
        self.enter_carefully(|cx| {
            let value = cx.eval_text(text.as_bytes().to_vec(), &[])?;
            Ok(cx.keep(value))
        })
    }

    /// Evaluates a file to weak head normal form.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be read, if it is not a valid program, or if its evaluation fails.
    pub fn eval_file(&mut self, path: impl AsRef<std::path::Path>) -> Result<Root> {
        let path = path.as_ref().as_os_str().as_encoded_bytes();
        self.enter_carefully(|cx| {
            let path = cx.absolute(path);
            let value = cx.import_file(&path)?;
            Ok(cx.keep(value))
        })
    }

    /// Calls a function with arguments.
    ///
    /// # Errors
    ///
    /// Fails if the call fails, or if a root belongs to another engine.
    pub fn call(&mut self, function: &Root, arguments: &[&Root]) -> Result<Root> {
        self.enter_carefully(|cx| {
            let function = cx.get(function)?;
            let arguments = arguments.iter().map(|argument| cx.get(argument)).collect::<Result<Vec<_>>>()?;
            let result = cx.call(function, &arguments)?;
            Ok(cx.keep(result))
        })
    }

    /// The fully evaluated value, as Nix text on one line.
    ///
    /// # Errors
    ///
    /// Fails if a part of the value fails, or if the root belongs to another engine.
    pub fn render(&mut self, root: &Root) -> Result<String> {
        self.enter_carefully(|cx| {
            let value = cx.get(root)?;
            cx.force_deep(value)?;
            let text = crate::print::ambiguous(cx, value)?;
            Ok(String::from_utf8_lossy(&text).into_owned())
        })
    }
}

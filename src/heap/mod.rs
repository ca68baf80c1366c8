//! The memory of values: a heap that is collected, and handles that cannot outlive it or get into another one.
//!
//! It creates objects (strings, lists, shapes, sets, thunks, closures) and returns 8-byte [`Value`]s and typed handles
//! with the brand `'h`. Not here: what a value *means*; that is in `value/` and `eval/`.
//!
//! This folder alone contains `unsafe`. Four laws make it sound, for all blocks:
//!
//! 1. **Objects never move and are freed only when nothing refers to them.** An object is a run of 8-byte words in a
//!    chunk, and the heap hands out no two overlapping runs. A collection keeps what can be reached from roots, from the
//!    stack of slots, from the machine's stack and registers, and from [`Scratch`]. It happens where a visit polls, or
//!    between visits. So a handle that lives across a poll must be in one of these places (`Collection::Always` makes
//!    that the duty of an embedder's code too).
//! 2. **A handle exists only inside a scope.** [`Heap::enter`] calls its closure for *every* lifetime `'h`, and the brand
//!    is invariant in `'h` and neither `Send` nor `Sync`. So a handle can't leave the closure, can't meet a handle of
//!    another heap, and can't cross a thread; while one exists the heap is borrowed and its chunks stay.
//! 3. **Every object starts with a header that describes it** (`layout.rs`), is fully written before its handle is
//!    returned, and never changes its size. Its kind changes only to one of the same layout. The exception is a thunk that
//!    is done, whose header then says that it is smaller, before the words after it become holes (`holes.rs`). Whatever
//!    reads a word of a thunk asks the header first.
//! 4. **Words are atomics**, read and written by copy with relaxed ordering (a thunk's state with acquire and release), so
//!    updating a thunk through a shared handle is not a data race, and no reference to a word is ever handed out. String
//!    bytes and a shape's keys are the exception: they never change after creation, so slices of them are handed out. The
//!    bytes of a buffer are written once, before a string is made of them (`string_growth.rs`).
//!
//! # Programs that do not compile
//!
//! This program compiles. The three after it differ from it by a line:
//!
//! ```
//! use nivis::{Engine, Settings};
//!
//! let mut engine = Engine::new(Settings::default());
//! let kept = engine.enter(|cx| cx.keep(cx.int(1)));
//! engine.enter(|cx| cx.get(&kept).and_then(|value| cx.force(value)).map(drop))?;
//! # Ok::<(), nivis::Error>(())
//! ```
//!
//! A value that leaves its visit:
//!
//! ```compile_fail,E0521
//! use nivis::{Engine, Settings};
//!
//! let mut engine = Engine::new(Settings::default());
//! let mut kept = None;
//! engine.enter(|cx| kept = Some(cx.int(1)));
//! ```
//!
//! A value that enters another engine:
//!
//! ```compile_fail,E0521
//! use nivis::{Engine, Settings};
//!
//! let mut engine = Engine::new(Settings::default());
//! let mut other = Engine::new(Settings::default());
//! engine.enter(|cx| {
//!     let value = cx.int(1);
//!     other.enter(|elsewhere| elsewhere.force(value).map(drop))
//! });
//! ```
//!
//! A value that crosses a thread:
//!
//! ```compile_fail,E0277
//! use nivis::{Engine, Settings};
//!
//! let mut engine = Engine::new(Settings::default());
//! engine.enter(|cx| {
//!     let value = cx.int(1);
//!     std::thread::scope(|threads| {
//!         threads.spawn(move || drop(value));
//!     });
//! });
//! ```
#![allow(unsafe_code)]

mod bitmap;
mod brand;
mod buffer;
mod captures;
mod census;
mod chunk;
mod chunks;
mod collect;
mod function;
mod holes;
mod layout;
mod list;
mod list_growth;
mod machine;
mod mark;
mod masked;
mod memory;
#[cfg(test)]
mod model;
mod name_places;
mod pages;
mod root;
mod runs;
mod scratch;
mod set;
mod shape;
mod string;
mod string_growth;
#[cfg(test)]
mod tests;
mod thunk;
mod trace;
mod value;
mod verify;
mod weak;

pub use brand::Scope;
pub use captures::Captures;
pub use census::Count;
pub(crate) use collect::LiveErrors;
pub use collect::{Collection, CollectionFigures};
pub use function::{Closure, Partial};
pub use list::{List, ListBuilder};
pub use memory::{GuardedAllocator, fallible};
pub use root::RootId;
pub use scratch::{Scratch, ScratchMap, ScratchSet, ScratchVec};
pub use set::{Attrs, AttrsForm};
pub use shape::{PosId, Shape, Symbol};
pub use string::{ContextId, Str};
pub use thunk::{Thunk, ThunkKind, ThunkState};
pub use value::{BuiltinId, Unpacked, Value};
pub use weak::ThunkNumbers;

use crate::stack::stack_address;
use chunks::Chunks;
use collect::Collector;
use name_places::NamePlaces;
use root::Roots;
use scratch::Blocks;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use weak::WeakNumbers;

/// The code of a thunk or closure: its number among the code objects of all loaded units, below [`CODE_LIMIT`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CodeRef(pub u64);

/// The largest number that fits a [`CodeRef`], plus one.
pub const CODE_LIMIT: u64 = 1 << 40;

/// Reasons to stop an evaluation from outside it, as bits of one word that the evaluator polls.
#[derive(Clone, Debug, Default)]
pub struct StopFlags(Arc<AtomicU32>);

impl StopFlags {
    const INTERRUPTED: u32 = 1;
    const OUT_OF_MEMORY: u32 = 2;
    /// No reason to stop: a collection is requested.
    const COLLECTION: u32 = 4;

    /// Asks the running evaluation, or else the next one, to stop. May be called from any thread, or from a signal
    /// handler.
    pub fn interrupt(&self) {
        self.0.fetch_or(Self::INTERRUPTED, Ordering::Relaxed);
    }

    /// True if there is any reason to stop, or to collect what is not needed any more.
    #[inline]
    pub fn any(&self) -> bool {
        self.0.load(Ordering::Relaxed) != 0
    }

    /// True if somebody asked to stop.
    pub fn is_interrupted(&self) -> bool {
        self.0.load(Ordering::Relaxed) & Self::INTERRUPTED != 0
    }

    /// True if there is any reason to stop.
    #[inline]
    pub fn stops(&self) -> bool {
        self.0.load(Ordering::Relaxed) & (Self::INTERRUPTED | Self::OUT_OF_MEMORY) != 0
    }

    /// True if the memory limit was exceeded.
    pub fn out_of_memory(&self) -> bool {
        self.0.load(Ordering::Relaxed) & Self::OUT_OF_MEMORY != 0
    }

    /// Clears all reasons to stop, so that evaluation can continue.
    pub fn clear(&self) {
        let reasons = self.0.fetch_and(Self::COLLECTION, Ordering::Relaxed);
        if reasons & Self::OUT_OF_MEMORY != 0 {
            memory::restock();
        }
    }

    fn request_collection(&self) {
        self.0.fetch_or(Self::COLLECTION, Ordering::Relaxed);
    }

    /// True if a collection was requested. It isn't any more.
    fn take_collection(&self) -> bool {
        self.0.fetch_and(!Self::COLLECTION, Ordering::Relaxed) & Self::COLLECTION != 0
    }

    fn set_out_of_memory(&self) {
        self.0.fetch_or(Self::OUT_OF_MEMORY, Ordering::Relaxed);
    }
}

/// Owner of all memory that values live in.
#[derive(Debug)]
pub struct Heap {
    chunks: Chunks,
    names: Roots,
    roots: Roots,
    blocks: Blocks,
    name_places: NamePlaces,
    numbers: WeakNumbers,
    collector: Collector,
}

impl Heap {
    /// An empty heap. Exceeding `limit` bytes sets the out-of-memory bit of `flags`; nothing fails at that moment.
    pub fn new(limit: usize, flags: StopFlags) -> Self {
        memory::watch(&flags.0, limit);
        Self {
            chunks: Chunks::new(limit, flags),
            names: Roots::default(),
            roots: Roots::default(),
            blocks: Blocks::default(),
            name_places: NamePlaces::default(),
            numbers: WeakNumbers::default(),
            collector: Collector::default(),
        }
    }

    /// Runs `body` with a scope, the only way to create or read values of this heap.
    ///
    /// `'h` is a fresh brand for each call: nothing that carries it can be returned.
    pub fn enter<R>(&self, body: impl for<'h> FnOnce(Scope<'h>) -> R) -> R {
        self.enter_with(&(), |scope, _| body(scope))
    }

    /// Like [`Heap::enter`], with a second value that the body may borrow for as long as the heap.
    #[inline(never)]
    pub fn enter_with<T, R>(&self, beside: &T, body: impl for<'h> FnOnce(Scope<'h>, &'h T) -> R) -> R {
        let _visit = Visit::start(self, stack_address());
        below(|| body(Scope::new(self), beside))
    }

    /// Sets the limit in bytes.
    pub(crate) fn set_limit(&self, limit: usize) {
        self.chunks.set_limit(limit);
    }

    /// Counts bytes of [`Scope::count_bytes`] no longer.
    pub(crate) fn uncount_bytes(&self, bytes: usize) {
        self.chunks.uncount(bytes);
    }

    /// The bytes of all objects that were not freed, including the unused ends of chunks.
    pub fn used_bytes(&self) -> usize {
        self.chunks.used_bytes()
    }
}

/// Calls `body` in a frame of its own, so that all of its local variables are below the caller's on the stack.
#[inline(never)]
fn below<R>(body: impl FnOnce() -> R) -> R {
    body()
}

/// Marks the heap as entered, until it is dropped.
struct Visit<'a> {
    heap: &'a Heap,
    before: usize,
}

impl<'a> Visit<'a> {
    /// The outermost of nested visits decides how far the stack may hold values.
    fn start(heap: &'a Heap, address: usize) -> Self {
        let before = heap.collector.base.get();
        heap.collector.base.set(before.max(address));
        Self { heap, before }
    }
}

impl Drop for Visit<'_> {
    fn drop(&mut self) {
        self.heap.collector.base.set(self.before);
    }
}

//! Chunks: the memory that objects are cut from, front to back, and what a collection has found to be free in them.
//!
//! When the system has no more memory, small objects continue in a reserve chunk while the out-of-memory flag ends
//! the evaluation; large objects reserve theirs beforehand ([`Chunks::make_room`]). If both fail, `memory` has a last
//! reserve.

use super::chunk::{Chunk, Space};
use super::holes::Holes;
use super::runs::{Runs, SHORTEST_RUN};
use super::{StopFlags, layout, memory, thunk, trace};
use std::alloc::Layout;
use std::cell::{Cell, RefCell};
use std::ptr::NonNull;
use std::sync::atomic::AtomicU64;

/// The size of the first chunk; each next one is twice as large, up to [`LARGEST_CHUNK`]. In words of 8 bytes.
const FIRST_CHUNK: usize = 16 << 10;
const LARGEST_CHUNK: usize = 512 << 10;

/// All chunks of a heap. Objects are cut from the current run.
#[derive(Debug)]
pub(super) struct Chunks {
    next: Cell<*mut AtomicU64>,
    words_left: Cell<usize>,
    /// The first word of the current run that was handed out since [`Chunks::note_starts`].
    first: Cell<*mut AtomicU64>,
    pub(super) all: RefCell<Vec<Chunk>>,
    /// The number of chunks that were made for small objects, which decides the size of the next.
    made: Cell<u32>,
    /// Runs full of objects whose starts were not noted yet.
    filled: RefCell<Vec<Space>>,
    /// Words that thunks have left.
    pub(super) holes: Holes,
    /// Free memory that is used before new chunks are made.
    pub(super) free: RefCell<Runs>,
    /// The rest of a run for objects that don't fit the current one, while that still has room for others.
    beside: Cell<Option<Space>>,
    /// For small objects when the system has no more memory.
    reserve: Cell<Option<Space>>,
    /// For the large object that was requested last.
    spare: Cell<Option<Space>>,
    /// The bytes of all chunks without their free runs, and those that objects refer to outside the heap.
    total_bytes: Cell<usize>,
    /// The bytes handed out since the last collection.
    pub(super) recent_bytes: Cell<usize>,
    /// The value of `recent_bytes` at which a collection is requested.
    pub(super) due: Cell<usize>,
    limit: Cell<usize>,
    flags: StopFlags,
}

// SAFETY: the pointers own their memory, nothing else points to it while no scope is entered, and entering borrows the
// heap; so moving the whole heap to another thread moves everything that refers to it.
unsafe impl Send for Chunks {}

impl Chunks {
    pub(super) fn new(limit: usize, flags: StopFlags) -> Self {
        Self {
            next: Cell::new(std::ptr::null_mut()),
            words_left: Cell::new(0),
            first: Cell::new(std::ptr::null_mut()),
            all: RefCell::default(),
            made: Cell::new(0),
            filled: RefCell::default(),
            holes: Holes::default(),
            free: RefCell::default(),
            beside: Cell::new(None),
            reserve: Cell::new(None),
            spare: Cell::new(None),
            total_bytes: Cell::new(0),
            recent_bytes: Cell::new(0),
            due: Cell::new(usize::MAX),
            limit: Cell::new(limit),
            flags,
        }
    }

    pub(super) fn used_bytes(&self) -> usize {
        let beside = self.beside.get().map_or(0, |rest| rest.words);
        self.total_bytes.get() - (self.words_left.get() + beside) * 8
    }

    /// Memory for `words` words, zeroed, aligned to 8 bytes, handed out once.
    #[inline]
    pub(super) fn allocate(&self, words: usize) -> NonNull<AtomicU64> {
        if let Some(hole) = self.holes.take(words) {
            (0..words).for_each(|index| layout::set(hole, index, 0));
            return hole;
        }
        self.next_words(words)
    }

    /// The same, but the words have any value: the caller writes them all before anything else happens.
    #[inline]
    pub(super) fn allocate_to_fill(&self, words: usize) -> NonNull<AtomicU64> {
        self.holes.take(words).unwrap_or_else(|| self.next_words(words))
    }

    /// Memory from the current run.
    #[inline]
    fn next_words(&self, words: usize) -> NonNull<AtomicU64> {
        let left = self.words_left.get();
        if words <= left {
            let start = self.next.get();
            self.words_left.set(left - words);
            // SAFETY: at least `words` words follow `start` in its chunk, so the sum stays inside or one past its end;
            // `start` is not null because a chunk with words left exists.
            unsafe {
                self.next.set(start.add(words));
                return NonNull::new_unchecked(start);
            }
        }
        self.allocate_slow(words)
    }

    #[cold]
    #[inline(never)]
    fn allocate_slow(&self, words: usize) -> NonNull<AtomicU64> {
        let size = self.next_chunk_size();
        if words > size / 4 {
            return self.large(words);
        }
        if words > SHORTEST_RUN
            && let Some(start) = self.beside_run(words, size)
        {
            return start;
        }
        self.leave_run();
        let run = self.next_run(words).unwrap_or_else(|| self.next_chunk(size));
        let rest = run.part(words, run.words);
        self.first.set(run.start.as_ptr());
        self.next.set(rest.start.as_ptr());
        self.words_left.set(rest.words);
        run.start
    }

    fn next_chunk_size(&self) -> usize {
        (FIRST_CHUNK << self.made.get().min(16)).min(LARGEST_CHUNK)
    }

    /// Memory for an object that the current run has no room for, and other free runs may not have either. `None` if
    /// there are no other runs, so that the current one can be left.
    fn beside_run(&self, words: usize, chunk_size: usize) -> Option<NonNull<AtomicU64>> {
        let rest = self.beside.take();
        let run = rest.filter(|rest| rest.words >= words).or_else(|| {
            rest.into_iter().for_each(|rest| self.free_again(rest));
            if self.free.borrow().is_empty() {
                return None;
            }
            let wide = self.free.borrow_mut().take_wide(words);
            Some(wide.map_or_else(|| self.next_chunk(chunk_size), |run| self.begin(run)))
        })?;
        self.beside.set(Some(run.part(words, run.words)));
        self.filled.borrow_mut().push(run.part(0, words));
        Some(run.start)
    }

    /// Ends the current run. What is left of it is free.
    fn leave_run(&self) {
        self.close_run();
        let words = self.words_left.replace(0);
        if let Some(start) = NonNull::new(self.next.get()) {
            self.free_again(Space { start, words });
        }
    }

    /// Takes back what was not handed out of a run that was begun.
    fn free_again(&self, rest: Space) {
        if rest.words >= SHORTEST_RUN {
            self.free.borrow_mut().push(rest);
            self.total_bytes.set(self.total_bytes.get() - rest.words * 8);
            self.recent_bytes.set(self.recent_bytes.get().saturating_sub(rest.words * 8));
        }
    }

    /// Notes what was handed out of the current run.
    fn close_run(&self) {
        let Some(start) = NonNull::new(self.first.replace(self.next.get())) else { return };
        let words = (self.next.get().addr() - start.addr().get()) / 8;
        if words > 0 {
            self.filled.borrow_mut().push(Space { start, words });
        }
    }

    /// A run with room for `words` words.
    fn next_run(&self, words: usize) -> Option<Space> {
        let free = if words > SHORTEST_RUN { None } else { self.free.borrow_mut().take_any() };
        let rest = || self.beside.take().filter(|rest| rest.words >= words);
        free.map(|run| self.begin(run)).or_else(rest)
    }

    /// Counts a free run, and makes its words zero.
    fn begin(&self, run: Space) -> Space {
        run.clear();
        self.count_recent(run.words * 8);
        run
    }

    /// A chunk for small objects: a new one, or else the reserve.
    fn next_chunk(&self, words: usize) -> Space {
        if self.reserve.get().is_none() && self.made.get() > 0 {
            self.reserve.set(self.map(LARGEST_CHUNK, false));
        }
        self.made.set(self.made.get() + 1);
        self.request(words, false).unwrap_or_else(|| {
            self.flags.set_out_of_memory();
            let Some(reserve) = self.reserve.take() else { return self.last_request(words, false) };
            self.count_recent(reserve.words * 8);
            reserve
        })
    }

    /// New memory, from the last reserve, after the system had none.
    #[cold]
    fn last_request(&self, words: usize, is_large: bool) -> Space {
        self.flags.set_out_of_memory();
        let released = memory::release_reserve();
        let chunk = if released { self.request(words, is_large) } else { None };
        chunk.unwrap_or_else(|| memory::exhausted(memory_layout(words)))
    }

    /// Memory for one large object: the spare chunk, or a separate one.
    fn large(&self, words: usize) -> NonNull<AtomicU64> {
        let spare = self.spare.take().filter(|chunk| chunk.words >= words);
        let chunk = spare.or_else(|| self.request(words, true)).unwrap_or_else(|| self.last_request(words, true));
        self.filled.borrow_mut().push(Space { start: chunk.start, words });
        chunk.start
    }

    /// New memory for objects, unless the system has none.
    fn request(&self, words: usize, is_large: bool) -> Option<Space> {
        let chunk = self.map(words, is_large)?;
        self.count_recent(words * 8);
        Some(chunk)
    }

    /// New memory that does not count until objects are put into it.
    fn map(&self, words: usize, is_large: bool) -> Option<Space> {
        let chunk = Chunk::map(words, is_large, words >= LARGEST_CHUNK)?;
        let space = chunk.space;
        self.all.borrow_mut().push(chunk);
        Some(space)
    }

    /// Counts bytes towards the next collection, and the limit.
    fn count_recent(&self, bytes: usize) {
        let recent = self.recent_bytes.get() + bytes;
        self.recent_bytes.set(recent);
        if recent >= self.due.get() {
            self.flags.request_collection();
        }
        self.count(bytes);
    }

    /// Counts bytes towards the limit: those of chunks, and those that objects refer to by number outside the heap.
    pub(super) fn count(&self, bytes: usize) {
        self.total_bytes.set(self.total_bytes.get() + bytes);
        if self.is_beyond(0) {
            self.run_out();
        }
    }

    /// Sets the limit.
    pub(super) fn set_limit(&self, limit: usize) {
        self.limit.set(limit);
        memory::watch(&self.flags.0, limit);
    }

    /// Counts bytes no longer.
    pub(super) fn uncount(&self, bytes: usize) {
        self.total_bytes.set(self.total_bytes.get().saturating_sub(bytes));
    }

    /// The limit was exceeded: that is an error unless a collection may help.
    fn run_out(&self) {
        if self.may_help() {
            self.flags.request_collection();
        } else {
            self.flags.set_out_of_memory();
        }
    }

    /// True if so much was handed out since the last collection that another may help.
    pub(super) fn may_help(&self) -> bool {
        self.due.get() != usize::MAX && self.recent_bytes.get() >= self.limit.get() / 16
    }

    /// True if `more` bytes would exceed the limit, including large memory outside the heap.
    pub(super) fn is_beyond(&self, more: usize) -> bool {
        self.total_bytes.get().saturating_add(more).saturating_add(memory::large_bytes()) > self.limit.get()
    }

    /// True if `bytes` outside the heap are within the limit, with other large memory there.
    pub(super) fn may_hold(&self, bytes: usize) -> bool {
        self.total_bytes.get().saturating_add(memory::large_bytes().max(bytes)) <= self.limit.get()
    }

    /// True if an object of `bytes` may be created now: it is within the limit, and the memory is available.
    pub(super) fn make_room(&self, bytes: usize) -> bool {
        if self.is_beyond(bytes) {
            return false;
        }
        let words = bytes / 8 + 2;
        if words <= LARGEST_CHUNK / 4 || self.spare.get().is_some_and(|spare| spare.words >= words) {
            return true;
        }
        self.spare.set(self.request(words, true));
        self.spare.get().is_some()
    }

    /// Notes where all objects start, in the tables beside their chunks. Chunks are then in the order of their addresses.
    /// No object may be made any more where it would not be noted the next time: in holes that there are, or in the
    /// words of thunks that were met.
    pub(super) fn note_starts(&self) {
        self.close_run();
        self.holes.clear();
        let mut all = self.all.borrow_mut();
        all.sort_unstable_by_key(|chunk| chunk.space.address());
        all.iter_mut().for_each(Chunk::provide_tables);
        for run in self.filled.borrow_mut().drain(..) {
            let index = all.partition_point(|chunk| chunk.end() <= run.address());
            let Some(chunk) = all.get_mut(index) else { continue };
            let (first, mut at) = (chunk.place(run.address()), 0);
            while at < run.words {
                let object = chunk.object(first + at);
                chunk.starts.insert(first + at);
                at += trace::words(object);
                thunk::keep_words(object);
            }
        }
    }

    /// Visits all objects, chunk by chunk, those too that nothing refers to.
    pub(super) fn for_each_object(&self, mut visit: impl FnMut(NonNull<AtomicU64>)) {
        self.note_starts();
        for chunk in self.all.borrow().iter() {
            chunk.starts.iter().for_each(|place| visit(chunk.object(place)));
        }
    }

    /// Forgets the current run: a collection has put what is free of it into `free`.
    pub(super) fn forget_run(&self) {
        self.words_left.set(0);
        self.next.set(std::ptr::null_mut());
        self.first.set(std::ptr::null_mut());
        self.beside.set(None);
    }

    /// True for memory that was put aside for what comes.
    pub(super) fn is_put_aside(&self, space: Space) -> bool {
        self.reserve.get() == Some(space) || self.spare.get() == Some(space)
    }

    pub(super) fn flags(&self) -> &StopFlags {
        &self.flags
    }

    /// The bytes of all chunks.
    pub(super) fn chunk_bytes(&self) -> usize {
        self.total_bytes.get()
    }
}

fn memory_layout(words: usize) -> Layout {
    Layout::array::<AtomicU64>(words).expect("object sizes are bounded by the builtins that ask for them")
}

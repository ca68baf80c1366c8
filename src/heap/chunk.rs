//! Chunks: the memory that objects are cut from, front to back. It is freed only with the heap.
//!
//! When the system has no more memory, small objects continue in a reserve chunk while the out-of-memory flag ends
//! the evaluation; large objects reserve theirs beforehand ([`Chunks::make_room`]). If both fail, `memory` has a last
//! reserve.

use super::{StopFlags, memory};
use memmap2::MmapMut;
use std::alloc::Layout;
use std::cell::{Cell, RefCell};
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU64, Ordering};

/// The size of the first chunk; each next one is twice as large, up to [`LARGEST_CHUNK`]. In words of 8 bytes.
const FIRST_CHUNK: usize = 16 << 10;
const LARGEST_CHUNK: usize = 512 << 10;

/// A run of words from the system, in its own mapping: the allocator would keep and touch more than is requested.
#[derive(Clone, Copy, Debug)]
struct Chunk {
    start: NonNull<AtomicU64>,
    words: usize,
}

/// All chunks of a heap. Objects are cut from the last one.
#[derive(Debug)]
pub(super) struct Chunks {
    next: Cell<*mut AtomicU64>,
    words_left: Cell<usize>,
    /// All chunks with their owners. The owners are never used again: the memory they would lend is in use.
    all: RefCell<Vec<(Chunk, MmapMut)>>,
    /// For small objects when the system has no more memory.
    reserve: Cell<Option<Chunk>>,
    /// For the large object that was requested last.
    spare: Cell<Option<Chunk>>,
    total_bytes: Cell<usize>,
    limit: usize,
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
            all: RefCell::default(),
            reserve: Cell::new(None),
            spare: Cell::new(None),
            total_bytes: Cell::new(0),
            limit,
            flags,
        }
    }

    pub(super) fn used_bytes(&self) -> usize {
        self.total_bytes.get() - self.words_left.get() * 8
    }

    /// Memory for `words` words, zeroed, aligned to 8 bytes, handed out once.
    #[inline]
    pub(super) fn allocate(&self, words: usize) -> NonNull<AtomicU64> {
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
        let chunk = self.next_chunk(size);
        // SAFETY: `words` is at most a quarter of any chunk that `next_chunk` gives.
        self.next.set(unsafe { chunk.start.as_ptr().add(words) });
        self.words_left.set(chunk.words - words);
        chunk.start
    }

    fn next_chunk_size(&self) -> usize {
        let doublings = self.all.borrow().len().min(16) as u32;
        (FIRST_CHUNK << doublings).min(LARGEST_CHUNK)
    }

    /// A chunk for small objects: a new one, or else the reserve.
    fn next_chunk(&self, words: usize) -> Chunk {
        if self.reserve.get().is_none() && !self.all.borrow().is_empty() {
            self.reserve.set(self.map(LARGEST_CHUNK));
        }
        self.request(words).unwrap_or_else(|| {
            self.flags.set_out_of_memory();
            let Some(reserve) = self.reserve.take() else { return self.last_request(words) };
            self.count(reserve.words * 8);
            reserve
        })
    }

    /// New memory, from the last reserve, after the system had none.
    #[cold]
    fn last_request(&self, words: usize) -> Chunk {
        self.flags.set_out_of_memory();
        let released = memory::release_reserve();
        let chunk = if released { self.request(words) } else { None };
        chunk.unwrap_or_else(|| memory::exhausted(layout(words)))
    }

    /// Memory for one large object: the spare chunk, or a separate one.
    fn large(&self, words: usize) -> NonNull<AtomicU64> {
        let spare = self.spare.take().filter(|chunk| chunk.words >= words);
        spare.or_else(|| self.request(words)).unwrap_or_else(|| self.last_request(words)).start
    }

    /// New memory for objects, unless the system has none.
    fn request(&self, words: usize) -> Option<Chunk> {
        let chunk = self.map(words)?;
        self.count(words * 8);
        Some(chunk)
    }

    /// New memory that does not count until objects are put into it.
    fn map(&self, words: usize) -> Option<Chunk> {
        let mut mapping = MmapMut::map_anon(layout(words).size()).ok()?;
        // Fewer, larger pages are cheaper to touch first. Only Linux takes this advice; Miri does not support it.
        #[cfg(all(target_os = "linux", not(miri)))]
        if words >= LARGEST_CHUNK {
            let _ = mapping.advise(memmap2::Advice::HugePage);
        }
        // Mappings begin at a page, which is aligned for words.
        let start = NonNull::new(mapping.as_mut_ptr().cast::<AtomicU64>())?;
        let chunk = Chunk { start, words };
        self.all.borrow_mut().push((chunk, mapping));
        // Words become pointers again by address alone; see `layout`.
        start.as_ptr().expose_provenance();
        Some(chunk)
    }

    /// Counts bytes towards the limit: those of chunks, and those that objects refer to by number outside the heap.
    pub(super) fn count(&self, bytes: usize) {
        self.total_bytes.set(self.total_bytes.get() + bytes);
        if self.is_beyond(0) {
            self.flags.set_out_of_memory();
        }
    }

    /// True if `more` bytes would exceed the limit, including large memory outside the heap.
    pub(super) fn is_beyond(&self, more: usize) -> bool {
        self.total_bytes.get().saturating_add(more).saturating_add(memory::large_bytes()) > self.limit
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
        self.spare.set(self.request(words));
        self.spare.get().is_some()
    }

    /// Visits all objects, chunk by chunk. `visit` returns the size of each in words.
    pub(super) fn for_each_object(&self, mut visit: impl FnMut(NonNull<AtomicU64>) -> usize) {
        for (chunk, _) in self.all.borrow().iter() {
            let mut at = 0;
            while at < chunk.words {
                // SAFETY: `at` is less than the number of words from `start` on.
                let object = unsafe { chunk.start.add(at) };
                // SAFETY: as above; memory that was not handed out is zero, and no header is.
                if unsafe { object.as_ref() }.load(Ordering::Relaxed) == 0 {
                    break;
                }
                at += visit(object).max(1);
            }
        }
    }

    pub(super) fn flags(&self) -> &StopFlags {
        &self.flags
    }

    /// The bytes of all chunks.
    pub(super) fn chunk_bytes(&self) -> usize {
        self.total_bytes.get()
    }
}

fn layout(words: usize) -> Layout {
    Layout::array::<AtomicU64>(words).expect("object sizes are bounded by the builtins that ask for them")
}

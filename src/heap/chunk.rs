//! Chunks: the memory objects are cut from, front to back, and never given back before the heap ends.

use super::StopFlags;
use std::alloc::{Layout, alloc_zeroed, dealloc, handle_alloc_error};
use std::cell::{Cell, RefCell};
use std::ptr::NonNull;
use std::sync::atomic::AtomicU64;

/// Size of the first chunk; each next one is twice as large, up to [`LARGEST_CHUNK`]. In words of 8 bytes.
const FIRST_CHUNK: usize = 16 << 10;
const LARGEST_CHUNK: usize = 512 << 10;

/// All chunks of a heap. Objects are cut from the last one.
#[derive(Debug)]
pub(super) struct Chunks {
    next: Cell<*mut AtomicU64>,
    words_left: Cell<usize>,
    all: RefCell<Vec<(NonNull<AtomicU64>, Layout)>>,
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
            return self.new_chunk(words);
        }
        let start = self.new_chunk(size);
        // SAFETY: `words` is at most a quarter of the chunk that starts at `start`.
        self.next.set(unsafe { start.as_ptr().add(words) });
        self.words_left.set(size - words);
        start
    }

    fn next_chunk_size(&self) -> usize {
        let doublings = self.all.borrow().len().min(16) as u32;
        (FIRST_CHUNK << doublings).min(LARGEST_CHUNK)
    }

    fn new_chunk(&self, words: usize) -> NonNull<AtomicU64> {
        let layout =
            Layout::array::<AtomicU64>(words).expect("object sizes are bounded by the builtins that ask for them");
        // SAFETY: the layout has a size above zero, as every object has a header.
        let start = unsafe { alloc_zeroed(layout) }.cast::<AtomicU64>();
        let Some(start) = NonNull::new(start) else { handle_alloc_error(layout) };
        self.all.borrow_mut().push((start, layout));
        self.total_bytes.set(self.total_bytes.get() + words * 8);
        if self.total_bytes.get() > self.limit {
            self.flags.set_out_of_memory();
        }
        // Words become pointers again by address alone; see `layout`.
        start.as_ptr().expose_provenance();
        start
    }

    /// True if `bytes` more would pass the limit.
    pub(super) fn would_pass_limit(&self, bytes: usize) -> bool {
        self.total_bytes.get().saturating_add(bytes) > self.limit
    }

    pub(super) fn flags(&self) -> &StopFlags {
        &self.flags
    }

    /// Bytes that chunks take now.
    pub(super) fn chunk_bytes(&self) -> usize {
        self.total_bytes.get()
    }
}

impl Drop for Chunks {
    fn drop(&mut self) {
        for &(start, layout) in self.all.borrow().iter() {
            // SAFETY: each chunk came from `alloc_zeroed` with this layout and is freed once, here.
            unsafe { dealloc(start.as_ptr().cast(), layout) };
        }
    }
}

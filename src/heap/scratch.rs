//! Values outside the heap: memory from the allocator that collections look through.
//!
//! A collection finds values in the heap, in roots, and in local variables, but not in a `Vec`. A vector or table of
//! values that lives while the evaluator is called is made with a [`Scratch`], an allocator that keeps a list of its
//! blocks in the heap. What is in them is a candidate, as the words of the stack are.

use super::brand::Scope;
use allocator_api2::alloc::{AllocError, Allocator};
use std::alloc::{Layout, alloc_zeroed, dealloc};
use std::cell::Cell;
use std::ptr::NonNull;

/// A vector whose items a collection finds.
pub type ScratchVec<'h, T> = allocator_api2::vec::Vec<T, Scratch<'h>>;
/// A hash set whose members a collection finds.
pub type ScratchSet<'h, T> = hashbrown::HashSet<T, rustc_hash::FxBuildHasher, Scratch<'h>>;
/// A hash table whose entries a collection finds.
pub type ScratchMap<'h, K, V> = hashbrown::HashMap<K, V, rustc_hash::FxBuildHasher, Scratch<'h>>;

/// An allocator of memory for values that a collection finds.
#[derive(Clone, Copy, Debug)]
pub struct Scratch<'h>(Scope<'h>);

/// The start of a block. It has the alignment of all blocks.
#[repr(C, align(16))]
struct Header {
    before: *mut Header,
    after: *mut Header,
    /// The bytes after the header.
    bytes: usize,
}

/// The blocks that were allocated and not freed.
#[derive(Debug)]
pub(super) struct Blocks {
    first: Cell<*mut Header>,
}

impl Default for Blocks {
    fn default() -> Self {
        Self { first: Cell::new(std::ptr::null_mut()) }
    }
}

impl Blocks {
    /// Visits all words of all blocks.
    pub(super) fn for_each_word(&self, visit: &mut dyn FnMut(usize)) {
        let mut block = self.first.get();
        // SAFETY: blocks are linked while they are allocated, and begin with a header.
        while let Some(header) = unsafe { block.as_ref() } {
            let words = block.wrapping_add(1).cast::<usize>();
            for index in 0..header.bytes / 8 {
                // SAFETY: that many bytes follow the header. They were zeroed, and are read as words that may be anything.
                visit(unsafe { words.add(index).read_volatile() });
            }
            block = header.after;
        }
    }

    fn link(&self, block: NonNull<Header>, bytes: usize) {
        let after = self.first.replace(block.as_ptr());
        // SAFETY: the block was just allocated with room for a header; the one after it is linked, so it is allocated.
        unsafe {
            block.write(Header { before: std::ptr::null_mut(), after, bytes });
            if let Some(after) = after.as_mut() {
                after.before = block.as_ptr();
            }
        }
    }

    fn unlink(&self, block: NonNull<Header>) {
        // SAFETY: the block and its neighbours are linked, so they are allocated and have headers.
        unsafe {
            let Header { before, after, .. } = block.read();
            match before.as_mut() {
                Some(before) => before.after = after,
                None => self.first.set(after),
            }
            if let Some(after) = after.as_mut() {
                after.before = before;
            }
        }
    }
}

/// The layout of a block for this content.
fn with_header(content: Layout) -> Option<Layout> {
    let header = Layout::new::<Header>();
    let bytes = content.size().checked_next_multiple_of(8)?.checked_add(header.size())?;
    if content.align() > header.align() { None } else { Layout::from_size_align(bytes, header.align()).ok() }
}

// SAFETY: a block is memory of the global allocator with a header in front, of a layout that `with_header` computes
// from that of its content alone, and stays until `deallocate`. Copies of a `Scratch` share the heap's list. The heap
// outlives `'h`.
unsafe impl Allocator for Scratch<'_> {
    fn allocate(&self, content: Layout) -> Result<NonNull<[u8]>, AllocError> {
        let block = with_header(content).ok_or(AllocError)?;
        // SAFETY: the layout has at least the size of a header.
        let start = NonNull::new(unsafe { alloc_zeroed(block) }.cast::<Header>()).ok_or(AllocError)?;
        self.0.heap().blocks.link(start, block.size() - size_of::<Header>());
        // SAFETY: the content follows the header in the block.
        Ok(NonNull::slice_from_raw_parts(unsafe { start.add(1) }.cast(), content.size()))
    }

    unsafe fn deallocate(&self, start: NonNull<u8>, content: Layout) {
        let Some(block) = with_header(content) else { return };
        // SAFETY: `start` comes from `allocate`, so a header is in front of it.
        let header = unsafe { start.cast::<Header>().sub(1) };
        self.0.heap().blocks.unlink(header);
        // SAFETY: the block was allocated with the layout that this content gives.
        unsafe { dealloc(header.as_ptr().cast(), block) };
    }
}

impl<'h> Scope<'h> {
    /// The allocator of vectors and tables of values that live while the evaluator is called.
    pub fn scratch(self) -> Scratch<'h> {
        Scratch(self)
    }

    /// An empty hash set whose members a collection finds.
    pub fn scratch_set<T>(self) -> ScratchSet<'h, T> {
        ScratchSet::with_hasher_in(rustc_hash::FxBuildHasher, self.scratch())
    }

    /// A vector of these items that a collection finds.
    pub fn gather<T>(self, items: impl IntoIterator<Item = T>) -> ScratchVec<'h, T> {
        let mut all = ScratchVec::new_in(self.scratch());
        all.extend(items);
        all
    }
}

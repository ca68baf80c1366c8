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

/// The size of the smallest blocks, in bytes; each next size is twice as large, and there are this many.
const SMALLEST: usize = 64;
const SIZES: usize = 6;
/// The number of freed blocks that are kept for the next requests.
const MOST_SPARE: usize = 64;

/// The start of a block. It has the alignment of all blocks.
#[repr(C, align(16))]
struct Header {
    before: *mut Header,
    after: *mut Header,
    /// The bytes after the header.
    bytes: usize,
}

/// The blocks that were allocated and not freed, and spare ones of the usual sizes: most blocks live for one call.
#[derive(Debug)]
pub(super) struct Blocks {
    first: Cell<*mut Header>,
    /// The freed blocks of each size, linked by `after`.
    spare: [Cell<*mut Header>; SIZES],
    spares: Cell<usize>,
}

impl Default for Blocks {
    fn default() -> Self {
        let none = || Cell::new(std::ptr::null_mut());
        Self { first: none(), spare: std::array::from_fn(|_| none()), spares: Cell::new(0) }
    }
}

impl Drop for Blocks {
    fn drop(&mut self) {
        for (size, spare) in self.spare.iter().enumerate() {
            while let Some(block) = NonNull::new(spare.get()) {
                // SAFETY: spare blocks begin with a header, and were allocated with the layout of their size.
                unsafe {
                    spare.set(block.as_ref().after);
                    free(block, SMALLEST << size);
                }
            }
        }
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
                // SAFETY: that many bytes follow the header. They were zeroed once, and are read as words that may be
                // anything.
                visit(unsafe { words.add(index).read_volatile() });
            }
            block = header.after;
        }
    }

    /// A block of this size, in bytes with its header. Its content is zero or what was in it before.
    fn take(&self, bytes: usize) -> Option<NonNull<Header>> {
        if let Some(spare) = self.spare_of(bytes)
            && let Some(block) = NonNull::new(spare.get())
        {
            // SAFETY: spare blocks begin with a header.
            spare.set(unsafe { block.as_ref().after });
            self.spares.set(self.spares.get() - 1);
            return Some(block);
        }
        // SAFETY: the size is at least that of a header.
        NonNull::new(unsafe { alloc_zeroed(layout(bytes)?) }.cast())
    }

    /// Keeps a block that is no longer used as a spare one, or frees it.
    ///
    /// # Safety
    ///
    /// The block must come from `take` with this size, and must not be linked.
    unsafe fn give_back(&self, mut block: NonNull<Header>, bytes: usize) {
        match self.spare_of(bytes).filter(|_| self.spares.get() < MOST_SPARE) {
            Some(spare) => {
                self.spares.set(self.spares.get() + 1);
                // SAFETY: the block is allocated and begins with a header.
                unsafe {
                    block.as_mut().after = spare.replace(block.as_ptr());
                    // Old values must not hide a lost one.
                    #[cfg(debug_assertions)]
                    block.add(1).cast::<u8>().write_bytes(0, bytes - size_of::<Header>());
                }
            }
            // SAFETY: the caller's promise.
            None => unsafe { free(block, bytes) },
        }
    }

    fn spare_of(&self, bytes: usize) -> Option<&Cell<*mut Header>> {
        self.spare.get((bytes / SMALLEST).trailing_zeros() as usize).filter(|_| bytes.is_power_of_two())
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

/// The size of a block for this content, with its header.
fn with_header(content: Layout) -> Option<usize> {
    if content.align() > align_of::<Header>() {
        return None;
    }
    let bytes = content.size().checked_next_multiple_of(8)?.checked_add(size_of::<Header>())?;
    Some(if bytes <= SMALLEST << (SIZES - 1) { bytes.next_power_of_two().max(SMALLEST) } else { bytes })
}

fn layout(bytes: usize) -> Option<Layout> {
    Layout::from_size_align(bytes, align_of::<Header>()).ok()
}

/// # Safety
///
/// The block must have been allocated with this size, and is not used again.
unsafe fn free(block: NonNull<Header>, bytes: usize) {
    if let Some(layout) = layout(bytes) {
        // SAFETY: the caller's promise.
        unsafe { dealloc(block.as_ptr().cast(), layout) };
    }
}

// SAFETY: a block is memory of the global allocator with a header in front, of a size that `with_header` computes from
// the layout of its content alone, and stays until `deallocate`. Copies of a `Scratch` share the heap's list. The heap
// outlives `'h`.
unsafe impl Allocator for Scratch<'_> {
    fn allocate(&self, content: Layout) -> Result<NonNull<[u8]>, AllocError> {
        let bytes = with_header(content).ok_or(AllocError)?;
        let blocks = &self.0.heap().blocks;
        let block = blocks.take(bytes).ok_or(AllocError)?;
        blocks.link(block, bytes - size_of::<Header>());
        // SAFETY: the content follows the header in the block.
        Ok(NonNull::slice_from_raw_parts(unsafe { block.add(1) }.cast(), content.size()))
    }

    unsafe fn deallocate(&self, start: NonNull<u8>, content: Layout) {
        let Some(bytes) = with_header(content) else { return };
        // SAFETY: `start` comes from `allocate`, so a header is in front of it.
        let block = unsafe { start.cast::<Header>().sub(1) };
        let blocks = &self.0.heap().blocks;
        blocks.unlink(block);
        // SAFETY: the block was allocated for a content of the same layout.
        unsafe { blocks.give_back(block, bytes) };
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

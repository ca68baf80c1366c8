//! The brand `'h`: the heap, and the visit to it, that a handle belongs to.

use super::{Heap, StopFlags};
use std::marker::PhantomData;

/// Marks a type with `'h`, invariantly, and makes it neither `Send` nor `Sync`.
pub(super) type Brand<'h> = PhantomData<(fn(&'h ()) -> &'h (), *const ())>;

/// A visit to a heap, required for allocation. It is cheap to copy.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'h> {
    heap: &'h Heap,
    brand: Brand<'h>,
}

impl<'h> Scope<'h> {
    pub(super) fn new(heap: &'h Heap) -> Self {
        Self { heap, brand: PhantomData }
    }

    #[inline]
    pub(super) fn heap(self) -> &'h Heap {
        self.heap
    }

    /// The flags that stop the evaluation.
    pub fn flags(self) -> &'h StopFlags {
        self.heap.chunks.flags()
    }

    /// True if an object of `bytes` may be created now: it is within the memory limit, and the system has the memory.
    /// Call this before building something whose size the input decides.
    pub fn make_room(self, bytes: usize) -> bool {
        self.heap.chunks.make_room(bytes)
    }

    /// True if `bytes` more outside the heap are within the memory limit.
    pub(crate) fn is_within_limit(self, bytes: usize) -> bool {
        !self.heap.chunks.is_beyond(bytes)
    }

    /// The same for bytes that are there already, and that an allocator may have counted.
    pub(crate) fn may_hold(self, bytes: usize) -> bool {
        self.heap().chunks.may_hold(bytes)
    }

    /// Counts bytes outside the heap towards the memory limit: those that an object refers to by number.
    pub fn count_bytes(self, bytes: usize) {
        self.heap.chunks.count(bytes);
    }

    /// The bytes of the heap's chunks, and those counted by [`Scope::count_bytes`].
    pub fn chunk_bytes(self) -> usize {
        self.heap.chunks.chunk_bytes()
    }
}

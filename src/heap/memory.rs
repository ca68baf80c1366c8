//! Memory outside the heap: a global allocator with a way out when the system has no more.
//!
//! Most of the standard library cannot report a failed allocation to its caller; it aborts the process. So a failed
//! request stops running evaluations ([`StopFlags`]), and is served from a reserve, which lasts until they notice. A
//! request too large for the reserve ends the process in the allocator's [way out](GuardedAllocator::new). Large requests
//! count towards memory limits until they are freed.

use super::StopFlags;
use memmap2::MmapMut;
use std::alloc::{GlobalAlloc, Layout, System, handle_alloc_error};
use std::cell::Cell;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

/// From this size on, in bytes, a request counts towards memory limits, and goes to the system's allocator. That gives
/// freed pages back at once, and lets memory grow without copying it.
const LARGE: usize = 128 << 10;
/// The size of the reserve, in bytes.
const RESERVE_BYTES: usize = 8 << 20;

static WAY_OUT: OnceLock<fn()> = OnceLock::new();
static RESERVE: Mutex<Option<MmapMut>> = Mutex::new(None);
static EVALUATIONS: Mutex<Vec<Evaluations>> = Mutex::new(Vec::new());
/// The bytes of all large requests that were not freed.
static LARGE_BYTES: AtomicUsize = AtomicUsize::new(0);
/// The smallest memory limit of any heap.
static LEAST_LIMIT: AtomicUsize = AtomicUsize::new(usize::MAX);

thread_local! {
    /// True while the current request may fail.
    static MAY_FAIL: Cell<bool> = const { Cell::new(false) };
    /// True once this thread is on the way out, so that it isn't taken again from within.
    static IS_LEAVING: Cell<bool> = const { Cell::new(false) };
}

/// The evaluations of one heap.
struct Evaluations {
    flags: Weak<AtomicU32>,
    limit: usize,
}

/// Runs an allocation that may fail, such as [`Vec::try_reserve`]: a [`GuardedAllocator`] then refuses what the
/// system does not have.
pub fn fallible<R>(request: impl FnOnce() -> R) -> R {
    let before = MAY_FAIL.replace(true);
    let result = request();
    MAY_FAIL.set(before);
    result
}

/// Registers a limit at which evaluations with these flags stop, in place of an earlier one.
pub(super) fn watch(flags: &Arc<AtomicU32>, limit: usize) {
    let mut all = EVALUATIONS.lock().unwrap_or_else(PoisonError::into_inner);
    all.retain(|evaluations| {
        evaluations.flags.strong_count() > 0 && !std::ptr::eq(evaluations.flags.as_ptr(), Arc::as_ptr(flags))
    });
    all.push(Evaluations { flags: Arc::downgrade(flags), limit });
    let least = all.iter().map(|evaluations| evaluations.limit).min();
    LEAST_LIMIT.store(least.unwrap_or(usize::MAX), Ordering::Relaxed);
}

/// The bytes of large requests that were not freed; 0 without a [`GuardedAllocator`].
pub(super) fn large_bytes() -> usize {
    LARGE_BYTES.load(Ordering::Relaxed)
}

/// Fills the reserve again.
pub(super) fn restock() {
    if WAY_OUT.get().is_none() {
        return;
    }
    let mut reserve = RESERVE.lock().unwrap_or_else(PoisonError::into_inner);
    if reserve.is_none() {
        *reserve = MmapMut::map_anon(RESERVE_BYTES).ok();
    }
}

/// Gives the reserve back to the system. Returns false if there was none.
pub(super) fn release_reserve() -> bool {
    RESERVE.try_lock().is_ok_and(|mut reserve| reserve.take().is_some())
}

/// Ends the process for lack of memory.
#[cold]
pub(super) fn exhausted(layout: Layout) -> ! {
    if let Some(way_out) = WAY_OUT.get() {
        leave(*way_out);
    }
    handle_alloc_error(layout)
}

fn leave(way_out: fn()) {
    if !IS_LEAVING.replace(true) {
        way_out();
    }
}

/// Stops evaluations whose limit `bytes` exceed.
#[cold]
fn stop_evaluations(bytes: usize) {
    // The holder of the lock is about to begin an evaluation, which checks its limit itself.
    let Ok(all) = EVALUATIONS.try_lock() else { return };
    for evaluations in all.iter().filter(|evaluations| evaluations.limit <= bytes) {
        if let Some(flags) = evaluations.flags.upgrade() {
            flags.fetch_or(StopFlags::OUT_OF_MEMORY, Ordering::Relaxed);
        }
    }
}

/// A global allocator around another one, which serves all but large requests.
#[derive(Debug)]
pub struct GuardedAllocator<A> {
    inner: A,
    way_out: fn(),
}

impl<A> GuardedAllocator<A> {
    /// Takes memory from `inner`, if less than 128 KiB are requested. If nothing else helps, `way_out` is called. It should not return; if it does, the
    /// process aborts. It must work with little memory, and before `main`.
    pub const fn new(inner: A, way_out: fn()) -> Self {
        Self { inner, way_out }
    }

    /// Starts to hold a reserve. Heaps that find no memory take the same way out from now on.
    pub fn guard(&self) {
        let _ = WAY_OUT.set(self.way_out);
        restock();
    }

    /// The result of a request for `bytes` in place of `before`; `made` is the first try, `again` repeats it.
    #[cold]
    #[inline(never)]
    fn settle(&self, made: *mut u8, before: usize, bytes: usize, again: impl Fn() -> *mut u8) -> *mut u8 {
        let made = if made.is_null() { self.retry(again) } else { made };
        if !made.is_null() {
            uncount(before);
            count(bytes);
        }
        made
    }

    /// Moves memory between the two allocators: it grows large, or no longer is.
    ///
    /// # Safety
    ///
    /// As for `GlobalAlloc::realloc`; the memory is the system's if `from_system`, else the inner allocator's.
    #[cold]
    unsafe fn exchange(&self, start: *mut u8, layout: Layout, bytes: usize, from_system: bool) -> *mut u8
    where
        A: GlobalAlloc,
    {
        // SAFETY: the caller promises that `bytes` is not zero, and fits the alignment.
        unsafe {
            let wanted = Layout::from_size_align_unchecked(bytes, layout.align());
            let made = if from_system { self.inner.alloc(wanted) } else { System.alloc(wanted) };
            if !made.is_null() {
                std::ptr::copy_nonoverlapping(start, made, layout.size().min(bytes));
                if from_system { System.dealloc(start, layout) } else { self.inner.dealloc(start, layout) }
            }
            made
        }
    }

    fn retry(&self, again: impl Fn() -> *mut u8) -> *mut u8 {
        if MAY_FAIL.get() {
            return std::ptr::null_mut();
        }
        stop_evaluations(usize::MAX);
        let made = if release_reserve() { again() } else { std::ptr::null_mut() };
        if made.is_null() {
            leave(self.way_out);
        }
        made
    }
}

fn is_large(layout: Layout) -> bool {
    layout.size() >= LARGE
}

fn count(bytes: usize) {
    if bytes >= LARGE {
        let total = LARGE_BYTES.fetch_add(bytes, Ordering::Relaxed) + bytes;
        if total > LEAST_LIMIT.load(Ordering::Relaxed) {
            stop_evaluations(total);
        }
    }
}

fn uncount(bytes: usize) {
    if bytes >= LARGE {
        LARGE_BYTES.fetch_sub(bytes, Ordering::Relaxed);
    }
}

// SAFETY: all memory is the inner allocator's or the system's, as the size in its layout tells, so the promises of both
// are kept. Nothing here
// allocates, unwinds, or waits for a lock: locks are only tried, and the reserve is memory of the system's own.
unsafe impl<A: GlobalAlloc> GlobalAlloc for GuardedAllocator<A> {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the promises that both allocators require.
        let attempt = || unsafe { if is_large(layout) { System.alloc(layout) } else { self.inner.alloc(layout) } };
        let made = attempt();
        if made.is_null() || is_large(layout) { self.settle(made, 0, layout.size(), attempt) } else { made }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        let attempt = || {
            // SAFETY: as in `alloc`.
            unsafe { if is_large(layout) { System.alloc_zeroed(layout) } else { self.inner.alloc_zeroed(layout) } }
        };
        let made = attempt();
        if made.is_null() || is_large(layout) { self.settle(made, 0, layout.size(), attempt) } else { made }
    }

    #[inline]
    unsafe fn dealloc(&self, start: *mut u8, layout: Layout) {
        if is_large(layout) {
            uncount(layout.size());
            // SAFETY: as in `alloc`; large memory is the system's.
            unsafe { System.dealloc(start, layout) };
        } else {
            // SAFETY: as in `alloc`.
            unsafe { self.inner.dealloc(start, layout) };
        }
    }

    #[inline]
    unsafe fn realloc(&self, start: *mut u8, layout: Layout, bytes: usize) -> *mut u8 {
        // SAFETY: as in `alloc`; a request that failed has left the old memory as it was.
        let attempt = || unsafe {
            match (is_large(layout), bytes >= LARGE) {
                (false, false) => self.inner.realloc(start, layout, bytes),
                (true, true) => System.realloc(start, layout, bytes),
                (from_system, _) => self.exchange(start, layout, bytes, from_system),
            }
        };
        let made = attempt();
        if made.is_null() || layout.size().max(bytes) >= LARGE {
            self.settle(made, layout.size(), bytes, attempt)
        } else {
            made
        }
    }
}

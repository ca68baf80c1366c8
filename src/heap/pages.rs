//! Memory from the system, in whole pages.

use std::ops::Range;
use std::ptr::NonNull;
use std::sync::atomic::AtomicU64;

/// Zeroed memory, given back when it is dropped.
#[derive(Debug)]
pub(super) struct Pages(Owner);

/// A mapping. The allocator would keep and touch more than is requested.
#[cfg(not(target_family = "wasm"))]
type Owner = memmap2::MmapMut;
/// Memory of the allocator, as there are no mappings.
#[cfg(target_family = "wasm")]
type Owner = Vec<u64>;

#[cfg(not(target_family = "wasm"))]
impl Pages {
    /// New memory for so many words. `None` if the system has none.
    pub(super) fn map(words: usize, huge_pages: bool) -> Option<Self> {
        let owner = memmap2::MmapMut::map_anon(words.checked_mul(8)?).ok()?;
        // Fewer, larger pages are cheaper to touch first. Only Linux takes this advice; Miri does not support it.
        #[cfg(all(target_os = "linux", not(miri)))]
        if huge_pages {
            let _ = owner.advise(memmap2::Advice::HugePage);
        }
        let _ = huge_pages;
        Some(Self(owner))
    }

    /// Gives the pages in a range of bytes back to the system. They are zero when they are touched again.
    pub(super) fn release(&self, range: Range<usize>) {
        #[cfg(all(target_os = "linux", not(miri)))]
        {
            let advice = memmap2::UncheckedAdvice::DontNeed;
            // SAFETY: no object is in this range, so nothing reads what the system takes away.
            let _ = unsafe { self.0.unchecked_advise_range(advice, range.start, range.len()) };
        }
        let _ = (range, &self.0);
    }
}

#[cfg(target_family = "wasm")]
impl Pages {
    /// New memory for so many words. `None` if the system has none.
    pub(super) fn map(words: usize, _: bool) -> Option<Self> {
        let mut owner = Vec::new();
        owner.try_reserve_exact(words).ok()?;
        owner.resize(words, 0);
        Some(Self(owner))
    }

    /// Does nothing: all memory stays the program's.
    pub(super) fn release(&self, _: Range<usize>) {}
}

impl Pages {
    /// The first word. Mappings begin at a page, which is aligned for words.
    pub(super) fn start(&mut self) -> NonNull<AtomicU64> {
        NonNull::from(&mut self.0[..]).cast()
    }
}

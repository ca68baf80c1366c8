//! The machine's stack: its size for an evaluation, and the current address.

/// The stack kept free below the floor, in bytes, for builtins, error texts and the way out.
const RESERVE: usize = 192 << 10;
/// The stack takes at most this fraction of the free address space; values need the rest.
const SHARE: usize = 4;

/// The address of something on the stack now.
#[inline(always)]
pub(crate) fn stack_address() -> usize {
    let marker = 0u8;
    (&raw const marker).addr()
}

/// Runs `body` on a stack of up to `size` bytes, or a smaller one if the system has no more. `body` gets the lowest
/// address that the stack may reach.
pub(crate) fn on_large_stack<R>(size: usize, body: impl FnOnce(usize) -> R) -> R {
    let here = stack_address();
    let remaining = stacker::remaining_stack().unwrap_or(512 << 10);
    // Halves the size on failure: an address space limit or strict overcommit refuses large ones.
    let mut wanted = size;
    while wanted > remaining && wanted >= 4 << 20 {
        if may_be_mapped(wanted) {
            return stacker::grow(wanted, || body(stack_address().saturating_sub(wanted - RESERVE - (64 << 10))));
        }
        wanted /= 2;
    }
    body(here.saturating_sub(remaining).saturating_add(RESERVE.min(remaining / 4)))
}

/// True if the system has this much memory for a stack, and enough address space for the rest.
fn may_be_mapped(stack: usize) -> bool {
    let share = memmap2::MmapOptions::new().len(stack.saturating_mul(SHARE)).no_reserve_swap().map_anon();
    share.is_ok_and(|share| {
        drop(share);
        memmap2::MmapOptions::new().len(stack).map_anon().is_ok()
    })
}

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
    let remaining = stacker::remaining_stack().unwrap_or(512 << 10);
    // Halves the size on failure: an address space limit or strict overcommit refuses large ones.
    let mut wanted = size;
    while wanted > remaining && wanted >= 4 << 20 {
        if may_be_mapped(wanted) {
            return stacker::grow(wanted, || body(stack_address().saturating_sub(wanted - RESERVE - (64 << 10))));
        }
        wanted /= 2;
    }
    let usable = usable_here(remaining);
    body(stack_address().saturating_sub(usable).saturating_add(RESERVE.min(usable / 4)))
}

/// The bytes below here that the current stack can have.
///
/// A program's first stack grows as it is used. Under a limit on the address space the system may refuse that at any
/// time, which ends the program. So all of it is used once, as far as there is room now.
#[inline(never)]
fn usable_here(remaining: usize) -> usize {
    /// No system with a limit has this much.
    const UNLIMITED: usize = 1 << 40;
    if memmap2::MmapOptions::new().len(UNLIMITED).no_reserve_swap().map_anon().is_ok() {
        return remaining;
    }
    let mut usable = remaining;
    while usable > RESERVE && !may_be_mapped(usable) {
        usable /= 2;
    }
    use_stack(usable.saturating_sub(STEP * 2));
    usable
}

/// The bytes of the stack that one call of [`use_stack`] uses.
const STEP: usize = 16 << 10;

#[inline(never)]
fn use_stack(bytes: usize) {
    let used = std::hint::black_box([0u8; STEP]);
    if let Some(rest) = bytes.checked_sub(STEP + 256) {
        use_stack(rest);
    }
    std::hint::black_box(&used);
}

/// True if the system has this much memory for a stack, and enough address space for the rest.
fn may_be_mapped(stack: usize) -> bool {
    let share = memmap2::MmapOptions::new().len(stack.saturating_mul(SHARE)).no_reserve_swap().map_anon();
    share.is_ok_and(|share| {
        drop(share);
        memmap2::MmapOptions::new().len(stack).map_anon().is_ok()
    })
}

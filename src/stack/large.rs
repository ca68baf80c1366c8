//! Large stacks beside the thread's own.

use super::{RESERVE, stack_address};
use corosensei::stack::DefaultStack;
use std::cell::Cell;
use std::time::{Duration, Instant};

/// A visit up to this long leaves its stack to the next.
const SHORT: Duration = Duration::from_millis(2);
/// The stack takes at most this fraction of the free address space; values need the rest.
const SHARE: usize = 4;

/// A stack that short visits use one after the other: to map one takes longer than most of them.
#[derive(Default)]
pub(crate) struct KeptStack(Cell<Option<LargeStack>>);

impl std::fmt::Debug for KeptStack {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeptStack").finish_non_exhaustive()
    }
}

thread_local! {
    /// The lowest address of the large stack that this thread is on.
    static END: Cell<Option<usize>> = const { Cell::new(None) };
}

impl KeptStack {
    /// Runs `body` on a stack of up to `size` bytes, or a smaller one if the system has no more. `body` gets the lowest
    /// address that the stack may reach.
    pub(crate) fn run<R>(&self, size: usize, body: impl FnOnce(usize) -> R) -> R {
        let remaining = remaining();
        let known = self.0.take().filter(|stack| size > remaining && stack.size <= size);
        match known.or_else(|| LargeStack::new(size, remaining)) {
            Some(mut stack) => {
                let start = Instant::now();
                let result = stack.run(body);
                // A stack that was used for long may have many pages in memory.
                if start.elapsed() < SHORT {
                    self.0.set(Some(stack));
                }
                result
            }
            None => {
                let usable = usable_here(remaining);
                body(stack_address().saturating_sub(usable).saturating_add(RESERVE.min(usable / 4)))
            }
        }
    }
}

/// Restores what the thread knows of its stack, also after a panic.
struct Outer(Option<usize>);

impl Drop for Outer {
    fn drop(&mut self) {
        END.set(self.0);
    }
}

/// A stack beside the thread's own.
struct LargeStack {
    size: usize,
    memory: DefaultStack,
}

impl LargeStack {
    /// A stack of up to `size` bytes. `None` if the system has no more than the `remaining` ones of the current stack.
    fn new(size: usize, remaining: usize) -> Option<Self> {
        // Halves the size on failure: an address space limit or strict overcommit refuses large ones.
        let mut size = size;
        while size > remaining && size >= 4 << 20 {
            if may_be_mapped(size)
                && let Ok(memory) = DefaultStack::new(size)
            {
                return Some(Self { size, memory });
            }
            size /= 2;
        }
        None
    }

    fn run<R>(&mut self, body: impl FnOnce(usize) -> R) -> R {
        let size = self.size;
        corosensei::on_stack(&mut self.memory, || {
            let end = stack_address().saturating_sub(size - (64 << 10));
            let _outer = Outer(END.replace(Some(end)));
            body(end.saturating_add(RESERVE))
        })
    }
}

/// The bytes below here that the current stack has.
fn remaining() -> usize {
    match END.get() {
        Some(end) => stack_address().saturating_sub(end),
        None => stacker::remaining_stack().unwrap_or(512 << 10),
    }
}

/// Runs `body` on this stack if it has so many bytes left, else on another one of this size.
pub(crate) fn maybe_grow<R>(needed: usize, size: usize, body: impl FnOnce() -> R) -> R {
    if remaining() >= needed {
        return body();
    }
    match DefaultStack::new(size) {
        Ok(memory) => LargeStack { size, memory }.run(|_| body()),
        Err(_) => body(),
    }
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

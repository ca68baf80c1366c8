//! WebAssembly: the stack lies at the beginning of memory, and cannot grow.

use super::RESERVE;

/// The stack of all visits.
#[derive(Debug, Default)]
pub(crate) struct KeptStack;

impl KeptStack {
    /// Runs `body`, which gets the lowest address that the stack may reach.
    pub(crate) fn run<R>(&self, _: usize, body: impl FnOnce(usize) -> R) -> R {
        body(RESERVE)
    }
}

/// Runs `body`.
pub(crate) fn maybe_grow<R>(_: usize, _: usize, body: impl FnOnce() -> R) -> R {
    body()
}

//! The machine's stack: its size for an evaluation, and the current address.

#[cfg(target_family = "wasm")]
mod fixed;
#[cfg(not(target_family = "wasm"))]
mod large;

#[cfg(target_family = "wasm")]
pub(crate) use fixed::{KeptStack, maybe_grow};
#[cfg(not(target_family = "wasm"))]
pub(crate) use large::{KeptStack, maybe_grow};

/// The stack kept free below the floor, in bytes, for builtins, error texts and the way out.
const RESERVE: usize = 192 << 10;

/// The address of something on the stack now.
#[inline(always)]
pub(crate) fn stack_address() -> usize {
    let marker = 0u8;
    (&raw const marker).addr()
}

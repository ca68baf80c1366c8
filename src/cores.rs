//! The cores of the machine.

use std::num::NonZero;
use std::thread::available_parallelism;

/// True if this process may use more than one. It takes a while to find out.
pub(crate) fn are_several() -> bool {
    available_parallelism().map_or(1, NonZero::get) > 1
}

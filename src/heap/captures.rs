//! Captured values of running code: the payload of its thunk or closure.

use super::brand::Brand;
use super::function::{self, Closure};
use super::layout::Object;
use super::thunk::Thunk;
use super::value::Value;
use std::marker::PhantomData;

/// The captures of a closure or of a thunk that is running.
#[derive(Clone, Copy, Debug)]
pub struct Captures<'h> {
    object: Object,
    brand: Brand<'h>,
}

impl<'h> Captures<'h> {
    /// The captured value at `index`; `null` if there is none.
    #[inline]
    pub fn get(self, index: u32) -> Value<'h> {
        function::capture(self.object, index as usize)
    }

    /// Replaces a captured thunk by its value. Does nothing past the end.
    #[inline]
    pub fn write_back(self, index: u32, value: Value<'h>) {
        function::set_capture(self.object, index as usize, value);
    }
}

impl<'h> From<Closure<'h>> for Captures<'h> {
    #[inline]
    fn from(closure: Closure<'h>) -> Self {
        Self { object: closure.object(), brand: PhantomData }
    }
}

impl<'h> From<Thunk<'h>> for Captures<'h> {
    #[inline]
    fn from(thunk: Thunk<'h>) -> Self {
        Self { object: thunk.object(), brand: PhantomData }
    }
}

//! Functions as values: closures, and functions that still wait for arguments.

use super::CodeRef;
use super::brand::{Brand, Scope};
use super::layout::{self, Kind, Object, header};
use super::value::Value;
use std::marker::PhantomData;

/// Most captures that fit the header of a closure or thunk. Lowering refuses code with more.
pub const CAPTURE_LIMIT: usize = (1 << 12) - 1;

/// Header bits of thunks and closures above the kind: 4 of state, 12 of captures, 40 of code.
pub(super) fn code_header(captures: usize, code: CodeRef) -> u64 {
    debug_assert!(captures <= CAPTURE_LIMIT);
    (captures as u64) << 4 | u64::from(code.code) << 16 | u64::from(code.unit) << 36
}

pub(super) fn code_of(header: u64) -> CodeRef {
    CodeRef { code: (header >> 24) as u32 & 0xf_ffff, unit: (header >> 44) as u32 }
}

pub(super) fn captures_of(header: u64) -> usize {
    (header >> 12) as usize & 0xfff
}

/// Writes `null` into words `1..=count`, so that an object is whole before its real contents are known.
pub(super) fn clear(object: Object, count: usize) {
    for index in 1..=count {
        layout::set(object, index, Value::NULL.word());
    }
}

/// A function written in Nix, with the values it captured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Closure<'h> {
    object: Object,
    brand: Brand<'h>,
}

impl<'h> Closure<'h> {
    #[inline]
    pub(super) fn new(object: Object) -> Self {
        Self { object, brand: PhantomData }
    }

    #[inline]
    pub(super) fn object(self) -> Object {
        self.object
    }

    /// A closure whose `captures` captures are all `null` until [`Closure::set_capture`].
    #[inline]
    pub fn reserve(scope: Scope<'h>, code: CodeRef, captures: usize) -> Self {
        let captures = captures.min(CAPTURE_LIMIT);
        let object = layout::allocate(scope, header(Kind::Closure, code_header(captures, code)), captures);
        clear(object, captures);
        Self::new(object)
    }

    /// Which code runs when it is called.
    #[inline]
    pub fn code(self) -> CodeRef {
        code_of(layout::get(self.object, 0))
    }

    /// Number of captures.
    #[inline]
    pub fn captures(self) -> usize {
        captures_of(layout::get(self.object, 0))
    }

    /// The captured value at `index`; `null` if there is none.
    #[inline]
    pub fn capture(self, index: usize) -> Value<'h> {
        if index < self.captures() { Value::from_word(layout::get(self.object, 1 + index)) } else { Value::NULL }
    }

    /// Fills in a capture. Nothing happens past the end.
    #[inline]
    pub fn set_capture(self, index: usize, value: Value<'h>) {
        if index < self.captures() {
            layout::set(self.object, 1 + index, value.word());
        }
    }
}

/// A function together with fewer arguments than it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Partial<'h> {
    object: Object,
    brand: Brand<'h>,
}

impl<'h> Partial<'h> {
    #[inline]
    pub(super) fn new(object: Object) -> Self {
        Self { object, brand: PhantomData }
    }

    #[inline]
    pub(super) fn object(self) -> Object {
        self.object
    }

    /// `function` given `before` and then `arguments`.
    pub fn apply(scope: Scope<'h>, function: Value<'h>, before: Option<Self>, arguments: &[Value<'h>]) -> Self {
        let earlier = before.map_or(0, Self::len);
        let total = earlier + arguments.len();
        let object = layout::allocate(scope, header(Kind::Partial, total as u64), 1 + total);
        layout::set(object, 1, function.word());
        let old = (0..earlier).filter_map(|index| before.map(|partial| partial.argument(index)));
        for (index, argument) in old.chain(arguments.iter().copied()).enumerate() {
            layout::set(object, 2 + index, argument.word());
        }
        Self::new(object)
    }

    /// The function: a closure or a builtin, never itself partial.
    #[inline]
    pub fn function(self) -> Value<'h> {
        Value::from_word(layout::get(self.object, 1))
    }

    /// Number of arguments given so far; at least one.
    #[inline]
    pub fn len(self) -> usize {
        (layout::get(self.object, 0) >> 8) as usize
    }

    /// Always false: a partial application has an argument.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The argument at `index`; `null` if there is none.
    #[inline]
    pub fn argument(self, index: usize) -> Value<'h> {
        if index < self.len() { Value::from_word(layout::get(self.object, 2 + index)) } else { Value::NULL }
    }
}

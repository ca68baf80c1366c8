//! Functions as values: closures, and partial applications.

use super::CodeRef;
use super::brand::{Brand, Scope};
use super::holes::SMALLEST;
use super::layout::{self, Kind, Object, header};
use super::value::{self, Value};
use std::marker::PhantomData;

/// The largest number of captures that the header can count. The word after these has the number of all, as an integer;
/// the others follow.
pub(super) const MOST_DIRECT: usize = (1 << 5) - 1;

/// The number of header bits below the number of captures.
const CAPTURES: u32 = 11;

/// The first of the header bits that a packed thunk has for its value.
const PACKED: u32 = 16;

/// The header bit of a thunk or closure with more captures.
const HAS_REST: u64 = 0x1_0000;

/// The header bit of a thunk that keeps all of its words when it is done.
const KEEPS_SIZE: u64 = 0x2_0000;

/// The header bits of thunks and closures above the kind: 3 of state, 5 of captures, [`HAS_REST`], [`KEEPS_SIZE`], 6
/// that are zero, 40 of code.
pub(super) fn code_header(captures: usize, code: CodeRef) -> u64 {
    debug_assert!(captures <= MOST_DIRECT);
    (captures as u64) << (CAPTURES - 8) | code.0 << 16
}

pub(super) fn code_of(header: u64) -> CodeRef {
    CodeRef(header >> 24)
}

/// The header with another number in place of the code.
pub(super) fn with_code(header: u64, number: u64) -> u64 {
    debug_assert!(number < 1 << 40);
    header & 0xff_ffff | number << 24
}

/// The same as [`code_header`] for a call for one member, which has one capture.
pub(super) fn member_header(member: u64) -> u64 {
    debug_assert!(member < 1 << 40);
    1 << (CAPTURES - 8) | member << 16
}

pub(super) fn member_of(header: u64) -> u64 {
    header >> 24
}

fn direct_captures(object: Object) -> usize {
    (layout::get(object, 0) >> CAPTURES) as usize & MOST_DIRECT
}

/// A thunk or closure of at least `payload` words whose captures are all `null`, so that it is well-formed before its
/// real captures are known.
#[inline]
pub(super) fn reserve(scope: Scope<'_>, kind: Kind, code: CodeRef, captures: usize, payload: usize) -> Object {
    if captures > MOST_DIRECT {
        return reserve_long(scope, kind, code, captures);
    }
    let payload = captures.max(payload);
    let object = layout::allocate_to_fill(scope, header(kind, code_header(captures, code)), payload);
    clear(object, payload);
    object
}

/// Like [`reserve`], with its captures.
#[inline(always)]
pub(super) fn filled<'h>(
    scope: Scope<'h>,
    kind: Kind,
    code: CodeRef,
    captures: impl ExactSizeIterator<Item = Value<'h>>,
    payload: usize,
) -> Object {
    let count = captures.len();
    if count > MOST_DIRECT {
        let object = reserve_long(scope, kind, code, count);
        captures.take(count).enumerate().for_each(|(index, value)| set_capture(object, index, value));
        return object;
    }
    let payload = count.max(payload);
    let object = layout::allocate(scope, header(kind, code_header(count, code)), payload);
    let mut last = 0;
    captures.take(count).for_each(|value| {
        last += 1;
        layout::set(object, last, value.word());
    });
    (last..payload).for_each(|index| layout::set(object, 1 + index, Value::NULL.word()));
    object
}

#[cold]
fn reserve_long(scope: Scope<'_>, kind: Kind, code: CodeRef, captures: usize) -> Object {
    let header = header(kind, code_header(MOST_DIRECT, code)) | HAS_REST;
    let object = layout::allocate(scope, header, 1 + captures);
    clear(object, 1 + captures);
    layout::set(object, 1 + MOST_DIRECT, (captures as u64) << 8 | value::INTEGER);
    object
}

fn clear(object: Object, count: usize) {
    for index in 1..=count {
        layout::set(object, index, Value::NULL.word());
    }
}

/// True if there are captures beyond those that the header counts. A packed thunk has its value in place of that bit.
fn has_rest(object: Object) -> bool {
    direct_captures(object) == MOST_DIRECT && layout::get(object, 0) & HAS_REST != 0
}

/// The payload words of the captures.
pub(super) fn payload_of(object: Object) -> usize {
    captures_of(object) + usize::from(has_rest(object))
}

/// The number of captures of a thunk whose words are for others when it is done; zero if they are too few to be of use.
#[inline]
pub(super) fn given_up(header: u64) -> usize {
    let captures = (header >> CAPTURES & (MOST_DIRECT as u64 | (HAS_REST | KEEPS_SIZE) >> CAPTURES)) as usize;
    if (SMALLEST..=MOST_DIRECT).contains(&captures) { captures } else { 0 }
}

/// The header of a thunk without captures that has its value in it, if the value fits.
#[inline]
pub(super) fn packed(header: u64, value: u64) -> Option<u64> {
    (value >> (u64::BITS - PACKED) == 0).then_some(header & ((1 << CAPTURES) - 1) | value << PACKED)
}

/// The value in such a header.
#[inline]
pub(super) fn value_in(header: u64) -> u64 {
    header >> PACKED
}

/// The header of a thunk with one capture.
pub(super) fn shrunk(header: u64) -> u64 {
    header & !((MOST_DIRECT as u64) << CAPTURES) | 1 << CAPTURES
}

/// Sees to it that a thunk has all of its words as long as it exists.
pub(super) fn keep_size(object: Object) {
    layout::set(object, 0, layout::get(object, 0) | KEEPS_SIZE);
}

/// The number of captures.
pub(super) fn captures_of(object: Object) -> usize {
    let all = || (layout::get(object, 1 + MOST_DIRECT) >> 8) as usize;
    if has_rest(object) { all() } else { direct_captures(object) }
}

/// The captured value at `index`; `null` if there is none.
#[inline]
pub(super) fn capture<'h>(object: Object, index: usize) -> Value<'h> {
    if index < direct_captures(object) {
        Value::from_word(layout::get(object, 1 + index))
    } else {
        capture_of_rest(object, index)
    }
}

#[cold]
fn capture_of_rest<'h>(object: Object, index: usize) -> Value<'h> {
    if index < captures_of(object) { Value::from_word(layout::get(object, 2 + index)) } else { Value::NULL }
}

/// Replaces a capture. Does nothing past the end.
#[inline]
pub(super) fn set_capture(object: Object, index: usize, value: Value<'_>) {
    if index < direct_captures(object) {
        layout::set(object, 1 + index, value.word());
    } else {
        set_capture_of_rest(object, index, value);
    }
}

#[cold]
fn set_capture_of_rest(object: Object, index: usize, value: Value<'_>) {
    if index < captures_of(object) {
        layout::set(object, 2 + index, value.word());
    }
}

/// A function written in Nix, with its captured values.
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
        Self::new(reserve(scope, Kind::Closure, code, captures, 0))
    }

    /// A closure with its captures.
    #[inline]
    pub fn with_captures(scope: Scope<'h>, code: CodeRef, captures: impl ExactSizeIterator<Item = Value<'h>>) -> Self {
        Self::new(filled(scope, Kind::Closure, code, captures, 0))
    }

    /// The code that runs when it is called.
    #[inline]
    pub fn code(self) -> CodeRef {
        code_of(layout::get(self.object, 0))
    }

    /// The number of captures.
    pub fn captures(self) -> usize {
        captures_of(self.object)
    }

    /// The captured value at `index`; `null` if there is none.
    #[inline]
    pub fn capture(self, index: usize) -> Value<'h> {
        capture(self.object, index)
    }

    /// Sets a capture. Does nothing past the end.
    #[inline]
    pub fn set_capture(self, index: usize, value: Value<'h>) {
        set_capture(self.object, index, value);
    }
}

/// A function with fewer arguments than it takes.
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

    /// `function` applied to the arguments of `before`, then to `arguments`.
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

    /// The number of arguments so far; at least one.
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

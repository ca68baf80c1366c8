//! Functions as values: closures, and partial applications.

use super::CodeRef;
use super::brand::{Brand, Scope};
use super::layout::{self, Kind, Object, header};
use super::list::{List, ListBuilder};
use super::value::Value;
use std::marker::PhantomData;

/// The largest number of captures that the header can count. Further ones are in a list, in the word after these.
pub(super) const MOST_DIRECT: usize = (1 << 12) - 1;

/// The header bit of a thunk or closure with such a list.
const HAS_REST: u64 = 0x800;

/// The header bits of thunks and closures above the kind: 3 of state, [`HAS_REST`], 12 of captures, 40 of code.
pub(super) fn code_header(captures: usize, code: CodeRef) -> u64 {
    debug_assert!(captures <= MOST_DIRECT);
    (captures as u64) << 4 | code.0 << 16
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
    1 << 4 | member << 16
}

pub(super) fn member_of(header: u64) -> u64 {
    header >> 24
}

fn direct_captures(object: Object) -> usize {
    (layout::get(object, 0) >> 12) as usize & MOST_DIRECT
}

/// A thunk or closure of at least `payload` words whose captures are all `null`, so that it is well-formed before its
/// real captures are known.
#[inline]
pub(super) fn reserve(scope: Scope<'_>, kind: Kind, code: CodeRef, captures: usize, payload: usize) -> Object {
    if captures > MOST_DIRECT {
        return reserve_long(scope, kind, code, captures);
    }
    let payload = captures.max(payload);
    let object = layout::allocate(scope, header(kind, code_header(captures, code)), payload);
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
        captures.enumerate().for_each(|(index, value)| set_capture(object, index, value));
        return object;
    }
    let payload = count.max(payload);
    let object = layout::allocate(scope, header(kind, code_header(count, code)), payload);
    let mut next = 1;
    for value in captures.take(count) {
        layout::set(object, next, value.word());
        next += 1;
    }
    for index in next..=payload {
        layout::set(object, index, Value::NULL.word());
    }
    object
}

#[cold]
fn reserve_long(scope: Scope<'_>, kind: Kind, code: CodeRef, captures: usize) -> Object {
    let rest = ListBuilder::new(scope, captures - MOST_DIRECT).finish();
    let header = header(kind, code_header(MOST_DIRECT, code)) | HAS_REST;
    let object = layout::allocate(scope, header, MOST_DIRECT + 1);
    clear(object, MOST_DIRECT);
    layout::set(object, MOST_DIRECT + 1, Value::from(rest).word());
    object
}

fn clear(object: Object, count: usize) {
    for index in 1..=count {
        layout::set(object, index, Value::NULL.word());
    }
}

/// The captures beyond those that the header counts.
fn rest<'h>(object: Object) -> Option<List<'h>> {
    let has_rest = layout::get(object, 0) & HAS_REST != 0;
    if has_rest { Value::from_word(layout::get(object, MOST_DIRECT + 1)).as_list() } else { None }
}

/// The payload words of the captures.
pub(super) fn payload_of(object: Object) -> usize {
    direct_captures(object) + usize::from(layout::get(object, 0) & HAS_REST != 0)
}

/// The number of captures.
pub(super) fn captures_of(object: Object) -> usize {
    direct_captures(object) + rest(object).map_or(0, List::len)
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
    rest(object).and_then(|rest| rest.get(index - MOST_DIRECT)).unwrap_or(Value::NULL)
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
    if let Some(rest) = rest(object) {
        rest.write_back(index - MOST_DIRECT, value);
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

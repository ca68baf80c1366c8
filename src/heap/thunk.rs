//! Thunks: delayed work, done at most once, with a result that all holders of the thunk share.
//!
//! ```text
//! suspended ──begin──▶ running ──finish──▶ done (word 1, or the header, has the value)
//!     ▲                   │└─────fail────▶ failed (word 1 is the number of a remembered error)
//!     └──────restore──────┘
//! ```
//!
//! A *guarded* thunk is done, but most of the evaluator takes it for one that is not, so that its value is only handed
//! out by `eval::force`, which notes what it depends on.
//!
//! Captures stay in place until `finish`, so an interrupted run can be undone and repeated. Then their words are for
//! others (`holes.rs`), and a value that fits the header is put there. Only `eval::force` moves a thunk from one state
//! to another.
//!
//! # Observable identity
//!
//! Programs can tell where some values live: C++ Nix compares functions and floats in sets and lists by their address
//! first, and prints a list that it meets again, at the same address, as `«repeated»`. Such a value has a *home*: the
//! thunk or place that made it or held it first. For its home the value can stand itself. In all other places the
//! thunk must stay, since it is the address that C++ Nix would see: it is done *as an alias*, and its value never
//! replaces it. Values without a home, such as strings and sets, which are compared by what is in them or already
//! have one address, replace their thunks everywhere.

use super::CodeRef;
use super::brand::{Brand, Scope};
use super::function::{self, MOST_DIRECT, code_header, code_of};
use super::layout::{self, Kind, Object, header};
use super::value::Value;
use std::marker::PhantomData;

const STATE_MASK: u64 = 0x700;
const SUSPENDED: u64 = 0;
const RUNNING: u64 = 0x100;
/// The bit of the states that hand out their value.
const OPEN: u64 = 0x200;
const DONE: u64 = OPEN;
const ALIAS: u64 = OPEN | 0x100;
/// Done, with the value in the header.
const PACKED: u64 = OPEN | 0x400;
const FAILED: u64 = 0x400;
/// Done, and its value is only handed out with what it depends on.
const GUARDED: u64 = 0x500;
/// The header bit of a guarded alias.
const GUARDED_ALIAS: u64 = 0x4_0000;
/// The state bits that tell [`DONE`] and [`PACKED`], whose value may replace them, from others.
const REPLACED_MASK: u64 = 0x300;

/// A shared, lazily evaluated value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Thunk<'h> {
    object: Object,
    brand: Brand<'h>,
}

/// The state of a thunk.
#[derive(Clone, Copy, Debug)]
pub enum ThunkState<'h> {
    /// Not started.
    Suspended,
    /// Being evaluated: forcing it again is an infinite recursion.
    Running,
    /// Evaluated.
    Done(Value<'h>),
    /// Failed with the error of this number.
    Failed(u32),
}

/// The work of a suspended thunk.
#[derive(Clone, Copy, Debug)]
pub enum ThunkKind {
    /// Run this code with the captures.
    Code(CodeRef),
    /// Call capture 0 with the others.
    Apply,
    /// Make the call for this member, described by capture 0.
    Member(u64),
    /// None: it is done, and nothing is left but its value.
    Over,
}

/// The states of a thunk as far as they decide what its words mean.
pub(super) enum Stage {
    /// Suspended or running: the captures are needed.
    Open,
    /// Word 1 is the value.
    Done,
    /// The header has this value.
    Packed(u64),
    /// Failed with the error of this number.
    Failed(u32),
}

/// The stage of a thunk.
#[inline]
pub(super) fn stage(object: Object) -> Stage {
    let header = layout::get(object, 0);
    match header & STATE_MASK {
        SUSPENDED | RUNNING => Stage::Open,
        PACKED => Stage::Packed(function::value_in(header)),
        FAILED => Stage::Failed((layout::get(object, 1) >> 8) as u32),
        _ => Stage::Done,
    }
}

/// The value that may replace a thunk wherever it is held.
#[inline]
pub(super) fn replacement_of(object: Object) -> Option<u64> {
    let header = layout::acquire_header(object);
    (header & REPLACED_MASK == DONE).then(|| value_of(object, header))
}

/// The value of a thunk that is done.
#[inline]
fn value_of(object: Object, header: u64) -> u64 {
    if header & PACKED == PACKED { function::value_in(header) } else { layout::get(object, 1) }
}

/// Sees to it that an object, if it is a thunk that is not done, has all of its words as long as it exists.
pub(super) fn keep_words(object: Object) {
    let is_thunk = layout::is_kind(object, Kind::Thunk) || layout::is_kind(object, Kind::Apply);
    if is_thunk && matches!(stage(object), Stage::Open) {
        function::keep_size(object);
    }
}

/// The words of a thunk after its header.
pub(super) fn payload(object: Object) -> usize {
    if layout::get(object, 0) & STATE_MASK == PACKED { 0 } else { function::payload_of(object).max(1) }
}

impl<'h> Thunk<'h> {
    #[inline]
    pub(super) fn new(object: Object) -> Self {
        Self { object, brand: PhantomData }
    }

    #[inline]
    pub(super) fn object(self) -> Object {
        self.object
    }

    /// A suspended thunk that will run `code`; its captures are `null` until [`Thunk::set_capture`].
    #[inline]
    pub fn reserve(scope: Scope<'h>, code: CodeRef, captures: usize) -> Self {
        Self::new(function::reserve(scope, Kind::Thunk, code, captures, 1))
    }

    /// A suspended thunk that will run `code` with these captures.
    #[inline]
    pub fn with_captures(scope: Scope<'h>, code: CodeRef, captures: impl ExactSizeIterator<Item = Value<'h>>) -> Self {
        Self::new(function::filled(scope, Kind::Thunk, code, captures, 1))
    }

    /// A suspended call of `function` with a few `arguments`.
    pub fn apply(scope: Scope<'h>, function: Value<'h>, arguments: &[Value<'h>]) -> Self {
        let count = 1 + arguments.len().min(MOST_DIRECT - 1);
        let rest = code_header(count, CodeRef(0));
        let object = layout::allocate_to_fill(scope, header(Kind::Apply, rest), count);
        layout::set(object, 1, function.word());
        for (index, argument) in arguments.iter().take(count - 1).enumerate() {
            layout::set(object, 2 + index, argument.word());
        }
        Self::new(object)
    }

    /// A suspended call for one member, whose number is less than 2^40, described by `calls`.
    #[inline]
    pub fn member_call(scope: Scope<'h>, calls: Value<'h>, member: u64) -> Self {
        let object = layout::allocate_to_fill(scope, header(Kind::Member, function::member_header(member)), 1);
        layout::set(object, 1, calls.word());
        Self::new(object)
    }

    /// A thunk that already has its value: an identity for a function or float.
    pub fn done(scope: Scope<'h>, value: Value<'h>) -> Self {
        let object = layout::allocate_to_fill(scope, header(Kind::Thunk, 0) | DONE, 1);
        layout::set(object, 1, value.word());
        Self::new(object)
    }

    /// The same for a value that has its identity elsewhere: handles to this thunk stay handles to it.
    pub(crate) fn done_alias(scope: Scope<'h>, value: Value<'h>) -> Self {
        let thunk = Self::done(scope, value);
        thunk.publish(ALIAS);
        thunk
    }

    /// A number that no other thunk of this heap has as long as this one is not freed.
    pub fn number(self) -> u64 {
        layout::address(self.object)
    }

    /// Its state.
    #[inline]
    pub fn state(self) -> ThunkState<'h> {
        let header = layout::acquire_header(self.object);
        match header & STATE_MASK {
            SUSPENDED => ThunkState::Suspended,
            RUNNING => ThunkState::Running,
            FAILED => ThunkState::Failed((layout::get(self.object, 1) >> 8) as u32),
            _ => ThunkState::Done(Value::from_word(value_of(self.object, header))),
        }
    }

    /// The value, if evaluation has succeeded and nothing guards it.
    #[inline]
    pub fn value(self) -> Option<Value<'h>> {
        let header = layout::acquire_header(self.object);
        (header & OPEN != 0).then(|| Value::from_word(value_of(self.object, header)))
    }

    /// The value, if it may replace the thunk wherever the thunk is held; see `finish_as_alias`.
    #[inline]
    pub fn replacement(self) -> Option<Value<'h>> {
        replacement_of(self.object).map(Value::from_word)
    }

    /// Its work, pending or running.
    #[inline]
    pub fn kind(self) -> ThunkKind {
        let header = layout::get(self.object, 0);
        if header & STATE_MASK == PACKED { ThunkKind::Over } else { self.work() }
    }

    /// The same for a thunk that is suspended or running.
    #[inline]
    pub(crate) fn work(self) -> ThunkKind {
        let header = layout::get(self.object, 0);
        if layout::is_kind(self.object, Kind::Thunk) {
            ThunkKind::Code(code_of(header))
        } else if layout::is_kind(self.object, Kind::Apply) {
            ThunkKind::Apply
        } else {
            ThunkKind::Member(function::member_of(header))
        }
    }

    /// The number of captures.
    pub fn captures(self) -> usize {
        function::captures_of(self.object)
    }

    /// The capture at `index`; `null` if there is none. Meaningful while suspended or running.
    #[inline]
    pub fn capture(self, index: usize) -> Value<'h> {
        function::capture(self.object, index)
    }

    /// Sets a capture of a suspended thunk. Does nothing otherwise.
    #[inline]
    pub fn set_capture(self, index: usize, value: Value<'h>) {
        if layout::get(self.object, 0) & STATE_MASK == SUSPENDED {
            function::set_capture(self.object, index, value);
        }
    }

    /// Suspended to running; false if it was not suspended.
    ///
    /// With one evaluation per heap nothing can come between the caller's look at the state and this, so the result
    /// may be ignored. The exchange is for evaluations that share a heap.
    #[inline]
    pub(crate) fn begin(self) -> bool {
        let header = layout::get(self.object, 0) & !STATE_MASK;
        layout::exchange_header(self.object, header | SUSPENDED, header | RUNNING)
    }

    /// Running to done. The words that are not needed any more are for other objects from now on.
    #[inline]
    pub(crate) fn finish(self, scope: Scope<'h>, value: Value<'h>) {
        let header = layout::get(self.object, 0);
        let words = function::given_up(header);
        match function::packed(header, value.word()) {
            Some(packed) if words > 0 => {
                layout::publish_header(self.object, packed & !STATE_MASK | PACKED);
                scope.heap().chunks.holes.add(self.object, 1, words);
            }
            _ => self.finish_whole(scope, value, DONE),
        }
    }

    /// Running to done, with a value that has another home: a function or float created elsewhere, or a list held by
    /// another place before.
    pub(crate) fn finish_as_alias(self, scope: Scope<'h>, value: Value<'h>) {
        self.finish_whole(scope, value, ALIAS);
    }

    /// Running to done, with the value in word 1.
    #[inline]
    fn finish_whole(self, scope: Scope<'h>, value: Value<'h>, state: u64) {
        let header = layout::get(self.object, 0);
        layout::set(self.object, 1, value.word());
        let words = function::given_up(header).saturating_sub(1);
        let header = if words > 0 { function::shrunk(header) } else { header };
        layout::publish_header(self.object, header & !STATE_MASK | state);
        if words > 0 {
            scope.heap().chunks.holes.add(self.object, 2, words);
        }
    }

    /// From now on all captures stay when it is done, and so does its code.
    pub(crate) fn keep_captures(self) {
        function::keep_size(self.object);
    }

    /// Running to failed; the error is stored under `number` elsewhere.
    pub(crate) fn fail(self, number: u32) {
        // A well-formed word (an integer's tag), so that word 1 is a value in every state.
        layout::set(self.object, 1, u64::from(number) << 8 | 1);
        self.publish(FAILED);
    }

    /// Lets nobody have the value, or the error, without its guard: a number of 40 bits, which takes the place of the
    /// code. Returns false for a thunk that is neither done nor failed.
    pub(crate) fn guard(self, guard: u64) -> bool {
        let header = layout::get(self.object, 0);
        debug_assert!(header & STATE_MASK != PACKED, "there is no room for a guard");
        let state = match header & STATE_MASK {
            DONE => GUARDED,
            ALIAS => GUARDED | GUARDED_ALIAS,
            FAILED => FAILED,
            _ => return false,
        };
        layout::publish_header(self.object, function::with_code(header & !STATE_MASK | state, guard));
        true
    }

    /// The guard of a thunk that has one.
    pub(crate) fn guard_number(self) -> u64 {
        code_of(layout::get(self.object, 0)).0
    }

    /// Running back to suspended, as if it had not started.
    pub(crate) fn restore(self) {
        self.publish(SUSPENDED);
    }

    #[inline]
    fn publish(self, state: u64) {
        layout::publish_header(self.object, layout::get(self.object, 0) & !STATE_MASK | state);
    }
}

impl<'h> Value<'h> {
    /// The value, unless it is a thunk that is not evaluated, or guarded.
    #[inline]
    pub fn evaluated(self) -> Option<Self> {
        self.as_thunk().map_or(Some(self), Thunk::value)
    }

    /// The value of an evaluated thunk, guarded or not; otherwise the value itself. To be looked at only.
    #[inline]
    pub fn peeked(self) -> Self {
        match self.as_thunk().map(Thunk::state) {
            Some(ThunkState::Done(value)) => value,
            _ => self,
        }
    }

    /// The value that may replace an evaluated thunk, guarded or not; otherwise the value itself. To be compared only.
    pub(crate) fn at_home(self) -> Self {
        let word = self.as_thunk().and_then(|thunk| match layout::get(thunk.object, 0) & STATE_MASK {
            GUARDED if layout::get(thunk.object, 0) & GUARDED_ALIAS == 0 => Some(layout::get(thunk.object, 1)),
            _ => replacement_of(thunk.object),
        });
        word.map_or(self, Self::from_word)
    }

    /// The value of an evaluated thunk that it may replace; otherwise the value itself.
    #[inline]
    pub(crate) fn shortened(self) -> Self {
        self.as_thunk().and_then(Thunk::replacement).unwrap_or(self)
    }
}

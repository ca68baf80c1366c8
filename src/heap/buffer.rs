//! Strings that grow: a long string that is made longer again and again is kept in a buffer with room at that end.
//!
//! The string of before keeps its bytes, which the longer one has too; only the new bytes are copied. Nobody sees the rest of
//! a buffer before a string is made of it.

use super::Str;
use super::brand::Scope;
use super::layout::{self, Kind, Object, header};
use super::string::{ContextId, STRIDE};

/// Longer ones have no buffer: where its used part begins and ends are halves of a word.
const LONGEST: usize = u32::MAX as usize / 2;
/// The word that has both, and the one where the bytes begin.
const USED: usize = 1;
const BYTES: usize = 2;

/// The bytes of a buffer that strings are made of.
#[derive(Clone, Copy)]
struct Used {
    start: usize,
    end: usize,
}

impl<'h> Str<'h> {
    /// Shorter strings are copied when they are made longer.
    pub const GROWS_FROM: usize = 2048;

    /// `self` and then `rest`, all with this context. `None` if there is no memory for it, or if the evaluation is to end.
    pub fn followed_by(self, scope: Scope<'h>, rest: &[u8], context: ContextId) -> Option<Self> {
        grown(scope, self, rest, context, End::Back)
    }

    /// `rest` and then `self`, all with this context; as [`Str::followed_by`].
    pub fn preceded_by(self, scope: Scope<'h>, rest: &[u8], context: ContextId) -> Option<Self> {
        grown(scope, self, rest, context, End::Front)
    }
}

/// Where a string grows.
#[derive(Clone, Copy, PartialEq)]
enum End {
    Front,
    Back,
}

impl End {
    fn in_order<'a>(self, text: &'a [u8], more: &'a [u8]) -> [&'a [u8]; 2] {
        if self == Self::Back { [text, more] } else { [more, text] }
    }
}

fn grown<'h>(scope: Scope<'h>, text: Str<'h>, more: &[u8], context: ContextId, end: End) -> Option<Str<'h>> {
    let total = text.len() + more.len();
    let copied = || Str::joined_if_room(scope, end.in_order(text.as_bytes(), more).into_iter(), context);
    if text.len() < Str::GROWS_FROM || more.len() > text.len() || total > LONGEST {
        return copied();
    }
    if let Some(longer) = text.buffer().and_then(|buffer| in_place(scope, buffer, text, more, context, end)) {
        return Some(longer);
    }
    // The second time in a row that a string is made longer, it will probably go on.
    if layout::is_kind(text.object(), Kind::Longer) {
        mark(text, Kind::String);
        return in_new_buffer(scope, text, more, context, end);
    }
    let longer = copied()?;
    mark(longer, Kind::Longer);
    Some(longer)
}

/// Puts the new bytes beside the text, if it lies at that end of what is used and there is room.
fn in_place<'h>(
    scope: Scope<'h>,
    buffer: Object,
    text: Str<'h>,
    more: &[u8],
    context: ContextId,
    end: End,
) -> Option<Str<'h>> {
    let (used, capacity) = (used(buffer), (layout::get(buffer, 0) >> 8) as usize);
    let bytes = text.as_bytes();
    let start = (bytes.as_ptr() as usize).checked_sub(bytes_of(buffer) as usize)?;
    let (at, start) = match end {
        End::Back if start + bytes.len() == used.end && capacity - used.end >= more.len() => (used.end, start),
        End::Front if start == used.start && used.start >= more.len() => {
            (used.start - more.len(), used.start - more.len())
        }
        _ => return None,
    };
    write(buffer, at, more);
    let used = Used { start: used.start.min(at), end: used.end.max(at + more.len()) };
    set_used(buffer, used);
    Some(piece(scope, buffer, start, bytes.len() + more.len(), context))
}

/// Both in a buffer of twice the size.
fn in_new_buffer<'h>(scope: Scope<'h>, text: Str<'h>, more: &[u8], context: ContextId, end: End) -> Option<Str<'h>> {
    let total = text.len() + more.len();
    let capacity = total * 2;
    if !scope.make_room(8 * (BYTES + capacity.div_ceil(8))) {
        return None;
    }
    let buffer = layout::allocate(scope, header(Kind::Buffer, capacity as u64), 1 + capacity.div_ceil(8));
    let start = if end == End::Back { 0 } else { capacity - total };
    let mut at = start;
    for part in end.in_order(text.as_bytes(), more).into_iter().flat_map(|part| part.chunks(STRIDE)) {
        if scope.flags().any() {
            return None;
        }
        write(buffer, at, part);
        at += part.len();
    }
    set_used(buffer, Used { start, end: at });
    Some(piece(scope, buffer, start, total, context))
}

/// Strings of both kinds have the same layout.
fn mark(text: Str<'_>, kind: Kind) {
    layout::set(text.object(), 0, header(kind, text.len() as u64));
}

fn used(buffer: Object) -> Used {
    Used { start: layout::get_u32(buffer, USED, 0) as usize, end: layout::get_u32(buffer, USED, 1) as usize }
}

fn set_used(buffer: Object, used: Used) {
    layout::set(buffer, USED, used.start as u64 | (used.end as u64) << 32);
}

fn bytes_of(buffer: Object) -> *mut u8 {
    // SAFETY: the bytes of a buffer follow its header and the word of what is used.
    unsafe { buffer.as_ptr().add(BYTES).cast::<u8>() }
}

fn write(buffer: Object, at: usize, bytes: &[u8]) {
    // SAFETY: callers checked that the bytes fit behind `at`, and that no string is made of these places yet; so nobody
    // reads them, and `bytes` is not among them.
    unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), bytes_of(buffer).add(at), bytes.len()) };
}

fn piece<'h>(scope: Scope<'h>, buffer: Object, start: usize, len: usize, context: ContextId) -> Str<'h> {
    // SAFETY: these bytes of the buffer were written and never change, and the heap is borrowed for `'h`.
    let bytes = unsafe { std::slice::from_raw_parts(bytes_of(buffer).add(start), len) };
    Str::piece(scope, bytes, context, layout::address(buffer))
}

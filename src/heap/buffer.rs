//! Buffers: spare room at the ends of strings and lists that are extended again and again.
//!
//! The shorter string or list keeps its part, which the longer one shares; only the new part is copied. The rest of a
//! buffer is invisible before a string or list is made of it. Lengths are counted in units: bytes of strings, words
//! of lists.

use super::layout::{self, Kind, Object};

/// The largest length of a buffer: the start and end of its used part are halves of a word.
pub(super) const LONGEST: usize = u32::MAX as usize / 2;
/// The word with both of them, and the first word of the units.
const USED: usize = 1;
const UNITS: usize = 2;
/// The words of a buffer before its units, without the header.
pub(super) const PAYLOAD_BEFORE_UNITS: usize = UNITS - 1;

/// The end at which a string or list grows.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum End {
    Front,
    Back,
}

/// The units of a buffer that belong to strings or lists.
#[derive(Clone, Copy)]
pub(super) struct Used {
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The room that a buffer has for growth.
pub(super) enum Room {
    /// A place for the new units, now taken, and the start of the longer string or list.
    Taken { at: usize, start: usize },
    /// The part is at that end of the used units, but there is not enough room. There is at the other end, if
    /// `one_sided` is false.
    Exhausted { one_sided: bool },
    /// Another string or list has grown there already.
    Branched,
}

/// Takes the place for `more` units next to those of `part`.
pub(super) fn take(buffer: Object, part: Used, more: usize, end: End) -> Room {
    let (used, capacity) = (used(buffer), (layout::get(buffer, 0) >> 8) as usize);
    let (before, behind) = (used.start, capacity - used.end);
    let (fits, other_fits, outermost) = match end {
        End::Front => (before >= more, behind >= more, part.start == used.start),
        End::Back => (behind >= more, before >= more, part.end == used.end),
    };
    if !outermost {
        return Room::Branched;
    }
    if !fits {
        return Room::Exhausted { one_sided: !other_fits };
    }
    match end {
        End::Front => {
            let at = used.start - more;
            set_used(buffer, Used { start: at, ..used });
            Room::Taken { at, start: at }
        }
        End::Back => {
            set_used(buffer, Used { end: used.end + more, ..used });
            Room::Taken { at: used.end, start: part.start }
        }
    }
}

/// The number of units of a new buffer for `total` units, and the start of these in it.
pub(super) fn plan(total: usize, end: End, one_sided: bool) -> (usize, usize) {
    match (end, one_sided) {
        (End::Back, true) => (2 * total, 0),
        (End::Front, true) => (2 * total, total),
        (_, false) => (3 * total, total),
    }
}

/// A new buffer of `capacity` units in `words` words, with the part to be used.
pub(super) fn allocate(
    scope: super::Scope<'_>,
    kind: Kind,
    (capacity, words): (usize, usize),
    used: Used,
) -> Option<Object> {
    if !scope.make_room(8 * (UNITS + words)) {
        return None;
    }
    let buffer = layout::allocate(scope, layout::header(kind, capacity as u64), PAYLOAD_BEFORE_UNITS + words);
    set_used(buffer, used);
    Some(buffer)
}

/// The words of a list buffer that belong to lists.
pub(super) fn used_words(buffer: Object) -> std::ops::Range<usize> {
    let used = used(buffer);
    UNITS + used.start..UNITS + used.end
}

fn used(buffer: Object) -> Used {
    Used { start: layout::get_u32(buffer, USED, 0) as usize, end: layout::get_u32(buffer, USED, 1) as usize }
}

fn set_used(buffer: Object, used: Used) {
    layout::set(buffer, USED, used.start as u64 | (used.end as u64) << 32);
}

/// The start of the units.
pub(super) fn units(buffer: Object) -> *mut std::sync::atomic::AtomicU64 {
    // SAFETY: the units of a buffer follow its header and the word of what is used.
    unsafe { buffer.as_ptr().add(UNITS) }
}

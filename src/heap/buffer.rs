//! Buffers: room at an end of strings and lists that are made longer again and again.
//!
//! The string or list of before keeps what it has, which the longer one has too; only what is new is copied. Nobody sees the
//! rest of a buffer before a string or list is made of it. Lengths are counted in units: bytes of strings, words of lists.

use super::layout::{self, Kind, Object};

/// Longer ones have no buffer: where its used part begins and ends are halves of a word.
pub(super) const LONGEST: usize = u32::MAX as usize / 2;
/// The word that has both, and the one where the units begin.
const USED: usize = 1;
const UNITS: usize = 2;
/// Words of a buffer before its units, the header not counted.
pub(super) const PAYLOAD_BEFORE_UNITS: usize = UNITS - 1;

/// The end at which something grows.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum End {
    Front,
    Back,
}

/// The units of a buffer that strings or lists are made of.
#[derive(Clone, Copy)]
pub(super) struct Used {
    pub(super) start: usize,
    pub(super) end: usize,
}

/// What a buffer has for something in it that is to grow.
pub(super) enum Room {
    /// A place for the new units, which is taken now, and where the longer one begins.
    Taken { at: usize, start: usize },
    /// It lies at that end of what is used, but there is not enough room. There is at the other end, if `one_sided` is false.
    Exhausted { one_sided: bool },
    /// Another one has grown there already.
    Branched,
}

/// Takes the place for `more` units beside those of `part`.
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

/// How many units a new buffer has for something of `total` units, and where in it that begins.
pub(super) fn plan(total: usize, end: End, one_sided: bool) -> (usize, usize) {
    match (end, one_sided) {
        (End::Back, true) => (2 * total, 0),
        (End::Front, true) => (2 * total, total),
        (_, false) => (3 * total, total),
    }
}

/// A new buffer of `capacity` units in `words` words, of which some are to be used.
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

fn used(buffer: Object) -> Used {
    Used { start: layout::get_u32(buffer, USED, 0) as usize, end: layout::get_u32(buffer, USED, 1) as usize }
}

fn set_used(buffer: Object, used: Used) {
    layout::set(buffer, USED, used.start as u64 | (used.end as u64) << 32);
}

/// Where the units begin.
pub(super) fn units(buffer: Object) -> *mut std::sync::atomic::AtomicU64 {
    // SAFETY: the units of a buffer follow its header and the word of what is used.
    unsafe { buffer.as_ptr().add(UNITS) }
}

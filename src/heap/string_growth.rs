//! Growing strings: a long string that is extended again and again is kept in a buffer.

use super::Str;
use super::brand::Scope;
use super::buffer::{self, End, LONGEST, Room, Used};
use super::layout::{self, Kind, Object, header};
use super::string::{ContextId, STRIDE};

impl<'h> Str<'h> {
    /// Shorter strings are copied when they are extended. In bytes.
    pub const GROWS_FROM: usize = 2048;

    /// `self` followed by `rest`, with this context. `None` if there is not enough memory, or if the evaluation
    /// should stop.
    pub fn followed_by(self, scope: Scope<'h>, rest: &[u8], context: ContextId) -> Option<Self> {
        grown(scope, self, rest, context, End::Back)
    }

    /// `rest` followed by `self`, with this context; otherwise like [`Str::followed_by`].
    pub fn preceded_by(self, scope: Scope<'h>, rest: &[u8], context: ContextId) -> Option<Self> {
        grown(scope, self, rest, context, End::Front)
    }

    /// The object that contains the bytes, if it is a buffer.
    fn buffer(self) -> Option<Object> {
        self.owner().filter(|owner| layout::is_kind(*owner, Kind::Buffer))
    }

    /// True if the string, or the one of which it is this end, was made by extending another. Clears the mark.
    fn take_longer(self, end: End) -> bool {
        let whole = self.owner().map_or(self, Self::new);
        let longer = layout::is_kind(whole.object(), Kind::Longer) && self.reaches(whole, end);
        if longer {
            mark(whole, Kind::String);
        }
        longer
    }

    fn reaches(self, whole: Self, end: End) -> bool {
        let (part, all) = (self.as_bytes().as_ptr_range(), whole.as_bytes().as_ptr_range());
        match end {
            End::Front => part.start == all.start,
            End::Back => part.end == all.end,
        }
    }
}

fn in_order<'a>(end: End, text: &'a [u8], more: &'a [u8]) -> [&'a [u8]; 2] {
    if end == End::Back { [text, more] } else { [more, text] }
}

fn grown<'h>(scope: Scope<'h>, text: Str<'h>, more: &[u8], context: ContextId, end: End) -> Option<Str<'h>> {
    let total = text.len() + more.len();
    let copied = || Str::joined_if_room(scope, in_order(end, text.as_bytes(), more).into_iter(), context);
    if text.len() < Str::GROWS_FROM || more.len() > text.len() || total > LONGEST {
        return copied();
    }
    if let Some(buffer) = text.buffer() {
        let start = text.as_bytes().as_ptr() as usize - bytes_of(buffer) as usize;
        match buffer::take(buffer, Used { start, end: start + text.len() }, more.len(), end) {
            Room::Taken { at, start } => {
                write(buffer, at, more);
                return Some(piece(scope, buffer, start, total, context));
            }
            Room::Exhausted { one_sided } => return in_new_buffer(scope, text, more, context, (end, one_sided)),
            Room::Branched => {}
        }
    }
    // A string extended twice in a row will probably be extended again.
    if text.take_longer(end) {
        return in_new_buffer(scope, text, more, context, (end, true));
    }
    let longer = copied()?;
    mark(longer, Kind::Longer);
    Some(longer)
}

/// Both texts in a new buffer with as much spare room.
fn in_new_buffer<'h>(
    scope: Scope<'h>,
    text: Str<'h>,
    more: &[u8],
    context: ContextId,
    (end, one_sided): (End, bool),
) -> Option<Str<'h>> {
    let total = text.len() + more.len();
    let (capacity, start) = buffer::plan(total, end, one_sided);
    let used = Used { start, end: start + total };
    let buffer = buffer::allocate(scope, Kind::Buffer, (capacity, capacity.div_ceil(8)), used)?;
    let mut at = start;
    for part in in_order(end, text.as_bytes(), more).into_iter().flat_map(|part| part.chunks(STRIDE)) {
        if scope.flags().stops() {
            return None;
        }
        write(buffer, at, part);
        at += part.len();
    }
    Some(piece(scope, buffer, start, total, context))
}

/// Strings of both kinds have the same layout.
fn mark(text: Str<'_>, kind: Kind) {
    layout::set(text.object(), 0, header(kind, text.len() as u64));
}

fn bytes_of(buffer: Object) -> *mut u8 {
    buffer::units(buffer).cast()
}

fn write(buffer: Object, at: usize, bytes: &[u8]) {
    // SAFETY: callers checked that the bytes fit after `at`, and that no string is made of these places yet; so nobody
    // reads them, and `bytes` is not among them.
    unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), bytes_of(buffer).add(at), bytes.len()) };
}

fn piece<'h>(scope: Scope<'h>, buffer: Object, start: usize, len: usize, context: ContextId) -> Str<'h> {
    // SAFETY: these bytes of the buffer were written and never change, and the heap is borrowed for `'h`.
    let bytes = unsafe { std::slice::from_raw_parts(bytes_of(buffer).add(start), len) };
    Str::piece(scope, bytes, context, layout::address(buffer))
}

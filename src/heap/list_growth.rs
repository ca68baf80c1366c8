//! Growing lists: a list that is extended again and again is kept in a buffer.

use super::brand::Scope;
use super::buffer::{self, End, LONGEST, Room, Used};
use super::layout::{self, Kind, Object};
use super::list::copy;
use super::{List, ListBuilder};

/// The number of elements copied between two checks of the stop flags: a few milliseconds.
const STRIDE: usize = 1 << 20;

impl<'h> List<'h> {
    /// Shorter lists are copied when they are extended.
    pub const GROWS_FROM: usize = 32;

    /// The elements of several lists. `None` if there is not enough memory, or if the evaluation should stop.
    pub fn joined(scope: Scope<'h>, lists: &[Self]) -> Option<Self> {
        let total = lists.iter().map(|list| list.len()).sum::<usize>();
        match lists {
            [first, rest @ ..] if grows(*first, total) => grown(scope, *first, rest, total, End::Back),
            [rest @ .., last] if grows(*last, total) => grown(scope, *last, rest, total, End::Front),
            _ => copied(scope, lists, total),
        }
    }

    /// The object that contains the elements, if it is a buffer.
    fn buffer(self) -> Option<Object> {
        self.owner().filter(|owner| layout::is_kind(*owner, Kind::ListBuffer))
    }

    /// True if the list, or the one of which it is this end, was made by extending another. Clears the mark.
    fn take_longer(self, end: End) -> bool {
        let whole = self.owner().map_or(self, Self::new);
        let longer = whole.is_longer() && self.reaches(whole, end);
        if longer {
            whole.mark_longer(false);
        }
        longer
    }

    fn reaches(self, whole: Self, end: End) -> bool {
        match end {
            End::Front => self.element(0) == whole.element(0),
            End::Back => self.element(self.len()) == whole.element(whole.len()),
        }
    }
}

/// True if a list of `total` elements, of which `part` has at least half, is worth a buffer.
fn grows(part: List<'_>, total: usize) -> bool {
    part.len() >= List::GROWS_FROM && part.len() >= total / 2 && total <= LONGEST
}

fn copied<'h>(scope: Scope<'h>, lists: &[List<'h>], total: usize) -> Option<List<'h>> {
    let absurd = total > isize::MAX as usize / 32;
    if absurd || !scope.make_room(total * 8) {
        return None;
    }
    let mut builder = ListBuilder::new(scope, total);
    for list in lists {
        for start in (0..list.len()).step_by(STRIDE) {
            if scope.flags().stops() {
                return None;
            }
            builder.extend(*list, start..start + STRIDE);
        }
    }
    Some(builder.finish())
}

/// `list` with the elements of `more` at one end.
fn grown<'h>(scope: Scope<'h>, list: List<'h>, more: &[List<'h>], total: usize, end: End) -> Option<List<'h>> {
    if let Some(buffer) = list.buffer() {
        let start = (list.element(0) as usize - buffer::units(buffer) as usize) / 8;
        match buffer::take(buffer, Used { start, end: start + list.len() }, total - list.len(), end) {
            Room::Taken { at, start } => {
                write(scope, buffer, at, more)?;
                return Some(piece(scope, buffer, start, total));
            }
            Room::Exhausted { one_sided } => return in_new_buffer(scope, list, more, total, (end, one_sided)),
            Room::Branched => {}
        }
    }
    // A list extended twice in a row will probably be extended again.
    if list.take_longer(end) {
        return in_new_buffer(scope, list, more, total, (end, true));
    }
    let both = in_order(end, list, more);
    let longer = copied(scope, &both, total)?;
    longer.mark_longer(true);
    Some(longer)
}

fn in_order<'h>(end: End, list: List<'h>, more: &[List<'h>]) -> Vec<List<'h>> {
    match end {
        End::Back => std::iter::once(list).chain(more.iter().copied()).collect(),
        End::Front => more.iter().copied().chain(std::iter::once(list)).collect(),
    }
}

/// All elements in a new buffer with as much spare room.
fn in_new_buffer<'h>(
    scope: Scope<'h>,
    list: List<'h>,
    more: &[List<'h>],
    total: usize,
    (end, one_sided): (End, bool),
) -> Option<List<'h>> {
    let (capacity, start) = buffer::plan(total, end, one_sided);
    let used = Used { start, end: start + total };
    let buffer = buffer::allocate(scope, Kind::ListBuffer, (capacity, capacity), used)?;
    write(scope, buffer, start, &in_order(end, list, more))?;
    Some(piece(scope, buffer, start, total))
}

/// Copies lists to the places from `at` on, which are taken but not visible yet.
fn write<'h>(scope: Scope<'h>, buffer: Object, mut at: usize, lists: &[List<'h>]) -> Option<()> {
    for list in lists {
        for start in (0..list.len()).step_by(STRIDE) {
            if scope.flags().stops() {
                return None;
            }
            let range = start..list.len().min(start + STRIDE);
            let len = range.len();
            // SAFETY: callers have taken places for all elements, so `at` is inside the buffer or its end.
            copy(*list, range, unsafe { buffer::units(buffer).add(at) });
            at += len;
        }
    }
    Some(())
}

fn piece<'h>(scope: Scope<'h>, buffer: Object, start: usize, len: usize) -> List<'h> {
    // SAFETY: the units from `start` on, `len` of them, were taken for this list, so they are inside the buffer.
    List::piece(scope, unsafe { buffer::units(buffer).add(start) }, len, layout::address(buffer))
}

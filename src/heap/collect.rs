//! Collections: what no root reaches is free again.

use super::bitmap::Bitmap;
use super::chunk::{Chunk, LINE, Space};
use super::chunks::Chunks;
use super::layout::Object;
use super::mark::Marker;
use super::runs::Runs;
use super::trace::{self, Visitor};
use super::{Attrs, Heap, Scope, Shape, Value, layout, machine, verify};
use std::cell::Cell;
use std::time::{Duration, Instant};

/// The smallest number of bytes between two collections.
const LEAST_DUE: usize = 128 << 20;
/// A word that no value is, no header and no address.
pub(super) const POISON: u64 = 0xfbad_c0de_fbad_c0ff;

/// When a heap is collected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Collection {
    /// Never: memory is given back with the engine.
    Never,
    /// Between visits to the engine, and in those that run no code of the embedder's. The default.
    #[default]
    Careful,
    /// Also while code of the embedder's runs. That code must keep values that live across a call of the evaluator in
    /// local variables, in roots, or in vectors and tables made with [`Scope::scratch`](crate::heap::Scope::scratch):
    /// what is in a `Vec` or a `Box` is not found.
    Always,
    /// At each poll of this number, everything freed overwritten: for tests.
    Stress(u32),
}

impl Collection {
    /// The meaning of `off`, or of `stress:N`.
    pub fn parse(text: &[u8]) -> Option<Self> {
        match text {
            b"off" => Some(Self::Never),
            _ => {
                let count = std::str::from_utf8(text.strip_prefix(b"stress:")?).ok()?;
                Some(Self::Stress(count.parse().ok().filter(|count| *count > 0)?))
            }
        }
    }
}

/// Figures of the collections of a heap.
#[derive(Clone, Copy, Debug, Default)]
pub struct CollectionFigures {
    /// The number of collections.
    pub cycles: usize,
    /// The bytes of all objects that lived through the last one.
    pub live_bytes: usize,
    /// The bytes that all of them freed.
    pub freed_bytes: usize,
    /// The time that all of them took.
    pub time: Duration,
    /// The time of the longest.
    pub longest: Duration,
}

/// The state of collecting beside the chunks.
#[derive(Debug, Default)]
pub(super) struct Collector {
    mode: Cell<Collection>,
    /// An address in the frame that entered the heap; 0 while nobody has.
    pub(super) base: Cell<usize>,
    /// True while only code runs that keeps values where collections find them.
    careful: Cell<bool>,
    /// True if thunks stay where they are when they are done, for somebody who looks at them.
    keeps_thunks: Cell<bool>,
    /// The number of polls until the next collection of [`Collection::Stress`].
    countdown: Cell<u32>,
    figures: Cell<CollectionFigures>,
}

impl Heap {
    /// Sets when the heap is collected.
    pub fn set_collection(&self, mode: Collection) {
        self.collector.mode.set(mode);
        self.chunks.due.set(if mode == Collection::Never { usize::MAX } else { LEAST_DUE });
        if let Collection::Stress(polls) = mode {
            self.collector.countdown.set(polls);
            self.chunks.flags().request_collection();
        }
    }

    /// Tells whether, from now on, only code runs that keeps values where collections find them. Returns whether it
    /// was so before.
    pub(crate) fn set_careful(&self, careful: bool) -> bool {
        self.collector.careful.replace(careful)
    }

    /// True while only code runs that keeps values where collections find them.
    pub(crate) fn is_careful(&self) -> bool {
        self.collector.careful.get()
    }

    /// The figures of all collections.
    pub fn collection_figures(&self) -> CollectionFigures {
        self.collector.figures.get()
    }

    /// The bytes that were handed out since the last collection.
    pub(crate) fn recent_bytes(&self) -> usize {
        self.chunks.recent_bytes.get()
    }

    /// True if it is time for a collection between two visits.
    pub fn is_collection_due(&self) -> bool {
        let stressed = matches!(self.collector.mode.get(), Collection::Stress(_));
        stressed || self.chunks.recent_bytes.get() >= self.chunks.due.get()
    }

    /// Frees what no root reaches, while nobody has entered the heap. Returns the errors that are still needed, of
    /// the first `errors`. With `thoroughly` all free memory goes back to the system, not only what won't be needed
    /// soon.
    pub(crate) fn collect_between_visits(&mut self, errors: usize, thoroughly: bool) -> LiveErrors {
        self.collect(&[], false, errors, thoroughly)
    }

    fn collect(&self, slots: &[Value<'_>], in_visit: bool, errors: usize, thoroughly: bool) -> LiveErrors {
        let (start, before) = (Instant::now(), self.used_bytes());
        self.chunks.note_starts();
        self.chunks.forget_run();
        self.name_places.clear();
        let mut all = self.chunks.all.borrow_mut();
        let mut marker = Marker::new(&mut all, !self.collector.keeps_thunks.get(), errors);
        self.names.mark(&mut marker);
        self.roots.mark(&mut marker);
        slots.iter().for_each(|slot| marker.fixed_value(slot.word()));
        marker.finish();
        if in_visit {
            self.blocks.for_each_word(&mut |word| marker.candidate(word));
            machine::for_each_word(self.collector.base.get(), &mut |word| marker.candidate(word));
            marker.finish();
        }
        let (errors, live_words) = (std::mem::take(&mut marker.errors), marker.live_words);
        let stressed = matches!(self.collector.mode.get(), Collection::Stress(_));
        if stressed {
            all.iter().for_each(poison);
        }
        // As much as is handed out until the next collection.
        let wanted = if thoroughly { 0 } else { (live_words * 8).max(LEAST_DUE) };
        self.chunks.sweep(&mut all, wanted);
        if stressed {
            self.chunks.free.borrow().iter().for_each(|run| run.fill(POISON));
        }
        self.numbers.forget_dead(|address| starts_at(&all, address));
        if cfg!(debug_assertions) {
            verify::check(&all);
        }
        drop(all);
        self.note_figures(start.elapsed(), live_words * 8, before.saturating_sub(self.used_bytes()));
        LiveErrors(errors)
    }

    fn note_figures(&self, time: Duration, live_bytes: usize, freed: usize) {
        let before = self.collector.figures.get();
        self.chunks.due.set(live_bytes.max(LEAST_DUE));
        self.collector.figures.set(CollectionFigures {
            cycles: before.cycles + 1,
            live_bytes,
            freed_bytes: before.freed_bytes + freed,
            time: before.time + time,
            longest: before.longest.max(time),
        });
    }
}

/// The numbers of the errors that live thunks remember.
#[derive(Debug)]
pub(crate) struct LiveErrors(Bitmap);

impl LiveErrors {
    /// True for the number of an error that is still needed.
    pub(crate) fn contains(&self, number: usize) -> bool {
        self.0.contains(number)
    }
}

impl<'h> Scope<'h> {
    /// True if a collection was requested and may be made here. To be asked when [`StopFlags::any`](super::StopFlags)
    /// is true; then [`Scope::collect`] follows.
    pub(crate) fn wants_collection(self) -> bool {
        let (collector, chunks) = (&self.heap().collector, &self.heap().chunks);
        let due = match collector.mode.get() {
            Collection::Stress(polls) => {
                let left = collector.countdown.get().saturating_sub(1);
                collector.countdown.set(if left == 0 { polls } else { left });
                left == 0 || chunks.is_beyond(0) && chunks.may_help()
            }
            _ => chunks.flags().take_collection(),
        };
        let wanted = due && self.may_collect();
        if !wanted && chunks.is_beyond(0) {
            chunks.flags().set_out_of_memory();
        }
        wanted
    }

    /// True if values are where a collection finds them.
    fn may_collect(self) -> bool {
        let collector = &self.heap().collector;
        let allowed = match collector.mode.get() {
            Collection::Never => false,
            Collection::Careful => collector.careful.get(),
            Collection::Always | Collection::Stress(_) => true,
        };
        allowed && self.can_collect()
    }

    fn can_collect(self) -> bool {
        machine::IS_KNOWN && self.heap().collector.base.get() != 0
    }

    /// From now on, collections put no value in the place of its thunk.
    pub(crate) fn keep_thunks(self) {
        self.heap().collector.keeps_thunks.set(true);
    }

    /// True if a collection can be made now that may make room.
    pub(crate) fn may_make_room(self) -> bool {
        self.may_collect() && self.heap().chunks.may_help()
    }

    /// Frees all objects that nothing refers to: no root, none of `slots`, no word of the stack or of a
    /// [`Scratch`](super::Scratch). Returns the errors that are still needed, of the first `errors`.
    pub(crate) fn collect(self, slots: &[Value<'h>], errors: usize) -> LiveErrors {
        let errors = self.heap().collect(slots, true, errors, false);
        if self.heap().chunks.is_beyond(0) {
            self.flags().set_out_of_memory();
        }
        errors
    }

    /// True for a shape that lived through the last collection, if nothing was created since.
    pub(crate) fn is_live(self, shape: Shape<'h>) -> bool {
        self.is_object_live(shape.object())
    }

    /// The same for a set.
    pub(crate) fn is_live_set(self, attrs: Attrs<'h>) -> bool {
        self.is_object_live(attrs.object())
    }

    fn is_object_live(self, object: Object) -> bool {
        starts_at(&self.heap().chunks.all.borrow(), layout::address(object) as usize)
    }
}

/// True if an object that lived through the last collection starts at an address.
pub(super) fn starts_at(chunks: &[Chunk], address: usize) -> bool {
    let index = chunks.partition_point(|chunk| chunk.end() <= address);
    let chunk = chunks.get(index).filter(|chunk| chunk.space.address() <= address);
    chunk.is_some_and(|chunk| chunk.starts.contains(chunk.place(address)))
}

impl Chunks {
    /// Makes the lines free in which nothing is marked. Chunks in which nothing is are given back, unless that would
    /// leave less than `wanted` free bytes; if that is 0, other free pages are given back too.
    fn sweep(&self, all: &mut Vec<Chunk>, wanted: usize) {
        let mut free = self.free.borrow_mut();
        let before = free.bytes();
        free.clear();
        for chunk in all.iter().filter(|chunk| !chunk.is_large && !chunk.marks.is_empty()) {
            push_free(chunk, &mut free);
            if wanted == 0 {
                chunk.lines.gaps(chunk.space.words / LINE).for_each(|gap| chunk.release(gap));
            }
        }
        let (mut given_back, mut has) = (0, free.bytes());
        all.retain_mut(|chunk| {
            if self.is_put_aside(chunk.space) {
                return true;
            }
            if chunk.marks.is_empty() {
                let bytes = chunk.space.words * 8;
                if chunk.is_large || has + bytes > wanted {
                    given_back += bytes;
                    return false;
                }
                has += bytes;
                push_free(chunk, &mut free);
            }
            std::mem::swap(&mut chunk.starts, &mut chunk.marks);
            true
        });
        free.reverse();
        let after = free.bytes();
        drop(free);
        self.uncount(given_back.saturating_add(after).saturating_sub(before));
        self.recent_bytes.set(0);
    }
}

/// Adds the runs of free lines of a chunk.
fn push_free(chunk: &Chunk, free: &mut Runs) {
    let gaps = chunk.lines.gaps(chunk.space.words / LINE);
    gaps.for_each(|gap| free.push(chunk.space.part(gap.start * LINE, gap.len() * LINE)));
}

/// Overwrites all objects of a chunk that are not marked, except shapes, by which sets are measured.
fn poison(chunk: &Chunk) {
    for place in chunk.starts.iter().filter(|place| !chunk.marks.contains(*place)) {
        let object = chunk.object(place);
        if !layout::is_kind(object, layout::Kind::Shape) {
            Space { start: object, words: trace::words(object) }.fill(POISON);
        }
    }
}

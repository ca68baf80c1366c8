//! The layout of objects in memory: a header word, then payload words.
//!
//! The low byte of a header is the [`Kind`], with marks above it for lists. The rest is described at each kind.
//! Payload words hold values (see `value.rs` for their tags), raw bits of numbers, or pairs of `u32`.

use super::brand::Scope;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU64, Ordering};

/// The kind of an object: the low byte of its header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Kind {
    /// Code and captures, to be run once; header: state, number of captures, code.
    Thunk = 1,
    /// A function and its arguments, to be called once; same header as a thunk, code unused.
    Apply = 2,
    /// A function: header: number of captures, code; then the captures.
    Closure = 3,
    /// A function with some of its arguments; header: length; then function and arguments.
    Partial = 4,
    /// A list; header: marks, length; then the elements, or their place (`list.rs`). Also used for the evaluator's
    /// own tuples.
    List = 5,
    /// A string or path; header: length in bytes; word 1: context and symbol; then the bytes.
    String = 6,
    /// A set; header: address of its shape; then the values.
    Attrs = 7,
    /// A small set laid over a large one; header: number of names; then base and overlay, both `Attrs`.
    Layered = 8,
    /// Keys and positions of sets; header: length.
    Shape = 9,
    /// An integer that needs 64 bits.
    Integer = 10,
    /// A floating-point number.
    Float = 11,
    /// Raw `u32`s; header: length.
    Indices = 12,
    /// A string whose bytes are elsewhere; header: length in bytes; then context and symbol, the address of the
    /// bytes, and the object that contains them.
    Piece = 13,
    /// Room for strings that grow; header: its bytes; word 1: start and end of the used ones; then the bytes.
    Buffer = 14,
    /// Like `String`, for a string that was made by extending another, and was not extended itself.
    Longer = 15,
    /// A call for one member of a list or set; header as in a thunk, with the member's number in place of the code;
    /// then the shared data of the calls for all members.
    Member = 16,
    /// Room for lists that grow; header: its words; word 1: start and end of the used ones; then the words.
    ListBuffer = 17,
    /// A flat set without some names; header: number of names; then the set, and a set with the removed names.
    Masked = 18,
    /// Words that no object needs, for others (`holes.rs`); header: their number, the next hole.
    Hole = 19,
}

/// The bits of a header's low byte for the kind; those above are marks.
const KIND_BITS: u64 = 0x1f;

/// A pointer to an object's header. Private to the heap: handles wrap it.
pub(super) type Object = NonNull<AtomicU64>;

/// The header of an object of `kind` with `rest` in its upper 56 bits.
pub(super) const fn header(kind: Kind, rest: u64) -> u64 {
    kind as u64 | rest << 8
}

/// Allocates an object of `1 + payload` words and writes its header. The payload is zero until written.
#[inline]
pub(super) fn allocate(scope: Scope<'_>, header: u64, payload: usize) -> Object {
    let words = payload.checked_add(1).expect("no object fills the address space");
    let object = scope.heap().chunks.allocate(words);
    set(object, 0, header);
    object
}

/// The same for an object whose payload the caller writes at once: until then it has any value.
#[inline]
pub(super) fn allocate_to_fill(scope: Scope<'_>, header: u64, payload: usize) -> Object {
    let object = scope.heap().chunks.allocate_to_fill(1 + payload);
    set(object, 0, header);
    object
}

/// Reads word `index` of `object`; 0 is the header.
#[inline]
pub(super) fn get(object: Object, index: usize) -> u64 {
    // SAFETY: `object` comes from `allocate` in a heap that is still borrowed (module law 2), and callers keep `index`
    // within the size in the header (law 3).
    unsafe { (*object.as_ptr().add(index)).load(Ordering::Relaxed) }
}

/// Writes word `index` of `object`; 0 is the header.
#[inline]
pub(super) fn set(object: Object, index: usize, word: u64) {
    // SAFETY: as in `get`; the store is atomic, so shared handles to the object make no data race.
    unsafe { (*object.as_ptr().add(index)).store(word, Ordering::Relaxed) }
}

/// Replaces the header if it is still `old`; true if it was.
#[inline]
pub(super) fn exchange_header(object: Object, old: u64, new: u64) -> bool {
    // SAFETY: as in `get`; word 0 always exists.
    unsafe { (*object.as_ptr()).compare_exchange(old, new, Ordering::Acquire, Ordering::Relaxed).is_ok() }
}

/// Writes the header so that a reader of it also sees the payload written before.
#[inline]
pub(super) fn publish_header(object: Object, header: u64) {
    // SAFETY: as in `get`; word 0 always exists.
    unsafe { (*object.as_ptr()).store(header, Ordering::Release) }
}

/// Reads the header so that the payload written before its publication is visible too.
#[inline]
pub(super) fn acquire_header(object: Object) -> u64 {
    // SAFETY: as in `get`; word 0 always exists.
    unsafe { (*object.as_ptr()).load(Ordering::Acquire) }
}

/// The kind of an object.
#[inline]
pub(super) fn is_kind(object: Object, kind: Kind) -> bool {
    get(object, 0) as u8 == kind as u8
}

/// The number of an object's [`Kind`]; 0 where no object exists yet.
pub(super) fn kind_number(object: Object) -> usize {
    (get(object, 0) & KIND_BITS) as usize
}

/// The object's address as a number with the low three bits free for a tag.
#[inline]
pub(super) fn address(object: Object) -> u64 {
    object.as_ptr().expose_provenance() as u64
}

/// The object at an address from [`address`].
#[inline]
pub(super) fn object(address: u64) -> Object {
    // SAFETY: only addresses made by `address` come here, and those are never null; the chunk's provenance was exposed
    // when it was made.
    unsafe { NonNull::new_unchecked(std::ptr::with_exposed_provenance_mut(address as usize)) }
}

/// Reads the `index`-th `u32` of those packed from word `first` on.
#[inline]
pub(super) fn get_u32(object: Object, first: usize, index: usize) -> u32 {
    (get(object, first + index / 2) >> (32 * (index % 2))) as u32
}

/// Writes `u32`s from word `first` on, two to a word, before anyone else has the object.
#[inline]
pub(super) fn write_u32s(object: Object, first: usize, values: impl Iterator<Item = u32>) {
    // SAFETY: callers allocate words for as many values as the iterator returns, and the object is not shared yet.
    let start = unsafe { object.as_ptr().add(first).cast::<u32>() };
    for (index, value) in values.enumerate() {
        // SAFETY: as above.
        unsafe { start.add(index).write(value) };
    }
}

/// The `u32`s written by [`write_u32s`], which never change.
#[inline]
pub(super) fn read_u32s<'h>(object: Object, first: usize, len: usize) -> &'h [u32] {
    // SAFETY: `len` values were written from word `first` on before the object had a handle, and are never written again
    // (module law 4); callers return them under the brand of a handle, for whose life the heap is borrowed.
    unsafe { std::slice::from_raw_parts(object.as_ptr().add(first).cast::<u32>(), len) }
}

/// Writes the `index`-th `u32` of those packed from word `first` on.
#[inline]
pub(super) fn set_u32(object: Object, first: usize, index: usize, value: u32) {
    let word = first + index / 2;
    let shift = 32 * (index % 2);
    let kept = get(object, word) & !(0xffff_ffff << shift);
    set(object, word, kept | u64::from(value) << shift);
}

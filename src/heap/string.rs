//! Strings and paths: bytes with a length, a context and, after the first lookup, the symbol of the same name.
//!
//! The bytes are in the object or, for a [`Kind::Piece`], elsewhere in the heap.

use super::brand::{Brand, Scope};
use super::layout::{self, Kind, Object, header};
use super::shape::Symbol;
use std::marker::PhantomData;

/// An interned set of store references that a string carries; 0 is the empty set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ContextId(pub u32);

impl ContextId {
    /// The context of a string that refers to nothing.
    pub const EMPTY: Self = Self(0);

    /// True if the string refers to nothing.
    #[inline]
    pub fn is_empty(self) -> bool {
        self == Self::EMPTY
    }
}

/// A byte string in the heap. Its bytes never change.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Str<'h> {
    object: Object,
    brand: Brand<'h>,
}

/// The bytes start after the header and the word of context and symbol.
const BYTES: usize = 2;
/// The word with the start of the bytes of a [`Kind::Piece`], and the one with the object that contains them.
const START: usize = 2;
pub(super) const OWNER: usize = 3;

/// The number of bytes copied between two checks of the stop flags: a few milliseconds.
pub(super) const STRIDE: usize = 16 << 20;

/// From this length on, in bytes, parts of strings share their bytes.
const SHARED: usize = 256;

impl<'h> Str<'h> {
    #[inline]
    pub(super) fn new(object: Object) -> Self {
        Self { object, brand: PhantomData }
    }

    #[inline]
    pub(super) fn object(self) -> Object {
        self.object
    }

    /// A string without context.
    pub fn plain(scope: Scope<'h>, bytes: &[u8]) -> Self {
        Self::with_context(scope, bytes, ContextId::EMPTY)
    }

    /// A string that refers to the store paths of `context`.
    pub fn with_context(scope: Scope<'h>, bytes: &[u8], context: ContextId) -> Self {
        Self::joined(scope, std::iter::once(bytes), context)
    }

    /// The concatenation of the texts.
    pub fn joined<'a>(scope: Scope<'h>, parts: impl Iterator<Item = &'a [u8]> + Clone, context: ContextId) -> Self {
        let len = parts.clone().map(<[u8]>::len).sum::<usize>();
        let object = layout::allocate(scope, header(Kind::String, len as u64), 1 + len.div_ceil(8));
        layout::set(object, 1, u64::from(context.0));
        // SAFETY: the payload follows the header, and its bytes begin at word `BYTES`.
        let target = unsafe { object.as_ptr().add(BYTES).cast::<u8>() };
        let mut written = 0;
        for part in parts {
            let part = &part[..part.len().min(len - written)];
            // SAFETY: the payload holds `len` bytes from `target` on, of which `written` are taken; nobody else has the
            // object yet, and a slice given by a caller can't overlap memory that was never handed out.
            unsafe { std::ptr::copy_nonoverlapping(part.as_ptr(), target.add(written), part.len()) };
            written += part.len();
        }
        Self::new(object)
    }

    /// Like [`Str::joined`], for texts of any length: `None` if there is not enough memory, or if the evaluation
    /// should stop.
    pub fn joined_if_room<'a>(
        scope: Scope<'h>,
        parts: impl Iterator<Item = &'a [u8]> + Clone,
        context: ContextId,
    ) -> Option<Self> {
        let len = parts.clone().map(<[u8]>::len).sum::<usize>();
        if !scope.make_room(8 * (BYTES + len.div_ceil(8))) {
            return None;
        }
        let going_on = |_: &&[u8]| !scope.flags().stops();
        let joined = Self::joined(scope, parts.flat_map(|part| part.chunks(STRIDE)).take_while(going_on), context);
        (!scope.flags().stops()).then_some(joined)
    }

    /// A part of this string, with its context; empty if the range is invalid. The bytes of a long part are shared.
    pub fn part(self, scope: Scope<'h>, range: std::ops::Range<usize>) -> Self {
        let bytes = self.as_bytes().get(range).unwrap_or_default();
        if bytes.len() < SHARED {
            return Self::with_context(scope, bytes, self.context());
        }
        let owner = self.owner().unwrap_or(self.object);
        Self::piece(scope, bytes, self.context(), layout::address(owner))
    }

    /// A string of bytes that are already in the heap, in the object at the address `owner`.
    pub(super) fn piece(scope: Scope<'h>, bytes: &'h [u8], context: ContextId, owner: u64) -> Self {
        let object = layout::allocate(scope, header(Kind::Piece, bytes.len() as u64), 3);
        layout::set(object, 1, u64::from(context.0));
        layout::set(object, START, bytes.as_ptr().expose_provenance() as u64);
        layout::set(object, OWNER, owner);
        Self::new(object)
    }

    /// The object with the bytes of a piece.
    pub(super) fn owner(self) -> Option<Object> {
        layout::is_kind(self.object, Kind::Piece).then(|| layout::object(layout::get(self.object, OWNER)))
    }

    /// Length in bytes.
    #[inline]
    pub fn len(self) -> usize {
        (layout::get(self.object, 0) >> 8) as usize
    }

    /// True for `""`.
    #[inline]
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// The bytes. They live as long as the visit to the heap.
    #[inline]
    pub fn as_bytes(self) -> &'h [u8] {
        let start = if layout::is_kind(self.object, Kind::Piece) {
            std::ptr::with_exposed_provenance::<u8>(layout::get(self.object, START) as usize)
        } else {
            // SAFETY: the payload of other strings has a word of context and symbol, then the bytes.
            unsafe { self.object.as_ptr().add(BYTES).cast::<u8>() }
        };
        // SAFETY: `len` bytes follow `start`, in the object itself or in one that lives as long; they never change after
        // creation (module law 4), and the heap is borrowed for `'h`.
        unsafe { std::slice::from_raw_parts(start, self.len()) }
    }

    /// The context.
    #[inline]
    pub fn context(self) -> ContextId {
        ContextId(layout::get_u32(self.object, 1, 0))
    }

    /// The symbol with this text, if [`Str::remember_symbol`] has set it.
    #[inline]
    pub fn symbol(self) -> Option<Symbol> {
        layout::get_u32(self.object, 1, 1).checked_sub(1).map(Symbol)
    }

    /// Caches the symbol with this text.
    pub fn remember_symbol(self, symbol: Symbol) {
        layout::set_u32(self.object, 1, 1, symbol.0 + 1);
    }
}

impl std::fmt::Debug for Str<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Str({:?})", String::from_utf8_lossy(self.as_bytes()))
    }
}

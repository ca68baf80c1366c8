//! Strings and paths: bytes with a length, a context and, once somebody asked for it, the symbol of the same name.

use super::brand::{Brand, Scope};
use super::layout::{self, Kind, Object, header};
use super::shape::Symbol;
use std::marker::PhantomData;

/// An interned set of store references that a string carries; 0 is the empty set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ContextId(pub u32);

/// A byte string in the heap. Its bytes never change.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Str<'h> {
    object: Object,
    brand: Brand<'h>,
}

/// Bytes start after the header and the word of context and symbol.
const BYTES: usize = 2;

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
        Self::with_context(scope, bytes, ContextId(0))
    }

    /// A string that refers to the store paths of `context`.
    pub fn with_context(scope: Scope<'h>, bytes: &[u8], context: ContextId) -> Self {
        let payload = 1 + bytes.len().div_ceil(8);
        let object = layout::allocate(scope, header(Kind::String, bytes.len() as u64), payload);
        layout::set(object, 1, u64::from(context.0));
        // SAFETY: the payload holds at least `bytes.len()` bytes from word `BYTES` on, nobody else has the object yet, and
        // a slice given by a caller can't overlap memory that was never handed out.
        unsafe {
            let target = object.as_ptr().add(BYTES).cast::<u8>();
            std::ptr::copy_nonoverlapping(bytes.as_ptr(), target, bytes.len());
        }
        Self::new(object)
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
        // SAFETY: the object holds `len` bytes from word `BYTES` on, they never change after creation (module law 4), and
        // the heap is borrowed for `'h`.
        unsafe { std::slice::from_raw_parts(self.object.as_ptr().add(BYTES).cast::<u8>(), self.len()) }
    }

    /// The context.
    #[inline]
    pub fn context(self) -> ContextId {
        ContextId(layout::get_u32(self.object, 1, 0))
    }

    /// The symbol with this text, if [`Str::remember_symbol`] was told.
    #[inline]
    pub fn symbol(self) -> Option<Symbol> {
        layout::get_u32(self.object, 1, 1).checked_sub(1).map(Symbol)
    }

    /// Remembers which symbol has this text, so that looking it up is paid for once.
    pub fn remember_symbol(self, symbol: Symbol) {
        layout::set_u32(self.object, 1, 1, symbol.0 + 1);
    }
}

impl std::fmt::Debug for Str<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Str({:?})", String::from_utf8_lossy(self.as_bytes()))
    }
}

//! The 8-byte value: a tag in the low three bits, and an address or a small constant above it.
//!
//! | tag | value |
//! |---|---|
//! | 0 | a thunk, evaluated or not |
//! | 1 | an integer of 61 bits |
//! | 2 | a string |
//! | 3 | an attribute set |
//! | 4 | a list |
//! | 5 | a closure or a partial application |
//! | 6 | a path |
//! | 7 | everything else, by bits 3 to 7: `null`, `false`, `true`, a 64-bit integer, a float, a builtin |
//!
//! So whether a value is evaluated, and its type, are known without a load.

use super::brand::{Brand, Scope};
use super::layout::{self, Kind, Object, header};
use super::{Attrs, Closure, List, Partial, Str, Thunk};
use std::marker::PhantomData;
use std::num::NonZeroU64;

const THUNK: u64 = 0;
pub(super) const INTEGER: u64 = 1;
const STRING: u64 = 2;
const ATTRS: u64 = 3;
const LIST: u64 = 4;
const FUNCTION: u64 = 5;
const PATH: u64 = 6;
const MISC: u64 = 7;
const TAG_MASK: u64 = 7;

const NULL: u64 = MISC;
const FALSE: u64 = 1 << 3 | MISC;
const TRUE: u64 = 2 << 3 | MISC;
const LARGE_INTEGER: u64 = 3 << 3 | MISC;
const FLOAT: u64 = 4 << 3 | MISC;
const BUILTIN: u64 = 5 << 3 | MISC;
const MISC_MASK: u64 = 0xff;

/// The number of a builtin: its row in the table of builtins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BuiltinId(pub u16);

/// A Nix value, or a thunk for one. Copying it copies 8 bytes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Value<'h> {
    word: NonZeroU64,
    brand: Brand<'h>,
}

/// An unpacked value: one case per kind of word.
#[derive(Clone, Copy, Debug)]
pub enum Unpacked<'h> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// An integer: `42`
    Int(i64),
    /// A float: `4.2`
    Float(f64),
    /// A string: `"x"`
    String(Str<'h>),
    /// A path: `./x`
    Path(Str<'h>),
    /// A set: `{ a = 1; }`
    Attrs(Attrs<'h>),
    /// A list: `[ 1 2 ]`
    List(List<'h>),
    /// A function written in Nix: `x: x`
    Closure(Closure<'h>),
    /// A function of several arguments with some of them: `map f`
    Partial(Partial<'h>),
    /// A builtin: `builtins.map`
    Builtin(BuiltinId),
    /// A thunk, evaluated or not.
    Thunk(Thunk<'h>),
}

impl Unpacked<'_> {
    /// The type name of an evaluated value, as returned by `typeOf`.
    pub fn type_name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Float(_) => "float",
            Self::String(_) => "string",
            Self::Path(_) => "path",
            Self::Attrs(_) => "set",
            Self::List(_) => "list",
            Self::Closure(_) | Self::Partial(_) | Self::Builtin(_) => "lambda",
            // `force` never returns a thunk.
            Self::Thunk(_) => "thunk",
        }
    }
}

/// The thunk of a word with a value, if it is one; `None` too for zero, which is not a value.
#[inline]
pub(super) fn thunk_of(word: u64) -> Option<Object> {
    (word & TAG_MASK == THUNK && word != 0).then(|| layout::object(word))
}

/// The address in a word with a value; `None` for values without one, and for zero.
#[inline]
pub(super) fn address_in(word: u64) -> Option<u64> {
    match word & TAG_MASK {
        INTEGER => None,
        MISC => matches!(word & MISC_MASK, LARGE_INTEGER | FLOAT).then_some(word >> 8),
        _ => (word != 0).then_some(word & !TAG_MASK),
    }
}

impl<'h> Value<'h> {
    /// `null`
    pub const NULL: Self = Self::from_word(NULL);
    /// `true`
    pub const TRUE: Self = Self::from_word(TRUE);
    /// `false`
    pub const FALSE: Self = Self::from_word(FALSE);

    /// The value of a non-zero word. Private to the heap: only words read from objects of `'h` may come here.
    #[inline]
    pub(super) const fn from_word(word: u64) -> Self {
        debug_assert!(word != super::collect::POISON, "the value was freed");
        match NonZeroU64::new(word) {
            Some(word) => Self { word, brand: PhantomData },
            None => panic!("no value is the zero word"),
        }
    }

    #[inline]
    pub(super) fn word(self) -> u64 {
        self.word.get()
    }

    #[inline]
    fn tag(self) -> u64 {
        self.word.get() & TAG_MASK
    }

    #[inline]
    fn tagged(object: Object, tag: u64) -> Self {
        Self::from_word(layout::address(object) | tag)
    }

    #[inline]
    fn object(self) -> Object {
        layout::object(self.word.get() & !TAG_MASK)
    }

    #[inline]
    fn misc_object(self) -> Object {
        layout::object(self.word.get() >> 8)
    }

    /// `true` or `false`.
    #[inline]
    pub fn bool(value: bool) -> Self {
        if value { Self::TRUE } else { Self::FALSE }
    }

    /// An integer. One that needs more than 61 bits takes an object.
    #[inline]
    pub fn int(scope: Scope<'h>, value: i64) -> Self {
        match Self::small_int(value) {
            Some(small) => small,
            None => Self::boxed(scope, Kind::Integer, value as u64, LARGE_INTEGER),
        }
    }

    /// An integer that fits the word.
    #[inline]
    pub fn small_int(value: i64) -> Option<Self> {
        let shifted = value << 3;
        (shifted >> 3 == value).then(|| Self::from_word(shifted as u64 | INTEGER))
    }

    /// A floating-point number.
    pub fn float(scope: Scope<'h>, value: f64) -> Self {
        Self::boxed(scope, Kind::Float, value.to_bits(), FLOAT)
    }

    fn boxed(scope: Scope<'h>, kind: Kind, bits: u64, tag: u64) -> Self {
        let object = layout::allocate_to_fill(scope, header(kind, 0), 1);
        layout::set(object, 1, bits);
        Self::from_word(layout::address(object) << 8 | tag)
    }

    /// A builtin without arguments.
    pub fn builtin(id: BuiltinId) -> Self {
        Self::from_word(u64::from(id.0) << 8 | BUILTIN)
    }

    /// A path value with the text `path`.
    pub fn path(path: Str<'h>) -> Self {
        Self::tagged(path.object(), PATH)
    }

    /// True unless this is a thunk (evaluated or not).
    #[inline]
    pub fn is_evaluated(self) -> bool {
        self.tag() != THUNK
    }

    /// The integer, if it is a small one: the fast path of arithmetic.
    #[inline]
    pub fn as_small_int(self) -> Option<i64> {
        (self.tag() == INTEGER).then_some(self.word.get() as i64 >> 3)
    }

    /// The thunk, if it is one.
    #[inline]
    pub fn as_thunk(self) -> Option<Thunk<'h>> {
        (self.tag() == THUNK).then(|| Thunk::new(self.object()))
    }

    /// The set, if it is one.
    #[inline]
    pub fn as_attrs(self) -> Option<Attrs<'h>> {
        (self.tag() == ATTRS).then(|| Attrs::new(self.object()))
    }

    /// The list, if it is one.
    #[inline]
    pub fn as_list(self) -> Option<List<'h>> {
        (self.tag() == LIST).then(|| List::new(self.object()))
    }

    /// The string, if it is one. A path is not a string.
    #[inline]
    pub fn as_str(self) -> Option<Str<'h>> {
        (self.tag() == STRING).then(|| Str::new(self.object()))
    }

    /// The closure, if it is one.
    #[inline]
    pub fn as_closure(self) -> Option<Closure<'h>> {
        (self.tag() == FUNCTION && layout::is_kind(self.object(), Kind::Closure)).then(|| Closure::new(self.object()))
    }

    /// The boolean, if it is one.
    #[inline]
    pub fn as_bool(self) -> Option<bool> {
        match self.word.get() {
            TRUE => Some(true),
            FALSE => Some(false),
            _ => None,
        }
    }

    /// True for `null`.
    #[inline]
    pub fn is_null(self) -> bool {
        self.word.get() == NULL
    }

    /// True for the operands that `+` treats specially: numbers, strings and paths.
    #[inline]
    pub fn is_summand(self) -> bool {
        let misc = self.word.get() & MISC_MASK;
        matches!(self.tag(), INTEGER | STRING | PATH) || misc == LARGE_INTEGER || misc == FLOAT
    }

    /// True for everything that can be called directly: closures, builtins, partial applications.
    #[inline]
    pub fn is_function(self) -> bool {
        self.tag() == FUNCTION || self.word.get() & MISC_MASK == BUILTIN
    }

    /// True if programs cannot distinguish a copy of this value from the original. They can for functions and floats;
    /// see "Observable identity" in `heap/thunk.rs`.
    #[inline]
    pub fn is_freely_copied(self) -> bool {
        !self.is_function() && self.word.get() & MISC_MASK != FLOAT
    }

    /// The value, marked as held by a place; for a list this is its home. See [`List::settle`].
    #[inline]
    pub(crate) fn settled(self) -> Self {
        if let Some(list) = self.as_list() {
            list.settle();
        }
        self
    }

    /// True if the value's identity is never observable: all values but functions, floats, lists and large integers.
    #[inline]
    pub(crate) fn has_no_home(self) -> bool {
        const TAGS: u64 = 1 << INTEGER | 1 << STRING | 1 << ATTRS | 1 << PATH;
        // Of the others, null and the booleans have the lowest numbers.
        TAGS >> self.tag() & 1 != 0 || (self.tag() == MISC && self.word.get() & MISC_MASK <= TRUE)
    }

    /// Unpacks the value.
    #[inline]
    pub fn unpack(self) -> Unpacked<'h> {
        match self.tag() {
            THUNK => Unpacked::Thunk(Thunk::new(self.object())),
            INTEGER => Unpacked::Int(self.word.get() as i64 >> 3),
            STRING => Unpacked::String(Str::new(self.object())),
            ATTRS => Unpacked::Attrs(Attrs::new(self.object())),
            LIST => Unpacked::List(List::new(self.object())),
            FUNCTION => self.unpack_function(),
            PATH => Unpacked::Path(Str::new(self.object())),
            _ => self.unpack_misc(),
        }
    }

    fn unpack_function(self) -> Unpacked<'h> {
        if layout::is_kind(self.object(), Kind::Closure) {
            Unpacked::Closure(Closure::new(self.object()))
        } else {
            Unpacked::Partial(Partial::new(self.object()))
        }
    }

    fn unpack_misc(self) -> Unpacked<'h> {
        match self.word.get() & MISC_MASK {
            NULL => Unpacked::Null,
            FALSE => Unpacked::Bool(false),
            TRUE => Unpacked::Bool(true),
            LARGE_INTEGER => Unpacked::Int(layout::get(self.misc_object(), 1) as i64),
            FLOAT => Unpacked::Float(f64::from_bits(layout::get(self.misc_object(), 1))),
            _ => Unpacked::Builtin(BuiltinId((self.word.get() >> 8) as u16)),
        }
    }
}

impl std::fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Value({:#x})", self.word)
    }
}

impl<'h> From<Str<'h>> for Value<'h> {
    #[inline]
    fn from(string: Str<'h>) -> Self {
        Self::tagged(string.object(), STRING)
    }
}

impl<'h> From<List<'h>> for Value<'h> {
    #[inline]
    fn from(list: List<'h>) -> Self {
        Self::tagged(list.object(), LIST)
    }
}

impl<'h> From<Attrs<'h>> for Value<'h> {
    #[inline]
    fn from(attrs: Attrs<'h>) -> Self {
        Self::tagged(attrs.object(), ATTRS)
    }
}

impl<'h> From<Thunk<'h>> for Value<'h> {
    #[inline]
    fn from(thunk: Thunk<'h>) -> Self {
        Self::tagged(thunk.object(), THUNK)
    }
}

impl<'h> From<Closure<'h>> for Value<'h> {
    #[inline]
    fn from(closure: Closure<'h>) -> Self {
        Self::tagged(closure.object(), FUNCTION)
    }
}

impl<'h> From<Partial<'h>> for Value<'h> {
    #[inline]
    fn from(partial: Partial<'h>) -> Self {
        Self::tagged(partial.object(), FUNCTION)
    }
}

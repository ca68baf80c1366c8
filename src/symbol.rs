//! Interned names.
//!
//! A symbol is a number; a smaller one was met earlier. C++ Nix visits attribute sets in that order, and programs can
//! see it (`deepSeq` on a set with two failing attributes). So the first symbols are the same as C++ Nix's, and the
//! rest are created in the order in which its parser meets them.

use crate::heap::{Scope, Str, Symbol};
use hashbrown::HashTable;
use std::cell::RefCell;
use std::hash::BuildHasher;

/// The table from text to symbol. The way back is [`Scope::symbol_name`].
#[derive(Default)]
pub struct Symbols {
    table: RefCell<HashTable<Symbol>>,
    hasher: rustc_hash::FxBuildHasher,
}

impl std::fmt::Debug for Symbols {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Symbols").finish_non_exhaustive()
    }
}

macro_rules! known_symbols {
    ($($constant:ident = $text:literal,)*) => {
        /// The names known beforehand, in order.
        const KNOWN: &[&str] = &[$($text),*];

        known_symbols!(@number 0u32; $($constant = $text,)*);
    };
    (@number $number:expr; $constant:ident = $text:literal, $($rest:tt)*) => {
        #[doc = concat!("The symbol `", $text, "`.")]
        pub const $constant: Symbol = Symbol($number);
        known_symbols!(@number $number + 1; $($rest)*);
    };
    (@number $number:expr;) => {};
}

known_symbols! {
    WITH = "<with>",
    OUT_PATH = "outPath",
    DRV_PATH = "drvPath",
    TYPE = "type",
    META = "meta",
    NAME = "name",
    VALUE = "value",
    SYSTEM = "system",
    OVERRIDES = "__overrides",
    OUTPUTS = "outputs",
    OUTPUT_NAME = "outputName",
    IGNORE_NULLS = "__ignoreNulls",
    FILE = "file",
    LINE = "line",
    COLUMN = "column",
    FUNCTOR = "__functor",
    TO_STRING = "__toString",
    RIGHT = "right",
    WRONG = "wrong",
    STRUCTURED_ATTRS = "__structuredAttrs",
    JSON = "__json",
    ALLOWED_REFERENCES = "allowedReferences",
    ALLOWED_REQUISITES = "allowedRequisites",
    DISALLOWED_REFERENCES = "disallowedReferences",
    DISALLOWED_REQUISITES = "disallowedRequisites",
    MAX_SIZE = "maxSize",
    MAX_CLOSURE_SIZE = "maxClosureSize",
    BUILDER = "builder",
    ARGS = "args",
    CONTENT_ADDRESSED = "__contentAddressed",
    IMPURE = "__impure",
    OUTPUT_HASH = "outputHash",
    OUTPUT_HASH_ALGO = "outputHashAlgo",
    OUTPUT_HASH_MODE = "outputHashMode",
    RECURSE_FOR_DERIVATIONS = "recurseForDerivations",
    DESCRIPTION = "description",
    SELF = "self",
    EPSILON = "",
    START_SET = "startSet",
    OPERATOR = "operator",
    KEY = "key",
    PATH = "path",
    PREFIX = "prefix",
    OUTPUT_SPECIFIED = "outputSpecified",
    REQUIRED_SYSTEM_FEATURES = "requiredSystemFeatures",
    SUB = "__sub",
    LESS_THAN = "__lessThan",
    MUL = "__mul",
    DIV = "__div",
    OR = "or",
    FIND_FILE = "__findFile",
    NIX_PATH = "__nixPath",
    BODY = "body",
}

impl Symbols {
    /// The number of symbols.
    pub fn len(&self) -> usize {
        self.table.borrow().len()
    }

    /// True if there are no symbols.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Interns the names known beforehand. Call once, first, on a new heap.
    pub fn intern_known(&self, scope: Scope<'_>) {
        for (index, text) in KNOWN.iter().enumerate() {
            let symbol = self.intern(scope, text.as_bytes());
            debug_assert_eq!(symbol.0 as usize, index);
        }
    }

    /// The symbol with this text, created if necessary.
    pub fn intern(&self, scope: Scope<'_>, text: &[u8]) -> Symbol {
        self.lookup_or(scope, text, || Str::plain(scope, text))
    }

    /// The symbol with the text of a string, which caches it. The context is ignored.
    #[inline]
    pub fn intern_str(&self, scope: Scope<'_>, string: Str<'_>) -> Symbol {
        if let Some(symbol) = string.symbol() {
            return symbol;
        }
        let symbol = self.intern(scope, string.as_bytes());
        string.remember_symbol(symbol);
        symbol
    }

    fn lookup_or<'h>(&self, scope: Scope<'h>, text: &[u8], make: impl FnOnce() -> Str<'h>) -> Symbol {
        let hash = self.hasher.hash_one(text);
        let mut table = self.table.borrow_mut();
        let same = |symbol: &Symbol| scope.symbol_name(*symbol).as_bytes() == text;
        if let Some(symbol) = table.find(hash, same) {
            return *symbol;
        }
        let symbol = scope.name_next_symbol(make());
        let rehash = |symbol: &Symbol| self.hasher.hash_one(scope.symbol_name(*symbol).as_bytes());
        if table.len() == table.capacity() {
            // All texts are read again to grow, so that should be rare.
            let wanted = table.len() * 3;
            table.reserve(wanted, rehash);
        }
        table.insert_unique(hash, symbol, rehash);
        symbol
    }

    /// The symbol with this text, if it exists.
    pub fn find(&self, scope: Scope<'_>, text: &[u8]) -> Option<Symbol> {
        let hash = self.hasher.hash_one(text);
        self.table.borrow().find(hash, |symbol| scope.symbol_name(*symbol).as_bytes() == text).copied()
    }
}

//! Roots: values that outlive one visit to the heap, kept by number.

use super::brand::Scope;
use super::mark::Marker;
use super::shape::Symbol;
use super::string::Str;
use super::trace::Visitor;
use super::value::Value;
use std::cell::RefCell;

/// The number of a root of one heap. On another heap it names some other root, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RootId(u32);

/// A growing table of values.
#[derive(Debug, Default)]
pub(super) struct Roots {
    words: RefCell<Vec<u64>>,
    free: RefCell<Vec<u32>>,
}

impl Roots {
    fn push(&self, word: u64) -> u32 {
        if let Some(index) = self.free.borrow_mut().pop() {
            self.words.borrow_mut()[index as usize] = word;
            return index;
        }
        let mut words = self.words.borrow_mut();
        words.push(word);
        (words.len() - 1) as u32
    }

    /// Marks all values.
    pub(super) fn mark(&self, marker: &mut Marker<'_>) {
        self.words.borrow().iter().for_each(|word| marker.fixed_value(*word));
    }

    #[inline]
    fn get(&self, index: u32) -> Option<u64> {
        self.words.borrow().get(index as usize).copied()
    }
}

impl<'h> Scope<'h> {
    /// Keeps a value beyond this visit.
    pub fn add_root(self, value: Value<'h>) -> RootId {
        RootId(self.heap().roots.push(value.word()))
    }

    /// The value with a number; `null` if there is none.
    #[inline]
    pub fn root(self, id: RootId) -> Value<'h> {
        self.heap().roots.get(id.0).map_or(Value::NULL, Value::from_word)
    }

    /// Replaces the value with a number. Does nothing if there is none.
    pub fn set_root(self, id: RootId, value: Value<'h>) {
        if let Some(word) = self.heap().roots.words.borrow_mut().get_mut(id.0 as usize) {
            *word = value.word();
        }
    }

    /// Sets the name of the next symbol: the first call names symbol 0, the second symbol 1.
    pub fn name_next_symbol(self, name: Str<'h>) -> Symbol {
        let symbol = Symbol(self.heap().names.push(Value::from(name).word()));
        name.remember_symbol(symbol);
        symbol
    }

    /// The text of a symbol; empty if no symbol has this number.
    #[inline]
    pub fn symbol_name(self, symbol: Symbol) -> Str<'h> {
        let name = self.heap().names.get(symbol.0).and_then(|word| Value::from_word(word).as_str());
        name.unwrap_or_else(|| Str::plain(self, b""))
    }

    /// The number of symbols named so far.
    pub fn symbol_count(self) -> usize {
        self.heap().names.words.borrow().len()
    }
}

impl super::Heap {
    /// Removes a root. Its number may be reused.
    pub fn remove_root(&self, id: RootId) {
        if let Some(word) = self.roots.words.borrow_mut().get_mut(id.0 as usize) {
            *word = Value::NULL.word();
            self.roots.free.borrow_mut().push(id.0);
        }
    }
}

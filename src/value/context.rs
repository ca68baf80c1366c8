//! String contexts: which store paths a string refers to.
//!
//! Each reference and each set of references is interned, so that a string carries one number, and the union of two sets
//! is computed once.

use super::ContextId;
use indexmap::IndexSet;
use rustc_hash::{FxBuildHasher, FxHashMap};
use std::cell::RefCell;

/// One reference to the store.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reference {
    /// A store path as it is: a source file, or a `.drv` file itself.
    Opaque(Box<[u8]>),
    /// A derivation with everything needed to build it: what `drvPath` refers to. Written `=path`.
    Deep(Box<[u8]>),
    /// An output of a derivation. Written `!output!path`.
    Output {
        /// The path of the `.drv` file.
        derivation: Box<[u8]>,
        /// The name of the output.
        output: Box<[u8]>,
    },
}

type Set = Box<[u32]>;

/// All references and sets of references met so far.
#[derive(Debug)]
pub struct Contexts {
    references: RefCell<IndexSet<Reference, FxBuildHasher>>,
    sets: RefCell<IndexSet<Set, FxBuildHasher>>,
    unions: RefCell<FxHashMap<(ContextId, ContextId), ContextId>>,
}

impl Default for Contexts {
    fn default() -> Self {
        let mut sets = IndexSet::<Set, FxBuildHasher>::default();
        sets.insert(Box::default());
        Self { references: RefCell::default(), sets: RefCell::new(sets), unions: RefCell::default() }
    }
}

impl Contexts {
    /// The context of exactly these references.
    pub fn of(&self, references: impl IntoIterator<Item = Reference>) -> ContextId {
        let mut table = self.references.borrow_mut();
        let mut ids: Vec<u32> = references.into_iter().map(|reference| table.insert_full(reference).0 as u32).collect();
        ids.sort_unstable();
        ids.dedup();
        self.intern(ids)
    }

    fn intern(&self, ids: Vec<u32>) -> ContextId {
        ContextId(self.sets.borrow_mut().insert_full(ids.into()).0 as u32)
    }

    /// Both contexts together.
    #[inline]
    pub fn union(&self, a: ContextId, b: ContextId) -> ContextId {
        if a == b || b == ContextId(0) {
            return a;
        }
        if a == ContextId(0) {
            return b;
        }
        self.remembered_union(a.0.min(b.0), a.0.max(b.0))
    }

    fn remembered_union(&self, a: u32, b: u32) -> ContextId {
        let key = (ContextId(a), ContextId(b));
        if let Some(known) = self.unions.borrow().get(&key) {
            return *known;
        }
        let mut ids = self.ids(key.0);
        ids.extend(self.ids(key.1));
        ids.sort_unstable();
        ids.dedup();
        let union = self.intern(ids);
        self.unions.borrow_mut().insert(key, union);
        union
    }

    fn ids(&self, context: ContextId) -> Vec<u32> {
        self.sets.borrow().get_index(context.0 as usize).map_or_else(Vec::new, |set| set.to_vec())
    }

    /// The references of a context, sorted.
    pub fn references(&self, context: ContextId) -> Vec<Reference> {
        let table = self.references.borrow();
        let ids = self.ids(context);
        let mut all: Vec<_> = ids.into_iter().filter_map(|id| table.get_index(id as usize).cloned()).collect();
        all.sort();
        all
    }
}

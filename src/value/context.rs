//! String contexts: the store paths that a string refers to.
//!
//! Each reference and each set of references is interned, so that a string carries one number, and the union of two
//! sets is computed once.

use super::ContextId;
use indexmap::IndexSet;
use rustc_hash::{FxBuildHasher, FxHashMap};
use std::cell::RefCell;

/// One reference to the store.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reference {
    /// A plain store path: a source file, or a `.drv` file itself.
    Opaque(Box<[u8]>),
    /// A derivation with everything needed to build it, the target of `drvPath`. Written `=path`.
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

/// The contexts of the parts of a string that is being built. They are united once at the end: otherwise a string
/// made of a thousand parts would create a thousand growing sets.
#[derive(Debug, Default)]
pub struct GatheredContexts {
    contexts: Vec<ContextId>,
}

impl GatheredContexts {
    /// Adds the context of one part.
    #[inline]
    pub fn add(&mut self, context: ContextId) {
        if !context.is_empty() && self.contexts.last() != Some(&context) {
            self.contexts.push(context);
        }
    }

    /// The union of all of them.
    pub fn union(mut self, all: &Contexts) -> ContextId {
        if self.contexts.len() > 2 {
            self.contexts.sort_unstable_by_key(|context| context.0);
            self.contexts.dedup();
        }
        match self.contexts.as_slice() {
            [] => ContextId::EMPTY,
            [only] => *only,
            [a, b] => all.union(*a, *b),
            many => all.union_of_many(many),
        }
    }
}

/// All references and sets of references so far.
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

    /// The union of two contexts.
    #[inline]
    pub fn union(&self, a: ContextId, b: ContextId) -> ContextId {
        if a == b || b.is_empty() {
            return a;
        }
        if a.is_empty() {
            return b;
        }
        self.remembered_union(a.0.min(b.0), a.0.max(b.0))
    }

    fn remembered_union(&self, a: u32, b: u32) -> ContextId {
        let key = (ContextId(a), ContextId(b));
        if let Some(known) = self.unions.borrow().get(&key) {
            return *known;
        }
        let union = self.union_of_many(&[key.0, key.1]);
        self.unions.borrow_mut().insert(key, union);
        union
    }

    fn union_of_many(&self, contexts: &[ContextId]) -> ContextId {
        let sets = self.sets.borrow();
        let known = contexts.iter().filter_map(|context| sets.get_index(context.0 as usize));
        let mut ids: Vec<u32> = known.flatten().copied().collect();
        drop(sets);
        ids.sort_unstable();
        ids.dedup();
        self.intern(ids)
    }

    fn ids(&self, context: ContextId) -> Vec<u32> {
        self.sets.borrow().get_index(context.0 as usize).map_or_else(Vec::new, |set| set.to_vec())
    }

    /// The number of contexts, and their size in bytes.
    pub(crate) fn census(&self) -> (usize, usize) {
        let sets = self.sets.borrow();
        let references = self.references.borrow().len() * size_of::<Reference>();
        let unions = self.unions.borrow().len() * 3 * size_of::<ContextId>();
        (sets.len(), references + unions + sets.iter().map(|set| size_of::<Set>() + size_of_val(&**set)).sum::<usize>())
    }

    /// The plain paths in a context, sorted.
    pub fn paths(&self, context: ContextId) -> Vec<Box<[u8]>> {
        if context.is_empty() {
            return Vec::new();
        }
        let path = |reference| match reference {
            Reference::Opaque(path) => Some(path),
            _ => None,
        };
        let mut paths: Vec<Box<[u8]>> = self.references(context).into_iter().filter_map(path).collect();
        paths.sort_unstable();
        paths
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

//! The language's own names, for lowering without an evaluation.

use crate::lower::{Outer, OuterScope};
use rustc_hash::FxHashMap;

/// The names of the language's global scope and of `builtins`, with the number of arguments of those that are builtins.
#[derive(Debug, Default)]
pub(crate) struct KnownNames {
    pub(crate) globals: FxHashMap<Box<[u8]>, Option<usize>>,
    pub(crate) builtins: FxHashMap<Box<[u8]>, Option<usize>>,
}

impl OuterScope for KnownNames {
    fn outer(&self, name: &[u8]) -> Option<Outer> {
        self.globals.contains_key(name).then_some(Outer::Global)
    }

    /// Only refused programs need the order of symbols.
    fn rank(&self, _name: &[u8]) -> Option<u32> {
        None
    }

    /// Only errors need the names in scope.
    fn names(&self) -> Vec<Vec<u8>> {
        Vec::new()
    }

    fn global_arity(&self, name: &[u8]) -> Option<usize> {
        self.globals.get(name).copied().flatten()
    }

    fn builtin_arity(&self, name: &[u8]) -> Option<usize> {
        self.builtins.get(name).copied().flatten()
    }
}

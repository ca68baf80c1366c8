//! What an engine keeps for the room `flake`, which fills it: registries and fetched trees. Both are plain data.

use crate::error::Result;
use crate::eval::Eval;
use crate::flake_ref::{InputAttrs, Registry};
use crate::heap::RootId;
use crate::store::path::StorePath;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Fetches the flake that a reference names, and returns its path in the store. Entries of the search path can be such
/// references; the engine connects them with the room `flake`.
pub(crate) type FlakeResolver = fn(&Eval<'_>, &[u8]) -> Result<Vec<u8>>;

/// The registries of an engine, each read on first use.
#[derive(Debug, Default)]
pub(crate) struct Registries {
    pub(crate) user: RefCell<Option<Rc<Registry>>>,
    pub(crate) system: RefCell<Option<Rc<Registry>>>,
    pub(crate) global: RefCell<Option<Rc<Registry>>>,
}

impl Registries {
    pub(crate) fn forget(&self) {
        for known in [&self.user, &self.system, &self.global] {
            known.borrow_mut().take();
        }
    }
}

/// The registries and trees that an engine has read and fetched.
#[derive(Debug, Default)]
pub(crate) struct FlakeCache {
    pub(crate) registries: Registries,
    pub(crate) trees: RefCell<BTreeMap<InputAttrs, FlakeTree>>,
    /// The store paths that became readable through fetches.
    pub(crate) mounted: RefCell<BTreeSet<StorePath>>,
    /// The function that turns nodes into flakes, once it is read.
    pub(crate) function: Cell<Option<RootId>>,
}

impl FlakeCache {
    /// Forgets everything that may have changed.
    pub(crate) fn forget(&self) {
        self.trees.borrow_mut().clear();
        self.registries.forget();
    }

    /// True if a store path became readable through a fetch.
    pub(crate) fn has(&self, path: &[u8]) -> bool {
        self.mounted.borrow().contains(path)
    }
}

/// A fetched tree of a flake.
#[derive(Clone, Debug)]
pub(crate) struct FlakeTree {
    /// The input after registry lookups.
    pub(crate) resolved: InputAttrs,
    /// The same with all attributes that the fetch found.
    pub(crate) locked: InputAttrs,
    /// The folder that a registry adds.
    pub(crate) dir: Option<Vec<u8>>,
    /// Its path in the store.
    pub(crate) path: StorePath,
    /// A short identifier of its contents, if there is one.
    pub(crate) fingerprint: Option<String>,
}

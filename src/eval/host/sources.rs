//! Source files and trees as store entries: hashed, and read in place.

use crate::codec::hash::Hash;
use crate::error::{Error, Result};
use crate::eval::Eval;
use crate::heap::{ContextId, Str, Value};
use crate::store::computed::ComputedStore;
use crate::store::content::{ContentAddress, Method};
use crate::store::path::{DERIVATION_SUFFIX, StorePath, source_name};
use crate::store::tree::{hash_archive, hash_file};
use crate::value::context::Reference;
use crate::world::entries::Entry;

impl<'h> Eval<'h> {
    /// The store entries computed so far.
    pub fn computed(&self) -> &'h ComputedStore {
        &self.shared.computed
    }

    /// The string for a source path: the store path of its copy.
    pub(in crate::eval) fn copy_to_store(&mut self, path: Str<'h>) -> Result<Str<'h>> {
        if path.as_bytes().ends_with(DERIVATION_SUFFIX) {
            return Err(Error::eval("file names are not allowed to end in '.drv'"));
        }
        let (place, _) = self.reach(path.as_bytes())?;
        let target = self.add_source(&place, Method::Archive, source_name(path.as_bytes()), ContextId::EMPTY)?;
        Ok(self.store_string(&target, target.clone()))
    }

    /// The store path of a copy of a file or tree that refers to these entries.
    pub(crate) fn add_source(
        &self,
        path: &[u8],
        method: Method,
        name: &[u8],
        references: ContextId,
    ) -> Result<StorePath> {
        let hash = self.hash_source(path, method)?;
        let target = self.source_path(hash, method, name, references)?;
        self.add_entry(&target, Entry::copy(path, None));
        Ok(target)
    }

    /// The hash of a file or tree, computed once.
    pub(crate) fn hash_source(&self, path: &[u8], method: Method) -> Result<Hash> {
        // Who gets a remembered hash asks nothing, so where parts have records none is used.
        let known = self.computed().source(path, method).filter(|_| self.shared.recorder.is_none());
        if let Some(known) = known {
            return Ok(known);
        }
        let hash = match method {
            Method::Flat => hash_file(self.io(), path)?,
            _ => hash_archive(self.io(), path, &mut |_, _| self.poll().map(|()| true))?,
        };
        self.computed().add_source(path, method, &hash);
        Ok(hash)
    }

    /// The store path for a source with this hash that refers to these entries.
    pub(crate) fn source_path(
        &self,
        hash: Hash,
        method: Method,
        name: &[u8],
        references: ContextId,
    ) -> Result<StorePath> {
        let paths = self.contexts().paths(references);
        let content = ContentAddress { method, hash };
        let target = content.path_with_references(&self.settings().store_dir, name, &paths)?;
        self.computed().add_file(&target, references);
        Ok(target)
    }

    /// The location of an entry of the engine's store on this machine, if the store has it.
    pub fn stored_at(&self, path: &[u8]) -> Option<Vec<u8>> {
        self.shared.world.store().backend().locate(path)
    }

    /// True if the engine's store has an entry, whether this evaluation knows it or not.
    pub fn is_stored(&self, path: &[u8]) -> bool {
        self.shared.world.store().backend().locate(path).is_some()
    }

    /// Makes an entry of the store readable.
    pub(crate) fn add_entry(&self, path: &[u8], entry: Entry) {
        self.shared.world.add(path, entry);
    }

    /// A text with a store path as its context.
    pub(crate) fn store_string(&self, text: &[u8], path: StorePath) -> Str<'h> {
        Str::with_context(self.scope, text, self.contexts().of([Reference::Opaque(path)]))
    }

    /// A store path, with a reference to itself.
    pub(crate) fn store_path_value(&self, path: StorePath) -> Value<'h> {
        self.store_string(&path, path.clone()).into()
    }
}

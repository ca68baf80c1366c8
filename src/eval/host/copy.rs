//! Entries that no evaluation made: files that become entries, and copies for other stores.

use super::save::Writer;
use crate::codec::hash::HashAlgorithm;
use crate::error::{ErrorKind, Result};
use crate::eval::Eval;
use crate::io::native::os_path;
use crate::store::backend::{NewEntry, Store};
use crate::store::content::{ContentAddress, Method};
use crate::store::path::StorePath;
use crate::store::tree::{copy_archive, hash_of};
use std::rc::Rc;

impl Eval<'_> {
    /// The path that a file or tree has in the store by a method and an algorithm. A link is not followed.
    ///
    /// # Errors
    ///
    /// Fails on file system errors, or if there can be no such entry.
    pub fn path_in_store(
        &self,
        path: &[u8],
        method: Method,
        algorithm: HashAlgorithm,
        name: &[u8],
    ) -> Result<StorePath> {
        let hash = hash_of(self.io(), path, method, algorithm)?;
        ContentAddress { method, hash }.path(&self.settings().store_dir, name)
    }

    /// Adds a file or tree to the engine's store as the entry whose path [`Eval::path_in_store`] gave.
    ///
    /// # Errors
    ///
    /// Fails on disk errors, if the store refuses, or if the file has changed.
    pub fn add_to_store(&self, path: &[u8], entry: &NewEntry<'_>) -> Result<()> {
        let store = self.shared().world.store().backend();
        if store.missing(&[entry.path.into()])?.is_empty() {
            return Ok(());
        }
        let staging = store.stage_apart(&os_path(path))?;
        copy_archive(self.io(), path, staging.place(), &mut |_, _| self.poll().map(|()| true))?;
        if entry.method != Method::Archive {
            staging.make_plain()?;
        }
        let copy = staging.place().as_os_str().as_encoded_bytes();
        if *self.path_in_store(copy, entry.method, entry.algorithm, entry.name())? != *entry.path {
            let shown = String::from_utf8_lossy(path);
            return Err(ErrorKind::Io(format!("'{shown}' was changed while it was added to the store")).into());
        }
        store.publish(&staging, entry).map(|_| ())
    }

    /// Copies a file or tree that the engine's store has, or that was fetched here, into another store.
    ///
    /// # Errors
    ///
    /// Fails on disk errors, if the other store refuses, or if the path of the entry doesn't follow from its contents.
    pub fn copy_entry(&self, path: &[u8], to: &Rc<dyn Store>) -> Result<()> {
        let own = self.shared().world.store().backend();
        let references = match own.info(path)? {
            Some(info) if info.content_address.is_none() => {
                let shown = String::from_utf8_lossy(path);
                let text = format!("'{shown}' was built, and only Nix can copy it: 'nix copy --to' does it");
                return Err(ErrorKind::Unsupported(text).into());
            }
            info => info.map(|info| info.references).unwrap_or_default(),
        };
        Writer::into(self, Rc::clone(to)).add_tree(path, &references)
    }
}

//! Writes the entries of an evaluation into the store: derivations, their inputs, and texts.
//!
//! Nothing is written while a program runs: a source whose path alone is needed is never copied.

use crate::codec::hash::Hash;
use crate::error::{Error, ErrorKind, Result};
use crate::eval::Eval;
use crate::heap::ContextId;
use crate::store::backend::Store;
use crate::store::content::{ContentAddress, Method};
use crate::store::path::{DERIVATION_SUFFIX, DIGITS, StorePath};
use crate::store::staging::Staging;
use crate::store::tree::{copy_archive, hash_file};
use crate::value::context::Reference;
use std::rc::Rc;

impl<'h> Eval<'h> {
    /// Writes derivations, with all of their files, and texts of `toFile` into the engine's store, if it lacks them
    /// and the settings allow it.
    ///
    /// # Errors
    ///
    /// Fails on disk errors, or if a source has changed since it was hashed.
    pub fn save(&self, derivations: &[(StorePath, Box<[u8]>)]) -> Result<()> {
        if self.settings().read_only {
            return Ok(());
        }
        let mut writer = Writer::new(self);
        for (path, contents) in self.shared().world.store().texts() {
            writer.add_text(&path, &contents)?;
        }
        for (path, text) in derivations {
            let inputs = self.computed().derivation(path).map(|known| known.inputs).unwrap_or_default();
            for context in &inputs {
                writer.add_context(*context)?;
            }
            writer.add_text(path, text)?;
        }
        Ok(())
    }

    /// Writes the files in a string's context into the engine's store, if it lacks them and the settings allow it.
    ///
    /// # Errors
    ///
    /// Fails like [`Self::save`].
    pub fn save_context(&self, context: ContextId) -> Result<()> {
        if self.settings().read_only { Ok(()) } else { Writer::new(self).add_context(context) }
    }

    /// Writes one entry into the engine's store if the store lacks it, whatever the settings are.
    ///
    /// # Errors
    ///
    /// Fails like [`Self::save`].
    pub fn write_entry(&self, path: &[u8]) -> Result<()> {
        Writer::new(self).add_source(path)
    }

    /// Checks that a copy has the hash that was computed, and returns its method: as an archive, or as a plain file.
    fn check_copy(&self, path: &[u8], archive: Hash) -> Result<Method> {
        let name = path.get(self.settings().store_dir.len() + 1 + DIGITS + 1..).unwrap_or_default();
        let is_at = |method, hash| {
            let content = ContentAddress { method, hash };
            content.path(&self.settings().store_dir, name).is_ok_and(|computed| *computed == *path)
        };
        if is_at(Method::Archive, archive) {
            return Ok(Method::Archive);
        }
        if hash_file(self.io(), path).is_ok_and(|hash| is_at(Method::Flat, hash)) {
            return Ok(Method::Flat);
        }
        let shown = String::from_utf8_lossy(path);
        Err(Error::from(ErrorKind::Io(format!("the source of '{shown}' was changed while it was used"))))
    }
}

/// A writer into a store, with one staging place.
struct Writer<'e, 'h> {
    cx: &'e Eval<'h>,
    store: Rc<dyn Store>,
    staging: Option<Staging>,
}

impl<'e, 'h> Writer<'e, 'h> {
    fn new(cx: &'e Eval<'h>) -> Self {
        Self { cx, store: cx.shared().world.store().backend(), staging: None }
    }

    /// Creates an entry, if the store lacks it.
    fn add(&mut self, path: &[u8], make: impl FnOnce(&Staging) -> Result<()>) -> Result<()> {
        if self.store.locate(path).is_some() {
            return Ok(());
        }
        let staging = match self.staging.take() {
            Some(staging) => staging,
            None => self.store.stage()?,
        };
        make(&staging)?;
        self.store.publish(&staging, path)?;
        self.staging = Some(staging);
        Ok(())
    }

    fn add_text(&mut self, path: &[u8], text: &[u8]) -> Result<()> {
        self.add(path, |staging| staging.write(text))
    }

    fn add_context(&mut self, context: ContextId) -> Result<()> {
        if context.is_empty() {
            return Ok(());
        }
        for reference in self.cx.contexts().references(context) {
            if let Reference::Opaque(path) = reference {
                self.add_source(&path)?;
            }
        }
        Ok(())
    }

    fn add_source(&mut self, path: &[u8]) -> Result<()> {
        let (cx, world) = (self.cx, &self.cx.shared().world);
        if path.ends_with(DERIVATION_SUFFIX) || !world.store().has_contents(path) {
            return Ok(());
        }
        if let Some(text) = world.store().text(path) {
            return self.add_text(path, &text);
        }
        self.add(path, |staging| {
            let mut all = |_: &[u8], _| cx.poll().map(|()| true);
            let hash = cx.fetching(|| copy_archive(cx.io(), path, staging.place(), &mut all))?;
            match cx.check_copy(path, hash)? {
                // A flat file keeps nothing but its contents.
                Method::Flat => staging.make_plain(),
                _ => Ok(()),
            }
        })
    }
}

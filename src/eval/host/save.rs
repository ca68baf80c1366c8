//! Writes the entries of an evaluation into the store: derivations, their inputs, and texts.
//!
//! Nothing is written while a program runs, unless it reads what must be built first: a source whose path alone is
//! needed is never copied. The store is asked once for all entries, and gets those that it lacks, references first.

use crate::codec::hash::{Hash, HashAlgorithm, hash_bytes};
use crate::error::{Error, ErrorKind, Result};
use crate::eval::Eval;
use crate::heap::ContextId;
use crate::io::native::os_path;
use crate::store::backend::{NewEntry, NewText, Store};
use crate::store::content::{ContentAddress, Method};
use crate::store::derivation_steps;
use crate::store::path::{DERIVATION_SUFFIX, DIGITS, StorePath, text_path};
use crate::store::staging::Staging;
use crate::store::stored::StoredDerivation;
use crate::store::tree::{copy_archive, hash_file};
use crate::value::context::Reference;
use crate::world::entries::{Entry, Location};
use rustc_hash::{FxHashMap, FxHashSet};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

/// The texts of derivations, by path.
type Texts<'t> = FxHashMap<&'t [u8], &'t [u8]>;

impl<'h> Eval<'h> {
    /// Writes derivations, with all of their files, and texts of `toFile` into the engine's store, if it lacks them
    /// and the settings allow it.
    ///
    /// # Errors
    ///
    /// Fails on disk errors, if the store refuses, or if a source has changed since it was hashed.
    pub fn save(&self, derivations: &[(StorePath, Box<[u8]>)]) -> Result<()> {
        if self.settings().read_only {
            return Ok(());
        }
        let mut plan = Plan::new(self, derivations);
        for (path, _) in self.shared().world.store().texts() {
            plan.add(&path);
        }
        for (path, _) in derivations {
            plan.add(path);
        }
        plan.carry_out()
    }

    /// Writes the files in a string's context into the engine's store, if it lacks them and the settings allow it.
    ///
    /// # Errors
    ///
    /// Fails like [`Self::save`].
    pub fn save_context(&self, context: ContextId) -> Result<()> {
        if self.settings().read_only || context.is_empty() {
            return Ok(());
        }
        let mut plan = Plan::new(self, &[]);
        for reference in self.contexts().references(context) {
            if let Reference::Opaque(path) = reference {
                plan.add(&path);
            }
        }
        plan.carry_out()
    }

    /// Writes derivations that were computed, and all they need, into the engine's store. They are still taken for new
    /// when the evaluation ends.
    ///
    /// # Errors
    ///
    /// Fails like [`Self::save`].
    pub fn save_before_build(&self, derivations: &[StorePath]) -> Result<()> {
        let texts = self.computed().texts();
        let mut plan = Plan::new(self, &texts);
        derivations.iter().for_each(|path| plan.add(path));
        plan.carry_out()
    }

    /// Writes a derivation that was computed if the settings allow it.
    ///
    /// # Errors
    ///
    /// Fails like [`Self::save`].
    pub(crate) fn save_derivation(&self, path: &[u8]) -> Result<()> {
        if self.settings().read_only { Ok(()) } else { self.save_before_build(&[path.into()]) }
    }

    /// Writes one entry into the engine's store if the store lacks it, whatever the settings are.
    ///
    /// # Errors
    ///
    /// Fails like [`Self::save`].
    pub fn write_entry(&self, path: &[u8]) -> Result<()> {
        let mut plan = Plan::new(self, &[]);
        plan.add(path);
        plan.carry_out()
    }

    /// Writes an entry that is read where its files lie, and reads it in the store from now on: the files are about to
    /// change. Without a store that keeps anything, this does nothing.
    pub(crate) fn keep_tree(&self, path: &[u8]) -> Result<()> {
        if self.settings().read_only {
            return Ok(());
        }
        match self.write_entry(path) {
            Err(error) if matches!(error.kind(), ErrorKind::Unsupported(_)) => return Ok(()),
            written => written?,
        }
        if let Some(place) = self.stored_at(path) {
            self.shared().world.add(path, Entry::copy(place, None));
        }
        Ok(())
    }

    /// Checks that a copy has the hash that was computed, and returns its method: as an archive, or as a plain file.
    fn check_copy(&self, path: &[u8], archive: Hash, references: &[StorePath]) -> Result<Method> {
        let store_dir = &self.settings().store_dir;
        let name = entry_name(store_dir, path);
        let is_at = |method, hash| {
            let content = ContentAddress { method, hash };
            content.path_with_references(store_dir, name, references).is_ok_and(|computed| *computed == *path)
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

/// The contents of an entry to write.
enum Contents<'t> {
    /// The text of a derivation.
    Derivation(&'t [u8]),
    /// A text of `toFile`.
    Text(Arc<[u8]>),
    /// A file or tree elsewhere.
    Tree,
}

/// The entries that some derivations and texts consist of, each after those it refers to.
struct Plan<'e, 'h> {
    cx: &'e Eval<'h>,
    texts: Texts<'e>,
    entries: Vec<(StorePath, Contents<'e>)>,
    seen: FxHashSet<StorePath>,
}

impl<'e, 'h> Plan<'e, 'h> {
    /// A plan for nothing yet. Of derivations, those with a text here can be written.
    fn new(cx: &'e Eval<'h>, texts: &'e [(StorePath, Box<[u8]>)]) -> Self {
        let texts = texts.iter().map(|(path, text)| (&**path, &**text)).collect();
        Self { cx, texts, entries: Vec::new(), seen: FxHashSet::default() }
    }

    /// Adds an entry, after all that it refers to. Chains of references may be long, so this does not recurse.
    fn add(&mut self, path: &[u8]) {
        let mut pending: Vec<(StorePath, Option<Contents<'e>>)> = vec![(path.into(), None)];
        while let Some((path, contents)) = pending.pop() {
            if let Some(contents) = contents {
                self.entries.push((path, contents));
                continue;
            }
            if !self.seen.insert(path.clone()) {
                continue;
            }
            let Some(contents) = self.contents(&path) else { continue };
            let references = self.references(&path, &contents);
            pending.push((path, Some(contents)));
            pending.extend(references.into_iter().filter(|path| !self.seen.contains(path)).map(|path| (path, None)));
        }
    }

    /// The contents of an entry, if this evaluation has made it.
    fn contents(&self, path: &[u8]) -> Option<Contents<'e>> {
        if let Some(text) = self.texts.get(path) {
            return Some(Contents::Derivation(text));
        }
        let store = self.cx.shared().world.store();
        match store.text(path) {
            Some(text) => Some(Contents::Text(text)),
            None if path.ends_with(DERIVATION_SUFFIX) => None,
            None => store.has_contents(path).then_some(Contents::Tree),
        }
    }

    /// The entries that one refers to.
    fn references(&self, path: &[u8], contents: &Contents<'_>) -> Vec<StorePath> {
        let computed = self.cx.computed();
        let of = |context: ContextId| self.cx.contexts().references(context).into_iter().map(path_of);
        match contents {
            Contents::Derivation(_) => {
                let inputs = computed.derivation(path).map(|known| known.inputs).unwrap_or_default();
                inputs.iter().flat_map(|context| of(*context)).collect()
            }
            Contents::Text(_) | Contents::Tree => {
                computed.references_of_file(path).map(of).into_iter().flatten().collect()
            }
        }
    }

    /// True if an entry is addressed as a text, and no copy of one.
    fn is_text(&self, path: &[u8], text: &[u8], references: &[StorePath]) -> bool {
        let store_dir = &self.cx.settings().store_dir;
        let hash = hash_bytes(HashAlgorithm::Sha256, text);
        let references = references.iter().map(|path| &**path);
        text_path(store_dir, &hash, references, entry_name(store_dir, path)).is_ok_and(|computed| *computed == *path)
    }

    /// Writes what the store lacks. Sources that refer to nothing come first, so that most of the rest is one batch of
    /// texts.
    fn carry_out(self) -> Result<()> {
        let store = self.cx.shared().world.store().backend();
        let paths: Vec<StorePath> = self.entries.iter().map(|(path, _)| path.clone()).collect();
        let missing: FxHashSet<StorePath> = store.missing(&paths)?.into_iter().collect();
        let missing = self.entries.iter().filter(|(path, _)| missing.contains(path));
        let entries = missing.map(|(path, contents)| self.new_text(path, contents));
        let (sources, others): (Vec<_>, Vec<_>) =
            entries.partition(|(entry, is_text)| !is_text && entry.references.is_empty());
        let mut writer = Writer::into(self.cx, store);
        for (source, _) in sources {
            writer.add_tree(source.path, &source.references)?;
        }
        let mut batch = Vec::new();
        for (entry, is_text) in others {
            if is_text {
                batch.push(entry);
                continue;
            }
            writer.add_texts(&std::mem::take(&mut batch))?;
            writer.add_tree(entry.path, &entry.references)?;
        }
        writer.add_texts(&batch)
    }

    /// An entry as a text, and whether it is addressed as one.
    fn new_text<'p>(&'p self, path: &'p [u8], contents: &'p Contents<'_>) -> (NewText<'p>, bool) {
        let (text, references): (&[u8], _) = match contents {
            Contents::Derivation(text) => (text, references_of(text)),
            Contents::Text(text) => (text, self.references(path, contents)),
            Contents::Tree => (b"", self.references(path, contents)),
        };
        let is_text = match contents {
            Contents::Derivation(_) => true,
            Contents::Text(_) => self.is_text(path, text, &references),
            Contents::Tree => false,
        };
        (NewText { path, text, references }, is_text)
    }
}

/// The name in the path of an entry.
fn entry_name<'p>(store_dir: &str, path: &'p [u8]) -> &'p [u8] {
    path.get(store_dir.len() + 1 + DIGITS + 1..).unwrap_or_default()
}

fn path_of(reference: Reference) -> StorePath {
    match reference {
        Reference::Opaque(path) | Reference::Deep(path) => path,
        Reference::Output { derivation, .. } => derivation_steps(&derivation).0.into(),
    }
}

/// The entries that the text of a derivation refers to.
fn references_of(text: &[u8]) -> Vec<StorePath> {
    let stored = StoredDerivation::read(text).unwrap_or_default();
    stored.references().into_iter().map(Into::into).collect()
}

/// A writer into a store, with one staging place.
pub(super) struct Writer<'e, 'h> {
    cx: &'e Eval<'h>,
    store: Rc<dyn Store>,
    staging: Option<Staging>,
}

impl<'e, 'h> Writer<'e, 'h> {
    pub(super) fn into(cx: &'e Eval<'h>, store: Rc<dyn Store>) -> Self {
        Self { cx, store, staging: None }
    }

    /// Creates an entry from what `make` puts into the staging place, which is not in the folder `source`.
    fn stage(
        &mut self,
        entry: NewEntry<'_>,
        source: Option<&Path>,
        make: impl FnOnce(&Staging) -> Result<Method>,
    ) -> Result<()> {
        let is_apart = |staging: &Staging| source.is_none_or(|source| !staging.place().starts_with(source));
        let staging = match (self.staging.take().filter(is_apart), source) {
            (Some(staging), _) => staging,
            (None, Some(source)) => self.store.stage_apart(source)?,
            (None, None) => self.store.stage()?,
        };
        let method = make(&staging)?;
        self.store.publish(&staging, &NewEntry { method, ..entry })?;
        self.staging = Some(staging);
        Ok(())
    }

    fn add_texts(&mut self, texts: &[NewText<'_>]) -> Result<()> {
        if texts.is_empty() || self.store.add_texts(texts)? {
            return Ok(());
        }
        for text in texts {
            self.stage(text.entry(), None, |staging| staging.write(text.text).map(|()| Method::Text))?;
        }
        Ok(())
    }

    /// Adds a file or tree, which the evaluation can read by its path.
    pub(super) fn add_tree(&mut self, path: &[u8], references: &[StorePath]) -> Result<()> {
        let cx = self.cx;
        let place = cx.shared().world.store().place(path);
        let source = if let Location::Outside(real) = &place { Some(os_path(real)) } else { None };
        let entry = NewEntry { references, ..NewEntry::alone(path, Method::Archive) };
        self.stage(entry, source.as_deref(), |staging| {
            let mut all = |_: &[u8], _| cx.poll().map(|()| true);
            // The evaluation has read this already, so a record has the answers.
            let hash = cx.shared().world.fetch(|| copy_archive(cx.io(), path, staging.place(), &mut all))?;
            let method = cx.check_copy(path, hash, references)?;
            if method == Method::Flat {
                // A flat file keeps nothing but its contents.
                staging.make_plain()?;
            }
            Ok(method)
        })
    }
}

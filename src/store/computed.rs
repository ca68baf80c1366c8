//! The store entries that one engine has computed: derivations, source files, and their references.

use super::content::Method;
use super::derivation::Derivation;
use super::derivation_steps;
use super::fixed::FixedSource;
use super::modulo::Modulo;
use super::path::{DERIVATION_SUFFIX, StorePath};
use crate::codec::hash::Hash;
use crate::error::{Error, ErrorKind, Result};
use crate::heap::ContextId;
use crate::value::context::{Contexts, Reference};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::RefCell;

/// The name of an output, and its path if that is known before the build.
pub type KnownOutput = (Box<[u8]>, Option<StorePath>);

/// An output of a derivation: the path of the derivation, and the name. If the derivation is the output of another, its
/// path is `….drv^output`.
pub type Output = (StorePath, Box<[u8]>);

/// A computed derivation.
#[derive(Clone, Debug)]
pub struct KnownDerivation {
    /// The hash that replaces it in derivations that use it.
    pub modulo: Modulo,
    /// Its outputs, by name.
    pub outputs: Box<[KnownOutput]>,
    /// Its inputs: the union of these contexts.
    pub inputs: Box<[ContextId]>,
    /// True if its environment contains its name.
    pub has_name: bool,
    /// The kind of machine that can build it.
    pub system: Box<[u8]>,
    /// The features that the builder must have, sorted.
    pub features: Box<[Box<[u8]>]>,
    /// The source that it fetches, if it seems to do nothing else.
    pub fetches: Option<Box<FixedSource>>,
}

impl KnownDerivation {
    /// A derivation with the paths of its outputs.
    pub fn new(
        derivation: &Derivation<'_>,
        paths: Vec<Option<StorePath>>,
        modulo: Modulo,
        inputs: Box<[ContextId]>,
    ) -> Self {
        let names = derivation.outputs.iter().map(|(name, _)| Box::from(*name));
        Self {
            modulo,
            outputs: names.zip(paths).collect(),
            inputs,
            has_name: derivation.environment.iter().any(|variable| variable.0 == b"name"),
            system: derivation.system.into(),
            features: derivation.required_features().into(),
            fetches: FixedSource::of(derivation).map(Box::new),
        }
    }
}

/// The store entries that one engine has computed.
#[derive(Debug, Default)]
pub struct ComputedStore {
    derivations: RefCell<FxHashMap<StorePath, KnownDerivation>>,
    /// The texts of `.drv` files that were not taken yet, if texts are kept.
    texts: RefCell<Vec<(StorePath, Box<[u8]>)>>,
    /// The references of other files in the store.
    files: RefCell<FxHashMap<StorePath, ContextId>>,
    /// The paths of outputs that were known only after the build.
    built: RefCell<FxHashMap<Output, StorePath>>,
    /// The hashes of source paths, as archives and as files.
    sources: RefCell<[FxHashMap<Box<[u8]>, Hash>; 2]>,
}

impl ComputedStore {
    /// Records a derivation.
    pub fn add_derivation(&self, path: StorePath, derivation: KnownDerivation) {
        self.derivations.borrow_mut().insert(path, derivation);
    }

    /// Records a file or tree that is not a derivation, with its references.
    pub fn add_file(&self, path: &[u8], references: ContextId) {
        self.files.borrow_mut().insert(path.into(), references);
    }

    /// The hash of a source path, if it was computed.
    pub fn source(&self, path: &[u8], method: Method) -> Option<Hash> {
        self.sources.borrow()[usize::from(method == Method::Flat)].get(path).cloned()
    }

    /// Records the hash of a source path.
    pub fn add_source(&self, path: &[u8], method: Method, hash: &Hash) {
        self.sources.borrow_mut()[usize::from(method == Method::Flat)].insert(path.into(), hash.clone());
    }

    /// Forgets the hashes of source paths, whose files may have changed.
    pub fn forget_sources(&self) {
        self.sources.borrow_mut().iter_mut().for_each(FxHashMap::clear);
    }

    /// The references of a file or tree that is not a derivation, if they are known.
    pub fn references_of_file(&self, path: &[u8]) -> Option<ContextId> {
        self.files.borrow().get(path).copied()
    }

    /// True if a path in the store is known to have no references.
    pub fn refers_to_nothing(&self, path: &[u8]) -> bool {
        self.files.borrow().get(path) == Some(&ContextId::EMPTY)
    }

    /// A computed derivation.
    pub fn derivation(&self, path: &[u8]) -> Option<KnownDerivation> {
        self.derivations.borrow().get(path).cloned()
    }

    /// True if a derivation is known.
    pub fn has_derivation(&self, path: &[u8]) -> bool {
        self.derivations.borrow().contains_key(path)
    }

    /// The hash that replaces a derivation.
    ///
    /// # Errors
    ///
    /// Fails if the derivation was not computed here.
    pub fn modulo(&self, path: &[u8]) -> Result<Modulo> {
        self.derivations.borrow().get(path).map(|known| known.modulo).ok_or_else(|| invalid("derivation", path))
    }

    /// The path of an output, if it is known before the build.
    pub fn computed_path(&self, (derivation, output): &Output) -> Option<StorePath> {
        let derivations = self.derivations.borrow();
        derivations.get(derivation)?.outputs.iter().find(|(name, _)| name == output)?.1.clone()
    }

    /// The path of an output, if it is known, whether before the build or because of it.
    pub fn output_path(&self, output: &Output) -> Option<StorePath> {
        self.computed_path(output).or_else(|| self.built.borrow().get(output).cloned())
    }

    /// Records the path of an output that was built.
    pub fn add_built(&self, output: Output, path: StorePath) {
        self.built.borrow_mut().insert(output, path);
    }

    /// Keeps the text of a `.drv` file. A text that is already known is ignored.
    pub(crate) fn add_text(&self, path: &[u8], text: impl Into<Box<[u8]>>) {
        if !self.has_derivation(path) {
            self.texts.borrow_mut().push((path.into(), text.into()));
        }
    }

    /// Takes the texts of the `.drv` files computed since the last call, if texts are kept.
    pub fn take_texts(&self) -> Vec<(StorePath, Box<[u8]>)> {
        self.texts.take()
    }

    /// The texts that [`Self::take_texts`] would return.
    pub(crate) fn texts(&self) -> Vec<(StorePath, Box<[u8]>)> {
        self.texts.borrow().clone()
    }

    /// The paths of the texts that [`Self::take_texts`] would return.
    pub fn text_paths(&self) -> Vec<StorePath> {
        self.texts.borrow().iter().map(|(path, _)| path.clone()).collect()
    }

    /// The full closure of a derivation: all files it refers to, directly or not, including itself, and all outputs
    /// of the derivations among them.
    ///
    /// # Errors
    ///
    /// Fails if the references of a file are not known.
    pub fn closure(&self, contexts: &Contexts, path: &[u8]) -> Result<Vec<Reference>> {
        let mut found = Vec::new();
        let mut seen = FxHashSet::<StorePath>::default();
        let mut pending: Vec<StorePath> = vec![path.into()];
        while let Some(path) = pending.pop() {
            if !seen.insert(path.clone()) {
                continue;
            }
            self.visit(contexts, &path, &mut pending, &mut found)?;
            found.push(Reference::Opaque(path));
        }
        Ok(found)
    }

    /// Adds the references of a path to `pending`, and, if it is a derivation, its outputs to `found`.
    fn visit(
        &self,
        contexts: &Contexts,
        path: &[u8],
        pending: &mut Vec<StorePath>,
        found: &mut Vec<Reference>,
    ) -> Result<()> {
        let derivations = self.derivations.borrow();
        let Some(known) = derivations.get(path) else {
            let references = self.files.borrow().get(path).copied().ok_or_else(|| unknown_references(path))?;
            pending.extend(contexts.references(references).into_iter().map(path_of));
            return Ok(());
        };
        for (output, _) in &known.outputs {
            found.push(Reference::Output { derivation: path.into(), output: output.clone() });
        }
        for context in &known.inputs {
            for reference in contexts.references(*context) {
                // The inputs of the named derivation were added already; they are found again here.
                pending.push(path_of(reference));
            }
        }
        Ok(())
    }
}

fn path_of(reference: Reference) -> StorePath {
    match reference {
        Reference::Opaque(path) | Reference::Deep(path) => path,
        Reference::Output { derivation, .. } => derivation_steps(&derivation).0.into(),
    }
}

#[cold]
fn invalid(what: &str, path: &[u8]) -> Error {
    Error::eval(format!("{what} '{}' is not valid", String::from_utf8_lossy(path)))
}

#[cold]
fn unknown_references(path: &[u8]) -> Error {
    if path.ends_with(DERIVATION_SUFFIX) {
        return invalid("path", path);
    }
    let shown = String::from_utf8_lossy(path);
    ErrorKind::Unsupported(format!("cannot tell what '{shown}' refers to: no store was asked that knows")).into()
}

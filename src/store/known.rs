//! What one engine has computed of the store: derivations, source files, and what they refer to.

use super::content::Method;
use super::derivation_steps;
use super::modulo::Modulo;
use super::path::{DERIVATION_SUFFIX, StorePath};
use crate::codec::hash::Hash;
use crate::error::{Error, ErrorKind, Result};
use crate::heap::ContextId;
use crate::value::context::{Contexts, Reference};
use rustc_hash::{FxHashMap, FxHashSet};
use std::cell::RefCell;

/// An output's name, and its path unless only building it will tell.
pub type KnownOutput = (Box<[u8]>, Option<StorePath>);

/// A derivation that was computed.
#[derive(Clone, Debug)]
pub struct KnownDerivation {
    /// What stands for it in derivations that use it.
    pub modulo: Modulo,
    /// Its outputs, by name.
    pub outputs: Box<[KnownOutput]>,
    /// What it uses: these contexts together.
    pub inputs: Box<[ContextId]>,
    /// True if its environment has its name.
    pub has_name: bool,
    /// The kind of machine that can build it.
    pub system: Box<[u8]>,
    /// What that machine must be able to do, sorted.
    pub features: Box<[Box<[u8]>]>,
}

/// Everything known of the store.
#[derive(Debug, Default)]
pub struct Known {
    derivations: RefCell<FxHashMap<StorePath, KnownDerivation>>,
    /// The texts of `.drv` files that nobody took yet, if texts are kept.
    texts: RefCell<Vec<(StorePath, Box<[u8]>)>>,
    /// What other files in the store refer to.
    files: RefCell<FxHashMap<StorePath, ContextId>>,
    /// Hashes of source paths, as archives and as files.
    sources: RefCell<[FxHashMap<Box<[u8]>, Hash>; 2]>,
}

impl Known {
    /// Remembers a derivation.
    pub fn add_derivation(&self, path: StorePath, derivation: KnownDerivation) {
        self.derivations.borrow_mut().insert(path, derivation);
    }

    /// Remembers a file or tree that is not a derivation, and what it refers to.
    pub fn add_file(&self, path: &[u8], references: ContextId) {
        self.files.borrow_mut().insert(path.into(), references);
    }

    /// The hash of a source path, if it was computed.
    pub fn source(&self, path: &[u8], method: Method) -> Option<Hash> {
        self.sources.borrow()[usize::from(method == Method::Flat)].get(path).cloned()
    }

    /// Remembers the hash of a source path.
    pub fn add_source(&self, path: &[u8], method: Method, hash: &Hash) {
        self.sources.borrow_mut()[usize::from(method == Method::Flat)].insert(path.into(), hash.clone());
    }

    /// True if it is known of a path in the store that it refers to nothing.
    pub fn refers_to_nothing(&self, path: &[u8]) -> bool {
        self.files.borrow().get(path) == Some(&ContextId(0))
    }

    /// A derivation that was computed.
    pub fn derivation(&self, path: &[u8]) -> Option<KnownDerivation> {
        self.derivations.borrow().get(path).cloned()
    }

    /// True if a derivation is known.
    pub fn has_derivation(&self, path: &[u8]) -> bool {
        self.derivations.borrow().contains_key(path)
    }

    /// What stands for a derivation.
    ///
    /// # Errors
    /// If the derivation was not computed here.
    pub fn modulo(&self, path: &[u8]) -> Result<Modulo> {
        self.derivations.borrow().get(path).map(|known| known.modulo).ok_or_else(|| invalid("derivation", path))
    }

    /// Keeps the text of a `.drv` file. Computing a derivation again gives nothing new.
    pub(crate) fn add_text(&self, path: &[u8], text: impl Into<Box<[u8]>>) {
        if !self.has_derivation(path) {
            self.texts.borrow_mut().push((path.into(), text.into()));
        }
    }

    /// The texts of the `.drv` files that became known since this was last called, if texts are kept.
    pub fn take_texts(&self) -> Vec<(StorePath, Box<[u8]>)> {
        self.texts.take()
    }

    /// The paths of the texts that [`Self::take_texts`] would give.
    pub fn text_paths(&self) -> Vec<StorePath> {
        self.texts.borrow().iter().map(|(path, _)| path.clone()).collect()
    }

    /// Everything that building a derivation takes and gives: all files it refers to, directly or not, itself included, and
    /// all outputs of the derivations among them.
    ///
    /// # Errors
    /// If what a file refers to is not known.
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

    /// Adds what a path refers to to `pending`, and its outputs, if it is a derivation, to `found`.
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
                // What the derivation named by such a reference needs was added to the inputs; it is found again here.
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

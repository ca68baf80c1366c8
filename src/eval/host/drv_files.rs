//! Derivations that this evaluation did not compute, read from their `.drv` files.

use crate::codec::hash::{HashAlgorithm, hash_bytes};
use crate::error::{Action, Error, Result, ResultExt, Work};
use crate::eval::Eval;
use crate::store::computed::KnownDerivation;
use crate::store::modulo::{Modulo, fixed_modulo};
use crate::store::path::{DERIVATION_SUFFIX, DIGITS, StorePath, text_path};
use crate::store::stored::StoredDerivation;
use crate::value::context::Reference;

impl<'h> Eval<'h> {
    /// Makes a derivation known: already computed, or read from its file with all of its inputs.
    ///
    /// # Errors
    ///
    /// Fails if the file does not exist, or if its contents don't match its path.
    pub fn know_derivation(&mut self, path: &[u8]) -> Result<()> {
        if self.computed().has_derivation(path) {
            return Ok(());
        }
        let shown = String::from_utf8_lossy(path).into_owned();
        // Purity is about files; what a derivation is, its path tells.
        let Ok(text) = self.shared().world.fetch(|| self.io().read_file(path)) else {
            return Err(Error::eval(format!("derivation '{shown}' is not valid")));
        };
        let stored = StoredDerivation::read(&text).filter(|stored| self.is_at(stored, &text, path));
        let stored = stored.ok_or_else(|| Error::eval(format!("error parsing derivation '{shown}'")))?;
        for (input, _) in &stored.input_derivations {
            self.deeper(|cx| cx.know_derivation(input))
                .traced_subject(|| Action::Work(Work::ReadingDerivation, (&shown).into()))?;
        }
        self.remember(path, &stored, text)
    }

    /// The text of a derivation that was computed or is in the store.
    ///
    /// # Errors
    ///
    /// Fails if it is neither.
    pub fn derivation_text(&self, path: &[u8]) -> Result<Box<[u8]>> {
        if let Some((_, text)) = self.computed().texts().into_iter().find(|(known, _)| **known == *path) {
            return Ok(text);
        }
        let place = self.stored_at(path).unwrap_or_else(|| path.to_vec());
        match self.shared().world.fetch(|| self.io().read_file(&place)) {
            Ok(text) => Ok(text.into()),
            Err(_) => Err(Error::eval(format!("derivation '{}' is not valid", String::from_utf8_lossy(path)))),
        }
    }

    /// The derivation with this path and text, with the first output of each of these derivations as additional
    /// inputs. It is made known at the returned path. If its output paths are not computed from its inputs, it is
    /// returned unchanged.
    ///
    /// # Errors
    ///
    /// Fails if an input is neither known nor in a file.
    pub fn extend_derivation(&mut self, path: &[u8], text: &[u8], inputs: &[StorePath]) -> Result<StorePath> {
        let Some(mut stored) = StoredDerivation::read(text).filter(StoredDerivation::is_by_inputs) else {
            return Ok(path.into());
        };
        for input in inputs {
            self.know_derivation(input)?;
            if let Some((output, _)) =
                self.computed().derivation(input).and_then(|known| known.outputs.first().cloned())
            {
                stored.use_output(input, &output);
            }
        }
        let name = self.derivation_name(path).to_vec();
        self.add_derivation(&name, stored)
    }

    /// Makes a derivation known whose inputs are known and whose output paths are computed from them. Returns its path.
    ///
    /// # Errors
    ///
    /// Fails if an input is not known, or if the name is not allowed in a store path.
    pub fn add_derivation(&mut self, name: &[u8], mut derivation: StoredDerivation) -> Result<StorePath> {
        let computed = derivation.open(name).compute(&self.settings().store_dir, self.computed(), false)?;
        derivation.set_paths(computed.outputs);
        let text = derivation.borrowed(name).text(&derivation.paths());
        self.remember(&computed.path, &derivation, text.into())?;
        Ok(computed.path)
    }

    /// The name in the path of a derivation.
    pub fn derivation_name<'p>(&self, path: &'p [u8]) -> &'p [u8] {
        let file_name = path.get(self.settings().store_dir.len() + 1 + DIGITS + 1..).unwrap_or_default();
        file_name.strip_suffix(DERIVATION_SUFFIX).unwrap_or(file_name)
    }

    /// True if a derivation with this text has this path.
    fn is_at(&self, stored: &StoredDerivation, text: &[u8], path: &[u8]) -> bool {
        let (store_dir, hash) = (&self.settings().store_dir, hash_bytes(HashAlgorithm::Sha256, text));
        let name = path.get(store_dir.len() + 1 + DIGITS + 1..).unwrap_or_default();
        text_path(store_dir, &hash, stored.references(), name).is_ok_and(|computed| *computed == *path)
    }

    fn remember(&self, path: &[u8], stored: &StoredDerivation, text: Vec<u8>) -> Result<()> {
        let sources = stored.input_sources.iter().map(|path| Reference::Opaque(path.as_slice().into()));
        let mut outputs = Vec::new();
        for (path, uses) in &stored.input_derivations {
            uses.visit(path, &mut |derivation, output| {
                outputs.push(Reference::Output { derivation: derivation.into(), output: output.into() });
            });
        }
        let inputs = [self.contexts().of(sources.chain(outputs))].into();
        let modulo = self.stored_modulo(path, stored)?;
        if self.settings().keep_derivations {
            self.computed().add_text(path, text);
        }
        let known = KnownDerivation::new(&stored.borrowed(b""), stored.paths(), modulo, inputs);
        self.computed().add_derivation(path.into(), known);
        Ok(())
    }

    fn stored_modulo(&self, path: &[u8], stored: &StoredDerivation) -> Result<Modulo> {
        match stored.outputs.as_slice() {
            [only] if !only.algorithm.is_empty() && !only.path.is_empty() => {
                let (algorithm, hash) = (String::from_utf8_lossy(&only.algorithm), String::from_utf8_lossy(&only.hash));
                Ok(fixed_modulo(&algorithm, &hash, &only.path))
            }
            all if all.iter().any(|output| output.path.is_empty() || !output.algorithm.is_empty()) => {
                Ok(Modulo::Unknown)
            }
            _ => {
                let name = path.strip_suffix(DERIVATION_SUFFIX).unwrap_or(path);
                stored.borrowed(name).modulo(&stored.paths(), self.computed())
            }
        }
    }
}

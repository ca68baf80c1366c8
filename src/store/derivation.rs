//! A derivation, and the paths computed from it: of its `.drv` file and its outputs.

use super::aterm::{Body, write_derivation_inputs, write_outputs};
use super::computed::ComputedStore;
use super::content::{ContentAddress, Method};
use super::modulo::{Modulo, fixed_modulo, write_inputs_modulo};
use super::path::{DERIVATION_SUFFIX, StorePath, output_path, text_path};
use crate::codec::base::{encode_base16, encode_nix32};
use crate::codec::hash::{Hash, HashAlgorithm, Hasher, hash_bytes};
use crate::error::Result;

/// A derivation before its paths are known. It borrows its texts.
#[derive(Debug)]
pub struct Derivation<'a> {
    /// Its name, without `.drv`.
    pub name: &'a [u8],
    /// Its outputs, sorted by name.
    pub outputs: Vec<(&'a [u8], Output)>,
    /// The derivations whose outputs it uses, sorted by path.
    pub input_derivations: Vec<InputDerivation<'a>>,
    /// The other store paths it uses, sorted.
    pub input_sources: Vec<&'a [u8]>,
    /// The kind of machine that can build it.
    pub system: &'a [u8],
    /// The program that builds it.
    pub builder: &'a [u8],
    /// The arguments of the program.
    pub arguments: Vec<&'a [u8]>,
    /// The program's environment, sorted by name.
    pub environment: Vec<(&'a [u8], Variable<'a>)>,
}

/// The used outputs of another derivation.
#[derive(Debug)]
pub struct InputDerivation<'a> {
    /// The path of the `.drv` file.
    pub path: &'a [u8],
    /// Its used outputs.
    pub uses: Uses<'a>,
}

/// The used outputs of a derivation.
#[derive(Debug, Default)]
pub struct Uses<'a> {
    /// The names of the outputs used, sorted.
    pub outputs: Vec<&'a [u8]>,
    /// Outputs that are derivations themselves, with their own used outputs, sorted by name.
    pub nested: Vec<(&'a [u8], Uses<'a>)>,
}

/// The ways to compute the path of an output. All outputs of a derivation are of the same kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// From the derivation itself.
    ByInputs,
    /// From the known contents of the output.
    Fixed(ContentAddress),
    /// From the contents of the output, once it is built.
    Floating(Method, HashAlgorithm),
    /// Like floating, but another build may give different contents.
    Impure(Method, HashAlgorithm),
}

/// The value of an environment variable.
#[derive(Clone, Copy, Debug)]
pub enum Variable<'a> {
    /// This text.
    Text(&'a [u8]),
    /// The path of the output with this index, or its placeholder.
    Output(usize),
}

/// The paths and hashes computed from a derivation.
#[derive(Debug)]
pub struct Computed {
    /// The path of the `.drv` file.
    pub path: StorePath,
    /// The paths of the outputs, in order; `None` if the path is known only after the build.
    pub outputs: Vec<Option<StorePath>>,
    /// The hash that replaces it in the derivations that use it.
    pub modulo: Modulo,
    /// The text of the `.drv` file, if it was requested.
    pub text: Option<Box<[u8]>>,
}

/// The text that a builder sees instead of an output path that is not known yet.
pub fn placeholder(output: &[u8]) -> String {
    let hash = hash_bytes(HashAlgorithm::Sha256, &[b"nix-output:", output].concat());
    format!("/{}", encode_nix32(&hash.bytes))
}

impl Derivation<'_> {
    /// Computes all paths. The input derivations must be known. With `keep_text` the text of the `.drv` file is kept.
    ///
    /// # Errors
    ///
    /// Fails if a name is not allowed in a store path, or if an input derivation is unknown.
    pub fn compute(&self, store_dir: &str, store: &ComputedStore, keep_text: bool) -> Result<Computed> {
        let parts = Parts::of(self);
        let (outputs, modulo) = self.output_paths(store_dir, store, &parts)?;
        let fill = self.fill(&outputs);
        let head = write_outputs(self, &outputs);
        let text_hash = parts.hash(&head, &parts.inputs, &fill);
        let name = [self.name, DERIVATION_SUFFIX].concat();
        let path = text_path(store_dir, &text_hash, self.references(), &name)?;
        let text = keep_text.then(|| parts.text(&head, &fill));
        Ok(Computed { path, outputs, modulo, text })
    }

    /// The hash that replaces it in derivations that use it, for these output paths.
    ///
    /// # Errors
    ///
    /// Fails if an input derivation is unknown.
    pub fn modulo(&self, paths: &[Option<StorePath>], store: &ComputedStore) -> Result<Modulo> {
        let Some(inputs) = write_inputs_modulo(self, store)? else { return Ok(Modulo::Unknown) };
        Ok(Modulo::regular(&Parts::of(self).hash(&write_outputs(self, paths), &inputs, &self.fill(paths))))
    }

    /// The text of its `.drv` file, for these output paths.
    pub fn text(&self, paths: &[Option<StorePath>]) -> Box<[u8]> {
        Parts::of(self).text(&write_outputs(self, paths), &self.fill(paths))
    }

    fn output_paths(
        &self,
        store_dir: &str,
        store: &ComputedStore,
        parts: &Parts,
    ) -> Result<(Vec<Option<StorePath>>, Modulo)> {
        match self.outputs.first() {
            Some((_, Output::Fixed(content))) => {
                let path = content.path(store_dir, self.name)?;
                let digits = encode_base16(&content.hash.bytes);
                let modulo = fixed_modulo(&content.method_and_algorithm(), &digits, &path);
                Ok((vec![Some(path)], modulo))
            }
            Some((_, Output::ByInputs)) => self.paths_by_inputs(store_dir, store, parts),
            _ => Ok((vec![None; self.outputs.len()], Modulo::Unknown)),
        }
    }

    /// The output paths computed from the derivation's text, in which each input derivation is replaced by its hash,
    /// and the own outputs are left out.
    fn paths_by_inputs(
        &self,
        store_dir: &str,
        store: &ComputedStore,
        parts: &Parts,
    ) -> Result<(Vec<Option<StorePath>>, Modulo)> {
        let nothing = vec![None; self.outputs.len()];
        let Some(inputs) = write_inputs_modulo(self, store)? else { return Ok((nothing, Modulo::Unknown)) };
        let own = parts.hash(&write_outputs(self, &nothing), &inputs, &self.fill(&nothing));
        let path = |output: &(&[u8], Output)| output_path(store_dir, &own, self.name, output.0).map(Some);
        let paths = self.outputs.iter().map(path).collect::<Result<Vec<_>>>()?;
        let modulo = parts.hash(&write_outputs(self, &paths), &inputs, &self.fill(&paths));
        Ok((paths, Modulo::regular(&modulo)))
    }

    /// The values of the environment variables for the outputs.
    fn fill(&self, paths: &[Option<StorePath>]) -> Vec<Box<[u8]>> {
        let value = |((name, output), path): (&(&[u8], Output), &Option<StorePath>)| match (path, output) {
            (Some(path), _) => path.clone(),
            (None, Output::ByInputs) => Box::default(),
            (None, _) => placeholder(name).into_bytes().into(),
        };
        self.outputs.iter().zip(paths).map(value).collect()
    }

    fn has_nested_inputs(&self) -> bool {
        self.input_derivations.iter().any(|input| !input.uses.nested.is_empty())
    }

    /// All paths it uses, sorted.
    fn references(&self) -> Vec<&[u8]> {
        let derivations = self.input_derivations.iter().map(|input| input.path);
        let mut all: Vec<_> = self.input_sources.iter().copied().chain(derivations).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// The start of a derivation's text.
const START: &[u8] = b"Derive([";
/// The start if a used output belongs to a derivation that is itself an output.
const NESTED_START: &[u8] = b"DrvWithVersion(\"xp-dyn-drv\",[";

/// The parts of a derivation's text that do not depend on its own paths.
struct Parts {
    start: &'static [u8],
    inputs: Vec<u8>,
    body: Body,
}

impl Parts {
    fn of(derivation: &Derivation<'_>) -> Self {
        let start = if derivation.has_nested_inputs() { NESTED_START } else { START };
        Self { start, inputs: write_derivation_inputs(derivation), body: Body::of(derivation) }
    }

    /// Passes the text of a derivation to `take`, piece by piece.
    fn stream(&self, outputs: &[u8], inputs: &[u8], fill: &[Box<[u8]>], mut take: impl FnMut(&[u8])) {
        for piece in [self.start, outputs, b"],[", inputs, b"],"] {
            take(piece);
        }
        self.body.stream(fill, take);
    }

    fn hash(&self, outputs: &[u8], inputs: &[u8], fill: &[Box<[u8]>]) -> Hash {
        let mut hasher = Hasher::new(HashAlgorithm::Sha256);
        self.stream(outputs, inputs, fill, |piece| hasher.update(piece));
        hasher.finish()
    }

    fn text(&self, outputs: &[u8], fill: &[Box<[u8]>]) -> Box<[u8]> {
        let mut text = Vec::new();
        self.stream(outputs, &self.inputs, fill, |piece| text.extend_from_slice(piece));
        text.into()
    }
}

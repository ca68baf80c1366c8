//! A derivation, and what follows from it: the path of its `.drv` file and of its outputs.

use super::aterm::{Body, write_derivation_inputs, write_outputs};
use super::content::{ContentAddress, Method};
use super::known::Known;
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
    /// The store paths it uses that are there already, sorted.
    pub input_sources: Vec<&'a [u8]>,
    /// The kind of machine that can build it.
    pub system: &'a [u8],
    /// The program that builds it.
    pub builder: &'a [u8],
    /// What the program is called with.
    pub arguments: Vec<&'a [u8]>,
    /// The program's environment, sorted by name.
    pub environment: Vec<(&'a [u8], Variable<'a>)>,
}

/// Outputs of another derivation.
#[derive(Debug)]
pub struct InputDerivation<'a> {
    /// The path of the `.drv` file.
    pub path: &'a [u8],
    /// What is used of it.
    pub uses: Uses<'a>,
}

/// What is used of a derivation.
#[derive(Debug, Default)]
pub struct Uses<'a> {
    /// The names of the outputs used, sorted.
    pub outputs: Vec<&'a [u8]>,
    /// Outputs that are derivations themselves, and what is used of those, sorted by name.
    pub nested: Vec<(&'a [u8], Uses<'a>)>,
}

/// How the path of an output is found. All outputs of a derivation are of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// From the derivation itself.
    ByInputs,
    /// From what the output will hold, which is known.
    Fixed(ContentAddress),
    /// From what the output will hold, once it is built.
    Floating(Method, HashAlgorithm),
    /// As floating; building it again may give something else.
    Impure(Method, HashAlgorithm),
}

/// The value of an environment variable.
#[derive(Clone, Copy, Debug)]
pub enum Variable<'a> {
    /// This text.
    Text(&'a [u8]),
    /// The path of the output with this index, or what stands for it.
    Output(usize),
}

/// What follows from a derivation.
#[derive(Debug)]
pub struct Computed {
    /// The path of the `.drv` file.
    pub path: StorePath,
    /// The paths of the outputs, in order; `None` if only building it will tell.
    pub outputs: Vec<Option<StorePath>>,
    /// What stands for it in the derivations that use it.
    pub modulo: Modulo,
    /// The text of the `.drv` file, if it was asked for.
    pub text: Option<Box<[u8]>>,
}

/// What a builder sees instead of the path of an output that isn't known yet.
pub fn placeholder(output: &[u8]) -> String {
    let hash = hash_bytes(HashAlgorithm::Sha256, &[b"nix-output:", output].concat());
    format!("/{}", encode_nix32(&hash.bytes))
}

impl Derivation<'_> {
    /// Computes all paths. The derivations it uses must be known. With `keep_text` the text of the `.drv` file is made.
    ///
    /// # Errors
    /// If no store path can have the names, or a derivation it uses is unknown.
    pub fn compute(&self, store_dir: &str, known: &Known, keep_text: bool) -> Result<Computed> {
        let parts = Parts::of(self);
        let (outputs, modulo) = self.output_paths(store_dir, known, &parts)?;
        let fill = self.fill(&outputs);
        let head = write_outputs(self, &outputs);
        let text_hash = parts.hash(&head, &parts.inputs, &fill);
        let name = [self.name, DERIVATION_SUFFIX].concat();
        let path = text_path(store_dir, &text_hash, self.references(), &name)?;
        let text = keep_text.then(|| parts.text(&head, &fill));
        Ok(Computed { path, outputs, modulo, text })
    }

    /// What stands for it in derivations that use it, if these are the paths of its outputs.
    ///
    /// # Errors
    /// If a derivation it uses is unknown.
    pub fn modulo(&self, paths: &[Option<StorePath>], known: &Known) -> Result<Modulo> {
        let Some(inputs) = write_inputs_modulo(self, known)? else { return Ok(Modulo::Unknown) };
        Ok(Modulo::regular(&Parts::of(self).hash(&write_outputs(self, paths), &inputs, &self.fill(paths))))
    }

    /// The text of its `.drv` file, if these are the paths of its outputs.
    pub fn text(&self, paths: &[Option<StorePath>]) -> Box<[u8]> {
        Parts::of(self).text(&write_outputs(self, paths), &self.fill(paths))
    }

    fn output_paths(&self, store_dir: &str, known: &Known, parts: &Parts) -> Result<(Vec<Option<StorePath>>, Modulo)> {
        match self.outputs.first() {
            Some((_, Output::Fixed(content))) => {
                let path = content.path(store_dir, self.name)?;
                let digits = encode_base16(&content.hash.bytes);
                let modulo = fixed_modulo(&content.method_and_algorithm(), &digits, &path);
                Ok((vec![Some(path)], modulo))
            }
            Some((_, Output::ByInputs)) => self.paths_by_inputs(store_dir, known, parts),
            _ => Ok((vec![None; self.outputs.len()], Modulo::Unknown)),
        }
    }

    /// Paths made of the derivation's text, in which each derivation it uses is replaced by its hash, and its own outputs
    /// are left out.
    fn paths_by_inputs(
        &self,
        store_dir: &str,
        known: &Known,
        parts: &Parts,
    ) -> Result<(Vec<Option<StorePath>>, Modulo)> {
        let nothing = vec![None; self.outputs.len()];
        let Some(inputs) = write_inputs_modulo(self, known)? else { return Ok((nothing, Modulo::Unknown)) };
        let own = parts.hash(&write_outputs(self, &nothing), &inputs, &self.fill(&nothing));
        let path = |output: &(&[u8], Output)| output_path(store_dir, &own, self.name, output.0).map(Some);
        let paths = self.outputs.iter().map(path).collect::<Result<Vec<_>>>()?;
        let modulo = parts.hash(&write_outputs(self, &paths), &inputs, &self.fill(&paths));
        Ok((paths, Modulo::regular(&modulo)))
    }

    /// What the environment variables of the outputs hold.
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

/// How the text of a derivation begins.
const START: &[u8] = b"Derive([";
/// How it begins if an output that it uses is itself of an output.
const NESTED_START: &[u8] = b"DrvWithVersion(\"xp-dyn-drv\",[";

/// The parts of a derivation's text that don't depend on its own paths.
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

    /// Gives the text of a derivation to `take`, piece by piece.
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

//! The hash of a derivation modulo its fixed-output inputs, from which its output paths are made.
//!
//! Two derivations that use the same file, fetched in different ways, have the same outputs. So an input derivation
//! is not represented by its path but by a hash: of its contents if they are fixed, otherwise of its own text,
//! treated likewise.

use super::aterm::write_input;
use super::computed::ComputedStore;
use super::derivation::{Derivation, InputDerivation, Uses};
use crate::codec::base::encode_base16;
use crate::codec::hash::{Hash, HashAlgorithm, hash_bytes};
use crate::error::{Error, Result};

/// The hash that replaces a derivation in those that use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Modulo {
    /// The hash of its text.
    Regular([u8; 32]),
    /// The hash of the known contents of its output `out`.
    Fixed([u8; 32]),
    /// Not known until it is built.
    Unknown,
}

impl Modulo {
    /// The hash of a derivation's text. It must have 256 bits.
    pub fn regular(hash: &Hash) -> Self {
        Self::Regular(array(hash))
    }
}

fn array(hash: &Hash) -> [u8; 32] {
    let mut array = [0; 32];
    for (target, byte) in array.iter_mut().zip(&hash.bytes) {
        *target = *byte;
    }
    array
}

/// The hash that replaces a fixed-output derivation.
pub(crate) fn fixed_modulo(method_and_algorithm: &str, digits: &str, path: &[u8]) -> Modulo {
    let start = format!("fixed:out:{method_and_algorithm}:{digits}:");
    Modulo::Fixed(array(&hash_bytes(HashAlgorithm::Sha256, &[start.as_bytes(), path].concat())))
}

/// The hash of an input derivation, and its used outputs.
type HashedInput<'a> = ([u8; 32], Vec<&'a [u8]>);

/// The list of input derivations, without brackets, with hashes in place of paths. `None` if one has no hash yet.
pub(super) fn write_inputs_modulo(derivation: &Derivation<'_>, store: &ComputedStore) -> Result<Option<Vec<u8>>> {
    let mut inputs = Vec::with_capacity(derivation.input_derivations.len());
    for input in &derivation.input_derivations {
        let Some(hashed) = hashed_input(derivation.name, input, store)? else { return Ok(None) };
        inputs.push(hashed);
    }
    inputs.sort_unstable_by_key(|input| input.0);
    inputs.dedup_by(|later, earlier| {
        let same = later.0 == earlier.0;
        if same {
            earlier.1.append(&mut later.1);
        }
        same
    });
    Ok(Some(write_hashed(inputs)))
}

fn write_hashed(inputs: Vec<HashedInput<'_>>) -> Vec<u8> {
    let mut out = Vec::with_capacity(inputs.len() * 80);
    for (index, (hash, mut outputs)) in inputs.into_iter().enumerate() {
        outputs.sort_unstable();
        outputs.dedup();
        if index > 0 {
            out.push(b',');
        }
        write_input(&mut out, encode_base16(&hash).as_bytes(), &Uses { outputs, nested: Vec::new() });
    }
    out
}

fn hashed_input<'a>(
    name: &[u8],
    input: &InputDerivation<'a>,
    store: &ComputedStore,
) -> Result<Option<HashedInput<'a>>> {
    match store.modulo(input.path)? {
        Modulo::Unknown => Ok(None),
        _ if !input.uses.nested.is_empty() => Ok(None),
        Modulo::Regular(hash) => Ok(Some((hash, input.uses.outputs.clone()))),
        Modulo::Fixed(hash) => match input.uses.outputs.iter().find(|output| **output != b"out") {
            Some(output) => Err(no_such_output(name, output)),
            None => Ok(Some((hash, vec![b"out"]))),
        },
    }
}

#[cold]
fn no_such_output(derivation: &[u8], output: &[u8]) -> Error {
    let (derivation, output) = (String::from_utf8_lossy(derivation), String::from_utf8_lossy(output));
    Error::eval(format!("no hash for output '{output}' of derivation '{derivation}'"))
}

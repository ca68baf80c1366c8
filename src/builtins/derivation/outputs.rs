//! The outputs of a derivation: their kinds, and their strings.

use super::attributes::Attributes;
use super::require_feature;
use super::strict::is_derivation_name;
use crate::builtins::hash::check_algorithm;
use crate::codec::base::encode_nix32;
use crate::codec::hash::{Hash, HashAlgorithm, hash_bytes};
use crate::codec::hash_format::HashFormat;
use crate::codec::hash_text::{hash_to_text, named_algorithm, parse_hash};
use crate::error::{Error, Result};
use crate::eval::Eval;
use crate::heap::Value;
use crate::store::content::{ContentAddress, Method};
use crate::store::derivation::Output;
use crate::store::derivation_steps;
use crate::store::path::{DERIVATION_SUFFIX, DIGITS, PATH_HASH, output_name};
use crate::value::context::Reference;

/// The outputs with their kinds, sorted by name.
pub(super) fn output_kinds<'h>(
    cx: &Eval<'h>,
    name: &[u8],
    attributes: &Attributes<'h>,
) -> Result<Vec<(&'h [u8], Output)>> {
    let only_out = attributes.outputs[..] == [b"out"];
    if is_derivation_name(name) && !(attributes.method == Some(Method::Text) && only_out) {
        let suffix = String::from_utf8_lossy(DERIVATION_SUFFIX);
        return Err(Error::eval(format!(
            "derivation names are allowed to end in '{suffix}' only if they produce a single derivation file"
        )));
    }
    let kind = output_kind(cx, attributes, only_out)?;
    Ok(attributes.outputs.iter().map(|name| (*name, kind.clone())).collect())
}

fn output_kind(cx: &Eval<'_>, attributes: &Attributes<'_>, only_out: bool) -> Result<Output> {
    if let Some(hash) = attributes.hash {
        if !only_out {
            return Err(Error::eval("multiple outputs are not supported in fixed-output derivations"));
        }
        let hash = hash_or_zeros(cx, hash.as_bytes(), attributes.algorithm)?;
        return Ok(Output::Fixed(ContentAddress { method: attributes.method.unwrap_or(Method::Flat), hash }));
    }
    if attributes.content_addressed && attributes.impure {
        return Err(Error::eval("derivation cannot be both content-addressed and impure"));
    }
    let method = attributes.method.unwrap_or(Method::Archive);
    let algorithm = attributes.algorithm.unwrap_or(HashAlgorithm::Sha256);
    Ok(match (attributes.impure, attributes.content_addressed) {
        (true, _) => Output::Impure(method, algorithm),
        (false, true) => Output::Floating(method, algorithm),
        (false, false) => Output::ByInputs,
    })
}

/// Parses a hash. An empty text means a hash of zeros, with a warning: the build will report the right one.
pub(in crate::builtins) fn hash_or_zeros(cx: &Eval<'_>, text: &[u8], algorithm: Option<HashAlgorithm>) -> Result<Hash> {
    if !text.is_empty() {
        check_algorithm(cx, named_algorithm(text))?;
        return parse_hash(text, algorithm).map_err(|error| Error::eval(error.to_string()));
    }
    let algorithm = algorithm.ok_or_else(|| Error::eval("empty hash requires explicit hash algorithm"))?;
    let zeros = Hash { algorithm, bytes: vec![0; algorithm.digest_length()] };
    let shown = hash_to_text(&zeros, HashFormat::Sri, true);
    cx.warn(&Error::eval(format!("found empty hash, assuming '{shown}'")));
    Ok(zeros)
}

/// The string of an output: its path, or its placeholder in other derivations until it is built.
pub(super) fn output_string<'h>(
    cx: &Eval<'h>,
    derivation: &[u8],
    output: &[u8],
    path: Option<&[u8]>,
) -> Result<Value<'h>> {
    let context = cx.contexts().of([Reference::Output { derivation: derivation.into(), output: output.into() }]);
    match path {
        Some(path) => Ok(cx.string_with_context(path, context)),
        None => Ok(cx.string_with_context(unknown_output(cx, derivation, output)?, context)),
    }
}

/// The placeholder, in other derivations, of an output whose path isn't known. The derivation may itself be the
/// output of another.
pub(in crate::builtins) fn unknown_output(cx: &Eval<'_>, derivation: &[u8], output: &[u8]) -> Result<String> {
    require_feature(cx, "ca-derivations", "")?;
    let (path, steps) = derivation_steps(derivation);
    let mut outputs = steps.chain([output]);
    let mut hash = upstream_hash(cx, path, outputs.next().unwrap_or_default());
    for output in outputs {
        let reason = format!("placeholder for unknown derivation output '{}'", String::from_utf8_lossy(output));
        require_feature(cx, "dynamic-derivations", &reason)?;
        let digits = encode_nix32(&hash.compressed(PATH_HASH));
        let text = [b"nix-computed-output:", digits.as_bytes(), b":", output].concat();
        hash = hash_bytes(HashAlgorithm::Sha256, &text);
    }
    Ok(format!("/{}", encode_nix32(&hash.bytes)))
}

impl Eval<'_> {
    /// The text that stands for the path of an output which is known only after the build, in derivations that use it.
    ///
    /// # Errors
    ///
    /// Fails if the experimental feature that this needs is not on.
    pub fn output_placeholder(&self, derivation: &[u8], output: &[u8]) -> Result<String> {
        unknown_output(self, derivation, output)
    }
}

fn upstream_hash(cx: &Eval<'_>, derivation: &[u8], output: &[u8]) -> Hash {
    let base = derivation.get(cx.settings().store_dir.len() + 1..).unwrap_or_default();
    let (digits, name) = base.split_at_checked(DIGITS).unwrap_or_default();
    let name = name.strip_prefix(b"-").and_then(|name| name.strip_suffix(DERIVATION_SUFFIX)).unwrap_or_default();
    let text = [b"nix-upstream-output:", digits, b":", &output_name(name, output)].concat();
    hash_bytes(HashAlgorithm::Sha256, &text)
}

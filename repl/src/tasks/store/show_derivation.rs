//! `derivation show`: derivations as JSON, in the form of version 4.

use super::{base_name, targets_of, text};
use crate::command_line::args::Arguments;
use crate::command_line::options::StoreOptions;
use crate::output::stdio;
use crate::tasks::flake::json_text;
use crate::tasks::log::derivation;
use crate::tasks::outcome::Outcome;
use nivis::codec::hash::HashAlgorithm;
use nivis::codec::hash_format::HashFormat;
use nivis::codec::hash_text::{hash_to_text, parse_digits};
use nivis::codec::lossy;
use nivis::eval::AutoArguments;
use nivis::store::derivation::Variable;
use nivis::store::path::StorePath;
use nivis::store::stored::{StoredDerivation, StoredOutput, StoredUses};
use nivis::{Error, Eval, Result};
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeMap;

/// The version of the form.
const VERSION: u32 = 4;
/// The hash of outputs that differ from build to build.
const IMPURE: &[u8] = b"impure";
/// The characters of a store path's digits and the dash after them.
const DIGITS_AND_DASH: usize = 33;

/// Prints the derivations that the command line names.
///
/// # Errors
/// Fails if something can't be evaluated, or is not a derivation.
pub(super) fn perform(
    cx: &mut Eval<'_>,
    arguments: &Arguments,
    options: &StoreOptions,
    automatic: &AutoArguments,
) -> Outcome {
    let targets = targets_of(cx, arguments, options, automatic)?;
    let derivations = targets.iter().map(|target| derivation(cx, target)).collect::<Result<Vec<StorePath>>>()?;
    let shown = shown(cx, derivations, options.recursive)?;
    let all: Map<String, Json> = shown.into_iter().map(|(path, json)| (base_name(&path), json)).collect();
    Ok(stdio::print(&json_text(&json!({ "version": VERSION, "derivations": all }), arguments))?)
}

/// These derivations, with all that they depend on if that is asked for.
fn shown(cx: &Eval<'_>, mut pending: Vec<StorePath>, is_recursive: bool) -> Result<BTreeMap<StorePath, Json>> {
    let mut shown = BTreeMap::new();
    while let Some(path) = pending.pop() {
        if shown.contains_key(&path) {
            continue;
        }
        let contents = cx.derivation_text(&path)?;
        let parsed = StoredDerivation::read(&contents)
            .ok_or_else(|| Error::eval(format!("error parsing derivation '{}'", lossy(&path))))?;
        if is_recursive {
            pending.extend(parsed.input_derivations.iter().map(|(path, _)| StorePath::from(path.as_slice())));
        }
        shown.insert(path.clone(), as_json(&path, &parsed));
    }
    Ok(shown)
}

fn as_json(path: &[u8], derivation: &StoredDerivation) -> Json {
    let base = base_name(path);
    let name = base.get(DIGITS_AND_DASH..).unwrap_or_default();
    let borrowed = derivation.borrowed(b"");
    let outputs: Map<_, _> = derivation.outputs.iter().map(|it| (lossy(&it.name), output(it))).collect();
    let inputs = derivation.input_derivations.iter();
    let inputs: Map<_, _> = inputs.map(|(path, outputs)| (base_name(path), used(outputs))).collect();
    let sources: Vec<_> = derivation.input_sources.iter().map(|path| base_name(path)).collect();
    let mut variables: Map<String, Json> = Map::new();
    for (name, value) in &borrowed.environment {
        if let Variable::Text(value) = value {
            variables.insert(lossy(name), text(value));
        }
    }
    let attributes = variables.remove("__json");
    let mut json = json!({
        "name": name.strip_suffix(".drv").unwrap_or(name),
        "version": VERSION,
        "outputs": outputs,
        "inputs": { "srcs": sources, "drvs": inputs },
        "system": text(borrowed.system),
        "builder": text(borrowed.builder),
        "args": borrowed.arguments.iter().map(|argument| text(argument)).collect::<Vec<_>>(),
        "env": variables,
    });
    let parsed = attributes.as_ref().and_then(Json::as_str).and_then(|json| serde_json::from_str::<Json>(json).ok());
    if let (Some(parsed), Json::Object(members)) = (parsed, &mut json) {
        members.insert("structuredAttrs".to_owned(), parsed);
    }
    json
}

/// The used outputs of a derivation, and of derivations that are outputs of it.
fn used(uses: &StoredUses) -> Json {
    let names: Vec<Json> = uses.outputs.iter().map(|name| text(name)).collect();
    let nested: Map<_, _> = uses.nested.iter().map(|(name, uses)| (lossy(name), used(uses))).collect();
    json!({ "dynamicOutputs": nested, "outputs": names })
}

fn output(output: &StoredOutput) -> Json {
    if output.algorithm.is_empty() {
        return match output.path.is_empty() {
            true => json!({}),
            false => json!({ "path": base_name(&output.path) }),
        };
    }
    let algorithm = lossy(&output.algorithm);
    let (method, algorithm) = match algorithm.split_once(':') {
        Some(("r", algorithm)) => ("nar", algorithm),
        Some((method, algorithm)) => (method, algorithm),
        None => ("flat", &algorithm[..]),
    };
    match &output.hash[..] {
        b"" => json!({ "method": method, "hashAlgo": algorithm }),
        IMPURE => json!({ "method": method, "hashAlgo": algorithm, "impure": true }),
        digits => json!({ "method": method, "hash": shown_hash(algorithm, digits) }),
    }
}

fn shown_hash(algorithm: &str, digits: &[u8]) -> String {
    let known = HashAlgorithm::from_name(algorithm.as_bytes()).ok();
    let hash = known.and_then(|known| parse_digits(digits, known, HashFormat::Base16).ok());
    hash.map_or_else(|| lossy(digits), |hash| hash_to_text(&hash, HashFormat::Sri, true))
}

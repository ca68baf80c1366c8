//! The derivation whose build writes an environment down.

use crate::tasks::build::{Reporting, built, entries};
use crate::tasks::log::derivation;
use crate::tasks::outcome::Failure;
use nivis::codec::lossy;
use nivis::store::daemon::types::{BuildMode, DerivedPath, Outputs};
use nivis::store::path::StorePath;
use nivis::store::stored::StoredDerivation;
use nivis::{Error, Eval, Result};
use serde_json::Value as Json;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;

/// The program that writes the environment.
const CAPTURE: &[u8] = include_bytes!("capture.sh");
/// The name of its file in the store.
const FILE: &[u8] = b"capture-environment.sh";
/// The rules about outputs, which an environment need not follow.
const CHECKS: [&[u8]; 4] =
    [b"allowedReferences", b"allowedRequisites", b"disallowedReferences", b"disallowedRequisites"];
/// The same rules in structured attributes.
const STRUCTURED_CHECKS: &str = "outputChecks";
/// The variable that has structured attributes.
const ATTRIBUTES: &[u8] = b"__json";

/// The path of a target's environment, which is built.
///
/// # Errors
/// Fails if the target has no derivation that bash builds, or if the build fails.
pub(super) fn built_environment(
    cx: &mut Eval<'_>,
    target: &DerivedPath,
    reporting: Reporting,
) -> std::result::Result<StorePath, Failure> {
    let derivation = environment_of(cx, &derivation(cx, target)?)?;
    let target = DerivedPath::Built { derivation, outputs: Outputs::All };
    built(cx, std::slice::from_ref(&target), BuildMode::Normal, reporting)?;
    let has_text = |path: &StorePath| {
        let place = cx.stored_at(path);
        place.is_some_and(|place| fs::metadata(OsStr::from_bytes(&place)).is_ok_and(|status| status.len() > 0))
    };
    let mut paths = entries(cx, &target)?.into_iter().map(|(_, path)| path);
    Ok(paths.find(has_text).ok_or_else(|| Error::eval("the build of the environment did not write it"))?)
}

/// The derivation with the environment of another.
fn environment_of(cx: &mut Eval<'_>, path: &[u8]) -> Result<StorePath> {
    cx.know_derivation(path)?;
    let invalid = || Error::eval(format!("error parsing derivation '{}'", lossy(path)));
    let mut derivation = StoredDerivation::read(&cx.derivation_text(path)?).ok_or_else(invalid)?;
    if derivation.builder().rsplit(|&byte| byte == b'/').next() != Some(b"bash") {
        return Err(Error::eval("'nix develop' only works on derivations that use 'bash' as their builder"));
    }
    let program = program(cx)?;
    let name = [cx.derivation_name(path), b"-env"].concat();
    derivation.set_arguments(vec![program.clone()]);
    derivation.use_source(&program);
    derivation.set_variable(b"name", Some(name.clone()));
    match derivation.variable(ATTRIBUTES).and_then(without_checks) {
        Some(attributes) => derivation.set_variable(ATTRIBUTES, Some(attributes)),
        None => CHECKS.into_iter().for_each(|name| derivation.set_variable(name, None)),
    }
    derivation.place_by_inputs();
    cx.add_derivation(&name, derivation)
}

/// The path of the program in the store.
fn program(cx: &mut Eval<'_>) -> Result<Vec<u8>> {
    let function = cx.eval_text(b"builtins.toFile".to_vec(), &[])?;
    let words = [cx.string(FILE), cx.string(CAPTURE)];
    let path = cx.call(function, &words)?;
    Ok(cx.force_string(path, "while adding a program to the store")?.as_bytes().to_vec())
}

/// Structured attributes without the rules about outputs.
fn without_checks(json: &[u8]) -> Option<Vec<u8>> {
    let Json::Object(mut attributes) = serde_json::from_slice(json).ok()? else { return None };
    attributes.remove(STRUCTURED_CHECKS);
    Some(Json::Object(attributes).to_string().into_bytes())
}

//! Makes what strings refer to exist: import from derivation.

use crate::builtins::derivation::unknown_output;
use crate::builtins::fetch::fetch_fixed;
use crate::codec::lossy;
use crate::error::{Error, ErrorKind, Result};
use crate::eval::Eval;
use crate::heap::Str;
use crate::store::computed::Output;
use crate::value::context::Reference;
use memchr::memmem;
use std::borrow::Cow;

/// An output that cannot be had.
struct Missing {
    output: Output,
    /// The reasons why it could not be fetched either.
    failures: Vec<String>,
}

/// Makes the paths that a string refers to exist: outputs of derivations that are missing are built, all in one
/// request. Returns the string with the paths of what was built in place of placeholders.
///
/// # Errors
///
/// Fails if an output cannot be had, or if the settings do not allow to read it.
pub(in crate::builtins) fn realise<'h>(cx: &Eval<'h>, string: Str<'h>) -> Result<Str<'h>> {
    let outputs = outputs(cx, string);
    match built(cx, &outputs)? {
        Some(missing) => {
            let words = not_valid(to_build_first(&missing.output.0));
            Err(not_built(missing).in_nix_words(words))
        }
        None => with_paths(cx, string, &outputs),
    }
}

/// Like [`realise`], for an entry of the search path, with C++ Nix's different message.
///
/// # Errors
///
/// Fails like [`realise`].
pub(super) fn realise_entry<'h>(cx: &Eval<'h>, path: Str<'h>) -> Result<Str<'h>> {
    let outputs = outputs(cx, path);
    let Some(missing) = built(cx, &outputs)? else { return with_paths(cx, path, &outputs) };
    let first = to_build_first(&missing.output.0);
    let name = first.rsplit(|&byte| byte == b'/').next().unwrap_or(first);
    let words = format!("cannot find '{}', since {}", lossy(path.as_bytes()), not_valid(name));
    Err(not_built(missing).in_nix_words(words))
}

/// A string with the paths of these outputs in place of their placeholders.
fn with_paths<'h>(cx: &Eval<'h>, string: Str<'h>, outputs: &[Output]) -> Result<Str<'h>> {
    let mut text = Cow::Borrowed(string.as_bytes());
    for output in outputs.iter().filter(|output| cx.computed().computed_path(output).is_none()) {
        let placeholder = unknown_output(cx, &output.0, &output.1)?;
        if let Some(replaced) = replaced(&text, placeholder.as_bytes(), &cx.built(output)?) {
            text = Cow::Owned(replaced);
        }
    }
    match text {
        Cow::Borrowed(_) => Ok(string),
        Cow::Owned(text) => Ok(Str::with_context(cx.scope(), &text, string.context())),
    }
}

/// A text with another part in place of one, if it has that.
fn replaced(text: &[u8], old: &[u8], new: &[u8]) -> Option<Vec<u8>> {
    let places: Vec<usize> = memmem::find_iter(text, old).collect();
    let (mut result, mut end) = (Vec::new(), 0);
    for place in &places {
        result.extend_from_slice(&text[end..*place]);
        result.extend_from_slice(new);
        end = place + old.len();
    }
    result.extend_from_slice(&text[end..]);
    (!places.is_empty()).then_some(result)
}

/// Builds outputs. Returns the first one that is missing if nothing can be built.
fn built(cx: &Eval<'_>, outputs: &[Output]) -> Result<Option<Missing>> {
    let Some(first) = outputs.first() else { return Ok(None) };
    allowed(cx, first)?;
    let missing: Vec<&Output> = outputs.iter().filter(|output| !is_there(cx, output)).collect();
    if cx.can_build_outputs(&missing) {
        trace(cx, first);
        if !missing.is_empty() {
            cx.build(&missing.into_iter().cloned().collect::<Vec<_>>())?;
        }
    } else {
        for output in missing {
            let mut failures = Vec::new();
            if !is_fetched(cx, output, &mut failures)? {
                return Ok(Some(Missing { output: output.clone(), failures }));
            }
        }
        trace(cx, first);
    }
    cx.allow_outputs(outputs).map(|()| None)
}

/// The outputs of derivations in a string's context.
fn outputs<'h>(cx: &Eval<'h>, string: Str<'h>) -> Vec<Output> {
    if string.context().is_empty() {
        return Vec::new();
    }
    let references = cx.contexts().references(string.context()).into_iter();
    let outputs = references.filter_map(|reference| match reference {
        Reference::Output { derivation, output } => Some((derivation, output)),
        _ => None,
    });
    outputs.collect()
}

fn is_there(cx: &Eval<'_>, output: &Output) -> bool {
    cx.computed().output_path(output).is_some_and(|path| cx.has_entry(&path))
}

/// Fetches an output, if that takes no build.
fn is_fetched(cx: &Eval<'_>, output: &Output, failures: &mut Vec<String>) -> Result<bool> {
    match cx.computed().derivation(&output.0).and_then(|known| known.fetches) {
        // An evaluation without a fetcher only trusts the hash.
        Some(source) => Ok(fetch_fixed(cx, &source, failures)? && is_there(cx, output)),
        None => Ok(false),
    }
}

/// Fails if programs must not read the outputs of derivations.
fn allowed(cx: &Eval<'_>, output: &Output) -> Result<()> {
    if cx.settings().import_from_derivation {
        return Ok(());
    }
    let built = shown(output);
    let why = "because the option 'allow-import-from-derivation' is disabled";
    Err(ErrorKind::Unbuilt(format!("cannot build '{built}' during evaluation {why}")).into())
}

/// Warns that a program reads what is built, if that is asked for.
fn trace(cx: &Eval<'_>, output: &Output) {
    if cx.settings().trace_import_from_derivation {
        let text = format!("built '{}' during evaluation due to an import from derivation", shown(output));
        cx.warn(&Error::eval(text));
    }
}

/// An output, as `….drv^out`.
fn shown((derivation, output): &Output) -> String {
    format!("{}^{}", lossy(derivation), lossy(output))
}

/// The derivation itself; or the one that creates it, if it does not exist yet.
fn to_build_first(derivation: &[u8]) -> &[u8] {
    derivation.split(|&byte| byte == b'^').next().unwrap_or(derivation)
}

#[cold]
fn not_built(missing: Missing) -> Error {
    let (derivation, output) = (lossy(&missing.output.0), lossy(&missing.output.1));
    let text = format!(
        "derivation '{derivation}' would have to be built, since its output '{output}' is read during evaluation; this \
         store does not build, but a Nix daemon does"
    );
    missing.failures.into_iter().fold(ErrorKind::Unsupported(text).into(), Error::with_note)
}

/// C++ Nix's message for a path that its store lacks, which before a build is true of every derivation.
pub(super) fn not_valid(path: &[u8]) -> String {
    format!("path '{}' is not valid", lossy(path))
}

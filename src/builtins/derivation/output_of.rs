//! `outputOf`: outputs of derivations that may not exist yet.

use super::outputs::{output_string, unknown_output};
use crate::error::{Error, Ordinal, Purpose, Result, ResultExt};
use crate::eval::Eval;
use crate::eval::builtin::Arguments;
use crate::heap::{PosId, Str, Value};
use crate::value::context::Reference;

pub(super) fn output_of<'h>(cx: &mut Eval<'h>, [derivation, output, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let phrase = Purpose::DescribedArgument(Ordinal::First, " to builtins.outputOf");
    let string = cx.force_string(derivation, phrase)?;
    let derivation = only_reference(cx, string).traced(PosId::NONE, || phrase)?;
    let output = cx.force_plain_string(output, Purpose::DescribedArgument(Ordinal::Second, " to builtins.outputOf"))?;
    let path = output_path(cx, &derivation, output.as_bytes())?;
    output_string(cx, &derivation, output.as_bytes(), path.as_deref())
}

/// The derivation of a string: its context must have one reference, and its text must be that reference's path or
/// placeholder.
fn only_reference<'h>(cx: &mut Eval<'h>, string: Str<'h>) -> Result<Box<[u8]>> {
    let mut references = cx.contexts().references(string.context());
    let count = references.len();
    let text = String::from_utf8_lossy(string.as_bytes());
    let (Some(reference), 1) = (references.pop(), count) else {
        let advice = "It should only have exactly one entry";
        return Err(Error::eval(format!("string '{text}' has {count} entries in its context. {advice}")));
    };
    match reference {
        Reference::Deep(_) => {
            let what = "a context which refers to a complete source and binary closure";
            Err(Error::eval(format!("string '{text}' has {what}. This is not supported at this time")))
        }
        Reference::Opaque(path) if *path == *string.as_bytes() => Ok(path),
        Reference::Opaque(path) => {
            let path = String::from_utf8_lossy(&path);
            Err(Error::eval(format!("path string '{text}' has context with the different path '{path}'")))
        }
        Reference::Output { derivation, output } => checked_output(cx, string, &derivation, &output),
    }
}

fn checked_output<'h>(cx: &mut Eval<'h>, string: Str<'h>, derivation: &[u8], output: &[u8]) -> Result<Box<[u8]>> {
    let expected = match output_path(cx, derivation, output)? {
        Some(path) => path,
        None => unknown_output(cx, derivation, output)?.into_bytes().into(),
    };
    if *expected == *string.as_bytes() {
        return Ok([derivation, b"^", output].concat().into());
    }
    let lossy = String::from_utf8_lossy;
    let (text, expected) = (lossy(string.as_bytes()), lossy(&expected));
    let (derivation, output) = (lossy(derivation), lossy(output));
    Err(Error::eval(format!(
        "string '{text}' has context with the output '{output}' from derivation '{derivation}', but the string is not the \
         right placeholder for this derivation output. It should be '{expected}'"
    )))
}

/// The path of an output, if it is known. It is not known for derivations that are outputs themselves.
fn output_path(cx: &mut Eval<'_>, derivation: &[u8], output: &[u8]) -> Result<Option<Box<[u8]>>> {
    if derivation.contains(&b'^') {
        return Ok(None);
    }
    let shown = String::from_utf8_lossy(derivation);
    cx.know_derivation(derivation)?;
    let outputs = cx.computed().derivation(derivation).map(|known| known.outputs).unwrap_or_default();
    match outputs.iter().find(|known| *known.0 == *output) {
        Some((_, path)) => Ok(path.clone()),
        None => {
            let output = String::from_utf8_lossy(output);
            Err(Error::eval(format!("derivation '{shown}' does not have output '{output}'")))
        }
    }
}

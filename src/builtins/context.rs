//! Builtins on string contexts: the store paths that a string refers to.

mod append;
mod get;

use super::strings::text::coerced;
use crate::error::{Error, Ordinal, Purpose, Result};
use crate::eval::Eval;
use crate::eval::builtin::{Arguments, Builtin, row};
use crate::heap::Value;
use crate::value::context::Reference;

pub(super) const TABLE: &[Builtin] = &[
    row(
        "addDrvOutputDependencies",
        &["s"],
        "The string *s*, which refers to one `.drv` file, changed to refer to everything that building it needs and\n\
         produces. The opposite of `unsafeDiscardOutputDependency`.",
        add_drv_output_dependencies,
    )
    .forces_first(),
    row(
        "appendContext",
        &["s", "context"],
        "The string *s* with references added to its own. *context* has the form that `getContext` returns.",
        append::append_context,
    )
    .forces_first()
    .example("builtins.hasContext (builtins.appendContext \"a\" { })", "false"),
    row(
        "getContext",
        &["s"],
        "What the string *s* refers to: a set with, for each store path, `path = true` if it is referred to as a file,\n\
         `outputs`, the names of the outputs of that derivation, and `allOutputs = true` for everything that\n\
         building it needs and produces.",
        get::get_context,
    )
    .forces_first()
    .example("builtins.getContext \"refers to nothing\"", "{ }"),
    row(
        "hasContext",
        &["s"],
        "Whether the string *s* refers to anything in the store.",
        has_context,
    )
    .forces_first()
    .example("builtins.hasContext \"a\"", "false"),
    row(
        "unsafeDiscardOutputDependency",
        &["s"],
        "The string *s*, where references to everything that building a derivation needs and produces become references\n\
         to its `.drv` file alone.",
        discard_output_dependency,
    )
    .forces_first()
    .example("builtins.unsafeDiscardOutputDependency \"a\"", "\"a\""),
    row(
        "unsafeDiscardStringContext",
        &["s"],
        "The string *s* without its references to the store. Store paths in it may then be missing when it is used.",
        discard_context,
    )
    .forces_first()
    .example("builtins.unsafeDiscardStringContext \"a\"", "\"a\""),
];

fn has_context<'h>(cx: &mut Eval<'h>, [string, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let string = cx.force_string(string, Purpose::Argument(Ordinal::Only, "builtins.hasContext"))?;
    Ok(Value::bool(!string.context().is_empty()))
}

fn discard_context<'h>(cx: &mut Eval<'h>, [string, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let phrase = Purpose::Argument(Ordinal::Only, "builtins.unsafeDiscardStringContext");
    let string = coerced(cx, string, phrase)?;
    Ok(if string.context().is_empty() { string.into() } else { cx.string(string.as_bytes()) })
}

fn discard_output_dependency<'h>(cx: &mut Eval<'h>, [string, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let phrase = Purpose::Argument(Ordinal::Only, "builtins.unsafeDiscardOutputDependency");
    let string = coerced(cx, string, phrase)?;
    let references = cx.contexts().references(string.context()).into_iter().map(|reference| match reference {
        Reference::Deep(path) => Reference::Opaque(path),
        other => other,
    });
    let context = cx.contexts().of(references);
    Ok(cx.string_with_context(string.as_bytes(), context))
}

fn add_drv_output_dependencies<'h>(cx: &mut Eval<'h>, [string, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let phrase = Purpose::Argument(Ordinal::Only, "builtins.addDrvOutputDependencies");
    let string = coerced(cx, string, phrase)?;
    let mut references = cx.contexts().references(string.context());
    let count = references.len();
    let (Some(reference), 1) = (references.pop(), count) else {
        let text = String::from_utf8_lossy(string.as_bytes());
        return Err(Error::eval(format!("context of string '{text}' must have exactly one element, but has {count}")));
    };
    let context = cx.contexts().of([deepened(reference)?]);
    Ok(cx.string_with_context(string.as_bytes(), context))
}

fn deepened(reference: Reference) -> Result<Reference> {
    match reference {
        Reference::Deep(path) => Ok(Reference::Deep(path)),
        Reference::Opaque(path) if is_derivation(&path) => Ok(Reference::Deep(path)),
        Reference::Opaque(path) => {
            Err(Error::eval(format!("path '{}' is not a derivation", String::from_utf8_lossy(&path))))
        }
        Reference::Output { output, .. } => Err(Error::eval(format!(
            "`addDrvOutputDependencies` can only act on derivations, not on a derivation output such as '{}'",
            String::from_utf8_lossy(&output)
        ))),
    }
}

/// True if a file of this name is a derivation.
fn is_derivation(path: &[u8]) -> bool {
    path.ends_with(b".drv")
}

//! `builtins.appendContext`.

use super::is_derivation;
use crate::error::{Error, Ordinal, Purpose, Result};
use crate::eval::Eval;
use crate::eval::builtin::Arguments;
use crate::heap::{Attrs, PosId, Symbol, Value};
use crate::print::store_path::is_store_path;
use crate::symbol::{OUTPUTS, PATH};
use crate::value::context::Reference;

/// One attribute of the set of references: a path and its position.
#[derive(Clone, Copy)]
struct Key<'h> {
    name: Symbol,
    path: &'h [u8],
    position: PosId,
}

pub(super) fn append_context<'h>(cx: &mut Eval<'h>, [string, context, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let string = cx.force_string(string, Purpose::Argument(Ordinal::First, "builtins.appendContext"))?;
    let phrase = Purpose::Argument(Ordinal::Second, "builtins.appendContext");
    let paths = cx.force_attrs(context, phrase)?;
    let mut references = Vec::new();
    for (name, uses, position) in paths.iter() {
        let key = Key { name, path: cx.symbol_text(name), position };
        if !is_store_path(&cx.settings().store_dir, key.path) {
            return Err(Error::eval(format!("context key '{}' is not a store path", cx.shown_name(name))).at(position));
        }
        let uses = cx.force_attrs(uses, "while evaluating the value of a string context")?;
        add_files(cx, key, uses, &mut references)?;
        add_outputs(cx, key, uses, &mut references)?;
    }
    let added = cx.contexts().of(references);
    let context = cx.contexts().union(string.context(), added);
    Ok(cx.string_with_context(string.as_bytes(), context))
}

fn add_files<'h>(cx: &mut Eval<'h>, key: Key<'h>, uses: Attrs<'h>, references: &mut Vec<Reference>) -> Result<()> {
    if flag(cx, uses, PATH, "while evaluating the `path` attribute of a string context")? {
        references.push(Reference::Opaque(key.path.into()));
    }
    let all_outputs = cx.intern(b"allOutputs");
    if flag(cx, uses, all_outputs, "while evaluating the `allOutputs` attribute of a string context")? {
        if !is_derivation(key.path) {
            return Err(no_derivation(cx, "all-outputs", key));
        }
        references.push(Reference::Deep(key.path.into()));
    }
    Ok(())
}

fn flag<'h>(cx: &mut Eval<'h>, uses: Attrs<'h>, name: Symbol, phrase: &str) -> Result<bool> {
    uses.get(name).map_or(Ok(false), |value| cx.force_bool(value, phrase))
}

fn add_outputs<'h>(cx: &mut Eval<'h>, key: Key<'h>, uses: Attrs<'h>, references: &mut Vec<Reference>) -> Result<()> {
    let Some(outputs) = uses.get(OUTPUTS) else { return Ok(()) };
    let outputs = cx.force_list(outputs, "while evaluating the `outputs` attribute of a string context")?;
    if !outputs.is_empty() && !is_derivation(key.path) {
        return Err(no_derivation(cx, "derivation output", key));
    }
    for output in outputs.iter() {
        let output = cx.force_plain_string(output, "while evaluating an output name within a string context")?;
        references.push(Reference::Output { derivation: key.path.into(), output: output.as_bytes().into() });
    }
    Ok(())
}

#[cold]
fn no_derivation(cx: &Eval<'_>, what: &str, key: Key<'_>) -> Error {
    let name = cx.shown_name(key.name);
    let text = format!("tried to add {what} context of {name}, which is not a derivation, to a string");
    Error::eval(text).at(key.position)
}

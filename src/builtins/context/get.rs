//! `builtins.getContext`.

use crate::error::{Ordinal, Purpose, Result};
use crate::eval::Eval;
use crate::eval::builtin::Arguments;
use crate::heap::Value;
use crate::store::path::StorePath;
use crate::value::context::Reference;
use std::collections::BTreeMap;

/// The ways a string refers to one path.
#[derive(Default)]
struct Uses {
    path: bool,
    all_outputs: bool,
    outputs: Vec<Box<[u8]>>,
}

pub(super) fn get_context<'h>(cx: &mut Eval<'h>, [string, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let string = cx.force_string(string, Purpose::Argument(Ordinal::Only, "builtins.getContext"))?;
    let mut paths: BTreeMap<Box<[u8]>, Uses> = BTreeMap::new();
    for reference in cx.contexts().references(string.context()) {
        match reference {
            Reference::Opaque(path) => paths.entry(path).or_default().path = true,
            Reference::Deep(path) => paths.entry(path).or_default().all_outputs = true,
            Reference::Output { derivation, output } => {
                paths.entry(shown_derivation(cx, derivation)?).or_default().outputs.push(output);
            }
        }
    }
    let attribute =
        |(path, uses): (Box<[u8]>, Uses)| (cx.intern(&path), uses_value(cx, &uses), crate::heap::PosId::NONE);
    Ok(cx.attrs(paths.into_iter().map(attribute).collect()))
}

/// The path of a derivation. One that is the output of another must have been built.
fn shown_derivation(cx: &Eval<'_>, derivation: StorePath) -> Result<StorePath> {
    if derivation.contains(&b'^') && cx.can_build() { cx.built_derivation(&derivation) } else { Ok(derivation) }
}

fn uses_value<'h>(cx: &Eval<'h>, uses: &Uses) -> Value<'h> {
    let mut items = Vec::new();
    if uses.path {
        items.push(("path", Value::TRUE));
    }
    if uses.all_outputs {
        items.push(("allOutputs", Value::TRUE));
    }
    if !uses.outputs.is_empty() {
        let names: Vec<_> = uses.outputs.iter().map(|name| cx.string(name)).collect();
        items.push(("outputs", cx.list(&names)));
    }
    cx.attrs_of(&items)
}

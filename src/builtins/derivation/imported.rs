//! `import` of a `.drv` file: the derivation as a value.

use super::outputs::output_string;
use crate::error::Result;
use crate::eval::Eval;
use crate::heap::{PosId, Str, Value};
use crate::store::path::{DERIVATION_SUFFIX, DIGITS, entry};
use crate::value::context::Reference;

/// The derivation whose `.drv` file is at a path. `None` if the path is not a `.drv` file.
pub(in crate::builtins) fn imported<'h>(cx: &mut Eval<'h>, path: Str<'h>) -> Result<Option<Value<'h>>> {
    let path = path.as_bytes();
    let is_entry = || entry(&cx.settings().store_dir, path).is_ok_and(|entry| entry == path);
    if !path.ends_with(DERIVATION_SUFFIX) || !is_entry() {
        return Ok(None);
    }
    if !cx.computed().has_derivation(path) && cx.file_type(path)?.is_none() {
        return Ok(None);
    }
    cx.know_derivation(path)?;
    let computed = computed(cx, path)?;
    let function =
        cx.delay_internal("«nix-internal»/imported-drv-to-derivation.nix", include_bytes!("imported.nix").to_vec());
    cx.call(function, &[computed]).map(Some)
}

/// The result of `derivationStrict`, with the name and the names of the outputs.
fn computed<'h>(cx: &Eval<'h>, path: &[u8]) -> Result<Value<'h>> {
    let known = cx.computed().derivation(path);
    let (outputs, has_name) = known.map(|known| (known.outputs, known.has_name)).unwrap_or_default();
    let base = path.get(cx.settings().store_dir.len() + 1 + DIGITS + 1..).unwrap_or_default();
    let name = base.strip_suffix(DERIVATION_SUFFIX).filter(|_| has_name).unwrap_or_default();
    let names: Vec<_> = outputs.iter().map(|(name, _)| cx.string(name)).collect();
    let deep = cx.contexts().of([Reference::Deep(path.into())]);
    let mut items = Vec::new();
    for (name, output) in &outputs {
        let value = output_string(cx, path, name, output.as_deref())?;
        items.push((cx.intern(name), value, PosId::NONE));
    }
    let own =
        [("drvPath", cx.string_with_context(path, deep)), ("name", cx.string(name)), ("outputs", cx.list(&names))];
    items.extend(own.map(|(name, value)| (cx.intern(name.as_bytes()), value, PosId::NONE)));
    Ok(cx.attrs(items))
}

//! `toFile`: a text as a file of the store.

use crate::codec::hash::{HashAlgorithm, hash_bytes};
use crate::error::{Error, Ordinal, Purpose, Result};
use crate::eval::Eval;
use crate::eval::builtin::Arguments;
use crate::heap::{Str, Value};
use crate::store::encode_reference;
use crate::store::path::{StorePath, text_path};
use crate::value::context::Reference;
use crate::world::entries::Entry;

pub(super) fn to_file<'h>(cx: &mut Eval<'h>, [name, text, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let name = cx.force_plain_string(name, Purpose::Argument(Ordinal::First, "builtins.toFile"))?;
    let text = cx.force_string(text, Purpose::Argument(Ordinal::Second, "builtins.toFile"))?;
    let references = references(cx, name, text)?;
    let hash = hash_bytes(HashAlgorithm::Sha256, text.as_bytes());
    let path = text_path(&cx.settings().store_dir, &hash, references.iter().map(|path| &**path), name.as_bytes())?;
    cx.computed().add_file(&path, text.context());
    cx.add_entry(&path, Entry::Contents(text.as_bytes().into()));
    Ok(cx.store_path_value(path))
}

/// The references of the text, sorted. Outputs of derivations are not allowed: their contents are not known yet.
fn references<'h>(cx: &Eval<'h>, name: Str<'h>, text: Str<'h>) -> Result<Vec<StorePath>> {
    let mut paths = Vec::new();
    for reference in cx.contexts().references(text.context()) {
        match reference {
            Reference::Opaque(path) => paths.push(path),
            other => return Err(refers_to_derivation(name, &other)),
        }
    }
    paths.sort_unstable();
    Ok(paths)
}

#[cold]
fn refers_to_derivation(name: Str<'_>, reference: &Reference) -> Error {
    let name = String::from_utf8_lossy(name.as_bytes());
    let shown = encode_reference(reference);
    let text = format!("files created by builtins.toFile may not reference derivations, but {name} references {shown}");
    Error::eval(text)
}

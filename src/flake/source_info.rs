//! The set that stands for a fetched tree: its path in the store, and what is known of it.

use super::input::{flag, kind, number, text};
use crate::codec::date::Moment;
use crate::codec::flake_ref::{Attrs, input_hash, input_rev};
use crate::codec::hash_format::HashFormat;
use crate::codec::hash_text::hash_to_text;
use crate::error::{Error, Result};
use crate::eval::Eval;
use crate::heap::Value;
use crate::store::path::StorePath;

/// The set for a tree with these attributes. Of one that `is_changed` no commit is told.
pub(super) fn source_info<'h>(cx: &Eval<'h>, path: &[u8], attrs: &Attrs, is_changed: bool) -> Result<Value<'h>> {
    let failed = |error: crate::codec::flake_ref::FlakeRefError| Error::eval(error.0);
    let path: StorePath = path.into();
    let mut items = vec![("outPath", cx.store_path_value(path))];
    if let Some(hash) = input_hash(attrs).map_err(failed)? {
        items.push(("narHash", cx.string(hash_to_text(&hash, HashFormat::Sri, true))));
    }
    if kind(attrs) == b"git" {
        items.push(("submodules", Value::bool(flag(attrs, "submodules"))));
    }
    if !is_changed {
        if let Some(digits) = input_rev(attrs).map_err(failed)? {
            items.push(("rev", cx.string(&digits)));
            items.push(("shortRev", cx.string(digits.get(..7).unwrap_or_default())));
        }
        if let Some(count) = number(attrs, "revCount") {
            items.push(("revCount", cx.int(count.cast_signed())));
        }
    }
    for name in ["dirtyRev", "dirtyShortRev"] {
        if let Some(digits) = text(attrs, name) {
            items.push((name, cx.string(digits)));
        }
    }
    if let Some(seconds) = number(attrs, "lastModified") {
        let seconds = seconds.cast_signed();
        items.push(("lastModified", cx.int(seconds)));
        items.push(("lastModifiedDate", cx.string(Moment::of(seconds).digits())));
    }
    Ok(cx.attrs_of_call(&items))
}

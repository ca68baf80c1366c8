//! `flake prefetch`: a tree, fetched into the store.

use super::command;
use crate::command_line::args::Arguments;
use crate::command_line::options::FlakeOptions;
use crate::command_line::words::lossy;
use crate::config::files;
use crate::tasks::outcome::Outcome;
use nivis::codec::hash_format::HashFormat;
use nivis::codec::hash_text::hash_to_text;
use nivis::flake::{UseRegistries, look_up};
use nivis::flake_ref::{FlakeRef, InputAttr, InputAttrs, attrs_to_json};
use nivis::{Eval, Result};
use serde_json::json;

/// Fetches the tree that the command line names, and prints where it is.
///
/// # Errors
/// Fails if the tree can't be fetched or written.
pub(super) fn perform(cx: &mut Eval<'_>, arguments: &Arguments, options: &FlakeOptions) -> Outcome {
    let reference = command::reference(cx, command::only_word(arguments)?)?;
    let resolved = resolved(cx, reference)?;
    let tree = cx.fetch_input(&resolved.attrs, b"source")?;
    cx.write_entry(&tree.path)?;
    let locked = FlakeRef { attrs: locking(tree.attrs), subdir: resolved.subdir.clone() };
    let (path, hash) = (lossy(Some(tree.path.to_vec())), hash_to_text(&tree.hash, HashFormat::Sri, true));
    let json = json!({
        "storePath": path,
        "hash": hash,
        "original": attrs_to_json(&resolved.to_attrs()),
        "locked": attrs_to_json(&locked.to_attrs()),
    });
    if let Some(link) = &options.out_link {
        let place = cx.stored_at(&tree.path).unwrap_or_else(|| tree.path.to_vec());
        files::link(&place, link)?;
    }
    command::tell(arguments, &json, &format!("Downloaded '{}' to '{path}' (hash '{hash}').", locked.url()))
}

/// The reference that registries have for this one, if they are used.
///
/// # Errors
/// Fails if the registries don't have it.
pub(super) fn resolved(cx: &mut Eval<'_>, reference: FlakeRef) -> Result<FlakeRef> {
    let used = if cx.settings().flakes.use_registries { UseRegistries::All } else { UseRegistries::No };
    let (attrs, _) = look_up(cx, &reference.attrs, used)?;
    Ok(FlakeRef { attrs, subdir: reference.subdir })
}

/// The attributes by which a fetched tree is locked.
fn locking(mut attrs: InputAttrs) -> InputAttrs {
    attrs.remove(&b"__final"[..]);
    let is_download =
        matches!(attrs.get(&b"type"[..]), Some(InputAttr::String(kind)) if kind == b"tarball" || kind == b"file");
    if !is_download {
        // Other inputs are locked by fewer attributes.
        attrs.remove(&b"narHash"[..]);
    }
    attrs
}

//! Derivations and the store: `derivation`, and the builtins that need paths of a store.
//!
//! Computing store paths is not part of the evaluator yet. Programs may mention these names, as all of nixpkgs does; what
//! needs a path ends in an error that says so. `placeholder` needs no store and is complete.

use super::{Arguments, Builtin, row};
use crate::codec::base::encode_nix32;
use crate::codec::hash::{HashAlgorithm, hash_bytes};
use crate::error::{ErrorKind, Result};
use crate::eval::Eval;
use crate::heap::Value;

pub(super) const TABLE: &[Builtin] = &[
    row("derivationStrict", &["attrs"], "The store paths of a derivation's outputs and of its `.drv` file.", |_, _| {
        needs_store("derivationStrict")
    })
    .global(),
    row("fetchGit", &["args"], "A tree of a Git repository.", |_, _| needs_store("fetchGit")).global(),
    row("fetchMercurial", &["args"], "A tree of a Mercurial repository.", |_, _| needs_store("fetchMercurial")).global(),
    row("fetchTarball", &["args"], "An unpacked archive.", |_, _| needs_store("fetchTarball")).global(),
    row("fetchurl", &["args"], "A file by its address.", |_, _| needs_store("fetchurl")),
    row("filterSource", &["f", "path"], "A copy in the store of the files for which `f` holds.", |_, _| {
        needs_store("filterSource")
    }),
    row("path", &["args"], "A copy in the store of a file or folder.", |_, _| needs_store("path")),
    row("placeholder", &["output"], "A text that a build replaces by the path of the named output.", placeholder)
        .example("placeholder \"out\"", "\"/1rz4g4znpzjwh1xymhjpm42vipw92pr73vdgl6xs1hycac8kf2n9\"")
        .forces_first()
        .global(),
    row("storePath", &["path"], "A path that is in the store already, as a reference to it.", |_, _| {
        needs_store("storePath")
    }),
    row("toFile", &["name", "s"], "The path of a file in the store with the contents `s`.", |_, _| needs_store("toFile")),
];

fn needs_store<'h>(name: &str) -> Result<Value<'h>> {
    Err(ErrorKind::Unsupported(format!("cannot run '{name}': this evaluator does not compute store paths yet")).into())
}

fn placeholder<'h>(cx: &mut Eval<'h>, [output, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let phrase = "while evaluating the first argument passed to builtins.placeholder";
    let output = cx.force_plain_string(output, phrase)?;
    let hash = hash_bytes(HashAlgorithm::Sha256, &[b"nix-output:", output.as_bytes()].concat());
    Ok(cx.string(format!("/{}", encode_nix32(&hash.bytes))))
}

/// Makes the function `derivation`, which is written in Nix, a global and a member of `builtins`.
pub(crate) fn install(cx: &mut Eval<'_>) {
    let text = include_bytes!("derivation.nix").to_vec();
    let function = cx.delay_internal(text);
    let name = cx.intern(b"derivation");
    let root = cx.scope().add_root(function);
    cx.shared().globals.borrow_mut().insert(name, root);
    let set = cx.shared().builtins_set.get().and_then(|set| cx.scope().root(*set).as_attrs());
    if let Some((holder, index)) = set.and_then(|set| set.find(name)) {
        holder.update(index, function);
    }
}

//! Flakes: from a reference to `flake.nix`, to a lock file, to outputs.
//!
//! ```text
//! text ──search, reference──▶ FlakeRef ──registry, trees──▶ tree in the store ──manifest, inputs──▶ Flake
//! Flake, old lock file ──locker──▶ LockFile ──writing──▶ text and changes; ──outputs──▶ value
//! ```
//!
//! - [`find_flake`] parses references that people type; [`FlakeRef::parse`] those in programs and files.
//! - [`read`] fetches a flake and reads its `flake.nix`, [`lock`] computes its lock file.
//! - [`LockedFlake::value`] is the result of `getFlake`.
//! - [`look_up`] looks an input up in the registries.
//!
//! Trees are fetched by the engine's [fetcher](crate::fetch::Fetch), once per engine until [`forget`]. This room
//! writes no files: a [`LockWriter`] does that.

mod changes;
mod getting;
mod inputs;
mod lock_file;
mod lock_json;
mod locker;
mod manifest;
mod options;
mod outputs;
mod path;
mod reference;
mod registry;
mod search;
mod trees;
mod values;
mod writing;

pub use changes::{Change, changes, show_changes};
pub(crate) use getting::get_flake;
pub use inputs::FlakeInput;
pub use lock_file::{Edge, Lock, LockFile, Node, NodeId};
pub use lock_json::{LockJson, parse_lock_file};
pub use manifest::{ConfigValue, Flake};
pub use options::{LockOptions, LockWrite, LockWriter, OnFlake};
pub(crate) use outputs::{FETCHER, fetch_final};
pub use path::{InputPath, parse_input_path, show_input_path};
pub(crate) use reference::warn_of_parameters;
pub use registry::{RegistryKind, UseRegistries, look_up, registry};
pub use search::{Wanted, find_flake};

use crate::codec::hash::{Hash, HashAlgorithm, hash_bytes};
use crate::error::{Error, ErrorKind, Result, ResultExt};
use crate::eval::Eval;
use crate::flake_ref::{FlakeRef, InputAttrs, input};
use crate::heap::PosId;
use crate::io::FileType;
use locker::Locker;
use manifest::{References, fetch_flake, read_flake};
use std::collections::BTreeMap;

/// A flake with all of its inputs locked.
#[derive(Clone, Debug)]
pub struct LockedFlake {
    /// The flake.
    pub flake: Flake,
    /// Its lock file, written or not.
    pub lock_file: LockFile,
    /// The lock file before.
    pub old_lock_file: LockFile,
    /// The lock file that would have been written, if there is no [writer](LockOptions::writer).
    pub unwritten: Option<LockWrite>,
    /// The folders, with `flake.nix`, of the nodes that were fetched.
    folders: BTreeMap<NodeId, Vec<u8>>,
}

/// Fetches a flake and reads its `flake.nix`. Its inputs are not fetched.
///
/// # Errors
///
/// Fails on fetch or evaluation errors, or if it is not a valid flake.
pub fn read(cx: &mut Eval<'_>, reference: &FlakeRef, used: UseRegistries) -> Result<Flake> {
    require_flakes(cx)?;
    fetch_flake(cx, reference, used, &[])
}

/// Fetches a flake and computes its lock file: locked inputs are kept, others are fetched. Changes are reported as
/// warnings.
///
/// # Errors
///
/// Fails on fetch, evaluation or write errors, if the flake or an input is not a valid flake, or if the options
/// forbid a change.
pub fn lock(cx: &mut Eval<'_>, reference: &FlakeRef, options: &LockOptions<'_>) -> Result<LockedFlake> {
    let used = if uses_registries(cx, options) { UseRegistries::All } else { UseRegistries::No };
    let flake = read(cx, reference, used)?;
    lock_read(cx, reference, options, flake)
}

/// Like [`lock`], for the flake in a folder, which is not fetched. The folder is in the store, so that outputs can
/// refer to it.
///
/// # Errors
///
/// Fails like [`lock`].
pub fn lock_folder(cx: &mut Eval<'_>, folder: &[u8], options: &LockOptions<'_>) -> Result<LockedFlake> {
    require_flakes(cx)?;
    let reference = FlakeRef::indirect("get-flake")?;
    let flake = read_flake(cx, &References::of(&reference), folder, &[])?;
    lock_read(cx, &reference, options, flake)
}

fn uses_registries(cx: &Eval<'_>, options: &LockOptions<'_>) -> bool {
    options.use_registries.unwrap_or(cx.settings().flakes.use_registries)
}

fn lock_read(
    cx: &mut Eval<'_>,
    reference: &FlakeRef,
    options: &LockOptions<'_>,
    mut flake: Flake,
) -> Result<LockedFlake> {
    let used = if uses_registries(cx, options) { UseRegistries::Limited } else { UseRegistries::No };
    if let Some(on_flake) = options.on_flake {
        on_flake(cx, &flake);
    }
    let url = flake.locked.url();
    let phrase = || format!("while updating the lock file of flake '{url}'");
    let mut locked = || {
        if options.read_from.is_some() && !cx.settings().flakes.allow_dirty {
            let text = "reference lock file was provided, but the `allow-dirty` setting is set to false";
            return Err(Error::eval(text));
        }
        let old = match options.read_from {
            Some(file) => cx.fetching(|| read_lock_file(cx, file))?,
            None => read_lock_file(cx, &flake.lock_file())?,
        };
        let mut locker = Locker::new(cx, options, used, &old, &flake);
        locker.run(&flake)?;
        let (file, folders) = (locker.file, locker.folders);
        let unwritten = writing::write(cx, reference, options, &old, &file, &mut flake)?;
        Ok((old, file, folders, unwritten))
    };
    let (old_lock_file, lock_file, folders, unwritten) = locked().traced(PosId::NONE, phrase)?;
    Ok(LockedFlake { flake, lock_file, old_lock_file, unwritten, folders })
}

/// The lock file at a path; an empty one if the file does not exist.
fn read_lock_file(cx: &Eval<'_>, path: &[u8]) -> Result<LockFile> {
    let name = cx.sources().shown(path);
    let failed = |error: std::io::Error| Error::from(ErrorKind::Io(format!("reading '{name}': {error}")));
    match cx.io().status(path).map_err(failed)? {
        None => return Ok(LockFile::default()),
        Some(status) if status.kind == FileType::Symlink => {
            return Err(Error::fetch(format!("path '{name}' is a symlink")));
        }
        Some(_) => {}
    }
    let text = cx.read_file(path)?;
    parse_lock_file(&text, &name, &cx.settings().flakes, &mut |warning| cx.warn(&Error::eval(warning)))
}

impl LockedFlake {
    /// A digest of everything that can change its outputs. `None` if something is not locked.
    ///
    /// # Errors
    ///
    /// Fails if the attributes of an input are invalid.
    pub fn fingerprint(&self, cx: &Eval<'_>) -> Result<Option<Hash>> {
        let Some(of_tree) = &self.flake.fingerprint else { return Ok(None) };
        if self.lock_file.unlocked(&cx.settings().flakes)?.is_some() {
            return Ok(None);
        }
        let attrs = &self.flake.locked.attrs;
        let kind = String::from_utf8_lossy(input::kind(attrs));
        let subdir = String::from_utf8_lossy(&self.flake.locked.subdir);
        let mut text = format!("{kind}:{of_tree};{subdir};{}", self.lock_file.to_json().text());
        if let Some(count) = input::number(attrs, "revCount") {
            text.push_str(&format!(";revCount={count}"));
        }
        if let Some(seconds) = input::number(attrs, "lastModified") {
            text.push_str(&format!(";lastModified={seconds}"));
        }
        Ok(Some(hash_bytes(HashAlgorithm::Sha256, text.as_bytes())))
    }

    /// The path of its tree in the store.
    pub fn tree(&self, store_dir: &str) -> &[u8] {
        self.flake.tree(store_dir)
    }
}

/// Fetches the tree that a reference leads to, for `flake:` in the search path and on command lines, and returns its
/// path in the store.
///
/// # Errors
///
/// Fails if the text is not a reference, or on fetch errors.
pub fn fetch_tree(cx: &Eval<'_>, text: &[u8]) -> Result<Vec<u8>> {
    require_flakes(cx)?;
    let wanted = Wanted { may_be_missing: true, is_flake: false };
    let (reference, _) = find_flake(cx, text, &cx.io().current_dir(), wanted)?;
    let used = if cx.settings().flakes.use_registries { UseRegistries::All } else { UseRegistries::No };
    Ok(trees::tree(cx, &reference.attrs, used)?.path.to_vec())
}

/// Forgets fetched trees and registries, since they may have changed.
pub fn forget(cx: &Eval<'_>) {
    cx.shared().flakes.forget();
}

/// The target of an input of type `indirect`. Other inputs are returned unchanged, unless a registry replaces them.
pub(crate) fn resolve_indirect(cx: &Eval<'_>, input: &InputAttrs) -> Result<InputAttrs> {
    let used = if cx.settings().flakes.use_registries { UseRegistries::All } else { UseRegistries::No };
    look_up(cx, input, used).map(|(input, _)| input)
}

/// Fails unless the experimental feature `flakes` is on.
fn require_flakes(cx: &Eval<'_>) -> Result<()> {
    let feature = "flakes";
    if cx.settings().has_feature(feature) {
        return Ok(());
    }
    let advice = format!("add '--extra-experimental-features {feature}' to enable it");
    Err(Error::eval(format!("experimental Nix feature '{feature}' is disabled; {advice}")))
}

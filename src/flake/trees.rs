//! From an input to its tree in the store, fetched once per engine.

use super::registry::{UseRegistries, look_up};
use crate::error::{Action, Error, Result, ResultExt, Work};
use crate::eval::Eval;
use crate::eval::host::flake_cache::FlakeTree;
use crate::flake_ref::{InputAttr, InputAttrs, attrs_to_json, input};

/// The tree of an input.
///
/// # Errors
///
/// Fails on fetch errors, or if a name is in no registry.
pub(super) fn tree(cx: &Eval<'_>, attrs: &InputAttrs, used: UseRegistries) -> Result<FlakeTree> {
    let cache = &cx.shared().flakes;
    if let Some(known) = cache.trees.borrow().get(attrs) {
        return Ok(known.clone());
    }
    let found = find(cx, attrs, used)?;
    cache.mounted.borrow_mut().insert(found.path.clone());
    let mut trees = cache.trees.borrow_mut();
    trees.insert(found.resolved.clone(), found.clone());
    trees.insert(attrs.clone(), found.clone());
    Ok(found)
}

fn find(cx: &Eval<'_>, attrs: &InputAttrs, used: UseRegistries) -> Result<FlakeTree> {
    if !input::is_indirect(attrs) {
        return fetch(cx, attrs);
    }
    if used == UseRegistries::No {
        let url = input::url(attrs);
        let text = format!("'{url}' is an indirect flake reference, but registry lookups are not allowed");
        return Err(Error::fetch(text));
    }
    let (resolved, dir) = look_up(cx, attrs, used)?;
    let known = cx.shared().flakes.trees.borrow().get(&resolved).cloned();
    let tree = known.map_or_else(|| fetch(cx, &resolved), Ok)?;
    Ok(FlakeTree { dir: dir.or(tree.dir), ..tree })
}

fn fetch(cx: &Eval<'_>, attrs: &InputAttrs) -> Result<FlakeTree> {
    let name = input::text(attrs, "name").unwrap_or(b"source").to_vec();
    let mut asked = attrs.clone();
    let is_final = asked.remove(&b"__final"[..]) == Some(InputAttr::Bool(true));
    let fetched = cx.fetch_input(attrs, &name)?;
    let phrase = || Action::Work(Work::FetchingInput, input::url(attrs).into());
    let mut locked = fetched.attrs;
    if is_final {
        check_final(&asked, &locked).traced_subject(phrase)?;
        let hash = locked.remove(&b"narHash"[..]);
        locked = asked;
        locked.extend(hash.map(|hash| (b"narHash".to_vec(), hash)));
    }
    input::make_final(&mut locked);
    let fingerprint = fetched.fingerprint.or_else(|| fingerprint_of(&locked));
    Ok(FlakeTree { resolved: attrs.clone(), locked, dir: None, path: fetched.path, fingerprint })
}

/// An identifier of the contents of a tree with these attributes.
fn fingerprint_of(locked: &InputAttrs) -> Option<String> {
    let text = |name: &str| input::text(locked, name).map(|text| String::from_utf8_lossy(text).into_owned());
    let flags = || {
        let flags = [("submodules", ";s"), ("exportIgnore", ";e"), ("lfs", ";l")];
        flags.iter().filter(|(name, _)| input::flag(locked, name)).map(|(_, mark)| *mark).collect::<String>()
    };
    match input::kind(locked) {
        b"path" | b"indirect" => None,
        b"tarball" | b"file" => text("narHash").or_else(|| text("rev")),
        b"git" => text("rev").map(|rev| rev + &flags()),
        _ => text("rev"),
    }
}

/// Checks that the result of a fetch matches the lock.
fn check_final(wanted: &InputAttrs, found: &InputAttrs) -> Result<()> {
    for (name, value) in wanted {
        if name != b"narHash" && found.get(name).is_some_and(|other| other != value) {
            let name = String::from_utf8_lossy(name);
            let (wanted, found) = (attrs_to_json(wanted), attrs_to_json(found));
            let text = format!("mismatch in field '{name}' of input '{wanted}', got '{found}'");
            return Err(Error::fetch(text));
        }
    }
    Ok(())
}

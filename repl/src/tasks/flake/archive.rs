//! `flake archive` and `flake prefetch-inputs`: the trees of a flake and its inputs, put into stores.

use super::command::json_text;
use super::verbosity::Verbosity;
use crate::command_line::args::Arguments;
use crate::command_line::options::{FlakeOptions, Format};
use crate::config::engine_parts::EngineParts;
use crate::config::settings::Configuration;
use crate::output::stdio;
use crate::output::style::ErrorStyle;
use crate::tasks::outcome::{Failure, Outcome};
use nivis::codec::lossy;
use nivis::flake::{Edge, LockFile, LockedFlake, NodeId};
use nivis::flake_ref::{FlakeRef, InputAttr, input_hash, input_url};
use nivis::store::backend::Store;
use nivis::store::content::{ContentAddress, Method};
use nivis::store::path::StorePath;
use nivis::{Error, ErrorKind, Eval, Result};
use serde_json::{Map, Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Puts a flake and all its inputs into the store, and copies them to another one on request.
///
/// # Errors
/// Fails if an input can't be fetched or written, or with `--dry-run`, if one is not locked by a hash.
pub(super) fn perform(
    cx: &mut Eval<'_>,
    locked: &LockedFlake,
    arguments: &Arguments,
    options: &FlakeOptions,
    configuration: &Configuration,
) -> Outcome {
    let to = options.to.as_deref().map(lossy);
    let to = to.as_deref().filter(|_| !options.dry_run).map(|url| Target::of(url, cx, configuration)).transpose()?;
    let path = locked.tree(&cx.settings().store_dir).to_vec();
    if !options.dry_run {
        cx.write_entry(&path)?;
    }
    let mut paths = BTreeMap::new();
    for id in nodes(&locked.lock_file) {
        if let Some(lock) = &locked.lock_file.node(id).lock
            && !lock.locked.is_relative()
        {
            let path = match options.dry_run {
                true => computed(cx, &lock.locked)?,
                false => fetched(cx, &lock.locked)?,
            };
            paths.insert(id, path);
        }
    }
    if arguments.common.format == Format::Json {
        let inputs = inputs_json(&locked.lock_file, NodeId::ROOT, &paths, &mut Vec::new());
        let json = json!({ "path": lossy(&path), "inputs": inputs });
        stdio::print(&json_text(&json, arguments))?;
    }
    let all = paths.into_values().chain([StorePath::from(path)]).collect();
    to.map_or(Ok(()), |to| Ok(to.copy(cx, &all, Verbosity::of(arguments, configuration.errors))?))
}

/// Another store, to which trees are copied.
struct Target<'u> {
    url: &'u str,
    store: Rc<dyn Store>,
}

impl<'u> Target<'u> {
    fn of(url: &'u str, cx: &Eval<'_>, configuration: &Configuration) -> Result<Self> {
        let store = EngineParts::of(configuration).open_target(url, cx.settings()).ok_or_else(|| {
            let reason =
                "only folders, Nix daemons and caches in folders ('file:///FOLDER', not compressed) are written here";
            ErrorKind::Unsupported(format!("cannot copy to '{url}': {reason}; 'nix copy --to {url}' does it"))
        });
        Ok(Self { url, store: store? })
    }

    /// Copies the trees that the store lacks.
    fn copy(&self, cx: &Eval<'_>, paths: &BTreeSet<StorePath>, telling: Verbosity) -> Result<()> {
        let paths: Vec<StorePath> = paths.iter().cloned().collect();
        let missing = self.store.missing(&paths)?;
        telling.step(&format!("copying {} paths...", missing.len()));
        for path in &missing {
            telling.step(&format!("copying path '{}' to '{}'...", lossy(path), self.url));
            cx.copy_entry(path, &self.store)?;
        }
        if telling.sums_up() {
            let trees = if missing.len() == 1 { "tree" } else { "trees" };
            let there = paths.len() - missing.len();
            stdio::eprint_line(&format!("copied {} {trees} to '{}'; {there} already there", missing.len(), self.url));
        }
        Ok(())
    }
}

/// Fetches all inputs of a flake. Those that can't be are reported, and the others fetched.
///
/// # Errors
/// Fails if an input can't be fetched or written.
pub(super) fn prefetch(cx: &mut Eval<'_>, locked: &LockedFlake, errors: ErrorStyle) -> Outcome {
    let mut failed = 0;
    for id in nodes(&locked.lock_file) {
        let Some(lock) = &locked.lock_file.node(id).lock else { continue };
        // Those in the flake's own tree are there.
        if lock.locked.is_relative() {
            continue;
        }
        let Err(error) = fetched(cx, &lock.locked) else { continue };
        if matches!(error.kind(), ErrorKind::Interrupted | ErrorKind::OutOfMemory) {
            return Err(error.into());
        }
        failed += 1;
        stdio::eprint_error(&errors.render(&error, cx.sources()), &error, cx.sources());
    }
    match failed {
        0 => Ok(()),
        1 => Err(Failure::from(Error::eval("1 input could not be fetched"))),
        count => Err(Failure::from(Error::eval(format!("{count} inputs could not be fetched")))),
    }
}

/// All nodes, each once, those nearer to the root first.
fn nodes(file: &LockFile) -> Vec<NodeId> {
    let (mut seen, mut found) = (BTreeSet::from([NodeId::ROOT]), vec![NodeId::ROOT]);
    let mut next = 0;
    while let Some(id) = found.get(next).copied() {
        next += 1;
        let children = file.node(id).inputs.values().filter_map(|edge| match edge {
            Edge::Node(child) => Some(*child),
            Edge::Follows(_) => None,
        });
        found.extend(children.filter(|child| seen.insert(*child)));
    }
    found
}

/// The path of a tree that is fetched and written.
fn fetched(cx: &Eval<'_>, reference: &FlakeRef) -> Result<StorePath> {
    let tree = cx.fetch_input(&reference.attrs, name_of(reference))?;
    cx.write_entry(&tree.path)?;
    Ok(tree.path)
}

/// The path that a tree will have.
fn computed(cx: &Eval<'_>, reference: &FlakeRef) -> Result<StorePath> {
    let invalid = |error: nivis::flake_ref::FlakeRefError| Error::eval(error.to_string());
    match input_hash(&reference.attrs).map_err(invalid)? {
        Some(hash) => {
            let content = ContentAddress { method: Method::Archive, hash };
            content.path(&cx.settings().store_dir, name_of(reference))
        }
        None => {
            let url = input_url(&reference.attrs).map_err(invalid)?;
            Err(Error::eval(format!("cannot compute store path for unlocked input '{url}'")))
        }
    }
}

fn name_of(reference: &FlakeRef) -> &[u8] {
    match reference.attrs.get(&b"name"[..]) {
        Some(InputAttr::String(name)) => name,
        _ => b"source",
    }
}

/// The inputs of a node, with their own inputs.
fn inputs_json(file: &LockFile, id: NodeId, paths: &BTreeMap<NodeId, StorePath>, above: &mut Vec<NodeId>) -> Json {
    let mut inputs = Map::new();
    // Lock files are data: a node may be its own input.
    if above.contains(&id) {
        return Json::Object(inputs);
    }
    above.push(id);
    for (name, edge) in &file.node(id).inputs {
        let Edge::Node(child) = edge else { continue };
        let mut json = json!({ "inputs": inputs_json(file, *child, paths, above) });
        if let (Some(path), Json::Object(members)) = (paths.get(child), &mut json) {
            members.insert("path".to_owned(), Json::String(lossy(path)));
        }
        inputs.insert(name.clone(), json);
    }
    above.pop();
    Json::Object(inputs)
}

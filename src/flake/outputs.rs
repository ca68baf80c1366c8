//! From a locked flake to its value.

use super::LockedFlake;
use super::lock_file::{Edge, Lock, NodeId};
use super::registry::UseRegistries;
use super::trees::tree;
use crate::error::{Error, Ordinal, Purpose, Result};
use crate::eval::Eval;
use crate::eval::host::tree_value::TreeValue;
use crate::flake_ref::{InputAttr, InputAttrs, check_input, input, input_url};
use crate::heap::{BuiltinId, PosId, RootId, Unpacked, Value};
use std::collections::BTreeMap;

const FUNCTION: &[u8] = include_bytes!("call-flake.nix");

/// The builtin that fetches locked inputs.
pub(crate) const FETCHER: &str = "fetchFinalTree";

impl LockedFlake {
    /// The value of the flake, as returned by `getFlake`: its outputs, `inputs`, `outputs`, `outPath`, `sourceInfo`.
    /// It is lazy: unused parts are neither fetched nor evaluated.
    ///
    /// # Errors
    ///
    /// Fails if `outputs` is not a function, or if its value is not a set.
    pub fn value<'h>(&self, cx: &mut Eval<'h>) -> Result<Value<'h>> {
        let names = self.lock_file.to_json().names;
        let mut nodes = Vec::new();
        for (id, name) in &names {
            nodes.push((cx.intern(name.as_bytes()), self.node(cx, *id, &names)?, PosId::NONE));
        }
        let nodes = cx.attrs(nodes);
        let fetcher = cx.shared().builtins.iter().position(|builtin| builtin.name == FETCHER).unwrap_or_default();
        let function = function(cx);
        let flakes = cx.call(function, &[Value::builtin(BuiltinId(fetcher as u16)), nodes])?;
        let root = names.get(&NodeId::ROOT).map(|name| cx.intern(name.as_bytes()));
        let flake = flakes.as_attrs().zip(root).and_then(|(flakes, root)| flakes.get(root));
        cx.force(flake.unwrap_or(Value::NULL))
    }

    /// The outputs of the flake, not yet evaluated.
    ///
    /// # Errors
    ///
    /// Fails like [`LockedFlake::value`].
    pub fn outputs<'h>(&self, cx: &mut Eval<'h>) -> Result<Value<'h>> {
        let flake = self.value(cx)?;
        let flake = cx.force_attrs(flake, "while evaluating a flake")?;
        Ok(flake.get(cx.intern(b"outputs")).unwrap_or(Value::NULL))
    }

    fn node<'h>(&self, cx: &Eval<'h>, id: NodeId, names: &BTreeMap<NodeId, String>) -> Result<Value<'h>> {
        let node = self.lock_file.node(id);
        let name = |id: NodeId| cx.string(names.get(&id).map(String::as_str).unwrap_or_default());
        let mut inputs = Vec::new();
        for (input, edge) in &node.inputs {
            let target = match edge {
                Edge::Node(child) => Some(*child),
                Edge::Follows(path) => self.lock_file.find(path)?,
            };
            let target = target.map_or(Value::NULL, name);
            inputs.push((cx.intern(input.as_bytes()), target, PosId::NONE));
        }
        let is_flake = node.lock.as_ref().is_none_or(|lock| lock.is_flake);
        let mut items = vec![("inputs", cx.attrs(inputs)), ("isFlake", Value::bool(is_flake))];
        match (self.folders.get(&id), &node.lock) {
            (Some(folder), lock) => {
                let (path, dir) = split_folder(cx, folder)?;
                let locked = lock.as_ref().map_or(&self.flake.locked, |lock| &lock.locked);
                let is_changed = lock.is_none() && self.flake.is_changed;
                items.push(("tree", tree_value(cx, path, &locked.attrs, is_changed)));
                items.push(("dir", cx.string(dir)));
            }
            (None, Some(lock)) => {
                items.push(("dir", cx.string(&lock.locked.subdir)));
                items.extend(self.source_of(cx, lock, name)?);
            }
            (None, None) => {}
        }
        Ok(cx.attrs_of(&items))
    }

    /// The source of a node's tree that was not fetched.
    fn source_of<'h>(
        &self,
        cx: &Eval<'h>,
        lock: &Lock,
        name: impl Fn(NodeId) -> Value<'h>,
    ) -> Result<Vec<(&'static str, Value<'h>)>> {
        if let (Some(path), Some(parent)) = (input::relative_path(&lock.locked.attrs), &lock.parent)
            && let Some(parent) = self.lock_file.find(parent)?
        {
            return Ok(vec![("parent", name(parent)), ("path", cx.string(path))]);
        }
        Ok(vec![("locked", attrs_value(cx, &lock.locked.attrs))])
    }
}

/// The store path that contains a folder, and the rest.
fn split_folder<'f>(cx: &Eval<'_>, folder: &'f [u8]) -> Result<(&'f [u8], &'f [u8])> {
    let store_dir = cx.settings().store_dir.as_bytes();
    let inside = folder.strip_prefix(store_dir).and_then(|rest| rest.strip_prefix(b"/"));
    let Some(inside) = inside.filter(|inside| !inside.is_empty()) else {
        let folder = String::from_utf8_lossy(folder);
        return Err(Error::eval(format!("path '{folder}' is not in the Nix store")));
    };
    let length = memchr::memchr(b'/', inside).unwrap_or(inside.len());
    let (path, rest) = folder.split_at(store_dir.len() + 1 + length);
    Ok((path, rest.strip_prefix(b"/").unwrap_or(rest)))
}

/// The attributes of an input as a set.
fn attrs_value<'h>(cx: &Eval<'h>, attrs: &InputAttrs) -> Value<'h> {
    let value = |value: &InputAttr| match value {
        InputAttr::String(text) => cx.string(text),
        InputAttr::Int(int) => cx.int(int.cast_signed()),
        InputAttr::Bool(truth) => Value::bool(*truth),
    };
    let items = attrs.iter().filter(|(name, _)| *name != b"__final");
    cx.attrs(items.map(|(name, it)| (cx.intern(name), value(it), PosId::NONE)).collect())
}

/// The function that turns nodes into flakes, written in Nix. It is read once.
fn function<'h>(cx: &mut Eval<'h>) -> Value<'h> {
    let known: Option<RootId> = cx.shared().flakes.function.get();
    if let Some(known) = known {
        return cx.scope().root(known);
    }
    let function = cx.delay_internal("«flakes-internal»/call-flake.nix", FUNCTION.to_vec());
    cx.shared().flakes.function.set(Some(cx.scope().add_root(function)));
    function
}

/// Fetches a locked input, with the result of `fetchTree`.
pub(crate) fn fetch_final<'h>(cx: &mut Eval<'h>, locked: Value<'h>) -> Result<Value<'h>> {
    let set = cx.force_attrs(locked, Purpose::Argument(Ordinal::Only, "'fetchTree'"))?;
    let mut attrs = InputAttrs::new();
    for (name, value, _) in set.iter() {
        let value = cx.force(value)?;
        let value = match value.unpack() {
            Unpacked::String(text) => InputAttr::String(text.as_bytes().to_vec()),
            Unpacked::Bool(truth) => InputAttr::Bool(truth),
            Unpacked::Int(int) => InputAttr::Int(int.cast_unsigned()),
            // The values are made from attributes, so there are no others.
            _ => continue,
        };
        attrs.insert(cx.symbol_text(name).to_vec(), value);
    }
    let mut attrs = check_input(attrs)?;
    cx.check_uri(&input_url(&attrs)?)?;
    input::make_final(&mut attrs);
    let found = tree(cx, &attrs, UseRegistries::No)?;
    Ok(tree_value(cx, &found.path, &found.locked, false))
}

fn tree_value<'h>(cx: &Eval<'h>, path: &[u8], attrs: &InputAttrs, is_changed: bool) -> Value<'h> {
    let path = path.into();
    cx.tree_value(&TreeValue { path: &path, attrs, invents_commit: false, is_changed, is_unasked: false })
}

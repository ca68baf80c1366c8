//! Lock files as text: versions 5 to 7 are read, 7 is written.

use super::lock_file::{Edge, Lock, LockFile, NodeId};
use super::path::InputPath;
use crate::codec::json::parse_json;
use crate::error::{Cause, Error, Result};
use crate::flake_ref::{FlakeRef, attrs_of_file, attrs_to_json, input};
use crate::settings::FlakeSettings;
use serde_json::{Map, Value as Json};
use std::collections::{BTreeMap, BTreeSet};

/// Parses a lock file. `name` is its name in messages; `warn` receives the texts of warnings.
///
/// # Errors
///
/// Fails if the text is not a lock file, or if an input is not locked.
pub fn parse_lock_file(
    text: &[u8],
    name: &str,
    settings: &FlakeSettings,
    warn: &mut dyn FnMut(String),
) -> Result<LockFile> {
    let json: Json = serde_json::from_slice(text).map_err(|error| {
        let problem = parse_json(text).err().map_or_else(|| error.to_string(), |error| error.to_string());
        let error = Error::fetch(format!("Could not parse '{name}': {problem}"));
        match merge_marker(text) {
            None => error,
            Some(line) => error.with_note(format!(
                "there are merge markers in line {line}: take one side with `git checkout --ours flake.lock` (or \
                 `--theirs`), then lock again"
            )),
        }
    })?;
    let json = sorted(json);
    let version = match json.as_object().map(|object| object.get("version")) {
        None => return Err(library_error(306, &format!("cannot use value() with {}", type_of(&json)))),
        Some(None) => 0,
        Some(Some(version)) => version.as_i64().ok_or_else(|| wrong_type("number", Some(version)))?,
    };
    if !(5..=7).contains(&version) {
        return Err(Error::fetch(format!("lock file '{name}' has unsupported version {version}")));
    }
    let mut reader = Reader { json: &json, settings, warn, file: LockFile::default(), numbers: BTreeMap::new() };
    reader.read()?;
    Ok(reader.file)
}

/// The number of the line with a marker of a Git conflict.
fn merge_marker(text: &[u8]) -> Option<usize> {
    text.split(|&byte| byte == b'\n').position(|line| line.starts_with(b"<<<<<<< ")).map(|index| index + 1)
}

/// The largest depth of nested inputs.
const DEEPEST: usize = 500;

struct Reader<'r> {
    json: &'r Json,
    settings: &'r FlakeSettings,
    warn: &'r mut dyn FnMut(String),
    file: LockFile,
    /// The nodes found so far, by their names in the file.
    numbers: BTreeMap<&'r str, NodeId>,
}

impl<'r> Reader<'r> {
    fn read(&mut self) -> Result<()> {
        let root = string(self.json.get("root"))?;
        self.numbers.insert(root, NodeId::ROOT);
        let mut pending = vec![(NodeId::ROOT, self.json.get("nodes").and_then(|nodes| nodes.get(root)))];
        while let Some((node, json)) = pending.pop() {
            let Some(inputs) = json.and_then(|json| json.get("inputs")).and_then(Json::as_object) else { continue };
            let mut below = Vec::new();
            for (name, target) in inputs {
                let edge = match target {
                    Json::Array(path) => Edge::Follows(path_of(path)?),
                    _ => Edge::Node(self.node_called(string(Some(target))?, &mut below)?),
                };
                self.file.set_input(node, name, edge);
            }
            pending.extend(below.into_iter().rev());
        }
        self.check_depth()
    }

    /// Fails if an input is its own input, or if inputs are nested too deeply.
    fn check_depth(&self) -> Result<()> {
        let mut depths = BTreeMap::from([(NodeId::ROOT, 0)]);
        let mut pending = vec![NodeId::ROOT];
        while let Some(id) = pending.pop() {
            let depth = depths.get(&id).copied().unwrap_or(0) + 1;
            if depth > DEEPEST {
                return Err(Error::fetch("lock file contains a cycle, or inputs that are nested too deep"));
            }
            for edge in self.file.node(id).inputs.values() {
                if let Edge::Node(child) = edge
                    && depths.get(child).is_none_or(|known| *known < depth)
                {
                    depths.insert(*child, depth);
                    pending.push(*child);
                }
            }
        }
        Ok(())
    }

    fn node_called(&mut self, key: &'r str, below: &mut Vec<(NodeId, Option<&'r Json>)>) -> Result<NodeId> {
        match self.numbers.get(key) {
            Some(&NodeId::ROOT) => return Err(Error::fetch("lock file contains cycle to root node")),
            Some(known) => return Ok(*known),
            None => {}
        }
        let json = self.json.get("nodes").and_then(|nodes| nodes.get(key));
        let json = json.ok_or_else(|| Error::fetch(format!("lock file references missing node '{key}'")))?;
        let lock = self.lock(json)?;
        let id = self.file.add(lock);
        self.numbers.insert(key, id);
        below.push((id, Some(json)));
        Ok(id)
    }

    fn lock(&mut self, json: &Json) -> Result<Lock> {
        let mut locked = reference(json, "locked", Some("info"))?;
        let original = reference(json, "original", None)?;
        let is_flake = match json.get("flake") {
            None => true,
            Some(truth) => truth.as_bool().ok_or_else(|| wrong_type("boolean", Some(truth)))?,
        };
        let parent = match json.get("parent") {
            None => None,
            Some(Json::Array(path)) => Some(path_of(path)?),
            Some(other) => return Err(wrong_type("array", Some(other))),
        };
        self.check_locked(&locked)?;
        input::make_final(&mut locked.attrs);
        Ok(Lock { locked, original, is_flake, parent })
    }

    fn check_locked(&mut self, locked: &FlakeRef) -> Result<()> {
        if locked.is_relative() || locked.is_locked(self.settings.trust_forges)? {
            return Ok(());
        }
        if !input::has_hash(&locked.attrs)? {
            let attrs = attrs_to_json(&locked.attrs);
            let advice = "Use '--allow-dirty-locks' to accept this lock file.";
            return Err(Error::fetch(format!("Lock file contains unlocked input '{attrs}'. {advice}")));
        }
        let problem = "is unlocked (e.g. lacks a Git revision) but is checked by NAR hash";
        let advice = "This is not reproducible and will break after garbage collection or when shared.";
        (self.warn)(format!("Lock file entry '{}' {problem}. {advice}", locked.url()));
        Ok(())
    }
}

/// The reference in an attribute of a node, with the attributes that version 5 keeps elsewhere.
fn reference(json: &Json, name: &str, more: Option<&str>) -> Result<FlakeRef> {
    let attrs = json.get(name).ok_or_else(|| Error::fetch(format!("attribute '{name}' missing in lock file")))?;
    let mut attrs = attrs_of_file(attrs)?;
    if let Some(more) = more.and_then(|more| json.get(more)) {
        attrs.extend(attrs_of_file(more)?);
    }
    FlakeRef::from_attrs(attrs)
}

fn path_of(names: &[Json]) -> Result<InputPath> {
    names.iter().map(|name| string(Some(name)).map(str::to_owned)).collect()
}

fn string(json: Option<&Json>) -> Result<&str> {
    json.and_then(Json::as_str).ok_or_else(|| wrong_type("string", json))
}

#[cold]
fn wrong_type(expected: &str, found: Option<&Json>) -> Error {
    let found = found.map_or("null", type_of);
    library_error(302, &format!("type must be {expected}, but is {found}"))
}

/// An error in the words of C++ Nix's JSON library.
#[cold]
fn library_error(number: u16, text: &str) -> Error {
    let message = format!("[json.exception.type_error.{number}] {text}");
    Error::fetch(message).because(Cause::InvalidJson(text.into()))
}

fn type_of(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "boolean",
        Json::Number(_) => "number",
        Json::String(_) => "string",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    }
}

/// A lock file as JSON, with the name of each node.
#[derive(Clone, Debug)]
pub struct LockJson {
    /// The JSON of the whole file.
    pub json: Json,
    /// The names of nodes.
    pub names: BTreeMap<NodeId, String>,
}

impl LockJson {
    /// The text, without a line feed at the end.
    pub fn text(&self) -> String {
        format!("{:#}", self.json)
    }
}

/// The same with the members of objects in order. serde_json keeps them in order only as long as no other crate of the
/// program asks it for another one.
fn sorted(json: Json) -> Json {
    match json {
        Json::Array(items) => items.into_iter().map(sorted).collect(),
        Json::Object(members) => {
            let mut members: Vec<_> = members.into_iter().collect();
            members.sort_by(|left, right| left.0.cmp(&right.0));
            Json::Object(members.into_iter().map(|(name, value)| (name, sorted(value))).collect())
        }
        other => other,
    }
}

impl LockFile {
    /// The file as JSON. A node has the name of the input that reaches it first.
    pub fn to_json(&self) -> LockJson {
        let mut writer = Writer { file: self, taken: BTreeSet::new(), names: BTreeMap::new(), nodes: Map::new() };
        let root = writer.node("root", NodeId::ROOT);
        let json = serde_json::json!({ "version": 7, "root": root, "nodes": writer.nodes });
        LockJson { json: sorted(json), names: writer.names }
    }

    /// The text of the file, with a line feed at the end.
    pub fn text(&self) -> String {
        format!("{}\n", self.to_json().text())
    }
}

impl PartialEq for LockFile {
    fn eq(&self, other: &Self) -> bool {
        self.to_json().json == other.to_json().json
    }
}

struct Writer<'w> {
    file: &'w LockFile,
    taken: BTreeSet<String>,
    names: BTreeMap<NodeId, String>,
    nodes: Map<String, Json>,
}

impl Writer<'_> {
    /// Writes a node and all below it. Returns its name.
    fn node(&mut self, wanted: &str, id: NodeId) -> String {
        if let Some(known) = self.names.get(&id) {
            return known.clone();
        }
        let name = self.free_name(wanted);
        self.names.insert(id, name.clone());
        let node = self.file.node(id);
        let mut json = Map::new();
        let mut inputs = Map::new();
        for (input, edge) in &node.inputs {
            let target = match edge {
                Edge::Node(child) => self.node(input, *child).into(),
                Edge::Follows(path) => path.clone().into(),
            };
            inputs.insert(input.clone(), target);
        }
        if !inputs.is_empty() {
            json.insert("inputs".into(), inputs.into());
        }
        if let Some(lock) = &node.lock {
            write_lock(&mut json, lock);
        }
        self.nodes.insert(name.clone(), json.into());
        name
    }

    fn free_name(&mut self, wanted: &str) -> String {
        let numbered = (2_u64..).map(|number| format!("{wanted}_{number}"));
        let mut names = std::iter::once(wanted.to_owned()).chain(numbered);
        let free = names.find(|name| !self.taken.contains(name)).unwrap_or_default();
        self.taken.insert(free.clone());
        free
    }
}

fn write_lock(json: &mut Map<String, Json>, lock: &Lock) {
    let mut locked = lock.locked.to_attrs();
    locked.remove(&b"__final"[..]);
    json.insert("original".into(), attrs_to_json(&lock.original.to_attrs()));
    json.insert("locked".into(), attrs_to_json(&locked));
    if !lock.is_flake {
        json.insert("flake".into(), false.into());
    }
    if let Some(parent) = &lock.parent {
        json.insert("parent".into(), parent.clone().into());
    }
}

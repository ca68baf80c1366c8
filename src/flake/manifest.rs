//! The static parts of `flake.nix`: the description, the inputs, the configuration.

use super::inputs::{FlakeInput, InputReader};
use super::registry::UseRegistries;
use super::trees::tree;
use super::values;
use crate::codec::levenshtein::is_likely;
use crate::codec::nix_string::attribute_name;
use crate::error::{Error, Result};
use crate::eval::Eval;
use crate::flake_ref::{FlakeRef, InputAttrs, input};
use crate::heap::{Attrs, ContextId, Unpacked};
use crate::path::canonical;
use crate::store::content::Method;
use crate::store::path::source_name;
use std::collections::BTreeMap;

/// A flake: the references to it, its location, and the static parts of its `flake.nix`.
#[derive(Clone, Debug)]
pub struct Flake {
    /// The reference as requested.
    pub original: FlakeRef,
    /// The reference after registry lookups.
    pub resolved: FlakeRef,
    /// The exact reference that was found.
    pub locked: FlakeRef,
    /// The folder with `flake.nix`, at its path in the store.
    pub folder: Vec<u8>,
    /// Its description.
    pub description: Option<String>,
    /// Its inputs.
    pub inputs: BTreeMap<String, FlakeInput>,
    /// Its configuration requests, sorted by name. The user decides whether they apply.
    pub config: Vec<(String, ConfigValue)>,
    /// Options for fetching its own tree: `submodules`, `lfs`.
    pub self_attrs: InputAttrs,
    /// True if its contents differ from the locked commit, so that its commit must not be shown.
    pub(super) is_changed: bool,
    /// A short identifier of its contents, if there is one.
    pub(super) fingerprint: Option<String>,
}

/// A value in `nixConfig`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigValue {
    /// A string, or the store path of a file.
    String(String),
    /// A number.
    Int(i64),
    /// A boolean.
    Bool(bool),
    /// A list of strings.
    Strings(Vec<String>),
}

impl Flake {
    /// True if its attributes determine its contents.
    ///
    /// # Errors
    ///
    /// Fails if the attributes are invalid.
    pub fn is_locked(&self, cx: &Eval<'_>) -> Result<bool> {
        self.locked.is_locked(cx.settings().flakes.trust_forges)
    }

    /// The path of its tree in the store.
    pub fn tree(&self, store_dir: &str) -> &[u8] {
        let start = (store_dir.len() + 1).min(self.folder.len());
        let rest = memchr::memchr(b'/', &self.folder[start..]);
        &self.folder[..rest.map_or(self.folder.len(), |length| start + length)]
    }

    /// The path of the lock file, whether it exists or not.
    pub fn lock_file(&self) -> Vec<u8> {
        [&self.folder, &b"/flake.lock"[..]].concat()
    }
}

/// The three references of a flake.
#[derive(Clone)]
pub(super) struct References {
    pub(super) original: FlakeRef,
    pub(super) resolved: FlakeRef,
    pub(super) locked: FlakeRef,
}

impl References {
    /// Three equal references.
    pub(super) fn of(reference: &FlakeRef) -> Self {
        Self { original: reference.clone(), resolved: reference.clone(), locked: reference.clone() }
    }
}

/// Fetches and reads a flake. The `follows` paths of its inputs start at `prefix`.
pub(super) fn fetch_flake(
    cx: &mut Eval<'_>,
    original: &FlakeRef,
    used: UseRegistries,
    prefix: &[String],
) -> Result<Flake> {
    let found = tree(cx, &original.attrs, used)?;
    let subdir = found.dir.unwrap_or_else(|| original.subdir.clone());
    let with_dir = |attrs: InputAttrs| FlakeRef { attrs, subdir: subdir.clone() };
    let mut references =
        References { original: original.clone(), resolved: with_dir(found.resolved), locked: with_dir(found.locked) };
    let mut fingerprint = found.fingerprint;
    let mut flake = read_flake(cx, &references, &folder_in(&found.path, &subdir), prefix)?;
    let changed = with_self_attrs(&references.locked, &flake)?;
    if changed != references.locked {
        let again = tree(cx, &changed.attrs, UseRegistries::No)?;
        references.locked = FlakeRef { attrs: again.locked, subdir: changed.subdir };
        fingerprint = again.fingerprint;
        flake = read_flake(cx, &references, &folder_in(&again.path, &subdir), prefix)?;
    }
    flake.fingerprint = fingerprint;
    Ok(flake)
}

/// A subfolder of a folder. It cannot lead out of it.
pub(super) fn folder_in(path: &[u8], subdir: &[u8]) -> Vec<u8> {
    let below = canonical(&[b"/", subdir].concat());
    [path, if below == b"/" { b"" } else { &below }].concat()
}

/// The reference with the flake's own options for fetching it.
fn with_self_attrs(reference: &FlakeRef, flake: &Flake) -> Result<FlakeRef> {
    let mut changed = reference.clone();
    for (name, value) in &flake.self_attrs {
        if !matches!(name.as_slice(), b"submodules" | b"lfs") {
            let name = String::from_utf8_lossy(name);
            return Err(Error::fetch(format!("flake 'self' attribute '{name}' is not supported")));
        }
        changed.attrs.insert(name.clone(), value.clone());
    }
    if changed != *reference {
        changed.attrs.remove(&b"narHash"[..]);
        changed.attrs.remove(&b"__final"[..]);
    }
    Ok(changed)
}

/// Reads the `flake.nix` in a folder.
pub(super) fn read_flake(
    cx: &mut Eval<'_>,
    references: &References,
    folder: &[u8],
    prefix: &[String],
) -> Result<Flake> {
    let set = cx.import_set(&[folder, b"/flake.nix"].concat())?;
    let References { original, resolved, locked } = references.clone();
    let mut flake = Flake {
        original,
        resolved,
        locked,
        folder: folder.to_vec(),
        description: None,
        inputs: BTreeMap::new(),
        config: Vec::new(),
        self_attrs: InputAttrs::new(),
        is_changed: false,
        fingerprint: None,
    };
    read_description(cx, set, &mut flake)?;
    let known = cx.intern(b"inputs");
    if let Some(inputs) = set.get(known) {
        let mut reader = InputReader { cx, folder, prefix, self_attrs: InputAttrs::new() };
        flake.inputs = reader.inputs(inputs, set.position(known), true)?;
        flake.self_attrs = reader.self_attrs;
    }
    read_outputs(cx, set, &mut flake)?;
    read_config(cx, set, &mut flake)?;
    check_names(cx, set, &flake)?;
    Ok(flake)
}

fn read_description<'h>(cx: &mut Eval<'h>, set: Attrs<'h>, flake: &mut Flake) -> Result<()> {
    let name = cx.intern(b"description");
    let Some(value) = set.get(name) else { return Ok(()) };
    let value = values::expect(cx, value, "a string", set.position(name))?;
    flake.description = value.as_str().map(|text| String::from_utf8_lossy(text.as_bytes()).into_owned());
    Ok(())
}

/// Adds the names in the pattern of `outputs` to the inputs.
fn read_outputs<'h>(cx: &mut Eval<'h>, set: Attrs<'h>, flake: &mut Flake) -> Result<()> {
    let name = cx.intern(b"outputs");
    let Some(outputs) = set.get(name) else {
        let error = Error::fetch(format!("flake '{}' lacks attribute 'outputs'", flake.resolved.url()));
        return Err(about_outputs(cx, set, error));
    };
    let outputs = values::expect(cx, outputs, "a function", set.position(name))
        .map_err(|error| error.with_note("`outputs` is a function: `outputs = { self, ... }: { … };`"))?;
    let formals = outputs.as_closure().and_then(|closure| cx.closure_info(closure).formals);
    for (formal, ..) in formals.unwrap_or_default() {
        let formal = cx.symbol_text(formal);
        if formal == b"self" {
            continue;
        }
        let reference = FlakeRef::parse(formal)?;
        let input = FlakeInput { reference: Some(reference), ..FlakeInput::default() };
        flake.inputs.entry(String::from_utf8_lossy(formal).into_owned()).or_insert(input);
    }
    Ok(())
}

/// The error that `outputs` is missing, with the attribute that may be meant.
#[cold]
fn about_outputs(cx: &Eval<'_>, set: Attrs<'_>, error: Error) -> Error {
    let near = set.iter().find(|(name, ..)| is_likely(b"outputs", cx.symbol_text(*name)));
    match near {
        Some((name, _, position)) => {
            let name = attribute_name(cx.symbol_text(name));
            let label = format!("`{name}` should be `outputs`");
            values::labelled(error, position, "here").with_note(label)
        }
        None => error.with_note("a flake is a set with `outputs = { self, ... }: { … };`"),
    }
}

fn read_config<'h>(cx: &mut Eval<'h>, set: Attrs<'h>, flake: &mut Flake) -> Result<()> {
    let name = cx.intern(b"nixConfig");
    let Some(config) = set.get(name) else { return Ok(()) };
    let config = values::expect(cx, config, "a set", set.position(name))?;
    for (name, value, _) in config.as_attrs().into_iter().flat_map(Attrs::iter) {
        let name = String::from_utf8_lossy(cx.symbol_text(name)).into_owned();
        let value = cx.force_trivial(value)?;
        let value = match value.peeked().unpack() {
            Unpacked::String(text) => ConfigValue::String(String::from_utf8_lossy(text.as_bytes()).into_owned()),
            Unpacked::Path(path) => {
                let path = path.as_bytes();
                let copy = cx.add_source(path, Method::Archive, source_name(path), ContextId::EMPTY)?;
                ConfigValue::String(String::from_utf8_lossy(&copy).into_owned())
            }
            Unpacked::Int(int) => ConfigValue::Int(int),
            Unpacked::Bool(truth) => ConfigValue::Bool(truth),
            Unpacked::List(items) => {
                let text = |item: crate::Value<'_>| {
                    item.peeked().as_str().map(|text| String::from_utf8_lossy(text.as_bytes()).into())
                };
                let texts = items.iter().map(text).collect::<Option<_>>();
                ConfigValue::Strings(texts.ok_or_else(|| not_strings(&name))?)
            }
            _ => {
                let kind = values::kind(value.peeked());
                return Err(Error::type_error(format!(
                    "flake configuration setting '{}' is {kind}",
                    attribute_name(name.as_bytes())
                )));
            }
        };
        flake.config.push((name, value));
    }
    flake.config.sort_by(|left, right| left.0.cmp(&right.0));
    Ok(())
}

#[cold]
fn not_strings(name: &str) -> Error {
    let name = attribute_name(name.as_bytes());
    let text = format!("list element in flake configuration setting '{name}' is a list while a string is expected");
    Error::type_error(text)
}

fn check_names(cx: &Eval<'_>, set: Attrs<'_>, flake: &Flake) -> Result<()> {
    for (name, _, position) in set.iter() {
        let name = cx.symbol_text(name);
        if !matches!(name, b"description" | b"inputs" | b"outputs" | b"nixConfig") {
            let (url, name) = (flake.resolved.url(), attribute_name(name));
            let place = values::place(cx, position);
            let error = Error::fetch(format!("flake '{url}' has an unsupported attribute '{name}', at {place}"));
            return Err(error.shown_at(position).with_note(
                "a flake has `description`, `inputs`, `outputs` and `nixConfig`; all else goes into `outputs`",
            ));
        }
    }
    Ok(())
}

/// The folder that a relative path leads to in a tree.
pub(super) fn relative_folder(folder: &[u8], reference: &FlakeRef) -> Option<Vec<u8>> {
    let path = input::relative_path(&reference.attrs)?;
    Some(canonical(&[folder, b"/", path].concat()))
}

//! The inputs in `flake.nix`.

use super::path::{InputPath, parse_input_path};
use super::reference::parse_input;
use super::values;
use crate::codec::nix_string::attribute_name;
use crate::error::{Error, Result, ResultExt};
use crate::eval::Eval;
use crate::flake_ref::{FlakeRef, InputAttr, InputAttrs};
use crate::heap::{Attrs, PosId, Unpacked, Value};
use std::collections::BTreeMap;

/// An input as described in `flake.nix`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlakeInput {
    /// Its reference, if there is one.
    pub reference: Option<FlakeRef>,
    /// False for a plain tree.
    pub is_flake: bool,
    /// The input that it follows, as a path from the root of the lock file.
    pub follows: Option<InputPath>,
    /// Overrides of its own inputs.
    pub overrides: BTreeMap<String, FlakeInput>,
}

impl Default for FlakeInput {
    fn default() -> Self {
        Self { reference: None, is_flake: true, follows: None, overrides: BTreeMap::new() }
    }
}

/// A reader of inputs from values.
pub(super) struct InputReader<'r, 'h> {
    pub(super) cx: &'r mut Eval<'h>,
    /// The folder of the flake.
    pub(super) folder: &'r [u8],
    /// The start of `follows` paths.
    pub(super) prefix: &'r [String],
    /// The attributes in `inputs.self`.
    pub(super) self_attrs: InputAttrs,
}

/// The attributes of one input, as gathered so far.
#[derive(Default)]
struct Gathered {
    input: FlakeInput,
    attrs: InputAttrs,
    url: Option<Vec<u8>>,
}

impl<'h> InputReader<'_, 'h> {
    /// Reads a set of inputs.
    pub(super) fn inputs(
        &mut self,
        value: Value<'h>,
        position: PosId,
        allows_self: bool,
    ) -> Result<BTreeMap<String, FlakeInput>> {
        let set = values::expect(self.cx, value, "a set", position).map_err(|error| {
            error.with_note("each input is an attribute: `inputs.nixpkgs.url = \"github:NixOS/nixpkgs\";`")
        })?;
        let mut inputs = BTreeMap::new();
        for (name, value, position) in set.as_attrs().into_iter().flat_map(Attrs::iter) {
            let name = self.cx.symbol_text(name);
            if name == b"self" {
                self.own_attributes(value, position, allows_self)?;
            } else {
                let input = self.input(name, value, position)?;
                inputs.insert(String::from_utf8_lossy(name).into_owned(), input);
            }
        }
        Ok(inputs)
    }

    fn own_attributes(&mut self, value: Value<'h>, position: PosId, is_allowed: bool) -> Result<()> {
        if !is_allowed {
            let place = values::place(self.cx, position);
            return Err(Error::fetch(format!("'self' input attribute not allowed at {place}")));
        }
        let set = values::expect(self.cx, value, "a set", position)?;
        for (name, value, _) in set.as_attrs().into_iter().flat_map(Attrs::iter) {
            let name = self.cx.symbol_text(name);
            let attribute = self.attribute(name, value)?;
            self.self_attrs.insert(name.to_vec(), attribute);
        }
        Ok(())
    }

    fn input(&mut self, input: &[u8], value: Value<'h>, position: PosId) -> Result<FlakeInput> {
        let set = values::expect(self.cx, value, "a set", position).map_err(|error| {
            let text = value.peeked().as_str().map(|text| String::from_utf8_lossy(text.as_bytes()).into_owned());
            let text = text.unwrap_or_else(|| "…".to_owned());
            error.with_note(format!("write `inputs.{}.url = \"{text}\";`", attribute_name(input)))
        })?;
        let mut gathered = Gathered::default();
        for (name, value, at) in set.as_attrs().into_iter().flat_map(Attrs::iter) {
            let name = self.cx.symbol_text(name);
            let phrase = || format!("while evaluating flake attribute '{}'", String::from_utf8_lossy(name));
            self.member(&mut gathered, name, value, at).traced(at, phrase)?;
        }
        self.finished(gathered, position)
    }

    fn member(&mut self, into: &mut Gathered, name: &[u8], value: Value<'h>, position: PosId) -> Result<()> {
        match name {
            b"url" => {
                let url = self.url(value, position)?;
                into.attrs.insert(b"url".to_vec(), InputAttr::String(url.clone()));
                into.url = Some(url);
            }
            b"flake" => {
                let truth = values::expect(self.cx, value, "a Boolean", position)?;
                into.input.is_flake = truth.as_bool().unwrap_or(true);
            }
            b"inputs" => into.input.overrides = self.inputs(value, position, false)?,
            b"follows" => {
                let target = values::expect(self.cx, value, "a string", position)?;
                let target = target.as_str().map(|text| String::from_utf8_lossy(text.as_bytes()).into_owned());
                let target = parse_input_path(&target.unwrap_or_default())?;
                into.input.follows = Some(self.prefix.iter().cloned().chain(target).collect());
            }
            _ => {
                let attribute = self.attribute(name, value)?;
                into.attrs.insert(name.to_vec(), attribute);
            }
        }
        Ok(())
    }

    fn url(&mut self, value: Value<'h>, position: PosId) -> Result<Vec<u8>> {
        let value = self.cx.force_trivial(value)?.peeked();
        let place = |cx: &Eval<'h>| values::place(cx, position);
        match value.unpack() {
            Unpacked::String(text) => Ok(text.as_bytes().to_vec()),
            Unpacked::Path(path) => {
                let path = path.as_bytes();
                relative(self.folder, path, &self.cx.settings().store_dir)
                    .map(|path| [b"path:", &path[..]].concat())
                    .ok_or_else(|| {
                        let [path, folder] = [path, self.folder].map(String::from_utf8_lossy);
                        let place = place(self.cx);
                        // The root of a tree is shown with a slash.
                        let depth = |path: &str| path.split('/').count();
                        let is_top = depth(&folder) == depth(&self.cx.settings().store_dir) + 1;
                        let end = if is_top { "/" } else { "" };
                        let problem = format!("must be in the same source tree as {folder}{end}");
                        Error::fetch(format!("input attribute path '{path}' at {place} {problem}"))
                    })
            }
            _ => {
                let (kind, place) = (values::kind(value), place(self.cx));
                Err(Error::fetch(format!("expected a string or a path but got {kind} at {place}")))
            }
        }
    }

    fn attribute(&self, name: &[u8], value: Value<'h>) -> Result<InputAttr> {
        let shown = || attribute_name(name);
        let value = value.peeked();
        match value.unpack() {
            Unpacked::String(text) => Ok(InputAttr::String(text.as_bytes().to_vec())),
            Unpacked::Bool(truth) => Ok(InputAttr::Bool(truth)),
            Unpacked::Int(int) => u64::try_from(int)
                .map(InputAttr::Int)
                .map_err(|_| Error::eval(format!("negative value given for flake input attribute {}: {int}", shown()))),
            _ => {
                let (name, kind) = (shown(), values::kind(value));
                let wanted = "a string, Boolean, or integer is expected";
                Err(Error::type_error(format!("flake input attribute '{name}' is {kind} while {wanted}")))
            }
        }
    }

    fn finished(&self, gathered: Gathered, position: PosId) -> Result<FlakeInput> {
        let Gathered { mut input, mut attrs, url } = gathered;
        if attrs.contains_key(&b"type"[..]) {
            let phrase = || "while evaluating flake input";
            input.reference = Some(FlakeRef::from_attrs(attrs).traced(position, phrase)?);
        } else {
            attrs.remove(&b"url"[..]);
            if let Some(name) = attrs.keys().next() {
                let (name, place) = (String::from_utf8_lossy(name), values::place(self.cx, position));
                let error = Error::fetch(format!("unexpected flake input attribute '{name}', at {place}"));
                return Err(values::labelled(error, position, "of this input").with_note(
                    "an input has a `url`, or a `type` with its attributes; also `flake`, `inputs` and `follows`",
                ));
            }
            let parsed = url.map(|url| parse_input(self.cx, &url, input.is_flake));
            input.reference = parsed.transpose().map_err(|error| values::labelled(error, position, "of this input"))?;
        }
        if input.reference.is_some() && input.follows.is_some() {
            let place = values::place(self.cx, position);
            let text = format!("flake input has both a flake reference and a follows attribute, at {place}");
            return Err(Error::fetch(text));
        }
        Ok(input)
    }
}

/// The relative path from a folder to another one in the same tree.
fn relative(folder: &[u8], path: &[u8], store_dir: &str) -> Option<Vec<u8>> {
    let names = |path| <[u8]>::split(path, |&byte| byte == b'/').filter(|name| !name.is_empty()).collect::<Vec<_>>();
    let (from, to): (Vec<_>, Vec<_>) = (names(folder), names(path));
    let common = from.iter().zip(&to).take_while(|(left, right)| left == right).count();
    // A tree in the store ends at the name of its entry.
    let store = names(store_dir.as_bytes());
    if from.starts_with(&store) && common <= store.len() {
        return None;
    }
    let up = std::iter::repeat_n(&b".."[..], from.len() - common);
    let all: Vec<_> = up.chain(to[common..].iter().copied()).collect();
    Some(if all.is_empty() { b".".to_vec() } else { all.join(&b'/') })
}

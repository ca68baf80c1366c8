//! The attributes of a derivation, read in order of their names: the builder's attributes, and those that define the
//! build.

use super::json_text::rewritten;
use super::require_feature;
use super::warnings::{JSON_ADVICE, is_output_check, warn, warn_check};
use crate::builtins::hash::check_algorithm;
use crate::codec::hash::HashAlgorithm;
use crate::codec::json::write_json_string;
use crate::error::{Action, Error, Result};
use crate::eval::{Coercion, Eval};
use crate::heap::{Attrs, ContextId, PosId, Scope, ScratchVec, Str, Symbol, Unpacked, Value};
use crate::store::content::Method;
use crate::symbol;
use crate::value::attrs::{Attr, by_name};
use rustc_hash::FxHashSet;

/// The evaluated attributes of a derivation.
pub(super) struct Attributes<'h> {
    name: Str<'h>,
    /// The program that builds it; empty if missing.
    pub(super) builder: &'h [u8],
    /// The kind of machine; empty if missing.
    pub(super) system: &'h [u8],
    pub(super) arguments: ScratchVec<'h, &'h [u8]>,
    /// Environment variables, in order of their names.
    pub(super) environment: ScratchVec<'h, (&'h [u8], &'h [u8])>,
    /// All attributes as one JSON text, if they are structured.
    pub(super) json: Option<Vec<u8>>,
    /// Names of the outputs, sorted.
    pub(super) outputs: ScratchVec<'h, &'h [u8]>,
    pub(super) hash: Option<Str<'h>>,
    pub(super) algorithm: Option<HashAlgorithm>,
    pub(super) method: Option<Method>,
    pub(super) content_addressed: bool,
    pub(super) impure: bool,
    /// The contexts of the attributes, without duplicates; their union counts.
    pub(super) contexts: Vec<ContextId>,
    structured: bool,
    ignore_nulls: bool,
}

impl<'h> Attributes<'h> {
    /// Evaluates all attributes.
    pub(super) fn read(cx: &mut Eval<'h>, set: Attrs<'h>, name: Str<'h>) -> Result<Self> {
        let structured = flag(cx, set, symbol::STRUCTURED_ATTRS)?;
        let ignore_nulls = flag(cx, set, symbol::IGNORE_NULLS)?;
        let mut attributes = Self::new(cx.scope(), name, structured, ignore_nulls);
        for attribute in by_name(cx.scope(), set) {
            if attribute.0 == symbol::IGNORE_NULLS {
                continue;
            }
            attributes
                .add(cx, attribute)
                .map_err(|error| error.traced(attribute.2, in_attribute(cx, attribute.0, name)))?;
        }
        if let Some(json) = attributes.json.as_mut().filter(|_| structured) {
            json.push(b'}');
        }
        attributes.contexts.sort_unstable_by_key(|context| context.0);
        attributes.contexts.dedup();
        Ok(attributes)
    }

    fn new(scope: Scope<'h>, name: Str<'h>, structured: bool, ignore_nulls: bool) -> Self {
        Self {
            name,
            builder: b"",
            system: b"",
            arguments: scope.gather([]),
            environment: ScratchVec::with_capacity_in(32, scope.scratch()),
            json: structured.then(|| b"{".to_vec()),
            outputs: scope.gather([&b"out"[..]]),
            hash: None,
            algorithm: None,
            method: None,
            content_addressed: false,
            impure: false,
            contexts: Vec::new(),
            structured,
            ignore_nulls,
        }
    }

    fn add(&mut self, cx: &mut Eval<'h>, (name, value, position): Attr<'h>) -> Result<()> {
        if self.ignore_nulls && matches!(cx.force(value)?.unpack(), Unpacked::Null) {
            return Ok(());
        }
        match name {
            symbol::CONTENT_ADDRESSED => self.content_addressed |= enabled(cx, value, "ca-derivations")?,
            symbol::IMPURE => self.impure |= enabled(cx, value, "impure-derivations")?,
            symbol::ARGS => self.add_arguments(cx, value)?,
            symbol::STRUCTURED_ATTRS if self.structured => {}
            _ if self.structured => self.add_structured(cx, name, value, position)?,
            symbol::JSON => self.add_json(cx, value, position)?,
            _ => self.add_variable(cx, name, value)?,
        }
        Ok(())
    }

    fn add_arguments(&mut self, cx: &mut Eval<'h>, value: Value<'h>) -> Result<()> {
        let list = cx.force_list(value, "")?;
        self.arguments.reserve(list.len());
        for item in list.iter() {
            let phrase = "while evaluating an element of the argument list";
            let text = cx.coerce_to_string(item, Coercion::derivation(), phrase)?;
            self.refer(text.context());
            self.arguments.push(text.as_bytes());
        }
        Ok(())
    }

    fn add_variable(&mut self, cx: &mut Eval<'h>, name: Symbol, value: Value<'h>) -> Result<()> {
        let text = cx.coerce_to_string(value, Coercion::derivation(), "")?;
        self.refer(text.context());
        let bytes = text.as_bytes();
        self.environment.push((cx.symbol_text(name), bytes));
        match name {
            symbol::BUILDER => self.builder = bytes,
            symbol::SYSTEM => self.system = bytes,
            symbol::OUTPUTS => self.set_outputs(words(bytes))?,
            _ => self.set_hash(cx, name, text)?,
        }
        Ok(())
    }

    /// Adds an attribute to the JSON text. Some also define the build.
    fn add_structured(&mut self, cx: &mut Eval<'h>, name: Symbol, value: Value<'h>, position: PosId) -> Result<()> {
        let (text, context) = crate::print::json(cx, value, true)?;
        self.refer(context);
        self.add_member(cx, name, &text)?;
        match name {
            symbol::BUILDER => {
                let builder = cx.force_string(value, "")?;
                self.refer(builder.context());
                self.builder = builder.as_bytes();
            }
            symbol::SYSTEM => self.system = cx.force_plain_string(value, "")?.as_bytes(),
            symbol::OUTPUTS => {
                let list = cx.force_list(value, "")?;
                let names = list.iter().map(|item| Ok(cx.force_plain_string(item, "")?.as_bytes()));
                let names = names.collect::<Result<Vec<_>>>()?;
                // The list keeps the names.
                std::hint::black_box(list);
                self.set_outputs(names.into_iter())?;
            }
            symbol::OUTPUT_HASH | symbol::OUTPUT_HASH_ALGO | symbol::OUTPUT_HASH_MODE => {
                let text = cx.force_plain_string(value, "")?;
                self.set_hash(cx, name, text)?;
            }
            _ if is_output_check(name) => warn_check(cx, self.name, name, position),
            _ => {}
        }
        Ok(())
    }

    fn add_member(&mut self, cx: &Eval<'h>, name: Symbol, text: &[u8]) -> Result<()> {
        let Some(json) = &mut self.json else { return Ok(()) };
        if json.len() > 1 {
            json.push(b',');
        }
        write_json_string(json, cx.symbol_text(name))
            .map_err(|invalid| Error::eval(format!("JSON serialization error: {invalid}")))?;
        json.push(b':');
        json.extend_from_slice(text);
        Ok(())
    }

    /// Reads the attribute `__json`: all attributes as JSON text. It is rewritten with its names in order.
    fn add_json(&mut self, cx: &mut Eval<'h>, value: Value<'h>, position: PosId) -> Result<()> {
        let text = cx.coerce_to_string(value, Coercion::derivation(), "")?;
        self.refer(text.context());
        warn(cx, self.name, JSON_ADVICE, position);
        self.json = Some(rewritten(cx, text.as_bytes())?);
        Ok(())
    }

    fn set_hash(&mut self, cx: &Eval<'h>, name: Symbol, text: Str<'h>) -> Result<()> {
        match name {
            symbol::OUTPUT_HASH => self.hash = Some(text),
            symbol::OUTPUT_HASH_ALGO => {
                // An unknown name is ignored: the hash may name its own algorithm.
                self.algorithm = HashAlgorithm::from_name(text.as_bytes()).ok();
                check_algorithm(cx, Some(text.as_bytes()))?;
            }
            symbol::OUTPUT_HASH_MODE => self.set_method(cx, text.as_bytes())?,
            _ => {}
        }
        Ok(())
    }

    fn set_method(&mut self, cx: &Eval<'h>, text: &[u8]) -> Result<()> {
        let method = Method::from_name(text).ok_or_else(|| {
            let text = String::from_utf8_lossy(text);
            Error::eval(format!("invalid value '{text}' for 'outputHashMode' attribute"))
        })?;
        self.method = Some(method);
        let name = String::from_utf8_lossy(self.name.as_bytes());
        match method {
            Method::Text => {
                let reason = format!("text-hashed derivation '{name}', outputHashMode = \"text\"");
                require_feature(cx, "dynamic-derivations", &reason)
            }
            Method::Git => require_feature(cx, "git-hashing", ""),
            Method::Flat | Method::Archive => Ok(()),
        }
    }

    fn set_outputs(&mut self, names: impl Iterator<Item = &'h [u8]>) -> Result<()> {
        self.outputs.clear();
        let mut seen = FxHashSet::default();
        for name in names {
            if !seen.insert(name) {
                let name = String::from_utf8_lossy(name);
                return Err(Error::eval(format!("duplicate derivation output '{name}'")));
            }
            if name == b"drvPath" {
                return Err(Error::eval("invalid derivation output name 'drvPath'"));
            }
            self.outputs.push(name);
        }
        if self.outputs.is_empty() {
            return Err(Error::eval("derivation cannot have an empty set of outputs"));
        }
        self.outputs.sort_unstable();
        Ok(())
    }

    fn refer(&mut self, context: ContextId) {
        if !context.is_empty() && self.contexts.last() != Some(&context) {
            self.contexts.push(context);
        }
    }

    /// Checks that the required attributes are there.
    pub(super) fn check_required(&self) -> Result<()> {
        if self.builder.is_empty() {
            return Err(Error::eval("required attribute 'builder' missing"));
        }
        if self.system.is_empty() {
            return Err(Error::eval("required attribute 'system' missing"));
        }
        Ok(())
    }
}

/// An attribute that decides how the others are read.
fn flag<'h>(cx: &mut Eval<'h>, set: Attrs<'h>, name: Symbol) -> Result<bool> {
    let Some(value) = set.get(name) else { return Ok(false) };
    if let Some(truth) = value.as_bool() {
        return Ok(truth);
    }
    let shown = String::from_utf8_lossy(cx.symbol_text(name)).into_owned();
    let phrase = format!("while evaluating the `{shown}` attribute passed to builtins.derivationStrict");
    cx.force_bool(value, phrase.as_str())
}

/// An attribute that requires an experimental feature.
fn enabled<'h>(cx: &mut Eval<'h>, value: Value<'h>, feature: &str) -> Result<bool> {
    let wanted = cx.force_bool(value, "")?;
    if wanted {
        require_feature(cx, feature, "")?;
    }
    Ok(wanted)
}

fn words(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).filter(|word| !word.is_empty())
}

#[cold]
fn in_attribute(cx: &Eval<'_>, attribute: Symbol, derivation: Str<'_>) -> Action {
    let (attribute, derivation) = (cx.symbol_text(attribute), derivation.as_bytes());
    let (attribute, derivation) = (String::from_utf8_lossy(attribute), String::from_utf8_lossy(derivation));
    Action::DerivationAttribute { attribute: attribute.into(), derivation: derivation.into() }
}

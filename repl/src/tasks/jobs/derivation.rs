//! The part of a line that describes a derivation.
//!
//! The order of evaluation is that of nix-eval-jobs, so that of several errors the same one is reported.

use super::line::{Line, object, string, strings};
use super::path::Path;
use super::{cache_status, constituents, line};
use crate::command_line::options::JobsOptions;
use crate::output::style::ErrorStyle;
use crate::tasks::instantiate::{derivation_name, derivation_path, store_path};
use crate::tasks::roots::protect_in;
use nivis::error::ResultExt;
use nivis::heap::{Attrs, Unpacked};
use nivis::value::attrs::by_name;
use nivis::{Error, Eval, Result, Value, print, report};
use std::collections::BTreeMap;

/// The contents that lines should have.
pub(super) struct Wanted<'a, 'h> {
    pub(super) options: &'a JobsOptions,
    /// The function of `--apply`.
    pub(super) apply: Option<Value<'h>>,
    pub(super) errors: ErrorStyle,
}

impl<'h> Wanted<'_, 'h> {
    /// Adds everything to a line.
    ///
    /// # Errors
    /// Fails if the derivation can't be evaluated. Then the line has only the result of `--apply`.
    pub(super) fn tell(&self, cx: &mut Eval<'h>, set: Attrs<'h>, path: &Path, line: &mut Line) -> Result<()> {
        let mut rest = Line::default();
        let name = derivation_name(cx, set)?;
        if self.options.constituents {
            constituents::tell(cx, set, &mut rest)?;
        }
        if let Some(function) = self.apply {
            line.set("extraValue", extra_value(cx, function, set)?);
        }
        rest.text("name", name);
        rest.set("outputs", self.outputs(cx, set, path)?);
        let drv_path = derivation_path(cx, set)?;
        if self.options.cache_status {
            cache_status::tell(cx, &drv_path, &mut rest)?;
        }
        if let Some(folder) = &self.options.roots {
            protect_in(cx, drv_path.clone(), folder)?;
        }
        self.tell_contents(cx, set, &drv_path, &mut rest)?;
        rest.text("drvPath", drv_path);
        if self.options.meta {
            rest.set("meta", meta(cx, set)?);
        }
        line.extend(rest);
        Ok(())
    }

    /// Describes the derivation itself. If it is not instantiated, that is the attribute `system`.
    fn tell_contents(&self, cx: &mut Eval<'h>, set: Attrs<'h>, drv_path: &[u8], line: &mut Line) -> Result<()> {
        if self.options.no_instantiate {
            line.text("system", system(cx, set)?);
            return Ok(());
        }
        cx.know_derivation(drv_path)?;
        if let Some(known) = cx.computed().derivation(drv_path) {
            line.text("system", known.system);
            line.set("requiredSystemFeatures", strings(required_features(&known.features, &known.outputs)));
        }
        if self.options.show_input_drvs {
            let inputs = cx.inputs_of_derivation(drv_path)?;
            line.set("inputDrvs", object(inputs.into_iter().map(|(path, outputs)| (path, strings(outputs)))));
        }
        Ok(())
    }

    fn outputs(&self, cx: &mut Eval<'h>, set: Attrs<'h>, path: &Path) -> Result<Vec<u8>> {
        let outputs = match output_paths(cx, set) {
            Ok(outputs) => outputs,
            Err(error) if error.kind().is_recoverable() => return Err(error),
            Err(_) if cx.settings().has_feature("ca-derivations") => output_names(cx, set)?,
            Err(error) => {
                let reason = report::plain(&error, cx.sources(), self.errors.show_trace, false);
                let attr = line::joined(path);
                return Err(Error::eval(format!("derivation '{attr}' does not have valid outputs: {reason}")));
            }
        };
        let json = |path: Option<Vec<u8>>| path.map_or_else(|| b"null".to_vec(), string);
        Ok(object(outputs.into_iter().map(|(name, path)| (name, json(path)))))
    }
}

/// Names of outputs, and their paths if those can be told.
type Outputs = BTreeMap<Vec<u8>, Option<Vec<u8>>>;

fn required_features(features: &[Box<[u8]>], outputs: &[nivis::store::computed::KnownOutput]) -> Vec<Vec<u8>> {
    let mut all: Vec<_> = features.iter().map(|feature| feature.to_vec()).collect();
    if outputs.iter().any(|output| output.1.is_none()) {
        all.push(b"ca-derivations".to_vec());
    }
    all.sort_unstable();
    all.dedup();
    all
}

fn extra_value<'h>(cx: &mut Eval<'h>, function: Value<'h>, set: Attrs<'h>) -> Result<Vec<u8>> {
    let value = cx.call(function, &[set.into()])?;
    let value = cx.force_attrs(value, "apply needs to evaluate to an attrset")?;
    Ok(print::json(cx, value.into(), true)?.0)
}

fn system<'h>(cx: &mut Eval<'h>, set: Attrs<'h>) -> Result<Vec<u8>> {
    let symbol = cx.intern(b"system");
    let Some(value) = set.get(symbol) else { return Ok(b"unknown".to_vec()) };
    let text = cx.force_plain_string(value, "while evaluating the 'system' attribute of a derivation");
    Ok(text.at(set.position(symbol))?.as_bytes().to_vec())
}

/// The names that the attribute `outputs` lists; `None` without that attribute.
fn listed_outputs<'h>(cx: &mut Eval<'h>, set: Attrs<'h>) -> Result<Option<Vec<Vec<u8>>>> {
    let Some(value) = set.get(cx.intern(b"outputs")) else { return Ok(None) };
    let list = cx.force_list(value, "while evaluating the 'outputs' attribute of a derivation")?;
    let mut names = Vec::new();
    for item in list.iter() {
        let name = cx.force_plain_string(item, "while evaluating the name of an output of a derivation")?;
        names.push(name.as_bytes().to_vec());
    }
    Ok(Some(names))
}

fn output_names<'h>(cx: &mut Eval<'h>, set: Attrs<'h>) -> Result<Outputs> {
    let names = listed_outputs(cx, set)?.unwrap_or_else(|| vec![b"out".to_vec()]);
    Ok(names.into_iter().map(|name| (name, None)).collect())
}

fn output_paths<'h>(cx: &mut Eval<'h>, set: Attrs<'h>) -> Result<Outputs> {
    let out_path = cx.intern(b"outPath");
    let mut outputs = Outputs::new();
    let Some(names) = listed_outputs(cx, set)? else {
        let missing = || Error::eval("derivation does not have attribute 'outPath'");
        let value = set.get(out_path).ok_or_else(missing)?;
        let path = store_path(cx, value, "while evaluating the output path of a derivation")?;
        return Ok([(b"out".to_vec(), Some(path))].into());
    };
    for name in names {
        let Some(output) = set.get(cx.intern(&name)) else { continue };
        let output = cx.force_attrs(output, "while evaluating an output of a derivation")?;
        let Some(value) = output.get(out_path) else { continue };
        let path = store_path(cx, value, "while evaluating an output path of a derivation")?;
        outputs.entry(name).or_insert(Some(path));
    }
    Ok(outputs)
}

/// `meta` without what has no plain value, such as functions, paths and derivations.
fn meta<'h>(cx: &mut Eval<'h>, set: Attrs<'h>) -> Result<Vec<u8>> {
    let Some(value) = set.get(cx.intern(b"meta")) else { return Ok(b"null".to_vec()) };
    let meta = cx.force_attrs(value, "while evaluating the 'meta' attribute of a derivation")?;
    let mut members = Vec::new();
    for (symbol, value, _) in by_name(cx.scope(), meta) {
        if is_plain(cx, value)? {
            members.push((cx.symbol_text(symbol), print::json(cx, value, true)?.0));
        }
    }
    Ok(if members.is_empty() { b"null".to_vec() } else { object(members) })
}

/// True for numbers, Booleans, strings, and lists and sets of those, evaluated.
fn is_plain<'h>(cx: &mut Eval<'h>, value: Value<'h>) -> Result<bool> {
    cx.deeper(|cx| {
        let value = cx.force(value)?;
        let parts = match value.unpack() {
            Unpacked::Int(_) | Unpacked::Bool(_) | Unpacked::String(_) | Unpacked::Float(_) => return Ok(true),
            Unpacked::List(list) => list.iter().collect(),
            Unpacked::Attrs(set) if set.contains(cx.intern(b"outPath")) => return Ok(false),
            Unpacked::Attrs(set) => set.iter().map(|attribute| attribute.1).collect::<Vec<_>>(),
            _ => return Ok(false),
        };
        for part in parts {
            if !is_plain(cx, part)? {
                return Ok(false);
            }
        }
        Ok(true)
    })
}

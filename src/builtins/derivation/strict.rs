//! `derivationStrict`: from a derivation's attributes to its store paths.

use super::attributes::Attributes;
use super::inputs::Inputs;
use super::outputs::{output_kinds, output_string};
use crate::error::{self, Action, Error, ErrorKind, Ordinal, Purpose, Result, ResultExt};
use crate::eval::Eval;
use crate::eval::builtin::Arguments;
use crate::heap::{Attrs, PosId, Str, Value};
use crate::store::computed::KnownDerivation;
use crate::store::derivation::{Computed, Derivation, Output, Variable};
use crate::store::path::{DERIVATION_SUFFIX, check_name};
use crate::symbol::{DRV_PATH, NAME};
use crate::value::context::Reference;

pub(super) fn derivation_strict<'h>(cx: &mut Eval<'h>, [attrs, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let set = cx.force_attrs(attrs, Purpose::Argument(Ordinal::Only, "builtins.derivationStrict"))?;
    let phrase = "in the attrset passed as argument to builtins.derivationStrict";
    let missing = || Error::from(ErrorKind::MissingAttribute("name".to_owned())).traced(PosId::NONE, phrase);
    let (name, position) = (set.get(NAME).ok_or_else(missing)?, set.position(NAME));
    let name = cx
        .force_plain_string(name, "while evaluating the `name` attribute passed to builtins.derivationStrict")
        .traced(position, || "while evaluating the derivation attribute 'name'")?;
    instantiate(cx, set, name).map_err(|error| error.traced_always(PosId::NONE, in_derivation(cx, name, position)))
}

#[cold]
fn in_derivation(cx: &Eval<'_>, name: Str<'_>, position: PosId) -> Action {
    let place = match cx.sources().locate(position) {
        Some(place) => format!("{}:{}:{}", place.source.name(), place.line, place.column),
        None => "«none»:0".to_owned(),
    };
    let name = String::from_utf8_lossy(name.as_bytes()).into();
    Action::Derivation(Box::new(error::Derivation { name, location: Some((position, place)) }))
}

fn instantiate<'h>(cx: &mut Eval<'h>, set: Attrs<'h>, name: Str<'h>) -> Result<Value<'h>> {
    check_name(name.as_bytes())
        .map_err(|reason| Error::eval(format!("invalid derivation name: {reason}. Please pass a different 'name'.")))?;
    let attributes = Attributes::read(cx, set, name)?;
    let inputs = Inputs::of(cx, &attributes.contexts)?;
    attributes.check_required()?;
    let outputs = output_kinds(cx, name.as_bytes(), &attributes)?;
    let derivation = derivation(name.as_bytes(), &attributes, &inputs, outputs);
    let (known, settings) = (&cx.shared().computed, cx.settings());
    let computed = derivation.compute(&settings.store_dir, known, settings.keep_derivations)?;
    result(cx, &attributes, &derivation, computed)
}

fn derivation<'a>(
    name: &'a [u8],
    attributes: &'a Attributes<'_>,
    inputs: &'a Inputs,
    outputs: Vec<(&'a [u8], Output)>,
) -> Derivation<'a> {
    let environment = environment(attributes, &outputs);
    Derivation {
        name,
        outputs,
        input_derivations: inputs.derivations(),
        input_sources: inputs.sources(),
        system: attributes.system,
        builder: attributes.builder,
        arguments: attributes.arguments.to_vec(),
        environment,
    }
}

/// The environment with a variable for each output, which replaces an attribute of that name.
fn environment<'a>(attributes: &'a Attributes<'_>, outputs: &[(&'a [u8], Output)]) -> Vec<(&'a [u8], Variable<'a>)> {
    let is_output = |name: &[u8]| outputs.binary_search_by_key(&name, |output| output.0).is_ok();
    let texts = attributes.environment.iter().filter(|variable| !is_output(variable.0));
    let mut all: Vec<_> = texts.map(|(name, text)| (*name, Variable::Text(text))).collect();
    if let Some(json) = &attributes.json {
        all.push((b"__json", Variable::Text(json)));
    }
    all.extend(outputs.iter().enumerate().map(|(index, output)| (output.0, Variable::Output(index))));
    all.sort_unstable_by_key(|variable| variable.0);
    all
}

/// Records the derivation and creates the set of its paths.
fn result<'h>(
    cx: &Eval<'h>,
    attributes: &Attributes<'h>,
    derivation: &Derivation<'_>,
    computed: Computed,
) -> Result<Value<'h>> {
    let path = computed.path;
    let deep = cx.contexts().of([Reference::Deep(path.clone())]);
    let mut items = vec![(DRV_PATH, cx.string_with_context(&path, deep), PosId::NONE)];
    for ((name, _), output) in derivation.outputs.iter().zip(&computed.outputs) {
        items.push((cx.intern(name), output_string(cx, &path, name, output.as_deref())?, PosId::NONE));
    }
    if let Some(text) = computed.text {
        cx.computed().add_text(&path, text);
    }
    let inputs = attributes.contexts.as_slice().into();
    let known = KnownDerivation::new(derivation, computed.outputs, computed.modulo, inputs);
    cx.computed().add_derivation(path, known);
    Ok(cx.attrs(items))
}

/// True if the path of a derivation with this name would end like that of a `.drv` file.
pub(super) fn is_derivation_name(name: &[u8]) -> bool {
    name.ends_with(DERIVATION_SUFFIX)
}

//! Builtins on flakes and references to them. `codec` parses and prints references.
//!
//! C++ Nix has these builtins whether the feature is on or off, and nixpkgs mentions them. So they always exist, and
//! fail when they are called without it. Flakes themselves are in `flake`.

use crate::codec::nix_string::attribute_name;
use crate::error::{Error, Ordinal, Purpose, Result};
use crate::eval::Eval;
use crate::eval::builtin::{Arguments, Builtin, INTERNAL, row};
use crate::flake::{self, FETCHER, warn_of_parameters};
use crate::flake_ref::{self, InputAttr, InputAttrs, Reading};
use crate::heap::{PosId, Unpacked, Value};

pub(super) const TABLE: &[Builtin] = &[
    row(
        "flakeRefToString",
        &["attrs"],
        "The text of a flake reference that is given as a set, see `parseFlakeRef`.\n\
         This is an error unless the experimental feature `flakes` is on.",
        flake_ref_to_string,
    ),
    row(
        "getFlake",
        &["args"],
        "A flake, by a reference or the path of its folder: its outputs, and `inputs`, `outputs`, `outPath` and what else is\n\
         known of its tree. In pure evaluation the reference must be locked, by a commit or hash.\n\
         This is an error unless the experimental feature `flakes` is on.",
        get_flake,
    ),
    row(
        "parseFlakeRef",
        &["flake-ref"],
        "A flake reference taken apart into a set: `\"github:NixOS/nixpkgs/23.05?dir=lib\"` is\n\
         `{ dir = \"lib\"; owner = \"NixOS\"; ref = \"23.05\"; repo = \"nixpkgs\"; type = \"github\"; }`.\n\
         This is an error unless the experimental feature `flakes` is on.",
        parse_flake_ref,
    ),
    row(FETCHER, &["input"], "The tree that a lock file names.", |cx, [input, ..]| flake::fetch_final(cx, input))
        .behind(INTERNAL),
];

fn parse_flake_ref<'h>(cx: &mut Eval<'h>, [text, ..]: Arguments<'h>) -> Result<Value<'h>> {
    require_flakes(cx)?;
    let text = cx.force_plain_string(text, Purpose::Argument(Ordinal::Only, "builtins.parseFlakeRef"))?;
    warn_of_parameters(cx, text.as_bytes(), &Reading::default());
    let attrs = flake_ref::parse(text.as_bytes()).map_err(|error| Error::eval(error.0))?;
    let mut set = Vec::with_capacity(attrs.len());
    for (name, value) in attrs {
        let value = match value {
            InputAttr::String(text) => cx.string(&text),
            InputAttr::Int(int) => cx.int(int.cast_signed()),
            InputAttr::Bool(truth) => Value::bool(truth),
        };
        set.push((cx.intern(&name), value, PosId::NONE));
    }
    Ok(cx.attrs(set))
}

fn flake_ref_to_string<'h>(cx: &mut Eval<'h>, [attrs, ..]: Arguments<'h>) -> Result<Value<'h>> {
    require_flakes(cx)?;
    let set = cx.force_attrs(attrs, Purpose::Argument(Ordinal::Only, "builtins.flakeRefToString"))?;
    let mut attrs = InputAttrs::new();
    for (symbol, value, _) in set.iter() {
        let name = cx.symbol_text(symbol);
        let value = cx.force(value)?;
        attrs.insert(name.to_vec(), attribute(cx, name, value)?);
    }
    let text = flake_ref::print(&attrs).map_err(|error| Error::eval(error.0))?;
    Ok(cx.string(&text))
}

fn attribute<'h>(cx: &Eval<'h>, name: &[u8], value: Value<'h>) -> Result<InputAttr> {
    let name = || attribute_name(name);
    match value.unpack() {
        Unpacked::String(text) => Ok(InputAttr::String(text.as_bytes().to_vec())),
        Unpacked::Bool(truth) => Ok(InputAttr::Bool(truth)),
        Unpacked::Int(int) => match u64::try_from(int) {
            Ok(int) => Ok(InputAttr::Int(int)),
            Err(_) => Err(Error::eval(format!("negative value given for flake ref attr {}: {int}", name()))),
        },
        _ => Err(Error::eval(format!(
            "flake reference attribute sets may only contain integers, Booleans, and strings, but attribute '{}' is \
             {}",
            name(),
            cx.show_type(value)
        ))),
    }
}

fn get_flake<'h>(cx: &mut Eval<'h>, [reference, ..]: Arguments<'h>) -> Result<Value<'h>> {
    require_flakes(cx)?;
    let reference = cx.force(reference)?;
    flake::get_flake(cx, reference)
}

fn require_flakes(cx: &Eval<'_>) -> Result<()> {
    let feature = "flakes";
    if cx.settings().has_feature(feature) {
        return Ok(());
    }
    Err(Error::eval(format!(
        "experimental Nix feature '{feature}' is disabled; add '--extra-experimental-features {feature}' to enable it"
    )))
}

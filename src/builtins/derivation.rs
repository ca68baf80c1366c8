//! Derivations: the function `derivation`, and what it is made of.

mod attributes;
mod imported;
mod inputs;
mod json_text;
mod output_of;
mod outputs;
mod strict;
mod warnings;

pub(super) use imported::imported;
pub(super) use outputs::{hash_or_zeros, unknown_output};

use crate::error::{Error, Ordinal, Purpose, Result};
use crate::eval::Eval;
use crate::eval::builtin::{Arguments, Builtin, INTERNAL, row};
use crate::heap::Value;

pub(super) const TABLE: &[Builtin] = &[
    row(
        "derivationStrict",
        &["attrs"],
        "The store paths that follow from a derivation's attributes: a set of `drvPath` and, for each output, its path.\n\
         All attributes are evaluated. Programs use `derivation`, which is lazy.",
        strict::derivation_strict,
    )
    .example(
        "(derivationStrict { name = \"a\"; system = \"x\"; builder = \"b\"; }).out",
        "\"/nix/store/mx735vk17fbgvrjr0zk0wqfylg1i1996-a\"",
    )
    .forces_first()
    .global(),
    row(
        "outputOf",
        &["derivation-reference", "output-name"],
        "The path of an output of a derivation that is given as a string: the path of its `.drv` file, or the output of\n\
         another derivation that will be one. What isn't known before building is a text that the build replaces.",
        output_of::output_of,
    )
    .forces_first()
    .behind("dynamic-derivations"),
    row("placeholder", &["output"], "A text that a build replaces by the path of the named output.", placeholder)
        .example("placeholder \"out\"", "\"/1rz4g4znpzjwh1xymhjpm42vipw92pr73vdgl6xs1hycac8kf2n9\"")
        .forces_first()
        .global(),
    row(MAKER, &["ignored"], "The function `derivation`, which is written in Nix.", function).behind(INTERNAL).untraced(),
];

/// The builtin that returns `derivation`. It is called when a program first needs it; most small programs don't.
const MAKER: &str = "makeDerivationFunction";

fn placeholder<'h>(cx: &mut Eval<'h>, [output, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let phrase = Purpose::Argument(Ordinal::First, "builtins.placeholder");
    let output = cx.force_plain_string(output, phrase)?;
    Ok(cx.string(crate::store::derivation::placeholder(output.as_bytes())))
}

/// Fails unless the experimental feature is on. `reason` names the construct that needs it, and may be empty.
pub(super) fn require_feature(cx: &Eval<'_>, feature: &str, reason: &str) -> Result<()> {
    if cx.settings().has_feature(feature) {
        return Ok(());
    }
    let reason = if reason.is_empty() { String::new() } else { format!(" ({reason})") };
    Err(Error::eval(format!(
        "experimental Nix feature '{feature}' is disabled{reason}; \
         add '--extra-experimental-features {feature}' to enable it"
    )))
}

/// Creates the function `derivation`, as a global and a member of `builtins`.
pub(crate) fn install(cx: &mut Eval<'_>) {
    let function = cx.delayed_call(cx.internal_builtin(MAKER), &[Value::NULL]);
    let name = cx.intern(b"derivation");
    let root = cx.scope().add_root(function);
    cx.shared().globals.borrow_mut().insert(name, root);
    let set = cx.shared().builtins_set.get().and_then(|set| cx.scope().root(*set).as_attrs());
    if let Some((holder, index)) = set.and_then(|set| set.find(name)) {
        holder.write_back(index, function);
    }
}

fn function<'h>(cx: &mut Eval<'h>, _: Arguments<'h>) -> Result<Value<'h>> {
    let text = include_bytes!("derivation.nix").to_vec();
    let function = cx.delay_internal("«nix-internal»/derivation-internal.nix", text);
    cx.force(function)
}

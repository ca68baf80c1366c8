//! Warnings about attributes without the expected effect.

use crate::error::{Action, Derivation, Error};
use crate::eval::Eval;
use crate::heap::{PosId, Str, Symbol};
use crate::symbol;

pub(super) const JSON_ADVICE: &str = "setting structured attributes via '__json' is deprecated, and may be disallowed in \
                                      future versions of Nix. Set '__structuredAttrs = true' instead.";

/// True for attributes that have no effect if attributes are structured.
pub(super) fn is_output_check(name: Symbol) -> bool {
    matches!(
        name,
        symbol::ALLOWED_REFERENCES
            | symbol::ALLOWED_REQUISITES
            | symbol::DISALLOWED_REFERENCES
            | symbol::DISALLOWED_REQUISITES
            | symbol::MAX_SIZE
            | symbol::MAX_CLOSURE_SIZE
    )
}

/// Warns that an attribute has no effect, and names the one that has.
#[cold]
pub(super) fn warn_check(cx: &Eval<'_>, derivation: Str<'_>, name: Symbol, position: PosId) {
    let name = String::from_utf8_lossy(cx.symbol_text(name));
    let text = format!(
        "'structuredAttrs' disables the effect of the derivation attribute '{name}'; \
         use 'outputChecks.<output>.{name}' instead"
    );
    warn(cx, derivation, &text, position);
}

/// Shows a warning about an attribute of a derivation.
#[cold]
pub(super) fn warn(cx: &Eval<'_>, derivation: Str<'_>, text: &str, position: PosId) {
    let name = String::from_utf8_lossy(derivation.as_bytes()).into();
    let derivation = Action::Derivation(Box::new(Derivation { name, location: None }));
    let error = Error::eval(text).at(position).traced(PosId::NONE, derivation);
    cx.warn(&error);
}

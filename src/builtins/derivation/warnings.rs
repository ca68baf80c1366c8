//! What is said of attributes that don't do what they look like.

use crate::error::Error;
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

/// Says that an attribute has no effect, and what has.
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
    let derivation = String::from_utf8_lossy(derivation.as_bytes());
    let frame = format!("while evaluating derivation '{derivation}'");
    let error = Error::eval(text).at(position).traced(frame, PosId(0));
    cx.io().message(as_warning(&crate::report::plain(&error, cx.sources(), false)).as_bytes());
}

/// The text of an error with `warning:` in place of `error:`. That is longer by two, and lines are aligned with it.
fn as_warning(text: &str) -> String {
    let mut lines = Vec::new();
    for line in text.lines() {
        let aligned = line.strip_prefix("       ");
        lines.push(match (line.strip_prefix("error:"), aligned.and_then(|rest| rest.strip_prefix("error: "))) {
            (Some(rest), _) => format!("warning:{rest}"),
            (None, Some(rest)) => format!("         warning: {rest}"),
            (None, None) => aligned.map_or_else(|| line.to_owned(), |rest| format!("         {rest}")),
        });
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::as_warning;

    #[test]
    fn lines_are_aligned() {
        let text = "error:\n       … while\n\n       error: a\n       at b";
        assert_eq!(as_warning(text), "warning:\n         … while\n\n         warning: a\n         at b");
        assert_eq!(as_warning("error: a"), "warning: a");
    }
}

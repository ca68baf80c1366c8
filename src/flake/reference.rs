//! References in programs and files, with their warnings.

use crate::error::{Error, Result};
use crate::eval::Eval;
use crate::flake_ref::{self, FlakeRef, Read, Reading};

/// Parses the address of an input, which may be a path relative to the flake.
pub(super) fn parse_input(cx: &Eval<'_>, text: &[u8], is_flake: bool) -> Result<FlakeRef> {
    let reading = Reading { base: None, keeps_relative: true, is_tree: is_flake };
    warn_of_parameters(cx, text, &reading);
    let (attrs, fragment) = match flake_ref::read(text, &reading)? {
        Read::Whole { attrs, fragment } => (attrs, fragment),
        Read::Path(path) => path.at(None)?,
    };
    without_fragment(text, &fragment)?;
    Ok(FlakeRef::split(attrs))
}

/// Warns about parameters of a reference without `=`.
pub(crate) fn warn_of_parameters(cx: &Eval<'_>, text: &[u8], reading: &Reading<'_>) {
    for warning in flake_ref::warnings(text, reading) {
        cx.warn(&Error::eval(warning));
    }
}

pub(super) fn without_fragment(text: &[u8], fragment: &[u8]) -> Result<()> {
    if fragment.is_empty() {
        return Ok(());
    }
    let [text, fragment] = [text, fragment].map(String::from_utf8_lossy);
    Err(Error::fetch(format!("unexpected fragment '{fragment}' in flake reference '{text}'")))
}

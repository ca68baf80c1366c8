//! Warnings about references.

use crate::codec::flake_ref::dubious_parameters;
use crate::error::Error;
use crate::eval::Eval;

/// Says which parameters of a reference count for nothing.
pub(crate) fn warn_dubious(cx: &Eval<'_>, reference: &[u8]) {
    if !reference.contains(&b'?') {
        return;
    }
    for name in dubious_parameters(reference) {
        cx.warn(&Error::eval(format!("dubious URI query '{name}' is missing equal sign '=', ignoring")));
    }
}

//! Warnings about short programs that are valid, but most likely not meant.

use nivis::Eval;
use nivis::io::Message;
use nivis::report::silent_mistakes;
use nivis::source::{Origin, Sources};

/// Warns of the mistakes in a text that somebody typed. `is_variable` is true for names that the text can use.
pub(crate) fn warn_of_silent_mistakes(cx: &Eval<'_>, text: &[u8], is_variable: &dyn Fn(&str) -> bool) {
    let alone = Sources::default();
    let source = alone.add(Origin::String, text.to_vec().into());
    for mistake in silent_mistakes(&source, is_variable) {
        cx.message(&Message::Advice(&mistake, &alone));
    }
}

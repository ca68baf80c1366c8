//! The builtin that writes XML, with `print`.

use crate::error::Result;
use crate::eval::Eval;
use crate::eval::builtin::{Arguments, Builtin, row};
use crate::heap::Value;

pub(super) const TABLE: &[Builtin] = &[row(
    "toXML",
    &["e"],
    "*e*, evaluated to its depths, as an XML document.\n\
     Unlike JSON it also has functions (only their arguments) and distinguishes paths from strings.\n\
     A derivation met a second time is `<repeated />`.",
    to_xml,
)
.forces_first()
.example(
    "builtins.toXML [ 1 ]",
    r#""<?xml version='1.0' encoding='utf-8'?>\n<expr>\n  <list>\n    <int value=\"1\" />\n  </list>\n</expr>\n""#,
)];

fn to_xml<'h>(cx: &mut Eval<'h>, [value, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let (text, context) = crate::print::xml(cx, value, true, false)?;
    cx.long_string(&text, context)
}

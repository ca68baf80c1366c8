//! The functions that compute lines and columns for `__curPos` and `unsafeGetAttrPos`.

use crate::error::Result;
use crate::eval::Eval;
use crate::eval::builtin::{Arguments, Builtin, INTERNAL, row};
use crate::heap::{PosId, Value};
use crate::source::Location;

/// The last two builtins, in this order. Position values call them.
pub(super) const TABLE: &[Builtin] = &[
    row("lineOfPos", &["pos"], "The line of a position.", line).behind(INTERNAL).untraced(),
    row("columnOfPos", &["pos"], "The column of a position.", column).behind(INTERNAL).untraced(),
];

fn line<'h>(cx: &mut Eval<'h>, [position, ..]: Arguments<'h>) -> Result<Value<'h>> {
    Ok(part(cx, position, |place| place.line))
}

fn column<'h>(cx: &mut Eval<'h>, [position, ..]: Arguments<'h>) -> Result<Value<'h>> {
    Ok(part(cx, position, |place| place.column))
}

fn part<'h>(cx: &Eval<'h>, position: Value<'h>, part: impl Fn(&Location) -> usize) -> Value<'h> {
    let position = position.as_small_int().and_then(|number| u32::try_from(number).ok()).map_or(PosId::NONE, PosId);
    cx.int(cx.sources().locate(position).map_or(0, |place| part(&place) as i64))
}

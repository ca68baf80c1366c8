//! The two ways to look at a value that is being printed: as it is, or forced.

use super::store_path::is_store_path;
use crate::error::{Error, Result, ResultExt};
use crate::eval::{Coercion, Eval};
use crate::heap::{Attrs, PosId, Value};
use crate::symbol::{DRV_PATH, NAME, TYPE};

/// A derivation, with the path of its `.drv` file if it has one.
pub(super) type Derivation = Option<Vec<u8>>;

/// A way to look at values.
pub(super) trait Look<'h> {
    /// The evaluator.
    fn eval(&self) -> &Eval<'h>;

    /// The value in a slot of a set or list; an unevaluated thunk if nothing is forced.
    fn look(&mut self, slot: Value<'h>) -> Result<Value<'h>>;

    /// The derivation that a set is, as far as this way of looking can decide.
    fn derivation(&mut self, set: Attrs<'h>) -> Result<Option<Derivation>>;
}

/// Forces nothing.
pub(super) struct AsIs<'a, 'h>(pub(super) &'a Eval<'h>);

impl<'h> Look<'h> for AsIs<'_, 'h> {
    fn eval(&self) -> &Eval<'h> {
        self.0
    }

    fn look(&mut self, slot: Value<'h>) -> Result<Value<'h>> {
        let value = slot.peeked();
        Ok(self.0.clock_reading(value).unwrap_or(value))
    }

    fn derivation(&mut self, set: Attrs<'h>) -> Result<Option<Derivation>> {
        let text = |name| {
            let value = set.get(name)?.peeked();
            value.as_str().map(|text| text.as_bytes().to_vec())
        };
        if text(TYPE).as_deref() != Some(b"derivation") {
            return Ok(None);
        }
        Ok(Some(text(DRV_PATH).or_else(|| text(NAME))))
    }
}

/// Forces everything it looks at.
pub(super) struct Forced<'a, 'h>(pub(super) &'a mut Eval<'h>);

impl<'h> Look<'h> for Forced<'_, 'h> {
    fn eval(&self) -> &Eval<'h> {
        self.0
    }

    fn look(&mut self, slot: Value<'h>) -> Result<Value<'h>> {
        self.0.force(slot)
    }

    fn derivation(&mut self, set: Attrs<'h>) -> Result<Option<Derivation>> {
        if !is_derivation(self.0, set)? {
            return Ok(None);
        }
        let Some(path) = set.get(DRV_PATH) else { return Ok(Some(None)) };
        let path = drv_path(self.0, path).traced(PosId::NONE, || "while evaluating the drvPath of a derivation")?;
        Ok(Some(Some(path)))
    }
}

/// True for a set whose `type` is `"derivation"`. Forces the `type`.
pub(super) fn is_derivation<'h>(cx: &mut Eval<'h>, set: Attrs<'h>) -> Result<bool> {
    let Some(kind) = set.get(TYPE) else { return Ok(false) };
    let kind = cx.force(kind)?;
    Ok(kind.as_str().is_some_and(|kind| kind.as_bytes() == b"derivation"))
}

fn drv_path<'h>(cx: &mut Eval<'h>, value: Value<'h>) -> Result<Vec<u8>> {
    let text = cx.coerce_to_string(value, Coercion::plain(), "")?.as_bytes();
    if is_store_path(&cx.settings().store_dir, text) {
        return Ok(text.to_vec());
    }
    Err(Error::eval(format!("path '{}' is not in the Nix store", String::from_utf8_lossy(text))))
}

//! What set literals need at run time: computed names, `__overrides`, positions as values.

use super::{Eval, Frame};
use crate::error::{Error, Result};
use crate::heap::{PosId, Symbol, Value};
use crate::ir::{Operand, Words};
use crate::symbol;
use crate::value::attrs::Attr;
use rustc_hash::FxHashMap;

impl<'h> Eval<'h> {
    /// Adds the attributes whose names are computed.
    #[inline(never)]
    pub(super) fn dynamic_attrs(&mut self, frame: &Frame<'h>, base: Operand, entries: Words) -> Result<Value<'h>> {
        let base = self.eval(frame, base)?;
        let base = self.force_attrs(base, "")?;
        let mut all: Vec<Attr<'h>> = base.iter().collect();
        let mut computed: FxHashMap<Symbol, PosId> = FxHashMap::default();
        for entry in frame.unit.ir.words(entries).chunks_exact(3) {
            let name = Operand::from_word(entry[0]);
            let position = frame.unit.position(entry[2]);
            let phrase = "while evaluating the name of a dynamic attribute";
            let name = self.eval(frame, name)?;
            if name.is_null() {
                continue;
            }
            let symbol = self.symbol_at(name, phrase, position)?;
            let earlier = base.find(symbol).map(|_| base.position(symbol));
            if let Some(earlier) = earlier.or_else(|| computed.get(&symbol).copied()) {
                return Err(self.already_defined(symbol, earlier, position));
            }
            computed.insert(symbol, position);
            let value = self.delay(frame, Operand::from_word(entry[1]));
            all.push((symbol, value, position));
        }
        Ok(self.attrs(all))
    }

    #[cold]
    fn already_defined(&self, symbol: Symbol, earlier: PosId, position: PosId) -> Error {
        let name = self.shown_name(symbol);
        let place = self.show_position(earlier);
        Error::eval(format!("dynamic attribute '{name}' already defined at {place}")).at(position)
    }

    /// `FILE:LINE:COLUMN` as C++ Nix writes it in messages.
    pub fn show_position(&self, position: PosId) -> String {
        self.shared.sources.locate(position).map_or_else(
            || "«none»".to_owned(),
            |place| format!("{}:{}:{}", place.source.name(), place.line, place.column),
        )
    }

    /// Puts the attributes of `__overrides` in the place of those of the set that has it.
    #[inline(never)]
    pub(super) fn overrides(&mut self, frame: &Frame<'h>, slot: u32) -> Result<Value<'h>> {
        let set = self.force_attrs(self.stack[frame.base + slot as usize], "")?;
        let Some(overrides) = set.get(symbol::OVERRIDES) else { return Ok(set.into()) };
        let overrides = self.force_attrs(overrides, "while evaluating the `__overrides` attribute")?;
        for (name, value, _) in overrides.iter() {
            if let Some((own, index)) = set.find(name) {
                own.update(index, value);
            }
        }
        Ok(self.update_attrs(set, overrides).into())
    }

    /// `{ column; file; line; }`, or `null` for what comes from no file.
    #[inline(never)]
    pub fn position_value(&self, position: PosId) -> Value<'h> {
        let Some(place) = self.shared.sources.locate(position) else { return Value::NULL };
        let crate::source::Origin::File(path) = &place.source.origin else { return Value::NULL };
        self.attrs(vec![
            (symbol::FILE, self.string(path), PosId(0)),
            (symbol::LINE, self.int(place.line as i64), PosId(0)),
            (symbol::COLUMN, self.int(place.column as i64), PosId(0)),
        ])
    }
}

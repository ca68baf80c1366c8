//! The run-time parts of set literals: computed names, `__overrides`, positions as values.

use super::delayed_calls::MemberCalls;
use super::{Eval, Frame};
use crate::error::{Error, Purpose, Result};
use crate::heap::{BuiltinId, PosId, ScratchVec, Symbol, Value};
use crate::ir::{Expr, Operand, OperandKind, Words};
use crate::symbol;
use crate::value::attrs::Attr;
use rustc_hash::FxHashMap;

impl<'h> Eval<'h> {
    /// Adds the attributes with computed names.
    #[inline(never)]
    pub(super) fn dynamic_attrs(&mut self, frame: &Frame<'h>, base: Operand, entries: Words) -> Result<Value<'h>> {
        let base = self.eval(frame, base)?;
        let base = self.force_attrs(base, "")?;
        let mut all: ScratchVec<'h, Attr<'h>> = self.scope.gather(base.iter());
        let mut computed: FxHashMap<Symbol, PosId> = FxHashMap::default();
        for entry in frame.unit.ir.words(entries).chunks_exact(3) {
            let name = Operand::from_word(entry[0]);
            let position = frame.unit.position(entry[2]);
            let phrase = Purpose::Other("while evaluating the name of a dynamic attribute");
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
            let value = Operand::from_word(entry[1]);
            name_functions(frame, value, symbol);
            let value = self.delay(frame, value);
            all.push((symbol, value, position));
        }
        Ok(if all.is_empty() { self.emptied_attrs().into() } else { self.unsorted_attrs(&mut all) })
    }

    #[cold]
    fn already_defined(&self, symbol: Symbol, earlier: PosId, position: PosId) -> Error {
        let name = self.shown_name(symbol);
        let place = self.show_position(earlier);
        Error::eval(format!("dynamic attribute '{name}' already defined at {place}")).at(position)
    }

    /// `FILE:LINE:COLUMN`, in the form of C++ Nix's messages.
    pub fn show_position(&self, position: PosId) -> String {
        self.shared.sources.locate(position).map_or_else(
            || "«none»".to_owned(),
            |place| format!("{}:{}:{}", place.source.name(), place.line, place.column),
        )
    }

    /// Replaces the attributes of a set by those in its `__overrides`.
    #[inline(never)]
    pub(super) fn overrides(&mut self, frame: &Frame<'h>, slot: u32) -> Result<Value<'h>> {
        let set = self.force_attrs(self.stack[frame.base + slot as usize], "")?;
        let Some(overrides) = set.get(symbol::OVERRIDES) else { return Ok(set.into()) };
        let overrides = self.force_attrs(overrides, "while evaluating the `__overrides` attribute")?;
        for (name, value, _) in overrides.iter() {
            if let Some((own, index)) = set.find(name) {
                own.write_back(index, value);
            }
        }
        Ok(self.update_attrs(set, overrides).into())
    }

    /// `{ column; file; line; }`, or `null` if there is no file.
    #[inline(never)]
    pub fn position_value(&self, position: PosId) -> Value<'h> {
        let Some(source) = self.shared.sources.text_at(position) else { return Value::NULL };
        let Some(path) = source.origin.path() else { return Value::NULL };
        // As in C++ Nix, lines and columns are only computed on demand, by the last two builtins.
        let part = |from_end: usize| {
            let id = BuiltinId((self.shared.builtins.len() - from_end) as u16);
            self.member_call(MemberCalls::Numbers(Value::builtin(id)), u64::from(position.0))
        };
        self.attrs(vec![
            (symbol::FILE, self.string(path), PosId::NONE),
            (symbol::LINE, part(2), PosId::NONE),
            (symbol::COLUMN, part(1), PosId::NONE),
        ])
    }
}

/// Gives a function, and the functions that it directly returns, the computed name that it is bound to. In C++ Nix a
/// function in the text has one name, the last one given to it.
fn name_functions(frame: &Frame<'_>, mut value: Operand, name: Symbol) {
    let ir = &frame.unit.ir;
    if let OperandKind::Expr(id) = value.kind()
        && let Expr::Thunk(code) = ir.expr(id)
    {
        value = ir.code(code).body;
    }
    while let OperandKind::Expr(id) = value.kind()
        && let Expr::Lambda(code) = ir.expr(id)
        && let Some(lambda) = &ir.code(code).lambda
        && let Some(first) = lambda.parameters.first()
    {
        frame.unit.computed_names.borrow_mut().insert(first.start, name);
        value = ir.code(code).body;
    }
}

//! Selection: `a.b.c`, `a.b or d`, `a ? b`, and names that a `with` provides.

use super::{Eval, Frame};
use crate::error::{Error, ErrorKind, Result};
use crate::heap::{Attrs, ContextId, PosId, Symbol, Value};
use crate::ir::{ExprId, Operand, PathId, PathPart, Words};

impl<'h> Eval<'h> {
    /// The forced value of an attribute, written back into the set if it may be.
    #[inline]
    pub(super) fn force_attribute(&mut self, holder: Attrs<'h>, index: usize) -> Result<Value<'h>> {
        let value = holder.value_at(index).unwrap_or(Value::NULL);
        let Some(thunk) = value.as_thunk() else { return Ok(value) };
        let forced = self.force(value)?;
        if thunk.replacement().is_some() {
            holder.update(index, forced);
        }
        Ok(forced)
    }

    pub(super) fn select(&mut self, frame: &Frame<'h>, id: ExprId, base: Operand, path: PathId) -> Result<Value<'h>> {
        let mut value = self.eval(frame, base).map_err(|error| self.selection_trace(frame, id, path, error))?;
        for part in frame.unit.ir.path(path) {
            let symbol = self.path_symbol(frame, part).map_err(|error| self.selection_trace(frame, id, path, error))?;
            let Some(attrs) = value.as_attrs() else { return Err(self.select_from_wrong_type(frame, id, path, value)) };
            let Some((holder, index)) = attrs.find(symbol) else {
                return Err(self.missing_attribute(attrs, symbol).at(self.position_of(frame, id)));
            };
            value = match self.force_attribute(holder, index) {
                Ok(value) => value,
                Err(error) => return Err(self.attribute_trace(frame, path, attrs.position(symbol), error)),
            };
        }
        Ok(value)
    }

    /// The selected value, or `None` if a name is missing or something on the way is no set.
    pub(super) fn select_if_present(
        &mut self,
        frame: &Frame<'h>,
        id: ExprId,
        base: Operand,
        path: PathId,
    ) -> Result<Option<Value<'h>>> {
        let mut value = self.eval(frame, base).map_err(|error| self.selection_trace(frame, id, path, error))?;
        for part in frame.unit.ir.path(path) {
            let symbol = self.path_symbol(frame, part).map_err(|error| self.selection_trace(frame, id, path, error))?;
            let Some((holder, index)) = value.as_attrs().and_then(|attrs| attrs.find(symbol)) else { return Ok(None) };
            value = match self.force_attribute(holder, index) {
                Ok(value) => value,
                Err(error) => return Err(self.attribute_trace(frame, path, holder.position(symbol), error)),
            };
        }
        Ok(Some(value))
    }

    pub(super) fn has_attr(&mut self, frame: &Frame<'h>, id: ExprId, base: Operand, path: PathId) -> Result<Value<'h>> {
        let mut value = self
            .eval(frame, base)
            .map_err(|error| error.traced("in the argument of '?'", self.position_of(frame, id)))?;
        let mut parts = frame.unit.ir.path(path).peekable();
        while let Some(part) = parts.next() {
            let symbol = self.path_symbol(frame, part)?;
            let Some((holder, index)) = value.as_attrs().and_then(|attrs| attrs.find(symbol)) else {
                return Ok(Value::FALSE);
            };
            if parts.peek().is_some() {
                value = self.force_attribute(holder, index)?;
            }
        }
        Ok(Value::TRUE)
    }

    #[inline]
    fn path_symbol(&mut self, frame: &Frame<'h>, part: PathPart) -> Result<Symbol> {
        match part {
            PathPart::Name(name) => Ok(self.symbol(frame, name)),
            PathPart::Dynamic(operand) => {
                let value = self
                    .eval(frame, operand)
                    .map_err(|error| error.traced("while evaluating an attribute name", PosId(0)))?;
                self.force_symbol(value, "while evaluating an attribute name")
            }
        }
    }

    /// `x` under `with a; with b;`: the nearest set that has it.
    pub(super) fn lookup_in_withs(
        &mut self,
        frame: &Frame<'h>,
        id: ExprId,
        name: crate::ir::Name,
        namespaces: Words,
    ) -> Result<Value<'h>> {
        let symbol = self.symbol(frame, name);
        for operand in frame.unit.ir.operands(namespaces) {
            let value = self.eval(frame, operand)?;
            let attrs = self.force_attrs(value, "while evaluating the first subexpression of a with expression")?;
            if let Some((holder, index)) = attrs.find(symbol) {
                return self.force_attribute(holder, index);
            }
        }
        let text = String::from_utf8_lossy(self.symbol_text(symbol)).into_owned();
        Err(Error::from(ErrorKind::UndefinedVariable(text)).at(self.position_of(frame, id)))
    }

    /// The error `attribute 'x' missing`, with names that may have been meant.
    #[cold]
    pub fn missing_attribute(&self, attrs: Attrs<'h>, symbol: Symbol) -> Error {
        let name = self.symbol_text(symbol);
        let suggestions = self.suggest(name, attrs.iter().map(|(name, ..)| name));
        let mut shown = Vec::new();
        crate::codec::nix_string::write_attribute_name(&mut shown, name);
        Error::from(ErrorKind::MissingAttribute(String::from_utf8_lossy(&shown).into_owned()))
            .with_suggestions(suggestions)
    }

    /// Names like `name` among `candidates`, best first.
    #[cold]
    pub(super) fn suggest(&self, name: &[u8], candidates: impl Iterator<Item = Symbol>) -> Vec<String> {
        let texts = candidates.map(|symbol| self.symbol_text(symbol));
        let best = crate::codec::levenshtein::suggestions(name, texts);
        best.into_iter().map(|text| String::from_utf8_lossy(text).into_owned()).collect()
    }

    #[cold]
    fn select_from_wrong_type(&self, frame: &Frame<'h>, id: ExprId, path: PathId, value: Value<'h>) -> Error {
        let position = self.position_of(frame, id);
        let error = self.mismatch("a set", value).at(position).traced("while selecting an attribute", position);
        self.selection_trace(frame, id, path, error)
    }

    #[cold]
    fn selection_trace(&self, frame: &Frame<'h>, id: ExprId, path: PathId, error: Error) -> Error {
        let message = format!("while evaluating the attribute '{}'", self.show_path(frame, path));
        error.traced(message, self.position_of(frame, id))
    }

    #[cold]
    fn attribute_trace(&self, frame: &Frame<'h>, path: PathId, position: PosId, error: Error) -> Error {
        if position == PosId(0) {
            return error;
        }
        error.traced(format!("while evaluating the attribute '{}'", self.show_path(frame, path)), position)
    }

    fn show_path(&self, frame: &Frame<'h>, path: PathId) -> String {
        let mut shown = Vec::new();
        for (index, part) in frame.unit.ir.path(path).enumerate() {
            if index > 0 {
                shown.push(b'.');
            }
            match part {
                PathPart::Name(name) => {
                    crate::codec::nix_string::write_attribute_name(&mut shown, frame.unit.ir.name(name));
                }
                PathPart::Dynamic(_) => shown.extend_from_slice(b"\"${...}\""),
            }
        }
        String::from_utf8_lossy(&shown).into_owned()
    }

    /// True if the string may name an attribute: it refers to no store path.
    pub(super) fn is_plain(context: ContextId) -> bool {
        context == ContextId(0)
    }
}

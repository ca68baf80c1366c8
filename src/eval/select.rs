//! Selection: `a.b.c`, `a.b or d`, `a ? b`, and names that a `with` provides.

use super::{At, Eval, Frame};
use crate::codec::nix_string::{attribute_name, write_attribute_name};
use crate::error::{self, Action, Details, Error, ErrorKind, Purpose, Result};
use crate::heap::{Attrs, AttrsForm, List, PosId, Symbol, Value};
use crate::ir::{Expr, Operand, OperandKind, PathId, PathPart, Words};
use crate::source::Part;

/// The progress of a selection.
#[derive(Clone, Copy)]
struct Selection<'f, 'h> {
    at: At<'f, 'h>,
    path: PathId,
    /// The attribute that was found last: its set and its index there.
    found: Option<(Attrs<'h>, usize)>,
    /// The number of names found so far.
    resolved: usize,
}

impl<'h> Eval<'h> {
    /// The forced value of an attribute, written back into the set if it may replace the thunk.
    #[inline]
    pub(super) fn force_attribute(&mut self, holder: Attrs<'h>, index: usize) -> Result<Value<'h>> {
        let value = holder.value_at(index).unwrap_or(Value::NULL);
        let Some(thunk) = value.as_thunk() else { return Ok(value) };
        let forced = self.force(value)?;
        if thunk.replacement().is_some() {
            holder.write_back(index, forced);
        }
        Ok(forced)
    }

    #[inline(never)]
    pub(super) fn select(&mut self, at: At<'_, 'h>, base: Operand, path: PathId) -> Result<Value<'h>> {
        match self.select_to_default(at, base, path, true)? {
            Some(value) => Ok(value),
            None => Ok(Value::NULL),
        }
    }

    /// The selected value, or `None` if a name is missing or a value on the way is not a set.
    #[inline(never)]
    pub(super) fn select_if_present(
        &mut self,
        at: At<'_, 'h>,
        base: Operand,
        path: PathId,
    ) -> Result<Option<Value<'h>>> {
        self.select_to_default(at, base, path, false)
    }

    /// The selected value. A missing name is an error if `required`, else `None`.
    #[inline(always)]
    fn select_to_default(
        &mut self,
        at: At<'_, 'h>,
        base: Operand,
        path: PathId,
        required: bool,
    ) -> Result<Option<Value<'h>>> {
        let mut value = match self.eval_part(at, base, Part::Base) {
            Ok(value) => value,
            Err(error) => return Err(self.in_base(at, error)),
        };
        let mut found: Option<(Attrs<'h>, usize)> = None;
        for (index, part) in at.ir().path(path).enumerate() {
            let selection = Selection { at, path, found, resolved: index };
            let symbol = match part {
                PathPart::Name(name) => self.symbol(at.frame, name),
                PathPart::Dynamic(operand) => {
                    self.dynamic_symbol(at, operand, index).map_err(|error| self.in_selection(selection, error))?
                }
            };
            if let Some((holder, index)) = found {
                value = match self.force_attribute(holder, index) {
                    Ok(value) => value,
                    Err(error) => {
                        let error = error.filled(at.position().into());
                        return Err(self.in_selection(selection, error));
                    }
                };
            }
            let attrs = value.as_attrs();
            found = attrs.and_then(|attrs| attrs.find_again(self.scope, symbol));
            if found.is_none() {
                return if required { Err(self.not_selected(selection, value, symbol)) } else { Ok(None) };
            }
        }
        let Some((holder, index)) = found else { return Ok(Some(value)) };
        match self.force_attribute(holder, index) {
            Ok(value) => Ok(Some(value)),
            Err(error) => {
                let selection = Selection { at, path, found, resolved: at.ir().path(path).len() };
                let place = self.definition(selection).unwrap_or_else(|| at.position());
                Err(self.in_selection(selection, error.filled(place.into())))
            }
        }
    }

    #[inline(never)]
    pub(super) fn has_attr(&mut self, at: At<'_, 'h>, base: Operand, path: PathId) -> Result<Value<'h>> {
        let mut value = self
            .eval_part(at, base, Part::Base)
            .map_err(|error| error.traced(at.place(Part::Base), error::Operand::Only("?")))?;
        let mut parts = at.ir().path(path).enumerate().peekable();
        while let Some((index, part)) = parts.next() {
            let symbol = match part {
                PathPart::Name(name) => self.symbol(at.frame, name),
                PathPart::Dynamic(operand) => self.dynamic_symbol(at, operand, index)?,
            };
            let Some((holder, index)) = value.as_attrs().and_then(|attrs| attrs.find_again(self.scope, symbol)) else {
                return Ok(Value::FALSE);
            };
            if parts.peek().is_some() {
                value = self.force_attribute(holder, index).map_err(|error| error.filled(at.place(Part::Base)))?;
            }
        }
        Ok(Value::TRUE)
    }

    /// The name of a `${…}` in an attribute path.
    #[inline]
    fn dynamic_symbol(&mut self, at: At<'_, 'h>, operand: Operand, index: usize) -> Result<Symbol> {
        let part = Part::Name(u16::try_from(index).unwrap_or(u16::MAX));
        let value = self.eval_part(at, operand, part)?;
        let place = at.place(part);
        self.symbol_at(value, Purpose::AttributeName, place)
    }

    /// `x` under `with a; with b;`: the nearest set that has it.
    #[inline(never)]
    pub(super) fn lookup_in_withs(
        &mut self,
        at: At<'_, 'h>,
        name: crate::ir::Name,
        namespaces: Words,
    ) -> Result<Value<'h>> {
        let symbol = self.symbol(at.frame, name);
        for (index, operand) in at.ir().operands(namespaces).enumerate() {
            if !operand.is_trivial() {
                return self.lookup_in_far_withs(at, symbol, namespaces);
            }
            let part = Part::With(u16::try_from(index).unwrap_or(u16::MAX));
            let value = self.eval_part(at, operand, part)?;
            let Some(attrs) = value.as_attrs() else {
                return Err(self.mismatch("a set", value).traced(at.place(part), Purpose::<&str>::Namespace));
            };
            if let Some((holder, index)) = attrs.find_again(self.scope, symbol) {
                return self.force_attribute(holder, index).map_err(|error| error.filled(at.position().into()));
            }
        }
        Err(self.in_no_with(at.frame, symbol, namespaces).at(at.position()))
    }

    /// The same for the sets in the list that is the last operand.
    #[inline(never)]
    fn lookup_in_far_withs(&mut self, at: At<'_, 'h>, symbol: Symbol, namespaces: Words) -> Result<Value<'h>> {
        let mut index = (namespaces.len as usize).saturating_sub(1);
        let mut sets = self.far_withs(at.frame, namespaces);
        while let Some(list) = sets {
            let last = list.len().saturating_sub(1);
            for (place, set) in list.iter().enumerate().take(last) {
                let part = Part::With(u16::try_from(index).unwrap_or(u16::MAX));
                let value = self.force(set).map_err(|error| error.filled(at.place(part)))?;
                list.write_back(place, set.shortened());
                let Some(attrs) = value.as_attrs() else {
                    return Err(self.mismatch("a set", value).traced(at.place(part), Purpose::<&str>::Namespace));
                };
                if let Some((holder, index)) = attrs.find_again(self.scope, symbol) {
                    let result = self.force_attribute(holder, index);
                    return result.map_err(|error| error.filled(at.position().into()));
                }
                index += 1;
            }
            sets = list.get(last).and_then(Value::as_list);
        }
        Err(self.in_no_with(at.frame, symbol, namespaces).at(at.position()))
    }

    /// The list of the outer `with`s, which are not captured one by one.
    fn far_withs(&self, frame: &Frame<'h>, namespaces: Words) -> Option<List<'h>> {
        let OperandKind::Expr(id) = frame.unit.ir.operands(namespaces).last()?.kind() else { return None };
        let Expr::Operand(list) = frame.unit.ir.expr(id) else { return None };
        self.delay(frame, list).as_list()
    }

    #[cold]
    fn in_no_with(&self, frame: &Frame<'h>, symbol: Symbol, namespaces: Words) -> Error {
        let near = frame.unit.ir.operands(namespaces).filter_map(|operand| self.delay(frame, operand).as_attrs());
        let lists = std::iter::successors(self.far_withs(frame, namespaces), |list| {
            list.get(list.len().checked_sub(1)?)?.as_list()
        });
        let far = lists.flat_map(List::iter).filter_map(|set| set.shortened().as_attrs());
        let names = near.chain(far).flat_map(|set| set.iter().map(|(name, ..)| name));
        let similar = self.suggest(self.symbol_text(symbol), names);
        Error::from(ErrorKind::UndefinedVariable(self.shown_name(symbol)))
            .with_details(Details { similar, ..Details::default() })
    }

    /// A name in the form of messages: in quotes where a program needs them.
    #[cold]
    pub fn shown_name(&self, symbol: Symbol) -> String {
        attribute_name(self.symbol_text(symbol))
    }

    /// The error `attribute 'x' missing`, with similar names.
    #[cold]
    pub fn missing_attribute(&self, attrs: Attrs<'h>, symbol: Symbol) -> Error {
        const MOST: usize = 12;
        let name = self.symbol_text(symbol);
        let suggestions = self.suggest(name, attrs.iter().map(|(name, ..)| name));
        let by_name = crate::value::attrs::by_name(self.scope, attrs).into_iter().take(MOST);
        let present = by_name.map(|(name, ..)| String::from_utf8_lossy(self.symbol_text(name)).into_owned()).collect();
        Error::from(ErrorKind::MissingAttribute(self.shown_name(symbol)))
            .with_suggestions(suggestions)
            .with_details(Details { present, present_count: attrs.len(), ..Details::default() })
    }

    /// Names among `candidates` that are similar to `name`, best first.
    #[cold]
    pub(super) fn suggest(&self, name: &[u8], candidates: impl Iterator<Item = Symbol>) -> Vec<String> {
        let texts = candidates.map(|symbol| self.symbol_text(symbol));
        let best = crate::codec::levenshtein::suggestions(name, texts);
        best.into_iter().map(|text| String::from_utf8_lossy(text).into_owned()).collect()
    }

    #[cold]
    fn in_base(&self, at: At<'_, 'h>, error: Error) -> Error {
        error.traced(at.place(Part::Base), Action::Selection)
    }

    #[cold]
    fn not_selected(&mut self, selection: Selection<'_, 'h>, value: Value<'h>, symbol: Symbol) -> Error {
        let error = match value.as_attrs() {
            Some(attrs) => self.missing_attribute(attrs, symbol),
            None => {
                let position = selection.at.position();
                let details = Details { selected: selection.resolved, ..self.found(value) };
                self.mismatch("a set", value).with_details(details).traced(position, Action::Selection)
            }
        };
        self.in_selection(selection, error)
    }

    /// The position of the attribute that an operand selects, as far as everything on the way is evaluated.
    #[cold]
    fn origin(&self, frame: &Frame<'h>, operand: Operand) -> Option<PosId> {
        let OperandKind::Expr(id) = operand.kind() else { return None };
        let Expr::Select { base, path } = frame.unit.ir.expr(id) else { return None };
        let is_variable = matches!(base.kind(), OperandKind::Local(_) | OperandKind::Capture(_));
        let mut value = Some(base).filter(|_| is_variable).map(|base| self.delay(frame, base))?;
        let mut position = None;
        for part in frame.unit.ir.path(path) {
            let PathPart::Name(name) = part else { return None };
            let (holder, index) = value.peeked().as_attrs()?.find(self.symbol(frame, name))?;
            let AttrsForm::Flat(shape) = holder.form() else { return None };
            position = Some(shape.position(index));
            value = holder.value_at(index)?;
        }
        position.filter(|position| *position != PosId::NONE)
    }

    /// The error about an operand's value, with the position of its definition.
    #[cold]
    pub(super) fn with_origin(&self, frame: &Frame<'h>, operand: Operand, error: Error) -> Error {
        let details = error.details().filter(|details| !details.found.is_empty() && error.trace().len() <= 1);
        let (Some(mut details), Some(position)) = (details.cloned(), self.origin(frame, operand)) else { return error };
        details.related.push((position.into(), "the value is defined here".into()));
        error.with_details(details)
    }

    /// Adds the selection to an error, and the definition of the attribute that it had reached.
    #[cold]
    fn in_selection(&mut self, selection: Selection<'_, 'h>, error: Error) -> Error {
        let mut error = error;
        if let Some(position) = self.definition(selection) {
            let reached = self.show_path(selection, selection.resolved);
            error = error.traced(position, Action::Definition(reached.into()));
        }
        let whole = self.show_path(selection, usize::MAX);
        error.traced(selection.at.position(), Action::Attribute(whole.into()))
    }

    /// The definition of the attribute that was found last. The evaluator's own files are not shown.
    fn definition(&self, selection: Selection<'_, 'h>) -> Option<PosId> {
        let (holder, index) = selection.found?;
        let AttrsForm::Flat(shape) = holder.form() else { return None };
        let position = Some(shape.position(index)).filter(|position| *position != PosId::NONE)?;
        let place = self.shared.sources.locate(position)?;
        (!matches!(place.source.origin, crate::source::Origin::Internal(_))).then_some(position)
    }

    /// The first `count` names of an attribute path. A computed name is computed again; if that fails, its text is
    /// shown.
    fn show_path(&mut self, selection: Selection<'_, 'h>, count: usize) -> String {
        let Selection { at, path, .. } = selection;
        let mut shown = Vec::new();
        for (index, part) in at.ir().path(path).enumerate().take(count) {
            if index > 0 {
                shown.push(b'.');
            }
            let symbol = match part {
                PathPart::Name(name) => Ok(self.symbol(at.frame, name)),
                PathPart::Dynamic(operand) => self.dynamic_symbol(at, operand, index),
            };
            match symbol {
                Ok(symbol) => write_attribute_name(&mut shown, self.symbol_text(symbol)),
                Err(_) => shown.extend(self.name_text(at, index)),
            }
        }
        String::from_utf8_lossy(&shown).into_owned()
    }

    fn name_text(&self, at: At<'_, 'h>, index: usize) -> Vec<u8> {
        let source = &at.frame.unit.source;
        let part = Part::Name(u16::try_from(index).unwrap_or(u16::MAX));
        let found = crate::syntax::locate::Outline::of(&source.text).find(at.start(), part);
        let text = found.and_then(|found| source.text.get(found.span.start as usize..found.span.end as usize));
        let shown = crate::lower::show_expression(text.unwrap_or_default(), at.frame.unit.directory());
        [b"\"${", shown.as_slice(), b"}\""].concat()
    }
}

//! Links a lowered file to an engine: names become symbols, constants become values, shapes become shapes of the
//! heap.

use super::unit::{LinkedShape, LoadedUnit, MOST_UNITS};
use super::{Eval, Frame};
use crate::error::{Error, Result};
use crate::heap::{Attrs, CodeRef, List, PosId, Shape, Symbol, Value};
use crate::ir::{CodeId, Constant, Name, Texts, Unit};
use crate::lower::path_literal;
use crate::source::SourceText;
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

impl<'h> Eval<'h> {
    /// Loads a unit. Its code 0 is the whole file. Relative paths in it start from `directory`.
    ///
    /// # Errors
    ///
    /// Fails if there are more units than code references can number.
    pub(super) fn link(&mut self, mut ir: Unit, source: Rc<SourceText>, directory: &[u8]) -> Result<&'h LoadedUnit> {
        let symbols: Box<[Symbol]> = ir.symbols.iter().map(|text| self.intern(text)).collect();
        let values: Vec<Value<'h>> =
            ir.constants.iter().map(|constant| self.link_constant(constant, &symbols, directory)).collect();
        let constants = self.scope.add_root(self.list(&values));
        forget_what_is_tied(&mut ir);
        let shapes = ir.shapes.iter().map(|_| OnceCell::new()).collect();
        let computed_names = RefCell::default();
        let unit = LoadedUnit { first_code: 0, ir, source, symbols, constants, shapes, computed_names };
        let too_many = || format!("too many files and texts: one evaluation can load no more than {MOST_UNITS}");
        self.shared.units.add(unit).ok_or_else(|| Error::eval(too_many()))
    }

    fn link_constant(&self, constant: &Constant, symbols: &[Symbol], directory: &[u8]) -> Value<'h> {
        match constant {
            Constant::Int(value) => self.int(*value),
            Constant::Float(value) => self.float(*value),
            Constant::String(text) => self.string(text),
            Constant::Path(text) => self.path(text),
            Constant::RelativePath(text) => self.path(path_literal(directory, text)),
            Constant::EmptyList => self.list(&[]),
            Constant::Global(name) => self.global(symbols[name.0 as usize]),
            Constant::Builtin(name) => self.member_of_builtins(symbols[name.0 as usize]),
        }
    }

    /// The value of a global variable; `null` if there is none, which lowering has excluded.
    pub(crate) fn global(&self, symbol: Symbol) -> Value<'h> {
        let globals = self.shared.globals.borrow();
        globals.get(&symbol).map_or(Value::NULL, |root| self.scope.root(*root))
    }

    fn member_of_builtins(&self, symbol: Symbol) -> Value<'h> {
        let set = self.shared.builtins_set.get().and_then(|root| self.scope.root(*root).as_attrs());
        set.and_then(|set| set.get(symbol)).unwrap_or(Value::NULL)
    }

    /// The constants of a unit.
    #[inline]
    pub(super) fn constants(&self, unit: &LoadedUnit) -> List<'h> {
        match self.scope.root(unit.constants).as_list() {
            Some(list) => list,
            None => unreachable!("`link` roots a list"),
        }
    }

    /// The shape of a set literal, and the place of each name's value.
    #[inline]
    pub(super) fn shape(&self, unit: &'h LoadedUnit, index: u32) -> (Shape<'h>, &'h [u32]) {
        let linked = self.linked_shape(unit, index);
        let sample = self.scope.root(linked.sample).as_attrs();
        match sample.map(Attrs::form) {
            Some(crate::heap::AttrsForm::Flat(shape)) => (shape, &linked.places),
            _ => unreachable!("`link_shape` roots a flat set"),
        }
    }

    /// The place of each name's value in a set literal.
    #[inline]
    pub(super) fn places(&self, unit: &'h LoadedUnit, index: u32) -> &'h [u32] {
        &self.linked_shape(unit, index).places
    }

    #[inline]
    fn linked_shape(&self, unit: &'h LoadedUnit, index: u32) -> &'h LinkedShape {
        unit.shapes[index as usize].get_or_init(|| self.link_shape(unit, index))
    }

    #[cold]
    fn link_shape(&self, unit: &LoadedUnit, index: u32) -> LinkedShape {
        let names = unit.ir.shapes.get(index as usize);
        let mut order: Vec<(Symbol, PosId, usize)> = names
            .iter()
            .enumerate()
            .map(|(place, (name, start))| (unit.symbols[name.0 as usize], unit.position(*start), place))
            .collect();
        order.sort_unstable_by_key(|(symbol, ..)| *symbol);
        let mut places = vec![0; order.len()];
        let mut keys: Vec<(Symbol, PosId)> = Vec::with_capacity(order.len());
        for (symbol, position, place) in order {
            // Only a unit from a damaged cache has a name twice.
            if keys.last().is_none_or(|(last, _)| *last != symbol) {
                keys.push((symbol, position));
            }
            places[place] = keys.len() as u32 - 1;
        }
        let shape = Shape::from_sorted(self.scope, keys.into_iter());
        let sample = self.scope.add_root(Attrs::reserve(self.scope, shape).into());
        LinkedShape { sample, places: places.into() }
    }

    /// The symbol of a name of the running unit.
    #[inline]
    pub(super) fn symbol(&self, frame: &Frame<'h>, name: Name) -> Symbol {
        frame.unit.symbols[name.0 as usize]
    }

    /// The text of a name of the running unit.
    pub(super) fn text_of_name(&self, frame: &Frame<'h>, name: Name) -> &'h [u8] {
        self.symbol_text(self.symbol(frame, name))
    }

    /// The code object 0 of a unit.
    pub(super) fn entry(unit: &LoadedUnit) -> CodeRef {
        unit.code_ref(CodeId(0))
    }
}

/// Frees parts that are not needed any more: names are symbols now, and constants values. Only a debugger reads names
/// without an engine.
fn forget_what_is_tied(ir: &mut Unit) {
    ir.constants = Vec::new();
    if ir.steps.is_empty() {
        ir.symbols = Texts::default();
    }
}

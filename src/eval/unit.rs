//! Loaded units: lowered files tied to one engine's symbols, shapes and constants.

use crate::heap::{PosId, RootId, Symbol};
use crate::ir::{Lambda, Unit};
use crate::source::{Origin, SourceText};
use rustc_hash::FxHashMap;
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

/// A lowered file and what its indices mean in this engine.
#[derive(Debug)]
pub(crate) struct LoadedUnit {
    pub(crate) index: u32,
    pub(crate) ir: Unit,
    pub(crate) source: Rc<SourceText>,
    /// The symbol of each name.
    pub(crate) symbols: Box<[Symbol]>,
    /// Constants as one list.
    pub(crate) constants: RootId,
    /// Shapes made so far, one list element each: a set of that shape whose values are all `null`.
    pub(crate) shapes: Box<[OnceCell<LinkedShape>]>,
    /// The last names of functions that were bound to computed names, by where they begin.
    pub(crate) computed_names: RefCell<FxHashMap<u32, Symbol>>,
}

/// A literal's shape in this engine.
#[derive(Debug)]
pub(crate) struct LinkedShape {
    /// A set of this shape, kept for its shape alone.
    pub(crate) sample: RootId,
    /// Where the value of each name of the text goes.
    pub(crate) places: Box<[u32]>,
}

impl LoadedUnit {
    /// The name of the attribute or variable that a function was bound to.
    pub(crate) fn function_name(&self, lambda: &Lambda) -> Option<Symbol> {
        match lambda.name {
            Some(name) => Some(self.symbols[name.0 as usize]),
            None => self.computed_names.borrow().get(&lambda.parameters.first()?.start).copied(),
        }
    }

    /// The directory that relative paths of the text start from.
    pub(crate) fn directory(&self) -> &[u8] {
        match &self.source.origin {
            Origin::File(path) => path.iter().rposition(|&byte| byte == b'/').map_or(&b"/"[..], |end| &path[..end]),
            _ => b"/",
        }
    }

    /// The position of an offset of the unit's text.
    #[inline]
    pub(crate) fn position(&self, offset: u32) -> PosId {
        self.source.position(offset)
    }
}

const SEGMENTS: usize = 20;
const FIRST_SEGMENT: usize = 64;

type Segment = Box<[OnceCell<Box<LoadedUnit>>]>;

/// A list of units that only grows, so that references into it stay good while it does.
#[derive(Debug)]
pub(crate) struct Units {
    segments: [OnceCell<Segment>; SEGMENTS],
    len: Cell<u32>,
}

impl Default for Units {
    fn default() -> Self {
        Self { segments: [const { OnceCell::new() }; SEGMENTS], len: Cell::new(0) }
    }
}

impl Units {
    /// Number of units, which is the index of the next.
    pub(crate) fn len(&self) -> u32 {
        self.len.get()
    }

    /// Segment `s` holds `64 << s` units, so the index plus 64 tells both segment and place by its leading bit.
    #[inline]
    fn place(index: u32) -> (usize, usize) {
        let shifted = index as usize + FIRST_SEGMENT;
        let segment = (shifted / FIRST_SEGMENT).ilog2() as usize;
        (segment, shifted - (FIRST_SEGMENT << segment))
    }

    /// The number of units and the bytes that they and their texts take.
    pub(crate) fn census(&self) -> (usize, usize) {
        let units = (0..self.len()).map(|index| self.get(index));
        (self.len() as usize, units.map(|unit| unit.ir.bytes() + unit.source.bytes()).sum())
    }

    /// Adds a unit whose `index` is [`Units::len`].
    pub(crate) fn push(&self, unit: LoadedUnit) -> &LoadedUnit {
        let index = self.len.get();
        let (segment, place) = Self::place(index);
        let new_segment = || (0..FIRST_SEGMENT << segment).map(|_| OnceCell::new()).collect();
        self.len.set(index + 1);
        self.segments[segment].get_or_init(new_segment)[place].get_or_init(|| Box::new(unit))
    }

    /// The unit at an index that `push` gave.
    #[inline]
    pub(crate) fn get(&self, index: u32) -> &LoadedUnit {
        let (segment, place) = Self::place(index);
        let unit = self.segments[segment].get().and_then(|segment| segment.get(place)).and_then(OnceCell::get);
        unit.expect("code references are made from units that were pushed")
    }
}

//! Loaded units: lowered files tied to one engine's symbols, shapes and constants.

use crate::heap::{CODE_LIMIT, CodeRef, PosId, RootId, Symbol};
use crate::ir::{Code, CodeId, Lambda, Unit};
use crate::source::{Origin, SourceText};
use rustc_hash::FxHashMap;
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

/// A lowered file, with the meaning of its indices in this engine.
#[derive(Debug)]
pub(crate) struct LoadedUnit {
    /// The number of its first code object among those of all units, set by [`Units::add`].
    pub(crate) first_code: u64,
    pub(crate) ir: Unit,
    pub(crate) source: Rc<SourceText>,
    /// The symbol of each name.
    pub(crate) symbols: Box<[Symbol]>,
    /// Constants as one list.
    pub(crate) constants: RootId,
    /// The shapes created so far, one list element each: a set of that shape whose values are all `null`.
    pub(crate) shapes: Box<[OnceCell<LinkedShape>]>,
    /// The last computed names that functions were bound to, by the start of the function.
    pub(crate) computed_names: RefCell<FxHashMap<u32, Symbol>>,
}

/// A literal's shape in this engine.
#[derive(Debug)]
pub(crate) struct LinkedShape {
    /// A set of this shape, kept for its shape alone.
    pub(crate) sample: RootId,
    /// The place of each name's value.
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
            Origin::File(path) => crate::path::parent(path),
            _ => b"/",
        }
    }

    /// The reference to one of the unit's code objects.
    #[inline]
    pub(crate) fn code_ref(&self, code: CodeId) -> CodeRef {
        CodeRef(self.first_code + u64::from(code.0))
    }

    /// The unit's code object for a reference.
    #[inline]
    pub(crate) fn id_of(&self, code: CodeRef) -> CodeId {
        CodeId((code.0 - self.first_code) as u32)
    }

    /// The code object for a reference.
    #[inline]
    pub(crate) fn code(&self, code: CodeRef) -> &Code {
        self.ir.code(self.id_of(code))
    }

    /// The position of an offset of the unit's text.
    #[inline]
    pub(crate) fn position(&self, offset: u32) -> PosId {
        self.source.position(offset)
    }
}

/// Code objects are numbered in rooms of this many, so that a number determines its unit.
const ROOM: u64 = 1 << 20;

/// The largest number of units.
pub(crate) const MOST_UNITS: u64 = CODE_LIMIT / ROOM;

const SEGMENTS: usize = 20;
const FIRST_SEGMENT: usize = 64;

type Segment = Box<[OnceCell<Rc<LoadedUnit>>]>;

/// A list of units that only grows, so that references into it stay valid. Large units have several rooms.
#[derive(Debug)]
pub(crate) struct Units {
    segments: [OnceCell<Segment>; SEGMENTS],
    /// The number of rooms in use.
    rooms: Cell<u32>,
}

impl Default for Units {
    fn default() -> Self {
        Self { segments: [const { OnceCell::new() }; SEGMENTS], rooms: Cell::new(0) }
    }
}

impl Units {
    /// The place of a room. Segment `s` has `64 << s` rooms, so the leading bit of the room plus 64 determines the
    /// segment and the place in it.
    #[inline]
    fn place(room: u32) -> (usize, usize) {
        let shifted = room as usize + FIRST_SEGMENT;
        let segment = (shifted / FIRST_SEGMENT).ilog2() as usize;
        (segment, shifted - (FIRST_SEGMENT << segment))
    }

    /// The number of units, and the size of them and their texts in bytes.
    pub(crate) fn census(&self) -> (usize, usize) {
        let first_rooms = (0..self.rooms.get()).filter(|room| self.get(*room).first_code == u64::from(*room) * ROOM);
        first_rooms.fold((0, 0), |(count, bytes), room| {
            let unit = self.get(room);
            (count + 1, bytes + unit.ir.bytes() + unit.source.bytes())
        })
    }

    /// Adds a unit. `None` if there is no room for its code.
    pub(crate) fn add(&self, unit: LoadedUnit) -> Option<&LoadedUnit> {
        let room = self.rooms.get();
        let end = u64::from(room) + (unit.ir.codes.len() as u64).div_ceil(ROOM).max(1);
        if end > MOST_UNITS {
            return None;
        }
        let unit = Rc::new(LoadedUnit { first_code: u64::from(room) * ROOM, ..unit });
        for room in room..end as u32 {
            let (segment, place) = Self::place(room);
            let new_segment = || (0..FIRST_SEGMENT << segment).map(|_| OnceCell::new()).collect();
            self.segments[segment].get_or_init(new_segment)[place].get_or_init(|| Rc::clone(&unit));
        }
        self.rooms.set(end as u32);
        Some(self.get(room))
    }

    /// The unit of some code.
    #[inline]
    pub(crate) fn of(&self, code: CodeRef) -> &LoadedUnit {
        self.get((code.0 / ROOM) as u32)
    }

    /// The unit of some code, if there is any such.
    pub(crate) fn find(&self, code: CodeRef) -> Option<&LoadedUnit> {
        (code.0 / ROOM < u64::from(self.rooms.get())).then(|| self.of(code))
    }

    #[inline]
    fn get(&self, room: u32) -> &LoadedUnit {
        let (segment, place) = Self::place(room);
        let unit = self.segments[segment].get().and_then(|segment| segment.get(place)).and_then(OnceCell::get);
        unit.expect("code references are made from units that were added")
    }
}

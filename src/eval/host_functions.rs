//! The functions of the embedder, which are numbered after the builtins.

use super::Eval;
use super::builtin::HostFunction;
use crate::error::{ErrorKind, Result};
use crate::heap::{BuiltinId, Value};
use rustc_hash::FxHashMap;
use std::cell::{Cell, OnceCell, RefCell};

/// A segment has twice as many places as the one before, which begins with this many.
const FIRST: usize = 16;
/// All numbers of [`BuiltinId`] fit into this many segments.
const SEGMENTS: usize = 13;

type Segment = Box<[OnceCell<HostFunction>]>;

/// A list of functions that only grows, so that references into it stay valid.
#[derive(Debug, Default)]
pub(crate) struct HostFunctions {
    segments: [OnceCell<Segment>; SEGMENTS],
    count: Cell<usize>,
    /// The numbers of functions that may be added again.
    known: RefCell<FxHashMap<usize, usize>>,
}

impl HostFunctions {
    fn place(index: usize) -> (usize, usize) {
        let segment = (index / FIRST + 1).ilog2() as usize;
        (segment, index - FIRST * ((1 << segment) - 1))
    }

    pub(super) fn get(&self, index: usize) -> Option<&HostFunction> {
        let (segment, place) = Self::place(index);
        self.segments.get(segment)?.get()?.get(place)?.get()
    }

    /// The number of a function, which is added unless it is known.
    fn add(&self, function: HostFunction) -> usize {
        let identity = function.identity;
        if let Some(known) = identity.and_then(|identity| self.known.borrow().get(&identity).copied()) {
            return known;
        }
        let index = self.count.get();
        let (segment, place) = Self::place(index);
        if let Some(segment) = self
            .segments
            .get(segment)
            .map(|cell| cell.get_or_init(|| (0..FIRST << segment).map(|_| OnceCell::new()).collect()))
        {
            segment[place].get_or_init(|| function);
            self.count.set(index + 1);
        }
        self.known.borrow_mut().extend(identity.map(|identity| (identity, index)));
        index
    }
}

impl<'h> Eval<'h> {
    /// The value of a function of the embedder.
    ///
    /// # Errors
    ///
    /// Fails if there are more functions than can be numbered.
    pub fn add_function(&self, function: HostFunction) -> Result<Value<'h>> {
        let number = self.shared.builtins.len() + self.shared.host_functions.add(function);
        match u16::try_from(number) {
            Ok(number) => Ok(Value::builtin(BuiltinId(number))),
            Err(_) => Err(ErrorKind::Usage("too many functions were added".to_owned()).into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_has_a_place() {
        let places: Vec<_> = (0..1000).map(HostFunctions::place).collect();
        assert_eq!(places[..2], [(0, 0), (0, 1)]);
        assert_eq!((places[15], places[16], places[47], places[48]), ((0, 15), (1, 0), (1, 31), (2, 0)));
        assert!(HostFunctions::place(usize::from(u16::MAX)).0 < SEGMENTS);
    }
}

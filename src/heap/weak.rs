//! Numbers of thunks that outlive their thunks: a collection replaces those of thunks that it frees by 0.

use super::brand::Scope;
use super::{Thunk, layout};
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// The numbers of some thunks, in their order; see [`Thunk::number`]. It keeps no thunk.
#[derive(Clone, Debug)]
pub struct ThunkNumbers(Arc<Mutex<Vec<u64>>>);

impl ThunkNumbers {
    /// The place of the last thunk with this number. `None` if there is none, or if it was freed.
    pub fn position(&self, number: u64) -> Option<usize> {
        let numbers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        numbers.iter().rposition(|known| *known == number)
    }
}

/// The numbers that someone still has.
#[derive(Debug, Default)]
pub(super) struct WeakNumbers(Mutex<Vec<Weak<Mutex<Vec<u64>>>>>);

impl WeakNumbers {
    /// Replaces the numbers of thunks that are not live.
    pub(super) fn forget_dead(&self, is_live: impl Fn(usize) -> bool) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|numbers| numbers.strong_count() > 0);
        for numbers in all.iter().filter_map(Weak::upgrade) {
            let mut numbers = numbers.lock().unwrap_or_else(PoisonError::into_inner);
            numbers.iter_mut().filter(|number| !is_live(**number as usize)).for_each(|number| *number = 0);
        }
    }
}

impl<'h> Scope<'h> {
    /// The numbers of these thunks, for as long as they are not freed.
    pub fn numbers_of(self, thunks: impl Iterator<Item = Thunk<'h>>) -> ThunkNumbers {
        let numbers = Arc::new(Mutex::new(thunks.map(|thunk| layout::address(thunk.object())).collect()));
        let mut all = self.heap().numbers.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(Arc::downgrade(&numbers));
        ThunkNumbers(numbers)
    }
}

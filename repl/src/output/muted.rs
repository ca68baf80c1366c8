//! Interrupting an evaluation from outside, and evaluations that may not print.

use nivis::heap::StopFlags;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

/// Stops an evaluation, also from another thread.
#[derive(Clone, Debug)]
pub(crate) struct Stop(Arc<Mutex<StopFlags>>);

impl Stop {
    /// Stops the evaluations that look at these flags.
    pub(crate) fn of(flags: StopFlags) -> Self {
        Self(Arc::new(Mutex::new(flags)))
    }

    /// From now on, this and all its clones stop the evaluations that look at these flags instead.
    pub(crate) fn follow(&self, flags: StopFlags) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = flags;
    }

    /// Ends the evaluation under way.
    pub(crate) fn now(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).interrupt();
    }
}

/// While muted, an evaluation that would print is interrupted and can be repeated.
#[derive(Clone, Debug, Default)]
pub(crate) struct Muted(Rc<RefCell<Option<Stop>>>);

impl Muted {
    /// From now on, evaluations that would print are interrupted by `stop`.
    pub(crate) fn begin(&self, stop: Stop) {
        *self.0.borrow_mut() = Some(stop);
    }

    /// Messages are shown again.
    pub(crate) fn end(&self) {
        *self.0.borrow_mut() = None;
    }

    /// Interrupts the evaluation if nothing may be printed. True if so.
    pub(crate) fn interrupts(&self) -> bool {
        let stop = self.0.borrow();
        stop.iter().for_each(Stop::now);
        stop.is_some()
    }
}

//! Collections during an evaluation: at a poll, when the heap asks for one or is full.

use super::Eval;
use crate::error::{Error, ErrorKind, Result};

impl Eval<'_> {
    /// Does what the flags ask for: collects, and fails if there is a reason to stop.
    #[cold]
    #[inline(never)]
    pub(super) fn answer_flags(&self) -> Result<()> {
        if self.scope.wants_collection() {
            self.collect();
        }
        if self.scope.flags().stops() { Err(self.stop_reason()) } else { Ok(()) }
    }

    fn stop_reason(&self) -> Error {
        let out_of_memory = self.scope.flags().out_of_memory();
        Error::from(if out_of_memory { ErrorKind::OutOfMemory } else { ErrorKind::Interrupted })
    }

    /// Collects if that may make room: if the heap may be collected here, and much was allocated since the last time.
    pub fn collect_if_useful(&self) {
        if self.scope.may_make_room() {
            self.collect();
        }
    }

    /// Frees what is not needed any more.
    fn collect(&self) {
        let limit = self.shared.errors.borrow().limit();
        let live = self.scope.collect(&self.stack, limit);
        self.shape_memo.borrow_mut().forget_dead(self.scope);
        self.shared.forget_errors(&live);
    }

    /// The result of `attempt`, which is `None` if there is not enough memory. It is made again if a collection may
    /// help.
    #[inline]
    pub(super) fn with_room<T>(&self, mut attempt: impl FnMut() -> Option<T>) -> Option<T> {
        attempt().or_else(|| if self.made_room() { attempt() } else { None })
    }

    /// Collects if that may help. True if it did happen.
    #[cold]
    fn made_room(&self) -> bool {
        let may_help = !self.scope.flags().stops() && self.scope.may_make_room();
        if may_help {
            self.collect();
        }
        may_help
    }
}

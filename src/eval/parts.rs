//! Parts of an evaluation with records of their own: each thunk remembers the questions to the world on which its value
//! depends. An evaluation that forces the thunk depends on them too.
//!
//! An evaluation without a recorder of parts does not pay for this. With one, the stack seems to be used up, so the
//! check before each thunk leads here; and a thunk that depends on something is guarded, so that its value cannot be
//! taken without a note.
//!
//! A value that is reached without forcing a guarded thunk needs no note: it came from a thunk that was forced, or was
//! created here.

use super::Eval;
use crate::error::Result;
use crate::heap::{Thunk, Value};
use crate::record::{Recorder, SetId};
use std::rc::Rc;

impl<'h> Eval<'h> {
    /// Evaluates a part, and returns the questions to the world on which its result depends. What is around the part
    /// depends on them too. All parts are empty without [`Engine::with_parts`](crate::Engine::with_parts).
    pub fn part<T>(&mut self, body: impl FnOnce(&mut Self) -> T) -> (T, SetId) {
        let Some(recorder) = self.shared.recorder.clone() else { return (body(self), SetId::EMPTY) };
        let around = recorder.begin_part();
        let result = body(self);
        (result, recorder.end_part(around))
    }

    /// The recorder of [`Engine::with_parts`](crate::Engine::with_parts).
    pub fn recorder(&self) -> Option<&'h Rc<Recorder>> {
        self.shared.recorder.as_ref()
    }

    /// Adds questions to the part that is being evaluated.
    pub fn depend_on(&self, questions: SetId) {
        if let Some(recorder) = &self.shared.recorder {
            recorder.depend_on(questions);
        }
    }

    /// Runs a thunk as a part.
    #[cold]
    #[inline(never)]
    pub(super) fn run_slowly(&mut self, thunk: Thunk<'h>) -> Result<Value<'h>> {
        thunk.keep_captures();
        if self.shared.recorder.is_none() {
            return self.run_watched(thunk);
        }
        self.check_stack()?;
        let (result, questions) = self.part(|cx| cx.run_suspended::<false>(thunk));
        if questions != SetId::EMPTY || result.is_err() {
            thunk.guard(questions.number());
        }
        result
    }

    /// Adds the questions that guard a thunk, whose value or error is handed out.
    pub(super) fn pass_guard(&self, thunk: Thunk<'h>) {
        if self.shared.recorder.is_some() {
            self.depend_on(SetId::of_number(thunk.guard_number()));
        }
    }
}

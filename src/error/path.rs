//! The place of an error, and its trace so far.
//!
//! A place that only the evaluator's caller knows is open at first. That is the place of the error itself, or of its
//! outermost frame:
//!
//! ```text
//!                filled(place)
//!         ┌───────────────────────▶ the place
//!     OPEN
//!         └───────────────────────▶ nowhere
//!           closed(), or a frame is added
//! ```
//!
//! A thunk that needs itself, for example, has an open place until the expression that forces it fills in its own. The
//! first frame that is added closes it: from then on nobody nearer can know.

use super::frame::{Action, TraceFrame};
use crate::source::Place;
use std::sync::Arc;

/// The place of an error, and its trace so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Path {
    pub(super) place: Place,
    pub(super) trace: Trace,
}

/// The trace, innermost frame first from its end. Copies share it: each failed thunk remembers its error, and
/// otherwise a thousand nested thunks would store half a million frames.
#[derive(Clone, Debug, Default)]
pub(super) struct Trace(Option<Arc<TraceNode>>);

#[derive(Debug)]
pub(super) struct TraceNode {
    frame: TraceFrame,
    inner: Trace,
}

impl Drop for Trace {
    /// In a loop, since a trace may be longer than the stack is deep.
    fn drop(&mut self) {
        let mut next = self.0.take();
        while let Some(mut node) = next.and_then(Arc::into_inner) {
            next = node.inner.0.take();
        }
    }
}

impl Trace {
    /// The frames, outermost first.
    pub(super) fn frames(&self) -> impl Iterator<Item = &TraceFrame> {
        std::iter::successors(self.0.as_deref(), |node| node.inner.0.as_deref()).map(|node| &node.frame)
    }
}

impl Path {
    /// Adds a frame; a place that is still open is closed.
    pub(super) fn push(&mut self, frame: TraceFrame) {
        self.close();
        self.add(frame);
    }

    /// Fills in the open place.
    pub(super) fn fill(&mut self, place: Place) {
        if self.place == Place::OPEN {
            self.place = place;
        } else if let Some(frame) = self.take_open_frame() {
            self.add_at(frame, place);
        }
    }

    /// Closes the open place, since it is not known.
    pub(super) fn close(&mut self) {
        if self.place == Place::OPEN {
            self.place = Place::NOWHERE;
        }
        if let Some(frame) = self.take_open_frame() {
            self.add_at(frame, Place::NOWHERE);
        }
    }

    fn add(&mut self, frame: TraceFrame) {
        let inner = std::mem::take(&mut self.trace);
        self.trace = Trace(Some(Arc::new(TraceNode { frame, inner })));
    }

    /// Adds a frame whose place was open. The frame of a call is dropped if it has no place.
    fn add_at(&mut self, frame: TraceFrame, place: Place) {
        if place != Place::NOWHERE || frame.action != Action::CallSite {
            self.add(TraceFrame { place, ..frame });
        }
    }

    /// The outermost frame, if its place is open.
    fn take_open_frame(&mut self) -> Option<TraceFrame> {
        let node = self.trace.0.as_ref().filter(|node| node.frame.place == Place::OPEN)?;
        let (frame, inner) = (node.frame.clone(), node.inner.clone());
        self.trace = inner;
        Some(frame)
    }
}

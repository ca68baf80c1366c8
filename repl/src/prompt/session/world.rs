//! A session's evaluation: an engine of its own, or an evaluation that stopped for the debugger.

use nivis::eval::{Eval, ScopeNames, StackFrame};
use nivis::heap::{PosId, ScratchVec, StopFlags, Symbol};
use nivis::source::Sources;
use nivis::{Engine, Root, Value};
use std::mem::ManuallyDrop;

/// The home of values.
pub(super) enum World<'a> {
    /// An engine, never taken apart unless another takes its place: the program ends with its last session.
    Own(ManuallyDrop<Box<Engine>>),
    /// An evaluation that stopped.
    Stopped(&'a mut dyn Stopped),
}

/// An evaluation that stopped, whatever the lifetime of its values.
pub(crate) trait Stopped {
    /// Runs `body` in it.
    fn visit(&mut self, body: &mut dyn for<'h> FnMut(&mut Eval<'h>));
    /// The texts that positions refer to.
    fn sources(&self) -> &Sources;
    /// The flags that stop the evaluation.
    fn stop_flags(&self) -> StopFlags;
    /// Bytes that values take.
    fn heap_bytes(&self) -> usize;
    /// The frames of the stopped evaluation, innermost first, with their places.
    fn frames(&self) -> Vec<(String, PosId)>;
    /// The scopes of a frame, innermost first; none without that frame.
    fn scopes(&self, frame: usize) -> Vec<FrameScope>;
    /// Evaluates the sets of all `with` there. True if there was one to be evaluated.
    fn force_withs(&mut self, frame: usize) -> bool;
}

/// A scope of a frame.
#[derive(Debug)]
pub(crate) struct FrameScope {
    /// It is that of a `with`.
    pub(crate) is_with: bool,
    /// Its names; `None` if the set of the `with` is not evaluated yet.
    pub(crate) names: Option<Vec<(String, Root)>>,
}

/// An evaluation that stopped.
pub(super) struct Live<'c, 'h> {
    pub(super) cx: &'c mut Eval<'h>,
    /// Outermost first.
    pub(super) frames: &'c [StackFrame<'h>],
}

impl<'h> Live<'_, 'h> {
    fn kept(&self, names: ScratchVec<'h, (Symbol, Value<'h>)>) -> Vec<(String, Root)> {
        let text = |name| String::from_utf8_lossy(self.cx.symbol_text(name)).into_owned();
        names.into_iter().map(|(name, value)| (text(name), self.cx.keep(value))).collect()
    }
}

impl Stopped for Live<'_, '_> {
    fn visit(&mut self, body: &mut dyn for<'h> FnMut(&mut Eval<'h>)) {
        body(self.cx);
    }

    fn sources(&self) -> &Sources {
        self.cx.sources()
    }

    fn stop_flags(&self) -> StopFlags {
        self.cx.scope().flags().clone()
    }

    fn heap_bytes(&self) -> usize {
        self.cx.heap_bytes()
    }

    fn frames(&self) -> Vec<(String, PosId)> {
        self.frames.iter().rev().map(|frame| (frame.message(), frame.position())).collect()
    }

    fn scopes(&self, frame: usize) -> Vec<FrameScope> {
        let Some(frame) = self.frames.iter().rev().nth(frame) else { return Vec::new() };
        let scopes = self.cx.scopes_of(frame).into_iter().map(|scope| match scope {
            ScopeNames::Lexical(names) => FrameScope { is_with: false, names: Some(self.kept(names)) },
            ScopeNames::With(names) => FrameScope { is_with: true, names: names.map(|names| self.kept(names)) },
        });
        scopes.collect()
    }

    fn force_withs(&mut self, frame: usize) -> bool {
        self.frames.iter().rev().nth(frame).is_some_and(|frame| self.cx.force_withs(frame))
    }
}

impl World<'_> {
    /// Runs `body` in it.
    pub(super) fn enter<R>(&mut self, body: impl for<'h> FnOnce(&mut Eval<'h>) -> R) -> R {
        let stopped = match self {
            Self::Own(engine) => return engine.enter(body),
            Self::Stopped(stopped) => stopped,
        };
        let (mut body, mut result) = (Some(body), None);
        stopped.visit(&mut |cx| result = body.take().map(|body| body(cx)));
        result.unwrap_or_else(|| unreachable!("`visit` runs what it is given"))
    }

    /// The texts that positions refer to.
    pub(super) fn sources(&self) -> &Sources {
        match self {
            Self::Own(engine) => engine.sources(),
            Self::Stopped(stopped) => stopped.sources(),
        }
    }

    /// The number of values kept in it. None are counted inside an evaluation, which keeps others' too.
    #[cfg(any(test, fuzzing))]
    pub(super) fn root_count(&self) -> usize {
        match self {
            Self::Own(engine) => engine.root_count(),
            Self::Stopped(_) => 0,
        }
    }

    /// The flags that stop the evaluation.
    pub(super) fn stop_flags(&self) -> StopFlags {
        match self {
            Self::Own(engine) => engine.stop_flags(),
            Self::Stopped(stopped) => stopped.stop_flags(),
        }
    }

    /// Gives the memory of values that nothing refers to back to the system. Nothing happens inside an evaluation.
    pub(super) fn give_back(&mut self) {
        if let Self::Own(engine) = self {
            engine.collect_if_useful();
        }
    }

    /// Bytes that values take.
    pub(super) fn heap_bytes(&self) -> usize {
        match self {
            Self::Own(engine) => engine.heap_bytes(),
            Self::Stopped(stopped) => stopped.heap_bytes(),
        }
    }
}

//! The single error type: the kind of error, its place, and its trace. `report` shows it.

mod code;
mod context;
mod details;
mod frame;
mod kind;
mod path;
mod refusal;
mod wording;

pub use code::{CODES, Code};
pub use context::ResultExt;
pub use details::{Cause, Details, LIST_ACCESS};
pub use frame::{
    Action, Arithmetic, Comparison, Derivation, FrameKind, Operand, Ordinal, Purpose, SetText, TraceFrame, Work,
};
pub use kind::ErrorKind;
pub(crate) use refusal::Refusal;

use crate::heap::PosId;
use crate::source::Place;
use path::{Path, Trace, TraceNode};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// An error of the embedder.
pub(crate) type Source = Arc<dyn std::error::Error + Send + Sync>;

/// The result of evaluation, or an [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// An error of parsing or evaluating. It is one pointer, so it is cheap to pass along.
///
/// A clone is independent: additions to one do not show in the other.
#[derive(Debug)]
pub struct Error(Box<ErrorData>);

#[derive(Debug)]
struct ErrorData {
    kind: ErrorKind,
    suggestions: Vec<String>,
    nix_words: Option<Box<str>>,
    code: Option<Code>,
    details: Option<Box<Details>>,
    /// The error of the embedder that caused it.
    source: Option<Source>,
    /// True if the debugger has stopped at it.
    has_stopped: bool,
    path: Arc<Mutex<Path>>,
}

impl Clone for Error {
    fn clone(&self) -> Self {
        self.on_path(Arc::new(Mutex::new(self.path().clone())))
    }
}

impl From<ErrorKind> for Error {
    #[cold]
    fn from(kind: ErrorKind) -> Self {
        Self(Box::new(ErrorData {
            kind,
            suggestions: Vec::new(),
            nix_words: None,
            code: None,
            details: None,
            source: None,
            has_stopped: false,
            path: Arc::default(),
        }))
    }
}

impl Error {
    /// A type error with this message.
    #[cold]
    pub fn type_error(message: impl Into<String>) -> Self {
        ErrorKind::Type(message.into()).into()
    }

    /// An evaluation error with this message.
    #[cold]
    pub fn eval(message: impl Into<String>) -> Self {
        ErrorKind::Eval(message.into()).into()
    }

    /// The error that an input could not be fetched, with this message.
    #[cold]
    pub fn fetch(message: impl Into<String>) -> Self {
        ErrorKind::Fetch(message.into()).into()
    }

    /// The error that a function of the embedder failed with this one.
    #[cold]
    pub fn host(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        let source: Source = source.into().into();
        let mut error = Self::from(ErrorKind::Host(source.to_string()));
        error.0.source = Some(source);
        error
    }

    /// The error of the embedder that caused it.
    pub(crate) fn host_source(&self) -> Option<&Source> {
        self.0.source.as_ref()
    }

    /// The kind of the error.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// The place of the error; possibly nowhere.
    pub fn place(&self) -> Place {
        self.path().place
    }

    fn path(&self) -> MutexGuard<'_, Path> {
        self.0.path.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The same error, for a thunk to remember. Frames added to this one later are added to the other one too.
    #[cold]
    pub(crate) fn remembered(&self) -> Self {
        self.on_path(Arc::clone(&self.0.path))
    }

    fn on_path(&self, path: Arc<Mutex<Path>>) -> Self {
        let ErrorData { kind, suggestions, nix_words, code, details, source, has_stopped, .. } = &*self.0;
        Self(Box::new(ErrorData {
            kind: kind.clone(),
            suggestions: suggestions.clone(),
            nix_words: nix_words.clone(),
            code: *code,
            details: details.clone(),
            source: source.clone(),
            has_stopped: *has_stopped,
            path,
        }))
    }

    /// The trace, outermost frame first.
    pub fn trace(&self) -> Vec<TraceFrame> {
        let trace = self.path().trace.clone();
        trace.frames().cloned().collect()
    }

    /// All positions that it refers to.
    pub(crate) fn positions(&self) -> Vec<PosId> {
        let derivation = |frame: &TraceFrame| match &frame.action {
            Action::Derivation(derivation) => derivation.location.as_ref().map(|location| location.0),
            _ => None,
        };
        let trace = self.trace();
        let frames = trace.iter().flat_map(|frame| [Some(frame.place.position), derivation(frame)]).flatten();
        let details = self.details();
        let related = details.into_iter().flat_map(|details| &details.related).map(|(place, _)| place.position);
        let places = [self.place().position, details.map_or(PosId::NONE, |details| details.place.position)];
        places.into_iter().chain(frames).chain(related).collect()
    }

    /// The message in C++ Nix's words, where these are less useful for people than [`Error::kind`].
    pub fn nix_words(&self) -> Option<&str> {
        self.0.nix_words.as_deref()
    }

    /// Its code, which has a page in `nivis explain`.
    pub fn code(&self) -> Code {
        self.0.code.unwrap_or_else(|| Code::of(self.kind()))
    }

    /// The same error with its own code.
    #[cold]
    pub fn with_code(mut self, code: Code) -> Self {
        self.0.code = Some(code);
        self
    }

    /// The details that C++ Nix does not show.
    pub fn details(&self) -> Option<&Details> {
        self.0.details.as_deref()
    }

    /// The same error with details that C++ Nix does not show.
    #[cold]
    pub fn with_details(mut self, details: Details) -> Self {
        self.0.details = Some(Box::new(details));
        self
    }

    /// The same error with its cause, for hints.
    pub fn because(mut self, cause: Cause) -> Self {
        let details = self.0.details.get_or_insert_default();
        details.cause = cause;
        self
    }

    /// The cause of the error, if it is known.
    pub fn cause(&self) -> &Cause {
        self.details().map_or(&Cause::Unspecified, |details| &details.cause)
    }

    /// The same error with one more note that C++ Nix does not show.
    pub fn with_note(self, note: impl Into<String>) -> Self {
        let mut details = self.details().cloned().unwrap_or_default();
        details.notes.push(note.into());
        self.with_details(details)
    }

    /// The same error with a place for people, unless it already has one. C++ Nix shows none.
    #[cold]
    pub fn shown_at(self, place: impl Into<Place>) -> Self {
        let place = place.into();
        let mut details = self.details().cloned().unwrap_or_default();
        if self.place() != Place::NOWHERE || details.place != Place::NOWHERE || place == Place::NOWHERE {
            return self;
        }
        details.place = place;
        self.with_details(details)
    }

    /// The same error, with a place as in [`Error::shown_at`] if a value is too deep.
    #[cold]
    pub(crate) fn deep_at(self, place: impl Into<Place>) -> Self {
        let is_deep = self.details().is_some_and(|details| details.is_deep_value);
        if is_deep { self.shown_at(place) } else { self }
    }

    /// The same error. If something is too deep, it is marked as a value.
    #[cold]
    pub(crate) fn of_deep_value(self) -> Self {
        if self.code() != Code::TOO_DEEP {
            return self;
        }
        let details = self.details().cloned().unwrap_or_default();
        self.with_details(Details { is_deep_value: true, ..details })
    }

    /// The same error with the topic of its best page.
    pub fn with_topic(self, topic: &'static str) -> Self {
        let details = self.details().cloned().unwrap_or_default();
        self.with_details(Details { topic, ..details })
    }

    /// The same error, with the texts of values in its message.
    #[cold]
    pub(crate) fn showing<T: AsRef<str>>(self, values: impl IntoIterator<Item = T>) -> Self {
        const LONG: usize = 200;
        let long: Vec<Arc<str>> =
            values.into_iter().filter(|value| value.as_ref().len() > LONG).map(|value| value.as_ref().into()).collect();
        if long.is_empty() {
            return self;
        }
        let mut details = self.details().cloned().unwrap_or_default();
        details.excerpts.extend(long);
        self.with_details(details)
    }

    /// The same error without its trace.
    #[cold]
    pub fn without_trace(&self) -> Self {
        let mut place = self.place();
        if place == Place::OPEN {
            place = Place::NOWHERE;
        }
        self.on_path(Arc::new(Mutex::new(Path { place, trace: Trace::default() })))
    }

    /// Marks that the debugger stops at this error. Returns false if it has stopped before.
    #[cold]
    pub(crate) fn mark_stopped(&mut self) -> bool {
        !std::mem::replace(&mut self.0.has_stopped, true)
    }

    /// Similar names, best first.
    pub fn suggestions(&self) -> &[String] {
        &self.0.suggestions
    }

    /// The approximate size of a copy in bytes; the parts that copies share count as one frame.
    pub(crate) fn bytes(&self) -> usize {
        let suggestions: usize = self.0.suggestions.iter().map(String::len).sum();
        size_of::<ErrorData>()
            + size_of::<Path>()
            + size_of::<TraceNode>()
            + self.0.kind.text().map_or(0, str::len)
            + suggestions
    }

    /// The same error at this place, unless it already has one.
    #[cold]
    pub fn at(self, place: impl Into<Place>) -> Self {
        let mut path = self.path();
        if path.place == Place::NOWHERE {
            path.place = place.into();
        }
        drop(path);
        self
    }

    /// The same error with one more frame in its trace.
    #[cold]
    pub fn traced(self, place: impl Into<Place>, action: impl Into<Action>) -> Self {
        self.with_frame(TraceFrame { action: action.into(), place: place.into(), kind: FrameKind::Step })
    }

    /// Like [`Error::traced`], with a frame that is always shown.
    #[cold]
    pub fn traced_always(self, place: impl Into<Place>, action: impl Into<Action>) -> Self {
        self.with_frame(TraceFrame { action: action.into(), place: place.into(), kind: FrameKind::Always })
    }

    /// Like [`Error::traced`], with a frame that names the subject of the error, without a place.
    #[cold]
    pub fn traced_subject(self, action: impl Into<Action>) -> Self {
        self.with_frame(TraceFrame { action: action.into(), place: Place::NOWHERE, kind: FrameKind::Subject })
    }

    /// Like [`Error::traced`], with the frame of a call.
    #[cold]
    pub fn traced_call(self, place: impl Into<Place>, action: impl Into<Action>) -> Self {
        self.with_frame(TraceFrame { action: action.into(), place: place.into(), kind: FrameKind::Call })
    }

    fn with_frame(self, frame: TraceFrame) -> Self {
        self.path().push(frame);
        self
    }

    /// Fills in the place that was left open for the caller.
    #[cold]
    pub(crate) fn filled(self, place: Place) -> Self {
        self.path().fill(place);
        self
    }

    /// Closes a place that was left open: no caller knows it.
    #[cold]
    pub(crate) fn closed(self) -> Self {
        self.path().close();
        self
    }

    /// The same error with C++ Nix's message for it.
    pub fn in_nix_words(mut self, message: impl Into<String>) -> Self {
        self.0.nix_words = Some(message.into().into());
        self
    }

    /// The same error with similar names.
    pub fn with_suggestions(mut self, names: Vec<String>) -> Self {
        self.0.suggestions = names;
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.kind.fmt(f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_ref().map(|source| &**source as &(dyn std::error::Error + 'static))
    }
}

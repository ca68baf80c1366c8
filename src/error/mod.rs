//! The one error type: what happened, where, and through what. How it is shown is `report`'s business.

mod code;
mod refusal;

pub use code::{CODES, Code};
pub(crate) use refusal::Refusal;

use crate::source::Place;
use smol_str::SmolStr;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What evaluation gives, or an [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// An error of parsing or evaluating. Cheap to pass along: one pointer.
///
/// A clone goes its own way: what is added to one does not show in the other.
#[derive(Debug)]
pub struct Error(Box<ErrorData>);

#[derive(Debug)]
struct ErrorData {
    kind: ErrorKind,
    suggestions: Vec<String>,
    nix_words: Option<Box<str>>,
    code: Option<Code>,
    details: Option<Box<Details>>,
    /// The debugger has stopped at it.
    is_known: bool,
    path: Arc<Mutex<Path>>,
}

/// What C++ Nix does not tell, and people want to know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// Names that may have been meant, best first.
    pub similar: Vec<String>,
    /// Some of the names that there are.
    pub present: Vec<String>,
    /// How many names there are.
    pub present_count: usize,
    /// The type of the value that was found, as `typeOf` names it; empty if that is not the point.
    pub found: &'static str,
    /// How many names of a selection were found before something went wrong.
    pub selected: usize,
    /// Sentences.
    pub notes: Vec<String>,
    /// Where people should look, where C++ Nix names no place.
    pub place: Place,
    /// True if what is too deep is a value, not calls within each other.
    pub is_deep_value: bool,
    /// Places besides, and what is to be said of them.
    pub related: Vec<(Place, SmolStr)>,
    /// The texts of values in the message that are long.
    pub excerpts: Vec<Arc<str>>,
    /// The topic that `nivis explain` has a page about; empty if the code's page tells best.
    pub topic: &'static str,
}

/// The topic of `xs.0` and its kin: in a path it picks from a list, in the language it does not.
pub const LIST_ACCESS: &str = "list-access";

/// Where an error happened, and what it came through on its way out.
#[derive(Clone, Debug, Default)]
struct Path {
    place: Place,
    trace: Trace,
}

impl Clone for Error {
    fn clone(&self) -> Self {
        self.on_path(Arc::new(Mutex::new(self.path().clone())))
    }
}

/// What was being done, innermost first from its end. Copies share it: each thunk that fails remembers its error, and a
/// thousand thunks within each other would else remember half a million frames.
#[derive(Clone, Debug, Default)]
struct Trace(Option<Arc<TraceNode>>);

#[derive(Debug)]
struct TraceNode {
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

/// One thing that was being done when an error happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceFrame {
    /// For example `while calling the 'map' builtin`.
    pub message: SmolStr,
    /// Where in the program; possibly nowhere.
    pub place: Place,
    /// When it is shown.
    pub kind: FrameKind,
}

/// How much a frame of a trace matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameKind {
    /// Shown until a trace gets long.
    Step,
    /// Shown always: what the program itself says, and derivations.
    Always,
    /// A step that names what the error is about: shown always to people.
    Subject,
    /// A call of a function: shown on request.
    Call,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// `throw "…"`, or a `<…>` that was not found: `tryEval` catches it.
    Throw(String),
    /// A failed `assert`: `tryEval` catches it.
    Assertion(String),
    /// `abort "…"`.
    Abort(String),
    /// A text that is no Nix program, with the message of C++ Nix's parser.
    Syntax(String),
    /// A value of the wrong type.
    Type(String),
    /// A set lacks an attribute.
    MissingAttribute(String),
    /// A variable that nothing defines.
    UndefinedVariable(String),
    /// A value needs itself.
    InfiniteRecursion,
    /// More calls within each other than the settings allow.
    CallDepth,
    /// The program's stack is used up.
    StackOverflow,
    /// The embedder or user asked to stop.
    Interrupted,
    /// The memory limit of the settings was passed.
    OutOfMemory,
    /// A file could not be read.
    Io(String),
    /// An input could not be found or fetched, or is not what it should be.
    Fetch(String),
    /// What a derivation makes would be read, and settings forbid to build it for that.
    Unbuilt(String),
    /// Something this program does not do.
    Unsupported(String),
    /// Anything else that makes an expression have no value.
    Eval(String),
    /// The command line, not the program, is wrong.
    Usage(String),
}

impl ErrorKind {
    /// True for what `tryEval` turns into `{ success = false; }`.
    pub fn is_catchable(&self) -> bool {
        matches!(self, Self::Throw(_) | Self::Assertion(_))
    }

    fn text(&self) -> Option<&str> {
        match self {
            Self::Throw(text)
            | Self::Assertion(text)
            | Self::Abort(text)
            | Self::Syntax(text)
            | Self::Type(text)
            | Self::MissingAttribute(text)
            | Self::UndefinedVariable(text)
            | Self::Io(text)
            | Self::Fetch(text)
            | Self::Unbuilt(text)
            | Self::Unsupported(text)
            | Self::Eval(text)
            | Self::Usage(text) => Some(text),
            Self::InfiniteRecursion | Self::CallDepth | Self::StackOverflow | Self::Interrupted | Self::OutOfMemory => {
                None
            }
        }
    }

    /// True for what says nothing about the program: forcing the same thunk again may succeed.
    pub fn is_recoverable(&self) -> bool {
        matches!(self, Self::Interrupted | Self::OutOfMemory | Self::CallDepth | Self::StackOverflow)
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Throw(text)
            | Self::Assertion(text)
            | Self::Syntax(text)
            | Self::Type(text)
            | Self::Io(text)
            | Self::Fetch(text)
            | Self::Unbuilt(text)
            | Self::Unsupported(text)
            | Self::Usage(text)
            | Self::Eval(text) => f.write_str(text),
            Self::Abort(text) => write!(f, "evaluation aborted with the following error message: '{text}'"),
            Self::MissingAttribute(name) => write!(f, "attribute '{name}' missing"),
            Self::UndefinedVariable(name) => write!(f, "undefined variable '{name}'"),
            Self::InfiniteRecursion => f.write_str("infinite recursion encountered"),
            Self::CallDepth => f.write_str("stack overflow; max-call-depth exceeded"),
            Self::StackOverflow => f.write_str("stack overflow; the expression nests deeper than the stack allows"),
            Self::Interrupted => f.write_str("interrupted by the user"),
            Self::OutOfMemory => {
                f.write_str("out of memory; the evaluation passed its memory limit, or the system has no more")
            }
        }
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
            is_known: false,
            path: Arc::default(),
        }))
    }
}

impl Path {
    fn push(&mut self, frame: TraceFrame) {
        let inner = std::mem::take(&mut self.trace);
        self.trace = Trace(Some(Arc::new(TraceNode { frame, inner })));
    }

    /// Adds a frame with a place that was open. Without a place the site of a call tells nothing.
    fn push_at(&mut self, frame: TraceFrame, place: Place) {
        if place != Place::NOWHERE || frame.message != crate::eval::CALL_SITE {
            self.push(TraceFrame { place, ..frame });
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

    /// What happened.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// Where it happened; possibly nowhere.
    pub fn place(&self) -> Place {
        self.path().place
    }

    fn path(&self) -> MutexGuard<'_, Path> {
        self.0.path.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The same error for a thunk to remember. What this one comes through on its way out, the other one knows too.
    #[cold]
    pub(crate) fn remembered(&self) -> Self {
        self.on_path(Arc::clone(&self.0.path))
    }

    fn on_path(&self, path: Arc<Mutex<Path>>) -> Self {
        let ErrorData { kind, suggestions, nix_words, code, details, is_known, .. } = &*self.0;
        Self(Box::new(ErrorData {
            kind: kind.clone(),
            suggestions: suggestions.clone(),
            nix_words: nix_words.clone(),
            code: *code,
            details: details.clone(),
            is_known: *is_known,
            path,
        }))
    }

    /// What was being done, outermost first.
    pub fn trace(&self) -> Vec<TraceFrame> {
        let outermost = self.path().trace.clone();
        std::iter::successors(outermost.0.as_deref(), |node| node.inner.0.as_deref())
            .map(|node| node.frame.clone())
            .collect()
    }

    /// The message in C++ Nix's words, where those would tell people less than [`Error::kind`] does.
    pub fn nix_words(&self) -> Option<&str> {
        self.0.nix_words.as_deref()
    }

    /// Its code: what `nivis explain` has a page about.
    pub fn code(&self) -> Code {
        self.0.code.unwrap_or_else(|| Code::of(self.kind()))
    }

    /// The same error with a code of its own.
    #[cold]
    pub fn coded(mut self, code: Code) -> Self {
        self.0.code = Some(code);
        self
    }

    /// What C++ Nix does not tell.
    pub fn details(&self) -> Option<&Details> {
        self.0.details.as_deref()
    }

    /// The same error with what C++ Nix does not tell.
    #[cold]
    pub fn detailed(mut self, details: Details) -> Self {
        self.0.details = Some(Box::new(details));
        self
    }

    /// The same error with one more sentence that C++ Nix doesn't say.
    pub fn noted(self, note: impl Into<String>) -> Self {
        let mut details = self.details().cloned().unwrap_or_default();
        details.notes.push(note.into());
        self.detailed(details)
    }

    /// The same error with a place for people, unless it has one already. C++ Nix names none.
    #[cold]
    pub fn shown_at(self, place: impl Into<Place>) -> Self {
        let place = place.into();
        let mut details = self.details().cloned().unwrap_or_default();
        if self.place() != Place::NOWHERE || details.place != Place::NOWHERE || place == Place::NOWHERE {
            return self;
        }
        details.place = place;
        self.detailed(details)
    }

    /// The same error, as by [`Error::shown_at`] if it says that a value is too deep.
    #[cold]
    pub(crate) fn deep_at(self, place: impl Into<Place>) -> Self {
        let is_deep = self.details().is_some_and(|details| details.is_deep_value);
        if is_deep { self.shown_at(place) } else { self }
    }

    /// The same error. If it says that something is too deep, that is a value.
    #[cold]
    pub(crate) fn of_deep_value(self) -> Self {
        if self.code() != Code::TOO_DEEP {
            return self;
        }
        let details = self.details().cloned().unwrap_or_default();
        self.detailed(Details { is_deep_value: true, ..details })
    }

    /// The same error, of which the page about a topic tells best.
    pub fn about(self, topic: &'static str) -> Self {
        let details = self.details().cloned().unwrap_or_default();
        self.detailed(Details { topic, ..details })
    }

    /// The same error, whose message has the texts of these values in it.
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
        self.detailed(details)
    }

    /// The same error without what it came through.
    #[cold]
    pub fn without_trace(&self) -> Self {
        let mut place = self.place();
        if place == Place::OPEN {
            place = Place::NOWHERE;
        }
        self.on_path(Arc::new(Mutex::new(Path { place, trace: Trace::default() })))
    }

    /// True if the debugger has stopped at this error. From now on it has.
    #[cold]
    pub(crate) fn is_known(&mut self) -> bool {
        std::mem::replace(&mut self.0.is_known, true)
    }

    /// Names that may have been meant instead, best first.
    pub fn suggestions(&self) -> &[String] {
        &self.0.suggestions
    }

    /// Bytes that a copy takes, about: what it shares with other copies counts as one frame.
    pub(crate) fn bytes(&self) -> usize {
        let suggestions: usize = self.0.suggestions.iter().map(String::len).sum();
        size_of::<ErrorData>()
            + size_of::<Path>()
            + size_of::<TraceNode>()
            + self.0.kind.text().map_or(0, str::len)
            + suggestions
    }

    /// The same error at this place, unless it has one already.
    #[cold]
    pub fn at(self, place: impl Into<Place>) -> Self {
        let mut path = self.path();
        if path.place == Place::NOWHERE {
            path.place = place.into();
        }
        drop(path);
        self
    }

    /// The same error, met while doing something more.
    #[cold]
    pub fn traced(self, message: impl Into<SmolStr>, place: impl Into<Place>) -> Self {
        self.with_frame(TraceFrame { message: message.into(), place: place.into(), kind: FrameKind::Step })
    }

    /// As [`Error::traced`], with a frame that is always shown.
    #[cold]
    pub fn traced_always(self, message: impl Into<SmolStr>, place: impl Into<Place>) -> Self {
        self.with_frame(TraceFrame { message: message.into(), place: place.into(), kind: FrameKind::Always })
    }

    /// As [`Error::traced`], with a frame that names what the error is about, and is at no place.
    #[cold]
    pub fn traced_subject(self, message: impl Into<SmolStr>) -> Self {
        self.with_frame(TraceFrame { message: message.into(), place: Place::NOWHERE, kind: FrameKind::Subject })
    }

    /// As [`Error::traced`], with a frame that tells of a call.
    #[cold]
    pub fn traced_call(self, message: impl Into<SmolStr>, place: impl Into<Place>) -> Self {
        self.with_frame(TraceFrame { message: message.into(), place: place.into(), kind: FrameKind::Call })
    }

    fn with_frame(self, frame: TraceFrame) -> Self {
        let error = self.closed();
        error.path().push(frame);
        error
    }

    /// Fills in the place that was left open for whoever knows it.
    #[cold]
    pub(crate) fn filled(self, place: Place) -> Self {
        let mut path = self.path();
        if path.place == Place::OPEN {
            path.place = place;
        } else if let Some(frame) = path.take_open_frame() {
            path.push_at(frame, place);
        }
        drop(path);
        self
    }

    /// Nobody knew the place that was left open.
    #[cold]
    pub(crate) fn closed(self) -> Self {
        let mut path = self.path();
        if path.place == Place::OPEN {
            path.place = Place::NOWHERE;
        }
        if let Some(frame) = path.take_open_frame() {
            path.push_at(frame, Place::NOWHERE);
        }
        drop(path);
        self
    }

    /// The same error with the message that C++ Nix has for it.
    pub fn in_nix_words(mut self, message: impl Into<String>) -> Self {
        self.0.nix_words = Some(message.into().into());
        self
    }

    /// The same error with names that may have been meant.
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

impl std::error::Error for Error {}

/// Adds context to results on their way out.
pub trait ResultExt {
    /// Adds a place to an error that has none.
    fn at(self, place: impl Into<Place>) -> Self;
    /// Adds what was being done. The message is made only if there is an error.
    fn traced<M: Into<SmolStr>>(self, place: impl Into<Place>, message: impl FnOnce() -> M) -> Self;
    /// Adds what was being done to what the message names.
    fn traced_subject<M: Into<SmolStr>>(self, message: impl FnOnce() -> M) -> Self;
}

impl<T> ResultExt for Result<T> {
    #[inline]
    fn at(self, place: impl Into<Place>) -> Self {
        match self {
            Ok(value) => Ok(value),
            Err(error) => Err(error.at(place)),
        }
    }

    #[inline]
    fn traced<M: Into<SmolStr>>(self, place: impl Into<Place>, message: impl FnOnce() -> M) -> Self {
        match self {
            Ok(value) => Ok(value),
            Err(error) => Err(error.traced(message(), place)),
        }
    }

    #[inline]
    fn traced_subject<M: Into<SmolStr>>(self, message: impl FnOnce() -> M) -> Self {
        match self {
            Ok(value) => Ok(value),
            Err(error) => Err(error.traced_subject(message())),
        }
    }
}

//! The one error type: what happened, where, and through what. How it is shown is `report`'s business.

use crate::heap::PosId;
use smol_str::SmolStr;
use std::fmt;
use std::sync::Arc;

/// What evaluation gives, or an [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// An error of parsing or evaluating. Cheap to pass along: one pointer.
#[derive(Clone, Debug)]
pub struct Error(Box<ErrorData>);

#[derive(Clone, Debug)]
struct ErrorData {
    kind: ErrorKind,
    position: PosId,
    trace: Trace,
    suggestions: Vec<String>,
    nix_words: Option<Box<str>>,
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
    pub position: PosId,
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
        let (trace, suggestions) = (Trace::default(), Vec::new());
        Self(Box::new(ErrorData { kind, position: PosId(0), trace, suggestions, nix_words: None }))
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

    /// What happened.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// Where it happened; possibly nowhere.
    pub fn position(&self) -> PosId {
        self.0.position
    }

    /// What was being done, outermost first.
    pub fn trace(&self) -> impl Iterator<Item = &TraceFrame> {
        let outermost = self.0.trace.0.as_deref();
        std::iter::successors(outermost, |node| node.inner.0.as_deref()).map(|node| &node.frame)
    }

    /// The message in C++ Nix's words, where those would tell people less than [`Error::kind`] does.
    pub fn nix_words(&self) -> Option<&str> {
        self.0.nix_words.as_deref()
    }

    /// Names that may have been meant instead, best first.
    pub fn suggestions(&self) -> &[String] {
        &self.0.suggestions
    }

    /// Bytes that a copy takes, about: what it shares with other copies counts as one frame.
    pub(crate) fn bytes(&self) -> usize {
        let suggestions: usize = self.0.suggestions.iter().map(String::len).sum();
        size_of::<ErrorData>() + size_of::<TraceNode>() + self.0.kind.text().map_or(0, str::len) + suggestions
    }

    /// The same error at this place, unless it has one already.
    #[cold]
    pub fn at(mut self, position: PosId) -> Self {
        if self.0.position == PosId(0) {
            self.0.position = position;
        }
        self
    }

    /// The same error, met while doing something more.
    #[cold]
    pub fn traced(mut self, message: impl Into<SmolStr>, position: PosId) -> Self {
        let frame = TraceFrame { message: message.into(), position };
        let inner = std::mem::take(&mut self.0.trace);
        self.0.trace = Trace(Some(Arc::new(TraceNode { frame, inner })));
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
    fn at(self, position: PosId) -> Self;
    /// Adds what was being done. The message is made only if there is an error.
    fn traced<M: Into<SmolStr>>(self, position: PosId, message: impl FnOnce() -> M) -> Self;
}

impl<T> ResultExt for Result<T> {
    #[inline]
    fn at(self, position: PosId) -> Self {
        match self {
            Ok(value) => Ok(value),
            Err(error) => Err(error.at(position)),
        }
    }

    #[inline]
    fn traced<M: Into<SmolStr>>(self, position: PosId, message: impl FnOnce() -> M) -> Self {
        match self {
            Ok(value) => Ok(value),
            Err(error) => Err(error.traced(message(), position)),
        }
    }
}

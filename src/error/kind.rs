//! The kinds of errors, without their place and trace.

use std::fmt;

/// The kind of an error.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// `throw "…"`, or a `<…>` that was not found: `tryEval` catches it.
    Throw(String),
    /// A failed `assert`: `tryEval` catches it.
    Assertion(String),
    /// `abort "…"`.
    Abort(String),
    /// A text that is not a valid program, with the message of C++ Nix's parser.
    Syntax(String),
    /// A value of the wrong type.
    Type(String),
    /// A set lacks an attribute.
    MissingAttribute(String),
    /// A variable that nothing defines.
    UndefinedVariable(String),
    /// A value needs itself.
    InfiniteRecursion,
    /// Calls are nested more deeply than the settings allow.
    CallDepth,
    /// The program's stack is used up.
    StackOverflow,
    /// The embedder or user asked to stop.
    Interrupted,
    /// The memory limit of the settings was exceeded.
    OutOfMemory,
    /// A file could not be read.
    Io(String),
    /// An input could not be found or fetched, or is not valid.
    Fetch(String),
    /// The store refused something, or a build failed.
    Store(String),
    /// A derivation would have to be built so that its output can be read, and the settings forbid it.
    Unbuilt(String),
    /// A feature that this program does not support.
    Unsupported(String),
    /// A function of the program that embeds the evaluator failed.
    Host(String),
    /// Any other evaluation error.
    Eval(String),
    /// The command line, not the program, is wrong.
    Usage(String),
    /// A mistake of the evaluator, or a damaged file that it keeps for itself.
    Internal(&'static str),
}

impl ErrorKind {
    /// True for errors that `tryEval` turns into `{ success = false; }`.
    pub fn is_catchable(&self) -> bool {
        matches!(self, Self::Throw(_) | Self::Assertion(_))
    }

    pub(super) fn text(&self) -> Option<&str> {
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
            | Self::Store(text)
            | Self::Unbuilt(text)
            | Self::Unsupported(text)
            | Self::Host(text)
            | Self::Eval(text)
            | Self::Usage(text) => Some(text),
            Self::Internal(text) => Some(text),
            Self::InfiniteRecursion | Self::CallDepth | Self::StackOverflow | Self::Interrupted | Self::OutOfMemory => {
                None
            }
        }
    }

    /// True for errors that are not caused by the program: forcing the same thunk again may succeed.
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
            | Self::Store(text)
            | Self::Unbuilt(text)
            | Self::Unsupported(text)
            | Self::Host(text)
            | Self::Usage(text)
            | Self::Eval(text) => f.write_str(text),
            Self::Internal(text) => write!(f, "internal error: {text}"),
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

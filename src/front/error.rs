//! Errors that need nothing else to be shown.

use super::wording::for_embedders;
use crate::error::{Code, Error as EvalError, ErrorKind};
use crate::report::{self, Diagnostic};
use crate::source::{Snapshot, Sources};
use std::fmt;
use std::sync::{Arc, OnceLock};

/// The kind of an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// A text that is not a valid program.
    Syntax,
    /// A variable that nothing defines.
    UndefinedVariable,
    /// A set that lacks an attribute, or a list that lacks an element.
    MissingAttribute,
    /// A value of another type than the one that is needed, by Nix or by Rust.
    Type,
    /// `throw`
    Thrown,
    /// A failed `assert`.
    Assertion,
    /// `abort`
    Aborted,
    /// A value that needs itself.
    InfiniteRecursion,
    /// Calls or values that are nested too deeply.
    TooDeep,
    /// The request took longer than its limit.
    TimedOut,
    /// The request was cancelled.
    Cancelled,
    /// The request needed more memory than its limit, or than the system has.
    OutOfMemory,
    /// A file that can't be read.
    File,
    /// A file or address that the program must not read.
    Forbidden,
    /// An input that could not be fetched, or is not valid.
    Fetch,
    /// The store refused something, or a build failed.
    Store,
    /// A function of the host failed.
    Host,
    /// Something that this library, or this configuration, cannot do.
    Unsupported,
    /// The host made a mistake, such as a value of another session.
    Usage,
    /// A mistake of the library.
    Internal,
    /// Any other error of the program.
    Other,
}

impl Kind {
    fn of(error: &EvalError) -> Self {
        match error.kind() {
            _ if error.code() == Code::FORBIDDEN => Self::Forbidden,
            _ if error.code() == Code::SEARCH_PATH => Self::File,
            ErrorKind::Syntax(_) => Self::Syntax,
            ErrorKind::UndefinedVariable(_) => Self::UndefinedVariable,
            ErrorKind::MissingAttribute(_) => Self::MissingAttribute,
            ErrorKind::Type(_) => Self::Type,
            ErrorKind::Throw(_) => Self::Thrown,
            ErrorKind::Assertion(_) => Self::Assertion,
            ErrorKind::Abort(_) => Self::Aborted,
            ErrorKind::InfiniteRecursion => Self::InfiniteRecursion,
            ErrorKind::CallDepth | ErrorKind::StackOverflow => Self::TooDeep,
            ErrorKind::Interrupted => Self::Cancelled,
            ErrorKind::OutOfMemory => Self::OutOfMemory,
            ErrorKind::Io(_) => Self::File,
            ErrorKind::Fetch(_) => Self::Fetch,
            ErrorKind::Store(_) | ErrorKind::Unbuilt(_) => Self::Store,
            ErrorKind::Host(_) => Self::Host,
            ErrorKind::Unsupported(_) => Self::Unsupported,
            ErrorKind::Usage(_) => Self::Usage,
            ErrorKind::Internal(_) => Self::Internal,
            ErrorKind::Eval(_) => match error.code() {
                Code::OUT_OF_LIST => Self::MissingAttribute,
                Code::MISSING_ARGUMENT | Code::UNEXPECTED_ARGUMENT | Code::WRONG_TYPE | Code::NOT_A_STRING => {
                    Self::Type
                }
                Code::FILE => Self::File,
                Code::SYNTAX | Code::DEFINED_TWICE => Self::Syntax,
                _ => Self::Other,
            },
        }
    }
}

/// An error, with the texts that it is about.
///
/// `{}` shows it on one line, `{:#}` and `{:?}` as a report with the program around it.
///
/// ```
/// use nivis::front::{Kind, from_str};
///
/// let error = from_str::<u16>("let port = \"http\"; in port").unwrap_err();
/// assert_eq!(error.kind(), Kind::Type);
/// assert_eq!(error.to_string(), "invalid type: string \"http\", expected u16 at «string»:1:1");
/// assert!(format!("{error:#}").contains("let port = \"http\"; in port"));
/// ```
#[derive(Clone)]
pub struct Error(Arc<Data>);

struct Data {
    kind: Kind,
    error: EvalError,
    texts: Snapshot,
    line: OnceLock<String>,
    report: OnceLock<String>,
}

impl Error {
    /// The error of an evaluation, with what it needs of these texts. If the evaluation was stopped, `stopped` is why.
    #[cold]
    pub(super) fn new(error: EvalError, sources: &Sources, stopped: Option<Kind>) -> Self {
        let kind = match (error.kind(), stopped) {
            (ErrorKind::Interrupted, Some(reason)) => reason,
            _ => Kind::of(&error),
        };
        let texts = sources.snapshot(error.positions());
        Self(Arc::new(Data { kind, error, texts, line: OnceLock::new(), report: OnceLock::new() }))
    }

    /// An error without a place in a program.
    #[cold]
    pub(super) fn of(kind: Kind, error: impl Into<EvalError>) -> Self {
        let (error, texts) = (error.into(), Snapshot::default());
        Self(Arc::new(Data { kind, error, texts, line: OnceLock::new(), report: OnceLock::new() }))
    }

    /// Its kind.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// Its code, such as `E0011`. A code never changes its meaning.
    pub fn code(&self) -> String {
        self.0.error.code().to_string()
    }

    /// The message alone, without the place. It may have several lines.
    pub fn message(&self) -> String {
        match self.0.kind {
            Kind::TimedOut => "the time limit was exceeded".to_owned(),
            Kind::Cancelled => "the request was cancelled".to_owned(),
            _ => for_embedders(self.0.error.to_string()),
        }
    }

    /// The error as data: one diagnostic, or one for each syntax error of a text.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let mut all = report::diagnostics(&self.0.error, &self.0.texts.sources());
        for found in &mut all {
            let texts = found.hints.iter_mut().chain(&mut found.notes).chain([&mut found.message]);
            texts.for_each(|text| *text = for_embedders(std::mem::take(text)));
        }
        if matches!(self.0.kind, Kind::TimedOut | Kind::Cancelled) {
            all.iter_mut().for_each(|found| found.message = self.message());
        }
        all
    }

    fn line(&self) -> String {
        let message = self.message();
        let lines = message.lines().map(str::trim).filter(|line| !line.is_empty());
        let line = lines.collect::<Vec<_>>().join(" ");
        if let Some(at) = report::location(&self.0.error, &self.0.texts.sources()) {
            return format!("{line} at {}:{}:{}", at.source.name(), at.line, at.column);
        }
        // C++ Nix has no place for it, but people need one.
        match self.diagnostics().first().and_then(|found| found.labels.first()) {
            Some(at) => format!("{line} at {}:{}:{}", at.file, at.line, at.column),
            None => line,
        }
    }

    fn report(&self) -> String {
        let report = report::standalone(&self.0.error, &self.0.texts.sources());
        let report = match self.0.kind {
            Kind::TimedOut | Kind::Cancelled => report.replacen(&self.0.error.to_string(), &self.message(), 1),
            _ => report,
        };
        for_embedders(report)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if f.alternate() {
            f.write_str(self.0.report.get_or_init(|| self.report()))
        } else {
            f.write_str(self.0.line.get_or_init(|| self.line()))
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:#}")
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.error.host_source().map(|source| &**source as &(dyn std::error::Error + 'static))
    }
}

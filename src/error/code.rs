//! Error codes: each has a page in `nivis explain`. A code never changes its meaning.

use super::ErrorKind;
use std::fmt;

/// The code of a kind of error, for example `E0010`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(u16);

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident $number:literal $title:literal,)*) => {
        impl Code {
            $($(#[doc = $doc])+ pub const $name: Self = Self($number);)*
        }

        /// All codes with their titles, in order.
        pub const CODES: &[(Code, &str)] = &[$((Code::$name, $title),)*];
    };
}

codes! {
    /// A text that is not a valid Nix program.
    SYNTAX 1 "syntax error",
    /// A name defined twice in one set or pattern.
    DEFINED_TWICE 2 "a name is defined twice",
    /// A variable that nothing defines.
    UNDEFINED_VARIABLE 10 "undefined variable",
    /// A set lacks an attribute.
    MISSING_ATTRIBUTE 11 "attribute missing",
    /// A called value that is not a function.
    NOT_A_FUNCTION 12 "not a function",
    /// A function needs an argument that it was not given.
    MISSING_ARGUMENT 13 "argument missing",
    /// A function was given an argument that it does not know.
    UNEXPECTED_ARGUMENT 14 "unexpected argument",
    /// A value of the wrong type.
    WRONG_TYPE 16 "wrong type",
    /// A value that cannot be coerced to a string.
    NOT_A_STRING 17 "not a string",
    /// Values that can't be added.
    NOT_ADDABLE 18 "values that can't be added",
    /// Values that can't be compared.
    NOT_COMPARABLE 19 "values that can't be compared",
    /// An index outside of a list.
    OUT_OF_LIST 20 "no such list element",
    /// A string that is not an absolute path.
    NOT_A_PATH 21 "not an absolute path",
    /// A string with context where none is allowed.
    HAS_CONTEXT 22 "store reference not allowed",
    /// A result that is not a 64-bit integer.
    ARITHMETIC 23 "impossible arithmetic",
    /// `throw`.
    THROW 30 "thrown by the program",
    /// A failed `assert`.
    ASSERTION 31 "assertion failed",
    /// `abort`.
    ABORT 32 "aborted by the program",
    /// A value that needs itself.
    INFINITE_RECURSION 40 "infinite recursion",
    /// Calls nested too deeply.
    TOO_DEEP 41 "nested too deeply",
    /// Stopped from outside.
    INTERRUPTED 43 "interrupted",
    /// No memory left.
    OUT_OF_MEMORY 44 "out of memory",
    /// A file that can't be read.
    FILE 50 "file not readable",
    /// A name that the search path lacks.
    SEARCH_PATH 51 "not in the search path",
    /// A file or address that the program must not read.
    FORBIDDEN 52 "access forbidden",
    /// A fetched file or tree whose hash differs from the expected one.
    HASH_MISMATCH 60 "hash mismatch",
    /// An input that could not be found or fetched, or is not valid.
    NOT_FETCHED 61 "fetching failed",
    /// An unsupported feature.
    UNSUPPORTED 70 "not supported",
    /// A wrong command line.
    USAGE 80 "usage error",
    /// Everything else.
    OTHER 99 "other errors",
}

impl Code {
    /// Parses a code: `E0010`, `e10` or `10`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(['E', 'e']).unwrap_or(text);
        let number: u16 = digits.parse().ok()?;
        CODES.iter().map(|(code, _)| *code).find(|code| code.0 == number)
    }

    /// A short description.
    pub fn title(self) -> &'static str {
        CODES.iter().find(|(code, _)| *code == self).map_or("", |(_, title)| title)
    }

    /// The code for errors of a kind without their own.
    pub(super) fn of(kind: &ErrorKind) -> Self {
        match kind {
            ErrorKind::Throw(_) => Self::THROW,
            ErrorKind::Assertion(_) => Self::ASSERTION,
            ErrorKind::Abort(_) => Self::ABORT,
            ErrorKind::Syntax(_) => Self::SYNTAX,
            ErrorKind::Type(_) => Self::WRONG_TYPE,
            ErrorKind::MissingAttribute(_) => Self::MISSING_ATTRIBUTE,
            ErrorKind::UndefinedVariable(_) => Self::UNDEFINED_VARIABLE,
            ErrorKind::InfiniteRecursion => Self::INFINITE_RECURSION,
            ErrorKind::CallDepth | ErrorKind::StackOverflow => Self::TOO_DEEP,
            ErrorKind::Interrupted => Self::INTERRUPTED,
            ErrorKind::OutOfMemory => Self::OUT_OF_MEMORY,
            ErrorKind::Io(_) => Self::FILE,
            ErrorKind::Fetch(_) => Self::NOT_FETCHED,
            ErrorKind::Unsupported(_) => Self::UNSUPPORTED,
            ErrorKind::Eval(_)
            | ErrorKind::Host(_)
            | ErrorKind::Unbuilt(_)
            | ErrorKind::Store(_)
            | ErrorKind::Internal(_) => Self::OTHER,
            ErrorKind::Usage(_) => Self::USAGE,
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "E{:04}", self.0)
    }
}

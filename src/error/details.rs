//! Details of an error for people, which C++ Nix does not show.

use crate::source::Place;
use smol_str::SmolStr;
use std::sync::Arc;

/// Details for people that C++ Nix does not show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// Similar names, best first.
    pub similar: Vec<String>,
    /// Some of the existing names.
    pub present: Vec<String>,
    /// The number of existing names.
    pub present_count: usize,
    /// The cause, if hints depend on it.
    pub cause: Cause,
    /// The type of the value that was found, as `typeOf` names it; empty if it is not relevant.
    pub found: &'static str,
    /// The number of names of a selection that were found before the error.
    pub selected: usize,
    /// Notes, as sentences.
    pub notes: Vec<String>,
    /// The place to show people if C++ Nix has none.
    pub place: Place,
    /// True if a value is too deep, and not nested calls.
    pub is_deep_value: bool,
    /// Further places, with their labels.
    pub related: Vec<(Place, SmolStr)>,
    /// The texts of long values in the message.
    pub excerpts: Vec<Arc<str>>,
    /// The topic of a page in `nivis explain`; empty if the page of the code is the best one.
    pub topic: &'static str,
}

/// The cause of an error as data, so that hints never read the message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// The code of the error says all there is to say.
    #[default]
    Unspecified,
    /// A value of another type was expected: its name in messages, with an article.
    Expected(SmolStr),
    /// Values of these types, named as in messages, cannot be compared.
    Incomparable {
        /// The types of both.
        types: [SmolStr; 2],
        /// True if no values of this type can be compared.
        is_one_type: bool,
    },
    /// A number was divided by zero.
    DivisionByZero,
    /// There is no file at this path.
    MissingFile(Box<[u8]>),
    /// The other side of a connection has gone.
    Disconnected,
    /// A name is not allowed in the store.
    StoreName,
    /// This text is not an absolute path.
    RelativePath(Box<str>),
    /// This name was not found in the search path.
    SearchPath(Box<str>),
    /// This name is only found in the search path, which pure evaluation doesn't have.
    PureSearchPath(Box<str>),
    /// Pure evaluation may not read this file.
    PureFile,
    /// A function lacks an argument, or has none of its name.
    Argument {
        /// The argument.
        name: Box<str>,
        /// The function; empty if it has no name.
        function: Box<str>,
    },
    /// A text is not JSON; the reason.
    InvalidJson(Box<str>),
    /// Two parameters of a function have the same name.
    DuplicateFormal,
    /// The condition of an `assert` is false.
    FalseCondition,
}

/// The topic of `xs.0` and similar texts: in a path it selects from a list, in the language it does not.
pub const LIST_ACCESS: &str = "list-access";

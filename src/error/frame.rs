//! One step of a trace, as data.

use crate::heap::PosId;
use crate::source::Place;
use smol_str::SmolStr;

/// One active step at the time of an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceFrame {
    /// The action. Its text is C++ Nix's, for example `while calling the 'map' builtin`.
    pub action: Action,
    /// The place in the program; possibly nowhere.
    pub place: Place,
    /// The condition for showing it.
    pub kind: FrameKind,
}

/// The importance of a trace frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameKind {
    /// Shown until a trace gets long.
    Step,
    /// Always shown: context from the program itself, and derivations.
    Always,
    /// A step that names the subject of the error: always shown to people.
    Subject,
    /// A call of a function: shown on request.
    Call,
}

/// An action during the evaluation. `wording` has the text of each.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Action {
    /// A value was needed for something.
    Needed(Purpose<SmolStr>),
    /// A function was called here.
    CallSite,
    /// A function ran. It may have no name.
    Function(Option<SmolStr>),
    /// A set with `__functor` was called.
    Functor,
    /// A builtin ran.
    Builtin(&'static str),
    /// The set that an attribute is selected from was evaluated.
    Selection,
    /// The attribute of this name or path was evaluated.
    Attribute(SmolStr),
    /// An attribute of this path was evaluated, from its definition on.
    Definition(SmolStr),
    /// An attribute of a set that becomes JSON.
    Member(SmolStr),
    /// An element of a list that is evaluated deeply.
    Element(usize),
    /// A file was evaluated.
    File(String),
    /// The text of a set was computed.
    SetText(SetText),
    /// The condition of an assertion failed, and the reason was examined; with its text.
    Assertion(String),
    /// Two values of a failed assertion, or two to be put in order, were compared.
    Comparison(Comparison),
    /// A derivation was evaluated.
    Derivation(Box<Derivation>),
    /// An attribute of a derivation was evaluated.
    DerivationAttribute {
        /// The attribute.
        attribute: SmolStr,
        /// The name of the derivation.
        derivation: SmolStr,
    },
    /// The value that needs itself was evaluated for the first time.
    InfiniteRecursion,
    /// An input, file or derivation was worked on.
    Work(Work, SmolStr),
    /// Words of the program, or of a builtin.
    Custom(SmolStr),
}

/// The purpose of a needed value.
///
/// A builtin names itself as C++ Nix's text does, with or without quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Purpose<T> {
    /// An argument of this builtin.
    Argument(Ordinal, T),
    /// An argument, with a remark and the builtin.
    DescribedArgument(Ordinal, T),
    /// A value in the second argument of this builtin.
    Member(T),
    /// An element of a list, with its purpose.
    Element(T),
    /// A value in a list, with its purpose.
    Value(T),
    /// The result of the function passed to this builtin.
    Returned(T),
    /// The result of a function with a description, such as a comparator.
    ReturnedBy(T),
    /// An operand.
    Operand(Operand),
    /// The condition of an `if`.
    BranchCondition,
    /// The condition of an `assert`.
    AssertCondition,
    /// The set of a `with`.
    Namespace,
    /// A name in `${…}`.
    AttributeName,
    /// A part of an interpolation or sum of texts.
    PathSegment,
    /// An operand of `++`.
    Concatenation,
    /// The argument for `{ a, … }:`.
    PatternArgument,
    /// Anything else, in C++ Nix's words.
    Other(T),
}

/// The position of an argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ordinal {
    /// The only one.
    Only,
    /// The first of several.
    First,
    /// The second.
    Second,
    /// The third.
    Third,
}

/// An operand of an operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operand {
    /// `a` of `a == b`, with the sign.
    Left(&'static str),
    /// `b` of `a == b`, with the sign.
    Right(&'static str),
    /// Either operand of `+`.
    Sum,
    /// The operand of `!` or `?`.
    Only(&'static str),
    /// The first operand of an operation on numbers.
    First(Arithmetic),
    /// The second operand of an operation on numbers.
    Second(Arithmetic),
}

/// An operation on two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arithmetic {
    /// `+`
    Addition,
    /// `-`
    Subtraction,
    /// `*`
    Multiplication,
    /// `/`
    Division,
}

/// A step from a set to its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetText {
    /// `__toString` was called.
    CallingToString,
    /// The result of that was used.
    UsingToString,
    /// `outPath` was evaluated.
    EvaluatingOutPath,
    /// `outPath` was used.
    UsingOutPath,
}

/// A step of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// Elements of two lists, to put these in order.
    Elements,
    /// The elements at an index of two lists that should be equal.
    Element(usize),
    /// Attributes of two sets that should be equal.
    Attribute(SmolStr),
    /// Two derivations that should be equal.
    Derivation,
    /// The definition of the left one.
    LeftSide,
    /// The definition of the right one.
    RightSide,
}

/// A derivation, as it was evaluated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Derivation {
    /// Its name.
    pub name: SmolStr,
    /// The place where its name is defined, also as text.
    pub location: Option<(PosId, String)>,
}

/// The kind of work on a subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// An input is fetched; its URL.
    FetchingInput,
    /// An input of a flake is locked; its path.
    UpdatingInput,
    /// A derivation is read from its file.
    ReadingDerivation,
    /// A path is added to the store.
    AddingPath,
    /// The context of a path is realised.
    RealisingContext,
}

impl TraceFrame {
    /// The text of the action, in C++ Nix's words.
    pub fn message(&self) -> String {
        self.action.to_string()
    }
}

impl Action {
    /// True if there is no text, for example for an empty `addErrorContext`.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Custom(text) | Self::Needed(Purpose::Other(text)) if text.is_empty())
    }

    /// The subject of the work, by name.
    pub fn subject(&self) -> Option<&str> {
        match self {
            Self::Work(_, subject) => Some(subject),
            _ => None,
        }
    }

    /// True for the place where a function or functor was called.
    pub fn is_call(&self) -> bool {
        matches!(self, Self::CallSite | Self::Functor)
    }

    /// The purpose of the needed value.
    pub fn purpose(&self) -> Option<&Purpose<SmolStr>> {
        match self {
            Self::Needed(purpose) => Some(purpose),
            _ => None,
        }
    }
}

impl<T: AsRef<str>> Purpose<T> {
    /// The same with an owned text.
    pub fn to_owned(&self) -> Purpose<SmolStr> {
        let text = |text: &T| SmolStr::new(text);
        match self {
            Self::Argument(ordinal, builtin) => Purpose::Argument(*ordinal, text(builtin)),
            Self::DescribedArgument(ordinal, rest) => Purpose::DescribedArgument(*ordinal, text(rest)),
            Self::Member(builtin) => Purpose::Member(text(builtin)),
            Self::Element(rest) => Purpose::Element(text(rest)),
            Self::Value(rest) => Purpose::Value(text(rest)),
            Self::Returned(builtin) => Purpose::Returned(text(builtin)),
            Self::ReturnedBy(rest) => Purpose::ReturnedBy(text(rest)),
            Self::Operand(operand) => Purpose::Operand(*operand),
            Self::BranchCondition => Purpose::BranchCondition,
            Self::AssertCondition => Purpose::AssertCondition,
            Self::Namespace => Purpose::Namespace,
            Self::AttributeName => Purpose::AttributeName,
            Self::PathSegment => Purpose::PathSegment,
            Self::Concatenation => Purpose::Concatenation,
            Self::PatternArgument => Purpose::PatternArgument,
            Self::Other(words) => Purpose::Other(text(words)),
        }
    }
}

impl Operand {
    /// True for an operand of an operation on numbers.
    pub fn is_number(self) -> bool {
        matches!(self, Self::First(_) | Self::Second(_))
    }
}

impl Ordinal {
    /// The index of the argument, from 0.
    pub fn index(self) -> usize {
        match self {
            Self::Only | Self::First => 0,
            Self::Second => 1,
            Self::Third => 2,
        }
    }
}

impl<'a> From<&'a str> for Purpose<&'a str> {
    fn from(words: &'a str) -> Self {
        Self::Other(words)
    }
}

impl<T: AsRef<str>> From<Purpose<T>> for Action {
    fn from(purpose: Purpose<T>) -> Self {
        Self::Needed(purpose.to_owned())
    }
}

impl From<Operand> for Action {
    fn from(operand: Operand) -> Self {
        Self::Needed(Purpose::Operand(operand))
    }
}

impl From<&str> for Action {
    fn from(words: &str) -> Self {
        Self::Custom(words.into())
    }
}

impl From<String> for Action {
    fn from(words: String) -> Self {
        Self::Custom(words.into())
    }
}

//! C++ Nix's words for what errors and their traces say. No other file of the evaluator has them, apart from the words of
//! single builtins, and none reads them back.

use super::frame::{Action, Arithmetic, Comparison, Derivation, Operand, Ordinal, Purpose, SetText, Work};
use std::fmt::{Display, Formatter, Result};

impl Display for Action {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Needed(purpose) => purpose.fmt(f),
            Self::CallSite => f.write_str("from call site"),
            Self::Function(Some(name)) => write!(f, "while calling '{name}'"),
            Self::Function(None) => f.write_str("while calling anonymous lambda"),
            Self::Functor => f.write_str("while calling a functor (an attribute set with a '__functor' attribute)"),
            Self::Builtin(name) => write!(f, "while calling the '{name}' builtin"),
            Self::Selection => f.write_str("while selecting an attribute"),
            Self::Attribute(name) => write!(f, "while evaluating the attribute '{name}'"),
            Self::Definition(path) => write!(f, "from the definition of '{path}'"),
            Self::Member(name) => write!(f, "while evaluating attribute '{name}'"),
            Self::Element(index) => write!(f, "while evaluating list element at index {index}"),
            Self::File(path) => write!(f, "while evaluating the file '{path}':"),
            Self::SetText(step) => step.fmt(f),
            Self::Assertion(text) => write!(f, "while evaluating the condition of the assertion '{text}'"),
            Self::Comparison(step) => step.fmt(f),
            Self::Derivation(derivation) => derivation.fmt(f),
            Self::DerivationAttribute { attribute, derivation } => {
                write!(f, "while evaluating attribute '{attribute}' of derivation '{derivation}'")
            }
            Self::InfiniteRecursion => f.write_str("entering the infinite recursion"),
            Self::Work(work, subject) => write!(f, "{work} '{subject}'"),
            Self::Custom(text) => f.write_str(text),
        }
    }
}

impl<T: Display> Display for Purpose<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Operand(operand) => return operand.fmt(f),
            Self::AssertCondition => return f.write_str("in the condition of the assert statement"),
            Self::Other(words) => return words.fmt(f),
            _ => f.write_str("while evaluating ")?,
        }
        match self {
            Self::Argument(ordinal, builtin) => write!(f, "the {ordinal} passed to {builtin}"),
            Self::DescribedArgument(ordinal, rest) => write!(f, "the {ordinal}{rest}"),
            Self::Member(builtin) => write!(f, "the values of the second argument passed to {builtin}"),
            Self::Element(rest) => write!(f, "one element of the list{rest}"),
            Self::Value(rest) => write!(f, "a value of the list{rest}"),
            Self::Returned(builtin) => write!(f, "the return value of the function passed to {builtin}"),
            Self::ReturnedBy(function) => write!(f, "the return value of the {function}"),
            Self::BranchCondition => f.write_str("a branch condition"),
            Self::Namespace => f.write_str("the first subexpression of a with expression"),
            Self::AttributeName => f.write_str("an attribute name"),
            Self::PathSegment => f.write_str("a path segment"),
            Self::Concatenation => f.write_str("one of the elements to concatenate"),
            Self::PatternArgument => f.write_str("the value passed for the lambda argument"),
            Self::Operand(_) | Self::AssertCondition | Self::Other(_) => Ok(()),
        }
    }
}

impl Display for Ordinal {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::Only => "argument",
            Self::First => "first argument",
            Self::Second => "second argument",
            Self::Third => "third argument",
        })
    }
}

impl Display for Operand {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Left(sign) => write!(f, "in the left operand of '{sign}'"),
            Self::Right(sign) => write!(f, "in the right operand of '{sign}'"),
            Self::Sum => f.write_str("in an operand of '+'"),
            Self::Only(sign) => write!(f, "in the argument of '{sign}'"),
            Self::First(operation) => write!(f, "while evaluating the first {operation}"),
            Self::Second(operation) => write!(f, "while evaluating the second {operation}"),
        }
    }
}

impl Display for Arithmetic {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::Addition => "argument of the addition",
            Self::Subtraction => "argument of the subtraction",
            Self::Multiplication => "argument of the multiplication",
            Self::Division => "operand of the division",
        })
    }
}

impl Display for SetText {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::CallingToString => "while calling the `__toString` attribute",
            Self::UsingToString => "while using the result of the `__toString` attribute",
            Self::EvaluatingOutPath => "while evaluating the `outPath` attribute",
            Self::UsingOutPath => "while using the `outPath` attribute",
        })
    }
}

impl Display for Comparison {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Elements => f.write_str("while comparing two list elements"),
            Self::Element(index) => write!(f, "while comparing list element {index}"),
            Self::Attribute(name) => write!(f, "while comparing attribute '{name}'"),
            Self::Derivation => f.write_str("while comparing a derivation by its 'outPath' attribute"),
            Self::LeftSide => f.write_str("where left hand side is"),
            Self::RightSide => f.write_str("where right hand side is"),
        }
    }
}

impl Display for Derivation {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "while evaluating derivation '{}'", self.name)?;
        match &self.location {
            Some((_, shown)) => write!(f, "\n  whose name attribute is located at {shown}"),
            None => Ok(()),
        }
    }
}

impl Display for Work {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::FetchingInput => "while fetching the input",
            Self::UpdatingInput => "while updating the flake input",
            Self::ReadingDerivation => "while reading the derivation",
            Self::AddingPath => "while adding path",
            Self::RealisingContext => "while realising the context of path",
        })
    }
}

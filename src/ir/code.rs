//! Code objects and functions.

use super::{Name, Operand, Words};
use crate::source::Span;

/// A piece of code that runs in its own frame: the code of a thunk or a function.
#[derive(Clone, Debug, PartialEq)]
pub struct Code {
    /// The expression to evaluate.
    pub body: Operand,
    /// The number of slots of the frame; parameters come first.
    pub slots: u32,
    /// The place of each capture in the creating frame: operands that are locals or captures.
    pub captures: Words,
    /// The function data, if this is the code of a function.
    pub lambda: Option<Box<Lambda>>,
    /// Its source text.
    pub span: Span,
}

/// The part of a function that its callers need.
#[derive(Clone, Debug, PartialEq)]
pub struct Lambda {
    /// The name of the attribute or variable it was bound to.
    pub name: Option<Name>,
    /// Parameters: `x: y: { z }: …` is one function of three. Only the last may be a pattern.
    pub parameters: Vec<Parameter>,
    /// The pattern of the last parameter.
    pub pattern: Option<Pattern>,
}

/// One parameter of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name; the name after `@` for a pattern.
    pub name: Option<Name>,
    /// The start of this parameter's function in the text.
    pub start: u32,
}

/// `{ a, b ? 1, ... }`
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Pattern {
    /// Names in symbol order of the file.
    pub formals: Vec<Formal>,
    /// True with `...`.
    pub ellipsis: bool,
}

/// One name of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Formal {
    /// The name.
    pub name: Name,
    /// The slot for its value.
    pub slot: u32,
    /// The delayed default.
    pub default: Option<Operand>,
    /// Offset of the name in the text.
    pub start: u32,
}

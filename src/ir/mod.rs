//! The intermediate representation of a file: desugared, with every name resolved.
//!
//! `lower` builds it, `eval` runs it, and [`pretty`](Unit::pretty) prints it. Four properties hold:
//!
//! 1. **Flat.** Nodes refer to each other by index into one vector per file, so a unit can be stored and read back whole.
//! 2. **Resolved.** A variable is a slot of the running frame, a capture of the running code, or a constant. Only names
//!    that a `with` may provide are looked up by name ([`Expr::WithLookup`]).
//! 3. **Desugared.** No `inherit`, `rec`, nested attribute path, indented string or parenthesis is left.
//! 4. **No syntax.** Positions are in a side table; symbols, shapes and constants are per-file indices.
//!
//! ```text
//! let f = x: x + 1; in f 2
//!
//! code 0 slots 1
//!   (let %0 = thunk#1 in (call %0)[2])
//! code 1 slots 0
//!   lambda#2
//! code 2 lambda f x: slots 1
//!   (+ %0 1)
//! ```

mod check;
mod code;
mod decode;
mod encode;
mod expr;
mod operand;
mod pretty;
mod runs;

pub use code::{Code, Formal, Lambda, Parameter, Pattern};
pub use expr::{BinaryOp, Expr, Step, StepKind};
pub use operand::{Operand, OperandKind, PathId, PathPart, Words};
pub use runs::{Runs, Texts};

/// Index of a node in [`Unit::exprs`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExprId(pub u32);

/// Index of a code object in [`Unit::codes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeId(pub u32);

/// Index of a name in [`Unit::symbols`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(pub u32);

/// A constant.
#[derive(Clone, Debug, PartialEq)]
pub enum Constant {
    /// `42`
    Int(i64),
    /// `4.2`
    Float(f64),
    /// `"text"`, as bytes.
    String(Box<[u8]>),
    /// An absolute path without context.
    Path(Box<[u8]>),
    /// A path relative to the folder of the file, as written. So a unit does not depend on the place of its file.
    RelativePath(Box<[u8]>),
    /// `[ ]`
    EmptyList,
    /// A name of the language's own global scope, such as `true` or `map`.
    Global(Name),
    /// A member of `builtins`, written out as `builtins.x`.
    Builtin(Name),
}

/// A warning about a file, with an offset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// A discouraged literal: the whole text.
    Lint(u32, String),
    /// `f xs.0`, which is `f xs .0`: the text of `xs` and of the number.
    DottedNumber(u32, String, String),
    /// `f x or`, where `or` is an argument of `x`: the text of `x or`.
    CursedOr(u32, String),
    /// A `rec` without effect, because the set is merged into one without: the name of both.
    DroppedRec(u32, String),
}

impl Warning {
    /// The offset that the parser has reached when it reports the warning.
    pub(crate) fn end(&self) -> u32 {
        match self {
            Self::Lint(start, _) | Self::DroppedRec(start, _) => *start,
            Self::DottedNumber(start, base, number) => start + (base.len() + number.len()) as u32,
            Self::CursedOr(start, text) => start + text.len() as u32,
        }
    }
}

/// A lowered file.
#[derive(Clone, Debug, Default)]
pub struct Unit {
    /// All nodes.
    pub exprs: Vec<Expr>,
    /// The start of the text of each node, parallel to [`Unit::exprs`].
    pub starts: Vec<u32>,
    /// All code objects; 0 is the file itself.
    pub codes: Vec<Code>,
    /// Operands, path parts and other words that nodes refer to.
    pub words: Vec<u32>,
    /// Names, in the order in which C++ Nix's parser meets them. Sets iterate in this order.
    pub symbols: Texts,
    /// Shapes of set literals: names with their offsets, in the order of the text.
    pub shapes: Runs<(Name, u32)>,
    /// Constants.
    pub constants: Vec<Constant>,
    /// Names of an outer scope that the file uses; they become the captures of code 0.
    pub inputs: Vec<Name>,
    /// The warnings to show when the file is loaded.
    pub warnings: Vec<Warning>,
    /// The places where a debugger can stop; empty unless the file is lowered for one.
    pub steps: Vec<Step>,
}

impl Unit {
    /// The approximate size in memory, in bytes.
    pub fn bytes(&self) -> usize {
        let nodes = size_of_val(self.exprs.as_slice()) + size_of_val(self.starts.as_slice());
        let tables = size_of_val(self.codes.as_slice()) + size_of_val(self.words.as_slice());
        nodes + tables + self.symbols.size() + size_of_val(self.constants.as_slice()) + self.shapes.size()
    }

    /// The node `id`.
    #[inline]
    pub fn expr(&self, id: ExprId) -> Expr {
        self.exprs[id.0 as usize]
    }

    /// The start of the text of the node `id`.
    #[inline]
    pub fn start(&self, id: ExprId) -> u32 {
        self.starts[id.0 as usize]
    }

    /// The code object `id`.
    #[inline]
    pub fn code(&self, id: CodeId) -> &Code {
        &self.codes[id.0 as usize]
    }

    /// The words of a run.
    #[inline]
    pub fn words(&self, run: Words) -> &[u32] {
        &self.words[run.start as usize..(run.start + run.len) as usize]
    }

    /// The operands of a run.
    #[inline]
    pub fn operands(&self, run: Words) -> impl ExactSizeIterator<Item = Operand> + Clone + '_ {
        self.words(run).iter().map(|&word| Operand::from_word(word))
    }

    /// The parts of an attribute path.
    #[inline]
    pub fn path(&self, path: PathId) -> impl ExactSizeIterator<Item = PathPart> + Clone + '_ {
        let len = self.words[path.0 as usize];
        self.words(Words { start: path.0 + 1, len }).iter().map(|&word| PathPart::from_word(word))
    }

    /// The text of a name.
    pub fn name(&self, name: Name) -> &[u8] {
        self.symbols.get(name.0 as usize)
    }
}

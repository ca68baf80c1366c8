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
mod decode;
mod encode;
mod pretty;
mod runs;

pub use runs::{Runs, Texts};

use crate::source::Span;

/// Index of a node in [`Unit::exprs`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExprId(pub u32);

/// Index of a code object in [`Unit::codes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CodeId(pub u32);

/// Index of a name in [`Unit::symbols`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(pub u32);

/// The source of a value, in one tagged word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Operand(u32);

/// An unpacked [`Operand`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperandKind {
    /// A slot of the running frame.
    Local(u32),
    /// A captured value of the running code.
    Capture(u32),
    /// A constant of the unit.
    Constant(u32),
    /// The result of a node.
    Expr(ExprId),
}

impl Operand {
    /// Indices are below this, so that two tag bits and one bit of [`PathPart`] fit beside them.
    pub const LIMIT: u32 = 1 << 29;

    /// Packs a source.
    pub fn new(kind: OperandKind) -> Self {
        match kind {
            OperandKind::Local(slot) => Self(slot << 2),
            OperandKind::Capture(index) => Self(index << 2 | 1),
            OperandKind::Constant(index) => Self(index << 2 | 2),
            OperandKind::Expr(id) => Self(id.0 << 2 | 3),
        }
    }

    /// Unpacks it.
    #[inline]
    pub fn kind(self) -> OperandKind {
        let index = self.0 >> 2;
        match self.0 & 3 {
            0 => OperandKind::Local(index),
            1 => OperandKind::Capture(index),
            2 => OperandKind::Constant(index),
            _ => OperandKind::Expr(ExprId(index)),
        }
    }

    /// The word, for storage in [`Unit::words`].
    pub fn to_word(self) -> u32 {
        self.0
    }

    /// The operand stored by [`Operand::to_word`].
    #[inline]
    pub fn from_word(word: u32) -> Self {
        Self(word)
    }

    /// True unless it is a node: the value is available without running anything.
    pub fn is_trivial(self) -> bool {
        self.0 & 3 != 3
    }
}

/// One name of an attribute path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathPart {
    /// Known: `a`, `"a"`.
    Name(Name),
    /// Computed: `${e}`.
    Dynamic(Operand),
}

impl PathPart {
    /// Packs it into a word.
    pub fn to_word(self) -> u32 {
        match self {
            Self::Name(name) => name.0 << 1,
            Self::Dynamic(operand) => operand.0 << 1 | 1,
        }
    }

    /// Unpacks it.
    #[inline]
    pub fn from_word(word: u32) -> Self {
        if word & 1 == 0 { Self::Name(Name(word >> 1)) } else { Self::Dynamic(Operand(word >> 1)) }
    }
}

/// A run of words in [`Unit::words`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    /// First word.
    pub start: u32,
    /// Number of words.
    pub len: u32,
}

/// Index of an attribute path in [`Unit::words`]: its length, then its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathId(pub u32);

/// Binary operators that need both operands evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    /// `a + b`: sum, concatenation of strings, extension of a path.
    Add,
    /// `a - b`
    Sub,
    /// `a * b`
    Mul,
    /// `a / b`
    Div,
    /// `a < b`
    Less,
    /// `a > b`: evaluates `b` first.
    Greater,
    /// `a <= b`: evaluates `b` first.
    LessOrEqual,
    /// `a >= b`
    GreaterOrEqual,
    /// `a == b`
    Equal,
    /// `a != b`
    NotEqual,
    /// `a ++ b`
    Concat,
    /// `a // b`
    Update,
}

/// A node. 16 bytes or less. Operands marked *delayed* are not evaluated by the node: they give a value or a thunk.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Expr {
    /// A thunk of this code.
    Thunk(CodeId),
    /// `x: …`: a closure of this code.
    Lambda(CodeId),
    /// A delayed operand that may be computed at once: if `ahead` needs no evaluation and cannot fail, its value;
    /// else `late`.
    Speculate {
        /// The expression over operands of this frame.
        ahead: ExprId,
        /// The thunk of the same expression.
        late: ExprId,
    },
    /// `f a b`: the function, then delayed arguments.
    Call {
        /// The function.
        function: Operand,
        /// Arguments, delayed.
        arguments: Words,
    },
    /// A call of a builtin known by name, with all of its arguments delayed.
    CallBuiltin {
        /// Constant index of the builtin.
        builtin: u32,
        /// Arguments, delayed.
        arguments: Words,
    },
    /// `a.b.c`
    Select {
        /// The set.
        base: Operand,
        /// The path.
        path: PathId,
    },
    /// `a.b.c or d`
    SelectOr {
        /// The set.
        base: Operand,
        /// The path.
        path: PathId,
        /// The value if a name is missing.
        default: Operand,
    },
    /// `a ? b.c`
    HasAttr {
        /// The set.
        base: Operand,
        /// The path.
        path: PathId,
    },
    /// `{ a = 1; }`: delayed values in the order of the shape's names.
    Attrs {
        /// Index in [`Unit::shapes`].
        shape: u32,
        /// First value in [`Unit::words`].
        values: u32,
    },
    /// `base` with computed names added: triples of name, delayed value, offset of the name in the text.
    DynamicAttrs {
        /// The set of the known names.
        base: Operand,
        /// The triples.
        entries: Words,
    },
    /// A `rec` set with `__overrides`: replaces the values of the set in the slot, for all later reads with
    /// [`Expr::Member`]. The result has the other attributes of `__overrides` too.
    Overrides {
        /// The slot.
        slot: u32,
    },
    /// A variable of a `rec` set with `__overrides`: the set's present value of the name.
    Member {
        /// The set.
        set: Operand,
        /// The name.
        name: Name,
    },
    /// `[ a b ]`: delayed elements.
    List(Words),
    /// Fills slots with delayed values (or a set of such) that may refer to each other, then runs the body: pairs of
    /// slot and value.
    Let {
        /// The pairs.
        bindings: Words,
        /// The expression to evaluate then.
        body: Operand,
    },
    /// `with e; b`: puts the delayed `e` into a slot, then runs the body. Also puts a list of many such sets into a
    /// slot.
    With {
        /// The slot.
        slot: u32,
        /// The set, delayed.
        namespace: Operand,
        /// The expression to evaluate then.
        body: Operand,
    },
    /// A name to look up in the nearest `with` that has it: the operands of the sets, nearest first. If there are
    /// many, the last operand is an [`Expr::Operand`] of a list: the next ones, and then another such list or `null`.
    WithLookup {
        /// The name.
        name: Name,
        /// The sets.
        namespaces: Words,
    },
    /// `if c then a else b`
    If {
        /// The condition.
        condition: Operand,
        /// Taken if true.
        then: Operand,
        /// Taken if false.
        otherwise: Operand,
    },
    /// `assert c; b`
    Assert {
        /// The condition.
        condition: Operand,
        /// The expression to evaluate if it holds.
        body: Operand,
        /// The end of its text.
        end: u32,
    },
    /// `a && b`
    And(Operand, Operand),
    /// `a || b`
    Or(Operand, Operand),
    /// `a -> b`
    Implies(Operand, Operand),
    /// `!a`
    Not(Operand),
    /// `-a`
    Negate(Operand),
    /// An operator that evaluates both operands.
    Binary {
        /// The operator.
        op: BinaryOp,
        /// Left operand.
        left: Operand,
        /// Right operand.
        right: Operand,
    },
    /// `"a${b}c"`: parts, each a string constant or an expression to be coerced.
    Interpolate(Words),
    /// `./a${b}`: a path constant, then parts as in a string.
    InterpolatePath(Words),
    /// `__curPos`
    CurPos,
    /// An operand where a node is required.
    Operand(Operand),
    /// A place where a debugger can stop. Only in units that are lowered for one.
    Step {
        /// The names in scope, as nested sets; a constant if there are none.
        environment: Operand,
        /// The expression to evaluate.
        body: Operand,
        /// Index in [`Unit::steps`].
        step: u32,
    },
}

/// The kind of a [`Expr::Step`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// The evaluation of a file.
    File,
    /// The body of a `let`.
    Let,
    /// The body of a function, with the name that it was bound to.
    Function(Option<Name>),
    /// A call.
    Call,
    /// A selection.
    Select(PathId),
    /// A scope in which an error may happen. C++ Nix does not report it.
    Scope,
}

/// A place where a debugger can stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its kind.
    pub kind: StepKind,
    /// C++ Nix's position of it, if there is one.
    pub start: Option<u32>,
}

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

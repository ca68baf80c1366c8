//! The nodes.

use super::{CodeId, ExprId, Name, Operand, PathId, Words};

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
        /// Index in [`Unit::shapes`](super::Unit::shapes).
        shape: u32,
        /// First value in [`Unit::words`](super::Unit::words).
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
        /// Index in [`Unit::steps`](super::Unit::steps).
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
    /// An expression of an evaluation that is shown step by step, with the end of its text.
    Expression {
        /// The end of its text.
        end: u32,
    },
}

/// A place where a debugger can stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its kind.
    pub kind: StepKind,
    /// C++ Nix's position of it, if there is one.
    pub start: Option<u32>,
}

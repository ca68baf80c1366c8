//! From a syntax tree to an [`ir::Unit`](crate::ir::Unit): names are resolved, syntactic sugar is removed, captures
//! are known.
//!
//! Text that C++ Nix's parser rejects and rnix accepts is rejected here, with C++ Nix's message: duplicate attributes
//! and formals, undefined variables, numbers that don't fit, dynamic names in `let` and `inherit`.
//!
//! Not here: reading text (`syntax/`), running anything (`eval/`).

mod bindings;
mod expressions;
mod functions;
mod lints;
mod names;
mod numbered;
mod order;
mod scope;
mod sets;
mod show;
mod steps;
mod strings;

use crate::ir::{BinaryOp, Code, Constant, Expr, ExprId, Name, Operand, OperandKind, Unit, Warning, Words};
use crate::settings::Lints;
use crate::source::Span;
use crate::syntax::Parsed;
use crate::syntax::tree::Node;
use names::Names;
use numbered::Numbered;
pub use order::{Complaints, complaints};
use rustc_hash::FxHashMap;
use scope::{CodeBuilder, Scope};
pub use show::{show_assertion, show_expression, show_program};
pub use steps::Steps;
pub(crate) use steps::{AROUND, NAMES, WITH};
pub(crate) use strings::path_literal;

/// A name outside the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outer {
    /// A name that the caller provides: a REPL's binding, an attribute of `scopedImport`'s set.
    Input,
    /// A name of the language itself: `true`, `map`, `__add`.
    Global,
}

/// The scope around a file.
pub trait OuterScope {
    /// The meaning of a name there, if it has one.
    fn outer(&self, name: &[u8]) -> Option<Outer>;
    /// The place of a name in symbol order, if it is already a symbol.
    fn rank(&self, name: &[u8]) -> Option<u32>;
    /// All names in the scope.
    fn names(&self) -> Vec<Vec<u8>>;
    /// The number of arguments of the global with this name, if it is a builtin.
    fn global_arity(&self, name: &[u8]) -> Option<usize>;
    /// The number of arguments of `builtins.name`, if it is a builtin.
    fn builtin_arity(&self, name: &[u8]) -> Option<usize>;
}

/// The inputs of lowering besides the tree.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// The directory that relative paths start from in shown text; absolute.
    pub directory: &'a [u8],
    /// The directory for `~/`; `None` in pure evaluation.
    pub home: Option<&'a [u8]>,
    /// True if `|>` and `<|` are enabled.
    pub pipe_operators: bool,
    /// The actions for discouraged literals.
    pub lints: Lints,
    /// The scope around the file.
    pub scope: &'a dyn OuterScope,
    /// The lowest address that the machine stack may reach; deeper nesting is an error. 0 for no check.
    pub stack_floor: usize,
    /// The places where a debugger can stop.
    pub steps: Steps,
}

/// The reason why a tree is not a valid program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LowerError {
    /// The text of the error.
    pub span: Span,
    /// C++ Nix's message.
    pub message: LowerMessage,
}

/// The error in a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LowerMessage {
    /// A complete message.
    Text(String),
    /// `attribute 'name' already defined at …`: the name, and the offset of the earlier definition.
    AlreadyDefined(String, u32),
    /// `duplicate formal function argument 'name'`
    DuplicateFormal(String),
    /// `undefined variable 'name'`: the name, and similar names.
    Undefined(String, Vec<String>),
}

/// Lowers a tree that has no syntax errors.
///
/// # Errors
///
/// Fails with the error that C++ Nix reports first, and the warnings before it.
pub fn lower(parsed: &Parsed, source: &[u8], options: Options<'_>) -> Result<Unit, Complaints> {
    let root = Node::root(&parsed.root);
    let names = Names::of(root, source, options.stack_floor);
    let mut lowering = Lowering::new(parsed, source, options, names);
    let code = lowering.begin_code();
    let body = lowering.whole(root);
    lowering.end_code(code, body, None, root.span());
    lowering.finish()
}

/// The role of an expression in the one around it, which decides how eagerly its value may be computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// An argument of a call.
    Argument,
    /// An attribute's value or a list's element: printing the set shows whether it is evaluated.
    Member,
    /// A `let` binding, a default, or the set of a `with`.
    Binding,
}

/// A key for constants: by value, floats by their bits.
#[derive(Debug, PartialEq, Eq, Hash)]
enum ConstantKey {
    Int(i64),
    Float(u64),
    Text(u8, Box<[u8]>),
    Name(u8, u32),
    EmptyList,
}

impl ConstantKey {
    fn of(constant: &Constant) -> Self {
        match constant {
            Constant::Int(value) => Self::Int(*value),
            Constant::Float(value) => Self::Float(value.to_bits()),
            Constant::String(text) => Self::Text(0, text.clone()),
            Constant::Path(text) => Self::Text(1, text.clone()),
            Constant::RelativePath(text) => Self::Text(2, text.clone()),
            Constant::Global(name) => Self::Name(0, name.0),
            Constant::Builtin(name) => Self::Name(1, name.0),
            Constant::EmptyList => Self::EmptyList,
        }
    }
}

/// The state of lowering one file.
struct Lowering<'t> {
    source: &'t [u8],
    parsed: &'t Parsed,
    options: Options<'t>,
    names: Names<'t>,
    unit: Unit,
    codes: Vec<CodeBuilder>,
    scopes: Vec<Scope>,
    environments: Vec<steps::Environment>,
    constants: FxHashMap<ConstantKey, u32>,
    inputs: Numbered<Name>,
    syntax_errors: Vec<LowerError>,
    undefined: Vec<LowerError>,
}

/// A placeholder for a code object that is being lowered.
fn placeholder_code() -> Code {
    let body = Operand::new(OperandKind::Constant(0));
    Code { body, slots: 0, captures: Words { start: 0, len: 0 }, lambda: None, span: Span::default() }
}

impl<'t> Lowering<'t> {
    fn new(parsed: &'t Parsed, source: &'t [u8], options: Options<'t>, names: Names<'t>) -> Self {
        Self {
            source,
            parsed,
            options,
            names,
            unit: Unit::default(),
            codes: Vec::new(),
            scopes: Vec::new(),
            environments: Vec::new(),
            constants: FxHashMap::default(),
            inputs: Numbered::default(),
            syntax_errors: Vec::new(),
            undefined: Vec::new(),
        }
    }

    /// Adds a node with the position of its text.
    fn push(&mut self, expr: Expr, span: Span) -> Operand {
        let id = ExprId(self.unit.exprs.len() as u32);
        self.unit.exprs.push(expr);
        self.unit.starts.push(self.original(span.start));
        Operand::new(OperandKind::Expr(id))
    }

    fn words(&mut self, operands: Vec<Operand>) -> Words {
        self.raw_words(operands.into_iter().map(Operand::to_word).collect())
    }

    fn raw_words(&mut self, words: Vec<u32>) -> Words {
        let run = Words { start: self.unit.words.len() as u32, len: words.len() as u32 };
        self.unit.words.extend(words);
        run
    }

    fn original(&self, offset: u32) -> u32 {
        self.parsed.original(offset)
    }

    fn original_span(&self, span: Span) -> Span {
        Span::new(self.original(span.start), self.original(span.end))
    }

    fn syntax_error(&mut self, span: Span, message: String) {
        let span = self.original_span(span);
        self.syntax_errors.push(LowerError { span, message: LowerMessage::Text(message) });
    }

    fn already_defined(&mut self, name: &str, start: u32, earlier: u32) {
        let start = self.original(start);
        let message = LowerMessage::AlreadyDefined(name.to_owned(), self.original(earlier));
        self.syntax_errors.push(LowerError { span: Span::new(start, start), message });
    }

    fn undefined_variable(&mut self, span: Span, name: String) {
        let span = self.original_span(span);
        /// A text with more undefined variables than this has another mistake than a wrong name.
        const MANY: usize = 100;
        let similar = if self.undefined.len() < MANY { self.similar_names(&name) } else { Vec::new() };
        self.undefined.push(LowerError { span, message: LowerMessage::Undefined(name, similar) });
    }

    fn finish(mut self) -> Result<Unit, Complaints> {
        if !self.syntax_errors.is_empty() || !self.undefined.is_empty() {
            return Err(self.refused());
        }
        self.unit.warnings.sort_by_key(Warning::end);
        self.unit.inputs = self.inputs.into_items();
        self.unit.symbols = self.names.into_texts();
        Ok(self.unit)
    }

    #[cold]
    fn refused(self) -> Complaints {
        let mut complaints = complaints(self.parsed, self.source, self.options);
        // Errors of lowering alone: a program that is too deep or too large.
        complaints.error = complaints.error.or_else(|| self.syntax_errors.into_iter().next());
        if complaints.error.is_none() {
            complaints.error = order::first_undefined(self.parsed, self.source, self.options, self.undefined);
        }
        complaints
    }
}

impl BinaryOp {
    /// The global function for the operator, if a program may replace it.
    fn function_name(self) -> Option<&'static str> {
        match self {
            Self::Sub => Some("__sub"),
            Self::Mul => Some("__mul"),
            Self::Div => Some("__div"),
            Self::Less | Self::Greater | Self::LessOrEqual | Self::GreaterOrEqual => Some("__lessThan"),
            _ => None,
        }
    }

    /// True if it can be computed ahead of time on two integers (overflow is checked then).
    fn is_total_on_integers(self) -> bool {
        use BinaryOp::*;
        matches!(self, Add | Sub | Mul | Less | Greater | LessOrEqual | GreaterOrEqual)
    }
}

//! The IR as text, for people and for tests.
//!
//! `%0` is a slot, `^0` a capture, constants show themselves, nodes are nested in place.

use super::{BinaryOp, Code, CodeId, Constant, Expr, ExprId, Operand, OperandKind, PathId, PathPart, Unit, Words};
use std::fmt::{self, Display, Formatter};

/// A unit, one code object per line. See [`Unit::pretty`].
#[derive(Clone, Copy, Debug)]
pub struct Pretty<'u>(&'u Unit);

impl Unit {
    /// The whole unit as text.
    pub fn pretty(&self) -> Pretty<'_> {
        Pretty(self)
    }
}

impl Display for Pretty<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (index, code) in self.0.codes.iter().enumerate() {
            Printer { unit: self.0 }.code(f, index, code)?;
        }
        Ok(())
    }
}

#[derive(Clone, Copy)]
struct Printer<'u> {
    unit: &'u Unit,
}

/// A node's text nested deeper than this is shown as `…`.
const DEEPEST: usize = 64;

impl Printer<'_> {
    fn code(self, f: &mut Formatter<'_>, index: usize, code: &Code) -> fmt::Result {
        write!(f, "code {index}")?;
        if let Some(lambda) = &code.lambda {
            write!(f, " lambda")?;
            if let Some(name) = lambda.name {
                write!(f, " {}", self.text(self.unit.name(name)))?;
            }
            for parameter in &lambda.parameters {
                match parameter.name {
                    Some(name) => write!(f, " {}:", self.text(self.unit.name(name)))?,
                    None => write!(f, " _:")?,
                }
            }
            if let Some(pattern) = &lambda.pattern {
                self.pattern(f, pattern)?;
            }
        }
        write!(f, " slots {}", code.slots)?;
        if code.captures.len > 0 {
            write!(f, " captures ")?;
            self.operands(f, code.captures, 0)?;
        }
        write!(f, "\n  ")?;
        self.operand(f, code.body, 0)?;
        writeln!(f)
    }

    fn pattern(self, f: &mut Formatter<'_>, pattern: &super::Pattern) -> fmt::Result {
        write!(f, " {{")?;
        for formal in &pattern.formals {
            write!(f, " {}=%{}", self.text(self.unit.name(formal.name)), formal.slot)?;
            if let Some(default) = formal.default {
                write!(f, "?")?;
                self.operand(f, default, 0)?;
            }
        }
        write!(f, "{} }}", if pattern.ellipsis { " ..." } else { "" })
    }

    fn text(self, bytes: &[u8]) -> String {
        String::from_utf8_lossy(bytes).into_owned()
    }

    fn operand(self, f: &mut Formatter<'_>, operand: Operand, depth: usize) -> fmt::Result {
        match operand.kind() {
            OperandKind::Local(slot) => write!(f, "%{slot}"),
            OperandKind::Capture(index) => write!(f, "^{index}"),
            OperandKind::Constant(index) => self.constant(f, &self.unit.constants[index as usize]),
            OperandKind::Expr(_) if depth > DEEPEST => write!(f, "…"),
            OperandKind::Expr(id) => self.expr(f, id, depth + 1),
        }
    }

    fn constant(self, f: &mut Formatter<'_>, constant: &Constant) -> fmt::Result {
        match constant {
            Constant::Int(value) => write!(f, "{value}"),
            Constant::Float(value) => write!(f, "{value:?}"),
            Constant::String(text) => write!(f, "{:?}", self.text(text)),
            Constant::Path(text) | Constant::RelativePath(text) => write!(f, "path {}", self.text(text)),
            Constant::EmptyList => write!(f, "[]"),
            Constant::Global(name) => write!(f, "{}", self.text(self.unit.name(*name))),
            Constant::Builtin(name) => write!(f, "builtins.{}", self.text(self.unit.name(*name))),
        }
    }

    fn operands(self, f: &mut Formatter<'_>, run: Words, depth: usize) -> fmt::Result {
        write!(f, "[")?;
        for (index, operand) in self.unit.operands(run).enumerate() {
            if index > 0 {
                write!(f, " ")?;
            }
            self.operand(f, operand, depth)?;
        }
        write!(f, "]")
    }

    fn path(self, f: &mut Formatter<'_>, path: PathId, depth: usize) -> fmt::Result {
        for part in self.unit.path(path) {
            match part {
                PathPart::Name(name) => write!(f, ".{}", self.text(self.unit.name(name)))?,
                PathPart::Dynamic(operand) => {
                    write!(f, ".${{")?;
                    self.operand(f, operand, depth)?;
                    write!(f, "}}")?;
                }
            }
        }
        Ok(())
    }

    /// `(word operand operand …)`
    fn form(self, f: &mut Formatter<'_>, word: &str, operands: &[Operand], depth: usize) -> fmt::Result {
        write!(f, "({word}")?;
        for operand in operands {
            write!(f, " ")?;
            self.operand(f, *operand, depth)?;
        }
        write!(f, ")")
    }

    /// `word[operand operand …]`
    fn list(self, f: &mut Formatter<'_>, word: &str, operands: Words, depth: usize) -> fmt::Result {
        write!(f, "{word}")?;
        self.operands(f, operands, depth)
    }

    fn code_name(self, f: &mut Formatter<'_>, word: &str, code: CodeId) -> fmt::Result {
        write!(f, "{word}#{}", code.0)
    }

    fn expr(self, f: &mut Formatter<'_>, id: ExprId, depth: usize) -> fmt::Result {
        match self.unit.expr(id) {
            Expr::Thunk(code) => self.code_name(f, "thunk", code),
            Expr::Lambda(code) => self.code_name(f, "lambda", code),
            Expr::Speculate { ahead, late } => {
                let operands = [ahead, late].map(|id| Operand::new(OperandKind::Expr(id)));
                self.form(f, "speculate", &operands, depth)
            }
            Expr::Call { function, arguments } => {
                self.form(f, "call", &[function], depth)?;
                self.operands(f, arguments, depth)
            }
            Expr::CallBuiltin { builtin, arguments } => {
                self.form(f, "builtin", &[Operand::new(OperandKind::Constant(builtin))], depth)?;
                self.operands(f, arguments, depth)
            }
            Expr::Select { base, path } => self.selection(f, "select", base, path, depth),
            Expr::HasAttr { base, path } => self.selection(f, "has", base, path, depth),
            Expr::SelectOr { base, path, default } => {
                self.selection(f, "select", base, path, depth)?;
                self.form(f, "or", &[default], depth)
            }
            Expr::Attrs { shape, values } => self.attrs(f, shape, values, depth),
            Expr::DynamicAttrs { base, entries } => self.dynamic_attrs(f, base, entries, depth),
            Expr::Overrides { slot } => self.form(f, "overrides", &[Operand::new(OperandKind::Local(slot))], depth),
            Expr::Member { set, name } => {
                self.operand(f, set, depth)?;
                write!(f, "!{}", self.text(self.unit.name(name)))
            }
            Expr::List(items) => self.list(f, "list", items, depth),
            Expr::Let { bindings, body } => self.bindings(f, bindings, body, depth),
            Expr::Step { environment, body, .. } => self.form(f, "step", &[environment, body], depth),
            Expr::With { slot, namespace, body } => {
                write!(f, "(with %{slot} = ")?;
                self.operand(f, namespace, depth)?;
                write!(f, " in ")?;
                self.operand(f, body, depth)?;
                write!(f, ")")
            }
            Expr::WithLookup { name, namespaces } => {
                self.list(f, &format!("{}?", self.text(self.unit.name(name))), namespaces, depth)
            }
            Expr::If { condition, then, otherwise } => self.form(f, "if", &[condition, then, otherwise], depth),
            Expr::Assert { condition, body, .. } => self.form(f, "assert", &[condition, body], depth),
            Expr::And(left, right) => self.form(f, "&&", &[left, right], depth),
            Expr::Or(left, right) => self.form(f, "||", &[left, right], depth),
            Expr::Implies(left, right) => self.form(f, "->", &[left, right], depth),
            Expr::Not(operand) => self.form(f, "!", &[operand], depth),
            Expr::Negate(operand) => self.form(f, "-", &[operand], depth),
            Expr::Binary { op, left, right } => self.form(f, op.sign(), &[left, right], depth),
            Expr::Interpolate(parts) => self.list(f, "string", parts, depth),
            Expr::InterpolatePath(parts) => self.list(f, "path", parts, depth),
            Expr::CurPos => write!(f, "__curPos"),
            Expr::Operand(operand) => self.operand(f, operand, depth),
        }
    }

    fn selection(self, f: &mut Formatter<'_>, word: &str, base: Operand, path: PathId, depth: usize) -> fmt::Result {
        write!(f, "({word} ")?;
        self.operand(f, base, depth)?;
        self.path(f, path, depth)?;
        write!(f, ")")
    }

    fn attrs(self, f: &mut Formatter<'_>, shape: u32, values: u32, depth: usize) -> fmt::Result {
        let names = self.unit.shapes.get(shape as usize);
        let run = Words { start: values, len: names.len() as u32 };
        write!(f, "{{")?;
        for ((name, _), value) in names.iter().zip(self.unit.operands(run)) {
            write!(f, " {}=", self.text(self.unit.name(*name)))?;
            self.operand(f, value, depth)?;
        }
        write!(f, " }}")
    }

    fn dynamic_attrs(self, f: &mut Formatter<'_>, base: Operand, entries: Words, depth: usize) -> fmt::Result {
        self.form(f, "dynamic", &[base], depth)?;
        write!(f, "{{")?;
        for entry in self.unit.words(entries).chunks_exact(3) {
            write!(f, " ${{")?;
            self.operand(f, Operand::from_word(entry[0]), depth)?;
            write!(f, "}}=")?;
            self.operand(f, Operand::from_word(entry[1]), depth)?;
        }
        write!(f, " }}")
    }

    fn bindings(self, f: &mut Formatter<'_>, bindings: Words, body: Operand, depth: usize) -> fmt::Result {
        write!(f, "(let")?;
        for pair in self.unit.words(bindings).chunks_exact(2) {
            write!(f, " %{} = ", pair[0])?;
            self.operand(f, Operand::from_word(pair[1]), depth)?;
        }
        write!(f, " in ")?;
        self.operand(f, body, depth)?;
        write!(f, ")")
    }
}

impl BinaryOp {
    fn sign(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Sub => "-",
            Self::Mul => "*",
            Self::Div => "/",
            Self::Less => "<",
            Self::Greater => ">",
            Self::LessOrEqual => "<=",
            Self::GreaterOrEqual => ">=",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Concat => "++",
            Self::Update => "//",
        }
    }
}

//! A unit as bytes, for a cache. [`decode`](super::decode) reads them.
//!
//! All numbers are of 32 bits, the lowest byte first. In order:
//!
//! | part | words of each item |
//! |---|---|
//! | counts of the items below | 1: nodes, words, codes, parameters, formals, shapes, their names, symbols, constants, warnings |
//! | nodes | 4: kind, and up to three fields |
//! | start of the text of each node | 1 |
//! | words | 1 |
//! | codes | 10: body, slots, captures (2), span (2), flags, name + 1, number of parameters, number of formals |
//! | parameters, code by code | 2: name + 1, start |
//! | formals, code by code | 5: name, slot, whether there is a default, the default, start |
//! | shapes | 1: number of names |
//! | names of shapes, shape by shape | 2: name, start |
//! | symbols | 1: length of the text |
//! | constants | 3: kind, and the number, or the length of the text, or the name |
//! | warnings | 4: kind, offset, lengths of two texts |
//! | texts of symbols, constants and warnings | bytes |
//!
//! A unit with inputs cannot be encoded: its meaning depends on the loader. A unit for a debugger cannot be encoded
//! either.

use super::{Code, Constant, Expr, Lambda, Operand, Unit, Warning, Words};

/// Kinds of nodes, as numbers.
pub(super) mod kind {
    macro_rules! kinds {
        ($($name:ident)*) => { kinds!(@ 0u32; $($name)*); };
        (@ $number:expr; $name:ident $($rest:ident)*) => {
            pub(in crate::ir) const $name: u32 = $number;
            kinds!(@ $number + 1; $($rest)*);
        };
        (@ $number:expr;) => {};
    }
    kinds! {
        THUNK LAMBDA SPECULATE CALL CALL_BUILTIN SELECT SELECT_OR HAS_ATTR ATTRS DYNAMIC_ATTRS OVERRIDES MEMBER LIST LET WITH
        WITH_LOOKUP IF ASSERT AND OR IMPLIES NOT NEGATE BINARY INTERPOLATE INTERPOLATE_PATH CUR_POS OPERAND
    }
    pub(in crate::ir) const INT: u32 = 0;
    pub(in crate::ir) const FLOAT: u32 = 1;
    pub(in crate::ir) const STRING: u32 = 2;
    pub(in crate::ir) const PATH: u32 = 3;
    pub(in crate::ir) const RELATIVE_PATH: u32 = 4;
    pub(in crate::ir) const EMPTY_LIST: u32 = 5;
    pub(in crate::ir) const GLOBAL: u32 = 6;
    pub(in crate::ir) const BUILTIN: u32 = 7;
    pub(in crate::ir) const LINT: u32 = 0;
    pub(in crate::ir) const DOTTED_NUMBER: u32 = 1;
    pub(in crate::ir) const CURSED_OR: u32 = 2;
    pub(in crate::ir) const DROPPED_REC: u32 = 3;
    /// Flags of a code.
    pub(in crate::ir) const IS_LAMBDA: u32 = 1;
    pub(in crate::ir) const HAS_PATTERN: u32 = 2;
    pub(in crate::ir) const HAS_ELLIPSIS: u32 = 4;
}

/// The number of counts before the nodes.
pub(super) const COUNTS: usize = 10;

impl Unit {
    /// The unit as bytes; `None` if it has inputs, or is for a debugger.
    pub fn encode(&self) -> Option<Vec<u8>> {
        (self.inputs.is_empty() && self.steps.is_empty()).then(|| Encoder::of(self).finish())
    }
}

/// The numbers, and the texts after them.
struct Encoder {
    numbers: Vec<u8>,
    texts: Vec<u8>,
}

impl Encoder {
    fn of(unit: &Unit) -> Self {
        let mut encoder = Self { numbers: Vec::with_capacity(unit.exprs.len() * 32), texts: Vec::new() };
        encoder.counts(unit);
        unit.exprs.iter().for_each(|expr| encoder.expr(expr));
        unit.starts.iter().for_each(|start| encoder.put([*start]));
        unit.words.iter().for_each(|word| encoder.put([*word]));
        unit.codes.iter().for_each(|code| encoder.code(code));
        lambdas(unit).for_each(|lambda| encoder.parameters(lambda));
        lambdas(unit).for_each(|lambda| encoder.formals(lambda));
        unit.shapes.iter().for_each(|names| encoder.put([names.len() as u32]));
        for (name, start) in unit.shapes.items() {
            encoder.put([name.0, *start]);
        }
        for symbol in unit.symbols.iter() {
            let len = encoder.text(symbol);
            encoder.put([len]);
        }
        unit.constants.iter().for_each(|constant| encoder.constant(constant));
        unit.warnings.iter().for_each(|warning| encoder.warning(warning));
        encoder
    }

    fn finish(mut self) -> Vec<u8> {
        self.numbers.append(&mut self.texts);
        self.numbers
    }

    fn put<const N: usize>(&mut self, numbers: [u32; N]) {
        for number in numbers {
            self.numbers.extend_from_slice(&number.to_le_bytes());
        }
    }

    fn text(&mut self, text: &[u8]) -> u32 {
        self.texts.extend_from_slice(text);
        text.len() as u32
    }

    fn counts(&mut self, unit: &Unit) {
        let formals = lambdas(unit).filter_map(|lambda| lambda.pattern.as_ref()).map(|pattern| pattern.formals.len());
        let counts: [usize; COUNTS] = [
            unit.exprs.len(),
            unit.words.len(),
            unit.codes.len(),
            lambdas(unit).map(|lambda| lambda.parameters.len()).sum(),
            formals.sum(),
            unit.shapes.len(),
            unit.shapes.items().len(),
            unit.symbols.len(),
            unit.constants.len(),
            unit.warnings.len(),
        ];
        self.put(counts.map(|count| count as u32));
    }

    fn expr(&mut self, expr: &Expr) {
        let word = Operand::to_word;
        let run = |kind, words: Words, last: u32| [kind, words.start, words.len, last];
        self.put(match *expr {
            Expr::Thunk(code) => [kind::THUNK, code.0, 0, 0],
            Expr::Lambda(code) => [kind::LAMBDA, code.0, 0, 0],
            Expr::Speculate { ahead, late } => [kind::SPECULATE, ahead.0, late.0, 0],
            Expr::Call { function, arguments } => run(kind::CALL, arguments, word(function)),
            Expr::CallBuiltin { builtin, arguments } => run(kind::CALL_BUILTIN, arguments, builtin),
            Expr::Select { base, path } => [kind::SELECT, word(base), path.0, 0],
            Expr::SelectOr { base, path, default } => [kind::SELECT_OR, word(base), path.0, word(default)],
            Expr::HasAttr { base, path } => [kind::HAS_ATTR, word(base), path.0, 0],
            Expr::Attrs { shape, values } => [kind::ATTRS, shape, values, 0],
            Expr::DynamicAttrs { base, entries } => run(kind::DYNAMIC_ATTRS, entries, word(base)),
            Expr::Overrides { slot } => [kind::OVERRIDES, slot, 0, 0],
            Expr::Member { set, name } => [kind::MEMBER, word(set), name.0, 0],
            Expr::List(items) => run(kind::LIST, items, 0),
            Expr::Let { bindings, body } => run(kind::LET, bindings, word(body)),
            Expr::With { slot, namespace, body } => [kind::WITH, slot, word(namespace), word(body)],
            Expr::WithLookup { name, namespaces } => run(kind::WITH_LOOKUP, namespaces, name.0),
            Expr::If { condition, then, otherwise } => [kind::IF, word(condition), word(then), word(otherwise)],
            Expr::Assert { condition, body, end } => [kind::ASSERT, word(condition), word(body), end],
            Expr::And(left, right) => [kind::AND, word(left), word(right), 0],
            Expr::Or(left, right) => [kind::OR, word(left), word(right), 0],
            Expr::Implies(left, right) => [kind::IMPLIES, word(left), word(right), 0],
            Expr::Not(operand) => [kind::NOT, word(operand), 0, 0],
            Expr::Negate(operand) => [kind::NEGATE, word(operand), 0, 0],
            Expr::Binary { op, left, right } => [kind::BINARY, op as u32, word(left), word(right)],
            Expr::Interpolate(parts) => run(kind::INTERPOLATE, parts, 0),
            Expr::InterpolatePath(parts) => run(kind::INTERPOLATE_PATH, parts, 0),
            // Not in encoded units.
            Expr::Step { body, .. } => [kind::OPERAND, word(body), 0, 0],
            Expr::CurPos => [kind::CUR_POS, 0, 0, 0],
            Expr::Operand(operand) => [kind::OPERAND, word(operand), 0, 0],
        });
    }

    fn code(&mut self, code: &Code) {
        let lambda = code.lambda.as_deref();
        let pattern = lambda.and_then(|lambda| lambda.pattern.as_ref());
        let flag = |is_set, flag| if is_set { flag } else { 0 };
        let flags = flag(lambda.is_some(), kind::IS_LAMBDA)
            | flag(pattern.is_some(), kind::HAS_PATTERN)
            | flag(pattern.is_some_and(|pattern| pattern.ellipsis), kind::HAS_ELLIPSIS);
        let name = lambda.and_then(|lambda| lambda.name).map_or(0, |name| name.0 + 1);
        let parameters = lambda.map_or(0, |lambda| lambda.parameters.len() as u32);
        let formals = pattern.map_or(0, |pattern| pattern.formals.len() as u32);
        let (captures, span) = (code.captures, code.span);
        self.put([code.body.to_word(), code.slots, captures.start, captures.len, span.start, span.end]);
        self.put([flags, name, parameters, formals]);
    }

    fn parameters(&mut self, lambda: &Lambda) {
        for parameter in &lambda.parameters {
            self.put([parameter.name.map_or(0, |name| name.0 + 1), parameter.start]);
        }
    }

    fn formals(&mut self, lambda: &Lambda) {
        for formal in lambda.pattern.iter().flat_map(|pattern| &pattern.formals) {
            let default = formal.default.map_or([0, 0], |default| [1, default.to_word()]);
            self.put([formal.name.0, formal.slot, default[0], default[1], formal.start]);
        }
    }

    fn constant(&mut self, constant: &Constant) {
        let halves = |kind, bits: u64| [kind, bits as u32, (bits >> 32) as u32];
        let numbers = match constant {
            Constant::Int(value) => halves(kind::INT, value.cast_unsigned()),
            Constant::Float(value) => halves(kind::FLOAT, value.to_bits()),
            Constant::String(text) => [kind::STRING, self.text(text), 0],
            Constant::Path(text) => [kind::PATH, self.text(text), 0],
            Constant::RelativePath(text) => [kind::RELATIVE_PATH, self.text(text), 0],
            Constant::EmptyList => [kind::EMPTY_LIST, 0, 0],
            Constant::Global(name) => [kind::GLOBAL, name.0, 0],
            Constant::Builtin(name) => [kind::BUILTIN, name.0, 0],
        };
        self.put(numbers);
    }

    fn warning(&mut self, warning: &Warning) {
        let numbers = match warning {
            Warning::Lint(offset, text) => [kind::LINT, *offset, self.text(text.as_bytes()), 0],
            Warning::DottedNumber(offset, base, number) => {
                [kind::DOTTED_NUMBER, *offset, self.text(base.as_bytes()), self.text(number.as_bytes())]
            }
            Warning::CursedOr(offset, text) => [kind::CURSED_OR, *offset, self.text(text.as_bytes()), 0],
            Warning::DroppedRec(offset, name) => [kind::DROPPED_REC, *offset, self.text(name.as_bytes()), 0],
        };
        self.put(numbers);
    }
}

fn lambdas(unit: &Unit) -> impl Iterator<Item = &Lambda> {
    unit.codes.iter().filter_map(|code| code.lambda.as_deref())
}

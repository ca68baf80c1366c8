//! The decoder for [`Unit::encode`]. The bytes are untrusted: anything but a unit that can be run is `None`.

use super::encode::{COUNTS, kind};
use super::{
    BinaryOp, Code, CodeId, Constant, Expr, ExprId, Formal, Lambda, Name, Operand, Parameter, PathId, Pattern, Runs,
    Texts, Unit, Warning, Words,
};
use crate::source::Span;

const OPERATORS: [BinaryOp; 12] = {
    use BinaryOp::*;
    [Add, Sub, Mul, Div, Less, Greater, LessOrEqual, GreaterOrEqual, Equal, NotEqual, Concat, Update]
};

impl Unit {
    /// The unit that [`Unit::encode`] encoded as these bytes; `None` for other bytes.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let unit = decode(bytes)?;
        super::check::is_sound(&unit, bytes.len()).then_some(unit)
    }
}

fn decode(bytes: &[u8]) -> Option<Unit> {
    let mut reader = Reader { bytes };
    let [exprs, words, codes, parameters, formals, shapes, shape_names, symbols, constants, warnings] =
        reader.item::<COUNTS>()?;
    let exprs = reader.items::<4>(exprs)?;
    let starts = reader.items::<1>(exprs.len() as u32)?;
    let words = reader.items::<1>(words)?;
    let codes = reader.items::<10>(codes)?;
    let (mut parameters, mut formals) = (reader.items::<2>(parameters)?, reader.items::<5>(formals)?);
    let (shapes, shape_names) = (reader.items::<1>(shapes)?, reader.items::<2>(shape_names)?);
    let (symbols, constants) = (reader.items::<1>(symbols)?, reader.items::<3>(constants)?);
    let warnings = reader.items::<4>(warnings)?;
    // The rest is the texts.
    let unit = Unit {
        exprs: all(exprs.map(expr))?,
        starts: starts.map(|[start]| start).collect(),
        words: words.map(|[word]| word).collect(),
        codes: all(codes.map(|numbers| code(numbers, &mut parameters, &mut formals)))?,
        symbols: reader.texts(symbols.map(|[len]| len))?,
        shapes: shapes_of(shapes.map(|[len]| len), shape_names)?,
        constants: all(constants.map(|numbers| constant(numbers, &mut reader)))?,
        inputs: Vec::new(),
        steps: Vec::new(),
        warnings: all(warnings.map(|numbers| warning(numbers, &mut reader)))?,
    };
    let is_all = reader.bytes.is_empty() && parameters.len() == 0 && formals.len() == 0;
    is_all.then_some(unit)
}

/// All items, if none is missing.
fn all<T>(items: impl ExactSizeIterator<Item = Option<T>>) -> Option<Vec<T>> {
    let mut found = Vec::with_capacity(items.len());
    for item in items {
        found.push(item?);
    }
    Some(found)
}

/// The bytes that remain.
struct Reader<'b> {
    bytes: &'b [u8],
}

impl<'b> Reader<'b> {
    fn bytes(&mut self, len: u32) -> Option<&'b [u8]> {
        let (bytes, rest) = self.bytes.split_at_checked(len as usize)?;
        self.bytes = rest;
        Some(bytes)
    }

    fn item<const N: usize>(&mut self) -> Option<[u32; N]> {
        self.items(1)?.next()
    }

    /// `count` items of `N` numbers each.
    fn items<const N: usize>(
        &mut self,
        count: u32,
    ) -> Option<impl ExactSizeIterator<Item = [u32; N]> + Clone + use<'b, N>> {
        let (items, rest) = self.bytes.split_at_checked((count as usize).checked_mul(4 * N)?)?;
        self.bytes = rest;
        let (numbers, _) = items.as_chunks::<4>();
        let (items, _) = numbers.as_chunks::<N>();
        Some(items.iter().map(|item| item.map(u32::from_le_bytes)))
    }

    fn text(&mut self, len: u32) -> Option<Box<[u8]>> {
        self.bytes(len).map(Into::into)
    }

    fn texts(&mut self, lengths: impl Iterator<Item = u32> + Clone) -> Option<Texts> {
        let bytes = self.bytes(sum(lengths.clone())?)?;
        Some(Texts::of(bytes.to_vec(), lengths))
    }

    fn string(&mut self, len: u32) -> Option<String> {
        self.bytes(len).and_then(|bytes| String::from_utf8(bytes.to_vec()).ok())
    }
}

fn expr([number, a, b, c]: [u32; 4]) -> Option<Expr> {
    let word = Operand::from_word;
    let run = Words { start: a, len: b };
    Some(match number {
        kind::THUNK => Expr::Thunk(CodeId(a)),
        kind::LAMBDA => Expr::Lambda(CodeId(a)),
        kind::SPECULATE => Expr::Speculate { ahead: ExprId(a), late: ExprId(b) },
        kind::CALL => Expr::Call { function: word(c), arguments: run },
        kind::CALL_BUILTIN => Expr::CallBuiltin { builtin: c, arguments: run },
        kind::SELECT => Expr::Select { base: word(a), path: PathId(b) },
        kind::SELECT_OR => Expr::SelectOr { base: word(a), path: PathId(b), default: word(c) },
        kind::HAS_ATTR => Expr::HasAttr { base: word(a), path: PathId(b) },
        kind::ATTRS => Expr::Attrs { shape: a, values: b },
        kind::DYNAMIC_ATTRS => Expr::DynamicAttrs { base: word(c), entries: run },
        kind::OVERRIDES => Expr::Overrides { slot: a },
        kind::MEMBER => Expr::Member { set: word(a), name: Name(b) },
        kind::LIST => Expr::List(run),
        kind::LET => Expr::Let { bindings: run, body: word(c) },
        kind::WITH => Expr::With { slot: a, namespace: word(b), body: word(c) },
        kind::WITH_LOOKUP => Expr::WithLookup { name: Name(c), namespaces: run },
        kind::IF => Expr::If { condition: word(a), then: word(b), otherwise: word(c) },
        kind::ASSERT => Expr::Assert { condition: word(a), body: word(b), end: c },
        kind::AND => Expr::And(word(a), word(b)),
        kind::OR => Expr::Or(word(a), word(b)),
        kind::IMPLIES => Expr::Implies(word(a), word(b)),
        kind::NOT => Expr::Not(word(a)),
        kind::NEGATE => Expr::Negate(word(a)),
        kind::BINARY => Expr::Binary { op: *OPERATORS.get(a as usize)?, left: word(b), right: word(c) },
        kind::INTERPOLATE => Expr::Interpolate(run),
        kind::INTERPOLATE_PATH => Expr::InterpolatePath(run),
        kind::CUR_POS => Expr::CurPos,
        kind::OPERAND => Expr::Operand(word(a)),
        _ => return None,
    })
}

fn code(
    [body, slots, captures, captures_len, start, end, flags, name, parameters_len, formals_len]: [u32; 10],
    parameters: &mut impl ExactSizeIterator<Item = [u32; 2]>,
    formals: &mut impl ExactSizeIterator<Item = [u32; 5]>,
) -> Option<Code> {
    let is_set = |flag| flags & flag != 0;
    let parameter = |[name, start]: [u32; 2]| Parameter { name: name.checked_sub(1).map(Name), start };
    let formal = |[name, slot, has_default, default, start]: [u32; 5]| {
        let default = (has_default != 0).then_some(Operand::from_word(default));
        Formal { name: Name(name), slot, default, start }
    };
    let parameters: Vec<_> = parameters.take(parameters_len as usize).map(parameter).collect();
    let formals: Vec<_> = formals.take(formals_len as usize).map(formal).collect();
    let is_all = parameters.len() == parameters_len as usize && formals.len() == formals_len as usize;
    let pattern = is_set(kind::HAS_PATTERN).then_some(Pattern { formals, ellipsis: is_set(kind::HAS_ELLIPSIS) });
    let lambda = is_set(kind::IS_LAMBDA).then(|| Lambda { name: name.checked_sub(1).map(Name), parameters, pattern });
    is_all.then(|| Code {
        body: Operand::from_word(body),
        slots,
        captures: Words { start: captures, len: captures_len },
        lambda: lambda.map(Box::new),
        span: Span::new(start, end),
    })
}

fn shapes_of(
    lengths: impl Iterator<Item = u32> + Clone,
    names: impl ExactSizeIterator<Item = [u32; 2]>,
) -> Option<Runs<(Name, u32)>> {
    let is_all = sum(lengths.clone())? as usize == names.len();
    is_all.then(|| Runs::of(names.map(|[name, start]| (Name(name), start)).collect(), lengths))
}

fn sum(mut lengths: impl Iterator<Item = u32>) -> Option<u32> {
    lengths.try_fold(0, u32::checked_add)
}

fn constant([number, low, high]: [u32; 3], texts: &mut Reader<'_>) -> Option<Constant> {
    let bits = u64::from(high) << 32 | u64::from(low);
    Some(match number {
        kind::INT => Constant::Int(bits.cast_signed()),
        kind::FLOAT => Constant::Float(f64::from_bits(bits)),
        kind::STRING => Constant::String(texts.text(low)?),
        kind::PATH => Constant::Path(texts.text(low)?),
        kind::RELATIVE_PATH => Constant::RelativePath(texts.text(low)?),
        kind::EMPTY_LIST => Constant::EmptyList,
        kind::GLOBAL => Constant::Global(Name(low)),
        kind::BUILTIN => Constant::Builtin(Name(low)),
        _ => return None,
    })
}

fn warning([number, offset, first, second]: [u32; 4], texts: &mut Reader<'_>) -> Option<Warning> {
    Some(match number {
        kind::LINT => Warning::Lint(offset, texts.string(first)?),
        kind::DOTTED_NUMBER => Warning::DottedNumber(offset, texts.string(first)?, texts.string(second)?),
        kind::CURSED_OR => Warning::CursedOr(offset, texts.string(first)?),
        kind::DROPPED_REC => Warning::DroppedRec(offset, texts.string(first)?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests;

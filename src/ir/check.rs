//! A check of whether a decoded unit can be run: every index in it is valid, and nodes refer to earlier nodes only,
//! so that running it terminates where running a program would. The computed values are not checked.

use super::{Code, Constant, Expr, ExprId, Name, Operand, OperandKind, PathId, PathPart, Unit, Words};

/// True if the evaluator can run the unit. `size` is the number of bytes it was read from.
pub(super) fn is_sound(unit: &Unit, size: usize) -> bool {
    Check::of(unit, size).is_some()
}

/// The number of slots and captures that code needs in its frame.
#[derive(Clone, Copy, Default)]
struct Need {
    slots: u32,
    captures: u32,
}

impl Need {
    #[inline]
    fn add(&mut self, other: Self) {
        self.slots = self.slots.max(other.slots);
        self.captures = self.captures.max(other.captures);
    }

    #[inline]
    fn slot(&mut self, slot: u32) -> Option<()> {
        self.slots = self.slots.max(slot.checked_add(1)?);
        Some(())
    }
}

struct Check<'u> {
    unit: &'u Unit,
    /// The needs of the nodes checked so far.
    nodes: Vec<Need>,
    /// The needs of each code in the frame that creates its thunk or function.
    codes: Vec<Need>,
}

impl<'u> Check<'u> {
    fn of(unit: &'u Unit, size: usize) -> Option<()> {
        let mut check =
            Self { unit, nodes: Vec::with_capacity(unit.exprs.len()), codes: Vec::with_capacity(unit.codes.len()) };
        for code in &unit.codes {
            check.codes.push(check.captures(code.captures)?);
        }
        for expr in &unit.exprs {
            let mut need = Need::default();
            check.expr(expr, &mut need)?;
            check.nodes.push(need);
        }
        let entry = unit.codes.first()?;
        let is_entry = entry.lambda.is_none() && entry.captures.len == 0;
        unit.codes.iter().try_for_each(|code| check.code(code, size))?;
        unit.shapes.items().iter().try_for_each(|(name, _)| check.name(*name))?;
        unit.constants.iter().try_for_each(|constant| match constant {
            Constant::Global(name) | Constant::Builtin(name) => check.name(*name),
            _ => Some(()),
        })?;
        is_entry.then_some(())
    }

    #[inline]
    fn name(&self, name: Name) -> Option<()> {
        ((name.0 as usize) < self.unit.symbols.len()).then_some(())
    }

    #[inline]
    fn words(&self, run: Words) -> Option<&'u [u32]> {
        self.unit.words.get(run.start as usize..(run.start as usize).checked_add(run.len as usize)?)
    }

    /// Captures are copied from slots and captures.
    fn captures(&self, run: Words) -> Option<Need> {
        let mut need = Need::default();
        for word in self.words(run)? {
            match Operand::from_word(*word).kind() {
                OperandKind::Local(slot) => need.slot(slot)?,
                OperandKind::Capture(index) => need.captures = need.captures.max(index + 1),
                _ => return None,
            }
        }
        Some(need)
    }

    #[inline]
    fn operand(&self, operand: Operand, need: &mut Need) -> Option<()> {
        match operand.kind() {
            OperandKind::Local(slot) => need.slot(slot)?,
            OperandKind::Capture(index) => need.captures = need.captures.max(index + 1),
            OperandKind::Constant(index) => return ((index as usize) < self.unit.constants.len()).then_some(()),
            OperandKind::Expr(id) => need.add(*self.nodes.get(id.0 as usize)?),
        }
        Some(())
    }

    fn operands(&self, run: Words, need: &mut Need) -> Option<()> {
        self.words(run)?.iter().try_for_each(|word| self.operand(Operand::from_word(*word), need))
    }

    fn path(&self, path: PathId, need: &mut Need) -> Option<()> {
        let len = *self.unit.words.get(path.0 as usize)?;
        self.words(Words { start: path.0.checked_add(1)?, len })?.iter().try_for_each(|word| match PathPart::from_word(
            *word,
        ) {
            PathPart::Name(name) => self.name(name),
            PathPart::Dynamic(operand) => self.operand(operand, need),
        })
    }

    fn node(&self, id: ExprId, need: &mut Need) -> Option<()> {
        need.add(*self.nodes.get(id.0 as usize)?);
        Some(())
    }

    fn expr(&self, expr: &Expr, need: &mut Need) -> Option<()> {
        match *expr {
            Expr::Thunk(code) | Expr::Lambda(code) => need.add(*self.codes.get(code.0 as usize)?),
            Expr::Speculate { ahead, late } => {
                self.node(ahead, need)?;
                self.node(late, need)?;
                // The evaluator continues with `late` without a stack check.
                return matches!(self.unit.expr(late), Expr::Thunk(_)).then_some(());
            }
            Expr::Call { function, arguments } => {
                self.operand(function, need)?;
                self.operands(arguments, need)?;
            }
            Expr::CallBuiltin { builtin, arguments } => {
                self.operands(arguments, need)?;
                return ((builtin as usize) < self.unit.constants.len()).then_some(());
            }
            Expr::Select { base, path } | Expr::HasAttr { base, path } => {
                self.operand(base, need)?;
                self.path(path, need)?;
            }
            Expr::SelectOr { base, path, default } => {
                self.operand(base, need)?;
                self.path(path, need)?;
                self.operand(default, need)?;
            }
            Expr::Attrs { shape, values } => {
                ((shape as usize) < self.unit.shapes.len()).then_some(())?;
                let len = self.unit.shapes.get(shape as usize).len() as u32;
                self.operands(Words { start: values, len }, need)?;
            }
            Expr::DynamicAttrs { base, entries } => {
                self.operand(base, need)?;
                let (triples, rest) = self.words(entries)?.as_chunks::<3>();
                for [name, value, _] in triples {
                    self.operand(Operand::from_word(*name), need)?;
                    self.operand(Operand::from_word(*value), need)?;
                }
                return rest.is_empty().then_some(());
            }
            Expr::Overrides { slot } => need.slot(slot)?,
            Expr::Member { set, name } => {
                self.name(name)?;
                self.operand(set, need)?;
                // Like `Speculate`.
                return set.is_trivial().then_some(());
            }
            Expr::List(run) | Expr::Interpolate(run) | Expr::InterpolatePath(run) => self.operands(run, need)?,
            Expr::Let { bindings, body } => {
                let (pairs, rest) = self.words(bindings)?.as_chunks::<2>();
                for [slot, value] in pairs {
                    need.slot(*slot)?;
                    self.operand(Operand::from_word(*value), need)?;
                }
                self.operand(body, need)?;
                return rest.is_empty().then_some(());
            }
            Expr::With { slot, namespace, body } => {
                need.slot(slot)?;
                self.operand(namespace, need)?;
                self.operand(body, need)?;
            }
            Expr::WithLookup { name, namespaces } => {
                self.name(name)?;
                self.operands(namespaces, need)?;
            }
            Expr::If { condition, then, otherwise } => {
                self.operand(condition, need)?;
                self.operand(then, need)?;
                self.operand(otherwise, need)?;
            }
            Expr::Assert { condition: left, body: right, .. }
            | Expr::And(left, right)
            | Expr::Or(left, right)
            | Expr::Implies(left, right)
            | Expr::Binary { left, right, .. } => {
                self.operand(left, need)?;
                self.operand(right, need)?;
            }
            Expr::Not(operand) | Expr::Negate(operand) | Expr::Operand(operand) => self.operand(operand, need)?,
            Expr::CurPos => {}
            Expr::Step { .. } => return None,
        }
        Some(())
    }

    fn code(&self, code: &Code, size: usize) -> Option<()> {
        let mut need = Need::default();
        self.operand(code.body, &mut need)?;
        if let Some(lambda) = &code.lambda {
            need.slots = need.slots.max(u32::try_from(lambda.parameters.len()).ok()?);
            lambda.name.map_or(Some(()), |name| self.name(name))?;
            lambda.parameters.iter().filter_map(|parameter| parameter.name).try_for_each(|name| self.name(name))?;
            for formal in lambda.pattern.iter().flat_map(|pattern| &pattern.formals) {
                self.name(formal.name)?;
                need.slot(formal.slot)?;
                formal.default.map_or(Some(()), |default| self.operand(default, &mut need))?;
            }
            (!lambda.parameters.is_empty()).then_some(())?;
        }
        // Every slot takes some bytes of the encoding.
        let is_modest = code.slots as usize <= size;
        (is_modest && need.slots <= code.slots && need.captures <= code.captures.len).then_some(())
    }
}

#[cfg(test)]
mod tests;

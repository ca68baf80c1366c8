//! `assert`: a failing equation reports the difference.

use super::{At, Eval, Frame};
use crate::error::{Action, Cause, Details, Error, ErrorKind, Purpose, Result};
use crate::ir::{BinaryOp, Expr, Operand, OperandKind};
use crate::source::{Part, Place};
use smol_str::SmolStr;

impl<'h> Eval<'h> {
    /// `assert c; …`: a failing equation reports the difference.
    #[inline(never)]
    pub(super) fn check_assertion(&mut self, at: At<'_, 'h>, condition: Operand) -> Result<()> {
        if self.condition(at, condition, Part::Condition, Purpose::AssertCondition)? {
            return Ok(());
        }
        let text = self.condition_text(at);
        self.explain_equation(at.frame, condition)
            .map_err(|error| error.traced(at.position(), Action::Assertion(text.clone())))?;
        let mut details = Details::default();
        self.sides_of(at.frame, condition, 0, &mut details.related);
        let error = Error::from(ErrorKind::Assertion(format!("assertion '{text}' failed"))).with_details(details);
        Err(error.because(Cause::FalseCondition).at(at.position()))
    }

    /// The values of the variables in a condition's comparison.
    #[cold]
    fn sides_of(&self, frame: &Frame<'h>, condition: Operand, depth: usize, sides: &mut Vec<(Place, SmolStr)>) {
        const DEEPEST: usize = 4;
        const LONGEST: usize = 60;
        let OperandKind::Expr(id) = condition.kind() else { return };
        let (Expr::Binary { left, right, .. } | Expr::And(left, right) | Expr::Or(left, right)) =
            frame.unit.ir.expr(id)
        else {
            return;
        };
        for (operand, part) in [(left, Part::Left), (right, Part::Right)] {
            match operand.kind() {
                OperandKind::Local(_) | OperandKind::Capture(_) => {
                    let value = self.delay(frame, operand);
                    let excerpt = self.excerpt(value);
                    if value.is_evaluated() && excerpt.len() <= LONGEST {
                        sides.push((frame.at(id).place(part), format!("this is {excerpt}").into()));
                    }
                }
                OperandKind::Expr(_) if depth < DEEPEST => self.sides_of(frame, operand, depth + 1, sides),
                _ => {}
            }
        }
    }

    /// Fails with the reason why a condition `a == b` is false. As in C++ Nix, both sides are evaluated again.
    #[cold]
    fn explain_equation(&mut self, frame: &Frame<'h>, condition: Operand) -> Result<()> {
        let OperandKind::Expr(id) = condition.kind() else { return Ok(()) };
        let Expr::Binary { op: BinaryOp::Equal, left, right } = frame.unit.ir.expr(id) else { return Ok(()) };
        let (left, right) = (self.eval(frame, left)?, self.eval(frame, right)?);
        self.assert_equal(left, right, frame.at(id).position())
    }

    /// The condition in C++ Nix's form, parsed again, since the IR does not have it.
    #[cold]
    fn condition_text(&self, at: At<'_, 'h>) -> String {
        let start = at.start() as usize;
        let text = match at.expr() {
            Expr::Assert { end, .. } => at.frame.unit.source.text.get(start..end as usize).unwrap_or_default(),
            _ => b"",
        };
        String::from_utf8_lossy(&crate::lower::show_assertion(text, at.frame.unit.directory())).into_owned()
    }
}

//! Stepping: an evaluation as a list of programs, each with the same value, the last of which is the value.
//!
//! The programs are pictures of the running evaluation. A text that is stepped is lowered with a node around each
//! expression (`lower/steps.rs`), so it is known which expressions are being evaluated, with which names in scope. At
//! each of these nodes, and when a thunk is done, the outermost expression is printed: parts that are evaluated as their
//! values, the body of a running function in place of its call, and the thunks that it needs as a `let` around it. What
//! is not visible in the program, such as the calls that a builtin makes, is beside it.
//!
//! An evaluation that is not stepped does not pay for this.

mod names;
mod text;

use super::unit::LoadedUnit;
use super::{At, Eval};
use crate::error::{Error, ErrorKind, Result};
use crate::heap::{Scope, ScratchVec, Thunk, ThunkKind, ThunkState, Value};
use crate::ir::{Operand, StepKind};
use crate::source::{Origin, Part, SourceText, Span};
use crate::syntax::{self, Parsed};
use std::ops::Range;
use std::rc::Rc;

/// One program of a stepped evaluation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reduction {
    /// The program.
    pub program: String,
    /// The part of it that the next step changes, in bytes; `None` for the last.
    pub redex: Option<Range<usize>>,
    /// The work of a builtin meanwhile, as a program: the call of a function that it was given.
    pub inside: Option<String>,
    /// The thunks that were evaluated since the last step: their text, and their value in a few words.
    pub forced: Vec<(String, String)>,
}

/// A stepped evaluation.
#[derive(Clone, Debug, Default)]
pub struct Reductions {
    /// The programs.
    pub steps: Vec<Reduction>,
    /// The error that ended it.
    pub error: Option<Error>,
    /// True if there are more steps than were asked for.
    pub is_cut: bool,
}

/// An expression that is being evaluated.
#[derive(Clone, Copy)]
struct Active<'h> {
    unit: &'h LoadedUnit,
    span: Span,
    environment: Value<'h>,
    /// Its number among all.
    serial: usize,
}

/// A part of an active expression that has its value.
#[derive(Clone, Copy)]
struct FilledPart<'h> {
    /// The active expression.
    of: usize,
    span: Span,
    value: Value<'h>,
    kind: Filled,
}

/// The form of a part's value in the expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Filled {
    /// In place of the part.
    Here,
    /// In place of the whole.
    Whole,
    /// In place of a function and so many of its arguments.
    Applied(usize),
}

/// A thunk that is being evaluated.
#[derive(Clone, Copy)]
struct Running<'h> {
    thunk: Thunk<'h>,
    before: Option<Value<'h>>,
    /// The number of active expressions when it began.
    height: usize,
    serial: usize,
}

/// The state of a stepped evaluation.
pub(super) struct Stepping<'h> {
    limit: usize,
    source: Option<Rc<SourceText>>,
    parsed: Option<Rc<Parsed>>,
    active: ScratchVec<'h, Active<'h>>,
    filled: ScratchVec<'h, FilledPart<'h>>,
    running: ScratchVec<'h, Running<'h>>,
    /// The value of the whole, once there is one.
    result: Option<Value<'h>>,
    /// The names of thunks and values, by the position in `texts`.
    named: ScratchVec<'h, (Value<'h>, usize)>,
    texts: Vec<String>,
    /// Names that no thunk can have: they mean something else in the program.
    reserved: Vec<String>,
    serial: usize,
    /// The places of the active expressions in the last program, by serial number.
    places: Vec<(usize, Range<usize>)>,
    done: Reductions,
    forced: Vec<(String, String)>,
}

impl<'h> Stepping<'h> {
    fn new(scope: Scope<'h>, limit: usize) -> Self {
        Self {
            limit,
            source: None,
            parsed: None,
            active: scope.gather([]),
            filled: scope.gather([]),
            running: scope.gather([]),
            result: None,
            named: scope.gather([]),
            texts: Vec::new(),
            reserved: Vec::new(),
            serial: 0,
            places: Vec::new(),
            done: Reductions::default(),
            forced: Vec::new(),
        }
    }

    fn next_serial(&mut self) -> usize {
        self.serial += 1;
        self.serial
    }

    /// True if the active expression at this index is the first of a thunk.
    fn begins_thunk(&self, index: usize) -> bool {
        self.running.iter().rev().any(|running| running.height == index)
    }
}

impl<'h> Eval<'h> {
    /// Evaluates a text in full, as a list of programs, of which at most `limit` are given.
    ///
    /// # Errors
    ///
    /// Fails if the text is not a valid program.
    pub fn reductions(&mut self, text: Vec<u8>, scope: &[(&str, Value<'h>)], limit: usize) -> Result<Reductions> {
        self.stepping = Some(Box::new(Stepping::new(self.scope, limit)));
        let floor = std::mem::replace(&mut self.thunk_floor, usize::MAX);
        self.scope.keep_thunks();
        let ended = self.step_through(text, scope);
        self.thunk_floor = floor;
        let mut done = self.stepping.take().map(|stepping| stepping.done).unwrap_or_default();
        ended?;
        done.is_cut |= done.steps.len() > limit;
        Ok(done)
    }

    fn step_through(&mut self, text: Vec<u8>, scope: &[(&str, Value<'h>)]) -> Result<()> {
        let inputs = self.inputs(scope);
        let directory = self.io().current_dir();
        let source = self.shared.sources.add(Origin::String, text.into());
        if let Some(stepping) = &mut self.stepping {
            stepping.parsed = Some(Rc::new(syntax::parse(&source.text)));
            stepping.source = Some(Rc::clone(&source));
        }
        let unit = self.lower_source(&source, &directory, &inputs, syntax::parse)?;
        let unit = self.link(unit, source, &directory)?;
        let value = self.instantiate(unit, &inputs);
        if let Some(stepping) = &mut self.stepping {
            stepping.reserve_names();
        }
        let evaluated = self.force(value).and_then(|value| {
            if let Some(stepping) = &mut self.stepping {
                stepping.result = Some(value);
            }
            self.show_step(None);
            self.force_deep(value)
        });
        let Some(stepping) = &mut self.stepping else { return Ok(()) };
        match evaluated {
            Err(error) if matches!(error.kind(), ErrorKind::Interrupted) && !stepping.done.is_cut => Err(error),
            Err(error) => {
                stepping.done.error = Some(error).filter(|_| !stepping.done.is_cut);
                Ok(())
            }
            Ok(()) => {
                self.show_result();
                Ok(())
            }
        }
    }

    /// True if an evaluation is stepped, and all of its steps are not there yet.
    pub(super) fn is_stepping(&self) -> bool {
        self.stepping.is_some()
    }

    /// Runs a node that stands for an expression.
    #[cold]
    #[inline(never)]
    pub(super) fn run_active(
        &mut self,
        at: At<'_, 'h>,
        (environment, body, step): (Operand, Operand, u32),
    ) -> Result<Value<'h>> {
        let environment = self.delay(at.frame, environment);
        let step = at.ir().steps[step as usize];
        let (Some(start), StepKind::Expression { end }) = (step.start, step.kind) else {
            return self.eval_part(at, body, Part::Here);
        };
        let Some(stepping) = &mut self.stepping else { return self.eval_part(at, body, Part::Here) };
        let serial = stepping.next_serial();
        let index = stepping.active.len();
        let thunk = stepping.running.last().filter(|running| running.height == index).map(|running| running.serial);
        let parent = thunk.or_else(|| stepping.active.last().map(|parent| parent.serial));
        stepping.active.push(Active { unit: at.frame.unit, span: Span::new(start, end), environment, serial });
        self.show_step(parent);
        let result = self.check_steps().and_then(|()| self.eval_part(at, body, Part::Here));
        self.leave_active(index, result.as_ref().ok().copied());
        result
    }

    /// Fails if there are enough steps.
    fn check_steps(&self) -> Result<()> {
        let is_cut = self.stepping.as_ref().is_some_and(|stepping| stepping.done.is_cut);
        if is_cut { Err(ErrorKind::Interrupted.into()) } else { Ok(()) }
    }

    /// Removes the active expression at an index, which has this value.
    fn leave_active(&mut self, index: usize, value: Option<Value<'h>>) {
        let relation = index.checked_sub(1).map(|_| self.relation(index));
        let Some(stepping) = &mut self.stepping else { return };
        let Some(active) = stepping.active.get(index).copied() else { return };
        let begins_thunk = stepping.begins_thunk(index);
        stepping.active.truncate(index);
        stepping.filled.retain(|part| part.of < index);
        let Some(value) = value else { return };
        if begins_thunk || index == 0 {
            return;
        }
        let kind = match relation {
            Some(names::Relation::Part) => Filled::Here,
            Some(names::Relation::Tail) => Filled::Whole,
            Some(names::Relation::Call { used, of }) if used < of => Filled::Applied(used),
            Some(names::Relation::Call { .. }) => Filled::Whole,
            _ => return,
        };
        stepping.filled.push(FilledPart { of: index - 1, span: active.span, value, kind });
        self.show_step(Some(active.serial));
    }

    /// Runs a thunk of a stepped evaluation.
    #[cold]
    pub(super) fn run_stepped(&mut self, thunk: Thunk<'h>) -> Result<Value<'h>> {
        self.check_steps()?;
        let before = (!matches!(thunk.kind(), ThunkKind::Code(_))).then(|| thunk.capture(0));
        let shown = crate::print::thunk_text(self, thunk, before);
        let Some(stepping) = &mut self.stepping else { return self.run_suspended::<true>(thunk) };
        let (height, serial) = (stepping.active.len(), stepping.next_serial());
        stepping.running.push(Running { thunk, before, height, serial });
        self.show_step(None);
        let result = self.run_suspended::<true>(thunk);
        let argument = height.checked_sub(1).and_then(|parent| self.argument_span(parent, thunk));
        let Some(stepping) = &mut self.stepping else { return result };
        stepping.running.pop();
        let value = result?;
        if height == 0 && stepping.result.is_none() {
            return Ok(value);
        }
        if let Some(span) = argument {
            stepping.filled.push(FilledPart { of: height - 1, span, value, kind: Filled::Here });
        }
        let summary = self.summary(value);
        if let Some(stepping) = self
            .stepping
            .as_mut()
            .filter(|_| !value.is_function() && summary != shown && !shown.starts_with("inherit "))
        {
            stepping.forced.push((shown, summary));
        }
        self.show_step(Some(serial));
        Ok(value)
    }

    fn summary(&self, value: Value<'h>) -> String {
        let options = crate::print::Options { max_depth: 1, max_items: 8, max_attributes: 8, ..Default::default() };
        crate::print::unforced(self, value, &crate::print::Options { max_string_length: 40, ..options })
    }

    /// Adds the program as it is now, if it has changed. The change was in the active expression of this number.
    fn show_step(&mut self, changed: Option<usize>) {
        let Some(mut stepping) = self.stepping.take() else { return };
        let floor = std::mem::replace(&mut self.thunk_floor, self.stack_floor);
        if !stepping.done.is_cut
            && let Some(shown) = self.picture(&mut stepping)
        {
            stepping.add(shown, changed);
        }
        self.thunk_floor = floor;
        self.stepping = Some(stepping);
    }

    /// Adds the value as the last program.
    fn show_result(&mut self) {
        let Some(mut stepping) = self.stepping.take() else { return };
        let floor = std::mem::replace(&mut self.thunk_floor, self.stack_floor);
        if let Some(result) = stepping.result
            && let Some(shown) = self.whole_value(&mut stepping, result)
        {
            stepping.add(shown, None);
        }
        self.thunk_floor = floor;
        self.stepping = Some(stepping);
    }
}

/// A picture of an evaluation.
struct Shown {
    program: String,
    places: Vec<(usize, Range<usize>)>,
    inside: Option<String>,
}

impl Stepping<'_> {
    fn place(&self, serial: usize) -> Option<Range<usize>> {
        self.places.iter().find(|(number, _)| *number == serial).map(|(_, range)| range.clone())
    }

    fn add(&mut self, shown: Shown, changed: Option<usize>) {
        let is_same = self
            .done
            .steps
            .last()
            .is_some_and(|last| is_same_text(&last.program, &shown.program) && last.inside == shown.inside);
        if !is_same {
            let redex = changed.and_then(|serial| self.place(serial));
            let len = self.done.steps.len();
            if let Some(last) = self.done.steps.last_mut() {
                last.redex = Some(redex.unwrap_or(0..last.program.len()));
            }
            if len >= self.limit {
                self.done.is_cut = true;
                return;
            }
            let forced = std::mem::take(&mut self.forced);
            self.done.steps.push(Reduction { program: shown.program, redex: None, inside: shown.inside, forced });
        } else if let Some(last) = self.done.steps.last_mut() {
            last.program = shown.program;
            last.forced.append(&mut self.forced);
        }
        self.places = shown.places;
    }
}

/// True for programs that differ in white space only.
fn is_same_text(left: &str, right: &str) -> bool {
    left.split_whitespace().eq(right.split_whitespace())
}

/// The value of a thunk that is done.
fn value_of<'h>(value: Value<'h>) -> Option<Value<'h>> {
    match value.as_thunk() {
        None => Some(value),
        Some(thunk) => match thunk.state() {
            ThunkState::Done(value) => value_of(value),
            _ => None,
        },
    }
}

//! The stack frames of a debugger: a description, a place, and the names in scope.

use super::Eval;
use super::unit::LoadedUnit;
use crate::heap::{PosId, ScratchVec, Symbol, Value};
use crate::ir::{PathId, PathPart, StepKind};
use crate::lower::{AROUND, NAMES, WITH};
use crate::source::{Origin, shown_path};

/// An active step of the evaluation.
#[derive(Clone, Copy)]
pub struct StackFrame<'h> {
    pub(super) unit: &'h LoadedUnit,
    pub(super) step: u32,
    pub(super) environment: Value<'h>,
}

impl std::fmt::Debug for StackFrame<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StackFrame").field("step", &self.step).finish_non_exhaustive()
    }
}

/// The names of one scope with their values, which may be unevaluated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScopeNames<'h> {
    /// The names of a `let`, a function, or around a file.
    Lexical(ScratchVec<'h, (Symbol, Value<'h>)>),
    /// The names of a `with`; `None` while its set is unevaluated.
    With(Option<ScratchVec<'h, (Symbol, Value<'h>)>>),
}

impl<'h> StackFrame<'h> {
    /// The description of the step, for example `while calling a function`.
    pub fn message(&self) -> String {
        let unit = &self.unit.ir;
        match unit.steps[self.step as usize].kind {
            StepKind::File => format!("while evaluating the file '{}':", self.file()),
            StepKind::Let => "while evaluating a 'let' expression".to_owned(),
            StepKind::Function(None) => "while calling anonymous lambda".to_owned(),
            StepKind::Function(Some(name)) => format!("while calling '{}'", String::from_utf8_lossy(unit.name(name))),
            StepKind::Call => "while calling a function".to_owned(),
            StepKind::Scope | StepKind::Expression { .. } => "while evaluating an expression".to_owned(),
            StepKind::Select(path) => format!("while evaluating the attribute '{}'", self.path(path)),
        }
    }

    /// True for a step without a trace: it is there because an error happened in its scope.
    pub fn is_mere_scope(&self) -> bool {
        self.unit.ir.steps[self.step as usize].kind == StepKind::Scope
    }

    /// C++ Nix's position of it; 0 if there is none.
    pub fn position(&self) -> PosId {
        let start = self.unit.ir.steps[self.step as usize].start;
        start.map_or(PosId::NONE, |start| self.unit.position(start))
    }

    fn file(&self) -> String {
        match &self.unit.source.origin {
            Origin::File(path) => String::from_utf8_lossy(&shown_path(path)).into_owned(),
            _ => String::new(),
        }
    }

    fn path(&self, path: PathId) -> String {
        let mut text = Vec::new();
        for part in self.unit.ir.path(path) {
            if !text.is_empty() {
                text.push(b'.');
            }
            match part {
                PathPart::Name(name) => {
                    crate::codec::nix_string::write_attribute_name(&mut text, self.unit.ir.name(name));
                }
                PathPart::Dynamic(_) => text.extend(b"${...}"),
            }
        }
        String::from_utf8_lossy(&text).into_owned()
    }
}

impl<'h> Eval<'h> {
    /// The names in scope there, the innermost scope first, without the language's own.
    pub fn scopes_of(&self, frame: &StackFrame<'h>) -> Vec<ScopeNames<'h>> {
        let [around, with, names] = [AROUND, WITH, NAMES].map(|text| self.intern(text));
        let mut scopes = Vec::new();
        let mut next = frame.environment.as_attrs();
        while let Some(set) = next {
            let evaluated = |name| set.get(name).map(|value| value.evaluated().and_then(Value::as_attrs));
            let members = |set: crate::heap::Attrs<'h>| {
                let mut members = self.scope.gather(set.iter().map(|(name, value, _)| (name, value)));
                members.retain(|(name, _)| ![around, with, names].contains(name));
                members
            };
            scopes.push(match (evaluated(with), evaluated(names)) {
                (Some(set), _) => ScopeNames::With(set.map(members)),
                (_, Some(set)) => ScopeNames::Lexical(set.map_or_else(|| self.scope.gather([]), members)),
                _ => ScopeNames::Lexical(members(set)),
            });
            next = set.get(around).and_then(Value::as_attrs);
        }
        scopes
    }

    /// Evaluates the sets of all `with`s there, as far as possible. Returns true if one is newly evaluated.
    pub fn force_withs(&mut self, frame: &StackFrame<'h>) -> bool {
        let [around, with] = [AROUND, WITH].map(|text| self.intern(text));
        let mut found = false;
        let mut next = frame.environment.as_attrs();
        while let Some(set) = next {
            if let Some(value) = set.get(with).filter(|value| value.evaluated().is_none()) {
                found |= self.force(value).is_ok();
            }
            next = set.get(around).and_then(Value::as_attrs);
        }
        found
    }
}

//! Descriptions of functions written in Nix.

use super::Eval;
use crate::heap::{Closure, Partial, PosId, Symbol, Unpacked};
use crate::ir::{Formal, Name};

/// The description of a function written in Nix.
#[derive(Clone, Debug)]
pub struct ClosureInfo {
    /// The name it was bound to.
    pub name: Option<Symbol>,
    /// The position of the next parameter's function.
    pub position: PosId,
    /// The names of its pattern, with whether they have a default, and their positions. `None` for `x: …`.
    pub formals: Option<Vec<(Symbol, bool, PosId)>>,
    /// True with `...`.
    pub ellipsis: bool,
    /// The name of the whole argument.
    pub argument: Option<Symbol>,
}

impl<'h> Eval<'h> {
    /// The description of a closure.
    pub fn closure_info(&self, closure: Closure<'h>) -> ClosureInfo {
        self.info_after(closure, 0)
    }

    /// The description of a partially applied closure, from its next parameter on. `None` for a builtin.
    pub fn partial_info(&self, partial: Partial<'h>) -> Option<ClosureInfo> {
        match partial.function().unpack() {
            Unpacked::Closure(closure) => Some(self.info_after(closure, partial.len())),
            _ => None,
        }
    }

    fn info_after(&self, closure: Closure<'h>, given: usize) -> ClosureInfo {
        let nothing = ClosureInfo { name: None, position: PosId::NONE, formals: None, ellipsis: false, argument: None };
        let Some((unit, lambda)) = self.lambda_of(closure) else { return nothing };
        let symbol = |name: Name| unit.symbols[name.0 as usize];
        let parameter = lambda.parameters.get(given);
        let pattern = lambda.pattern.as_ref().filter(|_| given + 1 == lambda.parameters.len());
        let formal = |formal: &Formal| (symbol(formal.name), formal.default.is_some(), unit.position(formal.start));
        ClosureInfo {
            name: unit.function_name(lambda),
            position: parameter.map_or(PosId::NONE, |parameter| unit.position(parameter.start)),
            formals: pattern.map(|pattern| pattern.formals.iter().map(formal).collect()),
            ellipsis: pattern.is_some_and(|pattern| pattern.ellipsis),
            argument: parameter.and_then(|parameter| parameter.name).map(symbol),
        }
    }
}

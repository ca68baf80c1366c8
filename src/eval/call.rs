//! Calls: closures, builtins, partial applications, and sets with `__functor`.
//!
//! Arguments of a call are pushed on the stack of slots; they become the first slots of the callee's frame.

use super::{Eval, Frame, LoadedUnit};
use crate::builtins::{Arguments, Builtin, MAX_ARITY};
use crate::error::{Error, Result};
use crate::heap::{Attrs, BuiltinId, Closure, Partial, PosId, Symbol, Unpacked, Value};
use crate::ir::{Code, CodeId, ExprId, Formal, Lambda, Operand, Pattern, Words};
use crate::symbol;

/// What can be told about a function written in Nix.
#[derive(Clone, Debug)]
pub struct ClosureInfo {
    /// The name it was bound to.
    pub name: Option<Symbol>,
    /// Where the next parameter's function begins.
    pub position: PosId,
    /// Names of its pattern, whether each has a default, and where it stands. `None` for `x: …`.
    pub formals: Option<Vec<(Symbol, bool, PosId)>>,
    /// True with `...`.
    pub ellipsis: bool,
    /// The name of the whole argument.
    pub argument: Option<Symbol>,
}

impl<'h> Eval<'h> {
    /// Calls `function`, which may be anything callable, with arguments. The result is evaluated.
    ///
    /// # Errors
    /// Those of the call; and that a value is no function.
    pub fn call(&mut self, function: Value<'h>, arguments: &[Value<'h>]) -> Result<Value<'h>> {
        let function = self.force(function)?;
        let base = self.stack.len();
        self.stack.extend_from_slice(arguments);
        self.call_on_stack(function, base, arguments.len())
    }

    pub(super) fn run_call(
        &mut self,
        frame: &Frame<'h>,
        id: ExprId,
        function: Operand,
        arguments: Words,
    ) -> Result<Value<'h>> {
        let callee = self.eval(frame, function)?;
        let base = self.stack.len();
        for argument in frame.unit.ir.operands(arguments) {
            let value = self.delay(frame, argument);
            self.stack.push(value);
        }
        let position = self.position_of(frame, id);
        let saved = std::mem::replace(&mut self.call_position, position);
        let result = self.call_on_stack(callee, base, arguments.len as usize);
        self.call_position = saved;
        result
    }

    /// Calls with the `count` arguments on the stack from `base` on, and takes them off.
    pub(super) fn call_on_stack(&mut self, function: Value<'h>, base: usize, count: usize) -> Result<Value<'h>> {
        let result = match self.enter_call() {
            Ok(()) => {
                let result = self.apply(function, base, count);
                self.leave_call();
                result
            }
            Err(error) => Err(error.at(self.call_position)),
        };
        self.stack.truncate(base);
        result
    }

    fn apply(&mut self, mut function: Value<'h>, base: usize, mut count: usize) -> Result<Value<'h>> {
        loop {
            let used = match function.unpack() {
                Unpacked::Closure(closure) => {
                    let unit = self.shared.units.get(closure.code().unit);
                    let code = unit.ir.code(CodeId(closure.code().code));
                    let Some(lambda) = &code.lambda else { return Ok(Value::NULL) };
                    let wanted = lambda.parameters.len();
                    if count == wanted {
                        return self.enter_closure(closure, unit, code, lambda, base);
                    }
                    if count < wanted {
                        return Ok(self.partial(function, None, base, count));
                    }
                    let rest = self.stack.split_off(base + wanted);
                    function = self.enter_closure(closure, unit, code, lambda, base)?;
                    self.stack.truncate(base);
                    self.stack.extend_from_slice(&rest);
                    wanted
                }
                Unpacked::Builtin(id) => {
                    let arity = self.builtin(id).arity();
                    if count < arity {
                        return Ok(self.partial(function, None, base, count));
                    }
                    function = self.call_builtin_on_stack(id, base)?;
                    self.stack.drain(base..base + arity);
                    arity
                }
                Unpacked::Partial(partial) => {
                    if partial.len() + count < self.arity(partial.function()) {
                        return Ok(self.partial(partial.function(), Some(partial), base, count));
                    }
                    let before = (0..partial.len()).map(|index| partial.argument(index));
                    self.stack.splice(base..base, before);
                    function = partial.function();
                    count += partial.len();
                    continue;
                }
                Unpacked::Attrs(attrs) => {
                    let functor = self.functor(attrs, function)?;
                    self.stack.insert(base, function);
                    // A call of its own, counted: a functor may be a functor, and so on for ever.
                    return self.call_on_stack(functor, base, count + 1);
                }
                _ => return Err(self.not_callable(function)),
            };
            count -= used;
            if count == 0 {
                return Ok(function);
            }
        }
    }

    fn partial(&self, function: Value<'h>, before: Option<Partial<'h>>, base: usize, count: usize) -> Value<'h> {
        Partial::apply(self.scope, function, before, &self.stack[base..base + count]).into()
    }

    fn arity(&self, function: Value<'h>) -> usize {
        match function.unpack() {
            Unpacked::Builtin(id) => self.builtin(id).arity(),
            Unpacked::Closure(closure) => self.lambda_of(closure).map_or(0, |(_, lambda)| lambda.parameters.len()),
            _ => 0,
        }
    }

    fn lambda_of(&self, closure: Closure<'h>) -> Option<(&'h LoadedUnit, &'h Lambda)> {
        let unit = self.shared.units.get(closure.code().unit);
        unit.ir.code(CodeId(closure.code().code)).lambda.as_deref().map(|lambda| (unit, lambda))
    }

    #[inline]
    fn enter_closure(
        &mut self,
        closure: Closure<'h>,
        unit: &'h LoadedUnit,
        code: &'h Code,
        lambda: &'h Lambda,
        base: usize,
    ) -> Result<Value<'h>> {
        self.stack.resize(base + code.slots as usize, Value::NULL);
        let frame = Frame { unit, base, captures: closure.into(), constants: self.constants(unit) };
        if let Some(pattern) = &lambda.pattern {
            self.bind_pattern(&frame, lambda, pattern)?;
        }
        self.eval(&frame, code.body)
    }

    fn functor(&mut self, attrs: Attrs<'h>, set: Value<'h>) -> Result<Value<'h>> {
        match attrs.get(symbol::FUNCTOR) {
            Some(functor) => self.force(functor).map_err(|error| {
                error.traced(
                    "while calling a functor (an attribute set with a '__functor' attribute)",
                    self.call_position,
                )
            }),
            None => Err(self.not_callable(set)),
        }
    }

    #[cold]
    fn not_callable(&self, function: Value<'h>) -> Error {
        let (kind, excerpt) = (self.show_type(function), self.excerpt(function));
        let message = format!("attempt to call something which is not a function but {kind}: {excerpt}");
        Error::type_error(message).at(self.call_position)
    }

    /// Takes the argument of `{ a, b ? 1 }: …` apart.
    fn bind_pattern(&mut self, frame: &Frame<'h>, lambda: &'h Lambda, pattern: &'h Pattern) -> Result<()> {
        let place = frame.base + lambda.parameters.len() - 1;
        let argument = self.force(self.stack[place]).map_err(|error| self.argument_trace(error))?;
        let Some(attrs) = argument.as_attrs() else {
            let error = self.mismatch("a set", argument);
            return Err(self.argument_trace(error));
        };
        self.stack[place] = argument;
        let mut matched = 0;
        let mut has_defaults = false;
        for formal in &pattern.formals {
            match attrs.get(self.symbol(frame, formal.name)) {
                Some(value) => {
                    self.stack[frame.base + formal.slot as usize] = value;
                    matched += 1;
                }
                None if formal.default.is_some() => has_defaults = true,
                None => return Err(self.missing_argument(frame, lambda, formal)),
            }
        }
        if has_defaults {
            self.bind_defaults(frame, pattern, attrs);
        }
        if matched < attrs.len() && !pattern.ellipsis {
            return Err(self.unexpected_argument(frame, lambda, pattern, attrs));
        }
        Ok(())
    }

    fn bind_defaults(&mut self, frame: &Frame<'h>, pattern: &'h Pattern, attrs: Attrs<'h>) {
        let absent = |cx: &Self, formal: &&Formal| !attrs.contains(cx.symbol(frame, formal.name));
        let missing: Vec<&Formal> = pattern.formals.iter().filter(|formal| absent(self, formal)).collect();
        let pairs: Vec<(u32, Operand)> =
            missing.iter().filter_map(|formal| Some((formal.slot, formal.default?))).collect();
        self.fill_pairs(frame, pairs.into_iter());
    }

    fn argument_trace(&self, error: Error) -> Error {
        error
            .traced("while evaluating the value passed for the lambda argument", PosId(0))
            .traced("from call site", self.call_position)
    }

    fn function_name(&self, frame: &Frame<'h>, lambda: &Lambda) -> String {
        match lambda.name {
            Some(name) => format!("function '{}'", String::from_utf8_lossy(frame.unit.ir.name(name))),
            None => "function 'anonymous lambda'".to_owned(),
        }
    }

    fn lambda_position(&self, frame: &Frame<'h>, lambda: &Lambda) -> PosId {
        lambda.parameters.last().map_or(PosId(0), |parameter| frame.unit.position(parameter.start))
    }

    #[cold]
    fn missing_argument(&self, frame: &Frame<'h>, lambda: &Lambda, formal: &Formal) -> Error {
        let name = String::from_utf8_lossy(frame.unit.ir.name(formal.name));
        let function = self.function_name(frame, lambda);
        Error::type_error(format!("{function} called without required argument '{name}'"))
            .at(self.lambda_position(frame, lambda))
            .traced("from call site", self.call_position)
    }

    #[cold]
    fn unexpected_argument(&self, frame: &Frame<'h>, lambda: &Lambda, pattern: &Pattern, attrs: Attrs<'h>) -> Error {
        let formals: Vec<Symbol> = pattern.formals.iter().map(|formal| self.symbol(frame, formal.name)).collect();
        let unexpected = attrs.iter().find(|(name, ..)| !formals.contains(name));
        let name = unexpected.map_or(&b""[..], |(name, ..)| self.symbol_text(name));
        let suggestions = self.suggest(name, formals.iter().copied());
        let function = self.function_name(frame, lambda);
        let name = String::from_utf8_lossy(name);
        Error::type_error(format!("{function} called with unexpected argument '{name}'"))
            .at(self.lambda_position(frame, lambda))
            .with_suggestions(suggestions)
            .traced("from call site", self.call_position)
    }

    /// The row of a builtin.
    #[inline]
    pub(crate) fn builtin(&self, id: BuiltinId) -> &'static Builtin {
        self.shared.builtins[id.0 as usize]
    }

    fn call_builtin_on_stack(&mut self, id: BuiltinId, base: usize) -> Result<Value<'h>> {
        let builtin = self.builtin(id);
        let mut arguments = [Value::NULL; MAX_ARITY];
        arguments[..builtin.arity()].copy_from_slice(&self.stack[base..base + builtin.arity()]);
        self.call_builtin(builtin, arguments)
    }

    #[inline]
    fn call_builtin(&mut self, builtin: &'static Builtin, arguments: Arguments<'h>) -> Result<Value<'h>> {
        let position = self.call_position;
        builtin.run(self, arguments).map_err(|error| builtin_trace(builtin, position, error))
    }

    /// A call of a builtin known when the file was lowered, with all its arguments.
    pub(super) fn run_builtin(
        &mut self,
        frame: &Frame<'h>,
        id: ExprId,
        constant: u32,
        arguments: Words,
    ) -> Result<Value<'h>> {
        let function = frame.constants.get(constant as usize).map(Value::unpack);
        let Some(Unpacked::Builtin(builtin)) = function else {
            return self.run_call(frame, id, Operand::new(crate::ir::Source::Constant(constant)), arguments);
        };
        let builtin = self.builtin(builtin);
        self.enter_call()?;
        let position = self.position_of(frame, id);
        let saved = std::mem::replace(&mut self.call_position, position);
        let result = self.run_builtin_inside(frame, builtin, arguments);
        self.call_position = saved;
        self.leave_call();
        result
    }

    #[inline]
    fn run_builtin_inside(
        &mut self,
        frame: &Frame<'h>,
        builtin: &'static Builtin,
        arguments: Words,
    ) -> Result<Value<'h>> {
        let position = self.call_position;
        let mut values = [Value::NULL; MAX_ARITY];
        for (index, operand) in frame.unit.ir.operands(arguments).enumerate().take(MAX_ARITY) {
            values[index] = if index == 0 && builtin.forces_first {
                match self.eval(frame, operand) {
                    Ok(value) => value,
                    // The builtin meets the error where it forces the argument, and says what it wanted it for.
                    Err(error) => self.failed(error).map_err(|error| builtin_trace(builtin, position, error))?,
                }
            } else {
                self.delay(frame, operand)
            };
        }
        self.call_builtin(builtin, values)
    }

    /// What can be told about a closure.
    pub fn closure_info(&self, closure: Closure<'h>) -> ClosureInfo {
        self.info_after(closure, 0)
    }

    /// What can be told about a partially applied closure: its next parameter. `None` for a builtin.
    pub fn partial_info(&self, partial: Partial<'h>) -> Option<ClosureInfo> {
        match partial.function().unpack() {
            Unpacked::Closure(closure) => Some(self.info_after(closure, partial.len())),
            _ => None,
        }
    }

    fn info_after(&self, closure: Closure<'h>, given: usize) -> ClosureInfo {
        let nothing = ClosureInfo { name: None, position: PosId(0), formals: None, ellipsis: false, argument: None };
        let Some((unit, lambda)) = self.lambda_of(closure) else { return nothing };
        let symbol = |name: crate::ir::Name| unit.symbols[name.0 as usize];
        let parameter = lambda.parameters.get(given);
        let pattern = lambda.pattern.as_ref().filter(|_| given + 1 == lambda.parameters.len());
        let formal = |formal: &Formal| (symbol(formal.name), formal.default.is_some(), unit.position(formal.start));
        ClosureInfo {
            name: lambda.name.map(symbol),
            position: parameter.map_or(PosId(0), |parameter| unit.position(parameter.start)),
            formals: pattern.map(|pattern| pattern.formals.iter().map(formal).collect()),
            ellipsis: pattern.is_some_and(|pattern| pattern.ellipsis),
            argument: parameter.and_then(|parameter| parameter.name).map(symbol),
        }
    }
}

#[cold]
fn builtin_trace(builtin: &Builtin, position: PosId, error: Error) -> Error {
    error.traced(format!("while calling the '{}' builtin", builtin.name), position)
}

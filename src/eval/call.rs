//! Calls: closures, builtins, partial applications, and sets with `__functor`.
//!
//! Arguments of a call are pushed on the stack of slots; they become the first slots of the callee's frame.

use super::builtin::{Arguments, Builtin, MAX_ARITY};
use super::{At, Eval, Frame, LoadedUnit};
use crate::codec::nix_string::attribute_name;
use crate::error::{self, Action, Details, Error, Purpose, Result};
use crate::heap::{Attrs, BuiltinId, Closure, Partial, PosId, Symbol, Unpacked, Value};
use crate::ir::{Code, Formal, Lambda, Operand, Pattern, Words};
use crate::source::{Part, Place};
use crate::symbol;

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
    /// Calls `function`, which may be anything callable, with arguments. The result is evaluated.
    ///
    /// # Errors
    ///
    /// Fails if the call fails, or if a value is not a function.
    pub fn call(&mut self, function: Value<'h>, arguments: &[Value<'h>]) -> Result<Value<'h>> {
        self.call_at(Place::NOWHERE, function, arguments)
    }

    /// The same, with the place of the call for errors.
    pub(super) fn call_at(&mut self, place: Place, function: Value<'h>, arguments: &[Value<'h>]) -> Result<Value<'h>> {
        let function = self.force(function).map_err(|error| error.filled(place))?;
        let base = self.stack.len();
        self.stack.extend_from_slice(arguments);
        self.at_call(place, |cx| cx.call_on_stack(function, base, arguments.len()))
    }

    /// Runs `body` as a call from this place.
    #[inline(always)]
    pub(super) fn at_call<T>(&mut self, place: Place, body: impl FnOnce(&mut Self) -> T) -> T {
        let saved = std::mem::replace(&mut self.call_place, place);
        let result = body(self);
        self.call_place = saved;
        result
    }

    #[inline(never)]
    pub(super) fn run_call(&mut self, at: At<'_, 'h>, function: Operand, arguments: Words) -> Result<Value<'h>> {
        let callee = self.eval_part(at, function, Part::Base)?;
        let base = self.stack.len();
        for argument in at.ir().operands(arguments) {
            let value = self.delay(at.frame, argument);
            self.stack.push(value);
        }
        self.at_call(at.position().into(), |cx| cx.call_on_stack(callee, base, arguments.len as usize))
    }

    /// Calls with the `count` arguments on the stack from `base` on, and removes them.
    pub(super) fn call_on_stack(&mut self, function: Value<'h>, base: usize, count: usize) -> Result<Value<'h>> {
        let result = match self.enter_call() {
            Ok(()) => {
                let result = self.apply(function, base, count);
                self.leave_call();
                result
            }
            Err(refused) => self.call_traced(refused, function, base, count),
        };
        self.stack.truncate(base);
        result
    }

    /// The same with traced calls.
    #[cold]
    fn call_traced(&mut self, refused: Error, function: Value<'h>, base: usize, count: usize) -> Result<Value<'h>> {
        self.enter_traced(refused).map_err(|error| error.at(self.call_place))?;
        // A delayed call has the position of its function.
        let place = match (self.call_place, function.unpack()) {
            (Place::OPEN, Unpacked::Closure(closure)) => self.closure_info(closure).position.into(),
            (place, _) => place,
        };
        self.trace_call("entered", place);
        let result = self.apply(function, base, count);
        self.leave_call();
        self.trace_call("exited", place);
        result
    }

    /// Calls with as many of the arguments as the function takes, then calls the result with the others, and so on.
    // A separate function, so that the common caller does not pay for the other one.
    #[inline(always)]
    fn apply(&mut self, mut function: Value<'h>, mut base: usize, mut count: usize) -> Result<Value<'h>> {
        loop {
            let used = match function.unpack() {
                Unpacked::Closure(closure) => {
                    let unit = self.shared.units.of(closure.code());
                    let code = unit.code(closure.code());
                    let Some(lambda) = &code.lambda else { return Ok(Value::NULL) };
                    let wanted = lambda.parameters.len();
                    if count == wanted {
                        return self.enter_closure(closure, unit, code, lambda, base);
                    }
                    if count < wanted {
                        return Ok(self.partial(function, None, base, count));
                    }
                    function = self.apply_to_first(function, base, wanted)?;
                    wanted
                }
                Unpacked::Builtin(id) => {
                    let arity = self.builtin(id).arity();
                    if count < arity {
                        return Ok(self.partial(function, None, base, count));
                    }
                    function = self.call_builtin_on_stack(id, base)?;
                    arity
                }
                Unpacked::Partial(partial) => {
                    let wanted = self.arity(partial.function()).saturating_sub(partial.len());
                    if count < wanted {
                        return Ok(self.partial(partial.function(), Some(partial), base, count));
                    }
                    if count == wanted {
                        let before = (0..partial.len()).map(|index| partial.argument(index));
                        self.stack.splice(base..base, before);
                        function = partial.function();
                        count += partial.len();
                        continue;
                    }
                    function = self.apply_to_first(function, base, wanted)?;
                    wanted
                }
                Unpacked::Attrs(attrs) => {
                    function = self.call_functor(attrs, function, base)?;
                    1
                }
                _ => return Err(self.not_callable(function)),
            };
            base += used;
            count -= used;
            if count == 0 {
                return Ok(function);
            }
        }
    }

    /// Calls with only the first `wanted` arguments. All of them stay in place.
    #[inline(never)]
    fn apply_to_first(&mut self, function: Value<'h>, base: usize, wanted: usize) -> Result<Value<'h>> {
        let top = self.stack.len();
        self.stack.extend_from_within(base..base + wanted);
        let result = self.apply(function, top, wanted);
        self.stack.truncate(top);
        result
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
        let unit = self.shared.units.of(closure.code());
        unit.code(closure.code()).lambda.as_deref().map(|lambda| (unit, lambda))
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
        match self.eval(&frame, code.body) {
            Err(error) => Err(self.in_call(&frame, code, lambda, error)),
            result => result,
        }
    }

    /// Adds the function to an error in it, and the place of the call.
    #[cold]
    fn in_call(&self, frame: &Frame<'h>, code: &Code, lambda: &Lambda, error: Error) -> Error {
        let body = Place::part(frame.unit.position(code.span.start), Part::Body);
        let error = if code.body.is_trivial() { error.filled(body) } else { error };
        if !self.settings().call_traces {
            return error;
        }
        let name = frame.unit.function_name(lambda);
        let name = name.map(|name| String::from_utf8_lossy(self.symbol_text(name)).into());
        let error = error.traced_call(self.lambda_position(frame, lambda), Action::Function(name));
        match self.call_place {
            Place::NOWHERE => error,
            place => error.traced_call(place, Action::CallSite),
        }
    }

    fn called_here(&self, error: Error) -> Error {
        if self.call_place == Place::NOWHERE { error } else { error.traced(self.call_place, Action::CallSite) }
    }

    /// Calls the `__functor` of a set with the set and the argument at `base`. Further arguments are for the result.
    fn call_functor(&mut self, attrs: Attrs<'h>, set: Value<'h>, base: usize) -> Result<Value<'h>> {
        let Some(functor) = attrs.get(symbol::FUNCTOR) else { return Err(self.not_callable(set)) };
        let place = attrs.position(symbol::FUNCTOR).into();
        let result = self.at_call(place, |cx| {
            let functor = cx.force(functor).map_err(|error| error.filled(place))?;
            let top = cx.stack.len();
            cx.stack.extend([set, cx.stack[base]]);
            // A separate, counted call: a functor may itself have a functor, without end.
            cx.call_on_stack(functor, top, 2)
        });
        result.map_err(|error| error.traced(self.call_place, Action::Functor))
    }

    #[cold]
    fn not_callable(&self, function: Value<'h>) -> Error {
        let (kind, excerpt) = (self.show_type(function), self.excerpt(function));
        let message = format!("attempt to call something which is not a function but {kind}: {excerpt}");
        Error::type_error(message)
            .at(self.call_place)
            .with_code(error::Code::NOT_A_FUNCTION)
            .with_details(self.found(function))
            .showing([&excerpt])
    }

    /// Binds the argument of `{ a, b ? 1 }: …`.
    fn bind_pattern(&mut self, frame: &Frame<'h>, lambda: &'h Lambda, pattern: &'h Pattern) -> Result<()> {
        let place = frame.base + lambda.parameters.len() - 1;
        let argument = match self.force(self.stack[place]) {
            Ok(argument) => argument,
            Err(error) => {
                let error = error.filled(self.lambda_position(frame, lambda).into());
                return Err(self.called_here(error));
            }
        };
        let Some(attrs) = argument.as_attrs() else { return Err(self.wrong_argument(frame, lambda, argument)) };
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
                None => return Err(self.missing_argument(frame, lambda, pattern, attrs, formal)),
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

    #[cold]
    fn wrong_argument(&self, frame: &Frame<'h>, lambda: &Lambda, argument: Value<'h>) -> Error {
        let error = self.mismatch("a set", argument);
        self.called_here(error.traced(self.lambda_position(frame, lambda), Purpose::<&str>::PatternArgument))
    }

    fn function_name(&self, frame: &Frame<'h>, lambda: &Lambda) -> String {
        match frame.unit.function_name(lambda) {
            Some(name) => format!("function '{}'", String::from_utf8_lossy(self.symbol_text(name))),
            None => "function 'anonymous lambda'".to_owned(),
        }
    }

    fn lambda_position(&self, frame: &Frame<'h>, lambda: &Lambda) -> PosId {
        lambda.parameters.last().map_or(PosId::NONE, |parameter| frame.unit.position(parameter.start))
    }

    #[cold]
    fn missing_argument(
        &self,
        frame: &Frame<'h>,
        lambda: &Lambda,
        pattern: &Pattern,
        attrs: Attrs<'h>,
        formal: &Formal,
    ) -> Error {
        let name = String::from_utf8_lossy(self.text_of_name(frame, formal.name));
        let function = self.function_name(frame, lambda);
        let error = Error::type_error(format!("{function} called without required argument '{name}'"))
            .with_code(error::Code::MISSING_ARGUMENT)
            .with_details(Details { notes: self.notes_on_arguments(frame, pattern, attrs), ..Details::default() });
        self.called_here(error.at(self.lambda_position(frame, lambda)))
    }

    #[cold]
    fn unexpected_argument(&self, frame: &Frame<'h>, lambda: &Lambda, pattern: &Pattern, attrs: Attrs<'h>) -> Error {
        let formals: Vec<Symbol> = pattern.formals.iter().map(|formal| self.symbol(frame, formal.name)).collect();
        let unexpected = attrs.iter().find(|(name, ..)| !formals.contains(name));
        let name = unexpected.map_or(&b""[..], |(name, ..)| self.symbol_text(name));
        let suggestions = self.suggest(name, formals.iter().copied());
        let function = self.function_name(frame, lambda);
        let name = attribute_name(name);
        let error = Error::type_error(format!("{function} called with unexpected argument '{name}'"))
            .with_code(error::Code::UNEXPECTED_ARGUMENT)
            .with_details(Details { notes: self.notes_on_arguments(frame, pattern, attrs), ..Details::default() });
        self.called_here(error.at(self.lambda_position(frame, lambda)).with_suggestions(suggestions))
    }

    /// The arguments of a function, with all missing and all unknown ones.
    #[cold]
    fn notes_on_arguments(&self, frame: &Frame<'h>, pattern: &Pattern, attrs: Attrs<'h>) -> Vec<String> {
        let text = |symbol| String::from_utf8_lossy(self.symbol_text(symbol)).into_owned();
        let formal = |formal: &Formal| (self.symbol(frame, formal.name), formal.default.is_some());
        let formals: Vec<_> = pattern.formals.iter().map(formal).collect();
        let names = formals.iter().map(|(name, optional)| text(*name) + if *optional { "?" } else { "" });
        let names = names.chain(pattern.ellipsis.then(|| "...".to_owned()));
        let lacking = formals.iter().filter(|(name, optional)| !optional && !attrs.contains(*name));
        let lacking: Vec<_> = lacking.map(|(name, _)| text(*name)).collect();
        let known = |name: Symbol| pattern.ellipsis || formals.iter().any(|(formal, _)| *formal == name);
        let unknown: Vec<_> = attrs.iter().filter(|attr| !known(attr.0)).map(|attr| text(attr.0)).collect();
        let mut notes = vec![format!("the function takes {{ {} }}", bounded(names))];
        if lacking.len() > 1 {
            notes.push(format!("missing: {}", bounded(lacking.into_iter())));
        }
        if unknown.len() > 1 {
            notes.push(format!("unknown arguments: {}", bounded(unknown.into_iter())));
        }
        notes
    }

    /// The row of a builtin.
    #[inline]
    pub fn builtin(&self, id: BuiltinId) -> &'static Builtin {
        self.shared.builtins[id.0 as usize]
    }

    /// A builtin without a name in the language, for the evaluator's own values.
    pub(crate) fn internal_builtin(&self, name: &str) -> Value<'h> {
        let index = self.shared.builtins.iter().position(|builtin| builtin.name == name);
        index.map_or(Value::NULL, |index| Value::builtin(BuiltinId(index as u16)))
    }

    fn call_builtin_on_stack(&mut self, id: BuiltinId, base: usize) -> Result<Value<'h>> {
        let builtin = self.builtin(id);
        let mut arguments = [Value::NULL; MAX_ARITY];
        arguments[..builtin.arity()].copy_from_slice(&self.stack[base..base + builtin.arity()]);
        self.call_builtin(builtin, arguments)
    }

    #[inline]
    fn call_builtin(&mut self, builtin: &'static Builtin, arguments: Arguments<'h>) -> Result<Value<'h>> {
        let place = self.call_place;
        builtin.run(self, arguments).map_err(|error| builtin_trace(builtin, place, error))
    }

    /// A call of a builtin that was known when the file was lowered, with all of its arguments.
    #[inline(never)]
    pub(super) fn run_builtin(&mut self, at: At<'_, 'h>, constant: u32, arguments: Words) -> Result<Value<'h>> {
        let function = at.frame.constants.get(constant as usize).map(Value::unpack);
        let Some(Unpacked::Builtin(builtin)) = function else {
            return self.run_call(at, Operand::new(crate::ir::OperandKind::Constant(constant)), arguments);
        };
        let builtin = self.builtin(builtin);
        let place = at.position().into();
        if let Err(refused) = self.enter_call() {
            return self.run_builtin_traced(refused, at.frame, builtin, place, arguments);
        }
        let result = self.at_call(place, |cx| cx.run_builtin_inside(at.frame, builtin, arguments));
        self.leave_call();
        result
    }

    /// The same with traced calls.
    #[cold]
    fn run_builtin_traced(
        &mut self,
        refused: Error,
        frame: &Frame<'h>,
        builtin: &'static Builtin,
        place: Place,
        arguments: Words,
    ) -> Result<Value<'h>> {
        self.enter_traced(refused).map_err(|error| error.at(place))?;
        self.trace_call("entered", place);
        let result = self.at_call(place, |cx| cx.run_builtin_inside(frame, builtin, arguments));
        self.leave_call();
        self.trace_call("exited", place);
        result
    }

    #[inline]
    fn run_builtin_inside(
        &mut self,
        frame: &Frame<'h>,
        builtin: &'static Builtin,
        arguments: Words,
    ) -> Result<Value<'h>> {
        let place = self.call_place;
        let mut values = [Value::NULL; MAX_ARITY];
        for (index, operand) in frame.unit.ir.operands(arguments).enumerate().take(MAX_ARITY) {
            values[index] = if index == 0 && builtin.forces_first {
                match self.eval(frame, operand) {
                    Ok(value) => value,
                    // The builtin meets the error when it forces the argument, and adds its phrase.
                    Err(error) => self.failed(error.closed()).map_err(|error| builtin_trace(builtin, place, error))?,
                }
            } else {
                self.delay(frame, operand)
            };
        }
        self.call_builtin(builtin, values)
    }

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
        let symbol = |name: crate::ir::Name| unit.symbols[name.0 as usize];
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

/// Some of the names, with commas between them.
fn bounded(names: impl Iterator<Item = String>) -> String {
    const MOST: usize = 12;
    let mut names: Vec<_> = names.collect();
    let more = names.len().saturating_sub(MOST);
    names.truncate(MOST);
    if more > 0 {
        names.push(format!("and {more} more"));
    }
    names.join(", ")
}

#[cold]
fn builtin_trace(builtin: &Builtin, place: Place, error: Error) -> Error {
    if builtin.is_untraced {
        return error;
    }
    error.traced(place, Action::Builtin(builtin.name))
}

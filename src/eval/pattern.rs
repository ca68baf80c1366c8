//! The pattern of a function, `{ a, b ? 1 }:`, and the errors of arguments that do not fit it.

use super::{Eval, Frame};
use crate::codec::nix_string::attribute_name;
use crate::error::{Cause, Code, Details, Error, Purpose, Result};
use crate::heap::{Attrs, PosId, Symbol, Value};
use crate::ir::{Formal, Lambda, Operand, Pattern};

impl<'h> Eval<'h> {
    /// Binds the argument of `{ a, b ? 1 }: …`.
    pub(super) fn bind_pattern(&mut self, frame: &Frame<'h>, lambda: &'h Lambda, pattern: &'h Pattern) -> Result<()> {
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
            .with_code(Code::MISSING_ARGUMENT)
            .with_details(self.about_argument(frame, lambda, pattern, attrs, &name));
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
            .with_code(Code::UNEXPECTED_ARGUMENT)
            .with_details(self.about_argument(frame, lambda, pattern, attrs, &name));
        self.called_here(error.at(self.lambda_position(frame, lambda)).with_suggestions(suggestions))
    }

    #[cold]
    fn about_argument(
        &self,
        frame: &Frame<'h>,
        lambda: &Lambda,
        pattern: &Pattern,
        attrs: Attrs<'h>,
        name: &str,
    ) -> Details {
        let notes = self.notes_on_arguments(frame, pattern, attrs);
        let function = frame.unit.function_name(lambda).map(|symbol| self.symbol_text(symbol)).unwrap_or_default();
        let cause =
            Cause::Argument { name: name.into(), function: String::from_utf8_lossy(function).into_owned().into() };
        Details { notes, cause, ..Details::default() }
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

    fn function_name(&self, frame: &Frame<'h>, lambda: &Lambda) -> String {
        match frame.unit.function_name(lambda) {
            Some(name) => format!("function '{}'", String::from_utf8_lossy(self.symbol_text(name))),
            None => "function 'anonymous lambda'".to_owned(),
        }
    }

    pub(super) fn lambda_position(&self, frame: &Frame<'h>, lambda: &Lambda) -> PosId {
        lambda.parameters.last().map_or(PosId::NONE, |parameter| frame.unit.position(parameter.start))
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

//! Evaluating what was typed, and printing it.

use super::log;
use super::scope::Origin;
use super::{Reply, Session};
use crate::output::style::ErrorFormat;
use crate::tasks::silent::warn_of_silent_mistakes;
use nivis::eval::Reductions;
use nivis::print::{self, ErrorDisplay};
use nivis::{Error, Eval, Result};
use std::rc::Rc;

/// Longer lists are cut unless all of a value is asked for.
const MOST_ELEMENTS: usize = 100;
/// The width of lists where there is no terminal.
const FILLED: usize = 80;

impl Session<'_> {
    /// Evaluates an expression and prints it as deep as the user likes.
    pub(crate) fn print(&mut self, text: &str) -> Result<Reply> {
        self.print_watched(text, |_, _| ()).0
    }

    /// The same; `tell` looks at what was evaluated for it. It gets the number of thunks that were seen before printing.
    pub(crate) fn print_watched<R: Default>(
        &mut self,
        text: &str,
        tell: impl for<'h> FnOnce(&mut Eval<'h>, usize) -> R,
    ) -> (Result<Reply>, R) {
        self.print_observed(text, |_| (), tell)
    }

    /// The same; `begin` is called before the evaluation.
    pub(crate) fn print_observed<R: Default>(
        &mut self,
        text: &str,
        begin: impl for<'h> FnOnce(&mut Eval<'h>),
        tell: impl for<'h> FnOnce(&mut Eval<'h>, usize) -> R,
    ) -> (Result<Reply>, R) {
        let options = self.print_options(self.preferences.depth, MOST_ELEMENTS);
        let errors = options.shown_errors.clone().unwrap_or_default();
        self.warn_of_silent_mistakes(text);
        let printed = self.inside(|cx, scope| {
            begin(cx);
            let value = cx.eval_text(text.into(), scope);
            let evaluated = cx.seen().len();
            let printed = value.map(|value| (cx.keep(value), print::print(cx, value, &options)));
            Ok((printed, evaluated, tell(cx, evaluated)))
        });
        let (printed, evaluated, told) = match printed {
            Ok(printed) => printed,
            Err(error) => return (Err(error), R::default()),
        };
        self.history.printed_from(evaluated);
        self.note_failures(errors.take());
        let reply = printed.and_then(|(root, text)| {
            self.results.add(self.number, root);
            Ok(Reply::Value(text?))
        });
        (reply, told)
    }

    /// The steps of an evaluation. The session's own names that it uses are a part of the program.
    pub(crate) fn reductions(&mut self, text: &str, limit: usize) -> Result<Reductions> {
        let program = log::with_bindings(&self.events, text).unwrap_or_else(|| text.to_owned());
        self.inside(|cx, scope| cx.reductions(program.into_bytes(), scope, limit))
    }

    /// Evaluates an expression and prints all of it, a string without quotes.
    pub(crate) fn print_all(&mut self, text: &str) -> Result<Reply> {
        let options = self.print_options(usize::MAX, usize::MAX);
        let errors = options.shown_errors.clone().unwrap_or_default();
        let (root, evaluated, text) = self.inside(|cx, scope| {
            let value = cx.eval_text(text.into(), scope)?;
            let evaluated = cx.seen().len();
            let text = match value.as_str() {
                Some(string) => Ok(string.as_bytes().to_vec()),
                None => print::print(cx, value, &options),
            };
            Ok((cx.keep(value), evaluated, text))
        })?;
        self.history.printed_from(evaluated);
        self.note_failures(errors.take());
        self.results.add(self.number, root);
        Ok(Reply::Value(text?))
    }

    /// Warns of what is valid, but most likely not meant.
    pub(super) fn warn_of_silent_mistakes(&mut self, text: &str) {
        let scope = &self.scope;
        let is_own = |name: &str| scope.get(name).is_some_and(|bound| bound.origin == Origin::Own);
        self.engine.enter(|cx| warn_of_silent_mistakes(cx, text.as_bytes(), &is_own));
    }

    /// Notes the errors in a value for `:error`.
    fn note_failures(&mut self, errors: Vec<Error>) {
        if !errors.is_empty() {
            self.failures = errors;
        }
    }

    fn print_options(&self, max_depth: usize, longest_list: usize) -> print::Options {
        let is_nix = self.configuration.errors.format == ErrorFormat::Nix;
        print::Options {
            palette: self.look().palette,
            force: true,
            derivation_paths: true,
            max_depth,
            indent: 2,
            errors: ErrorDisplay::ThrowAtTop,
            shown_errors: Some(Rc::default()),
            fill: if is_nix { 0 } else { self.look().width.unwrap_or(FILLED) },
            longest_list: if is_nix { usize::MAX } else { longest_list },
            ..print::Options::default()
        }
    }
}

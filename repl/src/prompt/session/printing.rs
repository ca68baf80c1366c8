//! Evaluating what was typed, and printing it.

use super::{Reply, Session};
use nivis::print::{self, ErrorDisplay};
use nivis::{Eval, Result};

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
        let options = self.print_options(self.preferences.depth);
        let printed = self.inside(|cx, scope| {
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
        let reply = printed.and_then(|(root, text)| {
            self.results.add(root);
            Ok(Reply::Value(text?))
        });
        (reply, told)
    }

    /// Evaluates an expression and prints all of it, a string without quotes.
    pub(crate) fn print_all(&mut self, text: &str) -> Result<Reply> {
        let options = self.print_options(usize::MAX);
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
        self.results.add(root);
        Ok(Reply::Value(text?))
    }

    fn print_options(&self, max_depth: usize) -> print::Options {
        print::Options {
            colours: self.colours,
            force: true,
            derivation_paths: true,
            max_depth,
            indent: 2,
            errors: ErrorDisplay::ThrowAtTop,
            ..print::Options::default()
        }
    }
}

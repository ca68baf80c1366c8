//! Names for completions: evaluated within a short time, and without a trace.

use super::Session;
use nivis::builtins;
use nivis::heap::Unpacked;
use nivis::value::attrs::by_name;
use nivis::{Eval, Result, Value};
use std::collections::BTreeMap;
use std::sync::mpsc;
use std::time::Duration;

/// The time that a value may take that is wanted for a completion.
const PATIENCE: Duration = Duration::from_millis(1000);

/// Names, with what they do if they are builtins.
pub(crate) type Names = BTreeMap<String, Option<&'static str>>;

impl Session<'_> {
    /// All variables.
    pub(crate) fn variable_names(&self) -> Names {
        let globals = builtins::all().filter(|builtin| builtin.is_global);
        let mut names: Names = globals.map(|builtin| (builtin.name.to_owned(), Some(builtin.doc))).collect();
        names.extend(["builtins", "true", "false", "null"].map(|name| (name.to_owned(), None)));
        names.extend(self.results.iter().map(|(name, _)| (name.to_owned(), None)));
        names.extend(self.scope.iter().map(|(name, _)| (name.to_owned(), None)));
        names
    }

    /// The names of the search path.
    pub(crate) fn search_path_names(&mut self) -> Vec<String> {
        self.engine.enter(|cx| {
            let entries = cx.settings().search_path.iter();
            let names = entries.map(|entry| String::from_utf8_lossy(&entry.prefix).into_owned());
            let mut names: Vec<String> = names.filter(|name| !name.is_empty()).chain(["nix".to_owned()]).collect();
            names.sort();
            names.dedup();
            names
        })
    }

    /// The attributes of an expression's value, if it is a set and is there at once.
    pub(crate) fn attribute_names(&mut self, expression: &str) -> Names {
        self.at_once(expression, |cx, scope| cx.eval_text(expression.into(), scope).map(|value| names_in(cx, value)))
    }

    /// The result of `body` for a text that mentions earlier results, if it is there at once.
    ///
    /// An evaluation that takes too long, or would print something, is interrupted: the engine forgets that it was
    /// begun, and a trace is shown when the value is really needed.
    pub(crate) fn at_once<R: Default>(
        &mut self,
        text: &str,
        body: impl for<'h> FnOnce(&mut Eval<'h>, &[(&str, Value<'h>)]) -> Result<R>,
    ) -> R {
        self.engine.stop_flags().clear();
        self.results.mention(text, &self.scope);
        self.input = "a completion".to_owned();
        let (done, waiting) = mpsc::channel::<()>();
        let stop = self.stop();
        let is_late = move || waiting.recv_timeout(PATIENCE) == Err(mpsc::RecvTimeoutError::Timeout);
        let timer = std::thread::spawn(move || is_late().then(|| stop.now()));
        self.host.muted.begin(self.stop());
        let stopped = self.stop_nowhere();
        let found = self.inside(body);
        self.host.muted.end();
        stopped.into_iter().for_each(|hook| hook.is_on.set(true));
        drop(done);
        // It ends at once, since its channel is closed.
        let _ = timer.join();
        self.engine.stop_flags().clear();
        found.unwrap_or_default()
    }
}

/// The attributes of a set, with what they do if they are builtins; another value has none.
fn names_in<'h>(cx: &Eval<'h>, value: Value<'h>) -> Names {
    let Unpacked::Attrs(set) = value.unpack() else { return Names::new() };
    let named = by_name(cx.scope(), set).into_iter().map(|(symbol, value, _)| {
        let doc = match value.unpack() {
            Unpacked::Builtin(id) => Some(cx.builtin(id).doc),
            _ => None,
        };
        (String::from_utf8_lossy(cx.symbol_text(symbol)).into_owned(), doc)
    });
    named.collect()
}

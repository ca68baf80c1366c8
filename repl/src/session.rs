//! The brain of the REPL, without a terminal: text in, [`Reply`] out.
//!
//! What a name is bound to is kept as a root. A line sees the names bound before it; a function keeps those it has seen,
//! whatever is bound later.

mod loading;
#[cfg(test)]
mod tests;

use crate::args::Arguments;
use crate::automatic::auto_arguments;
use crate::reading::{Reading, mistake, read};
use crate::settings::Configuration;
use crate::style::ErrorStyle;
use nivis::eval::AutoArguments;
use nivis::heap::StopFlags;
use nivis::io::Io;
use nivis::print::{self, ErrorDisplay};
use nivis::source::Origin;
use nivis::syntax::SyntaxError;
use nivis::{Engine, Error, ErrorKind, Eval, Result, Root, Value};
use std::collections::BTreeMap;
use std::mem::ManuallyDrop;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

/// What comes of an input.
#[derive(Debug)]
pub(crate) enum Reply {
    /// There was nothing to do.
    Nothing,
    /// The input is the beginning of something longer.
    Incomplete,
    /// A value's text.
    Value(Vec<u8>),
    /// These names have new values.
    Bound(Vec<String>),
    /// What a command has to say.
    Output(String),
    /// It failed.
    Error(Error),
    /// Several things, one after the other.
    Several(Vec<Reply>),
    /// The user wants to leave.
    Quit,
}

/// Makes the outside world anew for each engine.
pub(crate) type MakeIo = Rc<dyn Fn() -> Box<dyn Io>>;

/// Stops what the session evaluates, from another thread.
#[derive(Clone, Debug)]
pub(crate) struct Stop(Arc<Mutex<StopFlags>>);

impl Stop {
    /// Ends the evaluation under way.
    pub(crate) fn now(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).interrupt();
    }
}

/// A conversation.
pub(crate) struct Session<'a> {
    /// Never taken apart: the program ends with its last session.
    engine: ManuallyDrop<Engine>,
    configuration: Configuration,
    arguments: &'a Arguments,
    make_io: MakeIo,
    colours: bool,
    automatic: AutoArguments,
    scope: BTreeMap<String, Root>,
    files: Vec<String>,
    last_loaded: Option<Vec<String>>,
    stop: Stop,
}

impl<'a> Session<'a> {
    /// A session in which nothing is bound yet. `colours` are for values.
    ///
    /// # Errors
    /// Arguments for automatic calls that are no expressions.
    pub(crate) fn new(
        arguments: &'a Arguments,
        configuration: Configuration,
        make_io: MakeIo,
        colours: bool,
    ) -> std::result::Result<Self, String> {
        let mut engine = ManuallyDrop::new(Engine::with_io(configuration.settings.clone(), make_io()));
        let automatic = auto_arguments(&mut engine, &arguments.automatic)
            .map_err(|error| configuration.errors.render(&error, engine.sources()))?;
        let stop = Stop(Arc::new(Mutex::new(engine.stop_flags())));
        Ok(Self {
            engine,
            configuration,
            arguments,
            make_io,
            colours,
            automatic,
            scope: BTreeMap::new(),
            files: Vec::new(),
            last_loaded: None,
            stop,
        })
    }

    /// The handle that stops an evaluation.
    pub(crate) fn stop(&self) -> Stop {
        self.stop.clone()
    }

    /// How errors are shown; a command may change it.
    pub(crate) fn errors(&mut self) -> &mut ErrorStyle {
        &mut self.configuration.errors
    }

    /// The text of an error.
    pub(crate) fn show(&self, error: &Error) -> String {
        self.configuration.errors.render(error, self.engine.sources())
    }

    /// Does what an input says.
    pub(crate) fn feed(&mut self, input: &str) -> Reply {
        // A Ctrl-C that came when nothing ran was not meant for this.
        self.engine.stop_flags().clear();
        match read(input) {
            Reading::Empty => Reply::Nothing,
            Reading::Incomplete => Reply::Incomplete,
            reading => self.perform(reading, input.trim()).unwrap_or_else(Reply::Error),
        }
    }

    fn perform(&mut self, reading: Reading<'_>, input: &str) -> Result<Reply> {
        match reading {
            Reading::Command(command, argument) => (command.run)(self, argument),
            Reading::Bindings(text) => self.bind(&text),
            Reading::Expression(text) => self.print(text),
            Reading::Wrong(error) => Err(self.syntax_error(input, &error)),
            Reading::UnknownCommand(name) => Err(ErrorKind::Usage(format!("unknown command '{name}'")).into()),
            Reading::Empty | Reading::Incomplete => Ok(Reply::Nothing),
        }
    }

    /// The end of the input while it is incomplete: says what is missing.
    pub(crate) fn end(&mut self, input: &str) -> Reply {
        let text = input.trim();
        if text.is_empty() {
            return Reply::Nothing;
        }
        let argument = text.split_once(char::is_whitespace).map_or("", |(_, argument)| argument);
        let text = if text.starts_with(':') { argument } else { text };
        mistake(text).map_or(Reply::Nothing, |error| Reply::Error(self.syntax_error(text, &error)))
    }

    fn syntax_error(&self, text: &str, error: &SyntaxError) -> Error {
        let source = self.engine.sources().add(Origin::String, text.as_bytes().into());
        Error::from(ErrorKind::Syntax(error.message.clone())).at(source.position(error.span.start))
    }

    /// Runs `body` in the engine with the names that are bound.
    pub(crate) fn inside<R>(
        &mut self,
        body: impl for<'h> FnOnce(&mut Eval<'h>, &[(&str, Value<'h>)]) -> Result<R>,
    ) -> Result<R> {
        let scope = &self.scope;
        self.engine.enter(|cx| {
            let mut names = Vec::with_capacity(scope.len());
            for (name, root) in scope {
                names.push((name.as_str(), cx.get(root)?));
            }
            body(cx, &names)
        })
    }

    /// Evaluates an expression and prints it one level deep.
    pub(crate) fn print(&mut self, text: &str) -> Result<Reply> {
        let options = self.print_options(1);
        self.inside(|cx, scope| {
            let value = cx.eval_text(text.into(), scope)?;
            Ok(Reply::Value(print::print(cx, value, &options)?))
        })
    }

    /// Evaluates an expression and prints all of it, a string as it is.
    pub(crate) fn print_all(&mut self, text: &str) -> Result<Reply> {
        let options = self.print_options(usize::MAX);
        self.inside(|cx, scope| {
            let value = cx.eval_text(text.into(), scope)?;
            Ok(Reply::Value(match value.as_str() {
                Some(string) => string.as_bytes().to_vec(),
                None => print::print(cx, value, &options)?,
            }))
        })
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

    /// Binds names. A value sees the names as they were before the line, the old value of its own name too.
    fn bind(&mut self, bindings: &str) -> Result<Reply> {
        let bound = self.inside(|cx, scope| {
            let set = cx.delay_bindings(bindings.as_bytes().to_vec(), scope)?;
            members(cx, set)
        })?;
        let names = bound.iter().map(|(name, _)| name.clone()).collect();
        self.scope.extend(bound);
        Ok(Reply::Bound(names))
    }

    /// The names that were added last.
    pub(crate) fn last_loaded(&self) -> Option<&[String]> {
        self.last_loaded.as_deref()
    }
}

/// The attributes of a set, kept.
fn members<'h>(cx: &mut Eval<'h>, set: Value<'h>) -> Result<Vec<(String, Root)>> {
    let set = cx.force_attrs(set, "while evaluating an attribute set to be merged in the global scope")?;
    let kept = set.iter().map(|(name, value, _)| {
        let name = String::from_utf8_lossy(cx.symbol_text(name)).into_owned();
        (name, cx.keep(value))
    });
    Ok(kept.collect())
}

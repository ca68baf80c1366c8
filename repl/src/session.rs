//! The brain of the REPL, without a terminal: text in, [`Reply`] out.
//!
//! What a name is bound to is kept as a root. A line sees the names bound before it; a function keeps those it has seen,
//! whatever is bound later.

mod completing;
mod loading;
mod log;
mod preferences;
mod results;
mod scope;
#[cfg(test)]
mod tests;

use crate::args::Arguments;
use crate::automatic::auto_arguments;
use crate::outside::Hush;
use crate::reading::{self, Reading, mistake, read};
use crate::settings::Configuration;
use crate::style::{ErrorFormat, ErrorStyle};
pub(crate) use loading::{OwnBindings, quoted};
use log::Event;
use nivis::eval::AutoArguments;
use nivis::heap::{PosId, StopFlags};
use nivis::io::Io;
use nivis::print::{self, ErrorDisplay};
use nivis::source;
use nivis::syntax::SyntaxError;
use nivis::{Engine, Error, ErrorKind, Eval, Result, Root, Value};
pub(crate) use preferences::{Preferences, configuration_file};
use scope::{Bound, Origin, Scope};
use std::collections::{BTreeSet, VecDeque};
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
    /// These names have new values; those of them that the user had bound before.
    Bound(Vec<String>, Vec<String>),
    /// What a command has to say.
    Output(String),
    /// Something to be shown in an editor; the session goes on where it was when the editor ends.
    Edit(Document),
    /// It failed.
    Error(Error),
    /// Several things, one after the other.
    Several(Vec<Reply>),
    /// The user wants to leave.
    Quit,
}

/// The names in scope.
#[derive(Debug, Default)]
pub(crate) struct Variables {
    /// The user's own, with their values as far as they are evaluated.
    pub(crate) own: Vec<(String, String)>,
    /// Those of files and sets.
    pub(crate) loaded: Vec<String>,
}

/// Something that can be edited.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Document {
    /// The file, or the text of what is none.
    pub(crate) place: std::result::Result<Vec<u8>, Vec<u8>>,
    /// The line to begin at; 0 for none.
    pub(crate) line: usize,
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
    hush: Hush,
    colours: bool,
    automatic: AutoArguments,
    scope: Scope,
    /// Results of expressions, the last one last.
    results: VecDeque<Root>,
    /// The names of results that the input mentions: others are not in scope, and so never suggested.
    mentioned: Vec<&'static str>,
    events: Vec<Event>,
    last_loaded: Option<Vec<String>>,
    preferences: Preferences,
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
        hush: Hush,
        colours: bool,
    ) -> std::result::Result<Self, String> {
        let mut engine = ManuallyDrop::new(Engine::with_io(configuration.settings.clone(), make_io()));
        let automatic = auto_arguments(&mut engine, arguments)
            .map_err(|error| configuration.errors.render(&error, engine.sources()))?;
        let prompt = if configuration.errors.format == ErrorFormat::Nix { "nix-repl> " } else { "nivis> " };
        let stop = Stop(Arc::new(Mutex::new(engine.stop_flags())));
        Ok(Self {
            engine,
            configuration,
            arguments,
            make_io,
            hush,
            colours,
            automatic,
            scope: Scope::default(),
            results: VecDeque::new(),
            mentioned: Vec::new(),
            events: Vec::new(),
            last_loaded: None,
            preferences: Preferences::new(prompt),
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
        self.mention(input);
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
        let source = self.engine.sources().add(source::Origin::String, text.as_bytes().into());
        Error::from(ErrorKind::Syntax(error.message.clone())).at(source.position(error.span.start))
    }

    /// Runs `body` in the engine with the names that are bound, and those of earlier results.
    pub(crate) fn inside<R>(
        &mut self,
        body: impl for<'h> FnOnce(&mut Eval<'h>, &[(&str, Value<'h>)]) -> Result<R>,
    ) -> Result<R> {
        let (scope, results, mentioned) = (&self.scope, &self.results, &self.mentioned);
        self.engine.enter(|cx| {
            let mut names = Vec::new();
            for (name, root) in results::names(results).filter(|(name, _)| mentioned.contains(name)) {
                names.push((name, cx.get(root)?));
            }
            for (name, bound) in scope.iter() {
                names.push((name, cx.get(&bound.root)?));
            }
            body(cx, &names)
        })
    }

    /// Evaluates an expression and prints it as deep as the user likes.
    pub(crate) fn print(&mut self, text: &str) -> Result<Reply> {
        let options = self.print_options(self.preferences.depth);
        let (root, text) = self.inside(|cx, scope| {
            let value = cx.eval_text(text.into(), scope)?;
            let root = cx.keep(value);
            Ok((root, print::print(cx, value, &options)))
        })?;
        self.remember(root);
        Ok(Reply::Value(text?))
    }

    /// Evaluates an expression and prints all of it, a string as it is.
    pub(crate) fn print_all(&mut self, text: &str) -> Result<Reply> {
        let options = self.print_options(usize::MAX);
        let (root, text) = self.inside(|cx, scope| {
            let value = cx.eval_text(text.into(), scope)?;
            let text = match value.as_str() {
                Some(string) => Ok(string.as_bytes().to_vec()),
                None => print::print(cx, value, &options),
            };
            Ok((cx.keep(value), text))
        })?;
        self.remember(root);
        Ok(Reply::Value(text?))
    }

    /// What the user can choose, and has.
    pub(crate) fn choices(&mut self) -> Vec<(&'static str, String, &'static str)> {
        let errors = self.configuration.errors;
        self.preferences.trace = Some(errors.show_trace);
        self.preferences.format = Some(errors.format);
        self.preferences.list()
    }

    /// What the user has chosen.
    pub(crate) fn preferences(&self) -> &Preferences {
        &self.preferences
    }

    /// Takes these choices.
    pub(crate) fn prefer(&mut self, preferences: Preferences) {
        let errors = &mut self.configuration.errors;
        errors.show_trace = preferences.trace.unwrap_or(errors.show_trace);
        errors.format = preferences.format.unwrap_or(errors.format);
        self.preferences = preferences;
    }

    /// Changes one choice.
    ///
    /// # Errors
    /// There is no such choice, or it can't be that.
    pub(crate) fn choose(&mut self, name: &str, value: &str) -> Result<()> {
        let mut preferences = self.preferences.clone();
        preferences.set(name, value)?;
        self.prefer(preferences);
        Ok(())
    }

    /// True if values are shown with colours.
    pub(crate) fn colours(&self) -> bool {
        self.colours
    }

    /// How much memory values take, in bytes.
    pub(crate) fn heap_bytes(&self) -> usize {
        self.engine.heap_bytes()
    }

    /// Where a name of the session was defined, if that is known.
    pub(crate) fn position_of(&self, name: &str) -> Option<PosId> {
        self.scope.get(name).map(|bound| bound.position).filter(|position| *position != PosId(0))
    }

    /// The user's own names with their values as far as they are evaluated, and the names that were loaded.
    ///
    /// # Errors
    /// None in practice: a name has a value.
    pub(crate) fn variables(&mut self) -> Result<Variables> {
        let scope = &self.scope;
        self.engine.enter(|cx| {
            let mut variables = Variables::default();
            for (name, bound) in scope.iter() {
                match bound.origin {
                    Origin::Own => variables.own.push((quoted(name), print::excerpt(cx, cx.get(&bound.root)?))),
                    Origin::Loaded => variables.loaded.push(name.to_owned()),
                }
            }
            Ok(variables)
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
            members(cx, set, Origin::Own)
        })?;
        let names = bound.iter().map(|(name, _)| name.clone()).collect();
        let event = self.event(format!("{{ {} }}", reading::closed(bindings)));
        let replaced = self.scope.bind(bound, self.events.len());
        self.events.push(event);
        Ok(Reply::Bound(names, replaced))
    }

    /// The event of this set being added, before it is.
    fn event(&self, text: String) -> Event {
        let used: BTreeSet<_> = log::words(&text).filter(|word| self.scope.get(word).is_some()).collect();
        let uses = used.into_iter().map(str::to_owned).collect();
        Event::Set { text, uses }
    }

    /// The names that were added last.
    pub(crate) fn last_loaded(&self) -> Option<&[String]> {
        self.last_loaded.as_deref()
    }
}

/// The attributes of a set, kept.
fn members<'h>(cx: &mut Eval<'h>, set: Value<'h>, origin: Origin) -> Result<Vec<(String, Bound)>> {
    let value = cx.force(set)?;
    let phrase = "while evaluating an attribute set to be merged in the global scope";
    let set = cx.force_attrs(value, phrase).map_err(|error| {
        let mut details = error.details().cloned().unwrap_or_default();
        details.notes.push("what is added to scope are attributes; `x = …` gives any value a name".to_owned());
        error.detailed(details)
    })?;
    let kept = set.iter().map(|(name, value, position)| {
        let name = String::from_utf8_lossy(cx.symbol_text(name)).into_owned();
        (name, Bound { root: cx.keep(value), origin, position })
    });
    Ok(kept.collect())
}

//! The brain of the REPL, without a terminal: text in, [`Reply`] out.
//!
//! What a name is bound to is kept as a root. A line sees the names bound before it; a function keeps those it has seen,
//! whatever is bound later.

mod advice;
mod binding;
mod completing;
mod debugging;
mod flakes;
mod history;
mod learning;
mod loading;
mod log;
mod preferences;
mod printing;
mod results;
mod scope;
mod spoken;
mod standstill;
#[cfg(test)]
mod tests;
mod world;

use crate::command_line::args::Arguments;
use crate::config::settings::Configuration;
use crate::output::console::Hush;
use crate::output::style::{ErrorFormat, ErrorStyle};
use crate::output::svg::Picture;
use crate::prompt::lessons::Folder;
use crate::prompt::reading::{Reading, mistake, read};
use crate::tasks::automatic::auto_arguments;
use crate::tasks::cache::Kept;
pub(crate) use binding::Variables;
pub(crate) use debugging::Switchboard;
use history::{History, Input, MOST_SEEN};
use learning::Progress;
pub(crate) use loading::{OwnBindings, quoted};
use log::Event;
pub(crate) use log::HEADING;
use nivis::eval::{AutoArguments, Resume};
use nivis::heap::{PosId, StopFlags};
use nivis::io::{Console, Io};
use nivis::source;
use nivis::syntax::SyntaxError;
use nivis::{Error, ErrorKind, Eval, Result, Root, Value};
pub(crate) use preferences::Preferences;
use scope::Scope;
pub(crate) use spoken::{Exchange, Part, Spoken};
pub(crate) use standstill::{Halt, Standstill};
use std::collections::VecDeque;
use std::mem::ManuallyDrop;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use world::World;

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
    /// A picture was drawn into a file: what to say of it, and itself if it can be shown.
    Drawn(String, Option<Picture>),
    /// Something to be shown in an editor; the session goes on where it was when the editor ends.
    Edit(Document),
    /// It failed.
    Error(Error),
    /// Several things, one after the other.
    Several(Vec<Reply>),
    /// The evaluation that stopped goes on.
    Resume(Resume),
    /// The user wants to leave.
    Quit,
}

/// Something that can be edited.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Document {
    /// The file, or the text of what is none.
    pub(crate) place: std::result::Result<Vec<u8>, Vec<u8>>,
    /// The line to begin at; 0 for none.
    pub(crate) line: usize,
}

/// What a session has to do with the world around it.
#[derive(Clone)]
pub(crate) struct Surroundings {
    /// Makes the outside world of evaluation anew for each engine.
    pub(crate) make_io: Rc<dyn Fn() -> Box<dyn Io>>,
    /// Where messages go.
    pub(crate) console: Rc<dyn Console>,
    /// Writes a file that the user names.
    pub(crate) write: WriteFile,
    /// Makes a folder for the files of the lesson with this name, and goes there; none where there are no files.
    pub(crate) enter_folder: fn(&str) -> Result<Option<Folder>>,
    /// Holds messages back.
    pub(crate) hush: Hush,
    /// What was said so far.
    pub(crate) spoken: Spoken,
}

#[cfg(any(test, fuzzing))]
impl Surroundings {
    /// Surroundings in memory: nothing is written anywhere.
    pub(crate) fn in_memory(make_io: Rc<dyn Fn() -> Box<dyn Io>>) -> Self {
        let (hush, spoken) = (Hush::default(), Spoken::default());
        let console = Rc::new(nivis::io::Silent);
        Self { make_io, console, write: |_, _| Ok(()), enter_folder: |_| Ok(None), hush, spoken }
    }
}

/// Writes a text into a file.
pub(crate) type WriteFile = fn(&str, &[u8]) -> Result<()>;

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
    engine: World<'a>,
    kept: Kept,
    configuration: Configuration,
    arguments: &'a Arguments,
    around: Surroundings,
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
    /// The input that is being answered.
    input: String,
    history: History,
    lesson: Option<Progress>,
    /// Where the evaluation stopped that this session is inside of.
    at: Option<Standstill>,
    /// What stops the evaluations of this session.
    board: Option<Rc<Switchboard>>,
    /// All that is evaluated can be debugged.
    is_debuggable: bool,
}

impl<'a> Session<'a> {
    /// A session in which nothing is bound yet. `colours` are for values.
    ///
    /// # Errors
    /// Arguments for automatic calls that are no expressions.
    pub(crate) fn new(
        arguments: &'a Arguments,
        configuration: Configuration,
        around: Surroundings,
        colours: bool,
    ) -> std::result::Result<Self, String> {
        let kept = Kept::of(&configuration);
        let engine = kept.engine(configuration.settings.clone(), (around.make_io)(), Rc::clone(&around.console));
        let mut engine = ManuallyDrop::new(Box::new(engine));
        let automatic = auto_arguments(&mut engine, &arguments.automatic)
            .map_err(|error| configuration.errors.render(&error, engine.sources()))?;
        let stop = Stop(Arc::new(Mutex::new(engine.stop_flags())));
        let world = World::Own(engine);
        let own = (colours, automatic, stop);
        Ok(Self { kept, ..Self::with_world(world, arguments, configuration, around, own) })
    }

    fn with_world(
        engine: World<'a>,
        arguments: &'a Arguments,
        configuration: Configuration,
        around: Surroundings,
        (colours, automatic, stop): (bool, AutoArguments, Stop),
    ) -> Self {
        let prompt = match (configuration.errors.format, &engine) {
            (ErrorFormat::Nix, _) => "nix-repl> ",
            (_, World::Own(_)) => "nivis> ",
            (_, World::Stopped(_)) => "debug> ",
        };
        Self {
            engine,
            kept: Kept::default(),
            configuration,
            arguments,
            around,
            colours,
            automatic,
            scope: Scope::default(),
            results: VecDeque::new(),
            mentioned: Vec::new(),
            events: Vec::new(),
            last_loaded: None,
            preferences: Preferences::new(prompt),
            stop,
            input: String::new(),
            history: History::default(),
            lesson: None,
            at: None,
            board: None,
            is_debuggable: false,
        }
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
        self.input = input.trim().to_owned();
        match read(input) {
            Reading::Empty => Reply::Nothing,
            Reading::Incomplete => Reply::Incomplete,
            reading => {
                self.around.spoken.begin(input.trim());
                self.share_choices();
                let reply = match self.perform(reading, input.trim()) {
                    Err(error) if self.finds_more(&error) => self.perform(read(input), input.trim()),
                    reply => reply,
                };
                let reply = reply.or_else(|error| self.unless_ended(error));
                let reply = reply.unwrap_or_else(Reply::Error);
                self.kept.save();
                self.follow_lesson(input.trim(), reply)
            }
        }
    }

    fn perform(&mut self, reading: Reading<'_>, input: &str) -> Result<Reply> {
        match reading {
            Reading::Command(command, argument) => {
                (command.run)(self, argument).map_err(|error| advice::misused(command, argument, error))
            }
            Reading::Bindings(text) => self.bind(&text),
            Reading::Expression(text) => self.print(text).map_err(|error| self.advised(input, error)),
            Reading::Wrong(error) => Err(self.syntax_error(input, &error)),
            Reading::UnknownCommand(name) => Err(advice::unknown(name)),
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
        let source = self.engine.sources().add(source::Origin::String, text.as_bytes().to_vec().into());
        Error::from(ErrorKind::Syntax(error.message.clone())).at(source.position(error.span.start))
    }

    /// Runs `body` in the engine with the names that are bound, and those of earlier results.
    pub(crate) fn inside<R>(
        &mut self,
        body: impl for<'h> FnOnce(&mut Eval<'h>, &[(&str, Value<'h>)]) -> Result<R>,
    ) -> Result<R> {
        self.visit(|cx, scope, _| body(cx, scope))
    }

    /// The same; `body` may also ask which inputs made what be evaluated. What this visit evaluates is added to that.
    fn visit<R>(
        &mut self,
        body: impl for<'h> FnOnce(&mut Eval<'h>, &[(&str, Value<'h>)], &History) -> Result<R>,
    ) -> Result<R> {
        let (scope, results, mentioned) = (&self.scope, &self.results, &self.mentioned);
        let (history, input) = (&self.history, &self.input);
        let (result, input) = self.engine.enter(|cx| {
            let mut names = Vec::new();
            for (name, root) in results::names(results).filter(|(name, _)| mentioned.contains(name)) {
                names.push((name, cx.get(root)?));
            }
            for (name, bound) in scope.iter() {
                names.push((name, cx.get(&bound.root)?));
            }
            cx.watch(MOST_SEEN);
            let result = body(cx, &names, history);
            Result::Ok((result, Input::of(input, cx)))
        })?;
        self.history.add(input);
        result
    }

    /// Runs `body` with the names that are bound, and a function that tells what made a thunk be evaluated.
    pub(crate) fn why<R>(
        &mut self,
        body: impl for<'h> FnOnce(
            &mut Eval<'h>,
            &[(&str, Value<'h>)],
            &dyn Fn(&Eval<'h>, u64) -> Option<Vec<String>>,
        ) -> Result<R>,
    ) -> Result<R> {
        self.visit(|cx, scope, history| body(cx, scope, &|cx, number| history.why(cx, number)))
    }

    /// True if values are shown with colours.
    pub(crate) fn colours(&self) -> bool {
        self.colours
    }

    /// What was said so far.
    pub(crate) fn spoken(&self) -> &Spoken {
        &self.around.spoken
    }

    /// Writes a file that the user names.
    ///
    /// # Errors
    /// Those of writing.
    pub(crate) fn write(&self, file: &str, contents: impl AsRef<[u8]>) -> Result<()> {
        (self.around.write)(file, contents.as_ref())
    }

    /// How many values the engine keeps for the session.
    #[cfg(any(test, fuzzing))]
    pub(crate) fn root_count(&self) -> usize {
        self.engine.root_count()
    }

    /// How much memory values take, in bytes.
    pub(crate) fn heap_bytes(&self) -> usize {
        self.engine.heap_bytes()
    }

    /// Where a name of the session was defined, if that is known.
    pub(crate) fn position_of(&self, name: &str) -> Option<PosId> {
        self.scope.get(name).map(|bound| bound.position).filter(|position| *position != PosId(0))
    }

    /// The names that were added last.
    pub(crate) fn last_loaded(&self) -> Option<&[String]> {
        self.last_loaded.as_deref()
    }
}

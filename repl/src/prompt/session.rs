//! The brain of the REPL, without a terminal: text in, [`Reply`] out.
//!
//! Bindings are roots. A line sees the names bound before it; a function keeps those it has seen, even if they are
//! bound again.

mod binding;
mod completing;
mod debugging;
mod exploring;
mod flakes;
mod history;
mod learning;
mod loading;
mod log;
mod paused;
mod preferences;
mod printing;
mod scope;
mod world;

use crate::command_line::args::Arguments;
use crate::config::engine_parts::EngineParts;
use crate::config::settings::Configuration;
use crate::output::muted::Stop;
use crate::output::style::{ErrorFormat, ErrorStyle};
use crate::output::svg::Picture;
use crate::output::transcript::Transcript;
use crate::output::wrap::columns;
use crate::prompt::host::Host;
use crate::prompt::slides::Slide;
use crate::tasks::automatic::auto_arguments;
pub(crate) use binding::{Bound, Variables, closed};
pub(crate) use completing::Names;
pub(crate) use debugging::DebuggerHook;
pub(crate) use exploring::Explored;
use history::{History, Input, MOST_SEEN};
use learning::Progress;
pub(crate) use loading::OwnBindings;
use log::Event;
pub(crate) use log::HEADING;
use nivis::codec::palette::{Look, Palette};
use nivis::eval::{AutoArguments, Reductions, Resume};
use nivis::heap::PosId;
use nivis::source;
use nivis::syntax::SyntaxError;
use nivis::{Error, ErrorKind, Eval, Result, Value};
pub(crate) use paused::{Halt, PausedEvaluation};
pub(crate) use preferences::Preferences;
pub(crate) use scope::is_result;
use scope::{Results, Scope};
use std::mem::ManuallyDrop;
use std::rc::Rc;
use world::World;

/// The outcome of an input.
#[derive(Debug)]
pub(crate) enum Reply {
    /// There was nothing to do.
    Nothing,
    /// The input is the beginning of something longer.
    Incomplete,
    /// A value's text.
    Value(Vec<u8>),
    /// Names have new values.
    Bound(Bound),
    /// The output of a command.
    Output(String),
    /// News about the session, which are not what a command was asked for.
    Notice(String),
    /// A picture was drawn into a file: the message about it, and the picture if it can be shown.
    Drawn(String, Option<Picture>),
    /// The steps of an evaluation.
    Steps(Reductions),
    /// Slides to be shown.
    Slides(Vec<Slide>),
    /// A value to be looked into.
    Explored(Box<Explored>),
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
    /// The file, or the text if it is not in a file.
    pub(crate) place: std::result::Result<Vec<u8>, Vec<u8>>,
    /// The line to go to; 0 without one.
    pub(crate) line: usize,
}

/// A conversation.
pub(crate) struct Session<'a> {
    engine: World<'a>,
    parts: EngineParts,
    configuration: Configuration,
    arguments: &'a Arguments,
    host: Host,
    colours: bool,
    automatic: AutoArguments,
    scope: Scope,
    /// Results of expressions.
    results: Results,
    events: Vec<Event>,
    last_loaded: Option<Vec<String>>,
    /// The file that `:l` did not find.
    missing: Option<String>,
    /// Files that this session has written.
    saved: Vec<String>,
    /// The errors that the last input showed.
    failures: Vec<Error>,
    preferences: Preferences,
    stop: Stop,
    /// The input that is being answered.
    input: String,
    /// Its number, from 1 on.
    number: usize,
    history: History,
    lesson: Option<Progress>,
    /// The place where the evaluation stopped that this session is inside of.
    at: Option<PausedEvaluation>,
    /// The debugger of this session's evaluations.
    hook: Option<Rc<DebuggerHook>>,
    /// All evaluations can be debugged.
    is_debuggable: bool,
}

impl<'a> Session<'a> {
    /// A session in which nothing is bound yet. `colours` are for values.
    ///
    /// # Errors
    /// Fails if an argument for automatic calls is not an expression.
    pub(crate) fn new(
        arguments: &'a Arguments,
        configuration: Configuration,
        host: Host,
        colours: bool,
    ) -> std::result::Result<Self, String> {
        let parts = EngineParts::of(&configuration);
        let engine = parts.engine(configuration.settings.clone(), (host.make_io)(), Rc::clone(&host.console));
        let mut engine = ManuallyDrop::new(Box::new(engine));
        let automatic = auto_arguments(&mut engine, &arguments.common.automatic)
            .map_err(|error| configuration.errors.render(&error, engine.sources()))?;
        let stop = Stop::of(engine.stop_flags());
        let world = World::Own(engine);
        let own = (colours, automatic, stop);
        Ok(Self { parts, ..Self::with_world(world, arguments, configuration, host, own) })
    }

    fn with_world(
        engine: World<'a>,
        arguments: &'a Arguments,
        configuration: Configuration,
        host: Host,
        (colours, automatic, stop): (bool, AutoArguments, Stop),
    ) -> Self {
        let prompt = match (configuration.errors.format, &engine) {
            (ErrorFormat::Nix, _) => "nix-repl> ",
            (_, World::Own(_)) => "nivis> ",
            (_, World::Stopped(_)) => "debug> ",
        };
        Self {
            engine,
            parts: EngineParts::default(),
            configuration,
            arguments,
            host,
            colours,
            automatic,
            scope: Scope::default(),
            results: Results::default(),
            events: Vec::new(),
            last_loaded: None,
            missing: None,
            saved: Vec::new(),
            failures: Vec::new(),
            preferences: Preferences::new(prompt),
            stop,
            input: String::new(),
            number: 0,
            history: History::default(),
            lesson: None,
            at: None,
            hook: None,
            is_debuggable: false,
        }
    }

    /// The handle that stops an evaluation.
    pub(crate) fn stop(&self) -> Stop {
        self.stop.clone()
    }

    /// The display of errors; a command may change it.
    pub(crate) fn errors(&mut self) -> &mut ErrorStyle {
        &mut self.configuration.errors
    }

    /// The prompt of the next input: `nivis> `, or with its number `nivis 12> `.
    pub(crate) fn prompt(&self) -> String {
        let prompt = &self.preferences.prompt;
        match prompt.strip_suffix("> ") {
            _ if !self.preferences.numbers => prompt.clone(),
            Some(name) => format!("{name} {}> ", self.number + 1),
            None => format!("{} {prompt}", self.number + 1),
        }
    }

    /// The text of an error.
    pub(crate) fn show(&self, error: &Error) -> String {
        self.configuration.errors.render(error, self.engine.sources())
    }

    /// Begins an input.
    pub(crate) fn begin_input(&mut self, input: &str) {
        // A Ctrl-C that came when nothing ran was not meant for this.
        self.engine.stop_flags().clear();
        self.results.mention(input, &self.scope);
        self.input = input.trim().to_owned();
    }

    /// Begins the answer to an input.
    pub(crate) fn begin_answer(&mut self, is_command: bool) {
        self.number += 1;
        let is_nix = self.configuration.errors.format == ErrorFormat::Nix;
        let shows_number = self.preferences.numbers && !is_nix;
        self.engine.sources().name_typed(shows_number.then(|| format!("«input {}»", self.number)));
        self.host.transcript.begin(&self.input, is_command);
        self.share_choices();
    }

    /// Ends the answer to what was typed: the reply, and what a lesson has to say about it.
    pub(crate) fn end_answer(&mut self, typed: &str, reply: Result<Reply>) -> Reply {
        let reply = reply.or_else(|error| self.unless_ended(error)).unwrap_or_else(Reply::Error);
        if let Reply::Error(error) = &reply {
            self.failures = vec![error.clone()];
            self.engine.give_back();
        }
        self.parts.save();
        self.follow_lesson(typed, reply)
    }

    /// The error of a text with a mistake in it.
    pub(crate) fn syntax_error(&self, text: &str, error: &SyntaxError) -> Error {
        let source = self.engine.sources().add(source::Origin::String, text.as_bytes().to_vec().into());
        Error::from(ErrorKind::Syntax(error.message())).at(source.position(error.span.start))
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
        let (scope, results) = (&self.scope, &self.results);
        let (history, input) = (&self.history, &self.input);
        let (result, input) = self.engine.enter(|cx| {
            let mut names = Vec::new();
            for (name, root) in results.mentioned() {
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

    /// Runs `body` with the names that are bound, and a function that explains why a thunk was evaluated.
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

    /// The display of values and pages. With C++ Nix's messages, values have its colours too.
    pub(crate) fn look(&self) -> Look {
        let errors = self.configuration.errors;
        let palette = match errors.format {
            ErrorFormat::Nix => Palette::NIX,
            ErrorFormat::Pretty | ErrorFormat::Json => errors.theme.palette(),
        };
        Look { palette: self.colours.then_some(palette), width: columns() }
    }

    /// True if values are shown with colours.
    pub(crate) fn colours(&self) -> bool {
        self.colours
    }

    /// The inputs and answers so far.
    pub(crate) fn transcript(&self) -> &Transcript {
        &self.host.transcript
    }

    /// Writes a file that the user names.
    ///
    /// # Errors
    /// Fails if the file can't be written.
    pub(crate) fn write(&self, file: &str, contents: impl AsRef<[u8]>) -> Result<()> {
        (self.host.write)(file, contents.as_ref())
    }

    /// True if this session has written or loaded a file.
    pub(crate) fn knows_file(&self, file: &str) -> bool {
        let is_loaded = |event: &Event| matches!(event, Event::Load(word) if word == file);
        self.saved.iter().any(|saved| saved == file) || self.events.iter().any(is_loaded)
    }

    /// Notes that this session has written a file.
    pub(crate) fn note_file(&mut self, file: &str) {
        self.saved.push(file.to_owned());
    }

    /// The errors that the last input with errors showed, also those in place of parts of a value.
    pub(crate) fn failures(&self) -> &[Error] {
        &self.failures
    }

    /// The number of values that the engine keeps for the session.
    #[cfg(any(test, fuzzing))]
    pub(crate) fn root_count(&self) -> usize {
        self.engine.root_count()
    }

    /// The memory that values take, in bytes.
    pub(crate) fn heap_bytes(&self) -> usize {
        self.engine.heap_bytes()
    }

    /// The place where a name of the session was defined, if known.
    pub(crate) fn position_of(&self, name: &str) -> Option<PosId> {
        self.scope.get(name).map(|bound| bound.position).filter(|position| *position != PosId::NONE)
    }

    /// The names that were added last.
    pub(crate) fn last_loaded(&self) -> Option<&[String]> {
        self.last_loaded.as_deref()
    }
}

//! The debugger: sessions that talk inside an evaluation that stopped, and the session that makes evaluations stop.

use super::loading::OwnBindings;
use super::standstill::Standstill;
use super::world::{Live, Stopped, World};
use super::{Reply, Session};
use crate::command_line::args::Arguments;
use crate::config::settings::Configuration;
use crate::prompt::session::{Stop, Surroundings};
use nivis::error::Error;
use nivis::eval::{self, AutoArguments, Debugger, Eval, Resume};
use nivis::{ErrorKind, Result};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::{Arc, Mutex};

/// What the sessions around and inside an evaluation agree on.
pub(crate) struct Switchboard {
    arguments: Arguments,
    configuration: RefCell<Configuration>,
    around: Surroundings,
    colours: bool,
    /// Evaluations stop.
    pub(crate) is_on: Cell<bool>,
    /// The user was told that this is the debugger.
    pub(crate) has_greeted: Cell<bool>,
    /// The user ended the evaluation.
    has_ended: Cell<bool>,
    /// Talks until the user says how the evaluation goes on.
    talk: Talk,
}

/// Talks in a session inside an evaluation.
pub(crate) type Talk = fn(&mut Session<'_>, &Switchboard) -> Resume;

impl Switchboard {
    pub(crate) fn new(
        arguments: Arguments,
        configuration: Configuration,
        around: Surroundings,
        colours: bool,
        talk: Talk,
    ) -> Self {
        Self {
            arguments,
            configuration: RefCell::new(configuration),
            around,
            colours,
            is_on: Cell::new(false),
            has_greeted: Cell::new(false),
            has_ended: Cell::new(false),
            talk,
        }
    }
}

impl Debugger for Switchboard {
    fn stop<'h>(&self, cx: &mut Eval<'h>, stop: &eval::Stop<'_, 'h>) -> Resume {
        if !self.is_on.get() {
            return Resume::Continue;
        }
        let mut live = Live { cx, frames: stop.frames };
        let at = Standstill::of(stop);
        let mut session = Session::inside_of(&mut live, self, at);
        let resume = (self.talk)(&mut session, self);
        self.has_ended.set(resume == Resume::Quit);
        resume
    }
}

impl<'a> Session<'a> {
    /// A session inside an evaluation that stopped.
    fn inside_of(live: &'a mut dyn Stopped, board: &'a Switchboard, at: Standstill) -> Self {
        let stop = Stop(Arc::new(Mutex::new(live.stop_flags())));
        let configuration = board.configuration.borrow().clone();
        let mut session = Self::with_world(
            World::Stopped(live),
            &board.arguments,
            configuration,
            board.around.clone(),
            (board.colours, AutoArguments::default(), stop),
        );
        session.at = Some(at);
        session.look_at(0);
        session
    }

    /// Makes it possible that evaluations stop.
    pub(crate) fn connect(&mut self, board: Rc<Switchboard>) {
        self.board = Some(board);
    }

    /// From now on all is evaluated so that it can be debugged.
    pub(super) fn prepare_debugging(&mut self) {
        if let (World::Own(engine), Some(board)) = (&mut self.engine, &self.board) {
            engine.debug(board.clone());
            self.is_debuggable = true;
        }
    }

    /// From now on every evaluation stops where it fails.
    pub(crate) fn debug_all(&mut self) {
        self.prepare_debugging();
        if let Some(board) = &self.board {
            board.is_on.set(true);
        }
    }

    /// From now on evaluations stop nowhere. Gives what to switch on afterwards.
    pub(super) fn stop_nowhere(&self) -> Option<Rc<Switchboard>> {
        self.board.clone().filter(|board| board.is_on.replace(false))
    }

    /// Evaluates an expression in the debugger, and prints its value.
    pub(crate) fn debug(&mut self, text: &str) -> Result<Reply> {
        let Some(board) = self.board.clone() else {
            return Err(wrong("an evaluation is already stopped; end it with :q first"));
        };
        // All anew: what was evaluated already, or failed, would stop nowhere.
        self.is_debuggable = true;
        let mut replies = errors_of(self.reload(OwnBindings::Kept)?);
        let was_on = board.is_on.replace(true);
        let reply = self.print(text);
        board.is_on.set(was_on);
        replies.push(reply.or_else(|error| self.unless_ended(error))?);
        Ok(Reply::Several(replies))
    }

    /// What to say of an error: little if it is the user who ended the evaluation.
    pub(super) fn unless_ended(&self, error: Error) -> Result<Reply> {
        let has_ended = self.board.as_ref().is_some_and(|board| board.has_ended.replace(false));
        match error.kind() {
            ErrorKind::Interrupted if has_ended => Ok(Reply::Output("Evaluation ended.".to_owned())),
            _ => Err(error),
        }
    }

    /// Tells sessions inside evaluations how errors look now.
    pub(super) fn share_choices(&self) {
        if let Some(board) = &self.board {
            board.configuration.borrow_mut().errors = self.configuration.errors;
        }
    }

    /// Where the evaluation stopped, if this session is inside one.
    pub(crate) fn standstill(&self) -> Option<&Standstill> {
        self.at.as_ref()
    }

    /// True if evaluations of this session stop where they fail.
    pub(crate) fn debugs(&self) -> bool {
        self.board.as_ref().is_some_and(|board| board.is_on.get())
    }

    /// How the evaluation goes on.
    pub(crate) fn resume(&self, resume: Resume) -> Result<Reply> {
        self.stopped_at().map(|_| Reply::Resume(resume))
    }
}

/// The errors among replies.
fn errors_of(reply: Reply) -> Vec<Reply> {
    match reply {
        Reply::Several(replies) => replies.into_iter().flat_map(errors_of).collect(),
        Reply::Error(error) => vec![Reply::Error(error)],
        _ => Vec::new(),
    }
}

pub(super) fn wrong(message: impl Into<String>) -> Error {
    ErrorKind::Usage(message.into()).into()
}

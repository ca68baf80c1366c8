//! The debugger: sessions that talk inside an evaluation that stopped, and the session that makes evaluations stop.

use super::loading::OwnBindings;
use super::paused::PausedEvaluation;
use super::world::{Live, Stopped, World};
use super::{Reply, Session};
use crate::command_line::args::Arguments;
use crate::command_line::words::usage;
use crate::config::settings::Configuration;
use crate::output::muted::Stop;
use crate::prompt::host::Host;
use nivis::error::Error;
use nivis::eval::{self, AutoArguments, Debugger, Eval, Resume};
use nivis::{ErrorKind, Result};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// The state that the sessions around and inside an evaluation share.
pub(crate) struct DebuggerHook {
    arguments: Arguments,
    configuration: RefCell<Configuration>,
    host: Host,
    colours: bool,
    /// Evaluations stop.
    pub(crate) is_on: Cell<bool>,
    /// The user was told that this is the debugger.
    pub(crate) has_greeted: Cell<bool>,
    /// The user ended the evaluation.
    has_ended: Cell<bool>,
    /// Talks until the user says how the evaluation goes on.
    prompt: Prompt,
}

/// Talks in a session inside an evaluation.
pub(crate) type Prompt = fn(&mut Session<'_>, &DebuggerHook) -> Resume;

impl DebuggerHook {
    pub(crate) fn new(
        arguments: Arguments,
        configuration: Configuration,
        host: Host,
        colours: bool,
        prompt: Prompt,
    ) -> Self {
        Self {
            arguments,
            configuration: RefCell::new(configuration),
            host,
            colours,
            is_on: Cell::new(false),
            has_greeted: Cell::new(false),
            has_ended: Cell::new(false),
            prompt,
        }
    }
}

impl Debugger for DebuggerHook {
    fn stop<'h>(&self, cx: &mut Eval<'h>, stop: &eval::Stop<'_, 'h>) -> Resume {
        if !self.is_on.get() {
            return Resume::Continue;
        }
        let mut live = Live { cx, frames: stop.frames };
        let at = PausedEvaluation::of(stop);
        let mut session = Session::inside_of(&mut live, self, at);
        let resume = (self.prompt)(&mut session, self);
        self.has_ended.set(resume == Resume::Quit);
        resume
    }
}

impl<'a> Session<'a> {
    /// A session inside an evaluation that stopped.
    fn inside_of(live: &'a mut dyn Stopped, hook: &'a DebuggerHook, at: PausedEvaluation) -> Self {
        let stop = Stop::of(live.stop_flags());
        let configuration = hook.configuration.borrow().clone();
        let mut session = Self::with_world(
            World::Stopped(live),
            &hook.arguments,
            configuration,
            hook.host.clone(),
            (hook.colours, AutoArguments::default(), stop),
        );
        session.at = Some(at);
        session.look_at(0);
        session
    }

    /// Makes it possible that evaluations stop.
    pub(crate) fn connect(&mut self, hook: Rc<DebuggerHook>) {
        self.hook = Some(hook);
    }

    /// From now on all is evaluated so that it can be debugged.
    pub(super) fn prepare_debugging(&mut self) {
        if let (World::Own(engine), Some(hook)) = (&mut self.engine, &self.hook) {
            engine.debug(hook.clone());
            self.is_debuggable = true;
        }
    }

    /// From now on every evaluation stops where it fails.
    pub(crate) fn debug_all(&mut self) {
        self.prepare_debugging();
        if let Some(hook) = &self.hook {
            hook.is_on.set(true);
        }
    }

    /// From now on evaluations stop nowhere. Gives what to switch on afterwards.
    pub(super) fn stop_nowhere(&self) -> Option<Rc<DebuggerHook>> {
        self.hook.clone().filter(|hook| hook.is_on.replace(false))
    }

    /// Evaluates an expression in the debugger, and prints its value.
    pub(crate) fn debug(&mut self, text: &str) -> Result<Reply> {
        let Some(hook) = self.hook.clone() else {
            return Err(usage("an evaluation is already stopped; end it with :q first"));
        };
        // Everything is evaluated anew: values that are done, or failed, would not stop anywhere.
        self.is_debuggable = true;
        let mut replies = errors_of(self.reload(OwnBindings::Kept)?);
        let was_on = hook.is_on.replace(true);
        let reply = self.print(text);
        hook.is_on.set(was_on);
        replies.push(reply.or_else(|error| self.unless_ended(error))?);
        Ok(Reply::Several(replies))
    }

    /// The reply to an error: a short one if the user ended the evaluation.
    pub(super) fn unless_ended(&self, error: Error) -> Result<Reply> {
        let has_ended = self.hook.as_ref().is_some_and(|hook| hook.has_ended.replace(false));
        match error.kind() {
            ErrorKind::Interrupted if has_ended => Ok(Reply::Output("Evaluation ended.".to_owned())),
            _ => Err(error),
        }
    }

    /// Passes the style of errors to sessions inside evaluations.
    pub(super) fn share_choices(&self) {
        if let Some(hook) = &self.hook {
            hook.configuration.borrow_mut().errors = self.configuration.errors;
        }
    }

    /// The place where the evaluation stopped, if this session is inside one.
    pub(crate) fn paused(&self) -> Option<&PausedEvaluation> {
        self.at.as_ref()
    }

    /// True if evaluations of this session stop where they fail.
    pub(crate) fn debugs(&self) -> bool {
        self.hook.as_ref().is_some_and(|hook| hook.is_on.get())
    }

    /// Continues the evaluation.
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

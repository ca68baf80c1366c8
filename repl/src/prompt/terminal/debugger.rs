//! Talking inside an evaluation that stopped.

use super::showing::{Next, banner};
use super::{editing, transcript};
use crate::command_line::args::Arguments;
use crate::config::settings::Configuration;
use crate::output::stdio;
use crate::output::style::{ErrorFormat, wants_colour};
use crate::prompt::host::Host;
use crate::prompt::session::{DebuggerHook, Halt, PausedEvaluation, Session};
use nivis::Engine;
use nivis::eval::Resume;
use std::io::{self, IsTerminal};
use std::rc::Rc;

/// Makes the evaluations of an engine stop, if the command line says so.
pub(crate) fn attach(engine: &mut Engine, arguments: &Arguments, configuration: &Configuration) {
    if !arguments.common.debugger {
        return;
    }
    let host = Host::system(configuration.errors);
    let colours = wants_colour(&io::stdout());
    let hook = DebuggerHook::new(arguments.clone(), configuration.clone(), host, colours, talk);
    hook.is_on.set(true);
    engine.debug(Rc::new(hook));
}

/// Reports where the evaluation stopped, and talks until the user says how it goes on.
pub(super) fn talk(session: &mut Session<'_>, hook: &DebuggerHook) -> Resume {
    announce(session, !hook.has_greeted.replace(true));
    let interactive = io::stdin().is_terminal() && io::stdout().is_terminal();
    let talked = if interactive { editing::talk_inside(session) } else { transcript::transcribe_inside(session) };
    match talked {
        Ok(Next::Resume(resume)) => resume,
        // The input has ended.
        _ => Resume::Quit,
    }
}

/// Reports why the evaluation stopped, and the first time what can be done.
fn announce(session: &mut Session<'_>, is_first: bool) {
    let is_nix = session.errors().format == ErrorFormat::Nix;
    if let Some(text) = reason(session, is_nix) {
        stdio::eprint_line(&text);
    }
    match (is_first, is_nix) {
        (true, true) => stdio::eprint_line(&banner(session)),
        (true, false) => {
            stdio::eprint_line("In the debugger: :bt, :env, :c to continue, :s to step, :q to end it, :? for more.");
        }
        (false, _) => {}
    }
}

/// Why the evaluation stopped.
fn reason(session: &Session<'_>, is_nix: bool) -> Option<String> {
    let PausedEvaluation { halt, in_try, .. } = session.paused()?;
    match halt {
        Halt::Error(error) if is_nix => {
            let advice = "\nThis exception occurred in a 'tryEval' call. Use --ignore-try to skip these.\n";
            Some(session.show(&error.without_trace()) + "\n" + if *in_try { advice } else { "" })
        }
        Halt::Error(error) => {
            let advice = "\nnote: `tryEval` may catch this; --ignore-try skips such errors";
            Some(session.show(error) + if *in_try { advice } else { "" })
        }
        Halt::Break if is_nix => Some("info: breakpoint reached\n".to_owned()),
        Halt::Message | Halt::Step if is_nix => None,
        Halt::Break => Some("note: stopped at `break`".to_owned()),
        Halt::Message => Some("note: stopped after this message".to_owned()),
        Halt::Step => Some(format!("note: stopped {}", session.innermost())),
    }
}

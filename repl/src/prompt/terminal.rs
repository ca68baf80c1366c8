//! The REPL at a terminal, through rustyline; and without one, where inputs are lines and replies are all that is printed.

mod completion;
mod debugger;
mod editing;
mod editor;
mod explorer;
#[cfg(any(test, fuzzing))]
mod feeding;
mod keys;
mod line;
mod nesting;
mod pace;
mod pager;
mod presenter;
mod showing;
mod stepper;
mod transcript;
mod words;

pub(crate) use debugger::attach;

use crate::command_line::args::Arguments;
use crate::command_line::options::ReplOptions;
use crate::command_line::words::lossy;
use crate::config::files;
use crate::config::settings::Configuration;
use crate::output::stdio;
use crate::output::style::wants_colour;
use crate::prompt::host::Host;
use crate::prompt::lessons::Kept;
use crate::prompt::present::Player;
use crate::prompt::session::{DebuggerHook, Session};
use std::ffi::OsStr;
use std::io::{self, IsTerminal};
use std::os::unix::ffi::OsStrExt;
use std::rc::Rc;

/// Talks until the user leaves, and gives the status to exit with.
pub(crate) fn run(arguments: &Arguments, options: &ReplOptions, configuration: Configuration) -> i32 {
    let begun = session(arguments, configuration).and_then(|session| Ok((session, player(options)?)));
    let (mut session, player) = match begun {
        Ok(begun) => begun,
        Err(text) => {
            stdio::eprint_line(&text);
            return 1;
        }
    };
    let interactive = io::stdin().is_terminal() && io::stdout().is_terminal();
    let talk = if interactive { editing::talk } else { transcript::transcribe };
    match talk(&mut session, player) {
        Ok(()) => 0,
        Err(error) => stdio::failure(&error),
    }
}

/// A session, with a debugger if the command line asks for one.
fn session(arguments: &Arguments, configuration: Configuration) -> Result<Session<'_>, String> {
    let colours = wants_colour(&io::stdout());
    let mut host = Host::system(configuration.errors);
    if io::stdin().is_terminal() && io::stdout().is_terminal() {
        host.lessons = Kept::read(files::data("lessons"));
    }
    let hook = DebuggerHook::new(arguments.clone(), configuration.clone(), host.clone(), colours, debugger::talk);
    let mut session = Session::new(arguments, configuration, host, colours)?;
    session.connect(Rc::new(hook));
    if arguments.common.debugger {
        session.debug_all();
    }
    Ok(session)
}

/// The prepared session that the command line names.
fn player(options: &ReplOptions) -> Result<Player, String> {
    let Some(file) = &options.present else { return Ok(Player::default()) };
    let name = lossy(Some(file.clone()));
    match std::fs::read(OsStr::from_bytes(file)) {
        Ok(text) => Ok(Player::new(&name, &String::from_utf8_lossy(&text))),
        Err(error) => Err(format!("error: reading '{name}': {error}")),
    }
}

//! The REPL at a terminal, through rustyline; and without one, where inputs are lines and replies are all that is printed.

mod completion;
mod editing;
mod editor;
mod highlight;
mod pager;
mod transcript;

use crate::args::Arguments;
use crate::output;
use crate::outside::{Hush, Outside};
use crate::session::{Preferences, Reply, Session, configuration_file};
use crate::settings::Configuration;
use crate::style::{ErrorFormat, wants_colour};
use nivis::io::Io;
use std::io::{self, IsTerminal};
use std::rc::Rc;

/// Talks until the user leaves, and gives the status to exit with.
pub(crate) fn run(arguments: &Arguments, configuration: Configuration) -> i32 {
    let colours = wants_colour(&io::stdout());
    let hush = Hush::default();
    let outside = Outside { errors: configuration.errors, hush: hush.clone() };
    let make_io = Rc::new(move || -> Box<dyn Io> { Box::new(outside.clone()) });
    let session = Session::new(arguments, configuration, make_io, hush, colours);
    let mut session = match session {
        Ok(session) => session,
        Err(text) => {
            output::complain(&text);
            return 1;
        }
    };
    let interactive = io::stdin().is_terminal() && io::stdout().is_terminal();
    let talked = if interactive { editing::talk(&mut session) } else { transcript::transcribe(&mut session) };
    match talked {
        Ok(()) => 0,
        Err(error) => output::failure(&error),
    }
}

/// Whether the conversation goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    GoOn,
    Leave,
}

/// Adds what the command line names to scope.
fn begin(session: &mut Session<'_>) -> io::Result<()> {
    let reply = session.load_stated();
    show(session, reply, &mut output::print)?;
    Ok(())
}

/// Shows a reply: errors on standard error, all else through `print`.
fn show(session: &mut Session<'_>, reply: Reply, print: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<Next> {
    match reply {
        Reply::Nothing | Reply::Incomplete | Reply::Bound(..) => {}
        Reply::Value(mut text) => {
            text.push(b'\n');
            print(&text)?;
        }
        Reply::Output(text) => print(format!("{text}\n").as_bytes())?,
        Reply::Error(error) => output::complain(&session.show(&error)),
        Reply::Several(replies) => {
            for reply in replies {
                show(session, reply, print)?;
            }
        }
        Reply::Edit(document) => {
            let reply = editor::edit(session, &document);
            return show(session, reply, print);
        }
        Reply::Quit => return Ok(Next::Leave),
    }
    Ok(Next::GoOn)
}

/// What is said at the start.
fn banner(session: &mut Session<'_>) -> String {
    let name = match session.errors().format {
        ErrorFormat::Nix => "Nix 2.36.0".to_owned(),
        _ => format!("Nivis {}", env!("CARGO_PKG_VERSION")),
    };
    format!("{name}\nType :? for help.\n")
}

/// The user's choices from earlier sessions, and what is in the init file.
fn restore(session: &mut Session<'_>) -> io::Result<()> {
    let mut preferences: Preferences = session.preferences().clone();
    if let Some(path) = configuration_file("repl.conf") {
        preferences.read(&path).iter().for_each(|complaint| output::complain(&format!("warning: {complaint}")));
    }
    session.prefer(preferences);
    if let Some(path) = configuration_file("repl.nix").filter(|path| path.exists()) {
        let reply = session.load(&path.to_string_lossy()).unwrap_or_else(Reply::Error);
        show(session, reply, &mut output::print)?;
    }
    Ok(())
}

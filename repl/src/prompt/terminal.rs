//! The REPL at a terminal, through rustyline; and without one, where inputs are lines and replies are all that is printed.

mod completion;
mod debugger;
mod editing;
mod editor;
#[cfg(any(test, fuzzing))]
mod feeding;
mod highlight;
mod keys;
mod line;
mod nesting;
mod pace;
mod pager;
mod transcript;
mod words;

pub(crate) use debugger::attach;
pub(crate) use highlight::highlighted;

use crate::command_line::args::{Arguments, lossy};
use crate::config::files;
use crate::config::settings::Configuration;
use crate::output::console::{Hush, Outside};
use crate::output::stdio;
use crate::output::style::{ErrorFormat, wants_colour};
use crate::prompt::lessons::Folder;
use crate::prompt::present::Player;
use crate::prompt::session::{Part, Preferences, Reply, Session, Spoken, Surroundings, Switchboard};
use nivis::builtins::NIX_VERSION;
use nivis::codec::terminal::visible;
use nivis::eval::Resume;
use nivis::io::{Io, SystemIo};
use std::ffi::OsStr;
use std::io::{self, IsTerminal};
use std::os::unix::ffi::OsStrExt;
use std::rc::Rc;

/// Talks until the user leaves, and gives the status to exit with.
pub(crate) fn run(arguments: &Arguments, configuration: Configuration) -> i32 {
    let colours = wants_colour(&io::stdout());
    let (hush, spoken) = (Hush::default(), Spoken::default());
    let outside = Outside { hush: hush.clone(), spoken: spoken.clone(), ..Outside::new(configuration.errors) };
    let make_io = Rc::new(|| -> Box<dyn Io> { Box::new(SystemIo) });
    let console = Rc::new(outside);
    let around =
        Surroundings { make_io, console, write: files::write_named, enter_folder: Folder::enter, hush, spoken };
    let board = Switchboard::new(arguments.clone(), configuration.clone(), around.clone(), colours, debugger::talk);
    let session = Session::new(arguments, configuration, around, colours);
    let mut session = match session {
        Ok(session) => session,
        Err(text) => {
            stdio::complain(&text);
            return 1;
        }
    };
    session.connect(Rc::new(board));
    if arguments.debugger {
        session.debug_all();
    }
    let player = match player(arguments) {
        Ok(player) => player,
        Err(text) => {
            stdio::complain(&text);
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

/// The prepared session that the command line names.
fn player(arguments: &Arguments) -> Result<Player, String> {
    let Some(file) = &arguments.present else { return Ok(Player::default()) };
    let name = lossy(Some(file.clone()));
    match std::fs::read(OsStr::from_bytes(file)) {
        Ok(text) => Ok(Player::new(&name, &String::from_utf8_lossy(&text))),
        Err(error) => Err(format!("error: reading '{name}': {error}")),
    }
}

/// Whether the conversation goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    GoOn,
    Leave,
    Resume(Resume),
}

/// Adds what the command line names to scope.
fn begin(session: &mut Session<'_>) -> io::Result<()> {
    let reply = session.load_stated();
    show(session, reply, &mut stdio::print)?;
    Ok(())
}

/// Shows a reply: errors on standard error, all else through `print`.
fn show(session: &mut Session<'_>, reply: Reply, print: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<Next> {
    match reply {
        Reply::Nothing | Reply::Incomplete | Reply::Bound(..) => {}
        Reply::Value(mut text) => {
            session.spoken().add(Part::Value(String::from_utf8_lossy(&text).into_owned()));
            text.push(b'\n');
            print(&text)?;
        }
        Reply::Output(text) => say(session, text, print)?,
        Reply::Drawn(text, picture) => {
            say(session, text, print)?;
            picture.into_iter().for_each(|picture| session.spoken().add(Part::Picture(picture)));
        }
        Reply::Error(error) => {
            let text = session.show(&error);
            stdio::complain(&text);
            session.spoken().add(Part::Text(text));
        }
        Reply::Several(replies) => {
            for reply in replies {
                let next = show(session, reply, print)?;
                if next != Next::GoOn {
                    return Ok(next);
                }
            }
        }
        Reply::Edit(document) => {
            let reply = editor::edit(session, &document);
            return show(session, reply, print);
        }
        Reply::Resume(resume) => return Ok(Next::Resume(resume)),
        Reply::Quit => return Ok(Next::Leave),
    }
    Ok(Next::GoOn)
}

fn say(session: &Session<'_>, text: String, print: &mut dyn FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
    let text = visible(&text, session.colours()).into_owned();
    print(format!("{text}\n").as_bytes())?;
    session.spoken().add(Part::Text(text));
    Ok(())
}

/// What is said at the start.
fn banner(session: &mut Session<'_>) -> String {
    let debugs = session.debugs() || session.standstill().is_some();
    let name = match session.errors().format {
        ErrorFormat::Nix if debugs => format!("Nix {NIX_VERSION} debugger"),
        ErrorFormat::Nix => format!("Nix {NIX_VERSION}"),
        _ => format!("Nivis {}", env!("CARGO_PKG_VERSION")),
    };
    format!("{name}\nType :? for help.\n")
}

/// The user's choices from earlier sessions, and what is in the init file.
fn restore(session: &mut Session<'_>) -> io::Result<()> {
    let mut preferences: Preferences = session.preferences().clone();
    if let Some(path) = files::configuration("repl.conf") {
        preferences.read(&path).iter().for_each(|complaint| stdio::complain(&format!("warning: {complaint}")));
    }
    session.prefer(preferences);
    if let Some(path) = files::configuration("repl.nix").filter(|path| path.exists()) {
        let reply = session.load(&path.to_string_lossy()).unwrap_or_else(Reply::Error);
        show(session, reply, &mut stdio::print)?;
    }
    Ok(())
}

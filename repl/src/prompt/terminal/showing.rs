//! Output of a session with or without a terminal: replies, the banner, and the start.

use super::{editor, explorer, presenter, stepper};
use crate::config::files;
use crate::output::stdio;
use crate::output::style::ErrorFormat;
use crate::output::svg::Picture;
use crate::output::transcript::Part;
use crate::prompt::session::{Explored, Preferences, Reply, Session};
use crate::prompt::slides::Slide;
use crate::prompt::steps::listed;
use nivis::Error;
use nivis::builtins::NIX_VERSION;
use nivis::codec::palette::Look;
use nivis::codec::terminal::visible;
use nivis::eval::{Reductions, Resume};
use std::io::{self, IsTerminal};

/// The continuation of the conversation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    GoOn,
    Leave,
    Resume(Resume),
}

/// A function that prints output.
type Print<'p> = &'p mut dyn FnMut(&[u8]) -> io::Result<()>;

/// Adds what the command line names to scope.
pub(super) fn begin(session: &mut Session<'_>) -> io::Result<()> {
    let reply = session.load_stated();
    show(session, reply, &mut stdio::print)?;
    Ok(())
}

/// Shows a reply: errors on standard error, all else through `print`.
pub(super) fn show(session: &mut Session<'_>, reply: Reply, print: Print<'_>) -> io::Result<Next> {
    match reply {
        Reply::Nothing | Reply::Incomplete | Reply::Bound(..) => {}
        Reply::Value(text) => show_value(session, text, print)?,
        Reply::Output(text) => say(session, text, print)?,
        Reply::Notice(text) => notify(session, text, print)?,
        Reply::Drawn(text, picture) => say_drawn(session, text, picture, print)?,
        Reply::Slides(slides) => return present(session, &slides, print),
        Reply::Explored(explored) => explore(session, *explored, print)?,
        Reply::Steps(done) => show_steps(session, &done, print)?,
        Reply::Error(error) => show_error(session, &error),
        Reply::Several(replies) => return show_all(session, replies, print),
        Reply::Edit(document) => {
            let reply = editor::edit(session, &document);
            return show(session, reply, print);
        }
        Reply::Resume(resume) => return Ok(Next::Resume(resume)),
        Reply::Quit => return Ok(Next::Leave),
    }
    Ok(Next::GoOn)
}

/// Shows replies until one of them ends the conversation.
fn show_all(session: &mut Session<'_>, replies: Vec<Reply>, print: Print<'_>) -> io::Result<Next> {
    for reply in replies {
        let next = show(session, reply, print)?;
        if next != Next::GoOn {
            return Ok(next);
        }
    }
    Ok(Next::GoOn)
}

/// Shows the steps of an evaluation: one at a time if there are keys to ask for the next.
fn show_steps(session: &Session<'_>, done: &Reductions, print: Print<'_>) -> io::Result<()> {
    let look = session.look();
    let text = listed(done, Look { width: look.width, palette: None });
    if can_ask(session) && done.steps.len() > 1 {
        stepper::browse(done, look)?;
    } else {
        print(format!("{}\n", listed(done, look)).as_bytes())?;
    }
    session.transcript().add(Part::Text(text));
    Ok(())
}

/// True if keys can be asked for.
fn can_ask(session: &Session<'_>) -> bool {
    session.look().width.is_some() && io::stdin().is_terminal() && session.paused().is_none()
}

/// Shows slides: by keys if there are any, else one after the other.
fn present(session: &mut Session<'_>, slides: &[Slide], print: Print<'_>) -> io::Result<Next> {
    if can_ask(session) {
        presenter::browse(session, slides)?;
    } else {
        print(presenter::listed(session, slides).as_bytes())?;
    }
    Ok(Next::GoOn)
}

/// Looks into a value: by keys if there are any.
fn explore(session: &mut Session<'_>, explored: Explored, print: Print<'_>) -> io::Result<()> {
    let look = session.look();
    if can_ask(session) && !(explored.names.is_empty() && explored.page.lines().count() <= 1) {
        session.transcript().add(Part::Text(explored.kind.clone()));
        return explorer::browse(session, explored, look);
    }
    let text = explored.listed(session);
    explored.keep(session);
    say(session, text, print)
}

fn show_value(session: &Session<'_>, mut text: Vec<u8>, print: Print<'_>) -> io::Result<()> {
    session.transcript().add(Part::Value(String::from_utf8_lossy(&text).into_owned()));
    text.push(b'\n');
    print(&text)
}

fn show_error(session: &Session<'_>, error: &Error) {
    let text = session.show(error);
    stdio::eprint_line(&text);
    session.transcript().add(Part::Text(text));
}

/// Tells news: as C++ Nix does under its name, on standard error.
fn notify(session: &mut Session<'_>, text: String, print: Print<'_>) -> io::Result<()> {
    if session.errors().format != ErrorFormat::Nix {
        return say(session, text, print);
    }
    let text = visible(&text, session.colours()).into_owned();
    stdio::eprint_line(&text);
    session.transcript().add(Part::Text(text));
    Ok(())
}

/// Says what was drawn; the transcript has the picture.
fn say_drawn(session: &Session<'_>, text: String, picture: Option<Picture>, print: Print<'_>) -> io::Result<()> {
    say(session, text, print)?;
    picture.into_iter().for_each(|picture| session.transcript().add(Part::Picture(picture)));
    Ok(())
}

fn say(session: &Session<'_>, text: String, print: Print<'_>) -> io::Result<()> {
    let text = visible(&text, session.colours()).into_owned();
    print(format!("{text}\n").as_bytes())?;
    session.transcript().add(Part::Text(text));
    Ok(())
}

/// The text at the start of a session.
pub(super) fn banner(session: &mut Session<'_>) -> String {
    let debugs = session.debugs() || session.paused().is_some();
    let name = match session.errors().format {
        ErrorFormat::Nix if debugs => format!("Nix {NIX_VERSION} debugger"),
        ErrorFormat::Nix => format!("Nix {NIX_VERSION}"),
        _ => format!("Nivis {}", env!("CARGO_PKG_VERSION")),
    };
    match session.errors().format {
        ErrorFormat::Nix => format!("{name}\nType :? for help.\n"),
        _ => format!("{name}\nType :? for help, :learn for lessons.\n"),
    }
}

/// Applies the user's choices from earlier sessions, and the init file.
pub(super) fn restore(session: &mut Session<'_>) -> io::Result<()> {
    let mut preferences: Preferences = session.preferences().clone();
    if let Some(path) = files::configuration("repl.conf") {
        preferences.read(&path).iter().for_each(|complaint| stdio::eprint_line(&format!("warning: {complaint}")));
    }
    session.prefer(preferences);
    if let Some(path) = files::configuration("repl.nix").filter(|path| path.exists()) {
        let reply = session.load(&path.to_string_lossy()).unwrap_or_else(Reply::Error);
        show(session, reply, &mut stdio::print)?;
    }
    Ok(())
}

//! The REPL at a terminal: a line editor that knows Nix.

use super::line::{Line, SharedSession};
use super::nesting::Nesting;
use super::pace::Pace;
use super::showing::{Next, banner, begin, restore, show};
use super::{keys, pager};
use crate::config::files;
use crate::output::stdio;
use crate::output::theme::ask_terminal;
use crate::prompt::present::Player;
use crate::prompt::reading::{Reading, read};
use crate::prompt::session::{Bound, Preferences, Reply, Session};
use rustyline::error::ReadlineError;
use rustyline::hint::HistoryHinter;
use rustyline::history::FileHistory;
use rustyline::{CompletionType, Config, EditMode, Editor};
use std::cell::RefCell;
use std::io;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

const HISTORY_LENGTH: usize = 10_000;

/// Talks at the terminal until the user leaves.
pub(super) fn talk(session: &mut Session<'_>, player: Player) -> io::Result<()> {
    let stop = session.stop();
    if let Err(error) = ctrlc::set_handler(move || stop.now()) {
        stdio::eprint_line(&format!("warning: Ctrl-C will end the program: {error}"));
    }
    let usual = session.preferences().clone();
    if session.colours() {
        ask_terminal();
    }
    stdio::print(banner(session).as_bytes())?;
    restore(session)?;
    begin(session)?;
    let steps = player.left();
    let player = Arc::new(Mutex::new(player));
    with_editor(session, |session, editor| {
        if steps > 0 {
            stdio::print(prepared(steps).as_bytes())?;
            keys::bind_player(editor, &player);
        }
        converse(session, editor, &player, &usual).map(|_| ())
    })
}

fn prepared(steps: usize) -> String {
    format!("{steps} prepared steps: Enter or Space at an empty prompt types the next.\n")
}

/// Talks inside an evaluation that stopped, until the user says how it goes on.
pub(super) fn talk_inside(session: &mut Session<'_>) -> io::Result<Next> {
    let stop = session.stop();
    // There is one already where a session is around the evaluation.
    let _ = ctrlc::set_handler(move || stop.now());
    let usual = session.preferences().clone();
    with_editor(session, |session, editor| converse(session, editor, &Mutex::new(Player::default()), &usual))
}

/// Does something with a line editor that asks the session for completions, and has the history of earlier lines.
fn with_editor<'s, 'a, T>(
    session: &'s mut Session<'a>,
    body: impl FnOnce(&SharedSession<'s, 'a>, &mut Editor<Line<'s, 'a>, FileHistory>) -> io::Result<T>,
) -> io::Result<T> {
    let (vi, colours) = (session.preferences().vi, session.colours());
    let session = Rc::new(RefCell::new(session));
    let pace = Arc::new(Pace::default());
    let mut editor = editor(vi, &pace).map_err(io::Error::other)?;
    let hinter = HistoryHinter::new();
    editor.set_helper(Some(Line { session: Rc::clone(&session), colours, hinter, pace, continues: false }));
    let history = files::data("history");
    if let Some(path) = &history {
        // There is none the first time.
        let _ = editor.load_history(path);
    }
    let result = body(&session, &mut editor);
    if let Some(path) = &history {
        save_history(&mut editor, path);
    }
    result
}

fn converse<'s, 'a>(
    session: &SharedSession<'s, 'a>,
    editor: &mut Editor<Line<'s, 'a>, FileHistory>,
    player: &Mutex<Player>,
    usual: &Preferences,
) -> io::Result<Next> {
    loop {
        if let Some(heading) = player.lock().unwrap_or_else(PoisonError::into_inner).heading() {
            stdio::say(&format!("# {heading}\n"))?;
        }
        let prompt = session.borrow().prompt();
        match read_input(editor, &prompt) {
            Ok(input) => match answer_input(session, editor, &input, usual)? {
                Next::GoOn => {}
                next => return Ok(next),
            },
            Err(ReadlineError::Interrupted) => {}
            Err(ReadlineError::Eof) => return Ok(Next::Leave),
            Err(error) => return Err(io::Error::other(error)),
        }
    }
}

/// Answers an input, and keeps it in the history, and the preferences that it set.
fn answer_input<'s, 'a>(
    session: &SharedSession<'s, 'a>,
    editor: &mut Editor<Line<'s, 'a>, FileHistory>,
    input: &str,
    usual: &Preferences,
) -> io::Result<Next> {
    // The session goes on without a history file.
    let _ = editor.add_history_entry(input.trim_end());
    let before = session.borrow().preferences().clone();
    let rows = editor.dimensions().map_or(24, |(_, rows)| usize::from(rows));
    let next = answer(&mut session.borrow_mut(), input, rows)?;
    if next == Next::GoOn {
        keep_preferences(&session.borrow(), &before, usual);
    }
    Ok(next)
}

/// Reads an input. Of one that is pasted each line is read by itself, so that no line is drawn again because of a later one.
fn read_input(editor: &mut Editor<Line<'_, '_>, FileHistory>, prompt: &str) -> rustyline::Result<String> {
    let mut input = String::new();
    let mut nesting = Nesting::default();
    loop {
        let continues = !input.is_empty();
        let pace = editor.helper_mut().map(|line| {
            line.continues = continues;
            Arc::clone(&line.pace)
        });
        match editor.readline(if continues { "" } else { prompt }) {
            Ok(line) => input.push_str(&line),
            // The end of the input while it is incomplete: the session says what is missing.
            Err(ReadlineError::Eof) if continues => return Ok(input),
            Err(error) => return Err(error),
        }
        input.push('\n');
        nesting.add(&input);
        let is_paste = pace.is_some_and(|pace| pace.is_paste()) && !input.starts_with(':');
        if (is_paste && nesting.is_open()) || matches!(read(&input), Reading::Incomplete) {
            continue;
        }
        input.pop();
        return Ok(input);
    }
}

/// Answers an input typed at the terminal, with an empty line after the answer.
fn answer(session: &mut Session<'_>, line: &str, rows: usize) -> io::Result<Next> {
    let reply = match session.feed(line) {
        Reply::Incomplete => session.end(line),
        reply => reply,
    };
    let silent = matches!(reply, Reply::Nothing | Reply::Quit | Reply::Resume(_));
    if let Reply::Bound(names) = &reply
        && !names.names.is_empty()
    {
        stdio::say(&bound(names))?;
    }
    let pages = session.preferences().pager;
    let mut print = |text: &[u8]| if pages { pager::print(text, rows) } else { stdio::print(text) };
    let next = show(session, reply, &mut print)?;
    if !silent {
        stdio::print(b"\n")?;
    }
    Ok(next)
}

/// The message about new and replaced bindings.
fn bound(Bound { names, replaced, former }: &Bound) -> String {
    let is_new = |name: &&String| !replaced.contains(name);
    let new: Vec<_> = names.iter().filter(is_new).map(String::as_str).collect();
    let mut parts = Vec::new();
    if !new.is_empty() {
        parts.push(format!("Bound {}.", new.join(", ")));
    }
    if !replaced.is_empty() {
        parts.push(format!("Replaced {}.", replaced.join(", ")));
    }
    if let Some(name) = former.first() {
        parts.push(format!("On the right, `{name}` was its former value."));
    }
    format!("{}\n", parts.join(" "))
}

/// Writes choices that were made to the user's file.
fn keep_preferences(session: &Session<'_>, before: &Preferences, usual: &Preferences) {
    let Some(path) = files::configuration("repl.conf").filter(|_| session.preferences() != before) else { return };
    if let Err(error) = session.preferences().write(&path, usual) {
        stdio::eprint_line(&format!("warning: the setting can't be saved in '{}': {error}", path.display()));
    }
}

fn editor<'s, 'a>(vi: bool, pace: &Arc<Pace>) -> rustyline::Result<Editor<Line<'s, 'a>, FileHistory>> {
    let config = Config::builder()
        .max_history_size(HISTORY_LENGTH)?
        .history_ignore_dups(true)?
        .history_ignore_space(true)
        .completion_type(CompletionType::List)
        .completion_show_all_if_ambiguous(true)
        .edit_mode(if vi { EditMode::Vi } else { EditMode::Emacs })
        .bracketed_paste(true)
        .build();
    let mut editor = Editor::with_config(config)?;
    keys::bind(&mut editor, pace);
    Ok(editor)
}

fn save_history(editor: &mut Editor<Line<'_, '_>, FileHistory>, path: &std::path::Path) {
    let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    let saved = made.map_err(ReadlineError::from).and_then(|()| editor.append_history(path));
    if let Err(error) = saved {
        stdio::eprint_line(&format!("warning: the history can't be saved in '{}': {error}", path.display()));
    }
}

//! The REPL at a terminal: a line editor that knows Nix.

use super::completion::Completions;
use super::highlight::{bracket_at, highlighted};
use super::{Next, banner, begin, pager, restore, show};
use crate::files;
use crate::output;
use crate::present::Player;
use crate::reading::{Reading, read};
use crate::session::{Preferences, Reply, Session};
use rustyline::completion::{Completer, Pair};
use rustyline::error::ReadlineError;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::{Hinter, HistoryHinter};
use rustyline::history::{FileHistory, SearchDirection};
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{
    Cmd, CompletionType, ConditionalEventHandler, Config, Context, EditMode, Editor, Event, EventContext, EventHandler,
    Helper, KeyCode, KeyEvent, Modifiers, RepeatCount,
};
use std::borrow::Cow;
use std::cell::RefCell;
use std::io;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

const HISTORY_LENGTH: usize = 10_000;

/// The session, which the line editor asks for completions while a line is typed.
type SharedSession<'s, 'a> = Rc<RefCell<&'s mut Session<'a>>>;

/// Talks at the terminal until the user leaves.
pub(super) fn talk(session: &mut Session<'_>, player: Player) -> io::Result<()> {
    let stop = session.stop();
    if let Err(error) = ctrlc::set_handler(move || stop.now()) {
        output::complain(&format!("warning: Ctrl-C will end the program: {error}"));
    }
    let usual = session.preferences().clone();
    output::print(banner(session).as_bytes())?;
    restore(session)?;
    begin(session)?;
    let steps = player.left();
    let player = Arc::new(Mutex::new(player));
    with_editor(session, |session, editor| {
        if steps > 0 {
            output::print(
                format!("{steps} prepared steps: Enter or Space at an empty prompt types the next.\n").as_bytes(),
            )?;
            for key in [KeyEvent(KeyCode::Enter, Modifiers::NONE), KeyEvent(KeyCode::Char(' '), Modifiers::NONE)] {
                editor.bind_sequence(key, EventHandler::Conditional(Box::new(TypeNext(Arc::clone(&player)))));
            }
        }
        converse(session, editor, &player, &usual).map(|_| ())
    })
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
    let mut editor = editor(vi).map_err(io::Error::other)?;
    editor.set_helper(Some(Line { session: Rc::clone(&session), colours, hinter: HistoryHinter::new() }));
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
            output::print(format!("# {heading}\n").as_bytes())?;
        }
        let prompt = session.borrow().preferences().prompt.clone();
        match editor.readline(&prompt) {
            Ok(line) => {
                // A history that can't be kept is no reason to stop.
                let _ = editor.add_history_entry(line.trim_end());
                let before = session.borrow().preferences().clone();
                let rows = editor.dimensions().map_or(24, |(_, rows)| usize::from(rows));
                let next = answer(&mut session.borrow_mut(), &line, rows)?;
                if next != Next::GoOn {
                    return Ok(next);
                }
                keep_preferences(&session.borrow(), &before, usual);
            }
            Err(ReadlineError::Interrupted) => {}
            Err(ReadlineError::Eof) => return Ok(Next::Leave),
            Err(error) => return Err(io::Error::other(error)),
        }
    }
}

/// Answers an input typed at the terminal, with an empty line after the answer.
fn answer(session: &mut Session<'_>, line: &str, rows: usize) -> io::Result<Next> {
    let reply = match session.feed(line) {
        Reply::Incomplete => session.end(line),
        reply => reply,
    };
    let silent = matches!(reply, Reply::Nothing | Reply::Quit | Reply::Resume(_));
    if let Reply::Bound(names, replaced) = &reply
        && !names.is_empty()
    {
        output::print(bound(names, replaced).as_bytes())?;
    }
    let pages = session.preferences().pager;
    let mut print = |text: &[u8]| if pages { pager::print(text, rows) } else { output::print(text) };
    let next = show(session, reply, &mut print)?;
    if !silent {
        output::print(b"\n")?;
    }
    Ok(next)
}

/// What became of bindings.
fn bound(names: &[String], replaced: &[String]) -> String {
    let is_new = |name: &&String| !replaced.contains(name);
    let new: Vec<_> = names.iter().filter(is_new).map(String::as_str).collect();
    let mut parts = Vec::new();
    if !new.is_empty() {
        parts.push(format!("Bound {}.", new.join(", ")));
    }
    if !replaced.is_empty() {
        parts.push(format!("Replaced {}.", replaced.join(", ")));
    }
    format!("{}\n", parts.join(" "))
}

/// Writes choices that were made to the user's file.
fn keep_preferences(session: &Session<'_>, before: &Preferences, usual: &Preferences) {
    let Some(path) = files::configuration("repl.conf").filter(|_| session.preferences() != before) else { return };
    if let Err(error) = session.preferences().write(&path, usual) {
        output::complain(&format!("warning: the choice can't be kept in '{}': {error}", path.display()));
    }
}

fn editor<'s, 'a>(vi: bool) -> rustyline::Result<Editor<Line<'s, 'a>, FileHistory>> {
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
    for (key, direction) in [(KeyCode::Up, SearchDirection::Reverse), (KeyCode::Down, SearchDirection::Forward)] {
        let search = EventHandler::Conditional(Box::new(PrefixSearch(direction)));
        editor.bind_sequence(KeyEvent(key, Modifiers::NONE), search);
    }
    Ok(editor)
}

/// Enter and Space at an empty prompt type the next step of a prepared session.
struct TypeNext(Arc<Mutex<Player>>);

impl ConditionalEventHandler for TypeNext {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, context: &EventContext<'_>) -> Option<Cmd> {
        if !context.line().is_empty() {
            return None;
        }
        let next = self.0.lock().unwrap_or_else(PoisonError::into_inner).next();
        next.map(|text| Cmd::Insert(1, text))
    }
}

/// The arrows look for earlier inputs that begin as this one does, once something is typed.
struct PrefixSearch(SearchDirection);

impl ConditionalEventHandler for PrefixSearch {
    fn handle(&self, _: &Event, _: RepeatCount, _: bool, context: &EventContext<'_>) -> Option<Cmd> {
        let at_end = context.pos() == context.line().len();
        if context.line().contains('\n') || context.line().is_empty() || !at_end {
            // Within several lines they move, and on an empty line they show what came before.
            return None;
        }
        Some(match self.0 {
            SearchDirection::Reverse => Cmd::HistorySearchBackward,
            SearchDirection::Forward => Cmd::HistorySearchForward,
        })
    }
}

fn save_history(editor: &mut Editor<Line<'_, '_>, FileHistory>, path: &std::path::Path) {
    let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    let saved = made.map_err(ReadlineError::from).and_then(|()| editor.append_history(path));
    if let Err(error) = saved {
        output::complain(&format!("warning: the history can't be saved in '{}': {error}", path.display()));
    }
}

/// What the line editor asks about the text being typed.
struct Line<'s, 'a> {
    session: SharedSession<'s, 'a>,
    colours: bool,
    hinter: HistoryHinter,
}

impl Validator for Line<'_, '_> {
    /// Enter begins a new line while the input is incomplete.
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        Ok(match read(context.input()) {
            Reading::Incomplete => ValidationResult::Incomplete,
            _ => ValidationResult::Valid(None),
        })
    }
}

impl Completer for Line<'_, '_> {
    type Candidate = Pair;

    fn complete(&self, line: &str, position: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        let mut session = self.session.borrow_mut();
        let Completions { start, candidates } = super::completion::complete(&mut session, &line[..position]);
        let pair = |(display, replacement)| Pair { display, replacement };
        Ok((start, candidates.into_iter().map(pair).collect()))
    }
}

impl Hinter for Line<'_, '_> {
    type Hint = String;

    fn hint(&self, line: &str, position: usize, context: &Context<'_>) -> Option<String> {
        if line.is_empty() || line.contains('\n') { None } else { self.hinter.hint(line, position, context) }
    }
}

impl Highlighter for Line<'_, '_> {
    fn highlight<'l>(&self, line: &'l str, position: usize) -> Cow<'l, str> {
        if self.colours { highlighted(line, bracket_at(line, position)).into() } else { line.into() }
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        if self.colours { format!("\x1b[2m{hint}\x1b[0m").into() } else { hint.into() }
    }

    fn highlight_char(&self, _: &str, _: usize, _: CmdKind) -> bool {
        self.colours
    }
}

impl Helper for Line<'_, '_> {}

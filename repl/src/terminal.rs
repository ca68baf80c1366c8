//! The REPL at a terminal, through rustyline; and without one, where inputs are lines and replies are all that is printed.

use crate::args::Arguments;
use crate::output;
use crate::outside::Outside;
use crate::reading::{Reading, read};
use crate::session::{Reply, Session};
use crate::settings::Configuration;
use crate::style::wants_colour;
use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::FileHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Config, Editor, Helper};
use std::io::{self, BufRead, IsTerminal};
use std::path::PathBuf;
use std::rc::Rc;

const PROMPT: &str = "nivis> ";
const HISTORY_LENGTH: usize = 10_000;

/// Talks until the user leaves, and gives the status to exit with.
pub(crate) fn run(arguments: &Arguments, configuration: Configuration) -> i32 {
    let colours = wants_colour(&io::stdout());
    let outside = Outside { errors: configuration.errors };
    let session = Session::new(arguments, configuration, Rc::new(move || Box::new(outside)), colours);
    let mut session = match session {
        Ok(session) => session,
        Err(text) => {
            output::complain(&text);
            return 1;
        }
    };
    let interactive = io::stdin().is_terminal() && io::stdout().is_terminal();
    let talked = if interactive { talk(&mut session) } else { transcribe(&mut session) };
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

fn talk(session: &mut Session<'_>) -> io::Result<()> {
    let stop = session.stop();
    if let Err(error) = ctrlc::set_handler(move || stop.now()) {
        output::complain(&format!("warning: Ctrl-C will end the program: {error}"));
    }
    let mut editor = editor().map_err(io::Error::other)?;
    let history = history_file();
    if let Some(path) = &history {
        // There is none the first time.
        let _ = editor.load_history(path);
    }
    output::print(format!("Nivis {}\nType :? for help.\n", env!("CARGO_PKG_VERSION")).as_bytes())?;
    begin(session)?;
    let result = converse(session, &mut editor);
    if let Some(path) = &history {
        save_history(&mut editor, path);
    }
    result
}

fn converse(session: &mut Session<'_>, editor: &mut Editor<Line, FileHistory>) -> io::Result<()> {
    loop {
        match editor.readline(PROMPT) {
            Ok(line) => {
                // A history that can't be kept is no reason to stop.
                let _ = editor.add_history_entry(line.trim_end());
                if answer(session, &line)? == Next::Leave {
                    return Ok(());
                }
            }
            Err(ReadlineError::Interrupted) => {}
            Err(ReadlineError::Eof) => return Ok(()),
            Err(error) => return Err(io::Error::other(error)),
        }
    }
}

/// Answers an input typed at the terminal, with an empty line after the answer.
fn answer(session: &mut Session<'_>, line: &str) -> io::Result<Next> {
    let reply = match session.feed(line) {
        Reply::Incomplete => session.end(line),
        reply => reply,
    };
    let silent = matches!(reply, Reply::Nothing | Reply::Quit);
    if let Reply::Bound(names) = &reply
        && !names.is_empty()
    {
        output::print(format!("Bound {}.\n", names.join(", ")).as_bytes())?;
    }
    let next = show(session, reply)?;
    if !silent {
        output::print(b"\n")?;
    }
    Ok(next)
}

fn transcribe(session: &mut Session<'_>) -> io::Result<()> {
    begin(session)?;
    let mut input = String::new();
    let mut lines = io::stdin().lock();
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line)? > 0 {
        input.push_str(&String::from_utf8_lossy(&line));
        line.clear();
        let reply = session.feed(&input);
        if matches!(reply, Reply::Incomplete) {
            continue;
        }
        input.clear();
        if show(session, reply)? == Next::Leave {
            return Ok(());
        }
    }
    let rest = session.end(&input);
    show(session, rest)?;
    Ok(())
}

/// Adds what the command line names to scope.
fn begin(session: &mut Session<'_>) -> io::Result<()> {
    let reply = session.load_stated();
    show(session, reply)?;
    Ok(())
}

/// Shows a reply: errors on standard error, all else on standard output.
fn show(session: &Session<'_>, reply: Reply) -> io::Result<Next> {
    match reply {
        Reply::Nothing | Reply::Incomplete | Reply::Bound(_) => {}
        Reply::Value(mut text) => {
            text.push(b'\n');
            output::print(&text)?;
        }
        Reply::Output(text) => output::print(format!("{text}\n").as_bytes())?,
        Reply::Error(error) => output::complain(&session.show(&error)),
        Reply::Several(replies) => {
            for reply in replies {
                show(session, reply)?;
            }
        }
        Reply::Quit => return Ok(Next::Leave),
    }
    Ok(Next::GoOn)
}

fn editor() -> rustyline::Result<Editor<Line, FileHistory>> {
    let config = Config::builder()
        .max_history_size(HISTORY_LENGTH)?
        .history_ignore_dups(true)?
        .history_ignore_space(true)
        .build();
    let mut editor = Editor::with_config(config)?;
    editor.set_helper(Some(Line));
    Ok(editor)
}

/// `$XDG_DATA_HOME/nivis/history`
fn history_file() -> Option<PathBuf> {
    let absolute = |name: &str| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let data = absolute("XDG_DATA_HOME").or_else(|| absolute("HOME").map(|home| home.join(".local/share")))?;
    Some(data.join("nivis/history"))
}

fn save_history(editor: &mut Editor<Line, FileHistory>, path: &std::path::Path) {
    let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    let saved = made.map_err(ReadlineError::from).and_then(|()| editor.append_history(path));
    if let Err(error) = saved {
        output::complain(&format!("warning: the history can't be saved in '{}': {error}", path.display()));
    }
}

/// What the line editor asks about the text being typed.
struct Line;

impl Validator for Line {
    /// Enter begins a new line while the input is incomplete.
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        Ok(match read(context.input()) {
            Reading::Incomplete => ValidationResult::Incomplete,
            _ => ValidationResult::Valid(None),
        })
    }
}

impl Completer for Line {
    type Candidate = String;
}

impl Hinter for Line {
    type Hint = String;
}

impl Highlighter for Line {}

impl Helper for Line {}

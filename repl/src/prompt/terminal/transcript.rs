//! The REPL without a line editor: feeds each line of standard input to the session, and prints its replies. Where
//! lines are typed, but replies go to a pipe or file, there is a prompt, and Ctrl-C ends the evaluation.

use super::showing::{Next, banner, begin, show};
use crate::output::stdio;
use crate::output::style::ErrorFormat;
use crate::prompt::present::Player;
use crate::prompt::session::{Reply, Session};
use std::io::{self, BufRead, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Feeds standard input to the session.
///
/// With C++ Nix's messages there is a banner, and an empty line after each answer. With `_NIX_TEST_REPL_ECHO`, a
/// variable of C++ Nix's tests, input is shown after a prompt. An empty line plays the next step of a prepared session.
pub(super) fn transcribe(session: &mut Session<'_>, mut player: Player) -> io::Result<()> {
    let mut style = Style::of(session);
    if style.is_nix {
        stdio::eprint_line(&banner(session));
    }
    if io::stdin().is_terminal() {
        style.asks = Some(Asking::begin(session));
    }
    begin(session)?;
    answer_lines(session, &mut style, &mut player).map(|_| ())
}

/// The same inside an evaluation that stopped, until the user says how it goes on.
pub(super) fn transcribe_inside(session: &mut Session<'_>) -> io::Result<Next> {
    let mut style = Style::of(session);
    answer_lines(session, &mut style, &mut Player::default())
}

/// Answers lines until the user leaves. A line is read only when it is wanted: input to the debugger of a stopped
/// evaluation comes from there too.
fn answer_lines(session: &mut Session<'_>, style: &mut Style, player: &mut Player) -> io::Result<Next> {
    let (mut input, mut line) = (String::new(), Vec::new());
    while style.read_line(&mut input, &mut line)? {
        style.echo(&input, &line)?;
        match line.trim_ascii().is_empty() && input.is_empty() {
            true => play(player, &mut input)?,
            false => input.push_str(&String::from_utf8_lossy(&line)),
        }
        line.clear();
        let reply = session.feed(&input);
        if !matches!(reply, Reply::Incomplete) {
            input.clear();
            let next = show(session, reply, &mut stdio::print)?;
            if next != Next::GoOn {
                return Ok(next);
            }
            style.end_answer()?;
            style.prompt = session.prompt();
        }
    }
    answer_rest(session, style, &input).map(|()| Next::Leave)
}

/// Answers what is left at the end of the input.
fn answer_rest(session: &mut Session<'_>, style: &Style, input: &str) -> io::Result<()> {
    let reply = session.end(input);
    show(session, reply, &mut stdio::print)?;
    match (style.is_nix, session.paused()) {
        (false, _) => Ok(()),
        (true, Some(_)) => stdio::print(b"\n"),
        (true, None) => style.echo("", b""),
    }
}

/// Takes the next step of a prepared session as input, and shows it.
fn play(player: &mut Player, input: &mut String) -> io::Result<()> {
    if let Some(heading) = player.heading() {
        stdio::say(&format!("# {heading}\n"))?;
    }
    if let Some(next) = player.next() {
        stdio::print(format!("▸ {}\n", next.replace('\n', "\n  ")).as_bytes())?;
        *input = next;
    }
    Ok(())
}

/// Output besides answers.
struct Style {
    is_nix: bool,
    prompt: String,
    /// Input is shown after the prompt.
    echoes: bool,
    asks: Option<Asking>,
}

impl Style {
    fn of(session: &mut Session<'_>) -> Self {
        let is_nix = session.errors().format == ErrorFormat::Nix;
        let prompt = session.prompt();
        Self { is_nix, prompt, echoes: std::env::var_os("_NIX_TEST_REPL_ECHO").is_some(), asks: None }
    }

    /// Reads a line; false at the end. Ctrl-C drops the lines of an unfinished input.
    fn read_line(&self, input: &mut String, line: &mut Vec<u8>) -> io::Result<bool> {
        let Some(asking) = &self.asks else { return read_line(line) };
        stdio::print(self.prompt_behind(input).as_bytes())?;
        let is_read = asking.read_line(line)?;
        if asking.dropped.swap(false, Ordering::Relaxed) {
            input.clear();
        }
        Ok(is_read)
    }

    /// The prompt of the line that comes after these.
    fn prompt_behind(&self, before: &str) -> String {
        match before {
            "" => self.prompt.clone(),
            _ => " ".repeat(self.prompt.len().saturating_sub(2)) + "> ",
        }
    }

    /// A line after its prompt.
    fn echo(&self, before: &str, line: &[u8]) -> io::Result<()> {
        if !self.echoes {
            return Ok(());
        }
        stdio::print(&[self.prompt_behind(before).as_bytes(), line].concat())
    }

    fn end_answer(&self) -> io::Result<()> {
        if self.is_nix { stdio::print(b"\n") } else { Ok(()) }
    }
}

fn read_line(line: &mut Vec<u8>) -> io::Result<bool> {
    Ok(io::stdin().lock().read_until(b'\n', line)? > 0)
}

/// Asks questions at a terminal.
struct Asking {
    /// A line is waited for.
    waits: Arc<AtomicBool>,
    /// Ctrl-C was pressed meanwhile.
    dropped: Arc<AtomicBool>,
}

impl Asking {
    /// Makes Ctrl-C end evaluations and unfinished inputs, but not the program.
    fn begin(session: &Session<'_>) -> Self {
        let asking = Self { waits: Arc::default(), dropped: Arc::default() };
        let (stop, prompt) = (session.stop(), session.prompt());
        let (waits, dropped) = (Arc::clone(&asking.waits), Arc::clone(&asking.dropped));
        let handled = ctrlc::set_handler(move || {
            stop.now();
            if waits.load(Ordering::Relaxed) {
                dropped.store(true, Ordering::Relaxed);
                // The terminal has forgotten what was typed of the line.
                let _ = stdio::print(format!("\n{prompt}").as_bytes());
            }
        });
        if let Err(error) = handled {
            stdio::eprint_line(&format!("warning: Ctrl-C will end the program: {error}"));
        }
        asking
    }

    fn read_line(&self, line: &mut Vec<u8>) -> io::Result<bool> {
        self.waits.store(true, Ordering::Relaxed);
        let is_read = read_line(line);
        self.waits.store(false, Ordering::Relaxed);
        is_read
    }
}

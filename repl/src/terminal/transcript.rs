//! The REPL without a terminal: each line of standard input is fed to the session, and what it replies is printed.

use super::{Next, banner, begin, show};
use crate::output;
use crate::present::Player;
use crate::session::{Reply, Session};
use crate::style::ErrorFormat;
use std::io::{self, BufRead};

/// Feeds standard input to the session.
///
/// Under C++ Nix's voice there is a banner, and an empty line after each answer. With `_NIX_TEST_REPL_ECHO`, as C++ Nix
/// has it for its tests, what was read is shown behind a prompt. An empty line plays the next step of a prepared session.
pub(super) fn transcribe(session: &mut Session<'_>, mut player: Player) -> io::Result<()> {
    let style = Style::of(session);
    if style.is_nix {
        output::print(banner(session).as_bytes())?;
        output::print(b"\n")?;
    }
    begin(session)?;
    answer_lines(session, &style, &mut player).map(|_| ())
}

/// The same inside an evaluation that stopped, until the user says how it goes on.
pub(super) fn transcribe_inside(session: &mut Session<'_>) -> io::Result<Next> {
    let style = Style::of(session);
    answer_lines(session, &style, &mut Player::default())
}

/// Answers lines until the user leaves. A line is read only when it is wanted: what an evaluation that stopped is told comes
/// from there too.
fn answer_lines(session: &mut Session<'_>, style: &Style, player: &mut Player) -> io::Result<Next> {
    let mut input = String::new();
    let mut line = Vec::new();
    while io::stdin().lock().read_until(b'\n', &mut line)? > 0 {
        style.echo(&input, &line)?;
        match line.trim_ascii().is_empty() && input.is_empty() {
            true => play(player, &mut input)?,
            false => input.push_str(&String::from_utf8_lossy(&line)),
        }
        line.clear();
        let reply = session.feed(&input);
        if matches!(reply, Reply::Incomplete) {
            continue;
        }
        input.clear();
        let next = show(session, reply, &mut output::print)?;
        if next != Next::GoOn {
            return Ok(next);
        }
        style.end_answer()?;
    }
    let rest = session.end(&input);
    show(session, rest, &mut output::print)?;
    match (style.is_nix, session.standstill()) {
        (false, _) => {}
        (true, Some(_)) => output::print(b"\n")?,
        (true, None) => style.echo("", b"")?,
    }
    Ok(Next::Leave)
}

/// Takes the next step of a prepared session as input, and shows it.
fn play(player: &mut Player, input: &mut String) -> io::Result<()> {
    if let Some(heading) = player.heading() {
        output::print(format!("# {heading}\n").as_bytes())?;
    }
    if let Some(next) = player.next() {
        output::print(format!("▸ {}\n", next.replace('\n', "\n  ")).as_bytes())?;
        *input = next;
    }
    Ok(())
}

/// What is printed besides answers.
struct Style {
    is_nix: bool,
    /// The prompt to show what was read behind.
    echo: Option<String>,
}

impl Style {
    fn of(session: &mut Session<'_>) -> Self {
        let is_nix = session.errors().format == ErrorFormat::Nix;
        let prompt = session.preferences().prompt.clone();
        Self { is_nix, echo: std::env::var_os("_NIX_TEST_REPL_ECHO").map(|_| prompt) }
    }

    /// A line behind its prompt.
    fn echo(&self, before: &str, line: &[u8]) -> io::Result<()> {
        let Some(prompt) = &self.echo else { return Ok(()) };
        let continued = format!("{:>1$}", "> ", prompt.len());
        let prompt = if before.is_empty() { prompt } else { &continued };
        output::print(&[prompt.as_bytes(), line].concat())
    }

    fn end_answer(&self) -> io::Result<()> {
        if self.is_nix { output::print(b"\n") } else { Ok(()) }
    }
}

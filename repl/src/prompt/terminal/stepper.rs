//! The steps of an evaluation at a terminal: keys go forward and back.

use crate::output::stdio;
use crate::prompt::steps::{ending, lines};
use console::{Key, Term};
use nivis::codec::palette::Look;
use nivis::eval::Reductions;
use std::io;

/// The keys, as they are told to the user.
const KEYS: &str = "→ next · ← back · Home · End · q to leave";

/// Shows a step at a time until the user leaves. The last one that was seen stays on the screen.
pub(super) fn browse(done: &Reductions, look: Look) -> io::Result<()> {
    let term = Term::stdout();
    let last = done.steps.len().saturating_sub(1);
    let mut at = 0;
    loop {
        let shown = screen(done, at, look, term.size().0.into());
        stdio::print(shown.join("\n").as_bytes())?;
        stdio::print(b"\n")?;
        let next = match term.read_key() {
            Ok(Key::ArrowRight | Key::ArrowDown | Key::Char(' ' | 'n' | 'j' | 'l') | Key::Enter) => last.min(at + 1),
            Ok(Key::ArrowLeft | Key::ArrowUp | Key::Char('p' | 'k' | 'h' | 'b') | Key::Backspace) => {
                at.saturating_sub(1)
            }
            Ok(Key::Home | Key::Char('g' | '0')) => 0,
            Ok(Key::End | Key::Char('G' | '$')) => last,
            Ok(Key::Char('q') | Key::Escape | Key::CtrlC) | Err(_) => {
                // The line about the keys is of no use any more.
                return term.clear_last_lines(1);
            }
            Ok(_) => at,
        };
        term.clear_last_lines(shown.len())?;
        at = next;
    }
}

/// The lines of a step, with one about the keys. Of a step that is too long the end is left out.
fn screen(done: &Reductions, at: usize, look: Look, rows: usize) -> Vec<String> {
    let mut shown = vec![format!("Step {} of {}", at + 1, done.steps.len())];
    if let Some(step) = done.steps.get(at) {
        shown.extend(lines(step, look).into_iter().map(|line| format!("  {line}")));
    }
    if at + 1 == done.steps.len() && !ending(done).is_empty() {
        shown.push(ending(done));
    }
    let room = rows.saturating_sub(3).max(3);
    if shown.len() > room {
        shown.truncate(room);
        shown.push("  …".to_owned());
    }
    let width = look.width.unwrap_or(80);
    shown.push(KEYS.chars().take(width.saturating_sub(1)).collect());
    shown
}

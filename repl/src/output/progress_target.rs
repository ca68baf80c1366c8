//! The place where progress is drawn: standard error, without its last columns.
//!
//! A terminal shows `^C` where the cursor is. After a full line that would be in the next one, and clearing the line
//! that the cursor is in would leave the full one.

use console::Term;
use indicatif::{ProgressDrawTarget, TermLike};
use std::io::Result;

/// The columns for `^C`, and one that the cursor never leaves.
const KEPT_FREE: u16 = 3;
/// The number of redraws per second.
const RATE: u8 = 20;

/// The target of all progress.
pub(crate) fn progress_target() -> ProgressDrawTarget {
    ProgressDrawTarget::term_like_with_hz(Box::new(Narrow(Term::buffered_stderr())), RATE)
}

/// A terminal that seems to be narrower.
#[derive(Debug)]
struct Narrow(Term);

impl TermLike for Narrow {
    fn width(&self) -> u16 {
        self.0.width().saturating_sub(KEPT_FREE)
    }

    fn height(&self) -> u16 {
        self.0.height()
    }

    fn move_cursor_up(&self, lines: usize) -> Result<()> {
        self.0.move_cursor_up(lines)
    }

    fn move_cursor_down(&self, lines: usize) -> Result<()> {
        self.0.move_cursor_down(lines)
    }

    fn move_cursor_right(&self, columns: usize) -> Result<()> {
        self.0.move_cursor_right(columns)
    }

    fn move_cursor_left(&self, columns: usize) -> Result<()> {
        self.0.move_cursor_left(columns)
    }

    fn write_line(&self, text: &str) -> Result<()> {
        self.0.write_line(text)
    }

    fn write_str(&self, text: &str) -> Result<()> {
        self.0.write_str(text)
    }

    fn clear_line(&self) -> Result<()> {
        self.0.clear_line()
    }

    fn flush(&self) -> Result<()> {
        self.0.flush()
    }
}

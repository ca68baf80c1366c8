//! A bar at a terminal's standard error: how much is done, how fast, how much failed, and what is being evaluated.

use super::line::joined;
use super::path::Path;
use crate::output::progress::in_one_line;
use crate::output::progress_target::progress_target;
use crate::output::stdio;
use crate::output::style::can_redraw;
use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use std::fmt::Write;
use std::io::{self, IsTerminal};
use std::time::Duration;

/// The template of the bar. One that indicatif does not understand would be a mistake in this line.
const TEMPLATE: &str = "{wide_bar} {pos}/{len} {rate} {msg}";
/// Longest name shown.
const LONGEST: usize = 40;
const BEAT: Duration = Duration::from_millis(200);

/// The bar, or nothing where there is no terminal.
#[derive(Clone)]
pub(super) struct Progress {
    bar: Option<ProgressBar>,
    errors: u64,
    /// Standard output is a terminal too: lines there would run into the bar.
    shares_terminal: bool,
}

impl Progress {
    /// A bar with nothing done.
    pub(super) fn new() -> Self {
        let bar = can_redraw(&io::stderr()).then(|| {
            let bar = ProgressBar::with_draw_target(Some(1), progress_target());
            if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
                let rate = |state: &ProgressState, out: &mut dyn Write| {
                    // Written into a string, which doesn't fail.
                    let _ = write!(out, "{:.0}/s", state.per_sec());
                };
                bar.set_style(style.with_key("rate", rate));
            }
            bar.enable_steady_tick(BEAT);
            bar
        });
        Self { bar, errors: 0, shares_terminal: io::stdout().is_terminal() }
    }

    /// True if there is a bar.
    pub(super) fn is_shown(&self) -> bool {
        self.bar.is_some()
    }

    /// Something more has been looked at, and this much is known to be left.
    pub(super) fn advance(&self, left: usize) {
        if let Some(bar) = &self.bar {
            bar.inc(1);
            bar.set_length(bar.position() + left as u64);
        }
    }

    /// An attribute had no value.
    pub(super) fn count_error(&mut self) {
        self.errors += 1;
    }

    /// A worker begins with this.
    pub(super) fn begin(&self, path: &Path) {
        if let Some(bar) = &self.bar {
            let errors = match self.errors {
                0 => String::new(),
                1 => "1 error ".to_owned(),
                many => format!("{many} errors "),
            };
            let name: String = in_one_line(&joined(path)).chars().take(LONGEST).collect();
            bar.set_message(errors + &name);
        }
    }

    /// Prints a line on standard output.
    ///
    /// # Errors
    /// Fails if the line can't be written.
    pub(super) fn print(&self, line: &[u8]) -> io::Result<()> {
        match &self.bar {
            Some(bar) if self.shares_terminal => bar.suspend(|| stdio::print(line)),
            _ => stdio::print(line),
        }
    }

    /// Prints a line on standard error.
    pub(super) fn eprint_line(&self, line: &[u8]) {
        match &self.bar {
            Some(bar) => bar.suspend(|| stdio::eprint_bytes(line)),
            None => stdio::eprint_bytes(line),
        }
    }

    /// Takes the bar away.
    pub(super) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

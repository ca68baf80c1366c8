//! One line at a terminal's standard error that shows what is being done. Any other output takes its place.

use crate::output::progress_target::progress_target;
use crate::output::style::can_redraw;
use indicatif::{ProgressBar, ProgressStyle};
use nivis::codec::terminal::visible;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The template of the line: as much of the message as there is room for. One that indicatif does not understand would
/// be a mistake in this line.
const TEMPLATE: &str = "{wide_msg}";

static LINE: Mutex<Option<ProgressBar>> = Mutex::new(None);

fn line() -> MutexGuard<'static, Option<ProgressBar>> {
    LINE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Shows the line from now on, where there is a terminal.
pub(crate) fn begin() {
    if can_redraw(&io::stderr()) {
        let bar = ProgressBar::with_draw_target(None, progress_target());
        if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
            bar.set_style(style);
        }
        *line() = Some(bar);
    }
}

/// Shows what is being done.
pub(crate) fn tell(text: impl FnOnce() -> String) {
    if let Some(bar) = &*line() {
        bar.set_message(in_one_line(&text()));
    }
}

/// Takes the line away.
pub(crate) fn end() {
    if let Some(bar) = line().take() {
        bar.finish_and_clear();
    }
}

/// Writes something else meanwhile.
pub(crate) fn aside<T>(write: impl FnOnce() -> T) -> T {
    let bar = line().clone();
    match bar {
        Some(bar) => bar.suspend(write),
        None => write(),
    }
}

/// A name for a line that is drawn again and again.
pub(crate) fn in_one_line(text: &str) -> String {
    visible(text, false).replace('\n', " ")
}

//! A line at a terminal's standard error during a download: how much, how fast. A download of less than half a second
//! is not shown, and the line vanishes at the end.

use crate::output::progress::in_one_line;
use crate::output::progress_target::progress_target;
use crate::output::style::can_redraw;
use indicatif::{ProgressBar, ProgressStyle};
use nivis::io::Progress;
use std::cell::RefCell;
use std::io;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// With the size known, and without. indicatif understands both.
const TEMPLATES: [&str; 2] = [
    "{spinner} {wide_msg} {bytes}/{total_bytes} {binary_bytes_per_sec}",
    "{spinner} {wide_msg} {bytes} {binary_bytes_per_sec}",
];
const SOON: Duration = Duration::from_millis(500);

/// The download that is going on, if one is.
#[derive(Clone, Debug, Default)]
pub(crate) struct Downloads(Rc<RefCell<Option<Download>>>);

#[derive(Debug)]
struct Download {
    begun: Instant,
    /// `None` without a terminal.
    bar: Option<ProgressBar>,
}

impl Downloads {
    /// Shows how far something is.
    pub(crate) fn show(&self, progress: &Progress<'_>) {
        let mut current = self.0.borrow_mut();
        if progress.is_finished {
            if let Some(bar) = current.take().and_then(|download| download.bar) {
                bar.finish_and_clear();
            }
            return;
        }
        let download = current.get_or_insert_with(|| Download { begun: Instant::now(), bar: None });
        if download.begun.elapsed() < SOON {
            return;
        }
        if download.bar.is_none() && can_redraw(&io::stderr()) {
            download.bar = Some(bar(progress, download.begun.elapsed()));
        }
        if let Some(bar) = &download.bar {
            bar.set_position(progress.done);
        }
    }
}

fn bar(progress: &Progress<'_>, elapsed: Duration) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(progress.total, progress_target());
    if let Ok(style) = ProgressStyle::with_template(TEMPLATES[usize::from(progress.total.is_none())]) {
        bar.set_style(style);
    }
    bar.set_message(in_one_line(progress.what));
    bar.with_elapsed(elapsed)
}

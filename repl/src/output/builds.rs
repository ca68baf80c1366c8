//! The daemon's work for an evaluation: a line for each build and download at a terminal, plain lines elsewhere, or
//! records.

use crate::output::log_records;
use crate::output::progress_target::progress_target;
use crate::output::stdio;
use crate::output::style::can_redraw;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use nivis::codec::terminal::{shown_text, visible};
use nivis::store::daemon::client::Listener;
use nivis::store::daemon::messages::{Activity, Event, Field};
use nivis::store::daemon::types::ClientOptions;
use std::cell::RefCell;
use std::collections::HashMap;
use std::io;
use std::rc::Rc;
use std::time::Duration;

/// The kinds of activities that are shown, as the protocol numbers them.
const COPY: u64 = 100;
const BUILD: u64 = 105;
const SUBSTITUTE: u64 = 108;
const WAIT: u64 = 111;
/// The reports that are lines of logs: of a build, and of a hook that runs after it.
const LOG_LINES: [u64; 2] = [101, 107];
/// The report that names a phase of a build.
const PHASE: u64 = 104;

/// The level of what is said in passing; warnings and errors are below.
const NOTICE: u64 = 2;
/// The usual level.
const USUAL: i64 = 3;

/// The template of a line. One that indicatif does not understand would be a mistake in it.
const TEMPLATE: &str = "{spinner} {prefix} {elapsed} {wide_msg}";

/// The digits of a store path and the dash after them.
const DIGITS_AND_DASH: usize = 33;

/// True if plans and steps are lines of their own: where nothing is redrawn, or with a higher verbosity than the usual 0.
pub(crate) fn tells_steps(verbosity: i32) -> bool {
    verbosity > 0 || (verbosity == 0 && !can_redraw(&io::stderr()))
}

/// The form in which builds are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum LogFormat {
    /// Plain lines.
    Raw,
    /// A line for each build, redrawn where there is a terminal.
    #[default]
    Bar,
    /// Records.
    Json,
}

/// The form, and whether it has all lines of build logs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Logs {
    pub(crate) format: LogFormat,
    pub(crate) has_lines: bool,
}

/// The display of builds, shared by all engines of the program.
#[derive(Clone, Debug, Default)]
pub(crate) struct BuildDisplay {
    options: ClientOptions,
    logs: Logs,
    state: Rc<RefCell<State>>,
}

#[derive(Debug, Default)]
struct State {
    lines: Option<MultiProgress>,
    running: HashMap<u64, Running>,
}

/// An activity that is going on.
#[derive(Debug)]
struct Running {
    name: String,
    /// `None` without a terminal.
    bar: Option<ProgressBar>,
}

impl BuildDisplay {
    /// A display that says more with a higher verbosity; 0 is usual.
    pub(crate) fn new(options: ClientOptions, verbosity: i32, logs: Logs) -> Self {
        let verbosity = u64::try_from(i64::from(verbosity) + USUAL).unwrap_or(0);
        Self { options: ClientOptions { verbosity, ..options }, logs, state: Rc::default() }
    }

    /// The options that a daemon gets.
    pub(crate) fn options(&self) -> ClientOptions {
        self.options.clone()
    }

    /// The receiver of a daemon's events.
    pub(crate) fn listener(&self) -> Rc<dyn Listener> {
        Rc::new(self.clone())
    }
}

impl Listener for BuildDisplay {
    fn event(&self, event: Event) {
        if self.logs.format == LogFormat::Json {
            return log_records::event(&event);
        }
        let (mut state, verbosity) = (self.state.borrow_mut(), self.options.verbosity);
        let redraws = self.logs.format == LogFormat::Bar && can_redraw(&io::stderr());
        match event {
            Event::Line(line) => state.print(&String::from_utf8_lossy(&line)),
            Event::Start(activity) => state.start(&activity, verbosity, redraws),
            Event::Stop { id } => state.stop(id),
            Event::Report { id, kind, fields } => state.report(id, kind, &fields, self.logs),
        }
    }

    fn closed(&self) {
        self.state.borrow_mut().clear();
    }
}

impl State {
    /// Takes all lines away.
    fn clear(&mut self) {
        for bar in self.running.drain().filter_map(|(_, running)| running.bar) {
            bar.finish_and_clear();
        }
        self.lines = None;
    }

    /// Prints a line of its own.
    fn print(&self, line: &str) {
        let line = shown_text(line, can_redraw(&io::stderr()));
        let print = || stdio::eprint_line(line.trim_end_matches('\n'));
        match &self.lines {
            Some(lines) => lines.suspend(print),
            None => print(),
        }
    }

    fn start(&mut self, activity: &Activity, verbosity: u64, redraws: bool) {
        if !matches!(activity.kind, COPY | BUILD | SUBSTITUTE | WAIT) {
            return;
        }
        let subject = activity.fields.iter().find_map(|field| match field {
            Field::Text(text) => Some(text),
            Field::Number(_) => None,
        });
        let name = subject.map_or_else(String::new, |path| short_name(path));
        let bar = redraws.then(|| self.bar(activity.kind, &name));
        let is_told = activity.kind != WAIT && activity.level <= verbosity;
        if bar.is_none() && is_told && verbosity > NOTICE && !activity.text.is_empty() {
            self.print(&format!("{}...", String::from_utf8_lossy(&activity.text)));
        }
        self.running.insert(activity.id, Running { name, bar });
    }

    fn bar(&mut self, kind: u64, name: &str) -> ProgressBar {
        let lines = self.lines.get_or_insert_with(|| MultiProgress::with_draw_target(progress_target()));
        let bar = lines.add(ProgressBar::new_spinner());
        if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
            bar.set_style(style);
        }
        let verb = match kind {
            BUILD => "building",
            WAIT => "waiting for",
            _ => "downloading",
        };
        bar.set_prefix(format!("{verb} {}", visible(name, false)));
        bar.enable_steady_tick(Duration::from_millis(120));
        bar
    }

    fn stop(&mut self, id: u64) {
        if let Some(bar) = self.running.remove(&id).and_then(|running| running.bar) {
            bar.finish_and_clear();
        }
        if self.running.is_empty() {
            self.lines = None;
        }
    }

    fn report(&self, id: u64, kind: u64, fields: &[Field], logs: Logs) {
        let (Some(running), Some(Field::Text(text))) = (self.running.get(&id), fields.first()) else { return };
        let text = String::from_utf8_lossy(text);
        if LOG_LINES.contains(&kind) {
            if logs.has_lines && logs.format == LogFormat::Raw {
                self.print(&text);
            } else if logs.has_lines {
                self.print(&format!("{}> {text}", running.name));
            } else if let Some(bar) = &running.bar {
                bar.set_message(visible(&shown_text(&text, false), false).into_owned());
            }
        } else if let (PHASE, Some(bar)) = (kind, &running.bar) {
            bar.set_message(visible(&shown_text(&text, false), false).into_owned());
        }
    }
}

/// The name in a store path, without `.drv`.
fn short_name(path: &[u8]) -> String {
    let path = String::from_utf8_lossy(path);
    let base = path.rsplit('/').next().unwrap_or_default();
    let name = base.get(DIGITS_AND_DASH..).unwrap_or(base);
    name.strip_suffix(".drv").unwrap_or(name).to_owned()
}

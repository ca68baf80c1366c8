//! The place where an evaluation stopped: its trace, the scopes of its lines, and which of them is looked at.

use super::Session;
use super::scope::{Bound, Origin};
use super::world::{FrameScope, World};
use crate::command_line::words::usage;
use crate::output::style::ErrorFormat;
use crate::output::wrap::add_wrapped;
use nivis::builtins;
use nivis::error::Error;
use nivis::eval::{self, Reason, StackFrame};
use nivis::heap::PosId;
use nivis::source::Place;
use nivis::{ErrorKind, Result, print, report};

/// The reason why an evaluation stopped.
#[derive(Debug)]
pub(crate) enum Halt {
    /// An error.
    Error(Error),
    /// `builtins.break`.
    Break,
    /// Something that was traced or warned of.
    Message,
    /// The next step.
    Step,
}

/// The place where an evaluation stopped.
#[derive(Debug)]
pub(crate) struct PausedEvaluation {
    pub(crate) halt: Halt,
    /// `tryEval` may catch the error.
    pub(crate) in_try: bool,
    /// The innermost frame is there for its scope only: it is that of the error.
    has_own_scope: bool,
    /// The line of the trace whose scope is in use.
    shown: usize,
    /// The sets of all `with` there were evaluated, to find a name.
    has_forced: bool,
}

impl PausedEvaluation {
    pub(super) fn of(stop: &eval::Stop<'_, '_>) -> Self {
        let halt = match stop.reason {
            Reason::Error(error) => Halt::Error(error.clone()),
            Reason::Break => Halt::Break,
            Reason::Trace | Reason::Warning => Halt::Message,
            Reason::Step => Halt::Step,
        };
        let has_own_scope = stop.frames.last().is_some_and(StackFrame::is_mere_scope);
        Self { halt, in_try: stop.in_try, has_own_scope, shown: 0, has_forced: false }
    }

    /// True if the trace begins with a line about the error or `break`, which is in the innermost frame.
    fn has_head(&self) -> bool {
        matches!(self.halt, Halt::Error(_) | Halt::Break)
    }

    /// The frame of a line of the trace.
    fn frame(&self, line: usize) -> usize {
        if self.has_head() && !self.has_own_scope { line.saturating_sub(1) } else { line }
    }
}

/// A line of a trace, with its place.
struct TraceLine {
    text: String,
    place: Place,
}

impl Session<'_> {
    /// The trace, a line for the error or `break` first.
    fn trace_lines(&self) -> Vec<TraceLine> {
        let (Some(at), World::Stopped(stopped)) = (&self.at, &self.engine) else { return Vec::new() };
        let frames = stopped.frames().into_iter().map(|(text, position)| TraceLine { text, place: position.into() });
        let mut lines: Vec<TraceLine> = frames.collect();
        match &at.halt {
            Halt::Break => {
                lines.insert(0, TraceLine { text: "error: breakpoint reached".to_owned(), place: Place::NOWHERE });
            }
            Halt::Error(error) => {
                let frame = lines.first().map_or(Place::NOWHERE, |line| line.place);
                let place = Some(error.without_trace().place()).filter(|place| *place != Place::NOWHERE);
                let is_nix = self.configuration.errors.format == ErrorFormat::Nix;
                let words = error.nix_words().filter(|_| is_nix).map_or_else(|| error.to_string(), str::to_owned);
                if at.has_own_scope {
                    lines.remove(0);
                }
                lines.insert(0, TraceLine { text: format!("error: {words}"), place: place.unwrap_or(frame) });
            }
            Halt::Message | Halt::Step => {}
        }
        lines
    }

    /// The innermost line of the trace.
    pub(crate) fn innermost(&self) -> String {
        let lines = self.trace_lines();
        let place = |line: &TraceLine| report::excerpt(line.place, self.engine.sources());
        let text = |line: &TraceLine| format!("{}\n{}", line.text, place(line).unwrap_or_default());
        lines.first().map(text).unwrap_or_default().trim_end().to_owned()
    }

    /// True if there are more names now: an input failed because a name was missing, which a `with` may have whose set
    /// is not evaluated yet.
    pub(crate) fn finds_more(&mut self, error: &Error) -> bool {
        let (Some(at), World::Stopped(stopped)) = (&mut self.at, &mut self.engine) else { return false };
        if at.has_forced || !matches!(error.kind(), ErrorKind::UndefinedVariable(_)) {
            return false;
        }
        at.has_forced = true;
        let (frame, line) = (at.frame(at.shown), at.shown);
        let found = stopped.force_withs(frame);
        if found {
            self.look_at(line);
            self.at.iter_mut().for_each(|at| at.has_forced = true);
        }
        found
    }

    /// The whole trace as text.
    pub(crate) fn backtrace(&self) -> Result<String> {
        self.stopped_at()?;
        let lines = self.trace_lines();
        let lines: Vec<_> = lines.iter().enumerate().map(|(number, line)| self.trace_line(number, line)).collect();
        Ok(lines.concat())
    }

    fn trace_line(&self, number: usize, line: &TraceLine) -> String {
        let place = report::excerpt(line.place, self.engine.sources()).map(|text| text + "\n").unwrap_or_default();
        format!("\n{number}: {}\n{place}", line.text)
    }

    /// Goes to a line of the trace; `None` stays. Shows it, and the names there.
    pub(crate) fn show_frame(&mut self, line: Option<usize>) -> Result<String> {
        let shown = self.stopped_at()?.shown;
        let lines = self.trace_lines();
        let number = line.unwrap_or(shown);
        let Some(line) = lines.get(number) else {
            return Err(usage(format!("the trace has no line {number}, only 0 to {}; see :bt", lines.len() - 1)));
        };
        if number != shown {
            self.look_at(number);
        }
        Ok(format!("{}\n{}", self.trace_line(number, line), self.environment()?))
    }

    /// The names in scope, level by level.
    pub(crate) fn environment(&mut self) -> Result<String> {
        let at = self.stopped_at()?;
        let World::Stopped(stopped) = &self.engine else { return Ok(String::new()) };
        let scopes = stopped.scopes(at.frame(at.shown));
        if self.configuration.errors.format != ErrorFormat::Nix {
            return Ok(self.scopes_with_values(&scopes));
        }
        let mut text = String::new();
        for (level, FrameScope { is_with, names }) in scopes.iter().enumerate() {
            let names =
                names.as_ref().map(|names| names.iter().map(|(name, _)| format!("{name} ")).collect::<String>());
            text += &format!("Env level {level}\nstatic: ");
            text += &match (is_with, names) {
                (false, names) => format!("{}\n\n", names.unwrap_or_default()),
                (true, Some(names)) => format!("\nwith: {names}\n\n"),
                (true, None) => "\n\n".to_owned(),
            };
        }
        let names: String = global_names().map(|name| format!("{name} ")).collect();
        Ok(format!("{text}Env level {}\n{names}\n", scopes.len()))
    }

    /// The names of each scope with their values as far as they are evaluated, a line for each scope, innermost first.
    fn scopes_with_values(&mut self, scopes: &[FrameScope]) -> String {
        let width = self.look().width.unwrap_or(usize::MAX);
        let mut text = String::new();
        for FrameScope { is_with, names } in scopes {
            let lead = if *is_with { "with: " } else { "" };
            let Some(names) = names else {
                add_wrapped(&mut text, lead, "not evaluated yet", width);
                continue;
            };
            let shown = self.engine.enter(|cx| {
                let shown = names.iter().map(|(name, root)| match cx.get(root) {
                    Ok(value) => format!("{name} = {}", print::unforced(cx, value, &short())),
                    Err(_) => name.clone(),
                });
                shown.collect::<Vec<_>>()
            });
            if !shown.is_empty() {
                add_wrapped(&mut text, lead, &shown.join(", "), width);
            }
        }
        if text.is_empty() { "no names but those of the language".to_owned() } else { text }
    }

    pub(super) fn stopped_at(&self) -> Result<&PausedEvaluation> {
        self.at
            .as_ref()
            .ok_or_else(|| usage("nothing is stopped: this needs the debugger, which ':debug <expr>' starts"))
    }

    /// Takes the names of another line of the trace. The user's own stay.
    pub(super) fn look_at(&mut self, line: usize) {
        let (Some(at), World::Stopped(stopped)) = (&mut self.at, &self.engine) else { return };
        at.shown = line;
        at.has_forced = false;
        let scopes = stopped.scopes(at.frame(line));
        let mut names = Vec::new();
        // As in the program, what `with` provides gives way to all other names, also to the language's own.
        let (withs, lexical): (Vec<_>, Vec<_>) = scopes.into_iter().rev().partition(|scope| scope.is_with);
        let global: Vec<&str> = global_names().collect();
        for scope in withs {
            let members = scope.names.into_iter().flatten();
            names.extend(members.filter(|(name, _)| !global.contains(&name.as_str())));
        }
        names.extend(lexical.into_iter().filter_map(|scope| scope.names).flatten());
        let bound = |root| Bound { root, origin: Origin::Loaded, position: PosId::NONE };
        self.scope.replace_loaded(names.into_iter().map(|(name, root)| (name, bound(root))).collect());
    }
}

/// The display of values in scope.
fn short() -> print::Options {
    print::Options {
        max_depth: 1,
        max_attributes: 6,
        max_items: 6,
        max_string_length: 60,
        ..print::Options::for_errors()
    }
}

/// The language's own names, in alphabetical order, without those that `builtins` has too.
fn global_names() -> impl Iterator<Item = &'static str> {
    let globals = builtins::all().filter(|builtin| builtin.is_global).map(|builtin| builtin.name);
    let mut names: Vec<_> = globals.chain(["builtins", "derivation", "true", "false", "null"]).collect();
    names.retain(|name| !name.starts_with("__"));
    names.sort_unstable();
    names.dedup();
    names.into_iter()
}

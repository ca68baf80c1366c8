//! The line editor's questions about the text being typed: whether it is complete, its completions, hints and colours.

use super::completion::Completions;
use super::pace::Pace;
use crate::prompt::commands;
use crate::prompt::highlight::{bracket_at, highlighted};
use crate::prompt::reading::{Reading, read};
use crate::prompt::session::Session;
use nivis::codec::palette::Palette;
use rustyline::completion::{Completer, Pair};
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::{Hinter, HistoryHinter};
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Context, Helper};
use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

/// The session, which the line editor asks for completions while a line is typed.
pub(super) type SharedSession<'s, 'a> = Rc<RefCell<&'s mut Session<'a>>>;

/// The line editor's view of the session.
pub(super) struct Line<'s, 'a> {
    pub(super) session: SharedSession<'s, 'a>,
    pub(super) colours: bool,
    pub(super) hinter: HistoryHinter,
    pub(super) pace: Arc<Pace>,
    /// The text continues an input whose first lines were read before.
    pub(super) continues: bool,
}

impl Validator for Line<'_, '_> {
    /// Enter begins a new line while the input is incomplete. The lines of a pasted text are read one by one.
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        if self.continues || self.pace.is_paste() {
            return Ok(ValidationResult::Valid(None));
        }
        Ok(match read(context.input()) {
            Reading::Incomplete => ValidationResult::Incomplete,
            _ => ValidationResult::Valid(None),
        })
    }
}

impl Completer for Line<'_, '_> {
    type Candidate = Pair;

    fn complete(&self, line: &str, position: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        let mut session = self.session.borrow_mut();
        let Completions { start, candidates } = super::completion::complete(&mut session, &line[..position]);
        let pair = |(display, replacement)| Pair { display, replacement };
        Ok((start, candidates.into_iter().map(pair).collect()))
    }
}

impl Hinter for Line<'_, '_> {
    type Hint = String;

    /// The rest of an earlier input. Without colours it would look as if it had been typed.
    fn hint(&self, line: &str, position: usize, context: &Context<'_>) -> Option<String> {
        if !self.colours || self.pace.is_paste() || line.is_empty() || line.contains('\n') {
            return None;
        }
        self.hinter.hint(line, position, context)
    }
}

impl Highlighter for Line<'_, '_> {
    fn highlight<'l>(&self, line: &'l str, position: usize) -> Cow<'l, str> {
        let is_coloured = self.colours && !self.pace.is_paste();
        let is_command = || line.split_whitespace().next().is_some_and(|word| commands::find(word).is_some());
        let shown = match is_coloured {
            true => {
                let palette = self.session.borrow().look().palette.unwrap_or(Palette::DARK);
                highlighted(line, bracket_at(line, position), is_command(), palette).into()
            }
            false => line.into(),
        };
        self.pace.ready();
        shown
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        format!("\x1b[2m{hint}\x1b[0m").into()
    }

    /// True if the line is redrawn, so that its colours are right. A pasted text is not: its lines would be drawn once
    /// for each of their characters.
    fn highlight_char(&self, _: &str, _: usize, _: CmdKind) -> bool {
        self.pace.ready();
        self.colours && !self.pace.is_paste()
    }
}

impl Helper for Line<'_, '_> {}

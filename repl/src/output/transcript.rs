//! The transcript of a session: inputs and what the program answered. `:export` writes it.

use crate::output::svg::Picture;
use std::cell::RefCell;
use std::rc::Rc;

/// Something that the program said.
#[derive(Clone, Debug)]
pub(crate) enum Part {
    /// A value.
    Value(String),
    /// Anything else: an error, a message, what a command has to say.
    Text(String),
    /// A picture that was drawn into a file.
    Picture(Picture),
}

/// An input and what was said to it.
#[derive(Clone, Debug)]
pub(crate) struct Turn {
    pub(crate) input: String,
    /// The input is a command.
    pub(crate) is_command: bool,
    pub(crate) parts: Vec<Part>,
}

/// All turns. Messages of evaluations belong to the input that is being answered.
#[derive(Clone, Debug, Default)]
pub(crate) struct Transcript(Rc<RefCell<Vec<Turn>>>);

impl Transcript {
    /// An input begins.
    pub(crate) fn begin(&self, input: &str, is_command: bool) {
        self.0.borrow_mut().push(Turn { input: input.to_owned(), is_command, parts: Vec::new() });
    }

    /// The program says something to the last input. What it says before the first is forgotten.
    pub(crate) fn add(&self, part: Part) {
        if let Some(last) = self.0.borrow_mut().last_mut() {
            last.parts.push(part);
        }
    }

    /// The turns of the session, without those that export it.
    pub(crate) fn turns(&self) -> Vec<Turn> {
        let turns = self.0.borrow();
        turns.iter().filter(|turn| !turn.input.starts_with(":export")).cloned().collect()
    }
}

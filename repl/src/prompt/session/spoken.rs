//! What was said in a session, by the user and by the program: what `:export` writes.

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
pub(crate) struct Exchange {
    pub(crate) input: String,
    pub(crate) parts: Vec<Part>,
}

/// All of it; what the outside world has to say belongs to the input that is being answered.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spoken(Rc<RefCell<Vec<Exchange>>>);

impl Spoken {
    /// An input begins.
    pub(crate) fn begin(&self, input: &str) {
        self.0.borrow_mut().push(Exchange { input: input.to_owned(), parts: Vec::new() });
    }

    /// The program says something to the last input. What it says before the first is forgotten.
    pub(crate) fn add(&self, part: Part) {
        if let Some(last) = self.0.borrow_mut().last_mut() {
            last.parts.push(part);
        }
    }

    /// What was said, except for inputs that ask for it.
    pub(crate) fn exchanges(&self) -> Vec<Exchange> {
        let spoken = self.0.borrow();
        spoken.iter().filter(|exchange| !exchange.input.starts_with(":export")).cloned().collect()
    }
}

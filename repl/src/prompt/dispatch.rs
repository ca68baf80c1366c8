//! An input of the REPL: understood, then done by the session or a command.

#[cfg(test)]
mod tests;

use super::advice;
use crate::output::style::ErrorFormat;
use crate::prompt::reading::{Reading, mistake, read, separate};
use crate::prompt::session::{Reply, Session};
use nivis::Result;

impl Session<'_> {
    /// Does what an input says.
    pub(crate) fn feed(&mut self, input: &str) -> Reply {
        self.begin_input(input);
        let (reading, typed) = (read(input), input.trim());
        if let (Reading::Wrong(_), Some(inputs)) = (&reading, separate(input)) {
            return self.feed_all(&inputs);
        }
        match reading {
            Reading::Empty => return Reply::Nothing,
            Reading::Incomplete => return Reply::Incomplete,
            _ => self.begin_answer(matches!(reading, Reading::Command(..))),
        }
        let reply = match self.perform(reading, typed) {
            Err(error) if self.finds_more(&error) => self.perform(read(input), typed),
            reply => reply,
        };
        self.end_answer(typed, reply)
    }

    /// Does what several pasted inputs say, up to the first error.
    fn feed_all(&mut self, inputs: &[String]) -> Reply {
        let mut replies = Vec::new();
        for input in inputs {
            let reply = self.feed(input);
            let is_end = matches!(reply, Reply::Error(_) | Reply::Quit);
            replies.push(reply);
            if is_end {
                break;
            }
        }
        Reply::Several(replies)
    }

    fn perform(&mut self, reading: Reading<'_>, input: &str) -> Result<Reply> {
        match reading {
            Reading::Command(command, argument) => {
                command.perform(self, argument).map_err(|error| advice::misused(command, argument, error))
            }
            Reading::Bindings(text) => self.bind(&text),
            Reading::Expression(text) => {
                let is_nix = self.errors().format == ErrorFormat::Nix;
                self.print(text).map_err(|error| advice::advised(input, error, is_nix))
            }
            Reading::Wrong(error) => Err(self.syntax_error(input, &error)),
            Reading::UnknownCommand(name) => Err(advice::unknown(name)),
            Reading::Empty | Reading::Incomplete => Ok(Reply::Nothing),
        }
    }

    /// The end of the input while it is incomplete: says what is missing.
    pub(crate) fn end(&mut self, input: &str) -> Reply {
        let text = input.trim();
        if text.is_empty() {
            return Reply::Nothing;
        }
        let argument = text.split_once(char::is_whitespace).map_or("", |(_, argument)| argument);
        let text = if text.starts_with(':') { argument } else { text };
        mistake(text).map_or(Reply::Nothing, |error| Reply::Error(self.syntax_error(text, &error)))
    }
}

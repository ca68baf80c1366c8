//! The look of the tree's lines.

use crate::output::stdio;
use crate::output::style::{BOLD, PLAIN, wants_colour};
use std::io;

const GREEN: &str = "\x1b[32;1m";
const MAGENTA: &str = "\x1b[35;1m";
const DIM: &str = "\x1b[2m";
/// The longest description shown after a package.
const LONGEST: usize = 60;

/// The tree on standard output.
pub(super) struct Page {
    is_coloured: bool,
    /// Standard output could not be written.
    pub(super) broken: Option<io::Error>,
}

impl Page {
    /// C++ Nix writes colours also where no terminal is.
    pub(super) fn new(is_nix: bool) -> Self {
        Self { is_coloured: is_nix || wants_colour(&io::stdout()), broken: None }
    }

    fn styled(&self, style: &str, text: &str) -> String {
        if self.is_coloured { format!("{style}{text}{PLAIN}") } else { text.to_owned() }
    }

    /// Text that matters.
    pub(super) fn bold(&self, text: &str) -> String {
        self.styled(BOLD, text)
    }

    /// The text shown instead of what is left out.
    pub(super) fn odd(&self, text: &str) -> String {
        self.styled(MAGENTA, text)
    }

    /// A name with the branch that leads to it.
    pub(super) fn name(&self, lead: &str, is_last: bool, name: &str) -> String {
        let branch = if is_last { "└───" } else { "├───" };
        self.styled(GREEN, &format!("{lead}{branch}")) + &self.bold(name)
    }

    /// The description after a package: its first line, cut.
    pub(super) fn aside(&self, description: &str) -> String {
        let line = description.lines().next().unwrap_or_default().trim();
        let mut text: String = line.chars().filter(|character| !character.is_control()).take(LONGEST).collect();
        if line.chars().count() > LONGEST {
            text.truncate(text.trim_end().len());
            text.push('…');
        }
        if text.is_empty() { text } else { self.styled(DIM, &format!(" – {text}")) }
    }

    /// Writes a line. False if that is impossible.
    pub(super) fn line(&mut self, text: &str) -> bool {
        match stdio::print(format!("{text}\n").as_bytes()) {
            Ok(()) => true,
            Err(error) => {
                self.broken = Some(error);
                false
            }
        }
    }
}

/// The lead of the lines below a name, before their own branches.
pub(super) fn below(lead: &str, is_last: bool) -> String {
    format!("{lead}{}", if is_last { "    " } else { "│   " })
}

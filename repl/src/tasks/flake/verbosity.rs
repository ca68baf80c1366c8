//! What is told besides the results: C++ Nix tells each step where nobody sees a progress bar.

use crate::command_line::args::Arguments;
use crate::output::stdio;
use crate::output::style::{ErrorFormat, ErrorStyle, wants_colour};
use std::io;

/// C++ Nix's levels that matter here.
const NOTICE: i32 = 2;
const INFO: i32 = 3;
const TALKATIVE: i32 = 4;

/// How much is told, and in which voice.
#[derive(Clone, Copy, Debug)]
pub(super) struct Verbosity {
    pub(super) errors: ErrorStyle,
    level: i32,
}

impl Verbosity {
    /// What the command line asks for. For people, steps are told on request alone.
    pub(super) fn of(arguments: &Arguments, errors: ErrorStyle) -> Self {
        let tells_steps = errors.format == ErrorFormat::Nix && !wants_colour(&io::stderr());
        let usual = if tells_steps { INFO } else { NOTICE };
        Self { errors, level: usual.saturating_add(arguments.verbosity) }
    }

    /// True if texts are C++ Nix's.
    pub(super) fn is_nix(self) -> bool {
        self.errors.format == ErrorFormat::Nix
    }

    /// True if people are told how it went.
    pub(super) fn sums_up(self) -> bool {
        self.errors.format == ErrorFormat::Pretty && self.level >= NOTICE
    }

    /// Tells a step.
    pub(super) fn step(self, text: &str) {
        self.tell(INFO, text);
    }

    /// Tells what is only a part of a step.
    pub(super) fn detail(self, text: &str) {
        self.tell(TALKATIVE, text);
    }

    fn tell(self, level: i32, text: &str) {
        if self.level >= level {
            stdio::eprint_line(text);
        }
    }
}

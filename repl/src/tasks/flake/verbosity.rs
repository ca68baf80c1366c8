//! Messages besides the results: C++ Nix reports each step where there is no progress bar.

use crate::command_line::args::Arguments;
use crate::output::stdio;
use crate::output::style::{ErrorFormat, ErrorStyle, wants_colour};
use std::io;

/// C++ Nix's levels that matter here.
const NOTICE: i32 = 2;
const INFO: i32 = 3;
const TALKATIVE: i32 = 4;

/// The amount and wording of messages.
#[derive(Clone, Copy, Debug)]
pub(super) struct Verbosity {
    pub(super) errors: ErrorStyle,
    level: i32,
}

impl Verbosity {
    /// The verbosity that the command line asks for. In the pretty format, steps are reported on request alone.
    pub(super) fn of(arguments: &Arguments, errors: ErrorStyle) -> Self {
        let tells_steps = errors.format == ErrorFormat::Nix && !wants_colour(&io::stderr());
        let usual = if tells_steps { INFO } else { NOTICE };
        Self { errors, level: usual.saturating_add(arguments.common.verbosity) }
    }

    /// True if texts are C++ Nix's.
    pub(super) fn is_nix(self) -> bool {
        self.errors.format == ErrorFormat::Nix
    }

    /// True if the outcome is reported.
    pub(super) fn sums_up(self) -> bool {
        self.errors.format == ErrorFormat::Pretty && self.level >= NOTICE
    }

    /// Reports a step.
    pub(super) fn step(self, text: &str) {
        self.tell(INFO, text);
    }

    /// Reports a part of a step.
    pub(super) fn detail(self, text: &str) {
        self.tell(TALKATIVE, text);
    }

    fn tell(self, level: i32, text: &str) {
        if self.level >= level {
            stdio::eprint_line(text);
        }
    }
}

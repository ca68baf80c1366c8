//! The look of errors: for people, or as C++ Nix writes them.

use crate::output::log_records;
use crate::output::theme::{Theme, error_columns};
use nivis::Error;
use nivis::codec::palette::Look;
use nivis::io::Message;
use nivis::report;
use nivis::source::Sources;
use std::io::IsTerminal;

/// The voice of error messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ErrorFormat {
    /// The source with labels in it.
    Pretty,
    /// C++ Nix's text.
    Nix,
    /// One JSON object per line.
    Json,
}

/// The display of errors.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ErrorStyle {
    pub(crate) format: ErrorFormat,
    pub(crate) colour: bool,
    pub(crate) theme: Theme,
    pub(crate) show_trace: bool,
    /// Warnings are shown too.
    pub(crate) warns: bool,
}

impl ErrorStyle {
    fn look(self) -> Look {
        Look { palette: self.colour.then(|| self.theme.palette()), width: error_columns() }
    }

    /// The text of an error, without a newline at its end.
    pub(crate) fn render(self, error: &Error, sources: &Sources) -> String {
        match self.format {
            ErrorFormat::Pretty => report::pretty(error, sources, self.look(), self.show_trace),
            ErrorFormat::Nix => report::plain(error, sources, self.show_trace, self.colour),
            ErrorFormat::Json => report::json(error, sources),
        }
    }

    /// The text of a trace or warning, without a newline at its end. Empty if there is nothing to be shown.
    pub(crate) fn render_message(self, message: &Message<'_>) -> Vec<u8> {
        match self.format {
            ErrorFormat::Pretty => message.pretty(self.look()),
            ErrorFormat::Nix => message.plain(self.colour),
            ErrorFormat::Json => message.json().into_bytes(),
        }
    }
}

/// Makes text bold at a terminal.
pub(crate) const BOLD: &str = "\x1b[1m";
/// Makes text magenta, as the word before a warning.
pub(crate) const MAGENTA: &str = "\x1b[35;1m";
/// Ends bold or coloured text.
pub(crate) const PLAIN: &str = "\x1b[0m";

/// True if what is written to this stream has colours: it is a terminal that knows them, unless the environment says
/// otherwise.
pub(crate) fn wants_colour(stream: &impl IsTerminal) -> bool {
    let is_set = |name: &str| std::env::var_os(name).is_some();
    if is_set("NO_COLOR") || is_set("NOCOLOR") {
        return false;
    }
    let is_forced = std::env::var_os("CLICOLOR_FORCE").is_some_and(|value| !value.is_empty() && value != "0");
    let is_refused = std::env::var_os("CLICOLOR").is_some_and(|value| value == "0");
    is_forced || (stream.is_terminal() && !is_dumb() && !is_refused)
}

/// True if a line at this stream can be redrawn: it is a terminal that can move its cursor.
pub(crate) fn can_redraw(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && !is_dumb() && !log_records::are_wanted()
}

fn is_dumb() -> bool {
    std::env::var_os("TERM").is_none_or(|value| value == "dumb")
}

//! ANSI escape sequences: the colours of the printer.

pub(super) const NORMAL: &str = "\x1b[0m";
pub(super) const FAINT: &str = "\x1b[2m";
pub(super) const RED: &str = "\x1b[31;1m";
pub(super) const GREEN: &str = "\x1b[32;1m";
pub(super) const BLUE: &str = "\x1b[34;1m";
pub(super) const MAGENTA: &str = "\x1b[35;1m";
pub(super) const CYAN: &str = "\x1b[36;1m";

//! What a command is given.

use crate::command_line::args::usage;
use nivis::Result;

/// The argument, which must not be empty.
pub(super) fn needed<'t>(name: &str, argument: &'t str) -> Result<&'t str> {
    if argument.is_empty() {
        return Err(usage(format!("'{name}' needs something after it; see ':?'")));
    }
    Ok(argument)
}

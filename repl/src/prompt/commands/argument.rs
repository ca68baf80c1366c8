//! The arguments of commands.

use super::find;
use crate::command_line::args::usage;
use nivis::Result;

/// The argument, which must not be empty.
pub(super) fn needed<'t>(name: &str, argument: &'t str) -> Result<&'t str> {
    if argument.is_empty() {
        let argument = find(name).map_or("", |command| command.argument);
        return Err(usage(format!("usage: {name} {argument}")));
    }
    Ok(argument)
}

//! `:error`: the last error again, in full.

use crate::command_line::words::usage;
use crate::prompt::session::{Reply, Session};
use nivis::Result;

/// `:error` shows the last one, also of those in place of parts of a value, `:error 2` the second.
pub(super) fn error(session: &mut Session<'_>, argument: &str) -> Result<Reply> {
    let failures = session.failures();
    let count = failures.len();
    let number = match argument {
        "" => count,
        _ => argument.parse().map_err(|_| usage("':error' takes the number of an error, such as 2"))?,
    };
    let found = number.checked_sub(1).and_then(|index| failures.get(index)).cloned();
    let Some(found) = found else {
        return Err(usage(match count {
            0 => "there was no error yet".to_owned(),
            1 => "the last input had one error".to_owned(),
            _ => format!("the last input with errors had {count} of them"),
        }));
    };
    Ok(Reply::Output(session.show(&found)))
}

//! Commands of the debugger.

use crate::command_line::words::usage;
use crate::prompt::session::{Reply, Session};
use nivis::Result;
use nivis::eval::Resume;

pub(super) fn debug(session: &mut Session<'_>, argument: &str) -> Result<Reply> {
    session.debug(argument)
}

pub(super) fn backtrace(session: &mut Session<'_>, _: &str) -> Result<Reply> {
    session.backtrace().map(output)
}

pub(super) fn frame(session: &mut Session<'_>, argument: &str) -> Result<Reply> {
    let line =
        match argument {
            "" => None,
            _ => Some(argument.parse().map_err(|_| {
                usage(format!("':st' takes the number of a line of the trace, not '{argument}'; see :bt"))
            })?),
        };
    session.show_frame(line).map(output)
}

pub(super) fn environment(session: &mut Session<'_>, _: &str) -> Result<Reply> {
    session.environment().map(output)
}

pub(super) fn go_on(session: &mut Session<'_>, _: &str) -> Result<Reply> {
    session.resume(Resume::Continue)
}

pub(super) fn step(session: &mut Session<'_>, _: &str) -> Result<Reply> {
    session.resume(Resume::Step)
}

/// Whole lines as a reply, which has no newline at its end.
fn output(mut lines: String) -> Reply {
    if lines.ends_with('\n') {
        lines.pop();
    }
    Reply::Output(lines)
}

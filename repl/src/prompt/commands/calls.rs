//! `:calls`: the calls that an evaluation makes.

use crate::prompt::call_tree::listed;
use crate::prompt::session::{Reply, Session};
use nivis::Result;

/// Later calls are only counted.
const MOST_CALLS: usize = 20_000;

/// Evaluates and prints an expression, with the tree of calls before it.
pub(super) fn calls(session: &mut Session<'_>, text: &str) -> Result<Reply> {
    let look = session.look();
    let begin = |cx: &mut nivis::Eval<'_>| cx.record_calls(MOST_CALLS);
    let (reply, told) = session.print_observed(text, begin, |cx, _| {
        let (calls, more) = cx.take_calls();
        listed(cx, &calls, more, look)
    });
    Ok(Reply::Several(vec![Reply::Output(told), reply.unwrap_or_else(Reply::Error)]))
}

//! An evaluation step by step.

use super::debugger;
use crate::prompt::session::{Reply, Session};
use nivis::Result;

/// More steps are not shown.
const MOST_STEPS: usize = 1000;

/// Shows the steps of an evaluation. Without an expression, it is the debugger's step.
pub(super) fn step(session: &mut Session<'_>, text: &str) -> Result<Reply> {
    if text.is_empty() {
        return debugger::step(session, text);
    }
    session.reductions(text, MOST_STEPS).map(Reply::Steps)
}

//! Commands of other REPLs that this program can't do.

use crate::command_line::words::usage;
use crate::prompt::session::{Reply, Session};
use nivis::Result;

pub(super) fn refuse(_: &mut Session<'_>, _: &str) -> Result<Reply> {
    Err(usage("this needs a builder, and Nivis only evaluates; ':p e.drvPath' shows what would be built"))
}

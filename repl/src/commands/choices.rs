//! Commands that change how the session behaves.

use super::wrong;
use crate::session::{Reply, Session};
use nivis::Result;
use std::fmt::Write as _;

pub(super) fn set(session: &mut Session<'_>, argument: &str) -> Result<Reply> {
    match argument.split_once(char::is_whitespace) {
        Some((name, value)) => {
            session.choose(name, value.trim())?;
            Ok(Reply::Nothing)
        }
        None if argument.is_empty() => {
            let mut text = String::new();
            for (name, value, what) in session.choices() {
                let _ = writeln!(text, "{name:8} {value:12} {what}");
            }
            Ok(Reply::Output(text.trim_end().to_owned()))
        }
        None => Err(wrong(format!("':set {argument}' needs a value; ':set' shows what there is"))),
    }
}

pub(super) fn trace(session: &mut Session<'_>, argument: &str) -> Result<Reply> {
    let shown = match argument {
        "" => !session.errors().show_trace,
        "true" => true,
        "false" => false,
        _ => return Err(wrong(format!("unexpected argument '{argument}' to :te"))),
    };
    session.choose("trace", if shown { "on" } else { "off" })?;
    let text = if shown { "showing error traces" } else { "not showing error traces" };
    Ok(Reply::Output(text.to_owned()))
}

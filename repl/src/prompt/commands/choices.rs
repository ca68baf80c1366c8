//! Commands that change how the session behaves.

use crate::command_line::words::usage;
use crate::prompt::session::{Preferences, Reply, Session};
use nivis::Result;

/// `:set depth 2`, also with `=` as in the file of choices; what has no value is shown.
pub(super) fn set(session: &mut Session<'_>, argument: &str) -> Result<Reply> {
    let (name, value) = argument.split_once(|c: char| c.is_whitespace() || c == '=').unwrap_or((argument, ""));
    let value = value.trim_start().strip_prefix('=').unwrap_or(value).trim();
    if !value.is_empty() {
        session.choose(name, value)?;
        return Ok(Reply::Nothing);
    }
    let mut choices = session.choices();
    let names: Vec<_> = choices.iter().map(|(name, ..)| *name).collect();
    if !name.is_empty() && !names.contains(&name) {
        return Err(usage(format!("there is no setting '{name}'; there are {}", names.join(", "))));
    }
    choices.retain(|(choice, ..)| name.is_empty() || *choice == name);
    let lines = choices.iter().map(|(name, value, what)| format!("{name:8} {value:12} {what}"));
    Ok(Reply::Output(lines.collect::<Vec<_>>().join("\n")))
}

pub(super) fn trace(session: &mut Session<'_>, argument: &str) -> Result<Reply> {
    let shown = match argument {
        "" => !session.errors().show_trace,
        "true" => true,
        "false" => false,
        _ => return Err(usage(format!("unexpected argument '{argument}' to :te"))),
    };
    session.choose("trace", if shown { "on" } else { "off" })?;
    let text = if shown { "showing error traces" } else { "not showing error traces" };
    Ok(Reply::Output(text.to_owned()))
}

/// The names that can be set; or, after one of these, its values.
pub(super) fn words(before: &str) -> Vec<String> {
    let words: &[&str] = match before.trim() {
        "" => return Preferences::new("").list().into_iter().map(|(name, ..)| name.to_owned()).collect(),
        "depth" => &["1", "2", "all"],
        "trace" | "pager" | "numbers" => &["on", "off"],
        "format" => &["pretty", "nix", "json"],
        "theme" => &["auto", "dark", "light", "colour-blind"],
        "editing" => &["emacs", "vi"],
        _ => &[],
    };
    words.iter().map(|&word| word.to_owned()).collect()
}

pub(super) fn switches(_: &str) -> Vec<String> {
    vec!["true".to_owned(), "false".to_owned()]
}

//! Commands about the names in scope, and the files they come from.

use crate::command_line::words::usage;
use crate::config::files;
use crate::prompt::session::{HEADING, OwnBindings, Reply, Session, Variables};
use nivis::{ErrorKind, Result};
use std::collections::BTreeSet;

pub(super) fn add(session: &mut Session<'_>, argument: &str) -> Result<Reply> {
    session.add_expression(argument)
}

pub(super) fn load(session: &mut Session<'_>, argument: &str) -> Result<Reply> {
    session.load(argument)
}

pub(super) fn load_flake(session: &mut Session<'_>, argument: &str) -> Result<Reply> {
    session.load_flake(argument)
}

pub(super) fn last_loaded(session: &mut Session<'_>, _: &str) -> Result<Reply> {
    match session.last_loaded() {
        Some(names) => Ok(Reply::Output(names.join("\n"))),
        None => Err(ErrorKind::Eval("nothing is loaded".to_owned()).into()),
    }
}

pub(super) fn reload(session: &mut Session<'_>, _: &str) -> Result<Reply> {
    session.reload(OwnBindings::Kept)
}

pub(super) fn reload_only(session: &mut Session<'_>, _: &str) -> Result<Reply> {
    session.reload(OwnBindings::Forgotten)
}

pub(super) fn variables(session: &mut Session<'_>, _: &str) -> Result<Reply> {
    let Variables { own, loaded } = session.variables()?;
    let mut lines: Vec<String> = own.into_iter().map(|(name, value)| format!("{name} = {value}")).collect();
    if !loaded.is_empty() {
        lines.push(format!("and {} loaded; ':ll' lists the last of them", loaded.len()));
    }
    if lines.is_empty() {
        lines.push("Nothing is bound; 'x = 1' binds x.".to_owned());
    }
    Ok(Reply::Output(lines.join("\n")))
}

pub(super) fn forget(session: &mut Session<'_>, argument: &str) -> Result<Reply> {
    if argument.is_empty() {
        session.forget_all();
        return Ok(Reply::Output("Forgot everything.".to_owned()));
    }
    let names: BTreeSet<String> = argument.split_whitespace().map(unquoted).collect();
    if let Some(name) = names.iter().find(|name| !session.is_bound(name)) {
        return Err(usage(format!("'{name}' is not bound; ':vars' lists the names")));
    }
    session.forget(&names.into_iter().collect::<Vec<_>>());
    Ok(Reply::Nothing)
}

/// A name as it is bound: `:vars` shows some in quotes.
fn unquoted(word: &str) -> String {
    word.strip_prefix('"').and_then(|word| word.strip_suffix('"')).unwrap_or(word).to_owned()
}

pub(super) fn undo(session: &mut Session<'_>, _: &str) -> Result<Reply> {
    match session.undo() {
        Some(names) if names.len() > 5 => Ok(Reply::Output(format!("Undone: {} names.", names.len()))),
        Some(names) => Ok(Reply::Output(format!("Undone: {}.", names.join(", ")))),
        None => Err(usage("nothing to undo")),
    }
}

pub(super) fn save(session: &mut Session<'_>, file: &str) -> Result<Reply> {
    let text = session.as_file(file)?;
    let (file, is_forced) = file.strip_suffix(" !").map_or((file, false), |file| (file.trim_end(), true));
    if !is_forced && files::holds_other(file, HEADING) {
        return Err(usage(format!(
            "'{file}' exists and is not a saved session; choose another name, or remove it first"
        )));
    }
    let can_answer = session.look().width.is_some();
    if can_answer && !is_forced && !session.knows_file(file) && files::exists(file) {
        return Err(usage(format!("'{file}' exists; ':save {file} !' replaces it")));
    }
    session.write(file, text)?;
    session.note_file(file);
    Ok(Reply::Output(format!("Saved; ':l {file}' loads it again.")))
}

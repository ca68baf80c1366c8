//! `:export`: the session as a page or picture.

use crate::command_line::words::usage;
use crate::prompt::export::{page, picture, web_page};
use crate::prompt::session::{Reply, Session};
use nivis::Result;

pub(super) fn export(session: &mut Session<'_>, file: &str) -> Result<Reply> {
    let turns = session.transcript().turns();
    let text = match file.rsplit_once('.') {
        Some((_, "md")) => page(&turns, &flags()),
        Some((_, "html")) => web_page(&turns),
        Some((_, "svg")) => picture(&turns).text,
        _ => return Err(usage(format!("':export' writes .html, .md and .svg files, not '{file}'"))),
    };
    session.write(file, text)?;
    Ok(Reply::Output(format!("Wrote {file}.")))
}

/// The words that the program was started with, as far as they are the session's.
fn flags() -> Vec<String> {
    let words: Vec<String> = std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()).collect();
    let words = words.strip_prefix(&["repl".to_owned()]).unwrap_or(&words);
    let mut kept = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--present" => drop(words.next()),
            _ => kept.push(word.clone()),
        }
    }
    kept
}

//! Completions for a shell: after Tab, Nix's completion scripts run the program with `NIX_GET_COMPLETIONS=N`, the
//! number of the word to complete, and read the candidates. Nothing else is done.
//!
//! ```text
//! words ──wanted──▶ Wanted ──candidates──▶ a kind, and words of that kind with their descriptions
//! ```

mod candidates;
mod wanted;

use crate::command_line::args::Arguments;
use crate::command_line::program::Program;
use crate::output::stdio;
use candidates::Candidates;
use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use wanted::Wanted;

/// Answers if a shell asks, and gives the status to exit with.
pub(crate) fn answer(program: Program, words: &[OsString]) -> Option<i32> {
    let number = std::env::var_os("NIX_GET_COMPLETIONS")?;
    let number = number.to_str().and_then(|text| text.trim().parse::<usize>().ok()).unwrap_or(0);
    let mut candidates = Candidates::default();
    if let Some(partial) = words.get(number).filter(|_| number > 0) {
        let partial = String::from_utf8_lossy(&partial.clone().into_vec()).into_owned();
        let wanted = Wanted::at(program, &words[1..number], &partial);
        candidates.find(&wanted, &partial, || understood(program, words, number));
    }
    Some(stdio::print_or_fail(candidates.text().as_bytes()))
}

/// The command line without the word that is being typed; or only what is before its flag, where it is a flag's value.
fn understood(program: Program, words: &[OsString], number: usize) -> Option<Arguments> {
    let others = [&words[..number], &words[number + 1..]].concat();
    let flag = words[..number].iter().rposition(|word| word.as_bytes().starts_with(b"-")).unwrap_or(number);
    let parsed = [others, words[..flag].to_vec()].map(|words| Arguments::parse(program, words).ok());
    parsed.into_iter().flatten().next()
}

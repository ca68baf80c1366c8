//! `completions` and `manual`: what a shell and `man` want to know of the command line.

use crate::command_line::args::Arguments;
use crate::command_line::command::Command;
use crate::command_line::description;
use crate::command_line::words::{lossy, usage};
use crate::config::files;
use crate::output::stdio;
use crate::tasks::outcome::Outcome;
use clap_complete::Shell;
use nivis::Result;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Prints the completion script of a shell.
///
/// # Errors
/// Fails for a shell without a script, and if the script can't be written.
pub(crate) fn completions(arguments: &Arguments) -> Outcome {
    let word = lossy(Some(only_word(arguments, "a shell")?));
    let shell = match &word[..] {
        "bash" => Shell::Bash,
        "zsh" => Shell::Zsh,
        "fish" => Shell::Fish,
        _ => return Err(usage(format!("there are completions for 'bash', 'zsh' and 'fish', not for '{word}'")).into()),
    };
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut description::program(), "nivis", &mut script);
    Ok(stdio::print(&script)?)
}

/// Writes a man page for the program and each of its commands.
///
/// # Errors
/// Fails if a page can't be written.
pub(crate) fn manual(arguments: &Arguments) -> Outcome {
    let word = only_word(arguments, "a directory")?;
    let directory = Path::new(OsStr::from_bytes(&word));
    files::make_directories(directory)?;
    write_page(directory, description::program(), "nivis")?;
    for (command, name, _) in Command::all() {
        let page = ["nivis", name].join("-").replace(' ', "-");
        write_page(directory, description::described(*command), &page)?;
    }
    Ok(())
}

fn write_page(directory: &Path, described: clap::Command, name: &str) -> Result<()> {
    let file = directory.join(format!("{name}.1"));
    let mut page = Vec::new();
    clap_mangen::Man::new(described)
        .title(name)
        .render(&mut page)
        .map_err(|error| files::not_written(&file, &error))?;
    files::write(file, page)
}

fn only_word(arguments: &Arguments, what: &str) -> Result<Vec<u8>> {
    match &arguments.common.inputs[..] {
        [word] => Ok(word.clone()),
        _ => Err(usage(format!("'{}' needs {what}", arguments.command.name()))),
    }
}

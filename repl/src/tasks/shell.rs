//! `completions` and `manual`: what a shell and `man` want to know of the command line.

use crate::command_line::args::Arguments;
use crate::command_line::command::Command;
use crate::command_line::description;
use crate::command_line::words::{lossy, usage};
use crate::config::files;
use crate::output::stdio;
use crate::tasks::outcome::Outcome;
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
    let script = match &word[..] {
        "bash" => include_str!("shell/nivis.bash"),
        "zsh" => include_str!("shell/nivis.zsh"),
        "fish" => include_str!("shell/nivis.fish"),
        _ => return Err(usage(format!("there are completions for 'bash', 'zsh' and 'fish', not for '{word}'")).into()),
    };
    Ok(stdio::print(script.as_bytes())?)
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
    page.extend(SECTIONS.as_bytes());
    files::write(file, page)
}

/// The end of all pages.
const SECTIONS: &str = r#".SH "EXIT STATUS"
0 if all went well, 1 if something failed. A command that starts a program ends with that program's status.
.SH ENVIRONMENT
.TP
\fBNIX_PATH\fR
where <nixpkgs> and its like are found, such as nixpkgs=/path/to/nixpkgs
.TP
\fBNIX_CONFIG\fR, \fBNIX_USER_CONF_FILES\fR, \fBNIX_CONF_DIR\fR
settings, and files with settings
.TP
\fBNIX_REMOTE\fR, \fBNIX_STORE_DIR\fR
the store that is used, and the directory that its paths begin with
.TP
\fBNO_COLOR\fR, \fBCLICOLOR_FORCE\fR, \fBCOLORFGBG\fR
whether there are colours, and what the terminal's background is
.TP
\fBEDITOR\fR, \fBVISUAL\fR, \fBPAGER\fR, \fBLESS\fR
programs that the prompt starts
.TP
\fBXDG_CACHE_HOME\fR, \fBXDG_CONFIG_HOME\fR, \fBXDG_DATA_HOME\fR
where the files below are, instead of in the home directory
.SH FILES
.TP
~/.cache/nivis
files already parsed, and results of earlier runs; \fBnivis cache\fR shows and clears them
.TP
~/.config/nivis/repl.conf, ~/.config/nivis/repl.nix
what \fB:set\fR has changed, and a set that is in scope at the prompt
.TP
~/.local/share/nivis
the store, the history of the prompt, and the progress in lessons
.TP
/etc/nix/nix.conf, ~/.config/nix/nix.conf
settings of Nix, which apply here too
"#;

fn only_word(arguments: &Arguments, what: &str) -> Result<Vec<u8>> {
    match &arguments.common.inputs[..] {
        [word] => Ok(word.clone()),
        _ => Err(usage(format!("'{}' needs {what}", arguments.command.name()))),
    }
}

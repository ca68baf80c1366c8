//! Shell transcripts in Markdown: a line that starts with `$ ` is a command, the lines after it are its output.

use crate::support::{shell, with_files, with_folder_as};
use libtest_mimic::Failed;
use std::path::Path;

/// The same text with the present output of the commands. They run in a folder with `files`, which is shown as `/`.
pub(crate) fn replay(text: &str, files: &[(String, String)]) -> Result<String, Failed> {
    with_files(files, |folder| replay_in(folder, text))
}

fn replay_in(folder: &Path, text: &str) -> Result<String, Failed> {
    let mut replayed = String::new();
    for line in text.lines().filter(|line| line.starts_with("$ ")) {
        let printed = shell(&line[2..], folder).output()?.stdout;
        let printed = with_folder_as(b"", folder, &printed);
        replayed.push_str(&format!("{line}\n{}", String::from_utf8_lossy(&printed)));
        if !replayed.ends_with('\n') {
            replayed.push('\n');
        }
    }
    Ok(replayed)
}

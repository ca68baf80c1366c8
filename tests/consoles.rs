//! What happens at a shell's prompt: a line that starts with `$ ` is a command, the lines below it are what it prints.

use crate::support::{shell, with_folder_as};
use libtest_mimic::Failed;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The same text with what the commands print now. They see `files`, in whose folder they run: it is shown as `/`.
pub(crate) fn replay(text: &str, files: &[(String, String)]) -> Result<String, Failed> {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("nivis-console-{}-{number}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let replayed = replay_in(&folder, text, files);
    std::fs::remove_dir_all(&folder)?;
    replayed
}

fn replay_in(folder: &Path, text: &str, files: &[(String, String)]) -> Result<String, Failed> {
    for (path, contents) in files {
        let path = folder.join(path.trim_start_matches('/'));
        path.parent().map_or(Ok(()), std::fs::create_dir_all)?;
        std::fs::write(path, contents)?;
    }
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

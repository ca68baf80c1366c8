//! Long output, a screen at a time, through the user's pager.

use super::words;
use crate::output::stdio;
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;
use std::process::Stdio;

/// The prompt of `less`.
const MORE: &str = "Space for more, b to go back, q to return to the prompt";

/// Prints a text, through a pager if it is longer than the screen.
pub(super) fn print(text: &[u8], rows: usize) -> io::Result<()> {
    let lines = text.iter().filter(|&&byte| byte == b'\n').count();
    if lines + 2 < rows || !page(text) {
        return stdio::print(text);
    }
    Ok(())
}

/// True if a pager has shown the text.
fn page(text: &[u8]) -> bool {
    let given = std::env::var_os("PAGER").filter(|pager| !pager.as_bytes().trim_ascii().is_empty());
    let mut command = words::command(&given.unwrap_or_else(|| "less".into()));
    command.stdin(Stdio::piped());
    if std::env::var_os("LESS").is_none() {
        // Colours as they are; leave what was shown on the screen; end at once if it fits after all.
        // Its own prompt is a colon, which looks like the beginning of a command here.
        command.env("LESS", format!("RXFP{MORE}$"));
    }
    let Ok(mut child) = command.spawn() else { return false };
    if let Some(mut stdin) = child.stdin.take() {
        // A pager that is left early wants no more.
        let _ = stdin.write_all(text);
    }
    child.wait().is_ok()
}

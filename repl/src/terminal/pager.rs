//! Long output, a screen at a time, through the user's pager.

use crate::output;
use std::io::{self, Write};
use std::process::{Command, Stdio};

/// Prints a text, through a pager if it is longer than the screen.
pub(super) fn print(text: &[u8], rows: usize) -> io::Result<()> {
    let lines = text.iter().filter(|&&byte| byte == b'\n').count();
    if lines + 2 < rows || !page(text) {
        return output::print(text);
    }
    Ok(())
}

/// True if a pager has shown the text.
fn page(text: &[u8]) -> bool {
    let pager = std::env::var("PAGER").ok().filter(|pager| !pager.trim().is_empty()).unwrap_or_else(|| "less".into());
    let mut words = pager.split_whitespace();
    let Some(program) = words.next() else { return false };
    let mut command = Command::new(program);
    command.args(words).stdin(Stdio::piped());
    if std::env::var_os("LESS").is_none() {
        // Colours as they are; leave what was shown on the screen; end at once if it fits after all.
        command.env("LESS", "RXF");
    }
    let Ok(mut child) = command.spawn() else { return false };
    if let Some(mut stdin) = child.stdin.take() {
        // A pager that is left early wants no more.
        let _ = stdin.write_all(text);
    }
    child.wait().is_ok()
}

//! The commands in variables such as `$EDITOR`: a program and arguments, in the shell's syntax.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::process::Command;

/// The characters with a meaning to the shell. A text without any of them is words alone.
const SPECIAL: &[u8] = b"|&;<>()$`\\\"'*?[#~=%{}!";

/// The command that a text is, to which arguments can be added. As in Git, the shell reads it if there is anything for it to
/// read, such as quotes.
pub(super) fn command(text: &OsStr) -> Command {
    if text.as_bytes().iter().any(|byte| SPECIAL.contains(byte)) {
        let mut command = Command::new("sh");
        let mut script = OsString::from(text);
        script.push(" \"$@\"");
        command.arg("-c").arg(script).arg(text);
        return command;
    }
    let mut words =
        text.as_bytes().split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).map(OsStr::from_bytes);
    let mut command = Command::new(words.next().unwrap_or_default());
    command.args(words);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_run() {
        let table = [
            ("echo", "x y\n"),
            (" echo  -n a ", "a x y"),
            ("echo 'a  b'", "a  b x y\n"),
            ("sh -c 'echo \"$1\"' -", "x y\n"),
            ("A=1 echo", "x y\n"),
        ];
        for (text, expected) in table {
            let output = command(OsStr::new(text)).arg("x y").output().expect("it runs");
            assert_eq!(String::from_utf8_lossy(&output.stdout), expected, "{text}");
        }
    }
}

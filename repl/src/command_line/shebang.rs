//! Scripts that `nix-shell` interprets: the lines `#! nix-shell …` after their first have the command line.

use super::options::Script;
use super::words::usage;
use nivis::Result;
use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt;

/// The words that a command line means: those in the script, if the first one after the program's name is a script.
///
/// # Errors
/// Fails if a quote is not closed.
pub(super) fn expanded(words: Vec<OsString>) -> Result<(Vec<OsString>, Option<Script>)> {
    let Some(path) = words.get(1) else { return Ok((words, None)) };
    let Some(text) = fs::read(path).ok().filter(|text| text.starts_with(b"#!")) else { return Ok((words, None)) };
    let mut found = words[..1].to_vec();
    for line in text.split(|&byte| byte == b'\n').skip(1) {
        if let Some(line) = arguments_in(line) {
            found.extend(shell_words(line)?.into_iter().map(OsString::from_vec));
        }
    }
    let rest = words[2..].iter().cloned().map(OsString::into_vec).collect();
    Ok((found, Some(Script { path: path.clone().into_vec(), arguments: rest })))
}

/// The part of a line after `#! nix-shell`.
fn arguments_in(line: &[u8]) -> Option<&[u8]> {
    let rest = line.strip_prefix(b"#!")?.trim_ascii_start().strip_prefix(b"nix-shell")?;
    rest.first().is_some_and(u8::is_ascii_whitespace).then(|| rest.trim_ascii())
}

/// A text as a shell splits it: with quotes, and backslashes before single characters.
fn shell_words(text: &[u8]) -> Result<Vec<Vec<u8>>> {
    let (mut words, mut word, mut is_word, mut quote) = (Vec::new(), Vec::new(), false, None);
    let mut bytes = text.iter().copied();
    while let Some(byte) = bytes.next() {
        match (quote, byte) {
            (Some(open), byte) if byte == open => quote = None,
            (None, b'\'' | b'"') => (quote, is_word) = (Some(byte), true),
            (None | Some(b'"'), b'\\') => {
                word.extend(bytes.next());
                is_word = true;
            }
            (None, byte) if byte.is_ascii_whitespace() => {
                if is_word {
                    words.push(std::mem::take(&mut word));
                }
                is_word = false;
            }
            (_, byte) => {
                word.push(byte);
                is_word = true;
            }
        }
    }
    if quote.is_some() {
        return Err(usage("unterminated quote in shebang line"));
    }
    words.extend(is_word.then_some(word));
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() -> Result<()> {
        let table: [(&str, Option<&[&str]>); 6] = [
            ("#! nix-shell -i bash -p 'a b' \"c d\"", Some(&["-i", "bash", "-p", "a b", "c d"])),
            ("#!nix-shell  -p a\\ b 'it''s' \"\"", Some(&["-p", "a b", "its", ""])),
            ("#! nix-shell '\\' \"\\\"\"", Some(&["\\", "\""])),
            ("#! nix-shelly -p", None),
            ("# nix-shell -p", None),
            ("echo", None),
        ];
        for (line, expected) in table {
            let words = arguments_in(line.as_bytes()).map(shell_words).transpose()?;
            let expected = expected.map(|words| words.iter().map(|word| word.as_bytes().to_vec()).collect::<Vec<_>>());
            assert_eq!(words, expected, "{line}");
        }
        assert!(shell_words(b"'a").is_err());
        Ok(())
    }
}

//! `--source WHAT=PATH`: local copies of what programs fetch.

use crate::command_line::words::{lossy, usage};
use nivis::Result;
use nivis::settings::LocalSource;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// The source that a word describes.
///
/// # Errors
/// Fails if the text is not `WHAT=PATH`.
pub(crate) fn source(word: &[u8]) -> Result<LocalSource> {
    split(word, |path| Path::new(OsStr::from_bytes(path)).exists())
}

/// Splits `WHAT=PATH`. Addresses, hashes and paths all may contain `=`: it splits at the last one before an existing
/// file; else at the last one before something like a path; else at the last one.
fn split(word: &[u8], exists: impl Fn(&[u8]) -> bool) -> Result<LocalSource> {
    let signs = word.iter().enumerate().rev().filter(|(_, byte)| **byte == b'=').map(|(at, _)| at);
    let splits = signs.map(|at| (&word[..at], &word[at + 1..]));
    let splits: Vec<_> = splits.filter(|(of, path)| !of.is_empty() && !path.is_empty()).collect();
    let existing = splits.iter().find(|(_, path)| exists(path));
    let chosen = existing.or_else(|| splits.iter().find(|(_, path)| looks_like_path(path))).or(splits.first());
    let Some((of, path)) = chosen else {
        let shown = lossy(Some(word.to_vec()));
        return Err(usage(format!(
            "'{shown}' is not a source; write URL=PATH or HASH=PATH, such as https://example.org/a=./a"
        )));
    };
    Ok(LocalSource { of: of.to_vec(), path: path.to_vec() })
}

fn looks_like_path(text: &[u8]) -> bool {
    [&b"/"[..], b"./", b"../"].iter().any(|start| text.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_everywhere() {
        let table = [
            ("https://x/?a=b=/here", Ok(("https://x/?a=b", "/here"))),
            ("sha256-AAA==here", Ok(("sha256-AAA=", "here"))),
            ("https://x=/odd=here", Ok(("https://x=/odd", "here"))),
            ("https://x=odd=path", Ok(("https://x", "odd=path"))),
            ("https://x?a=/no=where", Ok(("https://x?a", "/no=where"))),
            ("https://x?a=no=where", Ok(("https://x?a=no", "where"))),
            ("sha256-AAA=", Err(())),
            ("=here", Err(())),
            ("here", Err(())),
        ];
        for (word, expected) in table {
            let found = split(word.as_bytes(), |path| [&b"here"[..], b"/here", b"odd=path"].contains(&path));
            let expected = expected.map(|(of, path): (&str, &str)| (of.as_bytes().to_vec(), path.as_bytes().to_vec()));
            assert_eq!(found.map(|source| (source.of, source.path)).map_err(|_| ()), expected, "{word}");
        }
    }
}

//! The search path that `<name>` is looked up in, as texts write it: `nixpkgs=/src/nixpkgs:/other`.

use super::lookup::is_archive_url;
use crate::settings::SearchPathEntry;

/// An entry, such as `nixpkgs=/src/nixpkgs` or `/other`.
pub fn entry(text: &[u8]) -> SearchPathEntry {
    match text.iter().position(|&byte| byte == b'=') {
        Some(equals) => SearchPathEntry { prefix: text[..equals].to_vec(), path: text[equals + 1..].to_vec() },
        None => SearchPathEntry { prefix: Vec::new(), path: text.to_vec() },
    }
}

/// The entries of `NIX_PATH`, between colons. A colon may be part of a URL.
pub fn entries(mut text: &[u8]) -> Vec<SearchPathEntry> {
    let mut entries = Vec::new();
    while !text.is_empty() {
        let end = entry_end(text);
        if end > 0 {
            entries.push(entry(&text[..end]));
        }
        text = text.get(end + 1..).unwrap_or_default();
    }
    entries
}

fn entry_end(text: &[u8]) -> usize {
    let colon_from = |start: usize| text[start..].iter().position(|&byte| byte == b':').map(|offset| start + offset);
    let Some(colon) = colon_from(0) else { return text.len() };
    let path = text[..colon].iter().rposition(|&byte| byte == b'=').map_or(0, |equals| equals + 1);
    if is_url(&text[path..]) { colon_from(colon + 1).unwrap_or(text.len()) } else { colon }
}

/// True if the text is not a path, but a download or a flake.
fn is_url(text: &[u8]) -> bool {
    is_archive_url(text) || text.starts_with(b"flake:")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nix_path() {
        let table: [(&str, &[(&str, &str)]); 7] = [
            ("", &[]),
            ("a", &[("", "a")]),
            ("a=b:c", &[("a", "b"), ("", "c")]),
            ("::a:", &[("", "a")]),
            ("n=https://x/y:z", &[("n", "https://x/y"), ("", "z")]),
            ("n=channel:a:z", &[("n", "channel:a"), ("", "z")]),
            ("a=b=c", &[("a", "b=c")]),
        ];
        for (text, expected) in table {
            let found = entries(text.as_bytes());
            let expected = expected.iter().map(|(prefix, path)| SearchPathEntry {
                prefix: prefix.as_bytes().to_vec(),
                path: path.as_bytes().to_vec(),
            });
            assert_eq!(found, expected.collect::<Vec<_>>(), "{text}");
        }
    }
}

//! The directory of the store, as environment and command line give it.

use crate::command_line::words::usage;
use nivis::Result;

/// The directory in a setting such as `NIX_STORE_DIR`.
///
/// # Errors
/// Fails if the path is not absolute.
pub(crate) fn directory(path: &[u8]) -> Result<String> {
    let shown = |path: &[u8]| String::from_utf8_lossy(path).into_owned();
    canonical(path).map(|path| shown(&path)).ok_or_else(|| usage(format!("not an absolute path: \"{}\"", shown(path))))
}

/// The directory that the address of a store asks for, as `dummy://?store=/other`. What store it is makes no difference
/// here: nothing is read from it but files, and nothing written.
///
/// # Errors
/// Fails if the path is not absolute.
pub(crate) fn of_url(url: &str) -> Result<Option<String>> {
    let parameters = url.split_once('?').map_or("", |(_, parameters)| parameters);
    let path = parameters.split('&').find_map(|parameter| parameter.strip_prefix("store="));
    path.map(|path| directory(&decoded(path))).transpose()
}

/// Text without `%2F` and the like.
fn decoded(text: &str) -> Vec<u8> {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let byte = part.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (byte, part.get(2..)) {
            (Some(byte), Some(rest)) => {
                bytes.push(byte);
                bytes.extend_from_slice(rest.as_bytes());
            }
            _ => bytes.extend_from_slice(["%", part].concat().as_bytes()),
        }
    }
    bytes
}

/// An absolute path without `.`, `..` and needless slashes; `None` for a relative one.
pub(crate) fn canonical(path: &[u8]) -> Option<Vec<u8>> {
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in path.strip_prefix(b"/")?.split(|&byte| byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    let mut canonical = Vec::with_capacity(path.len());
    for part in &parts {
        canonical.push(b'/');
        canonical.extend_from_slice(part);
    }
    Some(if canonical.is_empty() { b"/".to_vec() } else { canonical })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories() {
        let table = [("/a//b/", Some("/a/b")), ("/a/./../c", Some("/c")), ("/..", Some("/")), ("a", None), ("", None)];
        for (path, expected) in table {
            assert_eq!(directory(path.as_bytes()).ok().as_deref(), expected, "{path}");
        }
    }

    #[test]
    fn addresses() {
        let table = [
            ("dummy://", Ok(None)),
            ("dummy://?read-only=false&store=/foo/", Ok(Some("/foo".to_owned()))),
            ("local?store=%2Fa%2Fb&root=/r", Ok(Some("/a/b".to_owned()))),
            ("dummy://?store=a", Err("not an absolute path: \"a\"".to_owned())),
        ];
        for (url, expected) in table {
            assert_eq!(of_url(url).map_err(|error| error.to_string()), expected, "{url}");
        }
    }
}

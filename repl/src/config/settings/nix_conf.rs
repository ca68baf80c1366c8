//! Configuration files: which there are, and the lines in them, such as `show-trace = true` and `include other.conf`.

use crate::command_line::words::usage;
use crate::config::store_dir::canonical;
use nivis::{Error, Result};
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// A setting's name in a line, and the value, which need not be UTF-8, since paths need not.
pub(crate) type Line = (String, Vec<u8>);

/// The environment: the value of a variable.
pub(crate) type Environment<'a> = &'a dyn Fn(&str) -> Option<Vec<u8>>;

/// All files that may configure, the least important first: the system's, then the user's.
pub(crate) fn files(variable: Environment<'_>) -> Vec<Vec<u8>> {
    let given = |name: &str| variable(name).filter(|value| !value.is_empty());
    let system = given("NIX_CONF_DIR").unwrap_or_else(|| b"/etc/nix".to_vec());
    let users = match variable("NIX_USER_CONF_FILES") {
        Some(paths) => paths.split(|&byte| byte == b':').map(<[u8]>::to_vec).collect(),
        None => user_files(variable),
    };
    let users = users.into_iter().rev();
    std::iter::once([&system[..], b"/nix.conf"].concat()).chain(users).collect()
}

/// The user's files, the most important first.
fn user_files(variable: Environment<'_>) -> Vec<Vec<u8>> {
    let home = variable("HOME").unwrap_or_default();
    let own = variable("NIX_CONFIG_HOME").unwrap_or_else(|| {
        let base = variable("XDG_CONFIG_HOME").filter(|value| !value.is_empty());
        [&base.unwrap_or_else(|| [&home[..], b"/.config"].concat())[..], b"/nix"].concat()
    });
    let shared = variable("XDG_CONFIG_DIRS").filter(|value| !value.is_empty()).unwrap_or_else(|| b"/etc/xdg".to_vec());
    let shared = shared.split(|&byte| byte == b':').map(|directory| [directory, b"/nix"].concat());
    std::iter::once(own).chain(shared).map(|directory| [&directory[..], b"/nix.conf"].concat()).collect()
}

/// The lines of a file; none if it can't be read.
///
/// # Errors
/// Fails on a line that is not a setting, and if a file to include doesn't exist.
pub(crate) fn lines_of_file(path: &[u8]) -> Result<Vec<Line>> {
    match fs::read(Path::new(OsStr::from_bytes(path))) {
        Ok(text) => lines(&text, path),
        Err(_) => Ok(Vec::new()),
    }
}

/// The lines of a text that came from `origin`, with those of the files that it includes.
///
/// # Errors
/// Fails on a line that is not a setting, and if a file to include doesn't exist.
pub(crate) fn lines(text: &[u8], origin: &[u8]) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    read(text, origin, 0, &mut lines)?;
    Ok(lines)
}

/// The depth to which files may include each other. C++ Nix goes on until its stack ends.
const MOST_INCLUDES: usize = 100;

fn read(text: &[u8], origin: &[u8], depth: usize, lines: &mut Vec<Line>) -> Result<()> {
    for line in text.split(|&byte| byte == b'\n') {
        let line = line.split(|&byte| byte == b'#').next().unwrap_or_default();
        let words: Vec<&[u8]> = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).collect();
        match words[..] {
            [] => {}
            [b"include", path] => include(path, true, origin, depth, lines)?,
            [b"!include", path] => include(path, false, origin, depth, lines)?,
            [b"include" | b"!include", ..] => return Err(mistake(line, origin)),
            [name, b"=", ref value @ ..] => lines.push((lossy(name), value.join(&b' '))),
            _ => return Err(mistake(line, origin)),
        }
    }
    Ok(())
}

fn lossy(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}

fn include(path: &[u8], needed: bool, origin: &[u8], depth: usize, lines: &mut Vec<Line>) -> Result<()> {
    let path = beside(path, origin)?;
    if depth > MOST_INCLUDES {
        return Err(Error::eval(format!("file {} is included too deep", quoted(&path))));
    }
    let file = Path::new(OsStr::from_bytes(&path));
    if fs::symlink_metadata(file).is_err() {
        let message = format!("file {} included from {} not found", quoted(&path), quoted(origin));
        return if needed { Err(Error::eval(message)) } else { Ok(()) };
    }
    match fs::read(file) {
        Ok(text) => read(&text, &path, depth + 1, lines),
        Err(_) => Ok(()),
    }
}

/// A path that starts at the folder of the file that names it.
fn beside(path: &[u8], origin: &[u8]) -> Result<Vec<u8>> {
    let folder = origin.iter().rposition(|&byte| byte == b'/').map_or(&b""[..], |slash| &origin[..slash]);
    let joined = if path.starts_with(b"/") { path.to_vec() } else { [folder, b"/", path].concat() };
    let absolute = origin.starts_with(b"/") || path.starts_with(b"/");
    canonical(&joined)
        .filter(|_| absolute)
        .ok_or_else(|| Error::eval(format!("not an absolute path: {}", quoted(path))))
}

fn mistake(line: &[u8], origin: &[u8]) -> Error {
    usage(format!("syntax error in configuration line '{}' in {}", lossy(line), quoted(origin)))
}

fn quoted(path: &[u8]) -> String {
    format!("\"{}\"", lossy(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_files_are() {
        type Row<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str]);
        let table: [Row<'_>; 5] = [
            (&[("HOME", "/h")], &["/etc/nix/nix.conf", "/etc/xdg/nix/nix.conf", "/h/.config/nix/nix.conf"]),
            (
                &[("NIX_CONF_DIR", "/c"), ("XDG_CONFIG_HOME", "/x"), ("XDG_CONFIG_DIRS", "/a:/b")],
                &["/c/nix.conf", "/b/nix/nix.conf", "/a/nix/nix.conf", "/x/nix/nix.conf"],
            ),
            (
                &[("NIX_CONFIG_HOME", "/n"), ("XDG_CONFIG_HOME", "/x"), ("XDG_CONFIG_DIRS", "")],
                &["/etc/nix/nix.conf", "/etc/xdg/nix/nix.conf", "/n/nix.conf"],
            ),
            (&[("NIX_USER_CONF_FILES", "/a:/b"), ("XDG_CONFIG_HOME", "/x")], &["/etc/nix/nix.conf", "/b", "/a"]),
            (&[("NIX_USER_CONF_FILES", "")], &["/etc/nix/nix.conf", ""]),
        ];
        for (environment, expected) in table {
            let variable = |name: &str| {
                environment.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_bytes().to_vec())
            };
            let found: Vec<_> =
                files(&variable).iter().map(|path| String::from_utf8_lossy(path).into_owned()).collect();
            assert_eq!(found, expected, "{environment:?}");
        }
    }

    #[test]
    fn mistakes() {
        let table = [
            ("a", "syntax error in configuration line 'a' in \"/f/nix.conf\""),
            ("a b # c", "syntax error in configuration line 'a b ' in \"/f/nix.conf\""),
            ("include a b", "syntax error in configuration line 'include a b' in \"/f/nix.conf\""),
            ("include ../no/file", "file \"/no/file\" included from \"/f/nix.conf\" not found"),
        ];
        for (text, message) in table {
            assert_eq!(
                lines(text.as_bytes(), b"/f/nix.conf").map_err(|error| error.to_string()),
                Err(message.to_owned())
            );
        }
        assert_eq!(
            lines(b"!include no-file\n\n # x\na = b  c\xff\r #d", b"/f/x").ok(),
            Some(vec![("a".into(), b"b c\xff".to_vec())])
        );
        let relative = lines(b"include x", b"NIX_CONFIG").map_err(|error| error.to_string());
        assert_eq!(relative, Err("not an absolute path: \"x\"".to_owned()));
    }
}

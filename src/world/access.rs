//! Read access to the machine's files: to all of them; to those that the search path leads to (`restrict-eval`); to
//! none (`pure-eval`). Files that the evaluation itself has put into the store can always be read.

use crate::error::{Cause, Refusal};
use crate::io::Io;
use crate::path::{canonical, is_below};
use crate::settings::Settings;
use std::io;

/// The reason for limited access.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Mode {
    Pure,
    Restricted,
}

/// The readable files.
pub(crate) enum Access {
    Everything,
    /// These paths, everything below them, and the folders that lead to them.
    Only {
        roots: Vec<Vec<u8>>,
        mode: Mode,
    },
}

impl Access {
    /// The access that these settings allow.
    pub(crate) fn new(settings: &Settings, io: &dyn Io) -> Self {
        if settings.pure {
            return Self::Only { roots: Vec::new(), mode: Mode::Pure };
        }
        if !settings.restricted {
            return Self::Everything;
        }
        let absolute = |path: &[u8]| match path.first() {
            Some(b'/') => canonical(path),
            _ => canonical(&[&io.current_dir(), &b"/"[..], path].concat()),
        };
        let search_path = settings.search_path.iter().map(|entry| &entry.path);
        let roots = search_path.chain(&settings.allowed_paths).map(|path| absolute(path)).collect();
        Self::Only { roots, mode: Mode::Restricted }
    }

    /// True if the path is a root, leads to one, or is below one.
    pub(crate) fn allows(&self, path: &[u8]) -> bool {
        match self {
            Self::Everything => true,
            Self::Only { roots, .. } => roots.iter().any(|root| is_below(path, root) || is_below(root, path)),
        }
    }

    /// The error for a forbidden path.
    #[cold]
    pub(crate) fn refusal(&self, path: &[u8]) -> io::Error {
        let (mode, cause) = match self {
            Self::Only { mode: Mode::Pure, .. } => {
                ("in pure evaluation mode (use '--impure' to override)", Cause::PureFile)
            }
            _ => ("in restricted mode", Cause::Unspecified),
        };
        let path = String::from_utf8_lossy(path);
        Refusal::error(format!("access to absolute path '{path}' is forbidden {mode}"), cause)
    }
}

/// True if an address is in `allowed-uris`, or below an address there.
///
/// A whole scheme can be listed too, for example `github:`. `https://example.org` does not allow
/// `https://example.organic`.
pub(crate) fn allows_uri(allowed: &[String], uri: &str) -> bool {
    allowed.iter().any(|prefix| match uri.strip_prefix(prefix.as_str()) {
        None => false,
        Some("") => true,
        Some(rest) => prefix.ends_with('/') || rest.starts_with('/') || is_scheme(prefix),
    })
}

fn is_scheme(prefix: &str) -> bool {
    let Some(name) = prefix.strip_suffix(':') else { return false };
    let is_later = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    name.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic()) && name.bytes().all(is_later)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let table = [
            ("https://a.org/", "https://a.org/x", true),
            ("https://a.org", "https://a.org/x", true),
            ("https://a.org", "https://a.org", true),
            ("https://a.org", "https://a.organic/x", false),
            ("https:", "https://a.org", true),
            ("github:", "github:a/b", true),
            ("", "github:a/b", false),
        ];
        for (prefix, uri, expected) in table {
            assert_eq!(allows_uri(&[prefix.to_owned()], uri), expected, "{prefix} {uri}");
        }
    }

    #[test]
    fn paths() {
        let access = Access::Only { roots: vec![b"/a/b".to_vec()], mode: Mode::Restricted };
        let table = [
            ("/", true),
            ("/a", true),
            ("/a/b", true),
            ("/a/b/c", true),
            ("/a/bc", false),
            ("/ab", false),
            ("/c", false),
        ];
        for (path, expected) in table {
            assert_eq!(access.allows(path.as_bytes()), expected, "{path}");
        }
    }
}

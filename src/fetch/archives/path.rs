//! Names of entries, converted to paths that stay within the folder: no part is `.` or `..`.

/// A path below the target folder; empty for that folder itself. A part is never empty, `.` or `..`, and there are no
/// NULs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct InnerPath(Vec<u8>);

impl InnerPath {
    /// Reads a name as C++ Nix does: it ends at a NUL, starts at the folder, and `..` never leaves it.
    pub(super) fn new(name: &[u8]) -> Self {
        let name = name.split(|byte| *byte == 0).next().unwrap_or_default();
        let mut path = Vec::with_capacity(name.len());
        for part in name.split(|byte| *byte == b'/') {
            match part {
                b"" | b"." => {}
                b".." => path.truncate(path.iter().rposition(|byte| *byte == b'/').unwrap_or_default()),
                _ => {
                    if !path.is_empty() {
                        path.push(b'/');
                    }
                    path.extend_from_slice(part);
                }
            }
        }
        Self(path)
    }

    /// True for the target folder itself.
    pub(super) fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// Its bytes.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The parent folder, and the name.
    pub(super) fn split(&self) -> (&[u8], &[u8]) {
        match self.0.iter().rposition(|byte| *byte == b'/') {
            Some(slash) => (&self.0[..slash], &self.0[slash + 1..]),
            None => (&[], &self.0),
        }
    }

    /// A sort key under which a folder's contents directly follow it.
    pub(super) fn order(&self) -> Vec<u8> {
        self.0.iter().map(|byte| if *byte == b'/' { 0 } else { *byte }).collect()
    }
}

/// The folders of a path, outermost first: `a`, `a/b`, and the path itself.
pub(super) fn prefixes(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    let slashes = path.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at);
    slashes.chain((!path.is_empty()).then_some(path.len())).map(|end| &path[..end])
}

/// True for names that mean Git's own folder on any system. C++ Nix keeps trees in a Git repository, which refuses
/// them.
pub(super) fn is_git_folder(name: &[u8]) -> bool {
    let is_prefix = |prefix: &[u8]| name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    let Some(prefix) = [&b".git"[..], b"git~1"].into_iter().find(|prefix| is_prefix(prefix)) else { return false };
    let rest = &name[prefix.len()..];
    matches!(rest.first(), Some(b'\\' | b':')) || rest.iter().all(|byte| matches!(byte, b' ' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        let cases: &[(&[u8], &[u8])] = &[
            (b"a/b", b"a/b"),
            (b"./a//b/.", b"a/b"),
            (b"/etc/passwd", b"etc/passwd"),
            (b"../../a/../b", b"b"),
            (b"a/b/../../..", b""),
            (b"..a/...", b"..a/..."),
            (b"a\0/../b", b"a"),
            (b"", b""),
        ];
        for (name, path) in cases {
            assert_eq!(InnerPath::new(name).bytes(), *path, "{}", String::from_utf8_lossy(name));
        }
        assert_eq!(prefixes(b"a/b/c").collect::<Vec<_>>(), [&b"a"[..], b"a/b", b"a/b/c"]);
        assert_eq!(prefixes(b"").count(), 0);
        assert_eq!(InnerPath::new(b"a/b/c").split(), (&b"a/b"[..], &b"c"[..]));
    }

    #[test]
    fn git_folders() {
        for name in [".git", ".GIT", ".git.", ".git ", "GIT~1", ".git:x", ".git\\x"] {
            assert!(is_git_folder(name.as_bytes()), "{name}");
        }
        for name in [".gitignore", ".gi", "git", "git~2", ".github", "x.git"] {
            assert!(!is_git_folder(name.as_bytes()), "{name}");
        }
    }
}

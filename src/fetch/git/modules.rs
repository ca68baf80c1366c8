//! Submodules: the entries of `.gitmodules`, and the addresses they refer to.

use super::program::Git;
use crate::error::{Error, Result};
use std::collections::BTreeMap;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// A submodule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Module {
    /// Its path, for example `a/b`.
    pub(super) path: Vec<u8>,
    pub(super) url: Vec<u8>,
    /// The branch it follows: `.` for the branch of the parent repository. May be empty.
    pub(super) branch: Vec<u8>,
}

/// The source of the list of submodules.
#[derive(Clone, Copy, Debug)]
pub(super) enum From<'a> {
    /// The file at this path.
    File(&'a Path),
    /// The object of the repository with this hash.
    Object(&'a str),
}

/// Reads the list of submodules.
///
/// # Errors
///
/// Fails if Git cannot parse it.
pub(super) fn read(git: &Git<'_>, from: From<'_>) -> Result<Vec<Module>> {
    let (kind, name): (&[u8], &[u8]) = match from {
        From::File(path) => (b"--file", path.as_os_str().as_bytes()),
        From::Object(id) => (b"--blob", id.as_bytes()),
    };
    let arguments: [&[u8]; 5] = [b"config", b"-z", kind, name, b"--list"];
    let listed = git.read("parsing .gitmodules file", &arguments, Vec::new())?;
    let mut modules: BTreeMap<Vec<u8>, [Option<Vec<u8>>; 3]> = BTreeMap::new();
    for setting in listed.split(|&byte| byte == 0) {
        let end = memchr::memchr(b'\n', setting).unwrap_or(setting.len());
        let Some(name) = setting[..end].strip_prefix(b"submodule.") else { continue };
        let Some(dot) = memchr::memrchr(b'.', name) else { continue };
        let which = match &name[dot + 1..] {
            b"path" => 0,
            b"url" => 1,
            b"branch" => 2,
            _ => continue,
        };
        let value = setting.get(end + 1..).unwrap_or_default().to_vec();
        // The first value counts.
        modules.entry(name[..dot].to_vec()).or_default()[which].get_or_insert(value);
    }
    let module = |[path, url, branch]: [Option<Vec<u8>>; 3]| {
        let (url, branch) = (url.unwrap_or_default(), branch.unwrap_or_default());
        path.map(|path| Module { path: canonical(&path), url, branch })
    };
    Ok(modules.into_values().filter_map(module).filter(|module| !module.path.is_empty()).collect())
}

/// A path without `.`, `..` and empty parts, which cannot leave the root.
fn canonical(path: &[u8]) -> Vec<u8> {
    crate::path::canonical(&[b"/", path].concat()).split_off(1)
}

/// The address of the repository that a work tree was cloned from, or else its folder.
///
/// # Errors
///
/// Fails if Git fails.
pub(super) fn origin(git: &Git<'_>, folder: &Path, branch: Option<&[u8]>) -> Result<Vec<u8>> {
    let value = |name: &[u8]| {
        let output = git.run(&[b"config", b"--get", name])?;
        Ok::<_, Error>(output.line().map(<[u8]>::to_vec))
    };
    let branch = branch.and_then(|branch| branch.strip_prefix(b"refs/heads/"));
    let remote = branch.map(|branch| value(&[b"branch.", branch, b".remote"].concat())).transpose()?.flatten();
    let remote = remote.unwrap_or_else(|| b"origin".to_vec());
    let url = value(&[b"remote.", remote.as_slice(), b".url"].concat())?;
    Ok(url.unwrap_or_else(|| folder.as_os_str().as_bytes().to_vec()))
}

/// The address of a submodule, which may be relative to the address of the parent repository.
///
/// # Errors
///
/// Fails if it is not an address.
pub(super) fn resolve(origin: &[u8], url: &[u8]) -> Result<Vec<u8>> {
    if url.starts_with(b"./") || url.starts_with(b"../") {
        return Ok(relative(origin, url));
    }
    if url.contains(&b':') || url.starts_with(b"/") {
        return Ok(url.to_vec());
    }
    Err(Error::fetch(format!("resolving Git submodule URL '{}'", String::from_utf8_lossy(url))))
}

fn relative(origin: &[u8], url: &[u8]) -> Vec<u8> {
    let mut base = origin.to_vec();
    while base.ends_with(b"/") {
        base.pop();
    }
    // `..` removes neither the scheme nor the host.
    let scheme = memchr::memmem::find(&base, b"://").map_or(0, |index| index + 3);
    for name in url.split(|&byte| byte == b'/') {
        match name {
            b"" | b"." => {}
            b".." => {
                let slash = memchr::memrchr(b'/', &base[scheme..]).map(|index| scheme + index);
                let colon = memchr::memrchr(b':', &base[scheme..]).map(|index| scheme + index + 1);
                base.truncate(slash.or(colon).unwrap_or(base.len()));
            }
            _ => {
                if !base.ends_with(b":") {
                    base.push(b'/');
                }
                base.extend_from_slice(name);
            }
        }
    }
    base
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let cases = [
            ("https://host/a/b.git", "../c", "https://host/a/c"),
            ("https://host/a/b.git/", "./c", "https://host/a/b.git/c"),
            ("https://host/a/b.git", "../../x/c.git", "https://host/x/c.git"),
            ("/srv/a", "../b", "/srv/b"),
            ("file:///srv/a", "../b", "file:///srv/b"),
            ("git@host:a", "../b", "git@host:b"),
            ("git@host:x/a", "../b", "git@host:x/b"),
            ("https://host/a", "ssh://other/b", "ssh://other/b"),
            ("https://host/a", "/srv/b", "/srv/b"),
        ];
        for (origin, url, expected) in cases {
            let resolved = resolve(origin.as_bytes(), url.as_bytes()).expect("an address");
            assert_eq!(String::from_utf8_lossy(&resolved), expected, "{url} from {origin}");
        }
        assert!(resolve(b"/srv/a", b"b").is_err());
        assert_eq!(canonical(b"/a/./b//../c"), b"a/c");
        assert_eq!(canonical(b"../../a"), b"a");
    }
}

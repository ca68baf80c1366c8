//! What attributes say of paths: which of them `export-ignore` takes out of a tree, and which are large files kept elsewhere.

use super::objects::Objects;
use super::program::Git;
use crate::error::Result;
use rustc_hash::FxHashSet;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Where attributes are read from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Attributes<'a> {
    /// The index of the work tree.
    Index,
    /// The tree with this hash, of which an index is made in this file.
    Tree(&'a str, &'a Path),
}

/// Those of the paths for which an attribute has this value; one that has none is `set`.
///
/// # Errors
/// Those of Git.
pub(super) fn with_attribute(
    git: &Git<'_>,
    from: Attributes<'_>,
    (name, wanted): (&str, &str),
    paths: Vec<u8>,
) -> Result<FxHashSet<Vec<u8>>> {
    let mut git = git.clone();
    // What the user likes is no property of the tree.
    git.set("core.attributesFile", "/dev/null");
    if let Attributes::Tree(tree, index) = from {
        // That of another tree may be there.
        let _ = fs::remove_file(index);
        git.variable("GIT_INDEX_FILE", index);
        git.read("reading a Git tree", &[b"read-tree", tree.as_bytes()], Vec::new())?;
    }
    let arguments: [&[u8]; 5] = [b"check-attr", b"--cached", b"-z", b"--stdin", name.as_bytes()];
    let printed = git.read("looking up Git attributes", &arguments, paths)?;
    let fields: Vec<_> = printed.split(|&byte| byte == 0).collect();
    let matching = fields.chunks_exact(3).filter(|fields| fields[2] == wanted.as_bytes());
    Ok(matching.map(|fields| fields[0].strip_suffix(b"/").unwrap_or(fields[0]).to_vec()).collect())
}

/// True if any of these files, which have attributes in them, speaks of an attribute; or a file that belongs to a work tree's
/// repository may.
///
/// # Errors
/// Those of Git.
pub(super) fn is_mentioned<'i>(git: &Git<'_>, ids: impl Iterator<Item = &'i str>, attribute: &str) -> Result<bool> {
    let mut objects = Objects::of(git)?;
    for id in ids {
        let contents = objects.get(id.as_bytes())?.map(|(_, contents)| contents).unwrap_or_default();
        if memchr::memmem::find(&contents, attribute.as_bytes()).is_some() {
            return Ok(true);
        }
    }
    if git.is_bare() {
        return Ok(false);
    }
    let output = git.run(&[b"rev-parse", b"--git-path", b"info/attributes"])?;
    Ok(output.line().is_some_and(|path| git.folder().join(OsStr::from_bytes(path)).exists()))
}

/// Paths as they are asked about. Only where a folder lies in a work tree is it known to be one: elsewhere, patterns that want
/// a folder match nothing, as in C++ Nix.
pub(super) fn questions<'p>(git: &Git<'_>, paths: impl Iterator<Item = (&'p [u8], bool)>) -> Vec<u8> {
    let mut asked = Vec::new();
    for (path, is_folder) in paths {
        asked.extend_from_slice(path);
        if is_folder && !git.is_bare() && git.folder().join(OsStr::from_bytes(path)).is_dir() {
            asked.push(b'/');
        }
        asked.push(0);
    }
    asked
}

/// True if a path or a folder on the way there is among those that are ignored.
pub(super) fn is_ignored(ignored: &FxHashSet<Vec<u8>>, path: &[u8]) -> bool {
    !ignored.is_empty() && prefixes(path).any(|prefix| ignored.contains(prefix))
}

/// The folders on the way to a path, and the path.
pub(super) fn prefixes(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    memchr::memchr_iter(b'/', path).chain([path.len()]).map(|end| &path[..end])
}

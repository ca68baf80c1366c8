//! Git attributes of paths: `export-ignore`, which removes paths from a tree, and Git LFS.

use super::objects::Objects;
use super::program::Git;
use crate::error::Result;
use rustc_hash::FxHashSet;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// The source of attributes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Attributes<'a> {
    /// The index of the work tree.
    Index,
    /// The tree with this hash; its index is written to this file.
    Tree(&'a str, &'a Path),
}

/// The paths for which an attribute has this value; `set` is the value of an attribute without one.
///
/// # Errors
///
/// Fails if Git fails.
pub(super) fn with_attribute(
    git: &Git<'_>,
    from: Attributes<'_>,
    (name, wanted): (&str, &str),
    paths: Vec<u8>,
) -> Result<FxHashSet<Vec<u8>>> {
    let mut git = git.clone();
    // The user's own attributes are not a property of the tree.
    git.set("core.attributesFile", "/dev/null");
    if let Attributes::Tree(tree, index) = from {
        // The index of another tree may be there.
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

/// True if one of these attribute files mentions the attribute, or if the repository of a work tree has a file
/// `info/attributes`.
///
/// # Errors
///
/// Fails if Git fails.
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

/// The paths in the form of `git check-attr`'s input. A path ends in a slash only if it is a folder in a work tree;
/// elsewhere patterns for folders match nothing, as in C++ Nix.
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

/// True if a path or one of its parent folders is ignored.
pub(super) fn is_ignored(ignored: &FxHashSet<Vec<u8>>, path: &[u8]) -> bool {
    !ignored.is_empty() && prefixes(path).any(|prefix| ignored.contains(prefix))
}

/// The parent folders of a path, and the path.
pub(super) fn prefixes(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    memchr::memchr_iter(b'/', path).chain([path.len()]).map(|end| &path[..end])
}

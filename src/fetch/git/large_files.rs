//! Git LFS: large files that are stored elsewhere. A tree has a pointer for each.

use super::ignored::{Attributes, with_attribute};
use super::program::{Git, with_complaint};
use super::request::warn;
use super::tree::{Entry, Kind};
use crate::error::{Error, Result};
use crate::store::folder::disk_error;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// Pointers are shorter than this, in bytes.
const LONGEST: usize = 1024;

/// Replaces the pointers in a folder with their files.
///
/// # Errors
///
/// Fails if Git LFS is not installed or cannot get a file.
pub(super) fn replace(
    git: &Git<'_>,
    rev: &str,
    (tree, index): (&str, &Path),
    entries: &[Entry],
    (folder, url): (&Path, &str),
) -> Result<()> {
    let files = entries.iter().filter(|entry| matches!(entry.kind, Kind::File | Kind::Program));
    let asked = files.flat_map(|entry| [entry.path.as_slice(), b"\0"]).flatten().copied().collect();
    let mut paths: Vec<_> =
        with_attribute(git, Attributes::Tree(tree, index), ("filter", "lfs"), asked)?.into_iter().collect();
    paths.sort_unstable();
    let mut pointers = Vec::new();
    for path in paths {
        let real = folder.join(OsStr::from_bytes(&path));
        let contents = fs::read(&real).map_err(|error| disk_error("reading file", &real, &error))?;
        if is_pointer(git, &path, &contents) {
            pointers.push((path, real, contents));
        }
    }
    if pointers.is_empty() {
        return Ok(());
    }
    let git = &prepared(git, url)?;
    let fetched = git.run(&[b"lfs", b"fetch", b"origin", rev.as_bytes()])?;
    if !fetched.status.success() {
        return Err(with_complaint(
            format!("Failed to fetch the large files of git repository '{url}'"),
            &fetched.complaint(),
        ));
    }
    for (path, real, pointer) in pointers {
        let output = git.run_with(&[b"lfs", b"smudge", b"--", &path], pointer)?;
        if !output.status.success() {
            let path = String::from_utf8_lossy(&path).into_owned();
            return Err(with_complaint(format!("while smudging git-lfs file '{path}'"), &output.complaint()));
        }
        fs::write(&real, output.stdout).map_err(|error| disk_error("writing file", &real, &error))?;
    }
    Ok(())
}

/// A `git` with Git LFS configured for the repository's address.
fn prepared<'w>(git: &Git<'w>, url: &str) -> Result<Git<'w>> {
    let mut git = git.clone();
    if git.is_bare() {
        git.set("remote.origin.url", url);
    }
    git.variable("GIT_LFS_SKIP_SMUDGE", "0");
    if !git.run(&[b"lfs", b"version"])?.status.success() {
        let text = "the program 'git-lfs' is missing; install Git LFS to fetch large files ('lfs = true')";
        return Err(Error::fetch(text));
    }
    Ok(git)
}

/// True if the contents are a pointer. Other contents are kept, with a warning.
fn is_pointer(git: &Git<'_>, path: &[u8], contents: &[u8]) -> bool {
    let problem = match contents {
        _ if contents.len() >= LONGEST => "too large",
        _ if !is_well_formed(&String::from_utf8_lossy(contents)) => "invalid",
        _ => return true,
    };
    let path = String::from_utf8_lossy(path);
    warn(git.context, format!("encountered file '/{path}' that should have been a git-lfs pointer, but is {problem}"));
    false
}

fn is_well_formed(text: &str) -> bool {
    let value = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    let (hash, size) = (value("oid sha256:"), value("size "));
    text.starts_with("version https://git-lfs.github.com/spec/v1")
        && hash.len() == 64
        && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
        && !size.is_empty()
        && size.bytes().all(|byte| byte.is_ascii_digit())
}

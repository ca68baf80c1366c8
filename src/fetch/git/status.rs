//! The tracked files of a work tree, and its changes since the last commit.

use super::program::Git;
use super::source::is_attribute_file;
use crate::error::Result;
use rustc_hash::FxHashSet;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// The state of a work tree.
#[derive(Debug, Default)]
pub(super) struct Status {
    /// The last commit, if there is one.
    pub(super) head: Option<String>,
    /// Tracked files that exist, without submodules.
    pub(super) files: Vec<Vec<u8>>,
    /// The objects that the index has for attribute files.
    pub(super) attribute_files: Vec<String>,
    /// Changed files, in order.
    pub(super) changed: Vec<Vec<u8>>,
    /// Deleted tracked files, in order.
    pub(super) deleted: Vec<Vec<u8>>,
}

impl Status {
    pub(super) fn is_dirty(&self) -> bool {
        !self.changed.is_empty() || !self.deleted.is_empty()
    }
}

/// The state of the work tree in a folder.
///
/// # Errors
///
/// Fails if the folder is not a repository, or if Git fails otherwise.
pub(super) fn status(git: &Git<'_>, folder: &Path) -> Result<Status> {
    let mut status = Status { head: head(git)?, ..Status::default() };
    let git = &without_filters(git)?;
    let arguments: [&[u8]; 6] =
        [b"status", b"--porcelain=v1", b"-z", b"--untracked-files=no", b"--ignore-submodules=all", b"--no-renames"];
    // In parallel: one command looks at files while the other lists the index.
    let changes = git.begin(&arguments, Vec::new())?;
    let listed = git.read("listing the files of a Git tree", &[b"ls-files", b"-t", b"-z", b"--stage"], Vec::new())?;
    let printed = git.printed("getting working directory status", changes)?;
    for (marks, path) in printed.split(|&byte| byte == 0).filter_map(|entry| entry.split_at_checked(3)) {
        let is_conflict = matches!(&marks[..2], b"DD" | b"AU" | b"UD" | b"UA" | b"DU" | b"AA" | b"UU");
        let is_deleted = !is_conflict && marks[..2].contains(&b'D');
        if is_deleted { &mut status.deleted } else { &mut status.changed }.push(path.to_vec());
    }
    add_files(&mut status, &listed, folder);
    status.changed.sort_unstable();
    status.deleted.sort_unstable();
    Ok(status)
}

/// Adds the files of the index that still exist. An entry is a mark, a mode, a hash, a number and a path, ordered by
/// path: in a conflict there are several entries for one path.
fn add_files(status: &mut Status, listed: &[u8], folder: &Path) {
    let gone: FxHashSet<Vec<u8>> = status.deleted.iter().cloned().collect();
    let mut before: &[u8] = b"";
    let mut start = 0;
    for end in memchr::memchr_iter(0, listed) {
        let entry = &listed[std::mem::replace(&mut start, end + 1)..end];
        let Some(tab) = memchr::memchr(b'\t', entry) else { continue };
        let path = &entry[tab + 1..];
        let mut fields = entry[..tab].split(|&byte| byte == b' ');
        let (mark, mode, id) = (fields.next(), fields.next(), fields.next());
        if mode == Some(b"160000") || std::mem::replace(&mut before, path) == path || gone.contains(path) {
            continue;
        }
        // Git does not count the files that a sparse checkout leaves out as deleted; C++ Nix does.
        if mark == Some(b"S") && folder.join(OsStr::from_bytes(path)).symlink_metadata().is_err() {
            status.deleted.push(path.to_vec());
            continue;
        }
        if is_attribute_file(path) {
            status.attribute_files.push(String::from_utf8_lossy(id.unwrap_or_default()).into_owned());
        }
        status.files.push(path.to_vec());
    }
}

/// The last commit.
fn head(git: &Git<'_>) -> Result<Option<String>> {
    let output = git.run(&[b"rev-parse", b"--verify", b"--quiet", b"HEAD"])?;
    if let Some(line) = output.line() {
        return Ok(Some(String::from_utf8_lossy(line).into_owned()));
    }
    // Without commits there is no error output.
    let complaint = output.complaint();
    if complaint.is_empty() { Ok(None) } else { Err(git.failure("resolving HEAD", &complaint)) }
}

/// A `git` that runs no programs to find changed files. The names of the filters come from the configuration.
fn without_filters<'w>(git: &Git<'w>) -> Result<Git<'w>> {
    let mut git = git.clone();
    let output =
        git.run(&[b"config", b"-z", b"--name-only", b"--get-regexp", br"^filter\..*\.(clean|smudge|process)$"])?;
    for name in output.stdout.split(|&byte| byte == 0).filter(|name| !name.is_empty()) {
        git.set(OsStr::from_bytes(name), "");
        if let Some(end) = memchr::memrchr(b'.', name) {
            git.set(OsStr::from_bytes(&[&name[..end], b".required"].concat()), "false");
        }
    }
    Ok(git)
}

/// The checked out branch, for example `refs/heads/main`, if there is one.
///
/// # Errors
///
/// Fails if Git fails.
pub(super) fn branch(git: &Git<'_>) -> Result<Option<Vec<u8>>> {
    let output = git.run(&[b"symbolic-ref", b"--quiet", b"HEAD"])?;
    let complaint = output.complaint();
    if !output.status.success() && !complaint.is_empty() {
        return Err(git.failure("looking up HEAD", &complaint));
    }
    Ok(output.line().map(<[u8]>::to_vec))
}

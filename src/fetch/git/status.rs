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
    /// The checked out branch, for example `refs/heads/main`, if there is one.
    pub(super) branch: Option<Vec<u8>>,
    /// Tracked files that exist, without submodules.
    pub(super) files: Vec<Vec<u8>>,
    /// The objects that the index has for attribute files.
    pub(super) attribute_files: Vec<String>,
    /// Changed files, in order.
    pub(super) changed: Vec<Vec<u8>>,
    /// Deleted tracked files, in order.
    pub(super) deleted: Vec<Vec<u8>>,
    /// The configuration that decides about the rest.
    pub(super) configuration: Configuration,
}

impl Status {
    pub(super) fn is_dirty(&self) -> bool {
        !self.changed.is_empty() || !self.deleted.is_empty()
    }

    /// Reads a line of `git status --porcelain=v2 --branch`: a header or a changed file.
    fn read(&mut self, line: &[u8]) {
        if let Some(commit) = line.strip_prefix(b"# branch.oid ") {
            self.head = (commit != b"(initial)").then(|| String::from_utf8_lossy(commit).into_owned());
        } else if let Some(branch) = line.strip_prefix(b"# branch.head ") {
            self.branch = (branch != b"(detached)").then(|| full_name(branch));
        } else if let Some(entry) = line.strip_prefix(b"u ") {
            self.changed.extend(field(entry, 9).map(<[u8]>::to_vec));
        } else if let Some((marks, path)) = line.strip_prefix(b"1 ").and_then(|entry| Some((entry, field(entry, 7)?))) {
            let is_deleted = marks.iter().take(2).any(|&mark| mark == b'D');
            if is_deleted { &mut self.deleted } else { &mut self.changed }.push(path.to_vec());
        }
    }
}

/// The state of the work tree in a folder.
///
/// # Errors
///
/// Fails if the folder is not a repository, or if Git fails otherwise.
pub(super) fn status(git: &Git<'_>, folder: &Path) -> Result<Status> {
    let configuration = configuration(git)?;
    let git = &without_filters(git, &configuration);
    let arguments: [&[u8]; 8] = [
        b"status",
        b"--porcelain=v2",
        b"-z",
        b"--branch",
        b"--no-ahead-behind",
        b"--untracked-files=no",
        b"--ignore-submodules=all",
        b"--no-renames",
    ];
    // In parallel: one command looks at files while the other lists the index.
    let changes = git.begin(&arguments, Vec::new())?;
    let listed = git.read("listing the files of a Git tree", &[b"ls-files", b"-t", b"-z", b"--stage"], Vec::new())?;
    let printed = git.printed("getting working directory status", changes)?;
    let mut status = Status { configuration, ..Status::default() };
    printed.split(|&byte| byte == 0).for_each(|line| status.read(line));
    add_files(&mut status, &listed, folder);
    status.changed.sort_unstable();
    status.deleted.sort_unstable();
    Ok(status)
}

/// The rest of a line after so many fields.
fn field(line: &[u8], fields_before: usize) -> Option<&[u8]> {
    line.splitn(fields_before + 1, |&byte| byte == b' ').nth(fields_before)
}

/// The full name of a branch. Git shortens those in `refs/heads` only.
fn full_name(branch: &[u8]) -> Vec<u8> {
    if branch.starts_with(b"refs/") { branch.to_vec() } else { [b"refs/heads/", branch].concat() }
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

/// A setting of Git.
#[derive(Debug)]
pub(super) struct Configured {
    /// Its origin, for example `file:.git/config`.
    pub(super) origin: Vec<u8>,
    /// Its name, for example `core.bare`.
    pub(super) name: Vec<u8>,
    pub(super) value: Vec<u8>,
}

/// All settings that Git finds for a repository.
pub(super) type Configuration = Vec<Configured>;

fn configuration(git: &Git<'_>) -> Result<Configuration> {
    let listed = git.run(&[b"config", b"-z", b"--show-origin", b"--list"])?.stdout;
    let mut parts = listed.split(|&byte| byte == 0);
    let mut settings = Configuration::new();
    while let (Some(origin), Some(setting)) = (parts.next(), parts.next()) {
        let (name, value) = match memchr::memchr(b'\n', setting) {
            Some(end) => (&setting[..end], &setting[end + 1..]),
            None => (setting, &b""[..]),
        };
        settings.push(Configured { origin: origin.to_vec(), name: name.to_vec(), value: value.to_vec() });
    }
    Ok(settings)
}

/// A `git` that runs no programs to find changed files. The names of the filters come from the configuration.
fn without_filters<'w>(git: &Git<'w>, configuration: &Configuration) -> Git<'w> {
    let mut git = git.clone();
    for name in configuration.iter().map(|setting| &setting.name[..]).filter(|name| name.starts_with(b"filter.")) {
        let Some(end) = memchr::memrchr(b'.', name) else { continue };
        if [&b"clean"[..], b"smudge", b"process"].contains(&&name[end + 1..]) {
            git.set(OsStr::from_bytes(name), "");
            git.set(OsStr::from_bytes(&[&name[..end], b".required"].concat()), "false");
        }
    }
    git
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

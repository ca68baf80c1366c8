//! The files that decide what Git says of a repository. While they stay the same, so do its answers.
//!
//! Attribute files below the root of a work tree count only if they are tracked.

use super::status::{Configured, Status};
use crate::io::{FileType, Io};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// Observes the state of the repository of a work tree: its commit, its index and its configuration.
pub(super) fn repository(io: &dyn Io, folder: &Path) {
    let Some((own, common)) = folders(io, folder) else { return io.ask_elsewhere() };
    for name in ["HEAD", "index", "config.worktree", "info/sparse-checkout"] {
        observe(io, &own.join(name));
    }
    for name in ["config", "packed-refs", "reftable/tables.list", "shallow", "info/attributes"] {
        observe(io, &common.join(name));
    }
    if let Some(name) = line(io, &own.join("HEAD"), b"ref: ") {
        let reference = common.join(OsStr::from_bytes(&name));
        observe(io, &reference);
        if line(io, &reference, b"ref: ").is_some() {
            io.ask_elsewhere();
        }
    }
    for (variable, usual) in [("GIT_CONFIG_GLOBAL", None), ("GIT_CONFIG_SYSTEM", Some("/etc/gitconfig"))] {
        if let Some(place) = path_in(io, variable).or(usual.map(PathBuf::from)) {
            observe(io, &place);
        }
    }
    if let Some(home) = path_in(io, "HOME") {
        observe(io, &home.join(".gitconfig"));
    }
    if let Some(configuration) = user_folder(io) {
        observe(io, &configuration.join("config"));
        observe(io, &configuration.join("attributes"));
    }
}

/// Observes everything that the status of a work tree depends on.
pub(super) fn work_tree(io: &dyn Io, folder: &Path, status: &Status) {
    // Again: it may have changed while Git looked.
    repository(io, folder);
    observe(io, &folder.join(".gitattributes"));
    observe(io, &folder.join(".gitmodules"));
    status.configuration.iter().for_each(|setting| observe_setting(io, folder, setting));
    for file in status.files.iter().chain(&status.deleted) {
        observe(io, &folder.join(OsStr::from_bytes(file)));
    }
}

/// Observes the file of a setting, and the file that it names.
fn observe_setting(io: &dyn Io, folder: &Path, setting: &Configured) {
    let Some(origin) = setting.origin.strip_prefix(b"file:") else { return };
    let origin = folder.join(OsStr::from_bytes(origin));
    observe(io, &origin);
    let name = &setting.name[..];
    let is_include = name == b"include.path" || (name.starts_with(b"includeif.") && name.ends_with(b".path"));
    if !is_include && name != b"core.attributesfile" {
        return;
    }
    let around = origin.parent().unwrap_or(&origin);
    match (setting.value.strip_prefix(b"~/"), setting.value.first()) {
        (Some(inside), _) => match path_in(io, "HOME") {
            Some(home) => observe(io, &home.join(OsStr::from_bytes(inside))),
            None => io.ask_elsewhere(),
        },
        (None, Some(b'~' | b'%' | b':')) => io.ask_elsewhere(),
        _ => observe(io, &around.join(OsStr::from_bytes(&setting.value))),
    }
}

/// The folder of a work tree's own state, and that of the repository.
fn folders(io: &dyn Io, folder: &Path) -> Option<(PathBuf, PathBuf)> {
    let git = folder.join(".git");
    let own = match kind(io, &git)? {
        FileType::Directory => git,
        _ => folder.join(OsStr::from_bytes(&line(io, &git, b"gitdir: ")?)),
    };
    let common = line(io, &own.join("commondir"), b"").map(|place| own.join(OsStr::from_bytes(&place)));
    Some((own.clone(), common.unwrap_or(own)))
}

/// The rest of the first line of a file after this beginning.
fn line(io: &dyn Io, file: &Path, beginning: &[u8]) -> Option<Vec<u8>> {
    kind(io, file).filter(|kind| *kind == FileType::Regular)?;
    let text = io.read_file(file.as_os_str().as_bytes()).ok()?;
    let line = text.split(|&byte| byte == b'\n').next()?;
    line.strip_prefix(beginning).map(<[u8]>::to_vec)
}

fn kind(io: &dyn Io, path: &Path) -> Option<FileType> {
    io.status(path.as_os_str().as_bytes()).ok()?.map(|status| status.kind)
}

fn observe(io: &dyn Io, path: &Path) {
    io.observe(path.as_os_str().as_bytes());
}

fn path_in(io: &dyn Io, variable: &str) -> Option<PathBuf> {
    io.variable(variable.as_bytes()).map(|path| OsStr::from_bytes(&path).into())
}

/// The folder of the user's configuration of Git.
fn user_folder(io: &dyn Io) -> Option<PathBuf> {
    let stated = path_in(io, "XDG_CONFIG_HOME").filter(|path| path.is_absolute());
    let around = stated.or_else(|| path_in(io, "HOME").map(|home| home.join(".config")))?;
    Some(around.join("git"))
}

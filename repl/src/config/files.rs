//! Files that the program writes, and where the user's own are.

use crate::config::home::home;
use crate::output::stdio::reason;
use nivis::{Error, ErrorKind, Result};
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// Writes a file, whatever was there.
///
/// # Errors
/// Fails if the file can't be written; the error has its path.
pub(crate) fn write(path: impl AsRef<Path>, contents: impl AsRef<[u8]>) -> Result<()> {
    let path = path.as_ref();
    fs::write(path, contents).map_err(|error| not_written(path, &error))
}

/// Writes a file that the user names as in a shell: `~/` is their home.
///
/// # Errors
/// Fails if the file can't be written; the error has its path.
pub(crate) fn write_named(name: &str, contents: &[u8]) -> Result<()> {
    write(named(name), contents)
}

/// True if the file that the user names is there and begins otherwise.
pub(crate) fn holds_other(name: &str, beginning: &str) -> bool {
    fs::read(named(name)).is_ok_and(|text| !text.is_empty() && !text.starts_with(beginning.as_bytes()))
}

/// True if the file that the user names is there.
pub(crate) fn exists(name: &str) -> bool {
    named(name).exists()
}

fn named(name: &str) -> PathBuf {
    let in_home = name.strip_prefix("~/").and_then(|rest| Some(home().path.as_ref()?.join(rest)));
    in_home.unwrap_or_else(|| PathBuf::from(name))
}

/// Makes a directory, and those that it lies in.
///
/// # Errors
/// Fails if a directory can't be made; the error has its path.
pub(crate) fn make_directories(path: &Path) -> Result<()> {
    fs::create_dir_all(path).map_err(|error| not_written(path, &error))
}

/// Makes a symbolic link, in the place of one that was there.
///
/// # Errors
/// Fails if the link can't be made, or something else is there; the error has its path.
pub(crate) fn link(target: &[u8], path: &[u8]) -> Result<()> {
    let path = Path::new(OsStr::from_bytes(path));
    if path.is_symlink() {
        fs::remove_file(path).map_err(|error| not_written(path, &error))?;
    }
    std::os::unix::fs::symlink(OsStr::from_bytes(target), path).map_err(|error| not_written(path, &error))
}

/// The error for a path that could not be written to.
pub(crate) fn not_written(path: &Path, error: &io::Error) -> Error {
    ErrorKind::Io(format!("writing '{}': {}", path.display(), reason(error))).into()
}

/// A file of the user's choices: `$XDG_CONFIG_HOME/nivis/NAME`.
pub(crate) fn configuration(name: &str) -> Option<PathBuf> {
    user_file("XDG_CONFIG_HOME", ".config", name)
}

/// A file that the program keeps for the user: `$XDG_DATA_HOME/nivis/NAME`.
pub(crate) fn data(name: &str) -> Option<PathBuf> {
    user_file("XDG_DATA_HOME", ".local/share", name)
}

/// A folder of what need not be kept: `$XDG_CACHE_HOME/nivis/NAME`.
pub(crate) fn cache(name: &str) -> Option<PathBuf> {
    user_file("XDG_CACHE_HOME", ".cache", name)
}

/// Relative folders don't count: the standard has it so.
fn user_file(variable: &str, in_home: &str, name: &str) -> Option<PathBuf> {
    let stated = std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    let of_user = || home().path.as_ref().filter(|path| path.is_absolute()).map(|home| home.join(in_home));
    let folder = stated.or_else(of_user)?;
    Some(folder.join("nivis").join(name))
}

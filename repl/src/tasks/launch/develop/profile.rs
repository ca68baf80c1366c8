//! Profiles: links to entries of the store, of which the newest is the one in use.

use crate::config::files;
use nivis::{Eval, Result};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

/// Makes an entry the newest of a profile: `NAME-3-link` leads to it, and `NAME` to that. The links keep it from collection.
///
/// # Errors
/// Fails if the links can't be made, or the store has no roots.
pub(super) fn add(cx: &Eval<'_>, profile: &[u8], entry: &[u8]) -> Result<()> {
    let profile = PathBuf::from(OsString::from_vec(cx.absolute(profile)));
    let newest = generations(&profile).into_iter().max();
    let is_there = newest.is_some_and(|number| {
        fs::read_link(link(&profile, number)).is_ok_and(|target| target == Path::new(OsStr::from_bytes(entry)))
    });
    let number = newest.unwrap_or_default() + u64::from(!is_there);
    let target = link(&profile, number);
    if !is_there {
        cx.link_entry(entry, &target)?;
    }
    // Relative, so that the folder can move.
    let name = target.file_name().unwrap_or_default();
    files::link(name.as_bytes(), profile.as_os_str().as_bytes())
}

fn link(profile: &Path, number: u64) -> PathBuf {
    let name = profile.file_name().unwrap_or_default().to_owned();
    let mut numbered = name;
    numbered.push(format!("-{number}-link"));
    profile.with_file_name(numbered)
}

/// The numbers of the links that a profile has.
fn generations(profile: &Path) -> Vec<u64> {
    let name = profile.file_name().unwrap_or_default().as_bytes();
    let files = profile.parent().and_then(|folder| fs::read_dir(folder).ok()).into_iter().flatten().flatten();
    let number = |file: OsString| {
        let rest = file.as_bytes().strip_prefix(name)?.strip_prefix(b"-")?.strip_suffix(b"-link")?;
        std::str::from_utf8(rest).ok()?.parse().ok()
    };
    files.filter_map(|file| number(file.file_name())).collect()
}

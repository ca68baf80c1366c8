//! `store cat` and `store ls`: files of entries.

use crate::command_line::args::Arguments;
use crate::command_line::options::{Format, StoreOptions};
use crate::command_line::words::usage;
use crate::output::stdio;
use crate::tasks::build::targets::followed;
use crate::tasks::outcome::Outcome;
use nivis::codec::lossy;
use nivis::store::path::entry;
use nivis::{Error, ErrorKind, Eval, Result};
use serde_json::{Map, Value as Json, json};
use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// Prints a file.
///
/// # Errors
/// Fails if the store lacks it, or if it is not a file.
pub(super) fn cat(cx: &Eval<'_>, word: &[u8]) -> Outcome {
    let place = place(cx, word)?;
    if !status(&place)?.is_file() {
        let inside = inside(cx, word);
        return Err(Error::eval(format!("path '{}' is not a regular file", inside.display())).into());
    }
    let contents = fs::read(&place).map_err(|error| failed(&place, &error))?;
    Ok(stdio::print(&contents)?)
}

/// Lists what is at a path.
///
/// # Errors
/// Fails if the store lacks it.
pub(super) fn list(cx: &Eval<'_>, word: &[u8], arguments: &Arguments, options: &StoreOptions) -> Outcome {
    let place = place(cx, word)?;
    if arguments.common.format == Format::Json {
        if options.only_folders {
            return Err(usage("'--directory' is useless with '--json'").into());
        }
        let json = as_json(&place, options.recursive, true)?;
        return Ok(stdio::print(format!("{json}\n").as_bytes())?);
    }
    let is_folder = status(&place)?.is_dir();
    let inside = inside(cx, word);
    let name = if is_folder { ".".to_owned() } else { lossy(inside.file_name().unwrap_or_default().as_bytes()) };
    let mut lines = String::new();
    match is_folder && !options.only_folders {
        true => add_contents(&mut lines, &place, &name, options)?,
        false => add_line(&mut lines, &place, &name, options)?,
    }
    Ok(stdio::print(lines.as_bytes())?)
}

fn add_contents(lines: &mut String, folder: &Path, name: &str, options: &StoreOptions) -> Result<()> {
    for file in names(folder)? {
        let shown = format!("{name}/{}", lossy(file.as_bytes()));
        add_line(lines, &folder.join(file), &shown, options)?;
    }
    Ok(())
}

fn add_line(lines: &mut String, place: &Path, name: &str, options: &StoreOptions) -> Result<()> {
    let status = status(place)?;
    if options.long {
        let (kind, size) = match () {
            () if status.is_symlink() => ("lrwxrwxrwx", 0),
            () if status.is_dir() => ("dr-xr-xr-x", 0),
            () if is_executable(&status) => ("-r-xr-xr-x", status.len()),
            () => ("-r--r--r--", status.len()),
        };
        lines.push_str(&format!("{kind} {size:20} {name}"));
        if status.is_symlink() {
            lines.push_str(&format!(" -> {}", target(place)?));
        }
    } else {
        lines.push_str(name);
    }
    lines.push('\n');
    if options.recursive && status.is_dir() {
        add_contents(lines, place, name, options)?;
    }
    Ok(())
}

/// A file or folder as JSON; of a folder in a folder nothing but that, unless all is wanted.
fn as_json(place: &Path, recursive: bool, is_top: bool) -> Result<Json> {
    let status = status(place)?;
    if status.is_symlink() {
        return Ok(json!({ "type": "symlink", "target": target(place)? }));
    }
    if !status.is_dir() {
        return Ok(file_json(&status));
    }
    let mut entries = Map::new();
    if is_top || recursive {
        for file in names(place)? {
            let member = match is_top || recursive {
                true if recursive => as_json(&place.join(&file), true, false)?,
                _ => json!({}),
            };
            entries.insert(lossy(file.as_bytes()), member);
        }
    }
    Ok(json!({ "type": "directory", "entries": entries }))
}

fn file_json(status: &Metadata) -> Json {
    let mut json = json!({ "type": "regular", "size": status.len() });
    if let (true, Json::Object(members)) = (is_executable(status), &mut json) {
        members.insert("executable".to_owned(), true.into());
    }
    json
}

fn is_executable(status: &Metadata) -> bool {
    status.permissions().mode() & 0o100 != 0
}

fn names(folder: &Path) -> Result<Vec<std::ffi::OsString>> {
    let entries = fs::read_dir(folder).map_err(|error| failed(folder, &error))?;
    let mut names: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.file_name())).collect();
    names.sort_unstable();
    Ok(names)
}

fn target(link: &Path) -> Result<String> {
    let target = fs::read_link(link).map_err(|error| failed(link, &error))?;
    Ok(lossy(target.as_os_str().as_bytes()))
}

fn status(place: &Path) -> Result<Metadata> {
    place.symlink_metadata().map_err(|error| failed(place, &error))
}

#[cold]
fn failed(place: &Path, error: &io::Error) -> Error {
    ErrorKind::Io(format!("reading '{}': {}", place.display(), stdio::reason(error))).into()
}

/// The path inside the entry, which begins with `/`.
fn inside(cx: &Eval<'_>, word: &[u8]) -> PathBuf {
    let path = cx.absolute(word);
    let rest = entry(&cx.settings().store_dir, &path).map_or(0, <[u8]>::len);
    Path::new("/").join(OsStr::from_bytes(path[rest..].trim_ascii_start().strip_prefix(b"/").unwrap_or_default()))
}

/// The real place of a file of the store.
fn place(cx: &Eval<'_>, word: &[u8]) -> Result<PathBuf> {
    let path = cx.absolute(word);
    let store_dir = &cx.settings().store_dir;
    let (entry, rest) = match entry(store_dir, &path) {
        Ok(entry) => (entry.to_vec(), path[entry.len()..].to_vec()),
        Err(error) => (followed(cx, word).ok_or(error)?.to_vec(), Vec::new()),
    };
    let missing = || ErrorKind::Store(format!("path '{}' is not valid", lossy(&entry)));
    let place = cx.stored_at(&entry).ok_or_else(missing)?;
    Ok(PathBuf::from(OsStr::from_bytes(&[&place[..], &rest].concat())))
}

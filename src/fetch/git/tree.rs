//! Git trees: their entries, and writing these to a disk.
//!
//! Names in trees are untrusted. They are checked one by one, and every file is created new: a folder that can't be
//! created because its name is taken is an error, so nothing is ever written through a link.

use super::objects::{Header, Objects};
use super::program::Git;
use crate::codec::base::encode_base16;
use crate::error::{Error, ErrorKind, Result};
use crate::store::folder::disk_error;
use std::ffi::OsStr;
use std::fs::{self, OpenOptions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{OpenOptionsExt, symlink};
use std::path::Path;

/// The kind of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A folder, listed before its contents.
    Folder,
    /// A file.
    File,
    /// An executable file.
    Program,
    /// A symbolic link.
    Link,
    /// The place of a submodule, with its commit.
    Module,
}

/// An entry of a tree.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Its path, for example `a/b`.
    pub(super) path: Vec<u8>,
    pub(super) kind: Kind,
    /// The hash of its object, in base 16.
    pub(super) id: String,
}

/// All entries of a tree. Folders come before their contents; otherwise there is no order.
///
/// # Errors
///
/// Fails if an object is missing or broken, or if an entry has a name that a file can't have.
pub(super) fn list(objects: &mut Objects<'_>, tree: &str) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    let mut level = vec![(Vec::new(), tree.to_owned())];
    while !level.is_empty() {
        objects.ask(level.iter().flat_map(|(_, id)| [id.as_bytes(), b"\n"]).flatten().copied().collect());
        let first = entries.len();
        for (path, id) in &level {
            let header = objects.next()?.ok_or_else(|| missing(id))?;
            let contents = objects.contents(&header)?;
            if header.kind != b"tree" {
                return Err(Error::fetch(format!("Git object '{id}' is not a tree")));
            }
            parse(path, id, &contents, &mut entries)?;
        }
        let folders = entries[first..].iter().filter(|entry| entry.kind == Kind::Folder);
        level = folders.map(|entry| (entry.path.clone(), entry.id.clone())).collect();
    }
    Ok(entries)
}

/// Parses a tree object. An entry is a mode in base 8, a space, a name, a zero byte and the bytes of a hash.
fn parse(folder: &[u8], tree: &str, contents: &[u8], entries: &mut Vec<Entry>) -> Result<()> {
    let length = tree.len() / 2;
    let mut rest = contents;
    while !rest.is_empty() {
        let (entry, after) = parse_entry(rest, length).ok_or_else(|| corrupt(tree))?;
        let (mode, name, id) = entry;
        if name.is_empty() || name.contains(&b'/') || matches!(name, b"." | b".." | b".git") {
            return Err(bad_name(tree, name));
        }
        let path = if folder.is_empty() { name.to_vec() } else { [folder, b"/", name].concat() };
        entries.push(Entry { path, kind: kind(mode), id: encode_base16(id) });
        rest = after;
    }
    Ok(())
}

type Parsed<'t> = ((u32, &'t [u8], &'t [u8]), &'t [u8]);

fn parse_entry(text: &[u8], length: usize) -> Option<Parsed<'_>> {
    let blank = memchr::memchr(b' ', text)?;
    let mode = u32::from_str_radix(std::str::from_utf8(&text[..blank]).ok()?, 8).ok()?;
    let zero = blank + memchr::memchr(0, &text[blank..])?;
    let (id, after) = text[zero + 1..].split_at_checked(length)?;
    Some(((mode, &text[blank + 1..zero], id), after))
}

fn kind(mode: u32) -> Kind {
    match mode & 0o170_000 {
        0o040_000 => Kind::Folder,
        _ if mode & 0o100 != 0 => Kind::Program,
        0o160_000 => Kind::Module,
        0o120_000 => Kind::Link,
        _ => Kind::File,
    }
}

/// Writes the listed entries into a new folder. Submodules become empty folders unless `leave_out` excludes them.
///
/// # Errors
///
/// Fails on disk errors, if an object is missing, or if two entries have the same name.
pub(super) fn write(git: &Git<'_>, entries: &[Entry], folder: &Path, leave_out: &dyn Fn(&[u8]) -> bool) -> Result<()> {
    make_folder(folder)?;
    let real = |entry: &Entry| folder.join(OsStr::from_bytes(&entry.path));
    let is_folder = |entry: &&Entry| matches!(entry.kind, Kind::Folder | Kind::Module);
    for entry in entries.iter().filter(is_folder).filter(|entry| !leave_out(&entry.path)) {
        make_folder(&real(entry))?;
    }
    let files: Vec<_> = entries.iter().filter(|entry| !is_folder(entry)).collect();
    let names = files.iter().flat_map(|entry| [entry.id.as_bytes(), b"\n"]).flatten().copied().collect();
    let objects = &mut Objects::exactly(git, names)?;
    for entry in files {
        let header = objects.next()?.filter(|header| header.kind == b"blob").ok_or_else(|| missing(&entry.id))?;
        if entry.kind == Kind::Link {
            write_link(objects, &header, &real(entry))?;
        } else {
            write_file(objects, &header, &real(entry), entry.kind == Kind::Program)?;
        }
    }
    Ok(())
}

fn make_folder(path: &Path) -> Result<()> {
    fs::create_dir(path).map_err(|error| disk_error("creating directory", path, &error))
}

fn write_link(objects: &mut Objects<'_>, header: &Header, path: &Path) -> Result<()> {
    let target = objects.contents(header)?;
    symlink(OsStr::from_bytes(&target), path).map_err(|error| disk_error("creating symbolic link", path, &error))
}

fn write_file(objects: &mut Objects<'_>, header: &Header, path: &Path, is_executable: bool) -> Result<()> {
    let mode = if is_executable { 0o755 } else { 0o644 };
    let file = OpenOptions::new().write(true).create_new(true).mode(mode).open(path);
    let mut file = file.map_err(|error| disk_error("creating file", path, &error))?;
    objects.copy(header, &mut file)?.map_err(|error| disk_error("writing file", path, &error))
}

#[cold]
fn missing(id: &str) -> Error {
    let reason = format!("object not found - no match for id ({id}) (libgit2 error code = 9)");
    Error::fetch(format!("getting Git object '{id}': {reason}"))
}

#[cold]
fn corrupt(tree: &str) -> Error {
    Error::fetch(format!("Git tree '{tree}' is not as trees are"))
}

#[cold]
fn bad_name(tree: &str, name: &[u8]) -> Error {
    let name = String::from_utf8_lossy(name);
    ErrorKind::Fetch(format!("Git tree '{tree}' has an entry with the name '{name}', which no file may have")).into()
}

//! Builtins that look at files.
//!
//! A path is first tried directly, and the operating system follows links. Only if that fails are links followed
//! here: the system follows forty, and does not report which file is missing.

use super::realise::{not_valid, realise};
use crate::codec::lossy;
use crate::error::{Action, Code, Error, ErrorKind, Refusal, Result, ResultExt, Work};
use crate::eval::Eval;
use crate::eval::builtin::Arguments;
use crate::heap::{PosId, Str, Value};
use crate::io::{FileType, Status, reason};
use crate::source::CORE_FOLDER;
use crate::value::context::Reference;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::io;

/// A value that must be a path to a file, as its text.
pub(in crate::builtins) fn realised_path<'h>(cx: &mut Eval<'h>, path: Value<'h>) -> Result<Str<'h>> {
    let path = cx.coerce_to_path(path, "while realising the context of a path")?;
    realise(cx, path).traced_subject(|| realising(path.as_bytes()))
}

fn realising(path: &[u8]) -> Action {
    Action::Work(Work::RealisingContext, lossy(path).into())
}

/// A value that must be a path to a readable file. Unlike for `import`, which takes computed derivations from memory,
/// `.drv` files must have been written.
pub(in crate::builtins) fn readable_path<'h>(cx: &mut Eval<'h>, path: Value<'h>) -> Result<Str<'h>> {
    let path = realised_path(cx, path)?;
    check_written(cx, path).traced_subject(|| realising(path.as_bytes()))?;
    Ok(path)
}

/// Writes the derivations that a string refers to. Fails if nothing is written here, and one has no file.
fn check_written<'h>(cx: &Eval<'h>, string: Str<'h>) -> Result<()> {
    if string.context().is_empty() {
        return Ok(());
    }
    for reference in cx.contexts().references(string.context()) {
        let (Reference::Deep(path) | Reference::Opaque(path)) = reference else { continue };
        if !cx.computed().has_derivation(&path) || cx.file_type(&path)?.is_some() {
            continue;
        }
        cx.save_derivation(&path)?;
        if cx.file_type(&path)?.is_none() {
            let shown = lossy(&path);
            let text = format!(
                "cannot read '{shown}': derivations are written to the store when an evaluation ends, not before"
            );
            return Err(Error::from(ErrorKind::Unsupported(text)).in_nix_words(not_valid(&path)));
        }
    }
    Ok(())
}

/// The contents of a file.
pub(in crate::builtins) fn contents(cx: &Eval<'_>, path: Str<'_>) -> Result<Vec<u8>> {
    let (place, found) = followed(cx, path.as_bytes())?;
    cx.read_found(&place, found)
}

/// The path with its links followed, and the status of the file there.
fn followed<'p>(cx: &Eval<'_>, path: &'p [u8]) -> Result<(Cow<'p, [u8]>, Option<Status>)> {
    cx.follow(path).map_err(|error| on_the_way(error, path))
}

/// The error for following links. A program is not told the target of a forbidden path.
fn on_the_way(error: Error, path: &[u8]) -> Error {
    if error.code() == Code::FORBIDDEN { error } else { error.traced(PosId::NONE, realising(path)) }
}

pub(super) fn read_file<'h>(cx: &mut Eval<'h>, [path, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let path = readable_path(cx, path)?;
    let contents = contents(cx, path)?;
    if memchr::memchr(0, &contents).is_none() {
        return Ok(cx.string(contents));
    }
    let path = lossy(path.as_bytes());
    Err(Error::eval(format!("the contents of the file '{path}' cannot be represented as a Nix string")))
}

pub(super) fn read_dir<'h>(cx: &mut Eval<'h>, [path, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let path = readable_path(cx, path)?;
    let mut entries = entries_of(cx, path.as_bytes())?;
    // New names become symbols in this order, which programs can see.
    entries.sort_unstable_by(|left, right| by_bytes(&left.0, &right.0));
    let kinds = [FileType::Regular, FileType::Directory, FileType::Symlink, FileType::Unknown];
    let words = kinds.map(|kind| (kind, cx.string(kind.name())));
    let word = |kind| words.iter().find(|word| word.0 == kind).map_or(Value::NULL, |word| word.1);
    Ok(cx.attrs(entries.iter().map(|(name, kind)| (cx.intern(name), word(*kind), PosId::NONE)).collect()))
}

/// The order of names by their bytes. Most differ in the first eight, which are compared as a number.
fn by_bytes(left: &[u8], right: &[u8]) -> Ordering {
    let start = |name: &[u8]| name.first_chunk().map(|start| u64::from_be_bytes(*start));
    match (start(left), start(right)) {
        (Some(first), Some(second)) if first != second => first.cmp(&second),
        _ => left.cmp(right),
    }
}

/// The entries of a directory. The system follows links. If it fails, they are followed here, which may lead further
/// and finds the missing file.
fn entries_of(cx: &Eval<'_>, path: &[u8]) -> Result<Vec<(Vec<u8>, FileType)>> {
    let error = match cx.io().read_dir(path) {
        Ok(entries) => return Ok(entries),
        Err(error) => error,
    };
    // The store exists for every program, even while it is empty.
    if error.kind() == io::ErrorKind::NotFound && path == cx.settings().store_dir.as_bytes() {
        return Ok(Vec::new());
    }
    let (place, found) = followed(cx, path)?;
    match found.map(|found| found.kind) {
        None => Err(cx.missing_file(&place)),
        Some(FileType::Directory) => cx.io().read_dir(&place).map_err(|error| match Refusal::found_in(&error) {
            Some(refusal) => refusal,
            None => failed("opening directory", &cx.really(&place), &error),
        }),
        Some(_) => {
            let (place, what) = (cx.really(&place), if place.starts_with(CORE_FOLDER) { "file " } else { "" });
            Err(ErrorKind::Io(format!("{what}'{}' is not a directory", cx.sources().shown(&place))).into())
        }
    }
}

pub(super) fn read_file_type<'h>(cx: &mut Eval<'h>, [path, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let path = readable_path(cx, path)?;
    let kind = file_type(cx, path.as_bytes())?.ok_or_else(|| cx.missing_file(path.as_bytes()))?;
    Ok(cx.string(kind.name()))
}

pub(super) fn path_exists<'h>(cx: &mut Eval<'h>, [path, ..]: Arguments<'h>) -> Result<Value<'h>> {
    match exists(cx, path) {
        // A forbidden path counts as missing.
        Err(error) if error.code() == Code::FORBIDDEN => Ok(Value::bool(false)),
        found => Ok(Value::bool(found?)),
    }
}

fn exists<'h>(cx: &mut Eval<'h>, path: Value<'h>) -> Result<bool> {
    let path = cx.force(path)?;
    let text = path.as_str().map(Str::as_bytes).unwrap_or_default();
    let wants_directory = text.ends_with(b"/") || text.ends_with(b"/.");
    let path = readable_path(cx, path)?;
    if wants_directory {
        let found = followed(cx, path.as_bytes())?.1.map(|found| found.kind);
        let is_store = || path.as_bytes() == cx.settings().store_dir.as_bytes();
        return Ok(found.map_or_else(is_store, |kind| kind == FileType::Directory));
    }
    Ok(file_type(cx, path.as_bytes())?.is_some())
}

fn file_type(cx: &Eval<'_>, path: &[u8]) -> Result<Option<FileType>> {
    let (_, found) = cx.reach(path).map_err(|error| on_the_way(error, path))?;
    Ok(found.map(|found| found.kind))
}

#[cold]
fn failed(doing: &str, path: &[u8], error: &io::Error) -> Error {
    ErrorKind::Io(format!("{doing} '{}': {}", lossy(path), reason(error))).into()
}

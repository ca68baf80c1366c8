//! Builtins that look at files.
//!
//! What is asked for is tried as it is, and the machine follows links. Only if that fails are links followed here, to say
//! which file is missing.

use crate::builtins::Arguments;
use crate::error::{Error, ErrorKind, Result, ResultExt};
use crate::eval::Eval;
use crate::heap::{ContextId, PosId, Str, Value};
use crate::io::FileType;
use crate::value::context::Reference;
use std::io;

/// A value that must be a path to a file, as its text.
pub(in crate::builtins) fn realised_path<'h>(cx: &mut Eval<'h>, path: Value<'h>) -> Result<Str<'h>> {
    let path = cx.coerce_to_path(path, "while realising the context of a path")?;
    realise(cx, path).traced(PosId(0), || realising(path.as_bytes()))?;
    Ok(path)
}

fn realising(path: &[u8]) -> String {
    format!("while realising the context of path '{}'", lossy(path))
}

/// Makes what a string refers to exist. What exists already is all that this can do, so outputs of derivations are refused.
pub(in crate::builtins) fn realise<'h>(cx: &Eval<'h>, string: Str<'h>) -> Result<()> {
    if string.context() == ContextId(0) {
        return Ok(());
    }
    for reference in cx.contexts().references(string.context()) {
        if let Reference::Output { derivation, output } = reference {
            let (derivation, output) = (lossy(&derivation), lossy(&output));
            let text = format!("cannot build '{derivation}^{output}' during evaluation: building is not supported");
            return Err(ErrorKind::Unsupported(text).into());
        }
    }
    Ok(())
}

/// The contents of a file.
pub(in crate::builtins) fn contents(cx: &Eval<'_>, path: Str<'_>) -> Result<Vec<u8>> {
    cx.io().read_file(path.as_bytes()).map_err(|error| {
        failure(cx, path.as_bytes(), |path| match error.kind() {
            io::ErrorKind::IsADirectory => "read of 4096 bytes: Is a directory".to_owned(),
            _ => format!("opening file '{path}': {}", reason(&error)),
        })
    })
}

pub(super) fn read_file<'h>(cx: &mut Eval<'h>, [path, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let path = realised_path(cx, path)?;
    let contents = contents(cx, path)?;
    if memchr::memchr(0, &contents).is_none() {
        return Ok(cx.string(contents));
    }
    let path = lossy(path.as_bytes());
    Err(Error::eval(format!("the contents of the file '{path}' cannot be represented as a Nix string")))
}

pub(super) fn read_dir<'h>(cx: &mut Eval<'h>, [path, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let path = realised_path(cx, path)?;
    let mut entries = cx.io().read_dir(path.as_bytes()).map_err(|error| {
        failure(cx, path.as_bytes(), |path| match error.kind() {
            io::ErrorKind::NotADirectory => format!("'{path}' is not a directory"),
            _ => format!("cannot read directory \"{path}\": {}", reason(&error)),
        })
    })?;
    // New names become symbols in this order, which programs can see.
    entries.sort_unstable_by(|left, right| left.0.cmp(&right.0));
    let kinds = [FileType::Regular, FileType::Directory, FileType::Symlink, FileType::Unknown];
    let words = kinds.map(|kind| (kind, cx.string(kind.name())));
    let word = |kind| words.iter().find(|word| word.0 == kind).map_or(Value::NULL, |word| word.1);
    Ok(cx.attrs(entries.iter().map(|(name, kind)| (cx.intern(name), word(*kind), PosId(0))).collect()))
}

pub(super) fn read_file_type<'h>(cx: &mut Eval<'h>, [path, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let path = realised_path(cx, path)?;
    let kind = file_type(cx, path.as_bytes())?.ok_or_else(|| missing(path.as_bytes()))?;
    Ok(cx.string(kind.name()))
}

pub(super) fn path_exists<'h>(cx: &mut Eval<'h>, [path, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let path = cx.force(path)?;
    let text = path.as_str().map(Str::as_bytes).unwrap_or_default();
    let wants_directory = text.ends_with(b"/") || text.ends_with(b"/.");
    let path = realised_path(cx, path)?;
    let mut found = file_type(cx, path.as_bytes())?;
    if wants_directory && found == Some(FileType::Symlink) {
        found = file_type(cx, &cx.resolve_links(path.as_bytes())?)?;
    }
    Ok(Value::bool(if wants_directory { found == Some(FileType::Directory) } else { found.is_some() }))
}

fn file_type(cx: &Eval<'_>, path: &[u8]) -> Result<Option<FileType>> {
    if path == cx.settings().store_dir.as_bytes() {
        // The store is there for every program, even before anything is in it.
        return Ok(Some(FileType::Directory));
    }
    cx.io()
        .file_type(path)
        .map_err(|error| failure(cx, path, |path| format!("getting status of '{path}': {}", reason(&error))))
}

/// The error for a path that could not be used. `text` says why if a file is there after all.
#[cold]
fn failure(cx: &Eval<'_>, path: &[u8], text: impl FnOnce(&str) -> String) -> Error {
    let resolved = match cx.resolve_links(path) {
        Ok(resolved) => resolved,
        Err(error) => return error.traced(realising(path), PosId(0)),
    };
    match cx.io().file_type(&resolved) {
        Ok(None) => missing(&resolved),
        _ => ErrorKind::Io(text(&lossy(&resolved))).into(),
    }
}

#[cold]
fn missing(path: &[u8]) -> Error {
    ErrorKind::Io(format!("path '{}' does not exist", lossy(path))).into()
}

/// What the system says about an error, without the number that Rust adds.
fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.rfind(" (os error ") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}

fn lossy(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}

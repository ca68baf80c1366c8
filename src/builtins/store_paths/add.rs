//! Copies of source files and trees.

use crate::builtins::derivation::hash_or_zeros;
use crate::builtins::files::realise::realise;
use crate::codec::hash::{Hash, HashAlgorithm};
use crate::codec::nix_string::attribute_name;
use crate::error::{Action, Error, ErrorKind, Ordinal, Purpose, Result, ResultExt, Work};
use crate::eval::builtin::Arguments;
use crate::eval::{Eval, Need};
use crate::heap::{Attrs, ContextId, Str, Value};
use crate::source::path_text;
use crate::store::content::{ContentAddress, Method};
use crate::store::path::{entry, source_name};
use crate::store::selection::Selection;
use crate::store::tree::hash_archive;
use crate::value::attrs::Attr;
use crate::value::context::Reference;
use crate::world::entries::Entry;
use std::sync::Arc;

/// The source of a copy, and its options.
struct Source<'h> {
    path: Option<Str<'h>>,
    name: Option<Str<'h>>,
    filter: Option<Value<'h>>,
    method: Method,
    expected: Option<Hash>,
}

pub(super) fn filter_source<'h>(cx: &mut Eval<'h>, [filter, path, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let phrase = Purpose::DescribedArgument(Ordinal::Second, " (the path to filter) passed to 'builtins.filterSource'");
    let path = cx.coerce_to_path(path, phrase)?;
    let phrase = Purpose::Argument(Ordinal::First, "builtins.filterSource");
    let filter = Some(cx.force_function(filter, phrase)?);
    let source = Source { path: Some(path), name: None, filter, method: Method::Archive, expected: None };
    add_traced(cx, path, &source)
}

pub(super) fn path<'h>(cx: &mut Eval<'h>, [arguments, ..]: Arguments<'h>) -> Result<Value<'h>> {
    let arguments = cx.force_attrs(arguments, Purpose::Argument(Ordinal::Only, "'builtins.path'"))?;
    let source = read_arguments(cx, arguments)?;
    let missing = "missing required 'path' attribute in the first argument to 'builtins.path'";
    let path = source.path.ok_or_else(|| Error::eval(missing))?;
    add_traced(cx, path, &source)
}

fn read_arguments<'h>(cx: &mut Eval<'h>, arguments: Attrs<'h>) -> Result<Source<'h>> {
    let mut source = Source { path: None, name: None, filter: None, method: Method::Archive, expected: None };
    for attribute in arguments.iter() {
        source.read(cx, attribute)?;
    }
    Ok(source)
}

impl<'h> Source<'h> {
    fn read(&mut self, cx: &mut Eval<'h>, (name, value, position): Attr<'h>) -> Result<()> {
        match cx.symbol_text(name) {
            b"path" => {
                let phrase = "while evaluating the 'path' attribute passed to 'builtins.path'";
                self.path = Some(cx.coerce_to_path(value, Need::at(phrase, position))?);
            }
            b"name" => {
                let phrase = "while evaluating the `name` attribute passed to builtins.path";
                self.name = Some(cx.force_plain_string(value, Need::at(phrase, position))?);
            }
            b"filter" => {
                let phrase = "while evaluating the `filter` parameter passed to builtins.path";
                self.filter = Some(cx.force_function(value, Need::at(phrase, position))?);
            }
            b"recursive" => {
                let phrase = "while evaluating the `recursive` attribute passed to builtins.path";
                self.method =
                    if cx.force_bool(value, Need::at(phrase, position))? { Method::Archive } else { Method::Flat };
            }
            b"sha256" => {
                let phrase = "while evaluating the `sha256` attribute passed to builtins.path";
                let text = cx.force_plain_string(value, Need::at(phrase, position))?;
                self.expected = Some(hash_or_zeros(cx, text.as_bytes(), Some(HashAlgorithm::Sha256))?);
            }
            other => {
                let other = attribute_name(other);
                let text = format!("unsupported argument '{other}' to 'builtins.path'");
                return Err(Error::eval(text).at(position));
            }
        }
        Ok(())
    }
}

fn add_traced<'h>(cx: &mut Eval<'h>, path: Str<'h>, source: &Source<'h>) -> Result<Value<'h>> {
    let phrase = || Action::Work(Work::AddingPath, String::from_utf8_lossy(path.as_bytes()).into());
    add(cx, path, source).traced_subject(phrase)
}

fn add<'h>(cx: &mut Eval<'h>, path: Str<'h>, source: &Source<'h>) -> Result<Value<'h>> {
    let (path, references) = with_references(cx, path)?;
    let resolved = cx.resolve_links(path.as_bytes())?;
    let name = source.name.map(Str::as_bytes).filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| source_name(path.as_bytes()));
    let target = match source.filter {
        Some(filter) if source.method == Method::Archive => {
            let (hash, selection) = hash_with(cx, filter, &resolved)?;
            let target = cx.source_path(hash, source.method, name, references)?;
            cx.add_entry(&target, Entry::copy(resolved, Some(Arc::new(selection))));
            target
        }
        _ => cx.add_source(&resolved, source.method, name, references)?,
    };
    if let Some(expected) = &source.expected {
        let content = ContentAddress { method: source.method, hash: expected.clone() };
        let references = cx.contexts().paths(references);
        if content.path_with_references(&cx.settings().store_dir, name, &references)? != target {
            let path = String::from_utf8_lossy(path.as_bytes());
            let text = format!("store path mismatch in (possibly filtered) path added from '{path}'");
            return Err(Error::eval(text));
        }
    }
    Ok(cx.store_path_value(target))
}

/// The path of something to copy, built if need be, and what it refers to. A copy of an entry refers to the same entries
/// as that one.
fn with_references<'h>(cx: &Eval<'h>, path: Str<'h>) -> Result<(Str<'h>, ContextId)> {
    let store_dir = &cx.settings().store_dir;
    if path.context().is_empty() || !path.as_bytes().starts_with(store_dir.as_bytes()) {
        // The placeholder of an output leads nowhere, as in C++ Nix.
        return Ok((path, ContextId::EMPTY));
    }
    let path = realise(cx, path)?;
    let inside = entry(store_dir, path.as_bytes())?;
    let known = cx.computed().references_of_file(inside);
    if let Some(references) = known.filter(|known| known.is_empty() || cx.can_build()) {
        return Ok((path, references));
    }
    if let Some(info) = cx.entry_info(inside)? {
        return Ok((path, cx.contexts().of(info.references.into_iter().map(Reference::Opaque))));
    }
    let shown = String::from_utf8_lossy(inside);
    Err(ErrorKind::Unsupported(format!("cannot tell what '{shown}' refers to: no store was asked that knows")).into())
}

/// The hash of the files that a filter function accepts, and their selection.
fn hash_with<'h>(cx: &mut Eval<'h>, filter: Value<'h>, path: &[u8]) -> Result<(Hash, Selection)> {
    let (io, mut selection) = (cx.io(), Selection::default());
    let start = if path == b"/" { 1 } else { path.len() + 1 };
    let hash = hash_archive(io, path, &mut |path, kind| {
        cx.poll()?;
        let arguments = [cx.string(path), cx.string(kind.name())];
        let verdict = cx.call(filter, &arguments)?;
        let is_taken = cx.force_bool(verdict, Purpose::ReturnedBy("path filter function"))?;
        if is_taken {
            selection.add(path.get(start..).unwrap_or_default());
        }
        Ok(is_taken)
    })?;
    Ok((hash, selection))
}

pub(super) fn store_path<'h>(cx: &mut Eval<'h>, [path, ..]: Arguments<'h>) -> Result<Value<'h>> {
    if cx.settings().pure {
        return Err(Error::eval("'builtins.storePath' is not allowed in pure evaluation mode"));
    }
    let phrase = Purpose::Argument(Ordinal::First, "'builtins.storePath'");
    let path = cx.coerce_to_path(path, phrase)?;
    let (store_dir, text) = (&cx.settings().store_dir, path_text(path.as_bytes()));
    let is_entry = entry(store_dir, text).is_ok_and(|entry| entry == text);
    let resolved = if is_entry { text.to_vec() } else { cx.resolve_links(text)? };
    let entry = entry(store_dir, &resolved)?.into();
    let string = cx.store_string(&resolved, entry);
    let context = cx.contexts().union(string.context(), path.context());
    Ok(cx.string_with_context(string.as_bytes(), context))
}

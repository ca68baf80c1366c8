//! The rules for each kind of output. Nothing is built, and no function is called.

use super::form::Thing;
use crate::tasks::instantiate::{derivation_name, derivation_path};
use nivis::eval::{AutoArguments, ClosureInfo};
use nivis::heap::{Attrs, PosId, Unpacked};
use nivis::{Error, Eval, Result, Value};

/// Checks a thing whose rule is in this file; of the others, that they can be evaluated.
///
/// # Errors
/// Fails if the value can't be evaluated, or breaks the rule.
pub(super) fn check<'h>(cx: &mut Eval<'h>, thing: Thing, value: Value<'h>, path: &str) -> Result<()> {
    match thing {
        Thing::App => app(cx, value, path),
        Thing::Overlay => overlay(cx, value),
        Thing::Configuration => configuration(cx, value),
        Thing::Template => template(cx, value, path),
        Thing::Bundler => bundler(cx, value),
        Thing::Derivation | Thing::Check | Thing::Module | Thing::Jobs => cx.force(value).map(|_| ()),
    }
}

/// A derivation, by the path of its `.drv` file. None if it has no such path.
///
/// # Errors
/// Fails if the value can't be evaluated, or is not a derivation.
pub(super) fn derivation<'h>(cx: &mut Eval<'h>, value: Value<'h>, path: &str) -> Result<Option<Vec<u8>>> {
    let value = cx.force(value)?;
    let set = match value.as_attrs() {
        Some(set) if cx.is_derivation(set)? => set,
        _ => return Err(Error::eval(format!("flake attribute '{path}' is not a derivation"))),
    };
    derivation_name(cx, set)?;
    if !set.contains(cx.intern(b"drvPath")) {
        return Ok(None);
    }
    derivation_path(cx, set).map(Some)
}

/// An app. What it lacks that is only advisable is given to `warn`.
///
/// # Errors
/// Fails if the value can't be evaluated, or lacks a part.
fn app<'h>(cx: &mut Eval<'h>, value: Value<'h>, path: &str) -> Result<()> {
    let set = cx.force_attrs(value, "")?;
    let lacks = |name: &str| Error::eval(format!("app '{path}' lacks attribute '{name}'"));
    let (kind, position) = attribute(cx, set, "type").ok_or_else(|| lacks("type"))?;
    plain_text(cx, kind, position)?;
    let (program, position) = attribute(cx, set, "program").ok_or_else(|| lacks("program"))?;
    text(cx, program, position)?;
    match attribute(cx, set, "meta") {
        None => cx.warn(&lacks("meta")),
        Some((meta, _)) => {
            let meta = cx.force_attrs(meta, "")?;
            match attribute(cx, meta, "description") {
                None => cx.warn(&lacks("meta.description")),
                Some((description, position)) => plain_text(cx, description, position)?,
            }
        }
    }
    only_has(cx, set, &["type", "program", "meta"], &format!("app '{path}'"))
}

/// A template.
///
/// # Errors
/// Fails if the value can't be evaluated, or lacks a part.
fn template<'h>(cx: &mut Eval<'h>, value: Value<'h>, path: &str) -> Result<()> {
    let set = cx.force_attrs(value, "")?;
    let lacks = |name: &str| Error::eval(format!("template '{path}' lacks attribute '{name}'"));
    let (folder, _) = attribute(cx, set, "path").ok_or_else(|| lacks("path"))?;
    let folder = cx.coerce_to_path(folder, "")?;
    if cx.file_type(folder.as_bytes())?.is_none() {
        let folder = String::from_utf8_lossy(folder.as_bytes());
        return Err(Error::eval(format!("template '{path}' refers to a non-existent path '{folder}'")));
    }
    let (description, position) = attribute(cx, set, "description").ok_or_else(|| lacks("description"))?;
    plain_text(cx, description, position)?;
    only_has(cx, set, &["path", "description", "welcomeText"], &format!("template '{path}'"))
}

/// An overlay: a function whose first argument is called `final`.
///
/// # Errors
/// Fails if the value can't be evaluated, or is not an overlay.
fn overlay<'h>(cx: &mut Eval<'h>, value: Value<'h>) -> Result<()> {
    let value = cx.force(value)?;
    let Some(info) = lambda(cx, value) else {
        let found = cx.show_type(value);
        return Err(Error::eval(format!("overlay is not a function, but {found} instead")));
    };
    let name = info.argument.map_or(&b""[..], |name| cx.symbol_text(name));
    if info.formals.is_some() || !matches!(name, b"final" | b"_final" | b"_") {
        return Err(Error::eval("overlay does not take an argument named 'final'"));
    }
    Ok(())
}

/// A bundler: a function.
///
/// # Errors
/// Fails if the value can't be evaluated, or is not a function.
fn bundler<'h>(cx: &mut Eval<'h>, value: Value<'h>) -> Result<()> {
    let value = cx.force(value)?;
    lambda(cx, value).map(|_| ()).ok_or_else(|| Error::eval("bundler must be a function"))
}

/// A NixOS configuration, which has a derivation of a system.
///
/// # Errors
/// Fails if the value can't be evaluated, or lacks the system's derivation.
fn configuration<'h>(cx: &mut Eval<'h>, value: Value<'h>) -> Result<()> {
    let path = "config.system.build.toplevel";
    let system = cx.select_path(value, path, &AutoArguments::default())?;
    let system = cx.force(system)?;
    match system.as_attrs() {
        Some(set) if cx.is_derivation(set)? => Ok(()),
        _ => Err(Error::eval(format!("attribute '{path}' is not a derivation"))),
    }
}

/// A function that a program wrote.
fn lambda<'h>(cx: &Eval<'h>, value: Value<'h>) -> Option<ClosureInfo> {
    match value.unpack() {
        Unpacked::Closure(closure) => Some(cx.closure_info(closure)),
        Unpacked::Partial(partial) => cx.partial_info(partial),
        _ => None,
    }
}

fn attribute<'h>(cx: &Eval<'h>, set: Attrs<'h>, name: &str) -> Option<(Value<'h>, PosId)> {
    let symbol = cx.intern(name.as_bytes());
    set.get(symbol).map(|value| (value, set.position(symbol)))
}

/// Checks for a string, perhaps with context.
fn text<'h>(cx: &mut Eval<'h>, value: Value<'h>, position: PosId) -> Result<Value<'h>> {
    let value = cx.force(value)?;
    if value.as_str().is_none() {
        return Err(cx.mismatch("a string", value).at(position));
    }
    Ok(value)
}

/// Checks for a string without context.
fn plain_text<'h>(cx: &mut Eval<'h>, value: Value<'h>, position: PosId) -> Result<()> {
    let value = text(cx, value, position)?;
    cx.force_plain_string(value, "").map(|_| ())
}

/// An error if there are other attributes.
fn only_has<'h>(cx: &Eval<'h>, set: Attrs<'h>, names: &[&str], what: &str) -> Result<()> {
    let odd =
        set.iter().map(|(name, ..)| cx.symbol_text(name)).find(|name| !names.iter().any(|it| it.as_bytes() == *name));
    match odd {
        None => Ok(()),
        Some(name) => {
            let name = String::from_utf8_lossy(name);
            Err(Error::eval(format!("{what} has unsupported attribute '{name}'")))
        }
    }
}

//! From installables to what the store builds: flakes and their attributes, attributes of a program, paths in the store.

use crate::command_line::args::Arguments;
use crate::command_line::options::Source;
use crate::output::stdio;
use crate::tasks::eval::program;
use crate::tasks::flake::installable::{DefaultOutputs, Installable, split_outputs};
use crate::tasks::instantiate::{derivation_path, derivations};
use nivis::codec::lossy;
use nivis::error::ResultExt;
use nivis::eval::AutoArguments;
use nivis::flake::LockedFlake;
use nivis::heap::{Attrs, PosId, Str, Unpacked};
use nivis::store::daemon::types::{DerivedPath, Outputs};
use nivis::store::derivation_steps;
use nivis::store::path::{DERIVATION_SUFFIX, StorePath, entry};
use nivis::value::context::Reference;
use nivis::{Error, ErrorKind, Eval, Result, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::io::{self, IsTerminal, Read};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;

/// The copy of a file or folder, whose name in the store does not depend on its place.
const COPY: &[u8] = br#"path: builtins.path { inherit path; name = "source"; }"#;

/// The names of some outputs.
type Names = BTreeSet<Box<[u8]>>;

/// The targets that the command line names, in their order.
///
/// # Errors
/// Fails if a word names nothing, or what it names can't be evaluated or built.
pub(crate) fn of(
    cx: &mut Eval<'_>,
    arguments: &Arguments,
    source: &Source,
    automatic: &AutoArguments,
) -> Result<Vec<DerivedPath>> {
    let mut targets = Vec::new();
    let words = words(arguments)?;
    if source.is_given() {
        let root = program(cx, source)?;
        for word in words {
            targets.extend(of_attribute(cx, root, &word, automatic)?);
        }
        return Ok(targets);
    }
    for word in words {
        targets.push(of_word(cx, arguments, &word)?);
    }
    Ok(targets)
}

/// The installables that are meant: those of the command line and of standard input, or else `.`.
fn words(arguments: &Arguments) -> Result<Vec<Vec<u8>>> {
    let mut words = arguments.common.inputs.clone();
    if arguments.common.reads_stdin && !io::stdin().is_terminal() {
        let failed = |error| ErrorKind::Io(format!("reading standard input: {}", stdio::reason(&error)));
        let mut text = Vec::new();
        io::stdin().read_to_end(&mut text).map_err(failed)?;
        words.extend(text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).map(<[u8]>::to_vec));
    } else if words.is_empty() {
        words.push(b".".to_vec());
    }
    Ok(words)
}

/// The target that a word names where there is no program: a path in the store, or a part of a flake.
///
/// # Errors
/// Fails if the word names nothing, or what it names can't be evaluated.
pub(crate) fn of_word(cx: &mut Eval<'_>, arguments: &Arguments, word: &[u8]) -> Result<DerivedPath> {
    if let Some(target) = stored(cx, word)? {
        return Ok(target);
    }
    let installable = Installable::read(cx, arguments, word, DefaultOutputs::Packages)?;
    let locked = installable.lock(cx, arguments)?;
    of_flake(cx, &installable, &locked, word)
}

/// The target that a path names, if it leads into the store.
///
/// # Errors
/// Fails if outputs are named of something that is not a derivation.
pub(crate) fn stored(cx: &Eval<'_>, word: &[u8]) -> Result<Option<DerivedPath>> {
    let (path, outputs) = split_outputs(word);
    if !path.contains(&b'/') {
        return Ok(None);
    }
    let store_dir = &cx.settings().store_dir;
    // The derivation may itself be the output of another.
    let base = derivation_steps(path).0;
    match outputs {
        None => Ok(followed(cx, path).map(DerivedPath::Opaque)),
        Some(_) if !entry(store_dir, base).is_ok_and(|entry| entry == base) => Ok(None),
        Some(outputs) if base.ends_with(DERIVATION_SUFFIX) => {
            Ok(Some(DerivedPath::Built { derivation: path.into(), outputs }))
        }
        Some(_) => {
            let base = lossy(&path[store_dir.len() + 1..]);
            Err(Error::eval(format!("store path '{base}' is not a valid derivation path")))
        }
    }
}

/// The entry that a path leads to, through links.
pub(crate) fn followed(cx: &Eval<'_>, word: &[u8]) -> Option<StorePath> {
    const MOST_LINKS: usize = 64;
    let mut path = cx.absolute(word);
    for _ in 0..MOST_LINKS {
        if let Ok(entry) = entry(&cx.settings().store_dir, &path) {
            return Some(entry.into());
        }
        let place = Path::new(OsStr::from_bytes(&path));
        let target = fs::read_link(place).ok()?;
        let target = place.parent().map_or_else(|| target.clone(), |folder| folder.join(&target));
        path = cx.absolute(&target.into_os_string().into_vec());
    }
    None
}

/// The target that a flake reference names.
///
/// # Errors
/// Fails if it names nothing, or what it names can't be evaluated.
pub(crate) fn of_flake(
    cx: &mut Eval<'_>,
    installable: &Installable,
    locked: &LockedFlake,
    word: &[u8],
) -> Result<DerivedPath> {
    let (path, value) = installable.found_in(cx, locked)?;
    let value = cx.force(value)?;
    if let Some(set) = value.as_attrs()
        && cx.is_derivation(set)?
    {
        let derivation = derivation_path(cx, set)?.into();
        let outputs = match split_outputs(word).1 {
            Some(outputs) => outputs,
            None => named(usual_outputs(cx, set, Names::new())?),
        };
        return Ok(DerivedPath::Built { derivation, outputs });
    }
    let phrase = format!("while evaluating the flake output attribute '{path}'");
    let wanted = format!("flake output attribute '{path}' to be a derivation or path");
    single(cx, value, &phrase)?.ok_or_else(|| cx.mismatch(&wanted, value))
}

/// The targets at an attribute path of a program.
///
/// # Errors
/// Fails if there is nothing, or something that can't be built.
pub(crate) fn of_attribute<'h>(
    cx: &mut Eval<'h>,
    root: Value<'h>,
    word: &[u8],
    automatic: &AutoArguments,
) -> Result<Vec<DerivedPath>> {
    let (path, outputs) = split_outputs(word);
    let path = if path == b"." { b"" } else { path };
    let value = cx.select_path(root, path, automatic)?;
    let value = cx.force(value)?;
    if let Some(target) = single(cx, value, &format!("while evaluating the attribute '{}'", lossy(path)))? {
        return Ok(vec![target]);
    }
    let mut found: BTreeMap<StorePath, Names> = BTreeMap::new();
    for derivation in derivations(cx, value, automatic)? {
        if !derivation.contains(cx.intern(b"drvPath")) {
            return Err(Error::eval(format!("'{}' is not a derivation", lossy(path))));
        }
        let names = match outputs {
            Some(_) => Names::new(),
            None => {
                let all = all_outputs(cx, derivation)?;
                usual_outputs(cx, derivation, all)?
            }
        };
        found.entry(derivation_path(cx, derivation)?.into()).or_default().extend(names);
    }
    let target = |(derivation, names)| DerivedPath::Built {
        derivation,
        outputs: outputs.clone().unwrap_or_else(|| named(names)),
    };
    Ok(found.into_iter().map(target).collect())
}

fn named(names: Names) -> Outputs {
    Outputs::Named(names.into_iter().collect())
}

/// The target that a string or path is; `None` if the value is neither.
fn single<'h>(cx: &mut Eval<'h>, value: Value<'h>, phrase: &str) -> Result<Option<DerivedPath>> {
    match value.unpack() {
        Unpacked::String(text) => of_string(cx, text).map(Some).traced(PosId::NONE, || phrase.to_owned()),
        Unpacked::Path(_) => {
            let copy = cx.eval_text(COPY.into(), &[])?;
            let copied = cx.call(copy, &[value])?;
            let copied = cx.force_string(copied, phrase)?;
            Ok(Some(DerivedPath::Opaque(copied.as_bytes().into())))
        }
        _ => Ok(None),
    }
}

/// The target that a string is, which refers to nothing else.
fn of_string<'h>(cx: &Eval<'h>, text: Str<'h>) -> Result<DerivedPath> {
    let shown = lossy(text.as_bytes());
    let mut references = cx.contexts().references(text.context());
    let count = references.len();
    let (Some(reference), 1) = (references.pop(), count) else {
        let text =
            format!("string '{shown}' has {count} entries in its context. It should only have exactly one entry");
        return Err(Error::eval(text));
    };
    match reference {
        Reference::Opaque(path) if *path == *text.as_bytes() => Ok(DerivedPath::Opaque(path)),
        Reference::Opaque(path) => {
            let path = lossy(&path);
            Err(Error::eval(format!("path string '{shown}' has context with the different path '{path}'")))
        }
        Reference::Deep(_) => Err(Error::eval(format!(
            "string '{shown}' has a context which refers to a complete source and binary closure. This is not supported \
             at this time"
        ))),
        Reference::Output { derivation, output } => {
            let output = (derivation, output);
            let known = cx.computed().computed_path(&output).filter(|path| **path != *text.as_bytes());
            let (derivation, output) = output;
            if let Some(path) = known {
                let (output, derivation, path) = (lossy(&output), lossy(&derivation), lossy(&path));
                return Err(Error::eval(format!(
                    "string '{shown}' has context with the output '{output}' from derivation '{derivation}', but the \
                     string is not the right placeholder for this derivation output. It should be '{path}'"
                )));
            }
            Ok(DerivedPath::Built { derivation, outputs: Outputs::Named(vec![output]) })
        }
    }
}

/// The outputs that a derivation's set has.
fn all_outputs<'h>(cx: &mut Eval<'h>, derivation: Attrs<'h>) -> Result<Names> {
    let Some(list) = derivation.get(cx.intern(b"outputs")) else { return Ok(main_output()) };
    let list = cx.force_list(list, "while evaluating the 'outputs' attribute of a derivation")?;
    let phrase = "while evaluating the name of an output of a derivation";
    list.iter().map(|name| Ok(cx.force_plain_string(name, phrase)?.as_bytes().into())).collect()
}

fn main_output() -> Names {
    Names::from([Box::from(&b"out"[..])])
}

/// The outputs that are meant where none are named: the one that was selected, or those that the derivation wants
/// installed, or else `all`, or `out`.
fn usual_outputs<'h>(cx: &mut Eval<'h>, derivation: Attrs<'h>, all: Names) -> Result<Names> {
    let is_known = |name: &[u8]| all.is_empty() || all.contains(name);
    let specified = match derivation.get(cx.intern(b"outputSpecified")) {
        Some(value) => cx.force_bool(value, "while evaluating the 'outputSpecified' attribute of a derivation")?,
        None => false,
    };
    if specified {
        return selected_output(cx, derivation, is_known);
    }
    let Some(list) = installed_outputs(cx, derivation)? else {
        return Ok(if all.is_empty() { main_output() } else { all });
    };
    let bad = || Error::eval("this derivation has bad 'meta.outputsToInstall'");
    let list = cx.force(list)?.as_list().ok_or_else(bad)?;
    let mut names = Names::new();
    for name in list.iter() {
        let name = cx.force(name)?.as_str().filter(|name| is_known(name.as_bytes())).ok_or_else(bad)?;
        names.insert(name.as_bytes().into());
    }
    Ok(if names.is_empty() { main_output() } else { names })
}

/// The output that a selection led to.
fn selected_output<'h>(cx: &mut Eval<'h>, derivation: Attrs<'h>, is_known: impl Fn(&[u8]) -> bool) -> Result<Names> {
    let Some(name) = derivation.get(cx.intern(b"outputName")) else { return Ok(main_output()) };
    let name = cx.force_plain_string(name, "while evaluating the output name of a derivation")?.as_bytes();
    if !is_known(name) {
        return Err(Error::eval(format!("derivation does not have output '{}'", lossy(name))));
    }
    Ok(Names::from([name.into()]))
}

/// `meta.outputsToInstall`, if there is such a thing.
fn installed_outputs<'h>(cx: &mut Eval<'h>, derivation: Attrs<'h>) -> Result<Option<Value<'h>>> {
    let Some(meta) = derivation.get(cx.intern(b"meta")) else { return Ok(None) };
    let meta = cx.force_attrs(meta, "while evaluating the 'meta' attribute of a derivation")?;
    Ok(meta.get(cx.intern(b"outputsToInstall")))
}

//! `REF#PATH`: a flake, and a path in it.
//!
//! A path is first looked for among the packages of this system, then among its legacy packages, then as it is. Unlike with
//! `--file`, it leads through sets only: `0` is an attribute of that name, never an element of a list.

use super::lists;
use super::nix_config;
use super::options::Locking;
use crate::command_line::args::Arguments;
use crate::command_line::words::{lossy, usage};
use nivis::codec::levenshtein;
use nivis::error::LIST_ACCESS;
use nivis::eval::path_steps;
use nivis::flake::{LockOptions, LockedFlake, Wanted, find_flake, lock};
use nivis::flake_ref::FlakeRef;
use nivis::store::daemon::types::Outputs;
use nivis::{Error, ErrorKind, Eval, Result, Value};
use std::collections::BTreeSet;

/// The outputs that a reference means without a path, and where a path begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DefaultOutputs {
    /// The package that is built when none is named; names are those of packages.
    Packages,
    /// The development shell that is used when none is named, or else a package; names are those of shells or packages.
    Shells,
    /// The app that runs when none is named, or else a package; names are those of apps or packages.
    Apps,
    /// All outputs of the flake; names are those of packages.
    All,
    /// The flake itself; names are those of its outputs.
    Outputs,
    /// The default template; names are those of templates.
    Templates,
}

/// A flake, and the paths that may be meant in it, best first.
#[derive(Clone, Debug)]
pub(crate) struct Installable {
    reference: FlakeRef,
    /// The reference as the user wrote it.
    written: String,
    fragment: String,
    paths: Vec<String>,
}

impl Installable {
    /// The flake and path that a word names. Outputs after `^` are ignored.
    ///
    /// # Errors
    /// Fails if the word is not a reference to a flake.
    pub(crate) fn read(cx: &Eval<'_>, arguments: &Arguments, word: &[u8], usual: DefaultOutputs) -> Result<Self> {
        if !arguments.common.automatic.is_empty() {
            return Err(usage("'--arg' and '--argstr' are incompatible with flakes"));
        }
        Self::find(cx, word, usual)
    }

    /// The same where functions may be called automatically.
    ///
    /// # Errors
    /// Fails if the word is not a reference to a flake.
    pub(crate) fn find(cx: &Eval<'_>, word: &[u8], usual: DefaultOutputs) -> Result<Self> {
        let base = cx.io().current_dir();
        let (reference, fragment) = find_flake(cx, without_outputs(word), &base, Wanted::default())?;
        let fragment = lossy(Some(fragment));
        let paths = paths(&fragment, &cx.settings().system, usual);
        let written = word.split(|&byte| byte == b'#').next().unwrap_or_default().to_vec();
        Ok(Self { reference, written: lossy(Some(written)), fragment, paths })
    }

    /// Its name in messages.
    pub(crate) fn name(&self) -> String {
        format!("{}#{}", self.reference.url(), self.fragment)
    }

    /// The reference as the user wrote it.
    pub(crate) fn written(&self) -> &str {
        &self.written
    }

    /// The URL of the flake.
    pub(crate) fn url(&self) -> String {
        self.reference.url()
    }

    /// True if it names all of the flake.
    pub(crate) fn is_whole(&self) -> bool {
        self.fragment.is_empty()
    }

    /// The paths that are tried.
    pub(crate) fn paths(&self) -> &[String] {
        &self.paths
    }

    /// The flake with its inputs pinned down.
    ///
    /// # Errors
    /// Fails if the flake can't be fetched or locked.
    pub(crate) fn lock(&self, cx: &mut Eval<'_>, arguments: &Arguments) -> Result<LockedFlake> {
        let locking = Locking::of(cx, arguments)?;
        self.lock_as(cx, &locking.options())
    }

    /// The same, whatever the command line says of locking.
    ///
    /// # Errors
    /// Fails if the flake can't be fetched or locked.
    pub(crate) fn lock_as(&self, cx: &mut Eval<'_>, options: &LockOptions<'_>) -> Result<LockedFlake> {
        lock(cx, &self.reference, &LockOptions { on_flake: Some(&nix_config::tell), ..*options })
    }

    /// The value at the first of the paths that leads anywhere, not evaluated.
    ///
    /// # Errors
    /// Fails if the flake can't be locked, a value on the way can't be evaluated, or no path leads anywhere.
    pub(crate) fn value<'h>(&self, cx: &mut Eval<'h>, arguments: &Arguments) -> Result<Value<'h>> {
        let locked = self.lock(cx, arguments)?;
        self.value_in(cx, &locked)
    }

    /// The same in the flake that was locked.
    ///
    /// # Errors
    /// Fails if a value on the way can't be evaluated, or no path leads anywhere.
    pub(crate) fn value_in<'h>(&self, cx: &mut Eval<'h>, locked: &LockedFlake) -> Result<Value<'h>> {
        self.found_in(cx, locked).map(|(_, value)| value)
    }

    /// The same, with the path that led there.
    ///
    /// # Errors
    /// Fails if a value on the way can't be evaluated, or no path leads anywhere.
    pub(crate) fn found_in<'h>(&self, cx: &mut Eval<'h>, locked: &LockedFlake) -> Result<(&str, Value<'h>)> {
        let outputs = outputs(cx, locked)?;
        let (mut refusals, mut notes) = (Vec::new(), Vec::new());
        for path in &self.paths {
            match select(cx, outputs, path) {
                Ok(value) => return Ok((path, value)),
                Err(Refusal::NoSet) => {}
                Err(Refusal::List(left)) if notes.is_empty() => notes = self.notes_on_list(left),
                Err(Refusal::List(_)) => {}
                Err(Refusal::Missing(names)) => refusals.extend(names),
                Err(Refusal::Failed(error)) => return Err(error),
            }
        }
        let error = self.not_provided().with_suggestions(refusals);
        if notes.is_empty() {
            return Err(match self.without_system(cx, outputs) {
                Some(note) => error.with_note(note),
                None => error,
            });
        }
        Err(notes.into_iter().fold(error.with_topic(LIST_ACCESS), Error::with_note))
    }

    #[cold]
    fn not_provided(&self) -> Error {
        let (url, paths) = (self.reference.url(), shown(&self.paths));
        Error::eval(format!("flake '{url}' does not provide attribute {paths}"))
    }

    /// A note on outputs that lack the system: `packages.default` for `packages.x86_64-linux.default`.
    fn without_system<'h>(&self, cx: &mut Eval<'h>, outputs: Value<'h>) -> Option<String> {
        self.paths.iter().find_map(|path| {
            let steps: Vec<_> = path_steps(path.as_bytes()).ok()?.into_iter().map(|step| lossy(Some(step))).collect();
            let [kind, system, rest @ ..] = steps.as_slice() else { return None };
            let short = [std::slice::from_ref(kind), rest].concat().join(".");
            let is_there = !rest.is_empty() && system.contains('-') && select(cx, outputs, &short).is_ok();
            is_there.then(|| format!("`{short}` lacks the system: it should be `{path}`"))
        })
    }

    /// Notes on a path with this many steps left that leads to a list.
    fn notes_on_list(&self, left: usize) -> Vec<String> {
        let (dot, fragment) = match self.fragment.strip_prefix('.') {
            Some(exact) => (".", exact),
            None => ("", self.fragment.as_str()),
        };
        let steps: Vec<_> = path_steps(fragment.as_bytes()).unwrap_or_default();
        let steps: Vec<_> = steps.into_iter().map(|step| lossy(Some(step))).collect();
        let at = steps.len().checked_sub(left).filter(|at| *at > 0);
        at.map_or_else(Vec::new, |at| lists::notes(&self.written, dot, &steps, at))
    }
}

/// The outputs of a flake.
///
/// # Errors
/// Fails if the flake can't be evaluated.
pub(crate) fn outputs<'h>(cx: &mut Eval<'h>, locked: &LockedFlake) -> Result<Value<'h>> {
    let flake = locked.value(cx)?;
    let flake = cx.force_attrs(flake, "while evaluating a flake to get its outputs")?;
    let outputs = flake.get(cx.intern(b"outputs")).ok_or_else(|| Error::eval("a flake lacks 'outputs'"))?;
    cx.force(outputs)
}

/// Why a path leads nowhere.
enum Refusal {
    /// A name is missing. These were perhaps meant.
    Missing(Vec<String>),
    /// There is a list with this many steps left.
    List(usize),
    /// There is something else that is not a set.
    NoSet,
    Failed(Error),
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

/// The value at a path in sets.
fn select<'h>(cx: &mut Eval<'h>, outputs: Value<'h>, path: &str) -> std::result::Result<Value<'h>, Refusal> {
    let mut value = outputs;
    let steps = path_steps(path.as_bytes())?;
    for (at, step) in steps.iter().enumerate() {
        let forced = match cx.force(value) {
            Ok(forced) => forced,
            // C++ Nix goes on with the next path.
            Err(error) if matches!(error.kind(), ErrorKind::Type(_)) => return Err(Refusal::NoSet),
            Err(error) => return Err(error.into()),
        };
        let Some(set) = forced.as_attrs() else {
            return Err(if forced.as_list().is_some() { Refusal::List(steps.len() - at) } else { Refusal::NoSet });
        };
        let symbol = cx.intern(step);
        value = set.get(symbol).ok_or_else(|| {
            let names: Vec<_> = set.iter().map(|(name, ..)| cx.symbol_text(name)).collect();
            let similar = levenshtein::suggestions(step, names);
            Refusal::Missing(similar.into_iter().map(|name| lossy(Some(name.to_vec()))).collect())
        })?;
    }
    Ok(value)
}

/// The paths that a fragment may mean. With a dot in front it means exactly itself.
fn paths(fragment: &str, system: &str, usual: DefaultOutputs) -> Vec<String> {
    if let Some(exact) = fragment.strip_prefix('.') {
        return vec![exact.to_owned()];
    }
    match (fragment, usual) {
        ("", DefaultOutputs::All | DefaultOutputs::Outputs) => vec![String::new()],
        ("", DefaultOutputs::Packages) => {
            vec![format!("packages.{system}.default"), format!("defaultPackage.{system}")]
        }
        ("", DefaultOutputs::Shells) => vec![
            format!("devShells.{system}.default"),
            format!("devShell.{system}"),
            format!("packages.{system}.default"),
            format!("defaultPackage.{system}"),
        ],
        ("", DefaultOutputs::Apps) => vec![
            format!("apps.{system}.default"),
            format!("defaultApp.{system}"),
            format!("packages.{system}.default"),
            format!("defaultPackage.{system}"),
        ],
        (_, DefaultOutputs::Shells) => vec![
            format!("devShells.{system}.{fragment}"),
            format!("packages.{system}.{fragment}"),
            format!("legacyPackages.{system}.{fragment}"),
            fragment.to_owned(),
        ],
        (_, DefaultOutputs::Apps) => vec![
            format!("apps.{system}.{fragment}"),
            format!("packages.{system}.{fragment}"),
            format!("legacyPackages.{system}.{fragment}"),
            fragment.to_owned(),
        ],
        (_, DefaultOutputs::Outputs) => vec![fragment.to_owned()],
        ("", DefaultOutputs::Templates) => vec!["templates.default".to_owned(), "defaultTemplate".to_owned()],
        (_, DefaultOutputs::Templates) => vec![format!("templates.{fragment}"), fragment.to_owned()],
        (_, DefaultOutputs::All | DefaultOutputs::Packages) => vec![
            format!("packages.{system}.{fragment}"),
            format!("legacyPackages.{system}.{fragment}"),
            fragment.to_owned(),
        ],
    }
}

/// The paths as messages list them.
fn shown(paths: &[String]) -> String {
    match paths {
        [] => String::new(),
        [only] => format!("'{only}'"),
        [rest @ .., last] => {
            let rest: Vec<_> = rest.iter().map(|path| format!("'{path}'")).collect();
            format!("{} or '{last}'", rest.join(", "))
        }
    }
}

/// A word without the outputs that are named at its end.
fn without_outputs(word: &[u8]) -> &[u8] {
    split_outputs(word).0
}

/// A word, and the outputs that are named at its end: `^*` or `^out,dev`.
pub(crate) fn split_outputs(word: &[u8]) -> (&[u8], Option<Outputs>) {
    let is_name_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-._?=,".contains(byte);
    let Some(caret) = word.iter().rposition(|&byte| byte == b'^') else { return (word, None) };
    let (before, names) = (&word[..caret], &word[caret + 1..]);
    match names {
        b"*" => (before, Some(Outputs::All)),
        names if !names.is_empty() && names.iter().all(is_name_part) => {
            let names: BTreeSet<Box<[u8]>> = names.split(|&byte| byte == b',').map(Into::into).collect();
            (before, Some(Outputs::Named(names.into_iter().collect())))
        }
        _ => (word, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_meant() {
        let table = [
            ("", DefaultOutputs::Packages, "'packages.s.default' or 'defaultPackage.s'"),
            ("a.b", DefaultOutputs::Packages, "'packages.s.a.b', 'legacyPackages.s.a.b' or 'a.b'"),
            (".a", DefaultOutputs::Packages, "'a'"),
            ("a", DefaultOutputs::Shells, "'devShells.s.a', 'packages.s.a', 'legacyPackages.s.a' or 'a'"),
            ("", DefaultOutputs::All, "''"),
            ("a", DefaultOutputs::All, "'packages.s.a', 'legacyPackages.s.a' or 'a'"),
            ("", DefaultOutputs::Outputs, "''"),
            ("a", DefaultOutputs::Outputs, "'a'"),
        ];
        for (fragment, usual, expected) in table {
            assert_eq!(shown(&paths(fragment, "s", usual)), expected, "{fragment}");
        }
    }

    #[test]
    fn outputs_of_packages() {
        let table = [(".#a^dev", ".#a"), (".#a^*", ".#a"), (".#a^dev,out", ".#a"), (".#a^", ".#a^"), (".#a", ".#a")];
        for (word, expected) in table {
            assert_eq!(without_outputs(word.as_bytes()), expected.as_bytes(), "{word}");
        }
    }
}

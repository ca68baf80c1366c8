//! Why a derivation differs from an earlier one: inputs that differ, and its own attributes.

use super::line::{array, object, string, strings};
use crate::tasks::jobs::earlier::Job;
use nivis::codec::version::parse_drv_name;
use nivis::store::backend::Store;
use nivis::store::derivation::{Derivation, Variable};
use nivis::store::stored::StoredDerivation;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fmt::Write;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::rc::Rc;

/// The length of a hash in a path of the store, with the dash after it.
const HASH: usize = 33;

/// The places of derivations.
pub(super) struct Derivations {
    /// `--drv-dir`
    pub(super) folder: Option<PathBuf>,
    pub(super) store: Rc<dyn Store>,
}

impl Derivations {
    fn read(&self, path: &str) -> Option<StoredDerivation> {
        let in_folder = self.folder.as_ref().map(|folder| folder.join(base(path)));
        let text = in_folder.and_then(|file| fs::read(file).ok()).or_else(|| {
            let place = self.store.locate(path.as_bytes())?;
            fs::read(OsStr::from_bytes(&place)).ok()
        })?;
        StoredDerivation::read(&text)
    }

    /// Why the later derivation differs.
    pub(super) fn reasons(&self, earlier: &Job, later: &Job) -> Reasons {
        let read = |job: &Job| job.derivation.as_deref().and_then(|path| self.read(path));
        let (before, after) = (read(earlier), read(later));
        let inputs = |job: &Job, stored: &Option<StoredDerivation>| match stored {
            Some(stored) => Some(stored.references().into_iter().map(text).collect()),
            None => job.inputs.as_ref().map(|inputs| inputs.iter().cloned().collect()),
        };
        let inputs = match (inputs(earlier, &before), inputs(later, &after)) {
            (Some(before), Some(after)) => Some(pairs(&before, &after)),
            _ => None,
        };
        let attributes = match (&before, &after) {
            (Some(before), Some(after)) => Some(attributes(&before.borrowed(b""), &after.borrowed(b""))),
            _ => None,
        };
        Reasons { inputs, attributes }
    }
}

/// The differences between two derivations, as far as they are known.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reasons {
    inputs: Option<Vec<Input>>,
    attributes: Option<BTreeSet<String>>,
}

/// An input that differs: its name without the version, and its path before and after.
#[derive(Debug, PartialEq, Eq)]
struct Input {
    name: String,
    paths: [Option<String>; 2],
}

impl Reasons {
    /// The reasons as a member of a line.
    pub(super) fn json(&self) -> Vec<u8> {
        let path = |path: &Option<String>| path.as_ref().map_or_else(|| b"null".to_vec(), string);
        let input = |input: &Input| {
            let [old, new] = &input.paths;
            object([("name", string(&input.name)), ("new", path(new)), ("old", path(old))])
        };
        let inputs = self.inputs.as_ref().map_or_else(|| b"null".to_vec(), |all| array(all.iter().map(input)));
        let attributes = self.attributes.as_ref().map_or_else(|| b"null".to_vec(), strings);
        object([("attributes", attributes), ("inputs", inputs)])
    }

    /// The same for people, on lines of their own.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for input in self.inputs.iter().flatten() {
            let version = |path: &Option<String>| path.as_ref().map(|path| version(path));
            let [old, new] = [version(&input.paths[0]), version(&input.paths[1])];
            let change = match (old, new) {
                (None, _) => ": new".to_owned(),
                (_, None) => ": gone".to_owned(),
                (old, new) if old == new => String::new(),
                (old, new) => format!(": {} -> {}", old.unwrap_or_default(), new.unwrap_or_default()),
            };
            let _ = writeln!(text, "    input {}{change}", input.name);
        }
        let attributes: Vec<_> = self.attributes.iter().flatten().map(String::as_str).collect();
        if !attributes.is_empty() {
            let _ = writeln!(text, "    own {}", attributes.join(", "));
        }
        text
    }
}

/// The inputs that differ, in pairs of the same name, or at least the same package.
fn pairs(before: &BTreeSet<String>, after: &BTreeSet<String>) -> Vec<Input> {
    let (mut gone, mut new): (Vec<_>, Vec<_>) =
        (before.difference(after).collect(), after.difference(before).collect());
    let mut pairs = Vec::new();
    for is_same in [
        |left: &str, right: &str| full_name(left) == full_name(right),
        |left: &str, right: &str| package(left) == package(right),
    ] {
        gone.retain(|old| {
            let Some(at) = new.iter().position(|new| is_same(old, new)) else { return true };
            let found = new.remove(at);
            pairs.push(Input { name: package(old), paths: [Some((*old).clone()), Some(found.clone())] });
            false
        });
    }
    let alone = |path: &str, paths| Input { name: package(path), paths };
    pairs.extend(gone.into_iter().map(|path| alone(path, [Some(path.clone()), None])));
    pairs.extend(new.into_iter().map(|path| alone(path, [None, Some(path.clone())])));
    pairs.sort_by(|left, right| left.name.cmp(&right.name));
    pairs
}

/// The parts of derivations that differ by more than hashes in paths.
fn attributes(before: &Derivation<'_>, after: &Derivation<'_>) -> BTreeSet<String> {
    let mut differing = BTreeSet::new();
    let mut compare = |name: &str, before: &[u8], after: &[u8]| {
        if without_hashes(before) != without_hashes(after) {
            differing.insert(name.to_owned());
        }
    };
    compare("system", before.system, after.system);
    compare("builder", before.builder, after.builder);
    compare("args", &before.arguments.join(&0), &after.arguments.join(&0));
    let variable = |derivation: &Derivation<'_>, wanted: &[u8]| {
        let found = derivation.environment.iter().find(|(name, _)| *name == wanted);
        found.map(|(_, value)| if let Variable::Text(text) = value { [b"=", *text].concat() } else { Vec::new() })
    };
    for (name, _) in before.environment.iter().chain(&after.environment) {
        let value = |derivation| variable(derivation, name).unwrap_or_default();
        compare(&String::from_utf8_lossy(name), &value(before), &value(after));
    }
    differing
}

/// A text without the hashes after `/`: they differ as soon as anything does.
fn without_hashes(text: &[u8]) -> Vec<u8> {
    let is_digit = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(slash) = memchr(rest) {
        out.extend_from_slice(&rest[..=slash]);
        rest = &rest[slash + 1..];
        if rest.get(..HASH).is_some_and(|hash| hash.ends_with(b"-") && hash[..HASH - 1].iter().all(is_digit)) {
            rest = &rest[HASH..];
        }
    }
    out.extend_from_slice(rest);
    out
}

fn memchr(text: &[u8]) -> Option<usize> {
    text.iter().position(|&byte| byte == b'/')
}

fn text(path: &[u8]) -> String {
    String::from_utf8_lossy(path).into_owned()
}

fn base(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// The name in a path of the store, without `.drv`.
fn full_name(path: &str) -> &str {
    let base = base(path);
    let name = base.get(HASH..).unwrap_or(base);
    name.strip_suffix(".drv").unwrap_or(name)
}

fn package(path: &str) -> String {
    text(parse_drv_name(full_name(path).as_bytes()).name)
}

fn version(path: &str) -> String {
    text(parse_drv_name(full_name(path).as_bytes()).version)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(letter: char, name: &str) -> String {
        format!("/nix/store/{}-{name}.drv", letter.to_string().repeat(32))
    }

    #[test]
    fn inputs_are_paired_by_name() {
        let before =
            BTreeSet::from([path('a', "ssl-1.0"), path('b', "same-1"), path('c', "gone-1"), path('d', "gcc-2")]);
        let after = BTreeSet::from([path('e', "ssl-1.1"), path('b', "same-1"), path('f', "new"), path('g', "gcc-2")]);
        let reasons = Reasons { inputs: Some(pairs(&before, &after)), attributes: Some(["src".to_owned()].into()) };
        let expected =
            "    input gcc\n    input gone: gone\n    input new: new\n    input ssl: 1.0 -> 1.1\n    own src\n";
        assert_eq!(reasons.text(), expected);
        let unknown = Reasons { inputs: None, attributes: None };
        assert_eq!(unknown.json(), b"{\"attributes\":null,\"inputs\":null}");
    }

    #[test]
    fn hashes_do_not_matter() {
        let text = |letter| format!("{}/bin/x:y", path(letter, "n-1"));
        assert_eq!(without_hashes(text('a').as_bytes()), without_hashes(text('b').as_bytes()));
        assert_eq!(without_hashes(b"/a/b-c/"), b"/a/b-c/");
    }
}

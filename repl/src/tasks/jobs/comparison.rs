//! The differences from an earlier run.

use super::earlier::{self, Earlier, Job};
use super::line::{object, string, strings};
use super::path::Path;
use super::protocol::{member, text};
use super::reasons::{Derivations, Reasons};
use crate::command_line::shard::Shard;
use nivis::codec::json::{Json, parse_json};
use std::collections::BTreeSet;
use std::fmt::Write;

/// A difference between two runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Added,
    Removed,
    Changed,
    /// It had a derivation, and has an error.
    Failed,
    /// It had an error, and has a derivation.
    Fixed,
}

impl Change {
    /// Between what there was at an attribute, if there was one, and what there is.
    fn between(before: Option<&Job>, after: &Job) -> Option<Self> {
        let Some(before) = before else { return Some(Self::Added) };
        match (&before.derivation, &after.derivation) {
            (Some(_), None) => Some(Self::Failed),
            (None, Some(_)) => Some(Self::Fixed),
            (before, after) => (before != after).then_some(Self::Changed),
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
            Self::Failed => "failed",
            Self::Fixed => "fixed",
        }
    }

    fn mark(self) -> char {
        match self {
            Self::Added => '+',
            Self::Removed => '-',
            Self::Changed => '~',
            Self::Failed => '!',
            Self::Fixed => '*',
        }
    }
}

/// An earlier run, and what is known about the differences so far.
pub(super) struct Comparison {
    earlier: Earlier,
    derivations: Derivations,
    is_text: bool,
    shard: Option<Shard>,
    seen: BTreeSet<Path>,
    changes: Vec<Change>,
}

impl Comparison {
    pub(super) fn new(earlier: Earlier, derivations: Derivations, is_text: bool, shard: Option<Shard>) -> Self {
        Self { earlier, derivations, is_text, shard, seen: BTreeSet::new(), changes: Vec::new() }
    }

    /// The difference of a line from the earlier run, without a newline at its end; nothing if there is none.
    pub(super) fn told(&mut self, line: &[u8]) -> Option<Vec<u8>> {
        let json = parse_json(line).ok()?;
        let (path, after) = earlier::job(&json)?;
        self.seen.insert(path.clone());
        let before = self.earlier.get(&path);
        let change = Change::between(before, &after)?;
        let old = before.and_then(|before| before.derivation.clone());
        let reasons = before.filter(|_| change == Change::Changed);
        let reasons = reasons.map(|before| self.derivations.reasons(before, &after));
        self.changes.push(change);
        Some(match self.is_text {
            true => paragraph(change, &path, &json, reasons.as_ref()).into_bytes(),
            false => extended(line, change, old.as_deref(), reasons.as_ref()),
        })
    }

    /// The text after all lines: a line for each attribute that is gone, and a sum for people.
    pub(super) fn end(&mut self) -> Vec<u8> {
        let mut end = Vec::new();
        let is_here = |path: &Path| self.shard.is_none_or(|shard| shard.has(&super::line::joined(path)));
        let gone = self.earlier.iter().filter(|(path, _)| !self.seen.contains(*path) && is_here(path));
        for (path, job) in gone {
            self.changes.push(Change::Removed);
            if self.is_text {
                end.extend(format!("{} {}", Change::Removed.mark(), earlier::name(path)).bytes());
            } else {
                end.extend(removed(path, job));
            }
            end.push(b'\n');
        }
        if self.is_text {
            end.extend(self.sum().bytes());
        }
        end
    }

    fn sum(&self) -> String {
        let all = [Change::Added, Change::Removed, Change::Changed, Change::Failed, Change::Fixed];
        let count = |change| self.changes.iter().filter(|found| **found == change).count();
        let mut parts: Vec<_> = all.map(|change| (count(change), change.word())).to_vec();
        parts.retain(|(count, _)| *count > 0);
        let differing: usize = self.changes.iter().filter(|change| **change != Change::Removed).count();
        parts.push((self.seen.len() - differing, "as before"));
        let parts: Vec<_> = parts.into_iter().map(|(count, word)| format!("{count} {word}")).collect();
        format!("{}\n", parts.join(", "))
    }
}

/// A line with members in front that say how it differs.
fn extended(line: &[u8], change: Change, old: Option<&str>, reasons: Option<&Reasons>) -> Vec<u8> {
    let mut members = vec![("change", string(change.word()))];
    members.extend(old.map(|old| ("oldDrvPath", string(old))));
    members.extend(reasons.map(|reasons| ("why", reasons.json())));
    let mut extended = object(members);
    extended.pop();
    extended.push(b',');
    extended.extend_from_slice(&line[1..]);
    extended
}

fn removed(path: &Path, job: &Job) -> Vec<u8> {
    let mut members = vec![("change", string(Change::Removed.word()))];
    members.extend(job.derivation.as_ref().map(|old| ("oldDrvPath", string(old))));
    members.extend([("attr", string(super::line::joined(path))), ("attrPath", strings(path))]);
    object(members)
}

/// A difference for people.
fn paragraph(change: Change, path: &Path, json: &Json, reasons: Option<&Reasons>) -> String {
    let mut text = format!("{} {}", change.mark(), earlier::name(path));
    let of = |name: &str| member(json, name).and_then(text_of);
    if let Some(name) = of("name") {
        let _ = write!(text, "  {name}");
    }
    if let Some(error) = of("error") {
        let _ = write!(text, "\n    {}", first_line(&error));
    }
    if let Some(reasons) = reasons {
        let _ = write!(text, "\n{}", reasons.text());
    }
    text.trim_end().to_owned()
}

fn text_of(json: &Json) -> Option<String> {
    text(json)
}

/// The line of an error that says what is wrong.
fn first_line(error: &str) -> &str {
    let lines = || error.lines().map(str::trim).filter(|line| !line.is_empty());
    let said = lines().find(|line| line.starts_with("error:") && *line != "error:");
    said.or_else(|| lines().find(|line| *line != "error:")).unwrap_or_default()
}

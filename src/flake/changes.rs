//! The differences between two lock files, for people.

use super::lock_file::{Edge, LockFile};
use super::path::{InputPath, show_input_path};
use crate::codec::date::Moment;
use std::collections::BTreeSet;
use std::fmt;

/// One changed input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its path.
    pub path: InputPath,
    /// Its old value; `None` if it is new.
    pub before: Option<String>,
    /// Its new value; `None` if it was removed.
    pub after: Option<String>,
}

/// The changed inputs, by path.
pub fn changes(before: &LockFile, after: &LockFile) -> Vec<Change> {
    let (old, new) = (before.all_inputs(), after.all_inputs());
    let paths: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    let mut changes = Vec::new();
    for path in paths {
        let (was, is) = (old.get(path), new.get(path));
        if let (Some(was), Some(is)) = (was, is)
            && is_same(before, was, after, is)
        {
            continue;
        }
        changes.push(Change {
            path: path.clone(),
            before: was.map(|edge| describe(before, edge)),
            after: is.map(|edge| describe(after, edge)),
        });
    }
    changes
}

fn is_same(before: &LockFile, was: &Edge, after: &LockFile, is: &Edge) -> bool {
    match (was, is) {
        (Edge::Follows(was), Edge::Follows(is)) => was == is,
        (Edge::Node(was), Edge::Node(is)) => {
            let locked = |file: &LockFile, id| file.node(id).lock.as_ref().map(|lock| lock.locked.clone());
            locked(before, *was) == locked(after, *is)
        }
        _ => false,
    }
}

fn describe(file: &LockFile, edge: &Edge) -> String {
    match edge {
        Edge::Follows(target) => format!("follows '{}'", show_input_path(target)),
        Edge::Node(id) => match &file.node(*id).lock {
            None => String::new(),
            Some(lock) => {
                let url = lock.locked.url();
                let day = |seconds: u64| format!(" ({})", Moment::of(seconds.cast_signed()).day_text());
                format!("'{url}'{}", lock.locked.last_modified().map(day).unwrap_or_default())
            }
        },
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = show_input_path(&self.path);
        match (&self.before, &self.after) {
            (None, Some(after)) => write!(f, "• Added input '{path}':\n    {after}"),
            (Some(before), Some(after)) => write!(f, "• Updated input '{path}':\n    {before}\n  → {after}"),
            _ => write!(f, "• Removed input '{path}'"),
        }
    }
}

/// The changes in C++ Nix's words, with a line feed after each.
pub fn show_changes(changes: &[Change]) -> String {
    changes.iter().map(|change| format!("{change}\n")).collect()
}

//! A value that is being looked into.

use super::Session;
use nivis::Root;

/// A value that is looked at.
#[derive(Debug)]
pub(crate) struct Explored {
    pub(crate) root: Root,
    /// The expression for it.
    pub(crate) path: String,
    /// Its kind, and how much is in it.
    pub(crate) kind: String,
    /// The names of its members, or their numbers.
    pub(crate) names: Vec<String>,
    /// The text of a value without members.
    pub(crate) page: String,
}

impl Session<'_> {
    /// Makes a value the last result.
    pub(crate) fn keep_result(&mut self, root: Root) {
        self.results.add(self.number, root);
    }
}

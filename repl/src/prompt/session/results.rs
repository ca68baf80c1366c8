//! Earlier results: `it` is the last one, `_1` too, `_2` the one before, and so on to `_9`.

use super::Session;
use super::log::words;
use nivis::Root;
use std::collections::VecDeque;

const NAMES: [&str; 9] = ["_1", "_2", "_3", "_4", "_5", "_6", "_7", "_8", "_9"];

/// The names of the results.
pub(super) fn names(results: &VecDeque<Root>) -> impl Iterator<Item = (&'static str, &Root)> {
    let last = results.back().map(|root| ("it", root));
    last.into_iter().chain(NAMES.into_iter().zip(results.iter().rev()))
}

/// True for what a result can be called.
pub(super) fn is_name(word: &str) -> bool {
    word == "it" || NAMES.contains(&word)
}

impl Session<'_> {
    /// Finds the names of results that a text mentions, unless they are bound to something else.
    pub(super) fn mention(&mut self, text: &str) {
        let words: Vec<_> = words(text).collect();
        let names = names(&self.results).map(|(name, _)| name);
        self.mentioned = names.filter(|name| words.contains(name) && self.scope.get(name).is_none()).collect();
    }

    /// Keeps the result of an expression.
    pub(super) fn remember(&mut self, result: Root) {
        if self.results.len() == NAMES.len() {
            self.results.pop_front();
        }
        self.results.push_back(result);
    }
}

//! The names of a session, what they were before, and earlier results.

use nivis::Root;
use nivis::heap::PosId;
use std::collections::{BTreeMap, VecDeque};

/// The number of steps that can be taken back.
const MOST_STEPS: usize = 50;

/// The origin of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The user bound it.
    Own,
    /// It came with a file or set.
    Loaded,
}

/// A name's value.
#[derive(Debug)]
pub(crate) struct Bound {
    pub(crate) root: Root,
    pub(crate) origin: Origin,
    /// The place of its definition.
    pub(crate) position: PosId,
}

/// The changes of a step: names with their former values, and the events that [`super::log`] has.
struct Step {
    before: Vec<(String, Option<Bound>)>,
    events: usize,
}

/// All names, and the last steps.
#[derive(Default)]
pub(crate) struct Scope {
    names: BTreeMap<String, Bound>,
    steps: Vec<Step>,
}

impl Scope {
    /// The value of a name.
    pub(crate) fn get(&self, name: &str) -> Option<&Bound> {
        self.names.get(name)
    }

    /// All names, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Bound)> {
        self.names.iter().map(|(name, bound)| (name.as_str(), bound))
    }

    /// Binds names, as one step that can be taken back to when `events` things had happened. Gives those of them that
    /// the user had bound before.
    pub(crate) fn bind(&mut self, bound: Vec<(String, Bound)>, events: usize) -> Vec<String> {
        let mut before = Vec::with_capacity(bound.len());
        let mut replaced = Vec::new();
        for (name, bound) in bound {
            let old = self.names.insert(name.clone(), bound);
            if old.as_ref().is_some_and(|old| old.origin == Origin::Own) {
                replaced.push(name.clone());
            }
            before.push((name, old));
        }
        self.step(Step { before, events });
        replaced
    }

    /// Forgets names, as one step. Unknown names are ignored.
    pub(crate) fn forget(&mut self, names: &[String], events: usize) {
        let before = names.iter().filter_map(|name| Some((name.clone(), Some(self.names.remove(name)?)))).collect();
        self.step(Step { before, events });
    }

    fn step(&mut self, step: Step) {
        if self.steps.len() == MOST_STEPS {
            self.steps.remove(0);
        }
        self.steps.push(step);
    }

    /// Takes the last step back. Gives the names that it had changed, and how many things had happened before it.
    pub(crate) fn undo(&mut self) -> Option<(Vec<String>, usize)> {
        let Step { before, events } = self.steps.pop()?;
        let names = before.iter().map(|(name, _)| name.clone()).collect();
        for (name, old) in before.into_iter().rev() {
            match old {
                Some(old) => self.names.insert(name, old),
                None => self.names.remove(&name),
            };
        }
        Some((names, events))
    }

    /// Forgets what was loaded, and what names were before, and has these names instead. The user's own stay.
    pub(crate) fn replace_loaded(&mut self, loaded: Vec<(String, Bound)>) {
        self.steps.clear();
        self.names.retain(|_, bound| bound.origin == Origin::Own);
        let mut names: BTreeMap<String, Bound> = loaded.into_iter().collect();
        names.append(&mut self.names);
        self.names = names;
    }

    /// Forgets everything, including the steps to undo.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}

/// The names of results, the last one's first.
const RESULTS: [&str; 9] = ["_1", "_2", "_3", "_4", "_5", "_6", "_7", "_8", "_9"];
/// The number of results that are kept.
const MOST_KEPT: usize = 100;

/// True for a name that a result can have.
pub(crate) fn is_result(word: &str) -> bool {
    word == "it" || RESULTS.contains(&word) || numbered(word).is_some()
}

/// The number in `out12`.
fn numbered(word: &str) -> Option<usize> {
    let digits = word.strip_prefix("out").filter(|digits| !digits.starts_with('0'))?;
    digits.bytes().all(|digit| digit.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

/// Earlier results: `it` is the last one, `_1` too, `_2` the one before, and so on to `_9`. `out12` is that of the input
/// with the number 12.
#[derive(Default)]
pub(crate) struct Results {
    /// With the numbers of their inputs; the last one last.
    roots: VecDeque<(usize, Root)>,
    /// The names that the input mentions: others are not in scope, and so never suggested.
    mentioned: Vec<String>,
}

impl Results {
    /// The last results and their names.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'static str, &Root)> {
        let roots = || self.roots.iter().rev().map(|(_, root)| root);
        ["it"].into_iter().zip(roots()).chain(RESULTS.into_iter().zip(roots()))
    }

    /// The results that the input mentions.
    pub(crate) fn mentioned(&self) -> impl Iterator<Item = (&str, &Root)> {
        self.mentioned.iter().filter_map(|name| Some((name.as_str(), self.get(name)?)))
    }

    fn get(&self, name: &str) -> Option<&Root> {
        match numbered(name) {
            Some(number) => self.roots.iter().rev().find(|(known, _)| *known == number).map(|(_, root)| root),
            None => self.iter().find(|(known, _)| *known == name).map(|(_, root)| root),
        }
    }

    /// Finds the results that a text mentions, unless their names are bound to something else.
    pub(crate) fn mention(&mut self, text: &str, scope: &Scope) {
        let names = words(text).filter(|name| is_result(name) && scope.get(name).is_none());
        let mut names: Vec<String> = names.filter(|name| self.get(name).is_some()).map(str::to_owned).collect();
        names.sort_unstable();
        names.dedup();
        self.mentioned = names;
    }

    /// Keeps the result of the input with this number.
    pub(crate) fn add(&mut self, number: usize, result: Root) {
        if self.roots.len() == MOST_KEPT {
            self.roots.pop_front();
        }
        self.roots.push_back((number, result));
    }

    /// Forgets all results.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}

/// The words of a text that could be variables.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "_'-".contains(c);
    text.split(move |c| !is_part(c)).filter(|word| word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'))
}

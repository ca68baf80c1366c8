//! The names of a session, and what they were before.

use nivis::Root;
use nivis::heap::PosId;
use std::collections::BTreeMap;

/// How many steps can be taken back.
const MOST_STEPS: usize = 50;

/// How a name came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The user bound it.
    Own,
    /// It came with a file or set.
    Loaded,
}

/// What a name stands for.
#[derive(Debug)]
pub(crate) struct Bound {
    pub(crate) root: Root,
    pub(crate) origin: Origin,
    /// Where it was defined.
    pub(crate) position: PosId,
}

/// What a step changed: names with what they stood for, and what happened as [`super::log`] has it.
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
    /// What a name stands for.
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

    /// Forgets names, as one step. Names that there are not stay so.
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

    /// Forgets everything, and what it was before.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}

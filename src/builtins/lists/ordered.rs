//! An ordered set of entries: a red-black tree of numbers, ordered by a comparison that may fail.
//!
//! If keys can't be compared, the error names the two, so the compared pairs are visible. This tree makes the
//! comparisons of C++'s `std::map`, and has its shape.

/// The number of an entry, in order of arrival.
type Entry = usize;

#[derive(Clone, Copy, Debug)]
struct Node {
    parent: Option<Entry>,
    /// Left and right.
    children: [Option<Entry>; 2],
    is_red: bool,
}

/// A tree of the entries `0..len`.
#[derive(Debug, Default)]
pub(super) struct Ordered {
    nodes: Vec<Node>,
    root: Option<Entry>,
}

/// One comparison needed to place a new key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    /// Is the new key less than the entry's?
    NewBefore(Entry),
    /// Is the entry's key less than the new one?
    NewAfter(Entry),
}

const LEFT: usize = 0;
const RIGHT: usize = 1;

impl Ordered {
    /// Adds the next entry. Returns false, and adds nothing, if an entry has an equal key.
    pub(super) fn insert<E>(&mut self, mut ask: impl FnMut(Question) -> Result<bool, E>) -> Result<bool, E> {
        let (mut parent, mut side) = (None, LEFT);
        let mut next = self.root;
        while let Some(entry) = next {
            parent = Some(entry);
            side = if ask(Question::NewBefore(entry))? { LEFT } else { RIGHT };
            next = self.nodes[entry].children[side];
        }
        let before = if side == LEFT { parent.and_then(|entry| self.previous(entry)) } else { parent };
        if let Some(before) = before
            && !ask(Question::NewAfter(before))?
        {
            return Ok(false);
        }
        self.attach(parent, side);
        Ok(true)
    }

    /// All entries in order.
    pub(super) fn entries(&self) -> Vec<Entry> {
        let mut entries = Vec::with_capacity(self.nodes.len());
        let mut above = Vec::new();
        let mut next = self.root;
        loop {
            while let Some(entry) = next {
                above.push(entry);
                next = self.nodes[entry].children[LEFT];
            }
            let Some(entry) = above.pop() else { return entries };
            entries.push(entry);
            next = self.nodes[entry].children[RIGHT];
        }
    }

    /// The predecessor of an entry without a left child: the nearest ancestor that has it on its right.
    fn previous(&self, mut entry: Entry) -> Option<Entry> {
        while self.side(entry)? == LEFT {
            entry = self.nodes[entry].parent?;
        }
        self.nodes[entry].parent
    }

    /// The side of its parent that an entry is on; `None` for the root.
    fn side(&self, entry: Entry) -> Option<usize> {
        let parent = self.nodes[entry].parent?;
        Some(if self.nodes[parent].children[LEFT] == Some(entry) { LEFT } else { RIGHT })
    }

    fn attach(&mut self, parent: Option<Entry>, side: usize) {
        let entry = self.nodes.len();
        self.nodes.push(Node { parent, children: [None, None], is_red: true });
        match parent {
            Some(parent) => self.nodes[parent].children[side] = Some(entry),
            None => self.root = Some(entry),
        }
        self.rebalance(entry);
        if let Some(root) = self.root {
            self.nodes[root].is_red = false;
        }
    }

    /// Restores the rule that a red entry has no red child, upwards from a new red one.
    fn rebalance(&mut self, mut entry: Entry) {
        while let Some((parent, grandparent)) = self.red_parent(entry) {
            let side = self.side(parent).unwrap_or(LEFT);
            let uncle = self.nodes[grandparent].children[1 - side];
            if let Some(uncle) = uncle.filter(|&uncle| self.nodes[uncle].is_red) {
                self.nodes[parent].is_red = false;
                self.nodes[uncle].is_red = false;
                self.nodes[grandparent].is_red = true;
                entry = grandparent;
                continue;
            }
            let top = if self.side(entry) == Some(side) { parent } else { entry };
            if top == entry {
                self.rotate(parent, side);
            }
            self.nodes[top].is_red = false;
            self.nodes[grandparent].is_red = true;
            self.rotate(grandparent, 1 - side);
            return;
        }
    }

    /// The parent, if it is red, and the grandparent.
    fn red_parent(&self, entry: Entry) -> Option<(Entry, Entry)> {
        let parent = self.nodes[entry].parent.filter(|&parent| self.nodes[parent].is_red)?;
        Some((parent, self.nodes[parent].parent?))
    }

    /// Moves an entry down to `side`; the child on the other side takes its place.
    fn rotate(&mut self, entry: Entry, side: usize) {
        let Some(child) = self.nodes[entry].children[1 - side] else { return };
        let moved = self.nodes[child].children[side];
        self.nodes[entry].children[1 - side] = moved;
        if let Some(moved) = moved {
            self.nodes[moved].parent = Some(entry);
        }
        let above = self.nodes[entry].parent;
        match above.zip(self.side(entry)) {
            Some((above, place)) => self.nodes[above].children[place] = Some(child),
            None => self.root = Some(child),
        }
        self.nodes[child].parent = above;
        self.nodes[child].children[side] = Some(entry);
        self.nodes[entry].parent = Some(child);
    }
}

#[cfg(test)]
mod tests {
    use super::{Ordered, Question};

    fn insert(ordered: &mut Ordered, keys: &mut Vec<u64>, key: u64) {
        let ask = |question| -> Result<bool, ()> {
            Ok(match question {
                Question::NewBefore(entry) => key < keys[entry],
                Question::NewAfter(entry) => keys[entry] < key,
            })
        };
        if ordered.insert(ask) == Ok(true) {
            keys.push(key);
        }
    }

    #[test]
    fn entries_are_distinct_and_in_order() {
        for modulus in [1, 7, 97, 1009] {
            let (mut ordered, mut keys) = (Ordered::default(), Vec::new());
            for index in 0..300 {
                insert(&mut ordered, &mut keys, index * 7919 % modulus);
            }
            let sorted: Vec<u64> = ordered.entries().into_iter().map(|entry| keys[entry]).collect();
            assert!(sorted.is_sorted_by(|left, right| left < right));
            assert_eq!(sorted.len() as u64, modulus.min(300));
        }
    }

    #[test]
    fn ascending_keys_make_no_chain() {
        let (mut ordered, mut keys) = (Ordered::default(), Vec::new());
        (0..1000).for_each(|key| insert(&mut ordered, &mut keys, key));
        let mut questions = 0;
        let found: Result<bool, ()> = ordered.insert(|question| {
            questions += 1;
            Ok(matches!(question, Question::NewBefore(_)))
        });
        assert_eq!(found, Ok(true));
        assert!(questions <= 20);
    }
}

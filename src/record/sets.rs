//! Sets of numbers, each kept once: equal sets have the same identity, and sets that are alike share their parts.
//!
//! Numbers are in blocks of 64. The blocks of a set are the leaves of a binary tree, which branches at the highest bit
//! in which their numbers differ (a Patricia tree), so that each set has one form only.

use rustc_hash::FxHashMap;

/// The number of remembered unions. A newer one takes the place of an older one.
const REMEMBERED: usize = 1 << 16;

/// A set of numbers, by its own number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SetId(u32);

impl SetId {
    /// The set without members.
    pub const EMPTY: Self = Self(0);

    /// A number that no other set has.
    pub fn number(self) -> u64 {
        self.0.into()
    }

    /// The set with a number from [`SetId::number`].
    pub(crate) fn of_number(number: u64) -> Self {
        Self(number as u32)
    }
}

/// A set that is not empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Node {
    /// Members in one block, a bit for each.
    Leaf { block: u32, members: u64 },
    /// Sets of blocks that differ in this bit, and agree in those above it.
    Branch { above: u32, bit: u32, low: SetId, high: SetId },
}

impl Node {
    /// The blocks that may be in the set: the highest bit in which they differ, and those above it.
    fn range(self) -> (u32, u32) {
        match self {
            Self::Leaf { block, .. } => (block, 0),
            Self::Branch { above, bit, .. } => (above, bit),
        }
    }
}

/// The bits of a block number above one bit.
fn above(block: u32, bit: u32) -> u32 {
    block & !(bit << 1).wrapping_sub(1)
}

/// All sets.
#[derive(Debug)]
pub(super) struct Sets {
    nodes: Vec<Node>,
    known: FxHashMap<Node, SetId>,
    unions: Vec<(SetId, SetId, SetId)>,
}

impl Default for Sets {
    fn default() -> Self {
        let none = (SetId::EMPTY, SetId::EMPTY, SetId::EMPTY);
        Self { nodes: Vec::new(), known: FxHashMap::default(), unions: vec![none; REMEMBERED] }
    }
}

impl Sets {
    /// The set with one member.
    pub(super) fn single(&mut self, member: usize) -> SetId {
        self.make(Node::Leaf { block: (member / 64) as u32, members: 1 << (member % 64) })
    }

    /// The set with this node. Its parts are sets here.
    pub(super) fn make(&mut self, node: Node) -> SetId {
        let next = SetId(self.nodes.len() as u32 + 1);
        let set = *self.known.entry(node).or_insert(next);
        if set == next {
            self.nodes.push(node);
        }
        set
    }

    /// The node of a set; `None` if it is empty.
    pub(super) fn node(&self, set: SetId) -> Option<Node> {
        self.nodes.get((set.0 as usize).wrapping_sub(1)).copied()
    }

    /// The set of all members of both.
    pub(super) fn union(&mut self, a: SetId, b: SetId) -> SetId {
        if a == b {
            return a;
        }
        let (a, b) = (a.min(b), a.max(b));
        let (Some(left), Some(right)) = (self.node(a), self.node(b)) else { return b };
        let place = (a.0.wrapping_mul(0x9e37_79b1) ^ b.0.wrapping_mul(0x85eb_ca77)) as usize >> 4 & (REMEMBERED - 1);
        let (known_a, known_b, known) = self.unions[place];
        if (known_a, known_b) == (a, b) {
            return known;
        }
        let union = self.unite((a, left), (b, right));
        self.unions[place] = (a, b, union);
        union
    }

    fn unite(&mut self, (a, left): (SetId, Node), (b, right): (SetId, Node)) -> SetId {
        match (left, right) {
            (Node::Leaf { block, members }, Node::Leaf { block: other, members: more }) if block == other => {
                return self.make(Node::Leaf { block, members: members | more });
            }
            (Node::Branch { above, bit, low, high }, Node::Branch { low: other_low, high: other_high, .. })
                if left.range() == right.range() =>
            {
                let (low, high) = (self.union(low, other_low), self.union(high, other_high));
                return self.make(Node::Branch { above, bit, low, high });
            }
            _ => {}
        }
        let ((key_a, bit_a), (key_b, bit_b)) = (left.range(), right.range());
        if bit_a > bit_b && above(key_b, bit_a) == key_a {
            self.put_below(left, (b, key_b))
        } else if bit_b > bit_a && above(key_a, bit_b) == key_b {
            self.put_below(right, (a, key_a))
        } else {
            self.join((a, key_a), (b, key_b))
        }
    }

    /// A branch with more members on one side.
    fn put_below(&mut self, branch: Node, (set, key): (SetId, u32)) -> SetId {
        let Node::Branch { above, bit, low, high } = branch else { return set };
        let (low, high) = if key & bit == 0 { (self.union(low, set), high) } else { (low, self.union(high, set)) };
        self.make(Node::Branch { above, bit, low, high })
    }

    /// A new branch over two sets whose blocks differ.
    fn join(&mut self, (a, key_a): (SetId, u32), (b, key_b): (SetId, u32)) -> SetId {
        let bit = 1 << (31 - (key_a ^ key_b).leading_zeros());
        let (low, high) = if key_a & bit == 0 { (a, b) } else { (b, a) };
        self.make(Node::Branch { above: above(key_a, bit), bit, low, high })
    }

    /// True if the sets have a member in common.
    pub(super) fn meet(&self, a: SetId, b: SetId) -> bool {
        let (Some(left), Some(right)) = (self.node(a), self.node(b)) else { return false };
        let ((key_a, bit_a), (key_b, bit_b)) = (left.range(), right.range());
        match (left, right) {
            (Node::Leaf { members, .. }, Node::Leaf { members: more, .. }) => key_a == key_b && members & more != 0,
            (Node::Branch { low, high, .. }, _) if bit_a > bit_b => {
                above(key_b, bit_a) == key_a && self.meet(if key_b & bit_a == 0 { low } else { high }, b)
            }
            (_, Node::Branch { low, high, .. }) if bit_b > bit_a => {
                above(key_a, bit_b) == key_b && self.meet(a, if key_a & bit_b == 0 { low } else { high })
            }
            (Node::Branch { low, high, .. }, Node::Branch { low: other_low, high: other_high, .. }) => {
                key_a == key_b && (self.meet(low, other_low) || self.meet(high, other_high))
            }
            _ => false,
        }
    }
}

impl Sets {
    /// True if two sets have a member in common that is not in a third one.
    pub(super) fn meet_outside(&self, a: SetId, b: SetId, third: SetId) -> bool {
        if !self.meet(a, b) {
            return false;
        }
        match self.node(a) {
            None => false,
            Some(Node::Branch { low, high, .. }) => {
                self.meet_outside(low, b, third) || self.meet_outside(high, b, third)
            }
            Some(Node::Leaf { block, members }) => members & self.block(b, block) & !self.block(third, block) != 0,
        }
    }

    /// The members of a set in a block.
    fn block(&self, set: SetId, wanted: u32) -> u64 {
        match self.node(set) {
            Some(Node::Leaf { block, members }) if block == wanted => members,
            Some(Node::Branch { bit, low, high, .. }) => self.block(if wanted & bit == 0 { low } else { high }, wanted),
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn members(sets: &Sets, set: SetId) -> Vec<usize> {
        match sets.node(set) {
            None => Vec::new(),
            Some(Node::Leaf { block, members }) => {
                (0..64).filter(|bit| members >> bit & 1 == 1).map(|bit| block as usize * 64 + bit).collect()
            }
            Some(Node::Branch { low, high, .. }) => [members(sets, low), members(sets, high)].concat(),
        }
    }

    fn set_of(sets: &mut Sets, numbers: &BTreeSet<usize>) -> SetId {
        numbers.iter().rev().fold(SetId::EMPTY, |set, number| {
            let single = sets.single(*number);
            sets.union(set, single)
        })
    }

    #[test]
    fn unions_and_common_members_are_those_of_plain_sets() {
        let mut sets = Sets::default();
        let mut seed = 7_u64;
        let mut random = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) % below
        };
        for _ in 0..2000 {
            let mut plain = || -> BTreeSet<usize> {
                let (count, below) = (random(9), [70, 5000, 1 << 30][random(3) as usize]);
                (0..count).map(|_| random(below) as usize).collect()
            };
            let (a, b, third) = (plain(), plain(), plain());
            let (set_a, set_b) = (set_of(&mut sets, &a), set_of(&mut sets, &b));
            let both: BTreeSet<usize> = a.union(&b).copied().collect();
            let union = sets.union(set_a, set_b);
            assert_eq!(members(&sets, union), both.iter().copied().collect::<Vec<_>>());
            assert_eq!((union, sets.union(set_b, set_a)), (set_of(&mut sets, &both), union));
            assert_eq!(sets.meet(set_a, set_b), a.intersection(&b).next().is_some());
            let outside = a.intersection(&b).any(|member| !third.contains(member));
            let set_third = set_of(&mut sets, &third);
            assert_eq!(sets.meet_outside(set_a, set_b, set_third), outside);
        }
    }
}

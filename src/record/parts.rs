//! Records of the parts of an evaluation: all questions with their answers, and for each part those it depends on.
//!
//! A process that evaluates parts tells another one what they depend on. Each question and each set is told once:
//!
//! ```text
//! Recorder ──tell──▶ bytes ──hear──▶ PartRecords ──tell──▶ bytes of a file
//! ```

use super::bytes::{answered, number, put_answered, put_number};
use super::recorder::UNREPEATABLE;
use super::sets::{Node, SetId, Sets};
use super::{Answer, Question, Recorder, still};
use crate::io::Io;
use crate::store::backend::Store;
use indexmap::IndexSet;
use rustc_hash::{FxBuildHasher, FxHashMap};
use std::collections::BTreeMap;

/// All questions of the parts, with their answers.
#[derive(Debug, Default)]
pub struct PartRecords {
    asked: IndexSet<(Question, Answer), FxBuildHasher>,
    sets: Sets,
}

/// The questions and sets that one side has told.
#[derive(Debug, Default)]
pub struct Telling {
    questions: usize,
    /// The sets, by the order in which they were told, which begins with 1.
    sets: FxHashMap<SetId, usize>,
}

/// The questions and sets that the other side has heard, as they are numbered here.
#[derive(Debug, Default)]
pub struct Hearing {
    /// The numbers of the other side's questions here.
    questions: Vec<usize>,
    sets: Vec<SetId>,
}

/// The sets that were adopted from other records.
#[derive(Debug, Default)]
pub struct Adoption(FxHashMap<SetId, SetId>);

impl Telling {
    fn tell<'a>(
        &mut self,
        asked: impl ExactSizeIterator<Item = (&'a Question, &'a Answer)>,
        sets: &Sets,
        part: SetId,
    ) -> Vec<u8> {
        let mut bytes = Vec::new();
        let known = std::mem::replace(&mut self.questions, asked.len());
        put_number(&mut bytes, asked.len() - known);
        asked.skip(known).for_each(|(question, answer)| put_answered(&mut bytes, question, answer));
        let mut nodes = Vec::new();
        let (before, part) = (self.sets.len(), self.tell_set(&mut nodes, sets, part));
        put_number(&mut bytes, self.sets.len() - before);
        bytes.extend_from_slice(&nodes);
        put_number(&mut bytes, part);
        bytes
    }

    /// The number of a set, 0 for the empty one. It and its parts are told if they weren't.
    fn tell_set(&mut self, bytes: &mut Vec<u8>, sets: &Sets, set: SetId) -> usize {
        let Some(node) = sets.node(set) else { return 0 };
        if let Some(known) = self.sets.get(&set) {
            return *known;
        }
        match node {
            Node::Leaf { block, members } => {
                put_number(bytes, 0);
                put_number(bytes, block as usize);
                bytes.extend_from_slice(&members.to_le_bytes());
            }
            Node::Branch { low, high, .. } => {
                let (low, high) = (self.tell_set(bytes, sets, low), self.tell_set(bytes, sets, high));
                put_number(bytes, low);
                put_number(bytes, high);
            }
        }
        self.sets.insert(set, self.sets.len() + 1);
        self.sets.len()
    }
}

impl Recorder {
    /// The questions on which a part depends, as far as they were not told yet, as bytes for [`PartRecords::hear`]. `None` if
    /// the world changed during the evaluation.
    pub fn tell(&self, telling: &mut Telling, part: SetId) -> Option<Vec<u8>> {
        let part = self.with_those_of_all(part);
        let (sets, answers) = (self.sets()?, self.answers.borrow());
        (!self.is_spoiled()).then(|| telling.tell(answers.iter(), &sets, part))
    }
}

impl PartRecords {
    /// The same for a part of these records.
    pub fn tell(&self, telling: &mut Telling, part: SetId) -> Vec<u8> {
        telling.tell(self.asked.iter().map(|(question, answer)| (question, answer)), &self.sets, part)
    }

    /// The part that was told. `None` if the bytes make no sense.
    pub fn hear(&mut self, hearing: &mut Hearing, bytes: &[u8]) -> Option<SetId> {
        let bytes = &mut &*bytes;
        for _ in 0..number(bytes)? {
            let number = self.asked.insert_full(answered(bytes)?).0 + 1;
            hearing.questions.push(number);
        }
        for _ in 0..number(bytes)? {
            let set = self.hear_set(hearing, bytes)?;
            hearing.sets.push(set);
        }
        let part = hearing.set(number(bytes)?)?;
        bytes.is_empty().then_some(part)
    }

    fn hear_set(&mut self, hearing: &Hearing, bytes: &mut &[u8]) -> Option<SetId> {
        match (number(bytes)?, number(bytes)?) {
            (0, block) => {
                let members = members(block, number(bytes)? as u64);
                let own = members.map(|member| hearing.question(member)).collect::<Option<Vec<_>>>()?;
                Some(self.set_of(own))
            }
            (low, high) => Some(self.sets.union(hearing.set(low)?, hearing.set(high)?)),
        }
    }

    fn set_of(&mut self, numbers: Vec<usize>) -> SetId {
        let mut blocks = BTreeMap::<u32, u64>::new();
        for number in numbers {
            *blocks.entry((number / 64) as u32).or_default() |= 1 << (number % 64);
        }
        blocks.into_iter().fold(SetId::EMPTY, |set, (block, members)| {
            let leaf = self.sets.make(Node::Leaf { block, members });
            self.sets.union(set, leaf)
        })
    }

    /// A part of other records, here.
    pub fn adopt(&mut self, adoption: &mut Adoption, others: &Self, part: SetId) -> SetId {
        let Some(node) = others.sets.node(part) else { return SetId::EMPTY };
        if let Some(known) = adoption.0.get(&part) {
            return *known;
        }
        let own = match node {
            Node::Leaf { block, members: bits } => {
                let own =
                    members(block as usize, bits).map(|member| match others.asked.get_index(member.wrapping_sub(1)) {
                        Some(asked) => self.asked.insert_full(asked.clone()).0 + 1,
                        None => UNREPEATABLE,
                    });
                let own = own.collect();
                self.set_of(own)
            }
            Node::Branch { low, high, .. } => {
                let (low, high) = (self.adopt(adoption, others, low), self.adopt(adoption, others, high));
                self.sets.union(low, high)
            }
        };
        adoption.0.insert(part, own);
        own
    }

    /// The questions that the world answers differently now, and everything that cannot be asked again.
    pub fn changed(&mut self, io: &dyn Io, store: &dyn Store) -> SetId {
        let asked = self.asked.iter().enumerate();
        let other = asked.filter(|(_, (question, answer))| !still(question, answer, io, store));
        let changed = [UNREPEATABLE].into_iter().chain(other.map(|(index, _)| index + 1)).collect();
        self.set_of(changed)
    }

    /// True if a part depends on one of these questions.
    pub fn depends_on(&self, part: SetId, questions: SetId) -> bool {
        self.sets.meet(part, questions)
    }
}

impl Hearing {
    fn set(&self, number: usize) -> Option<SetId> {
        if number == 0 { Some(SetId::EMPTY) } else { self.sets.get(number - 1).copied() }
    }

    fn question(&self, number: usize) -> Option<usize> {
        if number == UNREPEATABLE { Some(UNREPEATABLE) } else { self.questions.get(number - 1).copied() }
    }
}

/// The members of a leaf.
fn members(block: usize, bits: u64) -> impl Iterator<Item = usize> {
    (0..64).filter(move |bit| bits >> bit & 1 == 1).map(move |bit| block.wrapping_mul(64).wrapping_add(bit))
}

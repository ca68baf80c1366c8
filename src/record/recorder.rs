//! The list of questions that grows during an evaluation.

use super::{Answer, Aspect, Question, Record};
use crate::io::Stamp;
use crate::store::path::StorePath;
use indexmap::IndexMap;
use indexmap::map::Entry;
use rustc_hash::FxBuildHasher;
use std::cell::{Cell, RefCell};
use std::io::ErrorKind::{NotADirectory, NotFound};
use std::io::Result;

/// Beyond this number of questions there is no record: asking them again would take too long.
const MOST_QUESTIONS: usize = 200_000;

/// Clocks of file systems may lag behind by this, in nanoseconds.
const LAG: i64 = 20_000_000;

/// Notes what an evaluation asks of the world.
#[derive(Debug, Default)]
pub struct Recorder {
    start: i64,
    answers: RefCell<IndexMap<Question, Answer, FxBuildHasher>>,
    needed: RefCell<Vec<StorePath>>,
    is_spoiled: Cell<bool>,
}

impl Recorder {
    /// A recorder for an evaluation that starts now, in nanoseconds since 1970.
    pub fn starting(now: i64) -> Self {
        Self { start: now, ..Self::default() }
    }

    /// True if a file may have changed since the evaluation started.
    pub(super) fn may_have_missed(&self, stamp: Stamp) -> bool {
        stamp.changed >= self.start - LAG
    }

    /// The evaluation learned something that cannot be asked again: there will be no record.
    pub fn spoil(&self) {
        self.is_spoiled.set(true);
    }

    /// The record of all questions, unless the recorder is spoiled.
    pub fn record(&self) -> Option<Record> {
        if self.is_spoiled.get() {
            return None;
        }
        let answers = self.answers.borrow();
        let answers = answers.iter().map(|(question, answer)| (question.clone(), answer.clone())).collect();
        Some(Record { answers, needed: self.needed.borrow().clone() })
    }

    /// True if there is an answer already that is no stamp.
    pub(super) fn knows_exactly(&self, aspect: Aspect, subject: &[u8]) -> bool {
        let answers = self.answers.borrow();
        matches!(answers.get(&Question { aspect, subject: subject.into() }), Some(Answer::Exact(_)))
    }

    pub(super) fn need(&self, entries: &[StorePath]) {
        self.needed.borrow_mut().extend_from_slice(entries);
    }

    /// Notes an answer. Failures other than that there is nothing may go away without a trace, so they spoil it.
    pub(super) fn note<T>(&self, aspect: Aspect, subject: &[u8], found: &Result<T>, answer: impl Fn(&T) -> Answer) {
        match found {
            Ok(found) => self.add(aspect, subject, answer(found)),
            Err(error) if matches!(error.kind(), NotFound | NotADirectory) => {
                self.add(aspect, subject, Answer::Absent);
            }
            Err(_) => self.spoil(),
        }
    }

    /// Notes that the evaluation relied on a file that has this stamp.
    pub(super) fn rely(&self, subject: &[u8], stamp: Stamp) {
        self.add(Aspect::Contents, subject, Answer::Stamped(stamp));
    }

    fn add(&self, aspect: Aspect, subject: &[u8], answer: Answer) {
        if self.is_spoiled.get() {
            return;
        }
        let mut answers = self.answers.borrow_mut();
        match answers.entry(Question { aspect, subject: subject.into() }) {
            // The world changed meanwhile.
            Entry::Occupied(known) if *known.get() != answer => self.spoil(),
            Entry::Occupied(_) => {}
            Entry::Vacant(place) => {
                place.insert(answer);
            }
        }
        if answers.len() > MOST_QUESTIONS {
            self.spoil();
        }
    }
}

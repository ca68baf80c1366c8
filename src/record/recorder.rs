//! The list of questions that grows during an evaluation.

use super::sets::{SetId, Sets};
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

/// The same where parts of an evaluation have records.
const MOST_OF_PARTS: usize = 1 << 22;

/// The member of a set of questions that stands for something that cannot be asked again. Question `n` has number `n + 1`.
pub(super) const UNREPEATABLE: usize = 0;

/// Notes what an evaluation asks of the world.
#[derive(Debug, Default)]
pub struct Recorder {
    start: i64,
    pub(super) answers: RefCell<IndexMap<Question, Answer, FxBuildHasher>>,
    needed: RefCell<Vec<StorePath>>,
    is_spoiled: Cell<bool>,
    parts: Option<Box<Parts>>,
}

/// The questions that parts of an evaluation depend on.
#[derive(Debug, Default)]
struct Parts {
    sets: RefCell<Sets>,
    /// The questions of the part that is being evaluated, so far.
    current: Cell<SetId>,
    /// The questions of fetches. Their results are kept, and who uses one later asks nothing: all parts depend on them.
    of_all: Cell<SetId>,
    /// The messages that were shown, as members of sets, and their number.
    messages: Cell<(SetId, usize)>,
}

impl Recorder {
    /// A recorder for an evaluation that starts now, in nanoseconds since 1970.
    pub fn starting(now: i64) -> Self {
        Self { start: now, ..Self::default() }
    }

    /// The same for an evaluation whose parts have records of their own; see [`Recorder::begin_part`].
    pub fn of_parts(now: i64) -> Self {
        Self { parts: Some(Box::default()), ..Self::starting(now) }
    }

    /// Begins a part of the evaluation, and returns what the part around it depends on so far.
    #[inline]
    pub fn begin_part(&self) -> SetId {
        self.parts.as_ref().map_or(SetId::EMPTY, |parts| parts.current.replace(SetId::EMPTY))
    }

    /// Ends a part, and returns the questions on which it depends. The part around it depends on them too.
    #[inline]
    pub fn end_part(&self, around: SetId) -> SetId {
        let Some(parts) = &self.parts else { return SetId::EMPTY };
        let inner = parts.current.replace(around);
        self.depend_on(inner);
        inner
    }

    /// Adds questions to the part that is being evaluated.
    #[inline]
    pub fn depend_on(&self, questions: SetId) {
        let Some(parts) = &self.parts else { return };
        let current = parts.current.get();
        if questions != SetId::EMPTY && questions != current {
            parts.current.set(parts.sets.borrow_mut().union(current, questions));
        }
    }

    /// The questions on which a part depends, and those on which all do.
    pub(super) fn with_those_of_all(&self, part: SetId) -> SetId {
        let Some(parts) = &self.parts else { return part };
        parts.sets.borrow_mut().union(part, parts.of_all.get())
    }

    /// All sets of questions.
    pub(super) fn sets(&self) -> Option<std::cell::Ref<'_, Sets>> {
        self.parts.as_ref().map(|parts| parts.sets.borrow())
    }

    /// All parts depend on what `note` notes.
    pub(super) fn note_for_all(&self, note: impl FnOnce()) {
        let around = self.begin_part();
        note();
        let noted = self.end_part(around);
        if let Some(parts) = &self.parts {
            let all = parts.sets.borrow_mut().union(parts.of_all.get(), noted);
            parts.of_all.set(all);
        }
    }

    /// Notes that a message is shown, for what is evaluated now. A later use of the result shows nothing.
    pub(crate) fn note_message(&self) {
        let Some(parts) = &self.parts else { return };
        let (messages, count) = parts.messages.get();
        let around = self.begin_part();
        self.add(Aspect::Message, count.to_string().as_bytes(), Answer::Absent);
        let message = self.end_part(around);
        parts.messages.set((parts.sets.borrow_mut().union(messages, message), count + 1));
    }

    /// The number of messages that were shown.
    pub fn messages(&self) -> usize {
        self.parts.as_ref().map_or(0, |parts| parts.messages.get().1)
    }

    /// True if a part depends on something that showed a message, unless that belongs to these questions too.
    ///
    /// Which part shows a message that belongs to several depends on which comes first, so an answer for one of them
    /// can't be given without the others.
    pub fn shares_messages(&self, part: SetId, but_for: SetId) -> bool {
        let part = self.with_those_of_all(part);
        self.parts.as_ref().is_some_and(|parts| parts.sets.borrow().meet_outside(part, parts.messages.get().0, but_for))
    }

    fn depend_on_one(&self, number: usize) {
        if let Some(parts) = &self.parts {
            let single = parts.sets.borrow_mut().single(number);
            self.depend_on(single);
        }
    }

    /// True if a file may have changed since the evaluation started.
    pub(super) fn may_have_missed(&self, stamp: Stamp) -> bool {
        stamp.changed >= self.start - LAG
    }

    /// The evaluation learned something that cannot be asked again: there will be no record, or none of this part.
    pub fn spoil(&self) {
        match self.parts {
            Some(_) => self.depend_on_one(UNREPEATABLE),
            None => self.is_spoiled.set(true),
        }
    }

    pub(super) fn is_spoiled(&self) -> bool {
        self.is_spoiled.get()
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

    /// True if there is an answer already that is not a stamp.
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
        let most = if self.parts.is_some() { MOST_OF_PARTS } else { MOST_QUESTIONS };
        let entry = answers.entry(Question { aspect, subject: subject.into() });
        self.depend_on_one(entry.index() + 1);
        match entry {
            // The world changed meanwhile.
            Entry::Occupied(known) if *known.get() != answer => self.is_spoiled.set(true),
            Entry::Occupied(_) => {}
            Entry::Vacant(place) => {
                place.insert(answer);
            }
        }
        if answers.len() > most {
            self.is_spoiled.set(true);
        }
    }
}

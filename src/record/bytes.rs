//! Records as bytes: numbers are little-endian, texts follow their length.

use super::{Answer, Aspect, Question, Record};
use crate::io::Stamp;
use crate::store::path::StorePath;

const ASPECTS: [Aspect; 9] = [
    Aspect::Contents,
    Aspect::Names,
    Aspect::Kind,
    Aspect::Target,
    Aspect::Modified,
    Aspect::Variable,
    Aspect::Location,
    Aspect::State,
    Aspect::Before,
];

impl Record {
    /// The record as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        put_number(&mut bytes, self.answers.len());
        self.answers.iter().for_each(|(question, answer)| put_answered(&mut bytes, question, answer));
        put_number(&mut bytes, self.needed.len());
        self.needed.iter().for_each(|entry| put(&mut bytes, entry));
        bytes
    }

    /// The record that these bytes are, if they are one.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut bytes = bytes;
        let answers = (0..number(&mut bytes)?).map(|_| answered(&mut bytes)).collect::<Option<_>>()?;
        let needed = (0..number(&mut bytes)?).map(|_| text(&mut bytes).map(StorePath::from)).collect::<Option<_>>()?;
        bytes.is_empty().then_some(Self { answers, needed })
    }
}

/// Adds a question and its answer.
pub(super) fn put_answered(bytes: &mut Vec<u8>, question: &Question, answer: &Answer) {
    let aspect = ASPECTS.iter().position(|aspect| *aspect == question.aspect).unwrap_or_default();
    bytes.push(aspect as u8);
    put(bytes, &question.subject);
    match answer {
        Answer::Absent => bytes.push(0),
        Answer::Stamped(stamp) => {
            bytes.push(1);
            bytes.extend_from_slice(&stamp.to_bytes());
        }
        Answer::Exact(text) => {
            bytes.push(2);
            put(bytes, text);
        }
    }
}

/// Takes a question and its answer.
pub(super) fn answered(bytes: &mut &[u8]) -> Option<(Question, Answer)> {
    let aspect = *ASPECTS.get(usize::from(byte(bytes)?))?;
    let subject = text(bytes)?.into();
    let answer = match byte(bytes)? {
        0 => Answer::Absent,
        1 => Answer::Stamped(Stamp::from_bytes(take(bytes, 40)?.try_into().ok()?)),
        2 => Answer::Exact(text(bytes)?.into()),
        _ => return None,
    };
    Some((Question { aspect, subject }, answer))
}

pub(super) fn put_number(bytes: &mut Vec<u8>, number: usize) {
    bytes.extend_from_slice(&(number as u64).to_le_bytes());
}

fn put(bytes: &mut Vec<u8>, text: &[u8]) {
    put_number(bytes, text.len());
    bytes.extend_from_slice(text);
}

fn take<'b>(bytes: &mut &'b [u8], length: usize) -> Option<&'b [u8]> {
    let (taken, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(taken)
}

fn byte(bytes: &mut &[u8]) -> Option<u8> {
    take(bytes, 1).map(|taken| taken[0])
}

pub(super) fn number(bytes: &mut &[u8]) -> Option<usize> {
    let number = u64::from_le_bytes(take(bytes, 8)?.try_into().ok()?);
    usize::try_from(number).ok()
}

fn text<'b>(bytes: &mut &'b [u8]) -> Option<&'b [u8]> {
    let length = number(bytes)?;
    take(bytes, length)
}

//! Answers for parts of an evaluation, kept for the next run, each with a record of what it depended on. One whose record
//! still holds is given again.

use crate::command_line::args::Arguments;
use crate::config::settings::Configuration;
use crate::tasks::kept_files::KeptFile;
use crate::tasks::kept_runs::{identity, keeps_results};
use nivis::io::SystemIo;
use nivis::record::{Adoption, Hearing, PartRecords, Recorder, SetId, Telling};
use nivis::store::backend::Store;
use std::collections::HashMap;

/// Answers by what was asked, with what they depend on.
#[derive(Default)]
struct Answers {
    records: PartRecords,
    of: HashMap<Vec<u8>, (Vec<u8>, SetId)>,
}

/// The answers of the last run, and those of this one.
pub(crate) struct KeptParts {
    file: Option<KeptFile>,
    earlier: Answers,
    /// The questions that have other answers since the last run.
    changed: SetId,
    adoption: Adoption,
    now: Answers,
    /// The number of answers that were given again, and of others.
    again: usize,
    evaluated: usize,
}

impl KeptParts {
    /// The answers of the last run of the same command.
    pub(crate) fn of(kind: &str, arguments: &Arguments, configuration: &Configuration, store: &dyn Store) -> Self {
        let words: Vec<_> = std::env::args_os().skip(1).collect();
        let identity = identity(arguments, configuration, store, &words).filter(|_| keeps_results(arguments));
        let file = identity.and_then(|text| KeptFile::of(&[kind.as_bytes(), b" ", &text].concat()));
        let bytes = file.as_ref().and_then(KeptFile::get);
        let mut earlier = bytes.and_then(|bytes| Answers::from_bytes(&bytes)).unwrap_or_default();
        let changed = earlier.records.changed(&SystemIo, store);
        let (adoption, now) = (Adoption::default(), Answers::default());
        Self { file, earlier, changed, adoption, now, again: 0, evaluated: 0 }
    }

    /// All answers of the last run.
    pub(crate) fn all_earlier(&self) -> impl Iterator<Item = &[u8]> {
        self.earlier.of.values().map(|(answer, _)| &answer[..])
    }

    /// The answer of the last run, if it would be the same now.
    pub(crate) fn earlier(&self, asked: &[u8]) -> Option<&[u8]> {
        let (answer, part) = self.earlier.of.get(asked)?;
        (!self.earlier.records.depends_on(*part, self.changed)).then_some(answer)
    }

    /// Keeps the answer of the last run, which is given again.
    pub(crate) fn repeat(&mut self, asked: &[u8]) {
        if let Some((answer, part)) = self.earlier.of.get(asked) {
            let part = self.now.records.adopt(&mut self.adoption, &self.earlier.records, *part);
            self.now.of.insert(asked.to_vec(), (answer.clone(), part));
            self.again += 1;
        }
    }

    /// The part that was told; `None` if its answer can't be kept.
    pub(crate) fn hear(&mut self, hearing: &mut Hearing, told: &[u8]) -> Option<SetId> {
        self.now.records.hear(hearing, told)
    }

    /// Keeps a new answer with the part that was heard, if there is one.
    pub(crate) fn put(&mut self, asked: Vec<u8>, answer: Vec<u8>, part: Option<SetId>) {
        self.evaluated += 1;
        if let Some(part) = part {
            self.now.of.insert(asked, (answer, part));
        }
    }

    /// Keeps all answers for the next run, and returns what to say about them.
    pub(crate) fn keep(&self, parts: &str) -> String {
        if let Some(file) = &self.file {
            file.put(&self.now.to_bytes());
        }
        let (evaluated, all) = (self.evaluated, self.evaluated + self.again);
        format!("{evaluated} of {all} {parts} evaluated, the others as in the last run")
    }
}

/// The questions that a part depends on, if new. Nothing if its answer can't be given again: the world changed
/// meanwhile, or messages were shown since there were `before`, or would have been without the parts before it. Messages on
/// the way to it belong to the part that comes that way first.
pub(crate) fn told(
    recorder: &Recorder,
    telling: &mut Telling,
    part: SetId,
    on_the_way: SetId,
    before: usize,
) -> Vec<u8> {
    if recorder.messages() != before || recorder.shares_messages(part, on_the_way) {
        return Vec::new();
    }
    recorder.tell(telling, part).unwrap_or_default()
}

impl Answers {
    fn to_bytes(&self) -> Vec<u8> {
        let mut telling = Telling::default();
        let mut bytes = Vec::new();
        for (asked, (answer, part)) in &self.of {
            for field in [&asked[..], answer, &self.records.tell(&mut telling, *part)] {
                bytes.extend_from_slice(&(field.len() as u64).to_le_bytes());
                bytes.extend_from_slice(field);
            }
        }
        bytes
    }

    fn from_bytes(mut bytes: &[u8]) -> Option<Self> {
        let (mut answers, mut hearing) = (Self::default(), Hearing::default());
        while !bytes.is_empty() {
            let (asked, answer) = (field(&mut bytes)?.to_vec(), field(&mut bytes)?.to_vec());
            let part = answers.records.hear(&mut hearing, field(&mut bytes)?)?;
            answers.of.insert(asked, (answer, part));
        }
        Some(answers)
    }
}

/// Takes a text with its length in front.
fn field<'b>(bytes: &mut &'b [u8]) -> Option<&'b [u8]> {
    let (length, rest) = bytes.split_first_chunk()?;
    let (field, rest) = rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
    *bytes = rest;
    Some(field)
}
